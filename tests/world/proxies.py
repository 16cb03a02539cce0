"""Proxies on loopback: HTTP with CONNECT, and SOCKS5 as Tor speaks it. They resolve names and tell what they heard."""

from __future__ import annotations

import contextlib
import socket
import struct
import threading

from tests.world.server import Listener
from tests.world.world import World


class Proxy:
    """A listening proxy that leads every name that the world knows to the world, and refuses all others."""

    scheme = ""

    def __init__(self, world: World) -> None:
        self._ways = {tuple(one.rsplit(":", 3)[:2]): int(one.rpartition(":")[2]) for one in world.connect_to}
        self.requested: list[str] = []
        """`host:port` as each client said it."""
        self.messages: list[bytes] = []
        """The first bytes of each connection, the proxy's own protocol."""

    def __enter__(self) -> Proxy:
        self._listener = Listener(self.scheme, self._guarded)
        self.port = self._listener.port
        self.url = f"{self.scheme}://127.0.0.1:{self.port}"
        return self

    def __exit__(self, *_: object) -> None:
        self._listener.close()

    def _guarded(self, client: socket.socket, _: str) -> None:
        self._serve(client)

    def _serve(self, client: socket.socket) -> None:
        raise NotImplementedError

    def _way(self, host: str, port: int) -> socket.socket | None:
        self.requested.append(f"{host}:{port}")
        ours = self._ways.get((host, str(port)))
        return socket.create_connection(("127.0.0.1", ours)) if ours is not None else None


class ConnectProxy(Proxy):
    """HTTP: only CONNECT, also for port 80. (RFC 9110, section 9.3.6)"""

    scheme = "http"

    def _serve(self, client: socket.socket) -> None:
        head = b""
        while b"\r\n\r\n" not in head:
            piece = client.recv(65536)
            if not piece:
                return
            head += piece
        self.messages.append(head)
        method, target, _ = head.split(b"\r\n", 1)[0].decode("latin-1").split(" ")
        host, _, port = target.rpartition(":")
        if method != "CONNECT":
            client.sendall(b"HTTP/1.1 405 Method Not Allowed\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
            return
        onward = self._way(host.strip("[]"), int(port))
        if onward is None:
            client.sendall(b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
            return
        client.sendall(b"HTTP/1.1 200 Connection established\r\nVia: 1.1 loopback\r\n\r\n")
        _pipe(client, onward)


class SocksProxy(Proxy):
    """SOCKS5 without a password, names preferred to addresses. (RFC 1928)"""

    scheme = "socks5h"

    def _serve(self, client: socket.socket) -> None:
        greeting = _exactly(client, 2)
        methods = _exactly(client, greeting[1])
        if greeting[0] != 5 or 0 not in methods:
            client.sendall(b"\x05\xff")
            return
        client.sendall(b"\x05\x00")
        request = _exactly(client, 4)
        kind = request[3]
        if kind == 3:
            host = _exactly(client, _exactly(client, 1)[0]).decode("ascii")
        else:
            family, size = (socket.AF_INET, 4) if kind == 1 else (socket.AF_INET6, 16)
            host = socket.inet_ntop(family, _exactly(client, size))
        self.messages.append(greeting + methods + request)
        onward = self._way(host, struct.unpack(">H", _exactly(client, 2))[0])
        client.sendall(bytes([5, 0 if onward else 4, 0, 1]) + bytes(6))
        if onward is not None:
            _pipe(client, onward)


def _exactly(client: socket.socket, size: int) -> bytes:
    received = b""
    while len(received) < size:
        piece = client.recv(size - len(received))
        if not piece:
            raise OSError("the client has gone")
        received += piece
    return received


def _pipe(client: socket.socket, onward: socket.socket) -> None:
    """Carry bytes both ways until both sides have ended."""

    def carry(source: socket.socket, target: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while piece := source.recv(65536):
                target.sendall(piece)
        with contextlib.suppress(OSError):
            target.shutdown(socket.SHUT_WR)

    back = threading.Thread(target=carry, args=(onward, client), daemon=True)
    with onward:
        back.start()
        carry(client, onward)
        back.join()
