"""Of a name's addresses, whichever answers first: what is dead, mute or unreachable costs a moment."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from archive.net import connect as race
from archive.net.connect import NotConnected, in_turn

pytestmark = pytest.mark.timeout(20)


@pytest.fixture
def stack() -> Iterator[ExitStack]:
    with ExitStack() as stack:
        yield stack


def connect(addresses: tuple[str, ...], port: int, seconds: float) -> tuple[socket.socket, tuple[str, int]]:
    return asyncio.run(race.connect(addresses, port, seconds))


def listening(stack: ExitStack, address: str, port: int = 0) -> int:
    sock = stack.enter_context(socket.socket())
    sock.bind((address, port))
    sock.listen(5)
    return int(sock.getsockname()[1])


def mute(stack: ExitStack, address: str, port: int) -> None:
    """An address whose packets go nowhere: its queue is full, and the system drops what comes."""
    sock = stack.enter_context(socket.socket())
    sock.bind((address, port))
    sock.listen(0)
    for _ in range(8):
        filling = stack.enter_context(socket.socket())
        filling.setblocking(False)
        filling.connect_ex((address, port))


def test_a_mute_address_is_not_waited_for(stack: ExitStack) -> None:
    port = listening(stack, "127.0.0.3")
    mute(stack, "127.0.0.2", port)
    sock, peer = connect(("127.0.0.2", "127.0.0.3"), port, 3600)
    with sock:
        assert (peer, sock.getpeername()) == (("127.0.0.3", port), ("127.0.0.3", port))


def test_an_address_that_refuses_makes_room_at_once(stack: ExitStack, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(race, "DELAY", 3600.0)
    port = listening(stack, "127.0.0.3")
    sock, peer = connect(("127.0.0.2", "127.0.0.3"), port, 3600)
    sock.close()
    assert peer == ("127.0.0.3", port)


def test_the_first_address_wins_where_it_answers(stack: ExitStack) -> None:
    port = listening(stack, "127.0.0.2")
    listening(stack, "127.0.0.3", port)
    sock, peer = connect(("127.0.0.2", "127.0.0.3"), port, 3600)
    sock.close()
    assert peer == ("127.0.0.2", port)


def test_where_none_answers_each_is_named_with_its_own_reason(stack: ExitStack) -> None:
    port = listening(stack, "127.0.0.4")
    mute(stack, "127.0.0.2", port)
    with pytest.raises(NotConnected) as observed:
        connect(("127.0.0.2", "127.0.0.3", "::ffff:0:1"), port, 0.4)
    reasons = {address: type(error) for address, error in observed.value.failures}
    assert reasons.keys() == {"127.0.0.2", "127.0.0.3", "::ffff:0:1"}
    assert reasons["127.0.0.2"] is TimeoutError
    assert reasons["127.0.0.3"] is not TimeoutError


def test_what_lost_is_closed(stack: ExitStack, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[socket.socket] = []

    class Seen(socket.socket):
        def __init__(self, *args: int) -> None:
            super().__init__(*args)
            if args[:1] == (socket.AF_INET,):  # not the loop's own pair
                opened.append(self)

    port = listening(stack, "127.0.0.3")
    mute(stack, "127.0.0.2", port)
    monkeypatch.setattr(race.socket, "socket", Seen)
    sock, _ = connect(("127.0.0.2", "127.0.0.3"), port, 3600)
    assert [each.fileno() == -1 for each in opened] == [True, False]
    sock.close()


def test_a_peer_that_is_not_the_judged_address_is_refused(stack: ExitStack, monkeypatch: pytest.MonkeyPatch) -> None:
    port = listening(stack, "127.0.0.3")
    monkeypatch.setattr(race, "_sockaddr", lambda address, port: ("127.0.0.3", port))
    with pytest.raises(NotConnected, match=r"connected to 127\.0\.0\.3 instead of 127\.0\.0\.2"):
        connect(("127.0.0.2",), port, 5)


@pytest.mark.parametrize(
    ("resolved", "tried"),
    [
        (("2001:db8::1", "2001:db8::2", "192.0.2.1"), ["2001:db8::1", "192.0.2.1", "2001:db8::2"]),
        (("192.0.2.1", "192.0.2.2"), ["192.0.2.1", "192.0.2.2"]),
        (("192.0.2.1", "2001:db8::1"), ["192.0.2.1", "2001:db8::1"]),
        (tuple(f"192.0.2.{n}" for n in range(9)), [f"192.0.2.{n}" for n in range(6)]),
    ],
)
def test_the_families_take_turns(resolved: tuple[str, ...], tried: list[str]) -> None:
    assert in_turn(resolved) == tried


@pytest.mark.parametrize("zone", ["99999999999999999999", "no-such-interface", "", "0", "-1", "a" * 300, "\ud800"])
def test_an_address_in_a_zone_that_is_not_there_is_a_failed_connection(zone: str) -> None:
    with pytest.raises(NotConnected) as failed:
        connect((f"fe80::1%{zone}",), 9, 0.2)
    assert [address for address, _ in failed.value.failures] == [f"fe80::1%{zone}"]
