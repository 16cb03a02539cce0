"""Responds to a browser from the records of a bag or a work folder alone. It uses no network and writes nothing."""

from __future__ import annotations

import asyncio
import os
import re
import threading
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO
from urllib.parse import parse_qsl

from msgspec import Struct, field

from archive.browser import PageRefusal, PageRequest, PageResponse
from archive.capture.browser.responder import MAX_BODY_TO_BROWSER, preflight, to_response
from archive.errors import BagUnreadable, StatementError, WarcError
from archive.http import Head, MessageReader
from archive.posix import FilesBelow
from archive.replay.contents import ReplayContents, read_contents
from archive.urls import UrlError, parse
from archive.warc.reader import read_record_at
from archive.workfolder.events import RecordsAdded
from archive.workfolder.journal import read_journal
from archive.workfolder.recorded import Recorded
from archive.workfolder.unfinished import JOURNAL
from archive_manifests import layout, records
from archive_manifests.paths import BagPath
from archive_manifests.plain_text import plain_reason
from archive_manifests.records import RecordLine

_MEMENTO = re.compile(r"https?://web\.archive\.org/web/\d{4,14}(?:[a-z]{2}_)?/(https?://.+)\Z")
_CHANGING_NAME = re.compile(r"(?:_|cb|cachebuster|nocache|rnd|rand|random|t|ts|time|timestamp)\Z", re.IGNORECASE)
_CHANGING_VALUE = re.compile(r"(?:0?\.\d{6,}|\d{9,})\Z")
"""A value that changes with each request: an instant, a random number."""


class NoRecord(PageRefusal, frozen=True):
    """The page gets no response, because no record has one."""

    why: str = "no record has a response to this"
    error: str = "NameNotResolved"
    is_withheld: bool = False


class Captures(Struct, frozen=True):
    """What can be replayed: the ledger, and the place of each record."""

    contents: ReplayContents
    base: Path
    log: tuple[RecordLine, ...]


def open_captures(path: Path) -> Captures:
    """Read the ledger and the records log of a bag in a folder, or of a work folder. Raises `BagUnreadable`."""
    contents = read_contents(path)
    place = contents.path
    if not contents.is_finished:
        return Captures(contents, place / "bag", tuple(_journalled(place / JOURNAL)))
    if not place.is_dir():
        raise BagUnreadable(f"{place}: a package, not a folder; unpack it first: archive receive {place}")
    return Captures(contents, place, tuple(_logged(place)))


def _logged(base: Path) -> Iterator[RecordLine]:
    try:
        with FilesBelow(os.fspath(base)) as below, open(below.open(layout.RECORDS), "rb") as file:  # noqa: PTH123 -- a descriptor
            for number, line in enumerate(file, start=1):
                yield records.parse_line(line, number)
    except (OSError, StatementError) as error:
        place = base / layout.RECORDS
        why = plain_reason(error)
        raise BagUnreadable(f"{place}: {why}; only bags with our records log can be replayed") from error


def _journalled(journal: Path) -> Iterator[RecordLine]:
    for line in read_journal(journal):
        if isinstance(line, RecordsAdded):
            yield from line.records


