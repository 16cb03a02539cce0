"""Scripts of services for counting and advertising: their own work aside, none may bring what a page says.

Such a script is another one for every version and visitor. What is looked for is a text that one of the two alone has
and that it writes into the page, or that speaks of what the page is about.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from archive.corroborate.compare.script_statements import literals_of
from archive.corroborate.explain.context import PageContext
from archive.corroborate.pages.evidence import RequisiteEvidence, SourceEvidence
from archive.corroborate.pages.slots import LAYOUT
from archive.corroborate.texts.folding import long_words
from archive.corroborate.texts.machine import is_made
from archive.corroborate.texts.places import is_service_address, place_of_program
from archive.corroborate.texts.tokens import masked
from archive_manifests.corroboration import Difference

_SHOWN = 300
_LONGEST = 2 << 20
_INTO_PAGE = re.compile(
    r"(?:innerHTML|outerHTML|innerText|outerText|textContent|nodeValue|data|title)\s*\+?=[^=;\n]{0,60}\Z"
    r"|(?:insertAdjacent(?:HTML|Text)|document\.write(?:ln)?|createTextNode|replaceWith|\.(?:append|prepend|html|text|before|after))\([^;\n]{0,60}\Z"
)
"""What stands before a text that a script writes into a page."""
_WORD = re.compile(r"[^\W\d_]{3,}")
_PROGRAM = re.compile(r"[<>{}=]|[a-z]\.[a-z]|\w_\w|[a-z][A-Z]|\Ahttps?:")
"""Signs of text that a program reads and no person."""
_ABOUT = 2


def compare_services(sources: tuple[SourceEvidence, SourceEvidence], context: PageContext) -> Iterator[Difference]:
    """Scripts of services that differ, or that one of the two alone has."""
    sides = [_services(one.requisites) for one in sources]
    for place in sorted(sides[0].keys() | sides[1].keys()):
        first, second = (side.get(place, {}) for side in sides)
        digests = [{one.sha256 for one in side.values()} for side in (first, second)]
        if digests[0] == digests[1]:
            continue
        texts = [{url: _text(one) for url, one in side.items()} for side in (first, second)]
        shown = tuple(masked(next(iter(sorted(side)), ""))[:_SHOWN] for side in (first, second))
        said = [{text for each in side.values() if each for text in literals_of(each)} for side in texts]
        alone = [
            [text for text in sorted(there - said[1 - at]) if _speaks(text, texts[at], context)]
            for at, there in enumerate(said)
        ]
        if any(alone):
            yield Difference("script", True, "; ".join(alone[0])[:_SHOWN], "; ".join(alone[1])[:_SHOWN])
        else:
            yield Difference(LAYOUT if all(digests) else "missing", False, shown[0], shown[1])


def _services(requisites: Mapping[str, RequisiteEvidence]) -> dict[str, dict[str, RequisiteEvidence]]:
    found: dict[str, dict[str, RequisiteEvidence]] = {}
    for url, one in requisites.items():
        if one.kind == "script" and one.sha256 is not None and is_service_address(url):
            found.setdefault(place_of_program(url), {})[url] = one
    return found


def _text(one: RequisiteEvidence) -> str:
    content = one.load() if one.load is not None else None
    return content[:_LONGEST].decode("utf-8", "replace") if content is not None else ""


def _speaks(text: str, scripts: Mapping[str, str], context: PageContext) -> bool:
    """True for a text that a person may read, and that is written into the page or is about it."""
    bare = re.sub(r"<[^<>]*>", " ", text).strip()
    if len(_WORD.findall(bare)) < 1 or is_made(bare) or _PROGRAM.search(bare) or len(bare) < 4:
        return False
    about = long_words(bare) & context.vocabulary
    if len(about) >= _ABOUT:
        return True
    return (" " in bare or not bare.isascii()) and any(_is_written(text, script) for script in scripts.values())


def _is_written(text: str, script: str) -> bool:
    at = script.find(text)
    return at > 0 and _INTO_PAGE.search(script[max(0, at - 120) : at - 1]) is not None
