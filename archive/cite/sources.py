"""Links at their places -> sources with their citations."""

from __future__ import annotations

import re
from collections.abc import Iterable

from archive.cite.extract import Extracted, Link
from archive.cite.sentences import between_paragraphs, sentence_at
from archive_manifests.sources import Citation, Source

DEFANGED = "the report spells it so that nobody follows it by accident; set skip = false to capture it all the same"


def sources_of(extracted: Extracted, links: Iterable[Link]) -> tuple[Source, ...]:
    """Gather links by their exact target, in the order of first citation. Every place stays a citation."""
    lines = _LineNumbers(extracted.text)
    paragraph = between_paragraphs(extracted.text, wraps=extracted.wraps)
    citations: dict[str, list[Citation]] = {}
    candidates: dict[str, dict[str, None]] = {}
    armed: set[str] = set()
    for link in _in_order(extracted, list(links)):
        citations.setdefault(link.target, []).append(_citation(extracted.text, link, lines, paragraph))
        candidates.setdefault(link.target, {}).update(dict.fromkeys(link.candidates))
        if not link.is_defanged:
            armed.add(link.target)
    return tuple(
        Source(
            cited=target,
            citations=tuple(places),
            candidates=tuple(candidates[target]),
            skip=target not in armed,
            note=None if target in armed else DEFANGED,
        )
        for target, places in citations.items()
    )


def _in_order(extracted: Extracted, links: list[Link]) -> list[Link]:
    """By place in the text; one whose place is not known follows the one before it on its page."""
    starts = extracted.page_starts or (0,)
    last: dict[int, int] = {}
    places: list[int] = []
    for link in links:
        page = link.page or 1
        place = link.offset if link.offset is not None else last.get(page, starts[min(page, len(starts)) - 1])
        places.append(place)
        last[page] = place
    return [link for _, link in sorted(zip(places, links, strict=True), key=lambda pair: pair[0])]


def _citation(text: str, link: Link, lines: _LineNumbers, paragraph: re.Pattern[str]) -> Citation:
    context = link.context
    if context is None and link.offset is not None and link.length is not None:
        context = sentence_at(text, link.offset, link.offset + link.length, paragraph)
    return Citation(
        page=link.page,
        line=None if link.offset is None else lines.at(link.offset),
        offset=link.offset,
        length=link.length,
        anchor=" ".join(link.anchor.split()) if link.anchor else None,
        context=context,
        found_by=link.found_by,
    )


class _LineNumbers:
    """Counts lines, from 1, for offsets that mostly grow."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._offset, self._line = 0, 1

    def at(self, offset: int) -> int:
        if offset < self._offset:
            self._offset, self._line = 0, 1
        self._line += self._text.count("\n", self._offset, offset)
        self._offset = offset
        return self._line
