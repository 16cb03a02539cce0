"""One exchange: a request with its response, or with the way it failed."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from msgspec import Struct

from archive.http import Head, payload_of
from archive.urls import Url
from archive_manifests.notes import Note

IN_MEMORY = 1 << 20
"""Bytes that a spool has in memory before it moves to a file: at 1 MiB the file costs less than it saves."""
_PIECE = 1 << 18
_MOST_PIECES = 64
"""A response that comes a few bytes at a time must not take a piece of memory for each."""


class Spool:
    """Bytes that are appended and digested: in memory while few, then in a file.

    The file is an unnamed one below `folder`: a crash leaves nothing behind. After `place_at` it is the file that is
    named there, which outlives a crash; `discard` deletes it when the spool is closed.
    """

    __slots__ = ("_discard", "_file", "_folder", "_is_open", "_memory", "_named", "_place", "_sha256", "size")
    _memory: list[bytes]
    """Pieces, which are put together when they are read."""

    def __init__(self, folder: Path | None = None, *, discard: Callable[[Path], None] | None = None) -> None:
        self._folder, self._discard = folder, discard
        self._place: Callable[[], Path] | None = None
        self._named: Path | None = None
        self._memory = []
        self._file: IO[bytes] | None = None
        self._sha256 = hashlib.sha256()
        self._is_open = True
        self.size = 0

    def place_at(self, place: Callable[[], Path]) -> None:
        """Name the file, once there is to be one."""
        self._place = place

    def write(self, data: bytes | bytearray | memoryview) -> None:
        self._sha256.update(data)
        self.size += len(data)
        if self._file is None:
            if self.size <= IN_MEMORY:
                self._memory.append(bytes(data))  # no copy of what is bytes already
                if len(self._memory) > _MOST_PIECES:
                    self._whole()
                return
            self._file = self._open()
            self._file.write(self._whole())
            self._memory = []
        self._file.write(data)

    def _whole(self) -> bytes:
        """All that is in memory."""
        if len(self._memory) != 1:
            self._memory = [b"".join(self._memory)]
        return self._memory[0]

    def _open(self) -> IO[bytes]:
        if self._place is None:
            return tempfile.TemporaryFile(dir=self._folder)
        self._named = self._place()
        return self._named.open("w+b")

    @property
    def sha256(self) -> str:
        return self._sha256.hexdigest()

    def pieces(self, start: int = 0, end: int | None = None) -> Iterator[bytes]:
        """Yield the bytes from `start` to `end` in pieces of at most 256 KiB."""
        end = self.size if end is None else min(end, self.size)
        if self._file is None:
            if start < end:
                yield self._whole()[start:end]
            return
        while start < end:
            self._file.seek(start)
            piece = self._file.read(min(_PIECE, end - start))
            if not piece:
                raise OSError(f"the spooled response is short: {start} of {end} bytes")
            start += len(piece)
            yield piece
        self._file.seek(0, 2)

    def read(self, start: int = 0, end: int | None = None) -> bytes:
        """The bytes from `start` to `end`, at once: for heads and bounded pieces."""
        return b"".join(self.pieces(start, end))

    def in_memory(self) -> bytes | None:
        """All the bytes, where they are still in memory; None once they are not."""
        memory, is_whole = self._memory, self._is_open and self._file is None
        whole = memory[0] if len(memory) == 1 else b"".join(memory)
        return whole if is_whole and len(whole) == self.size else None

    def close(self) -> None:
        self._is_open = False
        self._memory = []
        if self._file is not None:
            self._file.close()
            self._file = None
        if self._named is not None and self._discard is not None:
            self._discard(self._named)
            self._named = None


class Failure(Struct, frozen=True):
    """Why there is no usable response."""

    stage: str
    """`policy`, `dns`, `connect`, `proxy`, `tls`, `send`, `head`."""
    reason: str
    """A reason of the ledger: `private-address`, `dns`, `connect`, `tls`, `timeout`, `reset`, `empty`, `not-http`…"""
    message: str
    """The exact error, for the record."""


class TlsFacts(Struct, frozen=True):
    """What TLS showed on this very connection."""

    version: str | None
    cipher: str | None
    chain: tuple[bytes, ...]
    """Certificates as the server offered them, DER, leaf first; also where verification failed."""
    verified: bool
    accepted: str | None = None
    """Why the certificate was not believed, where a user had it accepted all the same: `expired`, `untrusted`…"""
    anchor: str | None = None
    """`sha256:` of the root that vouches for the server, where a user added it to the usual ones."""
    added: tuple[str, ...] = ()
    """`sha256:` of each certificate that the server left out of its chain and that was fetched from elsewhere."""


class ConnectionFacts(Struct, frozen=True):
    """What is known of the connection that carried an exchange."""

    number: int
    """Counts the connections of a run from 1; exchanges with one number shared a connection."""
    resolved: tuple[str, ...] = ()
    """Every address that the resolver gave."""
    peer: str | None = None
    """The address at the other end; None behind a proxy."""
    peer_port: int | None = None
    proxied: str | None = None
    """The kind of proxy."""
    mapped: bool = False
    """`--connect-to` led the connection elsewhere than the URL's host says."""
    tls: TlsFacts | None = None


