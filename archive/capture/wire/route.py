"""Where a connection really goes: `--connect-to`, resolution, the guard, proxies."""

from __future__ import annotations

import contextlib
import socket
import struct
import threading
import time
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from archive.capture.wire import race
from archive.capture.wire.exchange import Failure
from archive.capture.wire.guard import why_forbidden
from archive.capture.wire.limits import Limits
from archive.errors import UsageProblem


class RouteError(Exception):
    """No connection could be made; `failure` says why, `resolved` what the resolver had given."""

    def __init__(self, failure: Failure, resolved: tuple[str, ...] = ()) -> None:
        super().__init__(failure.message)
        self.failure = failure
        self.resolved = resolved


@dataclass(frozen=True, slots=True)
class ConnectTo:
    """`HOST:PORT:ADDR:PORT`, in curl's meaning: an empty HOST or PORT matches any, an empty ADDR or PORT keeps it."""

    host: str
    port: int | None
    to_host: str
    to_port: int | None

    @classmethod
    def parse(cls, text: str) -> ConnectTo:
        """Read one value of `--connect-to`. Raises `UsageProblem`."""
        parts, rest = [], text
        for _ in range(4):
            if rest.startswith("[") and "]" in rest:
                part, _, rest = rest[1:].partition("]")
                rest = rest.removeprefix(":")
            else:
                part, _, rest = rest.partition(":")
            parts.append(part)
        ports = [parts[1], parts[3]]
        if rest or text.count(":") < 3 or any(port and not (port.isdigit() and int(port) < 65536) for port in ports):
            example = "example.org:443:127.0.0.1:8443"
            raise UsageProblem(f"--connect-to {text}: expected HOST:PORT:ADDR:PORT, such as {example}")
        numbers = [int(port) if port else None for port in ports]
        return cls(parts[0].lower(), numbers[0], parts[2], numbers[1])

    def matches(self, host: str, port: int) -> bool:
        return self.host in ("", host.lower()) and self.port in (None, port)


@dataclass(frozen=True, slots=True)
class Opened:
    """A connected socket and what was learned on the way."""

    socket: socket.socket
    resolved: tuple[str, ...]
    peer: str | None
    peer_port: int | None
    mapped: bool
    proxied: str | None


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


_PROXY_REASONS = {
    "dns": "has a name that does not resolve",
    "connect": "does not take connections",
    "timeout": "does not answer",
}


class Router:
    """Opens connections: to the judged address, to where `--connect-to` says, or through the proxy."""

    def __init__(
        self,
        limits: Limits,
        *,
        connect_to: tuple[ConnectTo, ...] = (),
        proxy: Proxy | None = None,
        allow_private: bool = False,
    ) -> None:
        self._limits = limits
        self._connect_to = connect_to
        self._proxy = proxy
        self._allow_private = allow_private
        self._answers: dict[str, tuple[str, ...]] = {}
        self._lock = threading.Lock()

    def open(self, host: str, port: int) -> Opened:
        """Connect for `host:port`, or raise `RouteError`."""
        rule = next((rule for rule in self._connect_to if rule.matches(host, port)), None)
        if rule is not None:
            host, port = rule.to_host or host, port if rule.to_port is None else rule.to_port
        if self._proxy is not None:
            return self._through_proxy(self._proxy, host, port, mapped=rule is not None)
        resolved = self._resolve(host)
        if rule is None and not self._allow_private:
            self._judge(host, resolved)
        sock, peer = self._connect(resolved, port)
        return Opened(sock, resolved, peer[0], peer[1], rule is not None, None)

    def _judge(self, host: str, resolved: tuple[str, ...]) -> None:
        for address in resolved:
            # One bad address is enough: a name that mixes them is how a guard is talked round.
            why = why_forbidden(address)
            if why is not None:
                message = f"{host} leads to {address}, which is {why}; --allow-private permits it"
                raise RouteError(Failure("policy", "private-address", message), resolved)

    def _resolve(self, host: str) -> tuple[str, ...]:
        with self._lock:
            known = self._answers.get(host)
        if known is not None:
            return known
        resolved = resolve(host, self._limits.resolve)
        with self._lock:
            return self._answers.setdefault(host, resolved)

    def _connect(self, resolved: tuple[str, ...], port: int) -> tuple[socket.socket, tuple[str, int]]:
        try:
            return race.connect(resolved, port, self._limits.connect)
        except race.NotConnected as error:
            message = "; ".join(f"{address} port {port}: {why.strerror or why}" for address, why in error.failures)
            timed_out = all(isinstance(why, TimeoutError) for _, why in error.failures)
            raise RouteError(Failure("connect", "timeout" if timed_out else "connect", message), resolved) from None

    def _through_proxy(self, proxy: Proxy, host: str, port: int, *, mapped: bool) -> Opened:
        if not self._allow_private and not mapped and is_literal(host):
            self._judge(host, (host,))
        try:
            sock, _ = self._connect(resolve(proxy.host, self._limits.resolve), proxy.port)
        except RouteError as error:
            # Without its address: the record goes into the bag, and who the proxy is is nobody's business.
            why = _PROXY_REASONS.get(error.failure.reason, "cannot be reached")
            raise RouteError(Failure("proxy", error.failure.reason, f"the proxy {why}")) from error
        try:
            sock.settimeout(self._limits.connect)
            if proxy.kind == "http":
                _connect_method(sock, proxy, host, port, self._limits)
            else:
                _socks5(sock, proxy, host, port)
        except (OSError, EOFError, ValueError) as error:
            sock.close()
            why = error.strerror or str(error) if isinstance(error, OSError) else str(error)
            reason = "timeout" if isinstance(error, TimeoutError) else "connect"
            raise RouteError(Failure("proxy", reason, f"the proxy: {why}")) from error
        return Opened(sock, (), None, None, mapped, proxy.kind)


