"""CSV and TSV: text whose cells end a URL."""

from __future__ import annotations

import re
from collections import Counter

from archive.cite.encoding import decode
from archive.cite.extract import Extracted, Link
from archive.cite.links import find_urls

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
