"""Another build of the site's own script: the same file by its folder and name, with another digest in the name.

A build numbers its modules, renames its variables and names its parts anew. What may not differ is a text that a person
reads, a word of what the page is about, and a statement that reaches into what the page shows or leads elsewhere.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping

from archive.corroborate.compare.renamed_scripts import SHORT_NAME
from archive.corroborate.compare.script_statements import ScriptStatement, statements_of
from archive.corroborate.compare.scripts import says
from archive.corroborate.explain.context import PageContext
from archive.corroborate.explain.script_reach import Names
from archive.corroborate.pages.slots import LAYOUT
from archive.corroborate.texts.folding import long_words
from archive.corroborate.texts.machine import decodes_to_words, is_made
from archive.corroborate.texts.places import is_of_build, place_of_program, site_of_address
from archive.corroborate.texts.tokens import masked
from archive_manifests.corroboration import Difference

_SHOWN = 300
_VALUE = re.compile(r"v?\d+(?:\.\d+)+(?:[-+][\w.]+)?|[\w./-]*[._-][0-9A-Za-z]{5,20}(?:\.\w{2,4})*")
"""A version, or a name that ends with the digest of a build."""
_ABOUT = 2
Scripts = tuple[Mapping[str, str], Mapping[str, str]]


def compare_builds(scripts: Scripts, context: PageContext) -> tuple[Scripts, list[Difference]]:
    """The scripts that are no builds of one script, by their addresses, and what such builds differ in."""
    sides = dict(scripts[0]), dict(scripts[1])
    found: list[Difference] = []
    for first, second in _pairs(*scripts, context.site):
        before, after = sides[0].pop(first), sides[1].pop(second)
        if before != after:
            found += _of_build(before, after, context) or [Difference(LAYOUT, False, first[:_SHOWN], second[:_SHOWN])]
    return sides, found


def _pairs(one: Mapping[str, str], other: Mapping[str, str], site: str) -> Iterator[tuple[str, str]]:
    """Scripts of the site that each page has alone, and that are one file but for the digest in its name."""
    alone = [
        [url for url in side if url not in there and site_of_address(url) == site and is_of_build(url)]
        for side, there in ((one, other), (other, one))
    ]
    places = [Counter(map(place_of_program, urls)) for urls in alone]
    for first in alone[0]:
        place = place_of_program(first)
        if places[0][place] == places[1][place] == 1:
            yield first, next(url for url in alone[1] if place_of_program(url) == place)


def _of_build(one: str, other: str, context: PageContext) -> list[Difference]:
    """What one of two builds says or does that the other does not."""
    sides = [list(statements_of(script)) for script in (one, other)]
    texts = [Counter(value for each in side for _, value in each.values) for side in sides]
    found = []
    for at, alone in enumerate((texts[0] - texts[1], texts[1] - texts[0])):
        found += [_shown(text, at) for text in sorted(alone) if _speaks(text, context)]
    names = context.names_of_main
    shapes = [Counter(_shape(each, names) for each in side) for side in sides]
    for at, side in enumerate(sides):
        left = shapes[at] - shapes[1 - at]
        for each in side:
            if left[_shape(each, names)] > 0 and each.reaches(names):
                left[_shape(each, names)] -= 1
                found.append(_shown(each.text, at))
    return found


def _shape(statement: ScriptStatement, names: Names) -> str:
    """A statement without what a build names; with its values, if it reaches into what the page shows."""
    shape = SHORT_NAME.sub("_", statement.shape)
    if not statement.reaches(names):
        return shape
    return f"{shape}\0{[value for _, value in statement.values if not _VALUE.fullmatch(value) and not is_made(value)]}"


def _speaks(text: str, context: PageContext) -> bool:
    """True for a text that a person may read, or that speaks of what the page is about."""
    if says(text) or decodes_to_words(text):
        return True
    about = long_words(text) & context.vocabulary
    return len(about) >= (1 if " " in text.strip() or not text.isascii() else _ABOUT)


def _shown(text: str, at: int) -> Difference:
    shown = masked(text)[:_SHOWN]
    return Difference("script", True, shown if at == 0 else "", shown if at == 1 else "")
