"""The report's text, cut where citations begin and end."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from msgspec import Struct

from archive_manifests.ledger import SourceEntry

WHOLE = 1_500_000
"""Code points of text that a page shows whole. Beyond that, only what stands round the citations."""

ROUND = 4_000
"""Code points shown on either side of a citation where a text is not shown whole."""


class CitationPlace(Struct, frozen=True):
    """One citation's place in the text."""

    source: str
    """Id of the source."""
    number: int
    """Which of the source's citations, from 1."""
    start: int
    end: int


class TextPiece(Struct, frozen=True):
    """A run of text in which the same citations hold."""

    text: str
    starts: tuple[CitationPlace, ...] = ()
    """Citations that begin here."""
    ends: tuple[CitationPlace, ...] = ()
    """Citations whose last character is here."""
    is_cited: bool = False
    left_out: int = 0
    """Code points that were left out here; `text` is then empty."""


def places(sources: Iterable[SourceEntry], text: str) -> list[CitationPlace]:
    """Where the citations stand, in text order; those without a possible place are not among them."""
    found = []
    for source in sources:
        for number, citation in enumerate(source.citations, start=1):
            start, length = citation.offset, citation.length or len(citation.anchor or source.cited)
            if start is not None and 0 <= start < len(text) and length > 0:
                found.append(CitationPlace(source.id, number, start, min(start + length, len(text))))
    return sorted(found, key=lambda place: (place.start, place.end))


def pieces(text: str, cited: Sequence[CitationPlace]) -> Iterator[TextPiece]:
    """Cut the text at every place's start and end, so that overlapping citations nest nowhere."""
    starts, ends = _by(cited, "start"), _by(cited, "end")
    edges = sorted({0, len(text), *starts, *ends})
    depth = 0
    for start, end in pairwise(edges):
        depth += len(starts.get(start, ())) - len(ends.get(start, ()))
        yield TextPiece(text[start:end], starts.get(start, ()), ends.get(end, ()), depth > 0)


def abridge(all_pieces: Iterable[TextPiece], *, whole: bool, reach: int = ROUND) -> Iterator[TextPiece]:
    """Leave out the middle of long runs without citations, unless the text is shown whole."""
    for piece in all_pieces:
        if whole or piece.is_cited or len(piece.text) <= 2 * reach:
            yield piece
            continue
        yield TextPiece(piece.text[:reach])
        yield TextPiece("", left_out=len(piece.text) - 2 * reach)
        yield TextPiece(piece.text[-reach:])


def _by(cited: Sequence[CitationPlace], edge: str) -> dict[int, tuple[CitationPlace, ...]]:
    found: dict[int, list[CitationPlace]] = {}
    for place in cited:
        found.setdefault(getattr(place, edge), []).append(place)
    return {at: tuple(group) for at, group in found.items()}
