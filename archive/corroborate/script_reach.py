"""What a statement of a script can reach: the text of the page, the whole page, or where its reader is led.

A script is code, and that it is another one says nothing about the page. What counts is a statement that writes or
replaces text, that takes hold of elements of the main text, or of the page as a whole, and one that hides what it does.
Classes, sizes and attributes of any other element are the script's own business.
"""

from __future__ import annotations

import re

from archive.corroborate.selectors import is_met

_WRITES = re.compile(
    r"\b(?:innerHTML|outerHTML|innerText|outerText|textContent|nodeValue|insertAdjacent\w*|replaceWith|replaceChild\w*|"
    r"createTextNode|createContextualFragment|createTreeWalker|createNodeIterator|insertRule|adoptedStyleSheets|attachShadow|"
    r"srcdoc|cssText|execCommand|designMode|contentEditable|fromCharCode|atob|eval|Function|unescape|decodeURI\w*|import\(|"
    r"importScripts|Reflect\.|globalThis|location|history\.|window\.open|navigate\(|Object\.assign)"
    r"|\.(?:html|text|before|after|prepend|append)\(|\.(?:data|title|alt|value|srcset|hidden)\s*=[^=]"
    r"|\.src\s*=\s*[\"'`][^\"'`]*\.(?:jpe?g|png|gif|webp|avif|svg|mp4|webm)|(?:document|window|self|top)\s*\["
)
"""How a statement writes text, makes or exchanges pictures, leads elsewhere, or hides what it does."""
_WHOLE = re.compile(
    r"\bdocument\.(?:body\b(?!\.(?:classList|dataset|clientWidth|clientHeight|offsetWidth|scroll\w*|addEventListener))"
    r"|write\w*|title|images|all\b|links|forms|anchors|embeds|scripts\[|children|firstChild|documentElement\.(?:style|innerHTML))"
)
"""How a statement takes hold of the page as a whole."""
_MAKES = re.compile(r"createElement(?:NS)?\(\s*[\"'`](?!script|link|a\b|style[\"'`])")
_SELECTS = re.compile(
    r"(?P<by>querySelector(?:All)?|getElementById|getElementsBy(?:TagName|ClassName|Name)(?:NS)?|closest|matches|\$|jQuery)"
    r"\s*\(\s*(?P<sign>[\"'`])(?P<what>[^\"'`]{1,300})(?P=sign)"
)
Names = frozenset[str]


def reaches(statement: str, names: Names) -> bool:
    """True for a statement that can alter what the page says; `names` are those of the elements of its main text."""
    if _WRITES.search(statement) or _WHOLE.search(statement) or _MAKES.search(statement):
        return True
    return any(_selects(match["by"], match["what"], names) for match in _SELECTS.finditer(statement))


def _selects(by: str, what: str, names: Names) -> bool:
    """True for a selector of an element of the main text, or of every element of a kind."""
    sign = {"getElementById": "#", "getElementsByClassName": "."}.get(by)
    if sign is not None:
        return not names or all(f"{sign}{part}" in names for part in what.split())
    return is_met(what, names)
