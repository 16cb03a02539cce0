"""A recorded exchange, as everybody above the recorder sees it."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import chain

from archive.http import Head
from archive.net.exchange import Failure
from archive.urls import Url

PARSED_AT_MOST = 32 << 20
"""Decoded bytes of one answer that are looked at; what is stored has no such bound."""


@dataclass(slots=True)
class Recorded:
    """One exchange as it stands in the WARC, fresh or from an earlier run."""

    url: Url
    method: str
    answer: str
    """Id of the record that stands for it."""
    head: Head | None
    failure: Failure | None
    truncated: str | None
    started: str
    ended: str
    size: int
    """Bytes of the body as it came."""
    oddities: tuple[str, ...] = ()
    earlier: tuple[str, ...] = ()
    """Ids of the records of tries before this one."""
    is_fresh: bool = True
    """False where it was recorded by an earlier run."""
    _payload: Callable[[], Iterator[bytes]] = field(default=lambda: iter(()), repr=False)

    @property
    def status(self) -> int | None:
        return self.head.status if self.head else None

    def header(self, name: str) -> str | None:
        return self.head.get(name) if self.head else None

    @property
    def media_type(self) -> str:
        """Content-Type without its parameters, lower case; empty where none is stated."""
        return (self.header("Content-Type") or "").partition(";")[0].strip().lower()

    @property
    def charset(self) -> str | None:
        """The charset parameter of Content-Type."""
        for parameter in (self.header("Content-Type") or "").split(";")[1:]:
            name, _, value = parameter.partition("=")
            if name.strip().lower() == "charset":
                return value.strip().strip("\"'") or None
        return None

    def payload(self) -> Iterator[bytes]:
        """Yield the payload: transfer coding undone, content coding kept."""
        return self._payload()

    def decoded(self, limit: int) -> Iterator[bytes]:
        """Yield the whole content with its coding undone. Raises `CodingError` where that cannot be done."""
        coding = (self.header("Content-Encoding") or "identity").strip().lower()
        if coding == "identity":
            return self.payload()
        if coding not in ("gzip", "x-gzip"):
            raise CodingError(f"Content-Encoding {coding} cannot be undone here")
        return _gunzipped(self.payload(), limit)

    def content(self, limit: int = PARSED_AT_MOST) -> bytes:
        """The first `limit` bytes with the content coding undone: for looking at, never for storing."""
        coding = (self.header("Content-Encoding") or "").strip().lower()
        if coding in ("gzip", "x-gzip", "deflate"):
            return _inflated(self.payload(), limit, is_gzip=coding != "deflate")
        out = bytearray()
        for piece in self.payload():
            out += piece
            if len(out) >= limit:
                break
        return bytes(out[:limit])


class CodingError(ValueError):
    """A content coding that is unknown, broken off, or blown up beyond its bounds."""


def _gunzipped(pieces: Iterator[bytes], limit: int) -> Iterator[bytes]:
    engine, size, is_open = zlib.decompressobj(31), 0, False
    try:
        for piece in pieces:
            while piece:
                is_open = True
                out = engine.decompress(piece, 1 << 20)
                size += len(out)
                if size > limit:
                    raise CodingError(f"more than {limit:,} bytes when unpacked")
                yield out
                piece = engine.unconsumed_tail or engine.unused_data
                if engine.eof:  # members may follow one another (RFC 1952, section 2.2)
                    engine, is_open = zlib.decompressobj(31), False
        while is_open and (out := engine.decompress(b"", 1 << 20)):
            yield out
    except zlib.error as error:
        raise CodingError(f"broken gzip: {error}") from error
    if is_open and not engine.eof:
        raise CodingError("the gzip ends before its end")


def _inflated(pieces: Iterator[bytes], limit: int, *, is_gzip: bool) -> bytes:
    """Undo a coding up to `limit` bytes, whatever the server claims: a lie or a cut gives what could be read."""
    engine = zlib.decompressobj(47 if is_gzip else 15)
    out = bytearray()
    with suppress(zlib.error):
        for number, piece in enumerate(pieces):
            if number == 0 and not is_gzip and piece[:1] and piece[0] & 0x0F != 8:
                engine = zlib.decompressobj(-15)  # "deflate" without the zlib wrapper, as some servers send it
            if number == 0 and is_gzip and not piece.startswith(b"\x1f\x8b"):
                return b"".join([piece, *pieces])[:limit]  # says gzip and is not
            while piece and len(out) < limit:
                out += engine.decompress(piece, limit - len(out))
                piece = engine.unconsumed_tail
            if len(out) >= limit:
                break
    return bytes(out)


@dataclass(frozen=True, slots=True)
class Joined:
    """A body put together from the answers that hold its parts: the block of a `resource` record."""

    parts: tuple[Recorded, ...]
    size: int
    sha256: str

    def pieces(self) -> Iterator[bytes]:
        return chain.from_iterable(part.payload() for part in self.parts)


def join(parts: Sequence[Recorded]) -> Joined:
    """Measure the body that the parts make together."""
    digest, size = hashlib.sha256(), 0
    for piece in chain.from_iterable(part.payload() for part in parts):
        digest.update(piece)
        size += len(piece)
    return Joined(tuple(parts), size, digest.hexdigest())
