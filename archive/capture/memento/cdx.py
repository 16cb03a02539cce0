"""The archive's index (CDX): its answer, read without trust, and the order in which captures are tried."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import quote

from archive.urls import Url, UrlError, parse
from archive_manifests.notes import Note, note

HOST = "web.archive.org"
HOLDER = "Internet Archive, Wayback Machine"
BASE = f"https://{HOST}/web"
"""Before the moment and the address of each capture; other archives with the same software have one of their own."""
_REPLAY = re.compile(r"/([0-9]{14})(?:[a-z]{2}_)?/(.+)\Z", re.DOTALL)
_STAMP = re.compile(r"[0-9]{14}\Z")


@dataclass(frozen=True, slots=True)
class CapturedMemento:
    """One capture in the archive: what was captured, and when."""

    original: Url
    moment: datetime
    base: str = BASE
    shown_at: Url | None = None
    """Where an archive of another kind shows it; it may have rewritten what it shows."""
    requested_at: Url | None = None
    """The address that was requested for it, where its moment turned out to be another one of that day."""

    @property
    def url(self) -> Url:
        """Where its bytes are, as they were captured: `id_` keeps the archive from rewriting them."""
        return self.shown_at or self.requested_at or parse(f"{self.base}/{stamp(self.moment)}id_/{self.original.href}")


def held_at(url: Url, base: str = BASE) -> CapturedMemento | None:
    """The capture that an address in the archive stands for; None for any other address."""
    home = parse(base)
    is_there = url.host == home.host and url.target.startswith(f"{home.path.rstrip('/')}/")
    found = _REPLAY.match(url.target[len(home.path.rstrip("/")) :]) if is_there else None
    moment = moment_of(found[1]) if found else None
    if found is None or moment is None:
        return None
    try:
        original = parse(found[2])
    except UrlError:
        return None
    return CapturedMemento(original, moment, base) if original.is_web else None


def index_url(
    url: Url, *, closest: datetime, limit: int, since: datetime | None = None, until: datetime | None = None
) -> Url:
    """The question to the index: which captures there are of `url`, the nearest to `closest` first.

    `closest` does nothing without `sort=closest`. (internetarchive/wayback #237)
    """
    query = f"url={quote(url.href, safe='')}&output=json&fl=timestamp,original,mimetype,statuscode,digest,length"
    query += f"&from={stamp(since)}" if since else ""
    query += f"&to={stamp(until)}" if until else ""
    return parse(f"https://{HOST}/cdx/search/cdx?{query}&closest={stamp(closest)}&sort=closest&limit={limit}")


def stamp(moment: datetime) -> str:
    return f"{moment.year:04d}{moment:%m%d%H%M%S}"


def moment_of(text: str) -> datetime | None:
    """The moment that 14 digits stand for, or None where they stand for none."""
    if not _STAMP.match(text):
        return None
    try:
        return datetime.strptime(text, "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    except ValueError:
        return None


def in_utc(moment: datetime) -> datetime | None:
    """The moment in UTC, where none is stated too; None where no calendar has it: 9999-12-31T23:59-05:00."""
    try:
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (OverflowError, ValueError):
        return None


def end_of_day(date: str | None) -> datetime | None:
    """The last second of a day that is written `2021-05-21`; None where it is not."""
    try:
        return datetime.strptime(date or "", "%Y-%m-%d").replace(tzinfo=UTC) + timedelta(
            hours=23, minutes=59, seconds=59
        )
    except ValueError:
        return None


FIELDS = ("timestamp", "original", "mimetype", "statuscode", "digest", "length")
LIMIT = 25
"""Rows that are requested."""
_READ_AT_MOST = 1 << 20
_ROWS_AT_MOST = 200


@dataclass(frozen=True, slots=True)
class CdxRow:
    """One capture that the index lists."""

    held: CapturedMemento
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
    """The response is no table of captures."""

    def __init__(self, why: Note) -> None:
        super().__init__(why.code)
        self.note = why


def read_rows(content: bytes) -> list[CdxRow]:
    """The captures that an answer lists; an empty list where the archive holds none. Raises `IndexUnreadable`.

    Row 0 names the fields; with nothing to list, not even that is sent.
    """
    try:
        table = json.loads(content[:_READ_AT_MOST]) if content.strip() else []
    except (ValueError, RecursionError) as error:
        raise IndexUnreadable(note("archive-index-not-json", host=HOST, said=str(error))) from error
    if not isinstance(table, list) or (table and table[0] != list(FIELDS)):
        raise IndexUnreadable(note("archive-index-other", host=HOST))
    rows = [_row(values) for values in table[1 : _ROWS_AT_MOST + 1]]
    return [row for row in rows if row is not None]


def _row(values: object) -> CdxRow | None:
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
    return CdxRow(CapturedMemento(original, moment), code, values[4], tuple(values))


def before(rows: Iterable[CdxRow], target: datetime) -> list[CdxRow]:
    """What may hold it, from `target` back, the nearest first."""
    return sorted(
        (row for row in rows if row.may_hold_it and row.moment <= target), key=lambda row: row.moment, reverse=True
    )


def after(rows: Iterable[CdxRow], target: datetime) -> list[CdxRow]:
    """What may hold it, from `target` on, the earliest first."""
    return sorted((row for row in rows if row.may_hold_it and row.moment > target), key=lambda row: row.moment)
