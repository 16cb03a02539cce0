"""The recorder: carries out an exchange, and writes it to the WARC and the journal before anybody looks at it."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from archive.capture.clock_offset import FirstResponses, statement
from archive.capture.exchange_writer import EndedExchange, ExchangeWriter
from archive.capture.journal_entries import earlier_exchanges, request_key, restore, stored_payload
from archive.capture.response_cache import ResponseCache
from archive.http import payload_of
from archive.net import Exchange, Failure, HttpClient, Request, interrupted
from archive.net.trust import MAX_SIZE
from archive.warc.new_record import warc_date
from archive.warc.writer import WarcWriter
from archive.workfolder.events import AddressEchoed
from archive.workfolder.folder import WorkFolder
from archive.workfolder.recorded import Recorded
from archive_manifests import notes
from archive_manifests.exchanges import Purpose
from archive_manifests.notes import Note

INCOMPLETE_CHAIN = "tls-intermediate"
ISSUER_LIMITS: dict[str, Any] = {"body_size": MAX_SIZE, "head": 20.0, "whole": 30.0}


class Recorder:
    """The one way from a request to a record. `carry` and `refuse` run on the event loop."""

    def __init__(
        self,
        wire: HttpClient,
        writer: WarcWriter,
        work: WorkFolder,
        *,
        new_id: Callable[[], str],
        now: Callable[[], datetime],
        fetches_issuers: bool = True,
    ) -> None:
        """With `fetches_issuers` a certificate that a server forgot is fetched from where its own one says."""
        self._fetches_issuers = fetches_issuers
        self._wire, self._work, self._base = wire, work, work.base
        self._exchanges = ExchangeWriter(writer, work, new_id=new_id)
        self._cache = ResponseCache()
        self._first = FirstResponses()
        self.received = 0
        """Bytes taken from the wire by this run."""

    async def carry(
        self, request: Request, *, series: str, note: dict[str, str] | None = None, repeatable: bool = True
    ) -> Recorded:
        """Carry out an exchange and record it, whatever came of it. Raises only for our own disk (`OSError`).

        A kept connection that the server closed meanwhile, or that may have answered another request, is an attempt
        of its own; the request is then sent again on a connection of its own.
        """
        tag = {"series": series, "note": note, "repeatable": repeatable}
        exchange = await self._wire.carry(request, tag=tag)
        if exchange.failure is not None and exchange.failure.reason == INCOMPLETE_CHAIN and self._fetches_issuers:
            return await self._with_issuer(exchange, request, series, note, tag, repeatable=repeatable)
        if not _died_idle(exchange) and not _is_in_doubt(exchange):
            return await self._record(exchange, series, note, repeatable=repeatable)
        exchange.oddities.append(notes.note("sent-again"))
        first = await self._record(exchange, series, note, repeatable=False)
        again = await self._wire.carry(request, fresh=True, tag=tag)
        second = await self._record(again, series, note, repeatable=repeatable)
        return dataclasses.replace(second, earlier=(first.answer,))

    async def _with_issuer(
        self,
        exchange: Exchange,
        request: Request,
        series: str,
        note: dict[str, str] | None,
        tag: dict[str, Any],
        *,
        repeatable: bool,
    ) -> Recorded:
        """Fetch the certificate that the server left out of its chain, and send the request again with it.

        Browsers do so too. (RFC 5280, section 4.2.2.1) What was fetched is recorded like anything else.
        """
        earlier: list[str] = []
        wire, host = self._wire, request.url.hostname
        while (address := wire.missing_issuer(host)) is not None:
            earlier.append((await self._record(exchange, series, note, repeatable=False)).answer)
            fetched = await wire.carry(Request(address, limits=replace(wire.settings.limits, **ISSUER_LIMITS)))
            purpose: dict[str, str] = {"purpose": Purpose.MISSING_ISSUER}
            issuer = await self._record(fetched, series, purpose, repeatable=False)
            earlier.append(issuer.answer)
            is_added = issuer.status == 200 and wire.add_issuer(host, issuer.content(MAX_SIZE))
            exchange = await wire.carry(request, tag=tag)
            if not is_added:
                break
        last = await self._record(exchange, series, note, repeatable=repeatable)
        return dataclasses.replace(last, earlier=tuple(earlier))

    def recover(self) -> dict[str, Recorded]:
        """Record what a run that was killed had received of large responses; `request_key` -> the part that came.

        The file of a response outlives its record while it serves as a cache: what the journal has is not recorded
        again. Called before the first request.
        """
        found = {}
        journaled = {(each.url.href, each.method, each.started) for each in self._work.exchanges}
        for exchange, tag in interrupted.restore(self._work.spool):
            series, note, repeatable = str(tag["series"]), tag.get("note"), bool(tag.get("repeatable"))
            if (exchange.url.href, exchange.method, warc_date(exchange.started)) in journaled:
                continue
            (written,) = self._exchanges.write(series, [EndedExchange(exchange, note, repeatable)])
            recorded = self._cached(exchange, written)
            if repeatable and exchange.method == "GET":
                found[request_key(exchange.url.href, (note or {}).get("cookies", ""))] = recorded
        return found

    async def refuse(self, request: Request, failure: Failure, *, series: str) -> Recorded:
        """Record that a request was not made, and why: our own policy leaves a trace too."""
        return await self._record(self._wire.refuse(request, failure), series, None, repeatable=False)

    def echoed(self, echo: AddressEchoed) -> None:
        """Record, in the journal alone, that a response contains its reader's address."""
        if echo not in self._work.state.echoes:
            self._work.record(echo)

    def answers(self) -> Iterator[tuple[str, Recorded]]:
        """Every exchange of the work, with the source that requested it first, read back from the WARCs."""
        for recorded in self._work.exchanges:
            yield recorded.series, restore(recorded, self._work.base)

    def close(self) -> None:
        """Free what is in memory; the records stay."""
        self._cache.clear()

    def earlier(self) -> dict[str, Recorded]:
        """What an earlier run of the same work recorded: `request_key` -> its last exchange by GET."""
        exchanges = (self._noted(recorded) for recorded in self._work.exchanges)
        return earlier_exchanges(exchanges, self._work.state.derived, self._work.base)

    def read_back(self, line: int) -> Recorded:
        """The exchange that a line of the journal states."""
        recorded = self._work.exchanges.at(line)
        recorded.read_from(_CachedPayload(self._cache, self._base, recorded))
        return recorded

    def clock_offset(self) -> Note:
        """What the responses of the work, earlier runs' included, say of the collector's clock."""
        first = {recorded.answer: recorded.head for recorded in self._work.exchanges.named({*self._first.names()})}
        return statement(self._first.offsets(first.get))

    def _noted(self, recorded: Recorded) -> Recorded:
        if recorded.head is not None:
            self._first.add(recorded.url.href, recorded.started, recorded.answer)
        return recorded

    async def _record(
        self, exchange: Exchange, series: str, note: dict[str, str] | None, *, repeatable: bool
    ) -> Recorded:
        return self._cached(exchange, await self._exchanges.record(series, EndedExchange(exchange, note, repeatable)))

    def _cached(self, exchange: Exchange, recorded: Recorded) -> Recorded:
        """The recorded exchange with its payload, which the cache has for a while."""
        self.received += exchange.received.size
        self._noted(recorded)
        response = exchange.received.in_memory()
        if response is not None:
            self._cache.put(recorded.answer, response)
        exchange.close()
        recorded.read_from(_CachedPayload(self._cache, self._base, recorded))
        return recorded


class _CachedPayload(Struct, frozen=True):
    """Yields the payload of an exchange from the cache, else from the WARC."""

    cache: ResponseCache
    base: Path
    recorded: Recorded

    def __call__(self) -> Iterator[bytes]:
        recorded = self.recorded
        block = self.cache.get(recorded.answer)
        if block is None:
            return stored_payload(recorded, self.base)
        start = recorded.body_start
        return payload_of(recorded.framing, iter([block[start : start + recorded.size]]))


def _died_idle(exchange: Exchange) -> bool:
    return (
        exchange.failure is not None
        and exchange.failure.reason in ("empty", "reset")
        and not exchange.is_first_on_connection
        and exchange.received.size == 0
        and exchange.method in ("GET", "HEAD")
    )


def _is_in_doubt(exchange: Exchange) -> bool:
    return exchange.is_in_doubt and exchange.method in ("GET", "HEAD")
