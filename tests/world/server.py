"""The sockets of the loopback internet: plain HTTP/1.1 under full control of every byte."""

from __future__ import annotations

import contextlib
import socket
import ssl
import struct
import threading
from collections.abc import Callable
from typing import BinaryIO

from tests.world.replies import Answer, Close, Pause, Request, Reset

_HEAD_LIMIT = 1 << 20
_PIECE = 1 << 16


class Listener:
    """One listening socket on 127.0.0.1; each connection is served by a thread of its own."""

    def __init__(self, scheme: str, serve: Callable[[socket.socket, str], None]) -> None:
        self.scheme = scheme
        self._serve = serve
        self._socket = socket.create_server(("127.0.0.1", 0), backlog=256)
        self.port: int = self._socket.getsockname()[1]
        self._open: set[socket.socket] = set()
        self._lock = threading.Lock()
        self._stopping = False
        threading.Thread(target=self._accept, daemon=True, name=f"world-{scheme}").start()

    def _accept(self) -> None:
        while not self._stopping:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            with self._lock:
                self._open.add(connection)
            threading.Thread(target=self._guarded, args=(connection,), daemon=True).start()

    def _guarded(self, connection: socket.socket) -> None:
        # A client may go at any moment, and so may the world.
        with contextlib.suppress(OSError, ValueError):
            self._serve(connection, self.scheme)
        with self._lock:
            self._open.discard(connection)
        with contextlib.suppress(OSError):
            connection.close()

    def close(self) -> None:
        self._stopping = True
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)  # wakes accept() on Linux
        self._socket.close()
        with self._lock:
            left = list(self._open)
        for connection in left:
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)


def read_request(reader: BinaryIO, scheme: str, peer: str) -> Request | None:
    """The next request on a connection; None where the client has gone or does not speak HTTP."""
    line = reader.readline(_HEAD_LIMIT)
    parts = line.decode("latin-1").split()
    if len(parts) != 3:
        return None
    headers: list[tuple[str, str]] = []
    while (line := reader.readline(_HEAD_LIMIT)) not in (b"\r\n", b"\n", b""):
        name, _, value = line.decode("latin-1").partition(":")
        headers.append((name, value.strip()))
    named = {name.lower(): value for name, value in headers}
    host = named.get("host", "").lower().rsplit(":", 1)[0]
    body = reader.read(int(named.get("content-length", "0") or 0))
    return Request(scheme, host, parts[0], parts[1], tuple(headers), body, peer)


def send(connection: socket.socket, answer: Answer, tape: Callable[[bytes], None], stopped: threading.Event) -> bool:
    """Carry out the steps; False where the connection is over. `tape` hears of every byte before the client can."""
    for step in answer.steps:
        if stopped.is_set():
            return False
        match step:
            case bytes():
                for at in range(0, len(step), _PIECE):
                    piece = step[at : at + _PIECE]
                    tape(piece)
                    connection.sendall(piece)
            case Pause(seconds):
                if stopped.wait(seconds):
                    return False
            case Close():
                return False
            case Reset():
                reset(connection)
                return False
    return answer.keeps


def reset(connection: socket.socket) -> None:
    """End with RST: SO_LINGER with no time to linger."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    if isinstance(connection, ssl.SSLSocket):
        connection = socket.socket(fileno=connection.detach())
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()
