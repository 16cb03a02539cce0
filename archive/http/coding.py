"""Content codings: gzip and deflate, undone for looking at a body, never for storing it. (RFC 9110, section 8.4.1)"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import Any

_PIECE = 1 << 20
_GZIP = ("gzip", "x-gzip")


class CodingError(ValueError):
    """A content coding that is unknown, broken off, or blown up beyond its bounds."""


def decoded(pieces: Iterable[bytes], coding: str, limit: int) -> Iterator[bytes]:
    """Yield the whole content. Raises `CodingError` where the coding cannot be undone to its end."""
    coding = coding.strip().lower()
    if coding in ("", "identity"):
        return iter(pieces)
    if coding not in _GZIP:
        raise CodingError(f"Content-Encoding {coding} cannot be undone here")
    return _gunzipped(iter(pieces), limit)


def start_of(pieces: Iterable[bytes], coding: str, limit: int) -> bytes:
    """The first `limit` bytes of the content; where the coding is broken, what could be read."""
    coding = coding.strip().lower()
    if coding in (*_GZIP, "deflate"):
        return _inflated(iter(pieces), limit, is_gzip=coding != "deflate")
    out = bytearray()
    for piece in pieces:
        out += piece
        if len(out) >= limit:
            break
    return bytes(out[:limit])


def ends_early(pieces: Iterable[bytes], coding: str) -> bool:
    """True where the content coding breaks off before its own end, though it began as one.

    A body can have every byte that Content-Length states and still be the first half of a gzip stream.
    """
    coding = coding.strip().lower()
    if coding not in (*_GZIP, "deflate"):
        return False
    engine: Any = None
    for piece in pieces:
        if engine is None:
            if not piece:
                continue
            engine = _engine(piece, is_gzip=coding != "deflate")
            if engine is None:
                return False  # says gzip and is not
        try:
            while piece and not engine.eof:
                engine.decompress(piece, _PIECE)
                piece = engine.unconsumed_tail
        except zlib.error:
            return coding in _GZIP  # what is called deflate and cannot be read may be anything
        if engine.eof:
            return False
    return engine is not None and not engine.eof


def _engine(first: bytes, *, is_gzip: bool) -> Any:
    """What undoes a stream that begins so; None where it is no such stream."""
    if is_gzip:
        return zlib.decompressobj(31) if first.startswith(b"\x1f\x8b"[: len(first)]) else None
    # "deflate" without the zlib wrapper, as some servers send it
    return zlib.decompressobj(15 if first[0] & 0x0F == 8 else -15)


def _gunzipped(pieces: Iterator[bytes], limit: int) -> Iterator[bytes]:
    engine, size, is_open = zlib.decompressobj(31), 0, False
    try:
        for piece in pieces:
            while piece:
                is_open = True
                out = engine.decompress(piece, _PIECE)
                size += len(out)
                if size > limit:
                    raise CodingError(f"more than {limit:,} bytes when unpacked")
                yield out
                piece = engine.unconsumed_tail or engine.unused_data
                if engine.eof:  # members may follow one another (RFC 1952, section 2.2)
                    engine, is_open = zlib.decompressobj(31), False
        while is_open and (out := engine.decompress(b"", _PIECE)):
            yield out
    except zlib.error as error:
        raise CodingError(f"broken gzip: {error}") from error
    if is_open and not engine.eof:
        raise CodingError("the gzip ends before its end")


def _inflated(pieces: Iterator[bytes], limit: int, *, is_gzip: bool) -> bytes:
    """Undo a coding up to `limit` bytes, whatever the server claims: a lie or a cut gives what could be read."""
    out = bytearray()
    engine: Any = None
    with suppress(zlib.error):
        for piece in pieces:
            if engine is None and piece:
                engine = _engine(piece, is_gzip=is_gzip)
                if engine is None:
                    return b"".join([piece, *pieces])[:limit]
            while piece and len(out) < limit:
                out += engine.decompress(piece, limit - len(out))
                piece = engine.unconsumed_tail
            if len(out) >= limit:
                break
    return bytes(out)