def is_literal(host: str) -> bool:
    """Say whether `host` is an address and not a name."""
    try:
        socket.getaddrinfo(host, None, flags=socket.AI_NUMERICHOST)
    except (OSError, UnicodeError):
        return False
    return True


def resolve(host: str, seconds: float) -> tuple[str, ...]:
    """Every address of a name, in the resolver's order. Raises `RouteError`.

    In a thread of its own, since getaddrinfo knows no deadline; one that hangs is left behind.
    """
    answer: list[tuple[str, ...] | Exception] = []

    def ask() -> None:
        try:
            found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
            answer.append(tuple(dict.fromkeys(str(entry[4][0]) for entry in found)))
        except (OSError, UnicodeError) as error:
            answer.append(error)

    asking = threading.Thread(target=ask, name="resolver", daemon=True)
    asking.start()
    asking.join(seconds)
    if not answer:
        raise RouteError(Failure("dns", "dns", f"{host}: no answer from the resolver within {seconds:g} s"))
    if isinstance(answer[0], Exception):
        raise RouteError(Failure("dns", "dns", f"{host}: {getattr(answer[0], 'strerror', None) or answer[0]}"))
    return answer[0]


def _connect_method(sock: socket.socket, proxy: Proxy, host: str, port: int, limits: Limits) -> None:
    """Ask an HTTP proxy for a tunnel, for port 80 too: the answer to us is then the server's, byte for byte."""
    import base64

    authority = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    lines = [f"CONNECT {authority} HTTP/1.1", f"Host: {authority}"]
    if proxy.user is not None:
        secret = base64.b64encode(f"{proxy.user}:{proxy.password or ''}".encode()).decode()
        lines.append(f"Proxy-Authorization: Basic {secret}")
    sock.sendall("\r\n".join([*lines, "", ""]).encode("latin-1"))
    ends = time.monotonic() + limits.head
    answer = b""
    while not answer.endswith(b"\r\n\r\n"):
        # Byte by byte, so that nothing of the tunnel is read here.
        byte = sock.recv(1)
        if not byte or len(answer) > 65536 or time.monotonic() > ends:
            raise EOFError("no answer to CONNECT")
        answer += byte
    status = answer.split(b"\r\n", 1)[0].split(b" ")[1:2]
    if status != [b"200"]:
        code = status[0].decode("latin-1") if status and status[0].isdigit() else "an answer that is no HTTP"
        raise ValueError(f"CONNECT was refused with {code[:40]}")


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


_SOCKS_REPLIES = {
    1: "general failure",
    2: "not allowed by its rules",
    3: "network unreachable",
    4: "host unreachable",
    5: "connection refused",
    6: "TTL expired",
}


def _exactly(sock: socket.socket, size: int) -> bytes:
    data = b""
    while len(data) < size:
        piece = sock.recv(size - len(data))
        if not piece:
            raise EOFError("closed the connection")
        data += piece
    return data
