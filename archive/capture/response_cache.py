"""A cache of small responses: whoever reads them next need not read them back from the WARC."""

from __future__ import annotations

MAX_SIZE = 8 << 20
"""Bytes of responses in memory, over all; a response of a quarter of it is not cached."""
_ENTRY = 256
"""Bytes that an entry takes beside its response."""


class ResponseCache:
    """Bounded by size; the oldest response goes first. Filled on the event loop alone, read in any thread."""

    def __init__(self, max_size: int = MAX_SIZE) -> None:
        self._max_size = max_size
        self._responses: dict[str, bytes] = {}
        """By the id of the record that stands for each."""
        self._size = 0

    def put(self, answer: str, response: bytes) -> None:
        """Keep the bytes of a response as received."""
        if len(response) > self._max_size // 4:
            return
        self._responses[answer] = response
        self._size += len(response) + _ENTRY
        while self._size > self._max_size:
            self._size -= len(self._responses.pop(next(iter(self._responses)))) + _ENTRY

    def get(self, answer: str) -> bytes | None:
        """The bytes of a response as received; None where they are not in memory."""
        return self._responses.get(answer)

    def clear(self) -> None:
        """Free the memory: nothing is read any more, or seldom."""
        self._responses.clear()
        self._size = 0
