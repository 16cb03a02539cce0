"""Carries out an exchange and has it in the WARC and the journal before anybody looks at it."""

from __future__ import annotations

import threading
import zlib
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from archive.bag.journal import Exchanged, Noted
from archive.bag.work import WorkFolder
from archive.capture.drafts import draft
from archive.capture.wire import Exchange, Failure, Request, Wire
from archive.capture.wire.framing import payload_of
from archive.capture.wire.head import Head
from archive.urls import Url, parse
from archive.warc.write import Draft, WarcWriter, warc_date
from archive_manifests.records import RecordLine

PARSED_AT_MOST = 32 << 20
"""Decoded bytes of one answer that are looked at; what is stored has no such bound."""


@dataclass(slots=True)
class Recorded:
    """One exchange as it stands in the WARC, fresh or from an earlier run."""

    url: Url
    method: str
    answer: str
    """Id of the record that stands for it."""
    head: Head | None
    failure: Failure | None
    truncated: str | None
    started: str
    ended: str
    size: int
    """Bytes of the body as it came."""
    oddities: tuple[str, ...] = ()
    earlier: tuple[str, ...] = ()
    """Ids of the records of tries before this one."""
    is_fresh: bool = True
    """False where it was recorded by an earlier run."""
    _payload: Callable[[], Iterator[bytes]] = field(default=lambda: iter(()), repr=False)

    @property
    def status(self) -> int | None:
        return self.head.status if self.head else None

    def header(self, name: str) -> str | None:
        return self.head.get(name) if self.head else None

    @property
    def media_type(self) -> str:
        """Content-Type without its parameters, lower case; empty where none is stated."""
        return (self.header("Content-Type") or "").partition(";")[0].strip().lower()

    @property
    def charset(self) -> str | None:
        """The charset parameter of Content-Type."""
        for parameter in (self.header("Content-Type") or "").split(";")[1:]:
            name, _, value = parameter.partition("=")
            if name.strip().lower() == "charset":
                return value.strip().strip("\"'") or None
        return None

    def payload(self) -> Iterator[bytes]:
        """Yield the payload: transfer coding undone, content coding kept."""
        return self._payload()

    def content(self, limit: int = PARSED_AT_MOST) -> bytes:
        """The first `limit` bytes with the content coding undone: for looking at, never for storing."""
        coding = (self.header("Content-Encoding") or "").strip().lower()
        if coding in ("gzip", "x-gzip", "deflate"):
            return _inflated(self.payload(), limit, is_gzip=coding != "deflate")
        out = bytearray()
        for piece in self.payload():
            out += piece
            if len(out) >= limit:
                break
        return bytes(out[:limit])


def _inflated(pieces: Iterator[bytes], limit: int, *, is_gzip: bool) -> bytes:
    """Undo a coding up to `limit` bytes, whatever the server claims: a lie or a cut gives what could be read."""
    engine = zlib.decompressobj(47 if is_gzip else 15)
    out = bytearray()
    with suppress(zlib.error):
        for number, piece in enumerate(pieces):
            if number == 0 and not is_gzip and piece[:1] and piece[0] & 0x0F != 8:
                engine = zlib.decompressobj(-15)  # "deflate" without the zlib wrapper, as some servers send it
            if number == 0 and is_gzip and not piece.startswith(b"\x1f\x8b"):
                return b"".join([piece, *pieces])[:limit]  # says gzip and is not
            while piece and len(out) < limit:
                out += engine.decompress(piece, limit - len(out))
                piece = engine.unconsumed_tail
            if len(out) >= limit:
                break
    return bytes(out)


class Recorder:
    """The one way from a request to a record. Safe to use from many threads."""

    def __init__(
        self,
        wire: Wire,
        writer: WarcWriter,
        work: WorkFolder,
        *,
        new_id: Callable[[], str],
        now: Callable[[], datetime],
    ) -> None:
        self._wire, self._writer, self._work = wire, writer, work
        self._new_id, self._now = new_id, now
        self._described: set[tuple[str, int]] = set()
        self._lock = threading.Lock()
        self.received = 0
        """Bytes taken from the wire by this run."""

    def carry(
        self, request: Request, *, series: str, note: dict[str, str] | None = None, repeatable: bool = True
    ) -> Recorded:
        """Carry out an exchange and record it, whatever came of it. Raises only for our own disk (`OSError`).

        A kept connection that the server closed meanwhile is an attempt of its own; the request is then sent again.
        """
        while True:
            exchange = self._wire.exchange(request)
            died_idle = _died_idle(exchange)
            recorded = self._record(exchange, series, note, repeatable=repeatable and not died_idle)
            if not died_idle:
                return recorded

    def note(self, series: str, draft: Draft) -> RecordLine:
        """Write a record that belongs to no exchange: a `resource`, `conversion` or `metadata`."""
        lines = self._writer.append(series, [draft], self._now())
        self._work.journal.append(Noted(lines))
        self._work.done.notes.append(Noted(lines))
        return lines[-1]

    def earlier(self) -> dict[str, Recorded]:
        """What an earlier run of the same work recorded: URL -> its last exchange by GET."""
        known = {}
        for line in self._work.done.exchanges:
            if line.repeatable and line.method == "GET":
                known[line.url] = _restored(line, self._work.base)
        return known

    def _record(
        self, exchange: Exchange, series: str, note: dict[str, str] | None, *, repeatable: bool
    ) -> Recorded:
        self._work.check()
        drafted = draft(exchange, self._new_id, describe_connection=self._is_new(series, exchange), note=note)
        lines = self._writer.append(series, drafted.drafts, exchange.started)
        line = _journalled(exchange, series, drafted.answer, lines, repeatable=repeatable)
        self._work.journal.append(line)
        with self._lock:
            self.received += exchange.received.size
            self._work.done.exchanges.append(line)
        payload = exchange.payload
        recorded = _recorded(line, payload, is_fresh=True)
        exchange.sent.close()
        return recorded

    def _is_new(self, series: str, exchange: Exchange) -> bool:
        """True where this file does not describe the connection yet: each file is to stand alone."""
        if exchange.connection is None:
            return False
        key = (series, exchange.connection.number)
        with self._lock:
            is_new = key not in self._described
            self._described.add(key)
        return is_new


def _died_idle(exchange: Exchange) -> bool:
    return (
        exchange.failure is not None
        and exchange.failure.reason in ("empty", "reset")
        and not exchange.is_first_on_connection
        and exchange.received.size == 0
        and exchange.method in ("GET", "HEAD")
    )


def _journalled(
    exchange: Exchange, series: str, answer: str, lines: list[RecordLine], *, repeatable: bool
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
    )


def _recorded(line: Exchanged, payload: Callable[[], Iterator[bytes]], *, is_fresh: bool) -> Recorded:
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


def _restored(line: Exchanged, base: Path) -> Recorded:
    """An exchange of an earlier run; its payload is read back from the WARC when it is asked for."""
    from archive.warc.read import block_of

    stored = next((record for record in line.records if record.id == line.answer), None)

    def payload() -> Iterator[bytes]:
        if stored is None or line.status is None:
            return iter(())
        block = block_of(base / stored.file, stored.offset, stored.length)
        return payload_of(line.framing, _between(block, line.body_start, line.body_end))

    return _recorded(line, payload, is_fresh=False)


def _between(pieces: Iterator[bytes], start: int, end: int) -> Iterator[bytes]:
    at = 0
    for piece in pieces:
        cut = piece[max(start - at, 0) : max(end - at, 0)]
        if cut:
            yield cut
        at += len(piece)
