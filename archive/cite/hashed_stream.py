"""A report's bytes, hashed while they are read."""

from __future__ import annotations

import hashlib
import io
from typing import BinaryIO


class HashedStream:
    """A stream that is read once, front to back, and hashed on the way."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._digest = hashlib.sha256()
        self._head = b""
        self._copy: io.BytesIO | None = None
        self._most_copied = 0
        self.size = 0

    def head(self) -> bytes:
        """The first kilobyte, which `read` gives again."""
        while len(self._head) < 1024 and (more := self._taken(1024 - len(self._head))):
            self._head += more
        return self._head

    def read(self, most: int = 1 << 20) -> bytes:
        """The next bytes, at most `most` of them and a kilobyte; empty at the end."""
        head, self._head = self._head, b""
        return head or self._taken(most)

    def start_copy(self, most: int) -> None:
        """Keep what `read` gives from now on in memory, as long as that is no more than `most` bytes."""
        self._copy, self._most_copied = io.BytesIO(self._head), most
        self._copy.seek(0, io.SEEK_END)

    def copied(self) -> BinaryIO | None:
        """The whole stream, whose rest is read for it, from its beginning; None where it is larger than that."""
        while self._copy is not None and self._taken(1 << 20):
            pass
        return self._copy

    def _taken(self, most: int) -> bytes:
        data = self._stream.read(most)
        if self._copy is not None:
            self._copy.write(data)
            self._copy = self._copy if self._copy.tell() <= self._most_copied else None
        self._digest.update(data)
        self.size += len(data)
        return data

    def sha256(self) -> str:
        """Hex digest of the whole stream, whose rest is read for it."""
        while self._taken(1 << 20):
            pass
        return self._digest.hexdigest()
