"""The archive's index (CDX): its answer, read without trust, and the order in which captures are tried."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from archive.capture.memento.address import Held, moment_of
from archive.urls import UrlError, parse

FIELDS = ("timestamp", "original", "mimetype", "statuscode", "digest", "length")
LIMIT = 25
"""Rows that are asked for."""
_READ_AT_MOST = 1 << 20
_ROWS_AT_MOST = 200


@dataclass(frozen=True, slots=True)
class Row:
    """One capture that the index lists."""

    held: Held
    status: int | None
    """None for a repeat of an earlier capture (`warc/revisit`), whose status the index does not say."""
    digest: str
    values: tuple[str, ...]
    """As the index gave it, in the order of `FIELDS`."""

    @property
    def moment(self) -> datetime:
        return self.held.moment

    @property
    def may_hold_it(self) -> bool:
        """False for what the archive itself lists as an error."""
        return self.status is None or 200 <= self.status < 400


class IndexUnreadable(ValueError):
    """The answer is no table of captures."""


def read_rows(content: bytes) -> list[Row]:
    """The captures that an answer lists; an empty list where the archive holds none. Raises `IndexUnreadable`.

    Row 0 names the fields; with nothing to list, not even that is sent.
    """
    try:
        table = json.loads(content[:_READ_AT_MOST]) if content.strip() else []
    except (ValueError, RecursionError) as error:
        raise IndexUnreadable(f"the index did not answer with JSON: {error}") from error
    if not isinstance(table, list) or (table and table[0] != list(FIELDS)):
        raise IndexUnreadable("the index answered with something else than a table of captures")
    rows = [_row(values) for values in table[1 : _ROWS_AT_MOST + 1]]
    return [row for row in rows if row is not None]


def _row(values: object) -> Row | None:
    if not isinstance(values, list) or len(values) != len(FIELDS) or not all(isinstance(v, str) for v in values):
        return None
    moment, status = moment_of(values[0]), values[3]
    try:
        original = parse(values[1])
    except UrlError:
        return None
    if moment is None or not original.is_web:
        return None
    code = int(status) if status.isascii() and status.isdigit() and len(status) == 3 else None
    return Row(Held(original, moment), code, values[4], tuple(values))


def before(rows: Iterable[Row], target: datetime) -> list[Row]:
    """What may hold it, from `target` back, the nearest first."""
    return sorted(
        (row for row in rows if row.may_hold_it and row.moment <= target), key=lambda row: row.moment, reverse=True
    )


def after(rows: Iterable[Row], target: datetime) -> list[Row]:
    """What may hold it, from `target` on, the earliest first."""
    return sorted((row for row in rows if row.may_hold_it and row.moment > target), key=lambda row: row.moment)
