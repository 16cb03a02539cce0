"""One connection: sends a request, reads the response into the exchange, and decides whether it can be reused.

Not http.client: that raises without a response on HTTP/0.9, garbage, more than 100 fields or a line over 64 KiB, takes
a late 200 after an early hint for the response to the next request, and loses what it had buffered.
"""

from __future__ import annotations

import socket
import ssl
from dataclasses import dataclass

from archive.http import MAX_HEAD, MAX_INTERIM, MessageReader
from archive.http.oddities import oddities_of
from archive.net.connect import is_ready
from archive.net.exchange import ConnectionFacts, Exchange, Failure
from archive.net.limits import ByteBudget, Deadlines, ExchangeLimits, RateLimit, TooSlowError
from archive_manifests.notes import note

_READ = 1 << 16
_MAX_UNREADABLE = 1 << 20


class _EndError(Exception):
    """The connection ended: in order, or with an error."""

    def __init__(self, message: str, *, reset: bool) -> None:
        super().__init__(message)
        self.reset = reset


@dataclass(slots=True)
class Connection:
    """An open connection and the exchanges it has carried."""

    sock: socket.socket
    facts: ConnectionFacts
    limits: ExchangeLimits
    rate_limit: RateLimit
    budget: ByteBudget
    served: int = 0
    is_reusable: bool = True

    def carry(self, exchange: Exchange, request: bytes, body: bytes = b"") -> None:
        """Send the request and read the response. What fails is stated in the exchange, never raised."""
        exchange.connection = self.facts
        exchange.is_first_on_connection = self.served == 0
        self.served += 1
        deadlines = Deadlines(self.limits)
        if self._send(exchange, request + body):
            reading = _ResponseReading(self, exchange, deadlines)
            reading.run()
            self.is_reusable = reading.leaves_connection_clean
        else:
            self.is_reusable = False
        if not self.is_reusable:
            self.close()

    def _send(self, exchange: Exchange, data: bytes) -> bool:
        exchange.sent.write(data)
        try:
            self.sock.settimeout(self.limits.stall)
            self.sock.sendall(data)
        except TimeoutError:
            exchange.failure = Failure("send", "timeout", f"the request was not taken within {self.limits.stall:g} s")
        except OSError as error:
            # The response may be there all the same: a server that refuses early closes after its response.
            if isinstance(error, ssl.SSLError) or not self._has_input():
                exchange.failure = Failure("send", "reset", f"sending: {error.strerror or error}")
        return exchange.failure is None

    def unrequested_input(self) -> bytes | None:
        """What the server sent on the idle connection, empty where it closed it; None where it can be reused."""
        if not self._has_input():
            return None
        try:
            self.sock.settimeout(0)
            return self.sock.recv(_READ)
        except ssl.SSLWantReadError:
            return None  # a late session ticket is input of TLS, not of HTTP
        except (OSError, ValueError):
            return b""

    def _has_input(self) -> bool:
        if isinstance(self.sock, ssl.SSLSocket) and self.sock.pending():
            return True
        return is_ready(self.sock, 0)

    def receive(self, exchange: Exchange, deadlines: Deadlines) -> bytes:
        """The next bytes, stored in the exchange already. Raises `_EndError` at the end, `TooSlowError`."""
        self.sock.settimeout(max(deadlines.patience(), 0.001))
        try:
            data = self.sock.recv(self.rate_limit.piece)
        except TimeoutError:
            deadlines.patience()  # raises with the more exact reason where another deadline has passed as well
            raise deadlines.stalled() from None
        except OSError as error:
            raise _EndError(error.strerror or str(error), reset=True) from error
        if not data:
            raise _EndError("the server closed the connection", reset=False)
        exchange.received.write(data)
        deadlines.received(len(data))
        self.budget.spend(len(data))
        deadlines.paused(self.rate_limit.take(len(data)))
        return data

    def receive_surplus(self, exchange: Exchange) -> int:
        """Store what the server sent beyond its response and what is there without waiting."""
        taken = 0
        while taken < _MAX_UNREADABLE and self._has_input():
            try:
                self.sock.settimeout(0)
                data = self.sock.recv(_READ)
            except (OSError, ValueError):
                break
            if not data:
                self.is_reusable = False
                break
            exchange.received.write(data)
            taken += len(data)
        return taken

    def close(self) -> None:
        self.is_reusable = False
        self.sock.close()


_PROBLEMS = {
    "head-too-long": f"a head of over {MAX_HEAD:,} bytes",
    "too-many-interim": f"over {MAX_INTERIM} interim responses (1xx) and no final one",
}


