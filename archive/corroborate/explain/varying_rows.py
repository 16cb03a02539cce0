"""One line as several captures have it: which of its parts vary, and which one capture alone has otherwise.

A line may hold several things: a headline that rotates beside a number that does not. Each is compared by itself: what
half of the captures have alike does not vary, whatever stands beside it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from archive.corroborate.texts.counters import numbers_in
from archive.corroborate.texts.dates import time_expressions
from archive.corroborate.texts.folding import composed

PARTED = "\x1f"
"""Stands between the texts of two elements."""
NUMBER = re.compile(r"[0-9٠-٩۰-۹]+(?:[.,:٫٬\s'’][0-9٠-٩۰-۹]+)*")
_WHOLE = re.compile(r"(?<![\w])[0-9٠-٩۰-۹]+(?:[.,٫٬'’][0-9٠-٩۰-۹]+)*(?:\s[0-9]{3}(?![\w.,]))*(?![\w])")
_APART = re.compile(r"(?<![\w])[0-9٠-٩۰-۹]+(?:[.,٫٬'’][0-9٠-٩۰-۹]+)*(?![\w])")
_CLAUSE = re.compile(rf"{PARTED}|[|·•;]|\s[-–—]\s")
_GROWTH, _STEP = 10.0, 10
"""By how much, or to how much more, a number grows between the first and the last capture."""
_SEVERAL = 3
"""Different values of a number that grows: of two, one may be forged."""


@dataclass(frozen=True, slots=True)
class _Clause:
    words: str
    times: tuple[str, ...]
    numbers: tuple[str, ...]
    apart: tuple[str, ...]
    """The same where a space never groups digits."""


def judge_row(row: Sequence[str], *, is_ordered: bool) -> tuple[set[str], bool]:
    """The values that have a part otherwise which half of the others have alike; whether all that differs grows.

    `row` are the values of one line in the order of the captures; `is_ordered`: they are of different times.
    """
    lines = [_clauses(value) for value in row]
    usual, alike = Counter(map(len, lines)).most_common(1)[0]
    has_usual = 2 * alike >= len(row)
    if not has_usual:
        usual = min(map(len, lines))
    found = set[str]()
    is_growing, has_label = is_ordered and len({*map(len, lines)}) == 1, False
    for at in range(usual):
        clauses = {number: line[at] for number, line in enumerate(lines) if len(line) == usual or not has_usual}
        words, often = Counter(clause.words for clause in clauses.values()).most_common(1)[0]
        if 2 * often < len(row):
            is_growing = False
            continue  # a text in whose place another stands at each visit
        has_label = has_label or any(map(str.isalpha, words))
        same = {number: clause for number, clause in clauses.items() if clause.words == words}
        found |= {row[number] for number in clauses.keys() - same.keys()}
        columns = _columns(same)
        is_growing = is_growing and len(same) == len(row) and columns is not None
        for column in columns or ():
            is_number = column[next(iter(column))][:1] != "t"
            grows = is_number and is_ordered and _grows([*column.values()])
            is_growing = is_growing and (grows or len({*column.values()}) == 1)
            found |= set() if grows else {row[number] for number in _odd(column, len(row))}
    if has_label and has_usual:
        found |= {value for value, line in zip(row, lines, strict=True) if len(line) != usual}
    return found, is_growing


def _clauses(value: str) -> list[_Clause]:
    return [_clause(text) for text in _CLAUSE.split(value.partition("\0")[0]) if text.strip()]


def _clause(text: str) -> _Clause:
    text = composed(text)
    times = time_expressions(text)
    for one in reversed(times):
        text = f"{text[: one.start]} {text[one.end :]}"
    return _Clause(
        " ".join(NUMBER.sub("0", text).split()), tuple(map(str, _said(times))), tuple(_WHOLE.findall(text)),
        tuple(_APART.findall(text)),
    )


def _said(times: Sequence[object]) -> list[str]:
    """What times state, wherever in the text they stand."""
    return [f"t{getattr(one, 'moments', ())}{getattr(one, 'seconds', 0)}" for one in times]


def _columns(clauses: dict[int, _Clause]) -> list[dict[int, str]] | None:
    """The times and numbers of one clause, each as the captures have it; None where not all have as many."""
    for kind in ("numbers", "apart"):  # a space groups the digits of one number, or parts two
        parts = {number: (*clause.times, *getattr(clause, kind)) for number, clause in clauses.items()}
        if len({*map(len, parts.values())}) == 1:
            return [dict(zip(parts, column, strict=True)) for column in zip(*parts.values(), strict=True)]
    return None


def _odd(column: dict[int, str], captures: int) -> list[int]:
    """Captures that have another value than half of all."""
    value, often = Counter(column.values()).most_common(1)[0]
    return [number for number, each in column.items() if each != value] if 2 * often >= captures else []


def _grows(texts: Sequence[str]) -> bool:
    values = [found[0][2] for text in texts if (found := numbers_in(text))]
    is_small = len(values) == len(texts) and values[-1] <= max(values[0] * _GROWTH, values[0] + _STEP)
    return is_small and values == sorted(values) and len({*values}) >= _SEVERAL
