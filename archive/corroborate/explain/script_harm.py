"""What a statement that one page alone has may do to what a reader sees, though it names nothing of the main text.

A statement that both pages have is the site's own. One that a single page has is its program's business only if it
takes nothing of the document but what it selects and measures, hands no function of it on, makes no script, style or
font, leaves what others rely on as it is, and shows its reader nothing. (`script_reach` knows what names the text.)
"""

from __future__ import annotations

import re
from functools import lru_cache

from archive.corroborate.explain.script_reach import Names
from archive.corroborate.texts.places import is_service_address
from archive.corroborate.texts.script_tokens import plain

_MEMBER = re.compile(
    r"\bdocument\s*\??\.\s*(?!(?:cookie|referrer|readyState|(?:add|remove)EventListener|currentScript|hidden|visibilityState|domain"
    r"|URL|createE\w+|getElement\w+|querySelector\w*|head|body|documentElement|location|documentMode|compatMode|charset"
    r"|characterSet|hasFocus|lastModified|defaultView|onreadystatechange)\b)\w"
)
"""A member of the document that a program needs for nothing but what it shows."""
_HANDED_ON = re.compile(
    r"(?<=[.\w])\b(?:querySelector(?:All)?|getElementsBy\w+|getElementById|elementFromPoint)\b(?!\s*(?:\?\.)?\()"
    r"|\bdocument\s*[\[}]|\}\s*=\s*document\b|\bwindow\.stop\(|(?<![\w$.])stop\(\)"
)
"""A function that selects, as a value; the document by members that are not named."""
_OF_BROWSER = (
    r"(?:Object|Array|String|Number|Date|Promise|Function|RegExp|Map|Set|Intl|Response|XMLHttpRequest|HTML\w*|SVG\w*|Element"
    r"|Node|NodeList|Document|Event|EventTarget|Window|Location|Storage|CSS\w*)"
)
"""What a browser makes objects of."""
_REPLACES = re.compile(
    rf"\b{_OF_BROWSER}\.prototype\.\w+\s*=(?!=)"
    r"|\b(?:JSON|Object|Array|String|Number|Date|Promise|Intl|Math|Response)\.\w+\s*=(?!=)"
    r"|\bwindow\.(?:fetch|open|alert|print|Promise|XMLHttpRequest)\s*=(?!=)|\btrustedTypes\b|\bcustomElements\.define\b"
)
"""What every program of the page relies on."""
_SHOWS = re.compile(
    r"(?<![\w$.])(?:window\.)?(?:alert|confirm|prompt)\(|\bnew\s+(?:FontFace|Audio|SpeechSynthesisUtterance|Worker|SharedWorker|WebSocket|EventSource)\b"
    r"|\bpaintWorklet\b|\bserviceWorker\.register\b|\bdispatchEvent\(|\bcomposedPath\(|\.(?:toggleAttribute|animate|attributeStyleMap|setAttributeNS)\b"
    r"|(?<![\w$.])import\s*\"|\.(?:target|currentTarget|srcElement|offsetParent)\.(?:style|className|classList|hidden)\b"
)
"""What shows or hides something without a selector, or runs what is elsewhere."""
_SETS = re.compile(
    r"(?:querySelector|getElement(?:ById|sBy\w+))\([^()]*\)(?:\[\d+\])?\s*\??\.(?!(?:className|dataset|style\.(?:display|visibility|opacity))\b)"
    r"\w+(?:\.\w+)*\s*=(?!=)"
    r"|\.style\.(?!(?:display|visibility|opacity|cursor|color)\b)\w+\s*=(?!=)|\.style\.setProperty\(|\.style\["
    r"|\]\[[A-Za-z_$][\w$]*\]\s*\.\s*(?:style|className|hidden|remove)\b"
)
"""How a statement gives an element that it did not make another form, place or source."""
_TAKES_WHOLE = re.compile(
    r"\{[^{}]{0,200}(?:\b(?:body|documentElement|scrollingElement)\b|\[)[^{}]{0,200}\}\s*\)?\s*(?:=>|=(?!=))"
    r"|\b(?:HTML\w*|Element|Node|Document|EventTarget)\.prototype\.\w+\.(?:call|apply|bind)\b|\bconstructor\s*(?:\.\s*constructor|\[)|\.constructor\("
)
"""How a statement takes the page as a whole, or any function, out of something else."""
_MAKES = re.compile(r"createElement(?:NS)?\(\s*\"(?:script|link|style)\"|\bcloneNode\(")
_HARMFUL = (_MEMBER, _HANDED_ON, _REPLACES, _SHOWS, _SETS, _TAKES_WHOLE)
_NAME = re.compile(r"(?:(?<![\w$.\"])|(?<=\bwindow\.)|(?<=\bself\.))([A-Za-z_$][\w$]*)\s*(?=\.\w|\)|,)")
_TEXT = re.compile(r"\"([^\"]*)\"")
_LEADS = re.compile(r"(?:https?:)?//[\w.-]+\.\w")


def may_harm(statement: str, names: Names, script: str) -> bool:
    """True for a statement of one page alone that may alter what the page shows; `names` are those of its main text."""
    said = plain(statement)
    if any(pattern.search(said) for pattern in _HARMFUL):
        return True
    if _MAKES.search(said) and not _loads_service(script):
        return True
    return any(f"#{name}" in names and not _is_declared(name, script) for name in _NAME.findall(said))


@lru_cache(maxsize=64)
def _loads_service(script: str) -> bool:
    """True for a script of which all addresses are those of services that count, advertise or ask for consent."""
    addresses = [text for text in _TEXT.findall(plain(script)) if _LEADS.match(text)]
    return bool(addresses) and all(map(is_service_address, addresses))


def _is_declared(name: str, script: str) -> bool:
    """True for a name that the script itself gives to something."""
    said = re.escape(name)
    declared = (
        rf"\b(?:var|let|const|function|class)\s+{said}\b|\b(?:var|let|const)\b[^;]{{0,300}},\s*{said}\s*="
        rf"|\bfunction\b[^(]{{0,60}}\([^()]*\b{said}\b|\b{said}\b[^()]{{0,100}}\)\s*(?:=>|\{{)|\b{said}\s*=>"
    )
    return re.search(declared, script) is not None
