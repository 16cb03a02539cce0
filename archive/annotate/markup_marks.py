"""Compares marks in markup: whether the report's own markup is as it was, and which marks are not."""

from __future__ import annotations

import re
from collections.abc import Iterator

from archive.annotate.differences import ReportDifference

_WORD_MARK = re.compile(
    rb"<(?P<p>\w+):commentRangeStart [^<>]*/>|<(?P<q>\w+):commentRangeEnd [^<>]*/><(?P=q):r(?: [^<>]*)?>"
    rb"<(?P=q):commentReference [^<>]*/></(?P=q):r>"
)
_ODF_MARK = re.compile(rb"<o:annotation xmlns:o=.*?(?:</o:annotation>|\Z)", re.DOTALL)
_HTML_MARK = re.compile(rb' data-originalurl="[^"]*"(?: data-[a-z-]+="[^"]*")*')
_HTML_ANNEX = re.compile(rb'\n<section id="archive-annex".*?(?:</section>\n|\Z)', re.DOTALL)


def compare_markup(place: str, original: bytes, expected: bytes, found: bytes) -> Iterator[ReportDifference]:
    """Yield whether the report's own markup is as it was, and if so, which of marks and annex are not."""
    if expected == found:
        return
    patterns = (_HTML_ANNEX, _HTML_MARK, _ODF_MARK, _WORD_MARK)
    if _without(found, patterns) != _without(original, patterns):
        yield ReportDifference("report-altered", place)
        return
    marks = [[match[0] for pattern in patterns[1:] for match in pattern.finditer(each)] for each in (expected, found)]
    if sorted(marks[0]) == sorted(marks[1]) and _HTML_ANNEX.findall(expected) == _HTML_ANNEX.findall(found):
        yield ReportDifference("mark-moved", place)
    elif len(marks[1]) > len(marks[0]):
        yield ReportDifference("mark-forged", place, f"{len(marks[0])}", f"{len(marks[1])}")
    elif len(marks[1]) < len(marks[0]):
        yield ReportDifference("mark-missing", place, f"{len(marks[0])}", f"{len(marks[1])}")
    elif marks[0] != marks[1]:
        yield ReportDifference("mark-differs", place)
    else:
        yield ReportDifference("annex-changed", place)


def _without(content: bytes, patterns: tuple[re.Pattern[bytes], ...]) -> bytes:
    for pattern in patterns:
        content = pattern.sub(b"", content)
    return content
