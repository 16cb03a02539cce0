"""Where the pages of a plain text start."""

from __future__ import annotations

import re
from itertools import accumulate

_BARE_LINK = re.compile(r"(?:https?|ftp)://\S+\s*\Z", re.IGNORECASE)
_RUNNING_HEAD = re.compile(r"(?P<number>[0-9]{1,3}) (?P<words>\S.*\S)\s*\Z")


def page_starts(text: str) -> tuple[int, ...] | None:
    """The offset of each page's first character; None where the layout does not show pages.

    Form feeds are page breaks (pdftotext writes one after each page). Without any, one layout is
    known: text of a PDF where the link targets of a page follow its text, and the next page's text
    begins with a single space. It is taken for that only if such a list of targets is there and
    every line that begins with one space fits.
    """
    if "\f" in text:
        starts = [0, *(match.end() for match in re.finditer("\f", text))]
        return tuple(starts[:-1] if not text[starts[-1] :].strip() else starts)
    lines = text.split("\n")
    firsts = _first_lines(lines)
    if firsts is None:
        return None
    offsets = list(accumulate((len(line) + 1 for line in lines), initial=0))
    return tuple(offsets[index] for index in firsts)


def _first_lines(lines: list[str]) -> list[int] | None:
    """Indices of the lines that open a page."""
    opened = [index for index, line in enumerate(lines) if line[:1] == " " and line[1:2].strip()]
    if not opened or any(index == 0 or not lines[index - 1].strip() for index in opened):
        return None
    if not any(_BARE_LINK.match(lines[index - 1]) for index in opened):
        return None
    return [0, *_running_heads(lines, opened[0]), *opened]


def _running_heads(lines: list[str], before: int) -> list[int]:
    """Pages before the first break that print their number before the report's title."""
    heads: list[int] = []
    for index in range(2, before):
        head = _RUNNING_HEAD.match(lines[index])
        is_apart = not lines[index - 1].strip() and not lines[index - 2].strip()
        if head and is_apart and int(head["number"]) == len(heads) + 2 and _occurs(head["words"], lines[:index]):
            heads.append(index)
    return heads


def _occurs(words: str, lines: list[str]) -> bool:
    return any(len(line.strip()) > 10 and words.startswith(line.strip()) for line in lines)
