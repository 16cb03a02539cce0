"""The HTTP client: carries out exchanges over reused connections; raises for nothing that a server or a line does."""

from __future__ import annotations

import itertools
import socket
from collections.abc import Callable
from concurrent.futures import CancelledError
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from archive import posix
from archive.http.request_fields import ACCEPT_ANYTHING
from archive.net import interrupted, tls
from archive.net.connection import Connection
from archive.net.event_loop import EventLoop
from archive.net.exchange import ConnectionFacts, Exchange, Failure, Spool, TlsFacts
from archive.net.limits import ByteBudget, ExchangeLimits, RateLimit, TooSlowError
from archive.net.proxy import Proxy
from archive.net.router import ConnectTo, RouteError, Router
from archive.net.sweep import Sweep
from archive.net.trust import HostTrust
from archive.urls import Url
from archive_manifests.notes import Note, note

USER_AGENT = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"
"""The name of one plain browser, for everybody: an NGO must not announce itself to the server that it documents."""

MOST_IDLE = min(256, posix.open_file_limit() // 4)
"""Idle connections that are kept open; many machines let a program have 1,024 files and sockets, or 256."""
MOST_HEAD = 768 << 10
"""Bytes of the head of a request: readers of records read one of under 1 MiB, and servers take a few KiB."""
_Origin = tuple[str, str, int]


@dataclass(frozen=True, slots=True)
class ClientSettings:
    """How the client reaches servers: the same for a whole run, and stated in the ledger's conditions."""

    limits: ExchangeLimits = field(default_factory=ExchangeLimits)
    connect_to: tuple[ConnectTo, ...] = ()
    cacerts: tuple[Path, ...] = ()
    accepted_hosts: frozenset[str] = frozenset()
    """Hosts in lower case whose certificates are accepted whatever they say (`--accept-certificate`)."""
    proxy: Proxy | None = None
    allow_private: bool = False
    rate: float | None = None
    """Bytes a second, over all connections."""
    total: int | None = None
    """Bytes that the run may receive."""
    spool: Path | None = None
    """Where responses over 1 MiB are stored until they are recorded; None for the system's temporary folder."""
    user_agent: str = USER_AGENT
    on_received: Callable[[int], None] | None = field(default=None, compare=False)
    """Called with the size of all that arrives, for progress; from any thread."""


class Request(Struct, frozen=True):
    """One request. Host and Connection are set by the client; the other fields stand as given, in order."""

    url: Url
    method: str = "GET"
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    limits: ExchangeLimits | None = None
    """Limits of this one, where they differ from the run's."""

    def head(self, user_agent: str) -> bytes:
        """The bytes of the head. (RFC 9112, section 3)"""
        length = len(self.body) if self.body or self.method in ("POST", "PUT") else None
        host, fields = field_value(self.url.authority), _fields_of(self.headers, user_agent, length)
        return f"{self.method} {self.url.target} HTTP/1.1\r\nHost: {host}\r\n{fields}".encode("latin-1", "replace")


@lru_cache(maxsize=64)  # the same from request to request
def _fields_of(headers: tuple[tuple[str, str], ...], user_agent: str, length: int | None) -> str:
    """The fields behind Host, and the empty line; `length` is the body's, where one is stated."""
    names = {name.lower() for name, _ in headers}
    defaults = (("User-Agent", user_agent), ("Accept", ACCEPT_ANYTHING), ("Accept-Encoding", "gzip"))
    fields = [(name, value) for name, value in defaults if name.lower() not in names]
    fields += [(name, value) for name, value in headers if name.lower() not in ("host", "connection")]
    if length is not None and "content-length" not in names:
        fields.append(("Content-Length", str(length)))
    fields.append(("Connection", "keep-alive"))
    return "\r\n".join([*(f"{name}: {field_value(value)}" for name, value in fields), "", ""])


def field_value(value: str) -> str:
    """A value as it is sent in a field of the head."""
    # A cookie or a Referer may come from a server: no line end of it may start another field. (RFC 9112, section 11.1)
    return value.replace("\r", " ").replace("\n", " ").replace("\0", " ")


class HttpClient:
    """Carries out exchanges on an event loop of its own; `exchange` waits for one in any other thread."""

    def __init__(self, settings: ClientSettings, *, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self.settings = settings
        self.loop = EventLoop()
        self.budget = ByteBudget(settings.total, settings.on_received)
        self._sweep = Sweep()
        self._now = now
        self._rate_limit = RateLimit(settings.rate)
        self._router = Router(
            settings.limits,
            connect_to=settings.connect_to,
            proxy=settings.proxy,
            allow_private=settings.allow_private,
        )
        self._trust = HostTrust(settings.cacerts, settings.accepted_hosts)
        self._idle: dict[_Origin, list[Connection]] = {}
        """By origin, the one that was used longest ago first."""
        self._idle_count = 0
        self._numbers = itertools.count(1)

    def exchange(self, request: Request) -> Exchange:
        """Carry out one exchange and wait for it, in any thread but the loop's."""
        return self.loop.run(self.carry(request))

    async def carry(self, request: Request, *, fresh: bool = False, tag: dict[str, Any] | None = None) -> Exchange:
        """Carry out one exchange; with `fresh`, on a new connection.

        `tag` is JSON that is stored beside a large response, to know it again if the process dies while it is received.
        A failure stands in the exchange; only faults of our own machine are raised (`OSError`).
        """
        url = request.url
        received = Spool(self.settings.spool, discard=interrupted.discard)
        exchange = Exchange(url, request.method, self._now(), Spool(self.settings.spool), received)
        if self.settings.spool is not None and tag is not None:
            received.place_at(partial(interrupted.place_for, exchange, self.settings.spool, tag))
        head = request.head(self.settings.user_agent)
        refused = self._refusal(url, head)
        if refused is not None:
            exchange.failure = refused
        else:
            # What must not be sent twice gets a connection that the server is not closing. (RFC 9112, section 9.3.1)
            fresh = fresh or request.method not in ("GET", "HEAD")
            connection = await self._connection(exchange, fresh=fresh)
            if connection is not None:
                if connection.facts.tls is not None:
                    exchange.oddities += _oddities_of(connection.facts.tls)
                connection.limits = request.limits or self.settings.limits
                await connection.carry(exchange, head + request.body)
                if connection.is_reusable:
                    self._put_idle(url, connection)
        exchange.ended = self._now()
        return exchange

    def refuse(self, request: Request, failure: Failure) -> Exchange:
        """An exchange that was not carried out."""
        exchange = Exchange(request.url, request.method, self._now(), Spool(), Spool(), failure=failure)
        exchange.ended = exchange.started
        return exchange

    def missing_issuer(self, host: str) -> Url | None:
        """Where the certificate can be fetched that a host did not send, after a failure `tls-intermediate`."""
        return self._trust.missing_issuer(host)

    def add_issuer(self, host: str, data: bytes) -> bool:
        """Use the certificate that was fetched from there for further connections; False where it is of no use."""
        return self._trust.add_issuer(host, data)

    def close(self) -> None:
        """End what is under way, and close every connection."""
        if self._idle:
            with suppress(CancelledError):
                self.loop.run(self._close_idle())
        self.loop.close()

    async def _close_idle(self) -> None:
        idle, self._idle = self._idle, {}
        for connections in idle.values():
            for connection in connections:
                connection.close()

    def _refusal(self, url: Url, head: bytes) -> Failure | None:
        if not url.is_web or not url.host:
            return Failure("policy", "scheme", f"only http and https are requested, not {url.scheme}:")
        if len(head) > MOST_HEAD:
            return Failure("policy", "limit", f"no request is sent whose head is over {MOST_HEAD:,} bytes")
        if self.budget.is_spent:
            return Failure("policy", "limit", "the run's limit on bytes in all is reached (--max-total)")
        return None

    async def _connection(self, exchange: Exchange, *, fresh: bool) -> Connection | None:
        """An idle connection, or a new one; None where there is none, and why stands in the exchange."""
        try:
            idle = None if fresh else self._take_idle(exchange.url, exchange)
            return idle or await self._open(exchange.url)
        except RouteError as error:
            exchange.failure = error.failure
            exchange.connection = ConnectionFacts(0, resolved=error.resolved)
        except _TlsError as error:
            exchange.failure = error.failure
            exchange.connection = error.facts
            exchange.is_first_on_connection = True
        return None

    def _take_idle(self, url: Url, exchange: Exchange) -> Connection | None:
        """An idle connection to the origin of `url` that can be reused, or None."""
        origin = (url.scheme, url.host, url.port)
        connections = self._idle.get(origin)
        while connections:
            connection = connections.pop()
            self._idle_count -= 1
            if (unrequested := connection.unrequested_input()) is None:
                return connection
            connection.close()
            if unrequested:
                exchange.oddities.append(note("unrequested-input", n=len(unrequested)))
        return None

    def _put_idle(self, url: Url, connection: Connection) -> None:
        origin = (url.scheme, url.host, url.port)
        connections = self._idle.pop(origin, None) or []
        connections.append(connection)
        self._idle[origin] = connections
        self._idle_count += 1
        while self._idle_count > MOST_IDLE:
            self._close_longest_idle()

    def _close_longest_idle(self) -> None:
        origin, connections = next(iter(self._idle.items()))
        if connections:
            connections.pop(0).close()
            self._idle_count -= 1
        if not connections:
            del self._idle[origin]

    async def _open(self, url: Url) -> Connection:
        sock, facts = await self._connect(url)
        if url.scheme == "https":
            try:
                sock, facts = await self._secure(url, sock, facts)
            except _TlsError as error:
                if not self._trust.takes_any(url.hostname, error.failure.reason):
                    raise
                # A handshake that failed ends its connection.
                sock, facts = await self._secure(url, *await self._connect(url))
        return Connection(sock, facts, self.settings.limits, self._rate_limit, self.budget, self._sweep)

    async def _connect(self, url: Url) -> tuple[socket.socket, ConnectionFacts]:
        opened = await self._router.open(url.hostname, url.port)
        facts = ConnectionFacts(
            next(self._numbers), opened.resolved, opened.peer, opened.peer_port, opened.proxied, opened.mapped
        )
        return opened.socket, facts

    async def _secure(
        self, url: Url, sock: socket.socket, facts: ConnectionFacts
    ) -> tuple[socket.socket, ConnectionFacts]:
        limits, host = self.settings.limits, url.hostname
        try:
            wrapped, learned = await tls.wrap(sock, self._trust.context(host), host, limits.handshake)
        except tls.HandshakeError as error:
            self._trust.note_failure(host, error)
            reason = f"tls-{error.kind}" if error.kind else "tls"
            raise _TlsError(Failure("tls", reason, str(error)), replace(facts, tls=error.facts)) from error
        except TooSlowError as error:
            raise _TlsError(Failure("tls", "timeout", error.why), facts) from error
        except OSError as error:
            raise _TlsError(Failure("tls", "tls", f"handshake: {error.strerror or error}"), facts) from error
        return wrapped, replace(facts, tls=replace(learned, **self._trust.conditions(host, wrapped)))


def _oddities_of(facts: TlsFacts) -> list[Note]:
    """What a reader of the capture must know of its connection."""
    accepted = [note("certificate-accepted", detail=facts.accepted)] if facts.accepted else []
    return [*accepted, *([note("certificate-added")] if facts.added else [])]


class _TlsError(Exception):
    """TLS failed; carries what to write into the exchange."""

    def __init__(self, failure: Failure, facts: ConnectionFacts) -> None:
        super().__init__(failure.message)
        self.failure = failure
        self.facts = facts
