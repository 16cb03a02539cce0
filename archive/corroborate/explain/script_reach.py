"""What a statement of a script can reach: the text of the page, the whole page, or where its reader is led.

A script is code, and that it is another one says nothing about the page. What counts is a statement that writes or
replaces text, that takes hold of elements of the main text, or of the page as a whole, one that removes or moves an
element that it did not name, and one that hides what it does. Classes, sizes and attributes of any other element are
the script's own business.
"""

from __future__ import annotations

import re
from functools import lru_cache

from archive.corroborate.pages.selectors import is_met
from archive.corroborate.texts.script_tokens import plain

_WRITES = re.compile(
    r"\b(?:innerHTML|outerHTML|innerText|outerText|textContent|nodeValue|insertAdjacent\w*|replaceWith|replaceChild\w*|"
    r"createTextNode|createContextualFragment|createTreeWalker|createNodeIterator|insertRule|addRule|adoptedStyleSheets|styleSheets|"
    r"attachShadow|setHTML\w*|srcdoc|cssText|execCommand|designMode|contentEditable|fromCharCode|atob|eval|Function|unescape|"
    r"decodeURI\w*|import\(|importScripts|Reflect\.|globalThis|location|history\.|window\.open|navigate\(|Object\.assign|CSS\.highlights)"
    r"|\.(?:html|text|before|after|prepend|append|click|submit|requestSubmit)\(|\.(?:data|title|alt|value|srcset|hidden)\s*=[^=]"
    r"|(?:\.src\s*=\s*|setAttribute\(\"src\",\s*)\"[^\"]*\.(?:jpe?g|png|gif|webp|avif|svg|mp4|webm)|(?:document|window|self|top)\s*\["
    r"|(?:(?<![\w.$])|document\.)open\(|setAttribute\(\"(?:style|hidden|href|srcdoc|srcset|title|alt|value|content|open)\""
)
"""How a statement writes text, makes or exchanges pictures, leads elsewhere, or hides what it does."""
_WHOLE = re.compile(
    r"\.(?:body|documentElement)\b(?!\.(?:client|offset|scroll)\w+|\.addEventListener)"
    r"|\bdocument\.(?:write\w*|title|images|all\b|links|forms|anchors|embeds|scripts\[|children|firstChild)"
)
"""How a statement takes hold of the page as a whole."""
_TAKES = re.compile(
    r"(?<!classList)(?<!§)\.(?:remove|removeChild|insertBefore|moveBefore|splitText)\("
    r"|\.(?:(?:next|previous)(?:Element)?Sibling|(?:first|last)(?:Element)?Child|childNodes|children\[|parentNode|parentElement)(?!\w)"
    r"|\b(?:elementsFromPoint|elementFromPoint|activeElement|getSelection|createRange|caret\w+FromPoint)\b"
)
"""How a statement removes or moves an element, or comes from one to another."""
_OWN = re.compile(
    r"\b(?P<beside>\w+)\.parentNode\.insertBefore\(\w+, ?(?P=beside)\)|\bdocument\.currentScript\.remove\(\)"
)
"""What loaders do with the script that they make, and a script with itself."""
_MAKES = re.compile(r"createElement(?:NS)?\(\s*\"(?!script|link|a\b|style\")")
_SELECTS = re.compile(
    r"(?:\bdocument\.)?\b(?P<by>querySelector(?:All)?|getElementsBy(?:TagName|ClassName|Name)(?:NS)?|closest|matches|\w*[bB]yId)"
    r"\s*\(\s*(?P<what>\"[^\"]{1,300}\"|[\w$.]+|)\s*(?P<end>[),]|)(?:\[\d+\])?"
    r"|(?<![\w$.])(?P<jquery>\$|jQuery)\(\s*(?!function\b|\(|this\b|window\b|document\b)(?P<which>\"[^\"]{1,300}\"|[\w$.]+|)\s*(?P<close>[),]|)"
)
_COMPUTED = re.compile(r"(?<=[\w$)\]])\[([^\[\]]*)\](?=\s*(?:[.(\[]|=[^=]))")
_PLAIN_KEY = re.compile(r"\s*(?:\"[^\"]*\"|[\w$.]*(?:\s*[-+]\s*\d+|\+\+|--)?)\s*")
"""A number, a text, a name, a number beside a name: whatever is put together is none."""
_STYLED = re.compile(r"(?<![\w$.])([A-Za-z_$][\w$]*)\.(?:style|className|classList|inert)\b")
_UNSEEN = frozenset(("script", "head", "link", "style", "meta", "iframe", "noscript", "ins"))
_TAG = re.compile(r"\s*(?P<tag>[a-z][\w-]*|)(?=[.#:\[\s>]|\Z)", re.IGNORECASE)
_TAGS = frozenset((
    "a", "abbr", "article", "aside", "b", "blockquote", "body", "cite", "code", "dd", "del", "details", "div", "dl",
    "dt", "em", "figcaption", "figure", "footer", "h1", "h2", "h3", "h4", "h5", "h6", "header", "html", "i", "img",
    "li", "main", "mark", "nav", "ol", "p", "picture", "pre", "q", "s", "section", "small", "span", "strong", "sub",
    "summary", "sup", "svg", "table", "tbody", "td", "th", "thead", "time", "title", "tr", "u", "ul", "video",
))  # fmt: skip
Names = frozenset[str]