class RecordedResponses(Struct):
    """Responds to a browser from the records alone; `missed` lists the URLs that have no record."""

    captures: Captures
    missed: list[str] = field(default_factory=list)
    _by_request: dict[tuple[str, str], list[RecordLine]] = field(default_factory=dict)
    _by_place: dict[str, list[tuple[str, RecordLine]]] = field(default_factory=dict)
    _turn: dict[tuple[str, str], int] = field(default_factory=dict)
    _below: FilesBelow | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        self._below = FilesBelow(os.fspath(self.captures.base))
        for record in self.captures.log:
            if record.type == "response" and record.uri is not None:
                self._put(record.uri, record)
                memento = _MEMENTO.match(record.uri)
                if memento is not None:
                    self._put(memento[1], record)

    def close(self) -> None:
        if self._below is not None:
            self._below.close()
            self._below = None

    async def __call__(self, request: PageRequest) -> PageResponse | PageRefusal:
        if request.method == "OPTIONS" and request.header("Access-Control-Request-Method"):
            return preflight(request)
        if not request.url.startswith(("http://", "https://")):
            return PageRefusal("only http and https are answered")
        record = self.find(request)
        if record is None:
            self.missed.append(request.url)
            return NoRecord()
        return await asyncio.to_thread(self._answer, record)

    def find(self, request: PageRequest) -> RecordLine | None:
        """The record of this URL, else one whose query differs only in values that change with each request."""
        try:
            url = parse(request.url).without_credentials().href
        except UrlError:
            return None
        key = request.method, url
        found = self._by_request.get(key)
        if found:
            if request.method == "GET":
                return _best(found)
            # The same address with another body: in the order of the capture.
            turn = self._turn[key] = self._turn.get(key, -1) + 1
            return found[min(turn, len(found) - 1)]
        return self._similar(url) if request.method == "GET" else None

    def _put(self, uri: str, record: RecordLine) -> None:
        self._by_request.setdefault((record.method or "GET", uri), []).append(record)
        if record.method is None and "?" in uri:
            self._by_place.setdefault(uri.partition("?")[0], []).append((uri, record))

    def _similar(self, url: str) -> RecordLine | None:
        place, _, query = url.partition("?")
        wanted = dict(parse_qsl(query, keep_blank_values=True))
        for uri, record in self._by_place.get(place, ()) if query else ():
            there = dict(parse_qsl(uri.partition("?")[2], keep_blank_values=True))
            if _comparable(there) == _comparable(wanted):
                return record
        return None

    def _answer(self, record: RecordLine) -> PageResponse | PageRefusal:
        try:
            recorded = self._read(record)
        except (OSError, WarcError) as error:
            why = f"its record cannot be read: {plain_reason(error)}"
            return PageRefusal(why, "Failed", record.id, is_withheld=False)
        return to_response(recorded)

    def _read(self, record: RecordLine) -> Recorded:
        """The exchange as it was recorded, without a body that is too large for a browser."""
        with self._open(record.file) as stream:
            stored = read_record_at(stream, record.offset, record.length, name=record.file)  # type: ignore[arg-type]
            head, head_size, payload = _split(stored.block(), 2 * MAX_BODY_TO_BROWSER)
        return Recorded(
            url=parse(record.uri or ""),
            method=record.method or "GET",
            answer=record.id,
            head=head,
            failure=None,
            truncated=record.truncated,
            started=record.date,
            ended=record.date,
            size=max(len(payload), stored.size - head_size if len(payload) > MAX_BODY_TO_BROWSER else 0),
            _payload=lambda: iter([payload]),
        )

    def _open(self, path: str) -> IO[bytes]:
        with self._lock:
            if self._below is None or not BagPath(path).is_inside:
                raise OSError(f"{path}: not to be opened")
            return open(self._below.open(path), "rb")  # noqa: PTH123 -- a descriptor; the caller closes it


def _split(block: Iterable[bytes], most: int) -> tuple[Head | None, int, bytes]:
    """The final head of a response, the bytes up to its end, and its payload with the transfer coding undone.

    Of the payload, little more than `most` bytes are read.
    """
    payload = bytearray()
    reader = MessageReader(payload.extend)
    for piece in block:
        reader.feed(piece)
        if len(payload) > most:
            break
    return reader.head, reader.head_size, bytes(payload)


def _best(found: list[RecordLine]) -> RecordLine:
    """The last successful response; where there is none, the last."""
    good = [record for record in found if record.http_status is not None and record.http_status < 400]
    return (good or found)[-1]


def _comparable(query: dict[str, str]) -> dict[str, str]:
    """A query in which values that change with each request are empty."""
    changing = {name for name, value in query.items() if _CHANGING_NAME.match(name) or _CHANGING_VALUE.match(value)}
    return {name: "" if name in changing else value for name, value in query.items()}
