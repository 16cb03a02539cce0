"""Exchanges and journal entries: one written as the other, and restored from it and the WARC."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from archive.http import payload_of
from archive.net import Exchange
from archive.warc.new_record import warc_date
from archive.warc.reader import block_of
from archive.workfolder.events import RecordsAdded
from archive.workfolder.recorded import Recorded
from archive_manifests.records import RecordLine


def request_key(url: str, cookies: str) -> str:
    """What distinguishes one request by GET from another: its URL, and the cookies that responses of its visit set."""
    return f"{url}\n{cookies}" if cookies else url


def earlier_exchanges(
    exchanges: Iterable[Recorded], derived: Iterable[RecordsAdded], base: Path
) -> dict[str, Recorded]:
    """What earlier runs of a work folder recorded: `request_key` -> the last exchange by GET."""
    known = {}
    for recorded in exchanges:
        if recorded.repeatable and recorded.method == "GET":
            known[request_key(recorded.url.href, recorded.cookies)] = restore(recorded, base)
    by_answer = {recorded.answer: key for key, recorded in known.items()}
    for added in derived:
        key = by_answer.get(added.joins[0]) if added.joins else None
        if key is not None:
            known[key] = _joined_body(known[key], added, base)
    return known


def journal_entry(
    exchange: Exchange,
    series: str,
    answer: str,
    records: Sequence[RecordLine],
    note: dict[str, str] | None,
    *,
    repeatable: bool,
) -> Recorded:
    """The entry for an exchange that was written as `records`, of which `answer` stands for it."""
    (stored,) = [record for record in records if record.id == answer]
    return Recorded(
        url=exchange.url,
        method=exchange.method,
        answer=answer,
        head=exchange.head,
        failure=exchange.failure,
        truncated=exchange.truncated,
        started=warc_date(exchange.started),
        ended=warc_date(exchange.ended or exchange.started),
        size=exchange.body_end - exchange.body_start,
        oddities=tuple(exchange.oddities),
        series=series,
        place=(stored.file, stored.offset, stored.length),
        framing=exchange.framing,
        body_start=exchange.body_start,
        payload_sha256=stored.payload_sha256,
        repeatable=repeatable,
        cookies=(note or {}).get("cookies", ""),
    )


def restore(recorded: Recorded, base: Path) -> Recorded:
    """An exchange that was recorded before; its payload is read back from the WARC when it is needed."""
    restored = replace(recorded, is_fresh=False, _payload=partial(stored_payload, recorded, base))
    restored.line = recorded.line
    return restored


def _joined_body(first: Recorded, added: RecordsAdded, base: Path) -> Recorded:
    """The body that an earlier run joined from a response that was cut, and its rest."""
    whole = next(record for record in added.records if record.type == "resource")
    block = partial(block_of, base / whole.file, whole.offset, whole.length)
    size = sum(len(piece) for piece in block())
    return replace(first, answer=whole.id, truncated=None, size=size, earlier=tuple(added.joins), _payload=block)


def stored_payload(recorded: Recorded, base: Path) -> Iterator[bytes]:
    """The payload as it stands in the WARC."""
    if recorded.place is None or recorded.head is None:
        return iter(())
    file, offset, length = recorded.place
    start = recorded.body_start
    return payload_of(recorded.framing, _between(block_of(base / file, offset, length), start, start + recorded.size))


def _between(pieces: Iterator[bytes], start: int, end: int) -> Iterator[bytes]:
    at = 0
    for piece in pieces:
        cut = piece[max(start - at, 0) : max(end - at, 0)]
        if cut:
            yield cut
        at += len(piece)
