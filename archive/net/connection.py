"""One connection: sends a request, reads the response into the exchange, and decides whether it can be reused.

Not http.client: that raises without a response on HTTP/0.9, garbage, more than 100 fields or a line over 64 KiB, takes
a late 200 after an early hint for the response to the next request, and loses what it had buffered. Not asyncio's
transports: they drop what the server sent before a reset, and report a TLS connection that was cut as one that ended.
"""

from __future__ import annotations

import asyncio
import socket
import ssl
import time

from archive.net.exchange import ConnectionFacts, Exchange, Failure
from archive.net.limits import ByteBudget, Deadlines, ExchangeLimits, RateLimit, TooSlowError
from archive.net.readiness import InputProbe, wait_ready
from archive.net.response_reading import MAX_UNREADABLE, ResponseReading
from archive.net.sweep import Sweep

_READ = 1 << 16
_NOT_YET = (BlockingIOError, InterruptedError, ssl.SSLWantReadError, ssl.SSLWantWriteError)


class Connection:
    """An open connection and the exchanges it has carried. Used on the event loop alone."""

    def __init__(
        self,
        sock: socket.socket,
        facts: ConnectionFacts,
        limits: ExchangeLimits,
        rate_limit: RateLimit,
        budget: ByteBudget,
        sweep: Sweep,
    ) -> None:
        """`sock` does not block."""
        self.facts, self.limits = facts, limits
        self.is_reusable = True
        self._sock, self._descriptor, self._input = sock, sock.fileno(), InputProbe(sock)
        self._rate_limit, self._budget, self._sweep = rate_limit, budget, sweep
        self._loop = asyncio.get_running_loop()
        self._served = 0
        self._is_watched = False
        self._reading: ResponseReading | None = None
        self._ended: asyncio.Future[None] | None = None
        self._resuming: asyncio.TimerHandle | None = None

    async def carry(self, exchange: Exchange, request: bytes) -> None:
        """Send the request and read the response. What fails is stated in the exchange, never raised."""
        exchange.connection = self.facts
        exchange.is_first_on_connection = self._served == 0
        self._served += 1
        deadlines = Deadlines(self.limits)
        exchange.sent.write(request)
        is_clean = False
        try:
            try:
                sent = self._sock.send(request)
            except OSError:  # looked into below
                sent = 0
            if sent < len(request):
                exchange.failure = await self._send_rest(memoryview(request)[sent:])
            if exchange.failure is None:
                is_clean = await self._read(exchange, deadlines)
        finally:
            self.is_reusable = self.is_reusable and is_clean
            if not self.is_reusable:
                self.close()

    async def _send_rest(self, data: memoryview) -> Failure | None:
        """Send what did not go at once; why that failed, or None."""
        ends = time.monotonic() + self.limits.stall
        while data:
            try:
                data = data[self._sock.send(data) :]
                continue
            except _NOT_YET as wanted:
                writing = not isinstance(wanted, ssl.SSLWantReadError)
            except OSError as error:
                # The response may be there all the same: a server that refuses early closes after its response.
                if isinstance(error, ssl.SSLError) or not self._has_input():
                    return Failure("send", "reset", f"sending: {error.strerror or error}")
                return None
            self._unwatch()
            if not await wait_ready(self._sock, ends - time.monotonic(), writing=writing):
                return Failure("send", "timeout", f"the request was not taken within {self.limits.stall:g} s")
        return None

    async def _read(self, exchange: Exchange, deadlines: Deadlines) -> bool:
        """Read the response; whether it leaves the connection fit for another request."""
        reading = ResponseReading(exchange, deadlines, self.limits.body_size, self._budget)
        self._reading, self._ended = reading, self._loop.create_future()
        self._sweep.add(self)
        self._watch()
        try:
            await self._ended
        finally:
            self._reading = self._ended = None
            self._sweep.remove(self)
            if self._resuming is not None:
                self._resuming.cancel()
        surplus = self._receive_surplus(exchange) if reading.may_have_surplus else 0
        return reading.finish(surplus)

    def check_deadlines(self, late: float) -> None:
        """End the exchange where it is too slow. What has arrived and was not read yet may be in time: it is, once.

        `late` are the seconds that this program had no time to look: the server is not responsible for them.
        """
        reading = self._reading
        if reading is None:
            return
        reading.deadlines.paused(late)
        try:
            reading.deadlines.check()
        except TooSlowError as slow:
            if slow.is_silence and not reading.is_late and self._has_input():
                reading.is_late = True
                return
            reading.cut(slow.why)
            self._end()

    def _on_readable(self) -> None:
        reading = self._reading
        if reading is None or reading.is_ended:
            self._unwatch()  # idle: `unrequested_input` looks at it before the next request
            return
        try:
            self._receive(reading)
        except BaseException as error:  # noqa: BLE001 -- of our own machine: it belongs to whoever waits
            self._fail(error)

    def _receive(self, reading: ResponseReading) -> None:
        """Read what is there."""
        while True:
            try:
                data = self._sock.recv(self._rate_limit.piece)
            except _NOT_YET:
                return
            except OSError as error:
                reading.end(error.strerror or str(error), reset=True)
            else:
                if data:
                    reading.take(data)
                    if not reading.is_ended and self._pause(reading, self._rate_limit.take(len(data))):
                        return
                else:
                    reading.end("the server closed the connection", reset=False)
            if reading.is_ended:
                self._end()
                return
            if not isinstance(self._sock, ssl.SSLSocket) or not self._sock.pending():
                return

    def _pause(self, reading: ResponseReading, seconds: float) -> bool:
        """Read no further for so long: the rate limit. The server is not responsible for it."""
        if seconds <= 0:
            return False
        reading.deadlines.paused(seconds)
        self._unwatch()
        self._resuming = self._loop.call_later(seconds, self._resume)
        return True

    def _resume(self) -> None:
        self._resuming = None
        self._watch()
        self._on_readable()

    def _fail(self, error: BaseException) -> None:
        self._unwatch()
        if self._ended is not None and not self._ended.done():
            self._ended.set_exception(error)

    def _end(self) -> None:
        if self._ended is not None and not self._ended.done():
            self._ended.set_result(None)

    def unrequested_input(self) -> bytes | None:
        """What the server sent on the idle connection, empty where it closed it; None where it can be reused."""
        if not self._has_input():
            return None
        try:
            return self._sock.recv(_READ)
        except _NOT_YET:
            return None  # a late session ticket is input of TLS, not of HTTP
        except (OSError, ValueError):
            return b""

    def _receive_surplus(self, exchange: Exchange) -> int:
        """Store what the server sent beyond its response and what is there without waiting."""
        taken = 0
        while taken < MAX_UNREADABLE and self._has_input():
            try:
                data = self._sock.recv(_READ)
            except (OSError, ValueError):
                break
            if not data:
                self.is_reusable = False
                break
            exchange.received.write(data)
            taken += len(data)
        return taken

    def _has_input(self) -> bool:
        if isinstance(self._sock, ssl.SSLSocket) and self._sock.pending():
            return True
        return self._input.has_input()

    def _watch(self) -> None:
        if not self._is_watched:
            self._loop.add_reader(self._descriptor, self._on_readable)
            self._is_watched = True

    def _unwatch(self) -> None:
        if self._is_watched:
            self._loop.remove_reader(self._descriptor)
            self._is_watched = False

    def close(self) -> None:
        self.is_reusable = False
        self._unwatch()
        self._sock.close()
