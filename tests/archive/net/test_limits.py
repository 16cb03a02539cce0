"""The clocks and bounds of an exchange: what is dead is given up, what is slow is waited for."""

from __future__ import annotations

import socket
import time
import tracemalloc
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from archive.net import ExchangeLimits
from archive.net.limits import ByteBudget, Deadlines, RateLimit, TooSlowError
from archive.net.router import ConnectTo
from archive.words.notes import describe
from tests.archive.net.recorder_setup import SHORT, rig
from tests.world.cases import CASES
from tests.world.faulty import Case, Drip, Endless, FaultyServer
from tests.world.replies import Pause


class Clock:
    """A clock that stands still until the test moves it."""

    def __init__(self) -> None:
        self.time = 1000.0

    def __call__(self) -> float:
        return self.time

    def sleep(self, seconds: float) -> None:
        self.time += seconds


def wired(server: FaultyServer) -> dict[str, Any]:
    return {"connect_to": tuple(map(ConnectTo.parse, server.connect_to))}


def downloaded(pace: Deadlines, clock: Clock, *, every: float, size: int, seconds: float) -> float:
    """Play a body that brings `size` bytes `every` so many seconds; when it was given up, or `seconds`."""
    began = clock()
    pace.await_head()
    pace.await_body()
    while clock() - began < seconds:
        if every > pace.patience():
            raise pace.stalled()
        clock.sleep(every)
        pace.received(size)
    return clock() - began


def test_four_bytes_a_second_end_after_a_minute() -> None:
    clock = Clock()
    with pytest.raises(TooSlowError, match=r"under 512 bytes/s over 60 s"):
        downloaded(Deadlines(ExchangeLimits(), clock), clock, every=0.25, size=1, seconds=3600)
    assert 60 <= clock() - 1000 <= 61


@pytest.mark.parametrize(("every", "size"), [(1.0, 600), (20.0, 12_000), (55.0, 40_000), (0.5, 300)])
def test_an_honest_slow_download_continues_for_hours(every: float, size: int) -> None:
    clock = Clock()
    assert downloaded(Deadlines(ExchangeLimits(), clock), clock, every=every, size=size, seconds=5 * 3600) >= 5 * 3600


def test_a_fast_start_does_not_pay_for_a_drip_afterwards() -> None:
    clock = Clock()
    pace = Deadlines(ExchangeLimits(), clock)
    downloaded(pace, clock, every=0.1, size=100_000, seconds=10)
    with pytest.raises(TooSlowError, match="under 512"):
        while True:
            pace.patience()
            clock.sleep(0.25)
            pace.received(1)
    assert clock() - 1000 < 10 + 62


def test_nothing_continues_for_longer_than_six_hours() -> None:
    clock = Clock()
    with pytest.raises(TooSlowError, match="not complete after 21600 s"):
        downloaded(Deadlines(ExchangeLimits(), clock), clock, every=10, size=100_000, seconds=7 * 3600)
    assert clock() - 1000 == pytest.approx(6 * 3600, abs=11)


def test_a_head_has_a_minute_however_it_drips() -> None:
    clock = Clock()
    pace = Deadlines(ExchangeLimits(), clock)
    pace.await_head()
    with pytest.raises(TooSlowError, match="no complete head within 60 s"):
        while True:
            assert pace.patience() <= 60
            clock.sleep(0.25)
            pace.received(1)
    assert clock() - 1000 == 60


def test_our_own_limit_on_the_rate_is_not_compared_with_the_server() -> None:
    clock = Clock()
    pace, rate_limit = Deadlines(ExchangeLimits(), clock), RateLimit(200, clock)
    pace.await_head()
    pace.await_body()
    for _ in range(10_000):
        pace.patience()
        pace.received(rate_limit.piece)
        wait = rate_limit.take(rate_limit.piece)
        clock.sleep(wait)
        pace.paused(wait)
    assert clock() - 1000 > 6 * 3600  # 5 MB at 200 bytes/s, ours to answer for


def test_many_connections_together_keep_to_the_rate() -> None:
    rate_limit = RateLimit(1000, Clock())
    assert max(rate_limit.take(500) for _ in range(40)) == pytest.approx(20)  # the last of 20,000 bytes


@pytest.mark.parametrize("rate", [40_000.0, 400_000.0])
def test_limit_rate_holds_on_a_real_line(tmp_path: Path, rate: float) -> None:
    body = bytes(range(256)) * int(rate / 256)
    case = Case("fast", (b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body) + body,))
    with FaultyServer(case) as server, rig(tmp_path, rate=rate, **wired(server)) as bench:
        began = time.monotonic()
        recorded = bench.get(server.url())
        assert recorded.truncated is None and b"".join(recorded.payload()) == body
        assert 0.8 < time.monotonic() - began < 5


def test_a_low_limit_rate_does_not_make_the_answer_too_slow(tmp_path: Path) -> None:
    body = bytes(6000)
    case = Case("fast", (b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body) + body,))
    strict = replace(SHORT, slowest=20_000.0, window=0.4)
    with FaultyServer(case) as server, rig(tmp_path, rate=3000.0, limits=strict, **wired(server)) as bench:
        assert bench.get(server.url()).truncated is None


