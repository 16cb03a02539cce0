"""The links that stand in a report's text as URLs, each with its place."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from itertools import takewhile

from archive.cite.broken import MAX_LINES, JoinedUrl, join
from archive.cite.extract import Extracted, Link
from archive.cite.links import TextUrl, broken_start, find_urls, has_last_word
from archive.cite.next_line import Following, is_next_item
from archive.cite.sentences import is_double_spaced

_WIDEST = 200
"""Characters of a line; where lines are longer, each is a paragraph."""
_NEIGHBOURS = 15
"""Lines above and below that show how wide a column is."""


def text_links(extracted: Extracted) -> Iterator[Link]:
    """Yield every URL of the text, in order."""
    lines = _without_marks(extracted).split("\n")
    double_spaced = extracted.wraps and is_double_spaced(extracted.text)
    taken_to = 0
    offsets = _offsets(lines)
    breaks = frozenset(extracted.breaks)
    for index, line in enumerate(lines):
        offset = offsets[index]
        end_of_line = offset + len(line)
        goes_on = index + 1 < len(lines) and (extracted.wraps or end_of_line in breaks)
        for found in _found_in(line, lines[index + 1] if goes_on else ""):
            start = offset + found.start
            if start < taken_to:
                continue  # inside the continuation of the URL before
            numbers = _following(lines, index, double_spaced) if goes_on or found.is_open else []
            if not extracted.wraps and not found.is_open:
                numbers = list(takewhile(lambda number: offsets[number] - 1 in breaks, numbers))
            joined = join(found, _followings(lines, index, numbers, wraps=extracted.wraps))
            if not joined.url:
                continue
            last = numbers[joined.lines - 1] if joined.lines else index
            taken_to = offsets[last] + joined.end
            yield _link(extracted, found, joined, start, taken_to)


def _found_in(line: str, following: str) -> Iterator[TextUrl]:
    """Yield the addresses that begin in the line; one may show only with the line that follows."""
    end = 0
    for found in find_urls(line):
        end = found.end
        yield found
    if following.strip() and has_last_word(line, end) and (broken := broken_start(line, following)) is not None:
        yield broken


def _without_marks(extracted: Extracted) -> str:
    """The text with blanks in place of note marks, so that every offset stays."""
    pieces: list[str] = []
    at = 0
    for start, end in sorted(extracted.marks):
        if start >= at:
            pieces += [extracted.text[at:start], " " * (end - start)]
            at = end
    return "".join([*pieces, extracted.text[at:]])


def _link(extracted: Extracted, found: TextUrl, joined: JoinedUrl, start: int, end: int) -> Link:
    shown = extracted.text[start:end]
    mark = next((extracted.text[at:to] for at, to in extracted.marks if at == end), "")
    return Link(
        target=joined.url,
        offset=start,
        length=end - start,
        found_by="text",
        page=page_at(extracted.page_starts, start),
        anchor=shown if "".join(shown.split()) != joined.url else None,
        candidates=(*joined.candidates, joined.url + mark) if mark else joined.candidates,
        doubts=(*joined.doubts, "mark-behind") if mark else joined.doubts,
        is_defanged=found.is_defanged,
    )


def _offsets(lines: list[str]) -> list[int]:
    offsets, offset = [], 0
    for line in lines:
        offsets.append(offset)
        offset += len(line) + 1
    return offsets


def _following(lines: list[str], index: int, double_spaced: bool) -> list[int]:
    """The numbers of the lines that may carry on line `index`: no empty line between, but perhaps a page break."""
    numbers: list[int] = []
    at, skipped = index + 1, False
    while at < len(lines) and len(numbers) < MAX_LINES:
        if lines[at].strip():
            numbers.append(at)
            skipped = False
        elif "\f" in lines[at] or (double_spaced and not skipped):
            skipped = True
        else:
            break
        at += 1
    return numbers


def _followings(lines: list[str], index: int, numbers: list[int], *, wraps: bool) -> Iterator[Following]:
    """Those lines, each with what its layout shows."""
    width = max(len(line.rstrip()) for line in lines[max(0, index - _NEIGHBOURS) : index + _NEIGHBOURS + 1])
    before = index
    for number in numbers:
        used = len(lines[before].rstrip())
        is_filled = used == len(lines[number].rstrip()) == width and not _has_blank(lines[before], lines[number])
        room = None if not wraps else float("inf") if width > _WIDEST else float(width - used)
        kind = "page" if "\f" in "".join(lines[before + 1 : number + 1]) else "line"
        is_item = is_next_item(lines[before], lines[number])
        yield Following(lines[number].replace("\f", " "), kind, room, is_filled=is_filled, is_next_item=is_item)
        before = number


def _has_blank(*lines: str) -> bool:
    return any(letter in line.strip() for line in lines for letter in " \t")


def page_at(page_starts: tuple[int, ...] | None, offset: int) -> int | None:
    """The page, from 1, that holds the offset."""
    return None if page_starts is None else max(bisect_right(page_starts, offset), 1)
