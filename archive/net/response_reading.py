"""The reading of one response: received bytes into the exchange and the parser, up to the end of the response."""

from __future__ import annotations

from archive.http import MAX_HEAD, MAX_INTERIM, MessageReader
from archive.http.oddities import oddities_of
from archive.net.exchange import Exchange, Failure
from archive.net.limits import ByteBudget, Deadlines
from archive_manifests.notes import note

MAX_UNREADABLE = 1 << 20
"""Bytes of what is no HTTP response, or comes after one, that are stored."""

_PROBLEMS = {
    "head-too-long": f"a head of over {MAX_HEAD:,} bytes",
    "too-many-interim": f"over {MAX_INTERIM} interim responses (1xx) and no final one",
}


class ResponseReading:
    """Takes what arrives, without a socket of its own."""

    def __init__(self, exchange: Exchange, deadlines: Deadlines, body_limit: int, budget: ByteBudget) -> None:
        self.deadlines = deadlines
        self.is_ended = False
        self.is_late = False
        """True once a deadline had passed with bytes there that were not read yet."""
        self._exchange, self._body_limit, self._budget = exchange, body_limit, budget
        self._reader = MessageReader(exchange.hash_payload, method=exchange.method)
        self._surplus = 0
        self._is_unreadable = False
        deadlines.await_head()

    def take(self, data: bytes) -> None:
        """Store the next bytes and read them. (1xx responses before the final one: RFC 9110, section 15.2)"""
        exchange, reader = self._exchange, self._reader
        exchange.received.write(data)
        self.deadlines.received(len(data))
        self._budget.spend(len(data))
        if self._is_unreadable:
            if exchange.received.size >= MAX_UNREADABLE:
                exchange.truncated = "length"
                self.is_ended = True
            return
        had_head = reader.head is not None
        self._surplus = len(data) - reader.feed(data)
        if reader.problem is not None:
            self._begin_unreadable(reader.problem)
        elif reader.head is not None and not had_head:
            self._end_head()
        if reader.is_complete:
            self.is_ended = True
        elif reader.body_size > self._body_limit or (reader.head and self._budget.is_spent):
            exchange.truncated = "length"
            exchange.oddities.append(note("cut-by-size"))
            self.is_ended = True

    def _end_head(self) -> None:
        exchange, reader = self._exchange, self._reader
        assert reader.head is not None
        exchange.head = reader.head
        exchange.oddities += oddities_of(reader.raw_head, reader.head)
        self.deadlines.await_body()

    def _begin_unreadable(self, problem: str) -> None:
        """Record what is no HTTP response: it is what the server sent."""
        exchange = self._exchange
        self._is_unreadable = True
        start = exchange.received.read(self._reader.head_size, self._reader.head_size + 60)
        not_http = f"the response is not HTTP/1.x: it begins {start!r}"
        exchange.failure = Failure("head", "not-http", _PROBLEMS.get(problem, not_http))
        if exchange.received.size >= MAX_UNREADABLE:
            exchange.truncated = "length"
            self.is_ended = True

    def end(self, message: str, *, reset: bool) -> None:
        """The connection ended: in order, or with an error."""
        exchange, reader = self._exchange, self._reader
        self.is_ended = True
        if self._is_unreadable:
            return
        if exchange.head is None:
            if exchange.received.size == 0:
                self._fail("reset" if reset else "empty", f"{message} before any response")
            else:
                exchange.truncated = "disconnect"
                self._fail("reset", f"{message} within the head")
            return
        if reader.fault is not None and not reader.may_end_here:
            exchange.oddities.append(reader.fault)
        if reset or not reader.may_end_here:
            exchange.truncated = "disconnect"
            exchange.oddities.append(note("ended-early", detail=message))

    def cut(self, why: str) -> None:
        """End it here, for it is too slow."""
        exchange = self._exchange
        self.is_ended = True
        if exchange.received.size or exchange.head is not None:
            exchange.truncated = "time"
        if self._is_unreadable:
            return
        if exchange.head is None:
            self._fail("timeout", why)
        else:
            exchange.oddities.append(note("too-slow", detail=why))

    def _fail(self, reason: str, message: str) -> None:
        self._exchange.failure = Failure("head", reason, message)

    @property
    def may_have_surplus(self) -> bool:
        """True where more may follow that belongs to no response."""
        exchange = self._exchange
        return exchange.head is not None and exchange.truncated is None and self._reader.framing != "close"

    def finish(self, further: int) -> bool:
        """Copy what was read into the exchange, `further` surplus bytes included; whether the connection is clean."""
        exchange, reader = self._exchange, self._reader
        exchange.interim, exchange.framing = reader.interim, reader.framing
        exchange.small_chunks = reader.small_chunks
        if exchange.head is None:
            return False
        exchange.body_start = reader.head_size
        exchange.body_end = reader.head_size + reader.body_size
        if exchange.truncated is not None:
            return False
        if reader.fault is not None:
            exchange.oddities.append(reader.fault)
        surplus = self._surplus + further
        if surplus:
            exchange.has_surplus = True
            exchange.oddities.append(note("surplus", n=surplus))
        return not surplus and exchange.framing != "close" and exchange.head.status != 101 and _keeps_alive(exchange)


def _keeps_alive(exchange: Exchange) -> bool:
    """Say whether the server keeps the connection open. (RFC 9112, section 9.3)"""
    assert exchange.head is not None
    values = exchange.head.all("Connection")
    options = {option.strip().lower() for value in values for option in value.split(",")} if values else ()
    if exchange.head.version == "1.1":
        return "close" not in options
    return exchange.head.version == "1.0" and "keep-alive" in options
