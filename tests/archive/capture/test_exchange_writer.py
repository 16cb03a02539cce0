"""Writing ended exchanges: together where they end together, and none of them half."""

from __future__ import annotations

import asyncio
import errno
import itertools
import random
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from archive.capture.exchange_writer import EndedExchange, ExchangeWriter
from archive.net import Exchange, ExchangeLimits
from archive.net.exchange import ConnectionFacts, Spool
from archive.net.limits import ByteBudget, Deadlines
from archive.net.response_reading import ResponseReading
from archive.urls import parse
from archive.warc import writer as warc_writer
from archive.workfolder import folder as works
from archive.workfolder.journal import Journal
from archive.workfolder.recorded import Recorded
from tests.archive.net.recorder_setup import Rig, rig, stored

NOW = datetime(2026, 11, 22, 10, 0, 0, 123456, tzinfo=UTC)


def ended(number: int, size: int = 5) -> EndedExchange:
    """An exchange that was carried out: the response has so many bytes, which do not compress."""
    exchange = Exchange(parse(f"http://a.example/{number}"), "GET", NOW, Spool(), Spool(), ended=NOW)
    exchange.connection = ConnectionFacts(1, ("192.0.2.1",), "192.0.2.1", 80)
    exchange.sent.write(b"GET /%d HTTP/1.1\r\nHost: a.example\r\n\r\n" % number)
    reading = ResponseReading(exchange, Deadlines(ExchangeLimits()), 1 << 30, ByteBudget(None))
    reading.take(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % size + random.Random(number).randbytes(size))
    assert reading.finish(0)
    return EndedExchange(exchange, None, repeatable=True)


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Rig]:
    with rig(tmp_path, roll_at=20_000) as bench:
        yield bench


def exchanges(bench: Rig) -> ExchangeWriter:
    numbers = itertools.count(10**6)
    return ExchangeWriter(bench.writer, bench.work, new_id=lambda: f"urn:uuid:{next(numbers):036d}")


def at_once(bench: Rig, *wanted: tuple[str, EndedExchange]) -> list[Recorded | BaseException]:
    """What becomes of exchanges that end in one turn of the loop."""
    writing = exchanges(bench)

    async def record() -> list[Recorded | BaseException]:
        return await asyncio.gather(*(writing.record(*each) for each in wanted), return_exceptions=True)

    return asyncio.run(record())


def assert_agree(bench: Rig, count: int) -> None:
    """The journal names all that the WARCs hold, which are sound; `count` exchanges of it."""
    log = list(bench.work.state.records())
    assert [f"<{line.id}>" for line in log] == [record.id for warc in bench.warcs() for record in stored(warc)]
    assert len(list(bench.work.exchanges)) == count


def test_what_ends_in_one_turn_of_the_loop_is_written_at_once(bench: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    writes: list[str] = []
    to_warc, to_journal = warc_writer._write_whole, Journal._write
    monkeypatch.setattr(warc_writer, "_write_whole", lambda *given: (writes.append("warc"), to_warc(*given)))
    monkeypatch.setattr(Journal, "_write", lambda *given: (writes.append("journal"), to_journal(*given)))
    got = at_once(bench, *[("s01", ended(number)) for number in range(1, 8)], ("s02", ended(9)))
    assert [one.url.target for one in got if isinstance(one, Recorded)] == [f"/{number}" for number in (*range(1, 8), 9)]
    assert writes == ["warc", "warc", "journal"] * 2  # the warcinfo of each file is written first
    assert_agree(bench, 8)
    described = [record for warc in bench.warcs() for record in stored(warc) if record.type == "metadata"]
    assert len(described) == 2  # the connection, once in each file


def test_each_exchange_is_read_back_from_its_line(bench: Rig) -> None:
    got = at_once(bench, *[("s01", ended(number)) for number in range(1, 6)])
    for one in got:
        assert isinstance(one, Recorded) and one.line is not None
        assert bench.work.exchanges.at(one.line) == one


def test_exchanges_that_end_together_go_on_in_the_next_file(bench: Rig) -> None:
    got = at_once(bench, *[("s01", ended(number, 6000)) for number in range(1, 11)])
    assert all(isinstance(one, Recorded) for one in got)
    sizes = [warc.stat().st_size for warc in sorted(bench.warcs(), key=lambda warc: (len(warc.name), warc.name))]
    assert [size >= 20_000 for size in sizes] == [True, True, True, False]
    assert_agree(bench, 10)
    for warc in bench.warcs():
        types = [record.type for record in stored(warc)]
        assert types[0] == "warcinfo"
        assert types.count("request") == types.count("response")


def test_of_a_full_disk_as_much_is_written_as_fits(bench: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    """What ended together is written one by one then, so that the one that does not fit is the only one that is lost."""
    room = 10_000
    write = warc_writer._write_whole

    def full(handle: object, piece: bytes) -> None:
        nonlocal room
        if len(piece) > room:
            raise OSError(errno.ENOSPC, "No space left on device")
        room -= len(piece)
        write(handle, piece)  # type: ignore[arg-type]

    monkeypatch.setattr(warc_writer, "_write_whole", full)
    got = at_once(bench, *[("s01", ended(number, 3000)) for number in range(1, 6)])
    assert [isinstance(one, OSError) for one in got] == [True] * 5  # the run stops
    assert_agree(bench, 2)
    monkeypatch.undo()
    at_once(bench, ("s01", ended(9)))
    assert_agree(bench, 3)


def test_another_error_of_the_disk_is_met_once(bench: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    tried = []

    def broken(*_: object) -> None:
        tried.append(1)
        raise OSError(errno.EIO, "Input/output error")

    at_once(bench, ("s01", ended(1)))
    monkeypatch.setattr(warc_writer, "_write_whole", broken)
    got = at_once(bench, ("s01", ended(2)), ("s01", ended(3)))
    assert [isinstance(one, OSError) for one in got] == [True, True]
    assert len(tried) == 1
    assert_agree(bench, 1)


def test_a_series_that_is_being_written_is_waited_for_in_a_thread(bench: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    threads = []
    append = bench.writer.append_some

    def seen(*given: object) -> object:
        threads.append(threading.current_thread())
        return append(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(bench.writer, "append_some", seen)
    monkeypatch.setattr(bench.writer, "is_busy", lambda series: series == "s02")
    got = at_once(bench, ("s01", ended(1)), ("s02", ended(2)), ("s02", ended(3)))
    assert all(isinstance(one, Recorded) for one in got)
    assert [thread is threading.main_thread() for thread in threads] == [True, False]
    assert_agree(bench, 3)


def test_who_was_cancelled_takes_nothing_from_the_others(bench: Rig) -> None:
    writing = exchanges(bench)

    async def record() -> list[Recorded | BaseException]:
        tasks = [asyncio.create_task(writing.record("s01", ended(number))) for number in (1, 2)]
        await asyncio.sleep(0)
        tasks[0].cancel()
        return await asyncio.gather(*tasks, return_exceptions=True)

    cancelled, recorded = asyncio.run(record())
    assert isinstance(cancelled, asyncio.CancelledError)
    assert isinstance(recorded, Recorded)
    assert_agree(bench, 2)


def test_a_resumed_folder_holds_what_was_written_together(bench: Rig) -> None:
    at_once(bench, *[("s01", ended(number)) for number in range(1, 5)])
    bench.writer.close()
    bench.work.close()
    again = works.reopen(bench.work.path, now=None)
    try:
        assert [one.url.target for one in again.exchanges] == ["/1", "/2", "/3", "/4"]
    finally:
        again.close()
