"""Tunnels through an HTTP proxy (CONNECT) or a SOCKS5 proxy, such as Tor's."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import socket
import struct
import time
from urllib.parse import unquote, urlsplit

from msgspec import Struct

from archive.errors import UsageProblem
from archive.http import parse_head
from archive.net.limits import ExchangeLimits

_SOCKS_REPLIES = {
    1: "general failure",
    2: "not allowed by its rules",
    3: "network unreachable",
    4: "host unreachable",
    5: "connection refused",
    6: "TTL expired",
}


class Proxy(Struct, frozen=True):
    """A proxy that a user named. Names are resolved by the proxy, never here."""

    kind: str
    """`http` or `socks5`."""
    host: str
    port: int
    user: str | None = None
    password: str | None = None

    @classmethod
    def parse(cls, text: str) -> Proxy:
        """Read `--proxy`: `http://host:port`, `socks5h://host:port`. Raises `UsageProblem`."""
        try:
            parts = urlsplit(text if "://" in text else f"http://{text}")
            kind = {"http": "http", "socks5": "socks5", "socks5h": "socks5", "socks": "socks5"}[parts.scheme]
            port = parts.port or {"http": 8080, "socks5": 1080}[kind]
            assert parts.hostname
        except (KeyError, ValueError, AssertionError) as error:
            raise UsageProblem("--proxy: expected http://HOST:PORT or socks5h://HOST:PORT") from error
        secrets = (unquote(part) if part is not None else None for part in (parts.username, parts.password))
        return cls(kind, parts.hostname, port, *secrets)


async def open_tunnel(sock: socket.socket, proxy: Proxy, host: str, port: int, limits: ExchangeLimits) -> None:
    """Have the proxy connect to `host:port`. Raises `OSError`, `EOFError`, `ValueError`; `sock` does not block."""
    line = _Line(sock, limits.connect)
    if proxy.kind == "http":
        await _connect_method(line, proxy, host, port, limits.head)
    else:
        await _socks5(line, proxy, host, port)


class _Line:
    """The connection to the proxy; each step of the negotiation has so many seconds."""

    def __init__(self, sock: socket.socket, seconds: float) -> None:
        self._sock, self._seconds = sock, seconds
        self._loop = asyncio.get_running_loop()

    async def send(self, data: bytes) -> None:
        await asyncio.wait_for(self._loop.sock_sendall(self._sock, data), self._seconds)

    async def receive(self, size: int) -> bytes:
        """At most `size` bytes; empty at the end."""
        return await asyncio.wait_for(self._loop.sock_recv(self._sock, size), self._seconds)

    async def exactly(self, size: int) -> bytes:
        data = b""
        while len(data) < size:
            piece = await self.receive(size - len(data))
            if not piece:
                raise EOFError("closed the connection")
            data += piece
        return data


async def _connect_method(line: _Line, proxy: Proxy, host: str, port: int, seconds: float) -> None:
    """Ask an HTTP proxy for a tunnel, for port 80 too: the response is then the server's, byte for byte."""
    authority = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    lines = [f"CONNECT {authority} HTTP/1.1", f"Host: {authority}"]
    if proxy.user is not None:
        secret = base64.b64encode(f"{proxy.user}:{proxy.password or ''}".encode()).decode()
        lines.append(f"Proxy-Authorization: Basic {secret}")
    await line.send("\r\n".join([*lines, "", ""]).encode("latin-1"))
    ends = time.monotonic() + seconds
    response = b""
    while not response.endswith(b"\r\n\r\n"):
        # Byte by byte, so that nothing of the tunnel is read here.
        byte = await line.receive(1)
        if not byte or len(response) > 65536 or time.monotonic() > ends:
            raise EOFError("no response to CONNECT")
        response += byte
    head = parse_head(response)
    if head is None or not 200 <= head.status < 300:  # RFC 9110, section 9.3.6
        code = str(head.status) if head is not None else "a response that is not HTTP"
        raise ValueError(f"CONNECT was refused with {code}")


async def _socks5(line: _Line, proxy: Proxy, host: str, port: int) -> None:
    """Ask a SOCKS5 proxy for a connection by name. (RFC 1928; RFC 1929 for user and password)"""
    with_secret = proxy.user is not None
    await line.send(b"\x05\x02\x00\x02" if with_secret else b"\x05\x01\x00")
    chosen = (await line.exactly(2))[1]
    if chosen == 2 and with_secret:
        user, password = (proxy.user or "").encode(), (proxy.password or "").encode()
        await line.send(b"\x01" + bytes([len(user)]) + user + bytes([len(password)]) + password)
        if (await line.exactly(2))[1] != 0:
            raise ValueError("user or password refused")
    elif chosen != 0:
        raise ValueError("no way to sign in was agreed")
    await line.send(b"\x05\x01\x00" + _socks_address(host) + struct.pack(">H", port))
    _, reply, _, kind = await line.exactly(4)
    if reply != 0:
        raise ValueError(f"{_SOCKS_REPLIES.get(reply, f'reply {reply}')}: {host}")
    await line.exactly({1: 4, 4: 16}.get(kind) or (await line.exactly(1))[0])
    await line.exactly(2)


def _socks_address(host: str) -> bytes:
    """A name stays a name, for the proxy to resolve. (RFC 1928, section 5)"""
    for kind, family in ((1, socket.AF_INET), (4, socket.AF_INET6)):
        with contextlib.suppress(OSError):
            return bytes([kind]) + socket.inet_pton(family, host)
    name = host.encode("ascii")
    return bytes([3, len(name)]) + name
