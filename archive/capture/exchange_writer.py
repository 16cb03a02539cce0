"""Writes ended exchanges to WARC and journal: those that end in one turn of the event loop are written together.

One write and one digest then serve many, and the code that packs them runs for all of them in a row.
"""

from __future__ import annotations

import asyncio
import errno
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from archive.capture.journal_entries import journal_entry
from archive.capture.warc_records import draft
from archive.net import Exchange
from archive.net.exchange import IN_MEMORY
from archive.warc.new_record import Draft
from archive.warc.writer import WarcWriter
from archive.workfolder.events import RecordsAdded
from archive.workfolder.folder import WorkFolder
from archive.workfolder.recorded import Recorded

_FULL = (errno.ENOSPC, errno.EDQUOT)


@dataclass(frozen=True, slots=True)
class EndedExchange:
    """An exchange to be written, and what its records state beside it."""

    exchange: Exchange
    note: dict[str, str] | None
    repeatable: bool


_Waiting = tuple[EndedExchange, asyncio.Future[Recorded]]
_Description = tuple[object, ...]


class ExchangeWriter:
    """Writes exchanges. `record` runs on the event loop; `write` in any thread, for a series in one at a time."""

    def __init__(self, writer: WarcWriter, work: WorkFolder, *, new_id: Callable[[], str]) -> None:
        self._writer, self._work, self._new_id = writer, work, new_id
        self._described: set[_Description] = {()}
        """What each file describes of connections."""
        self._due: dict[str, list[_Waiting]] = {}
        """By series: what is written once all that ended in this turn of the loop is there."""
        self._in_threads: set[asyncio.Task[None]] = set()

    async def record(self, series: str, ended: EndedExchange) -> Recorded:
        """Write an exchange, and wait until that is done: of a large one in a thread, so that the loop continues."""
        if ended.exchange.received.size > IN_MEMORY:
            return (await asyncio.to_thread(self.write, series, [ended]))[0]
        loop = asyncio.get_running_loop()
        if not self._due:
            loop.call_soon(self._write_due)
        recorded: asyncio.Future[Recorded] = loop.create_future()
        self._due.setdefault(series, []).append((ended, recorded))
        return await recorded

    def _write_due(self) -> None:
        due, self._due = self._due, {}
        for series, waiting in due.items():
            if self._writer.is_busy(series):  # here it would have to wait
                writing = asyncio.get_running_loop().create_task(self._write_in_thread(series, waiting))
                self._in_threads.add(writing)
                writing.add_done_callback(self._in_threads.discard)
            else:
                _settle(waiting, self._outcome(series, waiting))

    async def _write_in_thread(self, series: str, waiting: list[_Waiting]) -> None:
        _settle(waiting, await asyncio.to_thread(self._outcome, series, waiting))

    def _outcome(self, series: str, waiting: list[_Waiting]) -> list[Recorded] | Exception:
        try:
            return self.write(series, [ended for ended, _ in waiting])
        except Exception as error:  # noqa: BLE001 -- it belongs to those that wait
            return error

    def write(self, series: str, ended: Sequence[EndedExchange]) -> list[Recorded]:
        """Write exchanges one after the other. Raises `OSError`: then the run stops, and what was written stays."""
        self._work.check()
        recorded: list[Recorded] = []
        while len(recorded) < len(ended):
            recorded += self._write_some(series, ended[len(recorded) :])
        return recorded

    def _write_some(self, series: str, ended: Sequence[EndedExchange]) -> list[Recorded]:
        """Write together what belongs into one file, the first of them at least."""
        answers: list[str] = []
        described: set[_Description] = set()
        try:
            written = self._writer.append_some(
                series, lambda path: self._drafts(path, ended, answers, described), ended[0].exchange.started
            )
        except OSError as error:
            if len(ended) == 1 or error.errno not in _FULL:
                raise
            return self._write_some(series, ended[:1])  # where all of them do not fit, some may
        self._described |= described
        recorded = [
            journal_entry(one.exchange, series, answer, lines, one.note, repeatable=one.repeatable)
            for one, answer, lines in zip(ended, answers, written, strict=False)
        ]
        added = zip(written, recorded, strict=True)
        self._work.record(*[RecordsAdded(lines, exchange=exchange) for lines, exchange in added])
        return recorded

    def _drafts(
        self, path: str, ended: Sequence[EndedExchange], answers: list[str], described: set[_Description]
    ) -> Iterator[list[Draft]]:
        """Yield the records of each exchange for a file; note which of them stands for it, and what it describes."""
        for one in ended:
            connection = _description(path, one.exchange)
            is_new = connection not in self._described and connection not in described
            described.add(connection)
            drafted = draft(one.exchange, self._new_id, describe_connection=is_new, note=one.note)
            answers.append(drafted.answer)
            yield drafted.drafts


def _settle(waiting: list[_Waiting], outcome: list[Recorded] | Exception) -> None:
    """Give each who waits what became of its exchange."""
    for number, (_, recorded) in enumerate(waiting):
        if recorded.done():
            continue  # cancelled: the run is being stopped
        if isinstance(outcome, Exception):
            recorded.set_exception(outcome)
        else:
            recorded.set_result(outcome[number])


def _description(path: str, exchange: Exchange) -> _Description:
    """What a file describes of a connection, once: each file is to stand alone. Empty where there was none.

    Parallel connections to one host that differ in nothing are described once, but for those with certificates: what
    each of them showed is recorded.
    """
    facts = exchange.connection
    if facts is None:
        return ()
    if facts.tls is not None:
        return path, facts.number
    peer = facts.resolved, facts.peer, facts.peer_port
    return path, exchange.url.host, exchange.url.port, *peer, facts.proxied, facts.mapped
