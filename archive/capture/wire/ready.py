"""Waits for one socket. By poll where there is one: select cannot take a descriptor of 1,024 or above."""

from __future__ import annotations

import select
import socket


def is_ready(sock: socket.socket, seconds: float, *, writing: bool = False) -> bool:
    """Say whether the socket may be read (or written) within so many seconds without blocking."""
    if not hasattr(select, "poll"):  # Windows, where select takes any socket
        read, write, _ = select.select([] if writing else [sock], [sock] if writing else [], [], seconds)
        return bool(read or write)
    waiting = select.poll()
    waiting.register(sock, select.POLLOUT if writing else select.POLLIN | select.POLLPRI)
    return bool(waiting.poll(seconds * 1000))
