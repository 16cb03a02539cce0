"""The links that stand in a report's text as URLs, each with its place."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator

from archive.cite.broken import MAX_LINES, join
from archive.cite.extract import Extracted, Link
from archive.cite.links import find_urls
from archive.cite.sentences import is_double_spaced


def text_links(extracted: Extracted) -> Iterator[Link]:
    """Yield every URL of the text, in order."""
    lines = extracted.text.split("\n")
    double_spaced = extracted.wraps and is_double_spaced(extracted.text)
    offset, taken_to = 0, 0
    offsets = _offsets(lines)
    for index, line in enumerate(lines):
        offset = offsets[index]
        for found in find_urls(line):
            start = offset + found.start
            if start < taken_to:
                continue  # inside the continuation of the URL before
            following = _following(lines, index, double_spaced) if extracted.wraps else []
            joined = join(found, [lines[number] for number in following])
            last = following[joined.lines - 1] if joined.lines else index
            taken_to = offsets[last] + joined.end
            shown = extracted.text[start:taken_to]
            yield Link(
                target=joined.url,
                offset=start,
                length=taken_to - start,
                found_by="text",
                page=page_at(extracted.page_starts, start),
                anchor=shown if "".join(shown.split()) != joined.url else None,
                candidates=joined.candidates,
                is_defanged=found.is_defanged,
            )


def _offsets(lines: list[str]) -> list[int]:
    offsets, offset = [], 0
    for line in lines:
        offsets.append(offset)
        offset += len(line) + 1
    return offsets


def _following(lines: list[str], index: int, double_spaced: bool) -> list[int]:
    """The numbers of the lines that may carry on line `index`: no empty line and no page break between."""
    numbers: list[int] = []
    at, skipped = index + 1, False
    while at < len(lines) and len(numbers) < MAX_LINES and "\f" not in lines[at - 1][-1:] + lines[at]:
        if lines[at].strip():
            numbers.append(at)
            skipped = False
        elif double_spaced and not skipped:
            skipped = True
        else:
            break
        at += 1
    return numbers


def page_at(page_starts: tuple[int, ...] | None, offset: int) -> int | None:
    """The page, from 1, that holds the offset."""
    return None if page_starts is None else max(bisect_right(page_starts, offset), 1)
