"""Tunnels through an HTTP proxy (CONNECT) or a SOCKS5 proxy, such as Tor's."""

from __future__ import annotations

import base64
import contextlib
import socket
import struct
import time
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from archive.errors import UsageProblem
from archive.http import parse_head

_SOCKS_REPLIES = {
    1: "general failure",
    2: "not allowed by its rules",
    3: "network unreachable",
    4: "host unreachable",
    5: "connection refused",
    6: "TTL expired",
}


@dataclass(frozen=True, slots=True)
class Proxy:
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


def open_tunnel(sock: socket.socket, proxy: Proxy, host: str, port: int, seconds: float) -> None:
    """Have the proxy connect to `host:port`. Raises `OSError`, `EOFError`, `ValueError`."""
    if proxy.kind == "http":
        _connect_method(sock, proxy, host, port, seconds)
    else:
        _socks5(sock, proxy, host, port)


def _connect_method(sock: socket.socket, proxy: Proxy, host: str, port: int, seconds: float) -> None:
    """Ask an HTTP proxy for a tunnel, for port 80 too: the response is then the server's, byte for byte."""
    authority = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    lines = [f"CONNECT {authority} HTTP/1.1", f"Host: {authority}"]
    if proxy.user is not None:
        secret = base64.b64encode(f"{proxy.user}:{proxy.password or ''}".encode()).decode()
        lines.append(f"Proxy-Authorization: Basic {secret}")
    sock.sendall("\r\n".join([*lines, "", ""]).encode("latin-1"))
    ends = time.monotonic() + seconds
    response = b""
    while not response.endswith(b"\r\n\r\n"):
        # Byte by byte, so that nothing of the tunnel is read here.
        byte = sock.recv(1)
        if not byte or len(response) > 65536 or time.monotonic() > ends:
            raise EOFError("no response to CONNECT")
        response += byte
    head = parse_head(response)
    if head is None or not 200 <= head.status < 300:  # RFC 9110, section 9.3.6
        code = str(head.status) if head is not None else "a response that is not HTTP"
        raise ValueError(f"CONNECT was refused with {code}")


def _socks5(sock: socket.socket, proxy: Proxy, host: str, port: int) -> None:
    """Ask a SOCKS5 proxy for a connection by name. (RFC 1928; RFC 1929 for user and password)"""
    with_secret = proxy.user is not None
    sock.sendall(b"\x05\x02\x00\x02" if with_secret else b"\x05\x01\x00")
    chosen = _exactly(sock, 2)[1]
    if chosen == 2 and with_secret:
        user, password = (proxy.user or "").encode(), (proxy.password or "").encode()
        sock.sendall(b"\x01" + bytes([len(user)]) + user + bytes([len(password)]) + password)
        if _exactly(sock, 2)[1] != 0:
            raise ValueError("user or password refused")
    elif chosen != 0:
        raise ValueError("no way to sign in was agreed")
    sock.sendall(b"\x05\x01\x00" + _socks_address(host) + struct.pack(">H", port))
    _, reply, _, kind = _exactly(sock, 4)
    if reply != 0:
        raise ValueError(f"{_SOCKS_REPLIES.get(reply, f'reply {reply}')}: {host}")
    _exactly(sock, {1: 4, 4: 16}.get(kind) or _exactly(sock, 1)[0])
    _exactly(sock, 2)


def _socks_address(host: str) -> bytes:
    """A name stays a name, for the proxy to resolve. (RFC 1928, section 5)"""
    for kind, family in ((1, socket.AF_INET), (4, socket.AF_INET6)):
        with contextlib.suppress(OSError):
            return bytes([kind]) + socket.inet_pton(family, host)
    name = host.encode("ascii")
    return bytes([3, len(name)]) + name


def _exactly(sock: socket.socket, size: int) -> bytes:
    data = b""
    while len(data) < size:
        piece = sock.recv(size - len(data))
        if not piece:
            raise EOFError("closed the connection")
        data += piece
    return data
