"""An object of a store as a file that can be read anywhere: each read costs a request, so it reads ahead."""

from __future__ import annotations

import io

from archive.bag.store.client import read_range, size_of
from archive.bag.store.place import StorePlace

FIRST = 64 << 10
"""Bytes of the first request at a new position: the header of a member is small."""

MOST = 8 << 20
"""Bytes of one request, once reading continues in order."""


class StoreFile(io.RawIOBase):
    """Reads ranges. The window doubles while reads follow on one another, and starts small after a leap."""

    def __init__(self, place: StorePlace, size: int | None = None) -> None:
        self._place = place
        self.size = size_of(place) if size is None else size
        self._position = 0
        self._window = b""
        self._window_start = 0
        self._ahead = FIRST

    @property
    def name(self) -> str:
        return str(self._place)

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._position

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._position, io.SEEK_END: self.size}[whence]
        if base + offset < 0:
            raise OSError(22, "negative position", self.name)
        self._position = base + offset
        return self._position

    def readinto(self, buffer: object) -> int:
        view = memoryview(buffer).cast("B")  # type: ignore[arg-type]
        data = self.read(len(view))
        view[: len(data)] = data
        return len(data)

    def read(self, count: int | None = -1, /) -> bytes:
        """Exactly `count` bytes, fewer at the end."""
        left = self.size - self._position
        count = left if count is None or count < 0 else min(count, left)
        parts = []
        while count > 0:
            part = self._some(count)
            if not part:
                break
            parts.append(part)
            count -= len(part)
        return parts[0] if len(parts) == 1 else b"".join(parts)

    def _some(self, count: int) -> bytes:
        start = self._position - self._window_start
        if not 0 <= start < len(self._window):
            self._fetch(count)
            start = 0
        data = self._window[start : start + count]
        self._position += len(data)
        return data

    def _fetch(self, count: int) -> None:
        follows = self._window_start + len(self._window) == self._position and self._window != b""
        self._ahead = min(self._ahead * 2, MOST) if follows else FIRST
        length = min(max(count, self._ahead), MOST, self.size - self._position)
        self._window = read_range(self._place, self._position, length)
        self._window_start = self._position
        if not self._window:
            raise OSError(5, "the object ends before its listed size", self.name)
