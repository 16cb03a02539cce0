"""Exchanges and journal entries: one written as the other, and restored from it and the WARC."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

from archive.capture.recorded import Recorded
from archive.http import Head, payload_of
from archive.net import Exchange, Failure
from archive.urls import parse
from archive.warc.new_record import warc_date
from archive.warc.reader import block_of
from archive.workfolder.events import Exchanged, RecordsAdded
from archive.workfolder.state import WorkState
from archive_manifests.records import RecordLine


def request_key(url: str, cookies: str) -> str:
    """What distinguishes one request by GET from another: its URL, and the cookies that responses of its visit set."""
    return f"{url}\n{cookies}" if cookies else url


def earlier_exchanges(state: WorkState, base: Path) -> dict[str, Recorded]:
    """What earlier runs of a work folder recorded: `request_key` -> the last exchange by GET."""
    known = {}
    for line in state.exchanges:
        if line.repeatable and line.method == "GET":
            known[request_key(line.url, line.cookies)] = restore(line, base)
    by_answer = {recorded.answer: key for key, recorded in known.items()}
    for added in state.further:
        key = by_answer.get(added.joins[0]) if added.joins else None
        if key is not None:
            known[key] = _joined_body(known[key], added, base)
    return known


def journal_entry(
    exchange: Exchange,
    series: str,
    answer: str,
    lines: list[RecordLine],
    note: dict[str, str] | None,
    *,
    repeatable: bool,
) -> Exchanged:
    head, failure = exchange.head, exchange.failure
    return Exchanged(
        url=exchange.url.href,
        method=exchange.method,
        series=series,
        answer=answer,
        records=lines,
        started=warc_date(exchange.started),
        ended=warc_date(exchange.ended or exchange.started),
        status=exchange.status,
        version=head.version if head else "1.1",
        reason=head.reason if head else "",
        fields=list(head.fields) if head else [],
        framing=exchange.framing,
        body_start=exchange.body_start,
        body_end=exchange.body_end,
        truncated=exchange.truncated,
        failure=(failure.stage, failure.reason, failure.message) if failure else None,
        oddities=exchange.oddities,
        repeatable=repeatable,
        cookies=(note or {}).get("cookies", ""),
    )


def recorded_from(line: Exchanged, payload: Callable[[], Iterator[bytes]], *, is_fresh: bool) -> Recorded:
    return Recorded(
        url=parse(line.url),
        method=line.method,
        answer=line.answer,
        head=Head(line.version, line.status, line.reason, tuple(map(tuple, line.fields)), True)  # type: ignore[arg-type]
        if line.status is not None
        else None,
        failure=Failure(*line.failure) if line.failure else None,
        truncated=line.truncated,
        started=line.started,
        ended=line.ended,
        size=line.body_end - line.body_start,
        oddities=tuple(line.oddities),
        is_fresh=is_fresh,
        _payload=payload,
    )


def restore(line: Exchanged, base: Path) -> Recorded:
    """An exchange that was recorded before; its payload is read back from the WARC when it is needed."""
    return recorded_from(line, partial(stored_payload, line, base), is_fresh=False)


def _joined_body(first: Recorded, noted: RecordsAdded, base: Path) -> Recorded:
    """The body that an earlier run joined from a response that was cut, and its rest."""
    whole = next(record for record in noted.records if record.type == "resource")
    block = partial(block_of, base / whole.file, whole.offset, whole.length)
    size = sum(len(piece) for piece in block())
    return replace(first, answer=whole.id, truncated=None, size=size, earlier=tuple(noted.joins), _payload=block)


def stored_payload(line: Exchanged, base: Path) -> Iterator[bytes]:
    """The payload as it stands in the WARC."""
    stored = next((record for record in line.records if record.id == line.answer), None)
    if stored is None or line.status is None:
        return iter(())
    block = block_of(base / stored.file, stored.offset, stored.length)
    return payload_of(line.framing, _between(block, line.body_start, line.body_end))


def _between(pieces: Iterator[bytes], start: int, end: int) -> Iterator[bytes]:
    at = 0
    for piece in pieces:
        cut = piece[max(start - at, 0) : max(end - at, 0)]
        if cut:
            yield cut
        at += len(piece)
