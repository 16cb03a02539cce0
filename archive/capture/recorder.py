"""The recorder: carries out an exchange, and writes it to the WARC and the journal before anybody looks at it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any

from archive.capture.journal_entries import (
    earlier_exchanges,
    journal_entry,
    request_key,
    restore,
    stored_payload,
)
from archive.capture.response_cache import ResponseCache
from archive.capture.warc_records import draft
from archive.http import payload_of
from archive.net import Exchange, Failure, HttpClient, Request, interrupted
from archive.net.certificates import MAX_SIZE
from archive.warc.new_record import Draft, warc_date
from archive.warc.writer import WarcWriter
from archive.workfolder.events import AddressEchoed, RecordsAdded
from archive.workfolder.folder import WorkFolder
from archive.workfolder.recorded import Recorded
from archive_manifests import notes
from archive_manifests.exchanges import Purpose

INCOMPLETE_CHAIN = "tls-intermediate"
ISSUER_LIMITS: dict[str, Any] = {"body_size": MAX_SIZE, "head": 20.0, "whole": 30.0}


class Recorder:
    """The one way from a request to a record. Safe to use from many threads."""

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
        self._wire, self._writer, self._work = wire, writer, work
        self._new_id, self._now = new_id, now
        self._described: set[tuple[str, int]] = set()
        self._cache = ResponseCache()
        self._lock = threading.Lock()
        self.received = 0
        """Bytes taken from the wire by this run."""

    def carry(
        self, request: Request, *, series: str, note: dict[str, str] | None = None, repeatable: bool = True
    ) -> Recorded:
        """Carry out an exchange and record it, whatever came of it. Raises only for our own disk (`OSError`).

        A kept connection that the server closed meanwhile, or that may have answered another request, is an attempt
        of its own; the request is then sent again on a connection of its own.
        """
        request = replace(request, tag={"series": series, "note": note, "repeatable": repeatable})
        exchange = self._wire.exchange(request)
        if exchange.failure is not None and exchange.failure.reason == INCOMPLETE_CHAIN and self._fetches_issuers:
            return self._with_issuer(exchange, request, series, note, repeatable=repeatable)
        if not _died_idle(exchange) and not _is_in_doubt(exchange):
            return self._record(exchange, series, note, repeatable=repeatable)
        exchange.oddities.append(notes.note("sent-again"))
        first = self._record(exchange, series, note, repeatable=False)
        again = self._wire.exchange(request, fresh=True)
        return replace(self._record(again, series, note, repeatable=repeatable), earlier=(first.answer,))

    def _with_issuer(
        self, exchange: Exchange, request: Request, series: str, note: dict[str, str] | None, *, repeatable: bool
    ) -> Recorded:
        """Fetch the certificate that the server left out of its chain, and send the request again with it.

        Browsers do so too. (RFC 5280, section 4.2.2.1) What was fetched is recorded like anything else.
        """
        earlier: list[str] = []
        while (address := self._wire.missing_issuer(request.url.hostname)) is not None:
            earlier.append(self._record(exchange, series, note, repeatable=False).answer)
            fetched = self._wire.exchange(Request(address, limits=replace(self._wire.settings.limits, **ISSUER_LIMITS)))
            purpose: dict[str, str] = {"purpose": Purpose.MISSING_ISSUER}
            issuer = self._record(fetched, series, purpose, repeatable=False)
            earlier.append(issuer.answer)
            is_added = issuer.status == 200 and self._wire.add_issuer(request.url.hostname, issuer.content(MAX_SIZE))
            exchange = self._wire.exchange(request)
            if not is_added:
                break
        return replace(self._record(exchange, series, note, repeatable=repeatable), earlier=tuple(earlier))

    def recover(self) -> dict[str, Recorded]:
        """Record what a run that was killed had received of large responses; `request_key` -> the part that came.

        The file of a response outlives its record while it serves as a cache: what the journal has is not recorded
        again.
        """
        found = {}
        journaled = {(each.url.href, each.method, each.started) for each in self._work.state.exchanges}
        for exchange, tag in interrupted.restore(self._work.spool):
            series, note, repeatable = str(tag["series"]), tag.get("note"), bool(tag.get("repeatable"))
            if (exchange.url.href, exchange.method, warc_date(exchange.started)) in journaled:
                continue
            recorded = self._record(exchange, series, note, repeatable=repeatable)
            if repeatable and exchange.method == "GET":
                found[request_key(exchange.url.href, (note or {}).get("cookies", ""))] = recorded
        return found

    def refuse(self, request: Request, failure: Failure, *, series: str) -> Recorded:
        """Record that a request was not made, and why: our own policy leaves a trace too."""
        return self._record(self._wire.refuse(request, failure), series, None, repeatable=False)

    def echoed(self, echo: AddressEchoed) -> None:
        """Record, in the journal alone, that a response contains its reader's address."""
        with self._lock:
            if echo not in self._work.state.echoes:
                self._work.record(echo)

    def answers(self) -> Iterator[tuple[str, Recorded]]:
        """Every exchange of the work, with the source that requested it first, read back from the WARCs."""
        for recorded in list(self._work.state.exchanges):
            yield recorded.series, restore(recorded, self._work.base)

    def earlier(self) -> dict[str, Recorded]:
        """What an earlier run of the same work recorded: `request_key` -> its last exchange by GET."""
        return earlier_exchanges(self._work.state, self._work.base)

    def _record(self, exchange: Exchange, series: str, note: dict[str, str] | None, *, repeatable: bool) -> Recorded:
        self._work.check()
        answer = ""

        def drafts_for(path: str) -> list[Draft]:
            nonlocal answer
            drafted = draft(exchange, self._new_id, describe_connection=self._is_new(path, exchange), note=note)
            answer = drafted.answer
            return drafted.drafts

        lines = self._writer.append_for(series, drafts_for, exchange.started)
        recorded = journal_entry(exchange, series, answer, lines, note, repeatable=repeatable)
        self._work.record(RecordsAdded(lines, exchange=recorded))
        with self._lock:
            self.received += exchange.received.size
        exchange.sent.close()
        self._cache.put(answer, exchange)
        return replace(recorded, _payload=partial(self._payload, recorded))

    def _payload(self, recorded: Recorded) -> Iterator[bytes]:
        block = self._cache.get(recorded.answer)
        if block is None:
            return stored_payload(recorded, self._work.base)
        start = recorded.body_start
        return payload_of(recorded.framing, iter([block[start : start + recorded.size]]))

    def _is_new(self, path: str, exchange: Exchange) -> bool:
        """True where this file does not describe the connection yet: each file is to stand alone."""
        if exchange.connection is None:
            return False
        key = (path, exchange.connection.number)
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


def _is_in_doubt(exchange: Exchange) -> bool:
    return exchange.is_in_doubt and exchange.method in ("GET", "HEAD")