@dataclass(slots=True)
class Exchange:
    """One request and all bytes that came back."""

    url: Url
    method: str
    started: datetime
    """UTC, with microseconds: WARC-Date of its records."""
    sent: Spool
    received: Spool
    ended: datetime | None = None
    connection: ConnectionFacts | None = None
    is_first_on_connection: bool = False
    head: Head | None = None
    """The final head; 1xx heads before it are in `received` only."""
    interim: int = 0
    body_start: int = 0
    body_end: int = 0
    framing: str = "none"
    small_chunks: int = 0
    """Chunks of the body so short that a reader of the record pays for each."""
    truncated: str | None = None
    """`length`, `time`, `disconnect` or None: WARC-Truncated. (WARC 1.1, section 5.13)"""
    failure: Failure | None = None
    has_surplus: bool = False
    """Bytes came after the end of the response."""
    oddities: list[Note] = field(default_factory=list)
    """What was unusual about the response or its connection."""
    _payload_hash: Any = field(default_factory=hashlib.sha256, repr=False)

    @property
    def status(self) -> int | None:
        return self.head.status if self.head else None

    @property
    def is_complete(self) -> bool:
        return self.head is not None and self.failure is None and self.truncated is None

    @property
    def is_in_doubt(self) -> bool:
        """True where this may be the rest of the response before, on a reused connection. (RFC 9112, section 9.2)"""
        is_unclean = self.has_surplus or (self.failure is not None and self.failure.reason == "not-http")
        return is_unclean and not self.is_first_on_connection

    def hash_payload(self, piece: bytes | memoryview) -> None:
        """Take the next piece of payload into its digest."""
        self._payload_hash.update(piece)

    @property
    def payload_sha256(self) -> str | None:
        """Hex digest of the payload as far as it came; None where no head was read."""
        digest: str = self._payload_hash.hexdigest()
        return digest if self.head is not None else None

    def payload(self) -> Iterator[bytes]:
        """Yield the body with its transfer coding undone and its content coding as it is. (WARC 1.1, section 5.9)"""
        return payload_of(self.framing, self.received.pieces(self.body_start, self.body_end))

    @property
    def digest_is_clear(self) -> bool:
        """True where every reader computes the same payload digest.

        Not so for chunked bodies (warcio #74), a 1xx before the response, and heads that are not plain CRLF.
        """
        return (
            self.head is not None
            and self.head.is_plain
            and not self.interim
            and self.framing != "chunked"
            and self.body_end == self.received.size
        )

    def close(self) -> None:
        self.sent.close()
        self.received.close()
