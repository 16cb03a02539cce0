"""A connection is reused only where nothing of one response can be taken for the next."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from archive.net import client
from archive.net.router import ConnectTo
from archive_manifests.notes import note
from tests.archive.net.recorder_setup import Rig, rig
from tests.world.faulty import Case, Expect, FaultyServer
from tests.world.replies import Close, Pause

HELLO = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"
EVIL = b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil"
RIGHT = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nright"


def case(first: tuple[object, ...], second: tuple[object, ...] = (RIGHT,)) -> Case:
    return Case("kept", first, Expect(), {"/second": second})  # type: ignore[arg-type]


def wired(server: FaultyServer) -> dict[str, object]:
    ways = tuple(map(ConnectTo.parse, server.connect_to))
    return {"connect_to": ways, "cacerts": (Path(server.ca_file),)}


def block(bench: Rig, record_id: str) -> bytes:
    return next(record.block for record in bench.records() if record.name == record_id)


@pytest.mark.parametrize("tls", [False, True], ids=["http", "https"])
def test_an_answer_that_may_belong_to_the_request_before_is_requested_again(tmp_path: Path, tls: bool) -> None:
    """The second answer comes with bytes behind it: the first of them may be what the first request had left over."""
    script = case((HELLO,), (EVIL + RIGHT, Pause(0.05)))
    with FaultyServer(script, tls=tls) as server, rig(tmp_path, **wired(server)) as bench:
        bench.get(server.url())
        second = bench.get(server.url("/second"))
        said = server.said("/second")
        assert [each.connection for each in said] == [1, 2]
        assert len(second.earlier) == 1
        assert block(bench, second.earlier[0]) == EVIL + RIGHT
        assert block(bench, second.answer) == EVIL + RIGHT  # on a connection of its own there is no doubt whose it is
        assert second.oddities[0].code != "sent-again"


def test_a_junk_answer_on_a_reused_connection_is_requested_again(tmp_path: Path) -> None:
    """A body longer than its Content-Length, the rest of which comes when the next answer is awaited."""
    turns = iter([(b"lo, and more\n", Close()), (RIGHT,)])

    class Server(FaultyServer):
        def _step(self, connection, said, step):  # type: ignore[no-untyped-def]
            steps = next(turns) if step == b"turn" else (step,)
            return all(super(Server, self)._step(connection, said, each) for each in steps)

    with Server(case((HELLO,), (b"turn",))) as server, rig(tmp_path, **wired(server)) as bench:
        bench.get(server.url())
        second = bench.get(server.url("/second"))
        assert block(bench, second.answer) == RIGHT
        assert [block(bench, earlier) for earlier in second.earlier] == [b"lo, and more\n"]
        observed = [record.observed for record in bench.records() if record.type == "metadata"]
        assert any(oddity["code"] == "sent-again" for each in observed for oddity in each["oddities"])


def test_unsolicited_bytes_on_an_idle_connection_are_reported_and_end_it(tmp_path: Path) -> None:
    with FaultyServer(case((HELLO, Pause(0.05), EVIL))) as server, rig(tmp_path, **wired(server)) as bench:
        bench.get(server.url())
        time.sleep(0.3)
        second = bench.get(server.url("/second"))
        assert block(bench, second.answer) == RIGHT
        observed = note("unrequested-input", n=len(EVIL))
        assert second.oddities == (observed,)


def test_a_connection_that_died_while_idle_is_an_attempt_with_a_record(tmp_path: Path) -> None:
    class Server(FaultyServer):
        def _step(self, connection, said, step):  # type: ignore[no-untyped-def]
            if step == b"die once" and said.connection == 1:
                return False
            return super()._step(connection, said, RIGHT if step == b"die once" else step)

    with Server(case((HELLO,), (b"die once",))) as server, rig(tmp_path, **wired(server)) as bench:
        bench.get(server.url())
        second = bench.get(server.url("/second"))
        assert block(bench, second.answer) == RIGHT
        first = next(record for record in bench.records() if record.name == second.earlier[0])
        assert first.type == "metadata"
        assert first.observed["failure"]["reason"] == "empty"
        assert len(server.said("/second")) == 2


def test_a_post_is_sent_once_and_on_a_connection_of_its_own(tmp_path: Path) -> None:
    with FaultyServer(case((HELLO,), (Close(),))) as server, rig(tmp_path, **wired(server)) as bench:
        bench.get(server.url())
        posted = bench.get(server.url("/second"), method="POST", body=b"x=1")
        assert [each.connection for each in server.said("/second")] == [2]
        assert posted.failure is not None and posted.failure.reason == "empty"


def test_no_more_idle_connections_stay_open_than_a_machine_allows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client, "MOST_IDLE", 3)
    with FaultyServer(case((HELLO,))) as server:
        ways = tuple(ConnectTo.parse(f"h{n}.example:80:127.0.0.1:{server.port}") for n in range(9))
        with rig(tmp_path, connect_to=ways) as bench:
            for number in range(9):
                bench.get(f"http://h{number}.example/")
            assert len(bench.wire._idle) == 3
            for number in (6, 7, 8, 0):
                bench.get(f"http://h{number}.example/second")
            assert [each.connection for each in server.said("/second")] == [7, 8, 9, 10]
