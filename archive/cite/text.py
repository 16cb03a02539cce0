"""CSV and TSV: text whose cells end a URL."""

from __future__ import annotations

import re
from collections import Counter
from itertools import accumulate

from archive.cite.encoding import decode
from archive.cite.extract import Extracted, Link
from archive.cite.links import find_urls

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


def read_plain(data: bytes, *, what: str) -> Extracted:
    """The file's own text, changed in its byte order mark and line ends alone."""
    text, encoding = decode(data, what=what)
    return Extracted(text, f"plain text, {encoding}", page_starts=page_starts(text))


_LONGEST_CONTEXT = 1000


def read_table(data: bytes, *, what: str) -> Extracted:
    """The file's own text; each link's context is its row. (RFC 4180)"""
    text, encoding = decode(data, what=what)
    cell = re.compile(rf'"(?:[^"]|"")*"|[^{_separator(text)}\n]+')
    links = [
        Link(
            target=found.url,
            offset=stretch.start() + found.start,
            length=found.end - found.start,
            found_by="text",
            anchor=found.shown if found.shown != found.url else None,
            context=_row(text, stretch.start(), stretch.start() + found.end),
            candidates=found.alternatives,
            doubts=found.doubts,
        )
        for stretch in cell.finditer(text)
        for found in find_urls(stretch[0])
    ]
    return Extracted(text, f"table, {encoding}", tuple(links), wraps=False, has_text_urls=False)


def _separator(text: str) -> str:
    """The likeliest of tab, semicolon and comma, judged by the first lines."""
    seen = Counter(character for character in text[:10_000] if character in "\t;,")
    return "\\t" if seen["\t"] else (";" if seen[";"] > seen[","] else ",")


def _row(text: str, cell: int, link_end: int) -> str:
    """The row from its start to the end of the link's line, cut to what a person reads."""
    start = max(text.rfind("\n", 0, cell) + 1, link_end - _LONGEST_CONTEXT)
    end = text.find("\n", link_end)
    return " ".join(text[start : min(end if end >= 0 else len(text), link_end + _LONGEST_CONTEXT)].split())
