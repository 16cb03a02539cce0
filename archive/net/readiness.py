"""Waiting until a socket can be read or written, on the event loop or without waiting at all."""

from __future__ import annotations

import asyncio
import select
import socket
from collections.abc import Callable


def is_ready(sock: socket.socket, *, writing: bool = False) -> bool:
    """Whether the socket may be read (or written) now without blocking."""
    if not hasattr(select, "poll"):  # Windows, where select takes any socket
        read, write, _ = select.select([] if writing else [sock], [sock] if writing else [], [], 0)
        return bool(read or write)
    waiting = select.poll()
    waiting.register(sock, select.POLLOUT if writing else select.POLLIN | select.POLLPRI)
    return bool(waiting.poll(0))


class InputProbe:
    """Looks whether one socket has input, without waiting: for every exchange, where an exception would cost more."""

    __slots__ = ("_poll", "_sock")

    def __init__(self, sock: socket.socket) -> None:
        self._sock = sock
        self._poll: Callable[[float], list[tuple[int, int]]] | None = None
        if hasattr(select, "poll"):
            waiting = select.poll()
            waiting.register(sock, select.POLLIN | select.POLLPRI)
            self._poll = waiting.poll

    def has_input(self) -> bool:
        """True where a read would give something, an end or an error."""
        return is_ready(self._sock) if self._poll is None else bool(self._poll(0))


async def wait_ready(sock: socket.socket, seconds: float, *, writing: bool = False) -> bool:
    """Wait until the socket may be read (or written); False where that takes more than `seconds`."""
    if seconds <= 0:
        return is_ready(sock, writing=writing)
    loop = asyncio.get_running_loop()
    ready: asyncio.Future[bool] = loop.create_future()
    descriptor = sock.fileno()
    (loop.add_writer if writing else loop.add_reader)(descriptor, _settle, ready, True)
    late = loop.call_later(seconds, _settle, ready, False)
    try:
        return await ready
    finally:
        late.cancel()
        (loop.remove_writer if writing else loop.remove_reader)(descriptor)


def _settle(ready: asyncio.Future[bool], value: bool) -> None:
    if not ready.done():
        ready.set_result(value)