class _ResponseReading:
    """The reading of one response: bytes from the connection into the exchange and the parser."""

    def __init__(self, connection: Connection, exchange: Exchange, deadlines: Deadlines) -> None:
        self._connection = connection
        self._exchange = exchange
        self._deadlines = deadlines
        self._reader = MessageReader(exchange.hash_payload, method=exchange.method)
        self._surplus = 0
        self.leaves_connection_clean = False

    def run(self) -> None:
        exchange = self._exchange
        self._deadlines.await_head()
        try:
            self._read()
        except TooSlowError as slow:
            self._cut("time", "timeout", slow.why)
        except _EndError as end:
            self._ended(end)
        self._copy_facts()
        if exchange.head is not None and exchange.truncated is None:
            self._end_cleanly()

    def _read(self) -> None:
        """Read over 1xx responses to the end of the body. (RFC 9110, section 15.2)"""
        exchange, reader, connection = self._exchange, self._reader, self._connection
        body_limit = connection.limits.body_size
        while not reader.is_complete:
            if reader.body_size > body_limit or (reader.head and connection.budget.is_spent):
                exchange.truncated = "length"
                exchange.oddities.append(note("cut-by-size"))
                return
            data = connection.receive(exchange, self._deadlines)
            had_head = reader.head is not None
            self._surplus = len(data) - reader.feed(data)
            if reader.problem is not None:
                self._read_unreadable(reader.problem)
                return
            if reader.head is not None and not had_head:
                self._end_head()

    def _end_head(self) -> None:
        exchange, reader = self._exchange, self._reader
        assert reader.head is not None
        exchange.head = reader.head
        exchange.oddities += oddities_of(reader.raw_head, reader.head)
        self._deadlines.await_body()

    def _copy_facts(self) -> None:
        exchange, reader = self._exchange, self._reader
        exchange.interim, exchange.framing = reader.interim, reader.framing
        exchange.small_chunks = reader.small_chunks
        if exchange.head is not None:
            exchange.body_start = reader.head_size
            exchange.body_end = reader.head_size + reader.body_size

    def _read_unreadable(self, problem: str) -> None:
        """Record what is no HTTP response: it is what the server sent."""
        exchange = self._exchange
        start = exchange.received.read(self._reader.head_size, self._reader.head_size + 60)
        try:
            while exchange.received.size < _MAX_UNREADABLE:
                self._connection.receive(exchange, self._deadlines)
            exchange.truncated = "length"
        except _EndError:
            pass
        except TooSlowError:
            exchange.truncated = "time"
        not_http = f"the response is not HTTP/1.x: it begins {start!r}"
        self._fail("head", "not-http", _PROBLEMS.get(problem, not_http))

    def _end_cleanly(self) -> None:
        exchange = self._exchange
        assert exchange.head is not None
        surplus = self._surplus
        if self._reader.fault is not None:
            exchange.oddities.append(self._reader.fault)
        if exchange.framing != "close":
            surplus += self._connection.receive_surplus(exchange)
        if surplus:
            exchange.has_surplus = True
            exchange.oddities.append(note("surplus", n=surplus))
        self.leaves_connection_clean = (
            not surplus
            and self._connection.is_reusable
            and exchange.framing != "close"
            and exchange.head.status != 101
            and _keeps_alive(exchange)
        )

    def _ended(self, end: _EndError) -> None:
        exchange = self._exchange
        if exchange.head is None:
            if exchange.received.size == 0:
                reason = "reset" if end.reset else "empty"
                self._fail("head", reason, f"{end} before any response")
            else:
                exchange.truncated = "disconnect"
                self._fail("head", "reset", f"{end} within the head")
            return
        reader = self._reader
        if reader.fault is not None and not reader.may_end_here:
            exchange.oddities.append(reader.fault)
        if end.reset or not reader.may_end_here:
            exchange.truncated = "disconnect"
            exchange.oddities.append(note("ended-early", said=str(end)))

    def _cut(self, mark: str, reason: str, why: str) -> None:
        if self._exchange.received.size or self._exchange.head is not None:
            self._exchange.truncated = mark
        if self._exchange.head is None:
            self._fail("head", reason, why)
        else:
            self._exchange.oddities.append(note("too-slow", said=why))

    def _fail(self, stage: str, reason: str, message: str) -> None:
        self._exchange.failure = Failure(stage, reason, message)


def _keeps_alive(exchange: Exchange) -> bool:
    """Say whether the server keeps the connection open. (RFC 9112, section 9.3)"""
    assert exchange.head is not None
    options = {option.strip().lower() for value in exchange.head.all("Connection") for option in value.split(",")}
    if exchange.head.version == "1.1":
        return "close" not in options
    return exchange.head.version == "1.0" and "keep-alive" in options
