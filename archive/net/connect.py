"""Connects to whichever of a name's addresses accepts first: an address that is dead costs a moment, not a timeout.

Happy Eyeballs, version 2 (RFC 8305): the families in turn, a new attempt every quarter of a second, at once after a
failure. Every address was checked before; the peer of the winner is compared with the address that was requested.
"""

from __future__ import annotations

import contextlib
import os
import select
import selectors
import socket
import time
from collections import deque
from itertools import chain, zip_longest


def is_ready(sock: socket.socket, seconds: float, *, writing: bool = False) -> bool:
    """Say whether the socket may be read (or written) within so many seconds without blocking."""
    if not hasattr(select, "poll"):  # Windows, where select takes any socket
        read, write, _ = select.select([] if writing else [sock], [sock] if writing else [], [], seconds)
        return bool(read or write)
    waiting = select.poll()
    waiting.register(sock, select.POLLOUT if writing else select.POLLIN | select.POLLPRI)
    return bool(waiting.poll(seconds * 1000))


AT_MOST = 6
"""Addresses that are tried."""
DELAY = 0.25
"""Seconds before the next attempt starts beside those that have not ended. (RFC 8305, section 5)"""


class NotConnected(Exception):
    """None of the addresses accepted the connection; `failures` states why, address by address."""

    def __init__(self, failures: list[tuple[str, OSError]]) -> None:
        super().__init__("; ".join(f"{address}: {error.strerror or error}" for address, error in failures))
        self.failures = failures


def in_turn(addresses: tuple[str, ...]) -> list[str]:
    """The resolver's order, with the families taking turns. (RFC 8305, section 4)"""
    first = [each for each in addresses if (":" in each) == (":" in addresses[0])]
    second = [each for each in addresses if each not in first]
    return [each for each in chain.from_iterable(zip_longest(first, second)) if each is not None][:AT_MOST]


def connect(addresses: tuple[str, ...], port: int, seconds: float) -> tuple[socket.socket, tuple[str, int]]:
    """Open a connection, each address having `seconds`: the socket and its peer. Raises `NotConnected`."""
    race = _Race(port, seconds)
    try:
        return race.run(deque(in_turn(addresses)))
    finally:
        race.end()


class _Race:
    def __init__(self, port: int, seconds: float) -> None:
        self._port, self._seconds = port, seconds
        # Not epoll, whose descriptor would be one more; not select, which cannot take a descriptor of 1,024 or above.
        self._running = selectors.PollSelector() if hasattr(select, "poll") else selectors.SelectSelector()
        self._failures: list[tuple[str, OSError]] = []

    def run(self, waiting: deque[str]) -> tuple[socket.socket, tuple[str, int]]:
        next_start = time.monotonic()
        while waiting or self._running.get_map():
            now = time.monotonic()
            if waiting and (now >= next_start or not self._running.get_map()):
                self._start(waiting.popleft(), now)
                next_start = now + DELAY
            self._give_up_late_ones(now)
            failed_before = len(self._failures)
            won = self._wait(self._until(next_start if waiting else None))
            if won is not None:
                return won
            if len(self._failures) > failed_before:
                next_start = time.monotonic()
        raise NotConnected(self._failures)

    def end(self) -> None:
        """Close what lost; what won is no longer here."""
        for key in list(self._running.get_map().values()):
            self._drop(key.fileobj)  # type: ignore[arg-type]
        self._running.close()

    def _start(self, address: str, now: float) -> None:
        sock = socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET, socket.SOCK_STREAM)
        try:
            sock.setblocking(False)
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            with contextlib.suppress(BlockingIOError):  # in progress
                sock.connect(_sockaddr(address, self._port))
        except (OSError, OverflowError, ValueError) as error:  # of a zone that cannot be
            sock.close()
            self._failures.append((address, error if isinstance(error, OSError) else OSError(str(error))))
            return
        self._running.register(sock, selectors.EVENT_WRITE, (address, now + self._seconds))

    def _give_up_late_ones(self, now: float) -> None:
        for key in list(self._running.get_map().values()):
            address, ends = key.data
            if now >= ends:
                self._drop(key.fileobj)  # type: ignore[arg-type]
                self._failures.append((address, TimeoutError("timed out")))

    def _until(self, next_start: float | None) -> float:
        ends = [key.data[1] for key in self._running.get_map().values()]
        soonest = min([*ends, *([next_start] if next_start is not None else [])], default=0.0)
        return max(0.0, soonest - time.monotonic())

    def _wait(self, seconds: float) -> tuple[socket.socket, tuple[str, int]] | None:
        if not self._running.get_map():
            return None
        for key, _ in self._running.select(seconds):
            sock, address = key.fileobj, key.data[0]
            assert isinstance(sock, socket.socket)
            try:
                peer = _peer(sock, address)
            except OSError as error:
                self._drop(sock)
                self._failures.append((address, error))
            else:
                self._running.unregister(sock)
                sock.settimeout(self._seconds)
                return sock, peer
        return None

    def _drop(self, sock: socket.socket) -> None:
        self._running.unregister(sock)
        sock.close()


def _peer(sock: socket.socket, address: str) -> tuple[str, int]:
    """Who is at the other end, which must be the address that was checked. Raises `OSError`."""
    code = sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
    if code:
        raise OSError(code, os.strerror(code))
    peer = sock.getpeername()
    if peer[0].partition("%")[0] != address.partition("%")[0]:
        raise OSError(f"connected to {peer[0]} instead of {address}")
    return peer[0], peer[1]


def _sockaddr(address: str, port: int) -> tuple[str, int] | tuple[str, int, int, int]:
    """The address as the system wants it, the scope of a link-local one as a number."""
    host, _, scope = address.partition("%")
    if not scope:
        return host, port
    return host, port, 0, int(scope) if scope.isascii() and scope.isdigit() else socket.if_nametoindex(scope)
