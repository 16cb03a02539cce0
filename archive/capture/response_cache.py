"""A cache of small responses: whoever reads them next need not read them back from the WARC."""

from __future__ import annotations

from archive.net import Exchange

MAX_SIZE = 16 << 20
"""Bytes of responses in memory, over all; a response of an eighth of it is not cached."""


class ResponseCache:
    """Bounded by size; the oldest response goes first. Filled on the event loop alone, read in any thread."""

    def __init__(self, max_size: int = MAX_SIZE) -> None:
        self._max_size = max_size
        self._exchanges: dict[str, Exchange] = {}
        """By the id of the record that stands for each."""
        self._size = 0

    def put(self, answer: str, exchange: Exchange) -> None:
        """Take over an exchange that is recorded; what is not cached is closed."""
        if exchange.received.size > self._max_size // 8:
            exchange.received.close()
            return
        self._exchanges[answer] = exchange
        self._size += exchange.received.size
        while self._size > self._max_size:
            oldest = self._exchanges.pop(next(iter(self._exchanges)))
            self._size -= oldest.received.size
            oldest.received.close()

    def get(self, answer: str) -> bytes | None:
        """The bytes of a response as received; None where they are not in memory."""
        exchange = self._exchanges.get(answer)
        return exchange.received.in_memory() if exchange is not None else None
