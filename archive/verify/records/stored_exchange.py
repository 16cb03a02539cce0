"""An exchange as its WARC records hold it, in the form in which capture judges exchanges."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from archive.errors import WarcError
from archive.http.head import Head
from archive.http.message import MessageReader
from archive.net import Failure
from archive.urls import UrlError, parse
from archive.verify.records.stored_records import CACHED_BLOCK, StoredRecords
from archive.warc.report import ScannedRecord
from archive.workfolder.recorded import Recorded
from archive_manifests.notes import read_note

SCHEMA = "archive.exchange/1"


def stored_exchange(records: StoredRecords, name: str, about: dict[str, Any], method: str = "GET") -> Recorded | None:
    """The exchange that the record `name` stands for; None where the record holds none.

    `about` is its `archive.exchange/1` metadata, empty where it has none. Raises `Broken`, `WarcError`.
    """
    record = records.get(name)
    if record is None:
        return None
    if record.type == "response":
        return _response(records, record, about, method)
    if record.type == "resource":
        return _resource(records, record, about)
    if record.type == "metadata" and about.get("schema") == SCHEMA:
        return _failed(record, about)
    return None


def _response(records: StoredRecords, record: ScannedRecord, about: dict[str, Any], method: str) -> Recorded | None:
    method = str(about.get("method") or method)
    reader = read_head(records.block(record.id), method)
    if reader is None or reader.head is None:
        return None
    start = reader.head_size
    if record.block_size <= CACHED_BLOCK and reader.framing != "chunked":  # it was fed whole
        payload = partial(_stretch, records, record.id, start, start + reader.body_size)
    else:
        payload = partial(payload_of, partial(records.block, record.id), method)
    return _made(
        record,
        about,
        record.uri or "",
        method=method,
        head=reader.head,
        size=record.block_size - start,
        payload=payload,
    )


def _resource(records: StoredRecords, record: ScannedRecord, about: dict[str, Any]) -> Recorded | None:
    """A body that was put together from parts, or bytes that are no HTTP message."""
    if _failure(about) is not None:
        return _failed(record, about)
    fields = (("Content-Type", record.content_type or "application/octet-stream"),)
    return _made(
        record,
        about,
        record.uri or "",
        head=Head("1.1", 200, "", fields, True),
        size=record.block_size,
        payload=partial(records.block, record.id),
    )


def _failed(record: ScannedRecord, about: dict[str, Any]) -> Recorded | None:
    failure = _failure(about)
    if failure is None:
        return None
    return _made(record, about, str(about.get("url") or record.uri or ""), failure=failure)


def _made(
    record: ScannedRecord,
    about: dict[str, Any],
    address: str,
    *,
    method: str = "GET",
    head: Head | None = None,
    failure: Failure | None = None,
    size: int = 0,
    payload: Any = lambda: iter(()),
) -> Recorded | None:
    try:
        url = parse(address)
    except UrlError:
        return None
    stated = about.get("oddities")
    oddities = stated if isinstance(stated, list) else []
    return Recorded(
        url=url,
        method=method,
        answer=record.id,
        head=head,
        failure=failure,
        truncated=record.truncated,
        started=record.date,
        ended=str(about.get("ended") or record.ended or record.date),
        size=size,
        oddities=tuple(known for each in oddities if (known := read_note(each)) is not None),
        is_fresh=False,
        _payload=payload,
    )


def _failure(about: dict[str, Any]) -> Failure | None:
    stated = about.get("failure")
    if not isinstance(stated, dict) or about.get("status") is not None:
        return None
    parts = [stated.get(part) for part in ("stage", "reason", "message")]
    return Failure(*map(str, parts)) if all(isinstance(part, str) for part in parts) else None


def head_of(records: StoredRecords, name: str) -> Head | None:
    """The head of a response; None where it has none that can be read. Raises `Broken`."""
    try:
        reader = read_head(records.block(name), "GET")
    except WarcError:
        return None
    return reader.head if reader is not None else None


def read_head(block: Iterator[bytes], method: str) -> MessageReader | None:
    """Read the head of the final response, 1xx responses before it skipped, with the piece in which it ends."""
    reader = MessageReader(_drop, method=method)
    for piece in block:
        reader.feed(piece)
        if reader.head is not None:
            return reader
        if reader.problem is not None:
            break
    return None


def _stretch(records: StoredRecords, name: str, start: int, end: int) -> Iterator[bytes]:
    """Yield the payload of a block that was read whole: a part of it."""
    for block in records.block(name):
        yield block[start:end]


def payload_of(block: Callable[[], Iterator[bytes]], method: str) -> Iterator[bytes]:
    """Yield the payload of a response's block: transfer coding undone, surplus bytes left out."""
    found: list[bytes] = []
    reader = MessageReader(lambda piece: found.append(bytes(piece)), method=method)
    for piece in block():
        reader.feed(piece)
        yield from found
        found.clear()
        if reader.is_complete or reader.problem is not None:
            return


def _drop(_: object) -> None:
    """Take no payload."""