def reaches(statement: str, names: Names, script: str = "") -> bool:
    """True for a statement that can alter what the page says.

    `names` are those of the elements of the page's main text; a variable may say any text of the `script`.
    """
    said = _OWN.sub("", plain(statement))
    if _WRITES.search(said) or _WHOLE.search(said) or _MAKES.search(said):
        return True
    if any(_PLAIN_KEY.fullmatch(key) is None for key in _COMPUTED.findall(said)):
        return True
    if any(f"#{name}" in names for name in _STYLED.findall(said)):
        return True
    if any(_selects(match, names, script) for match in _SELECTS.finditer(said)):
        return True
    return _TAKES.search(_SELECTS.sub("§", said)) is not None


def _selects(match: re.Match[str], names: Names, script: str) -> bool:
    """True for a selector of an element of the main text, of every element of a kind, or one that is not known."""
    by, what = match["by"] or match["jquery"], match["what"] or match["which"]
    if not what or not (match["end"] or match["close"]):
        return True
    if what[0] == '"':
        return _is_selected(by, what[1:-1], names)
    known = [text for text in texts_of(script) if text in _UNSEEN or _may_select(text)]
    return not known or any(_is_selected(by, text, names) for text in known)


def _is_selected(by: str, what: str, names: Names) -> bool:
    sign = "#" if by.endswith("yId") else "." if "ClassName" in by else ""
    if sign:
        return not names or all(f"{sign}{part}" in names for part in what.split())
    return what.lower() not in _UNSEEN and is_met(what, names)


def _may_select(text: str) -> bool:
    """True for a text that may be a selector: what it begins with is an element, a class or an id."""
    return all((found := _TAG.match(part)) is not None and _is_tag(found["tag"], part) for part in text.split(","))


def _is_tag(tag: str, part: str) -> bool:
    return tag.lower() in _TAGS or (not tag and part.strip()[:1] in (".", "#", "[", "*", ":"))


@lru_cache(maxsize=16)
def texts_of(script: str) -> frozenset[str]:
    """All texts of a script, those put together that stand side by side."""
    return frozenset(_TEXT.findall(plain(script)))


def said_together(statement: str) -> str:
    """The texts that a statement puts together, as a reader sees them; empty where it puts none together."""
    said = plain(statement)
    return " ".join(_TEXT.findall(said)) if ".join(" in said or "+" in statement else ""


_TEXT = re.compile(r"\"([^\"]*)\"")