def test_a_spent_budget_cuts_the_answer_and_refuses_the_next(tmp_path: Path) -> None:
    big = Case("big", (b"HTTP/1.1 200 OK\r\nContent-Length: 500000\r\n\r\n" + bytes(500_000),))
    with FaultyServer(big) as server, rig(tmp_path, total=200_000, **wired(server)) as bench:
        first, second = bench.get(server.url()), bench.get(server.url("/following"))
        assert (first.truncated, first.status) == ("length", 200)
        assert 200_000 <= first.size < 400_000
        assert second.failure is not None and (second.failure.stage, second.failure.reason) == ("policy", "limit")
        assert second.failure.message == "the run's limit on bytes in all is reached (--max-total)"
        assert [record.get("WARC-Truncated") for record in bench.records() if record.type == "response"] == ["length"]
        assert len(server.said()) == 1


def test_a_budget_without_a_bound_is_never_spent() -> None:
    budget = ByteBudget(None)
    budget.spend(1 << 60)
    assert not budget.is_spent


@pytest.mark.parametrize("tls", [False, True], ids=["http", "https"])
def test_an_endless_answer_takes_no_more_than_the_limit_and_little_memory(tmp_path: Path, tls: bool) -> None:
    noise = bytes(range(256)) * 256
    case = Case("endless", (b"HTTP/1.1 200 OK\r\nContent-Type: video/mp4\r\n\r\n", Endless(noise)))
    with FaultyServer(case, tls=tls) as server:
        limits = replace(SHORT, body_size=24 << 20, window=30, stall=10)
        with rig(tmp_path, limits=limits, cacerts=(Path(server.ca_file),), **wired(server)) as bench:
            bench.get(server.url("/following"))
            tracemalloc.start()
            recorded = bench.get(server.url())
            peak = tracemalloc.get_traced_memory()[1]
            tracemalloc.stop()
            assert recorded.truncated == "length"
            assert (24 << 20) < recorded.size <= (24 << 20) + (1 << 16)
            # The server's own copy of what it said (64 MiB at most) is in this process too.
            assert peak - server.said("/")[0].size < 12 << 20


def test_a_gzip_bomb_is_stored_whole_and_looked_at_in_part(tmp_path: Path) -> None:
    with FaultyServer(CASES["gzip-bomb"]) as server, rig(tmp_path, **wired(server)) as bench:
        recorded = bench.get(server.url())
        stored = [record.block for record in bench.records() if record.type == "response"]
        assert stored == server.answers("/")
        tracemalloc.start()
        looked_at = recorded.content(4 << 20)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert looked_at == bytes(4 << 20)
        assert peak < 20 << 20


def test_a_server_that_never_reads_is_given_up(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0), backlog=1) as deaf:
        deaf.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        ways = (ConnectTo.parse(f"deaf.example:80:127.0.0.1:{deaf.getsockname()[1]}"),)
        with rig(tmp_path, limits=replace(SHORT, stall=0.4), connect_to=ways) as bench:
            recorded = bench.get("http://deaf.example/", method="POST", body=bytes(20 << 20))
            assert recorded.failure is not None
            assert (recorded.failure.stage, recorded.failure.reason) == ("send", "timeout")


def test_drips_of_every_kind_end_and_say_which_clock_stopped_them(tmp_path: Path) -> None:
    head = b"HTTP/1.1 200 OK\r\n"
    drips = {
        "status-line": ((Drip(b"H" * 1000, 0.02),), "not-http"),
        "head": ((head, Drip(b"X: " + b"y" * 1000, 0.02)), "no complete head within 0.5 s"),
        "body": ((head + b"Content-Length: 5000\r\n\r\n", Drip(bytes(5000), 0.05)), "under 64 bytes/s over 0.5 s"),
        "chunk-size": (
            (head + b"Transfer-Encoding: chunked\r\n\r\n", Drip(b"0" * 5000, 0.05)),
            "under 64 bytes/s over 0.5 s",
        ),
        "trailers": (
            (head + b"Transfer-Encoding: chunked\r\n\r\n0\r\n", Drip(b"X: y\r\n" * 5000, 0.05)),
            "under 64 bytes/s over 0.5 s",
        ),
        "stalls": ((head + b"Content-Length: 5000\r\n\r\n" + bytes(4000), Pause(30)), "nothing came for 0.6 s"),
    }
    limits = replace(SHORT, head=0.5, stall=0.6, window=0.5)
    for name, (script, why) in drips.items():
        case = Case(name, script)  # type: ignore[arg-type]
        with FaultyServer(case) as server, rig(tmp_path / name, limits=limits, **wired(server)) as bench:
            began = time.monotonic()
            recorded = bench.get(server.url())
            assert time.monotonic() - began < 4, name
            failure = recorded.failure
            observed = [*map(describe, recorded.oddities), *([failure.reason, failure.message] if failure else [])]
            assert any(each.endswith(why) for each in observed), (name, observed)
            answer = next(record for record in bench.records() if record.name == recorded.answer)
            assert answer.get("WARC-Truncated") == "time", name


def test_whoever_shows_progress_learns_of_bytes_as_they_arrive_with_and_without_a_limit() -> None:
    for total in (None, 10):
        arrived: list[int] = []
        budget = ByteBudget(total, arrived.append)
        budget.spend(7)
        budget.spend(4)
        assert (arrived, budget.is_spent) == ([7, 4], total is not None)
