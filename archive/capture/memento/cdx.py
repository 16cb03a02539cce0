"""The archive's index (CDX): parses its untrusted response, and orders the captures to try."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from urllib.parse import quote

from msgspec import Struct

from archive.urls import Url, UrlError, parse
from archive_manifests.notes import Note, note
from archive_manifests.plain_text import plain_reason

HOST = "web.archive.org"
HOLDER = "Internet Archive, Wayback Machine"
BASE = f"https://{HOST}/web"
"""Prefix of the address of each capture; other archives that run the same software have their own."""
_REPLAY = re.compile(r"/([0-9]{14})(?:[a-z]{2}_)?/(.+)\Z", re.DOTALL)
_STAMP = re.compile(r"[0-9]{14}\Z")


class CapturedMemento(Struct, frozen=True):
    """One capture in an archive: what was captured, and when."""

    original: Url
    moment: datetime
    base: str = BASE
    replay_url: Url | None = None
    """Address at which an archive of another kind shows the capture, perhaps rewritten."""
    requested_url: Url | None = None
    """The address that was requested, where the archive served a capture of another moment of that day."""

    @property
    def url(self) -> Url:
        """Address of the captured bytes: `id_` requests them without rewriting."""
        return (
            self.replay_url
            or self.requested_url
            or parse(f"{self.base}/{format_timestamp(self.moment)}id_/{self.original.href}")
        )


def parse_memento_url(url: Url, base: str = BASE) -> CapturedMemento | None:
    """Parse the address of a capture in the archive; None for any other address."""
    home = parse(base)
    is_there = url.host == home.host and url.target.startswith(f"{home.path.rstrip('/')}/")
    found = _REPLAY.match(url.target[len(home.path.rstrip("/")) :]) if is_there else None
    moment = parse_timestamp(found[1]) if found else None
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
    """The query that lists the captures of `url`, the nearest to `closest` first.

    `closest` does nothing without `sort=closest`. (internetarchive/wayback #237)
    """
    query = f"url={quote(url.href, safe='')}&output=json&fl=timestamp,original,mimetype,statuscode,digest,length"
    query += f"&from={format_timestamp(since)}" if since else ""
    query += f"&to={format_timestamp(until)}" if until else ""
    return parse(
        f"https://{HOST}/cdx/search/cdx?{query}&closest={format_timestamp(closest)}&sort=closest&limit={limit}"
    )


def format_timestamp(moment: datetime) -> str:
    return f"{moment.year:04d}{moment:%m%d%H%M%S}"


def parse_timestamp(text: str) -> datetime | None:
    """Parse 14 digits, `YYYYMMDDhhmmss` in UTC; None where they are no date."""
    if not _STAMP.match(text):
        return None
    try:
        return datetime.strptime(text, "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    except ValueError:
        return None


def parse_http_moment(text: str) -> datetime | None:
    """Parse a date such as `Thu, 20 May 2021 10:00:00 GMT`; None for what is none, or has no year of four digits.

    The parser of e-mail takes `0` and `0000` for the year 2000. (RFC 7089, section 2.1.1; RFC 9110, section 5.6.7)
    """
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError, OverflowError):
        return None
    is_stated = re.search(rf"(?<![0-9]){moment.year:04d}(?![0-9])", text) is not None
    return in_utc(moment) if is_stated else None


def in_utc(moment: datetime) -> datetime | None:
    """The moment in UTC, which a moment without a zone is taken to be in; None beyond the year 9999."""
    try:
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (OverflowError, ValueError):
        return None


def end_of_day(date: str | None) -> datetime | None:
    """The last second of a day in UTC; None where the text is not of the form `2021-05-21`."""
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


class CdxRow(Struct, frozen=True):
    """One row of the index: a capture, its status and digest."""

    memento: CapturedMemento
    status: int | None
    """None for a repeat of an earlier capture (`warc/revisit`), whose status the index omits."""
    digest: str
    values: tuple[str, ...]
    """The row as received, in the order of `FIELDS`."""

    @property
    def moment(self) -> datetime:
        return self.memento.moment

    @property
    def may_be_usable(self) -> bool:
        """False for captures that the archive itself lists as an error."""
        return self.status is None or 200 <= self.status < 400


class IndexUnreadable(ValueError):
    """The response is not a table of captures."""

    def __init__(self, why: Note) -> None:
        super().__init__(why.code)
        self.note = why


def read_rows(content: bytes) -> tuple[list[CdxRow], int]:
    """The captures that a response lists, and how many rows cannot be read. Raises `IndexUnreadable`.

    Row 0 names the fields; an archive without captures sends an empty body, without row 0.
    """
    try:
        table = json.loads(content[:_READ_AT_MOST]) if content.strip() else []
    except (ValueError, RecursionError) as error:
        raise IndexUnreadable(note("archive-index-not-json", host=HOST, detail=plain_reason(error))) from error
    if not isinstance(table, list) or (table and table[0] != list(FIELDS)):
        raise IndexUnreadable(note("archive-index-other", host=HOST))
    rows = [row for values in table[1 : _ROWS_AT_MOST + 1] if (row := _row(values)) is not None]
    return rows, max(len(table) - 1, 0) - len(rows)


def _row(values: object) -> CdxRow | None:
    if not isinstance(values, list) or len(values) != len(FIELDS) or not all(isinstance(v, str) for v in values):
        return None
    moment, status = parse_timestamp(values[0]), values[3]
    try:
        original = parse(values[1])
    except UrlError:
        return None
    if moment is None or not original.is_web:
        return None
    code = int(status) if status.isascii() and status.isdigit() and len(status) == 3 else None
    return CdxRow(CapturedMemento(original, moment), code, values[4], tuple(values))


def before(rows: Iterable[CdxRow], target: datetime) -> list[CdxRow]:
    """Usable captures at or before `target`, the nearest first."""
    return sorted(
        (row for row in rows if row.may_be_usable and row.moment <= target), key=lambda row: row.moment, reverse=True
    )


def after(rows: Iterable[CdxRow], target: datetime) -> list[CdxRow]:
    """Usable captures after `target`, the earliest first."""
    return sorted((row for row in rows if row.may_be_usable and row.moment > target), key=lambda row: row.moment)
