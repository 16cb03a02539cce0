"""Connects to whichever of a name's addresses accepts first: an address that is dead costs a moment, not a timeout.

Happy Eyeballs, version 2 (RFC 8305): the families in turn, a new attempt every quarter of a second, at once after a
failure. Every address was checked before; the peer of the winner is compared with the address that was requested.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
from collections import deque
from itertools import chain, zip_longest

from archive.net.readiness import wait_ready
from archive_manifests.plain_text import plain_reason

AT_MOST = 6
"""Addresses that are tried."""
DELAY = 0.25
"""Seconds before the next attempt starts beside those that have not ended. (RFC 8305, section 5)"""

Peer = tuple[str, int]
_Attempt = asyncio.Task[tuple[socket.socket, Peer]]


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


async def connect(addresses: tuple[str, ...], port: int, seconds: float) -> tuple[socket.socket, Peer]:
    """Open a connection, each address having `seconds`: the socket and its peer. Raises `NotConnected`."""
    waiting = deque(in_turn(addresses))
    running: dict[_Attempt, str] = {}
    failures: list[tuple[str, OSError]] = []
    try:
        while waiting or running:
            if waiting:
                address = waiting.popleft()
                running[asyncio.create_task(_attempt(address, port, seconds))] = address
            # Once a failure is there the next attempt starts at once.
            ended, _ = await asyncio.wait(
                running, timeout=DELAY if waiting else None, return_when=asyncio.FIRST_COMPLETED
            )
            for attempt in ended:
                address, error = running[attempt], attempt.exception()
                if error is None:
                    del running[attempt]
                    return attempt.result()
                del running[attempt]
                if not isinstance(error, OSError):
                    raise error
                failures.append((address, error))
        raise NotConnected(failures)
    finally:
        await _close_others(running)


async def _close_others(running: dict[_Attempt, str]) -> None:
    """End the attempts that lost; one that came through all the same is closed."""
    for attempt in running:
        attempt.cancel()
    if running:
        for result in await asyncio.gather(*running, return_exceptions=True):
            if isinstance(result, tuple):
                result[0].close()


async def _attempt(address: str, port: int, seconds: float) -> tuple[socket.socket, Peer]:
    """Connect to one address. Raises `OSError`."""
    sock = socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET, socket.SOCK_STREAM)
    try:
        sock.setblocking(False)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        with contextlib.suppress(BlockingIOError):  # in progress
            sock.connect(_sockaddr(address, port))
        if not await wait_ready(sock, seconds, writing=True):
            raise TimeoutError("timed out")
        return sock, _peer(sock, address)
    except (OverflowError, ValueError) as error:  # of a zone that cannot be
        sock.close()
        raise OSError(plain_reason(error)) from error
    except BaseException:
        sock.close()
        raise


def _peer(sock: socket.socket, address: str) -> Peer:
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
