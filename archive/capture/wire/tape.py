"""The bytes of one direction of an exchange, hashed as they land."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO

IN_MEMORY = 1 << 20
"""Bytes kept in memory before a tape moves to a file: 1 MiB, since smaller spools cost more than they save."""
_PIECE = 1 << 18


class Tape:
    """An append-only run of bytes: in memory while small, then in an unnamed file below `folder`."""

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder
        self._memory = bytearray()
        self._file: IO[bytes] | None = None
        self._sha256 = hashlib.sha256()
        self._is_open = True
        self.size = 0

    def write(self, data: bytes | bytearray | memoryview) -> None:
        self._sha256.update(data)
        self.size += len(data)
        if self._file is None and self.size > IN_MEMORY:
            # An unnamed file: a crash leaves nothing behind.
            self._file = tempfile.TemporaryFile(dir=self._folder)  # noqa: SIM115 -- closed by `close`
            self._file.write(self._memory)
            self._memory = bytearray()
        if self._file is None:
            self._memory += data
        else:
            self._file.write(data)

    @property
    def sha256(self) -> str:
        return self._sha256.hexdigest()

    def pieces(self, start: int = 0, end: int | None = None) -> Iterator[bytes]:
        """Yield the bytes from `start` to `end` in pieces of at most 256 KiB."""
        end = self.size if end is None else min(end, self.size)
        if self._file is None:
            if start < end:
                yield bytes(memoryview(self._memory)[start:end])
            return
        while start < end:
            self._file.seek(start)
            piece = self._file.read(min(_PIECE, end - start))
            if not piece:
                raise OSError(f"spooled answer is short: {start} of {end} bytes")
            start += len(piece)
            yield piece
        self._file.seek(0, 2)

    def read(self, start: int = 0, end: int | None = None) -> bytes:
        """The bytes from `start` to `end`, at once: for heads and bounded pieces."""
        return b"".join(self.pieces(start, end))

    def kept(self) -> bytes | None:
        """All the bytes, where they are still in memory; None once they are not."""
        memory, is_whole = self._memory, self._is_open and self._file is None
        return bytes(memory) if is_whole and len(memory) == self.size else None

    def close(self) -> None:
        self._is_open = False
        self._memory = bytearray()
        if self._file is not None:
            self._file.close()
            self._file = None
