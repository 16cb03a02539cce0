"""Content codings: gzip and deflate, undone for looking at a body, never for storing it. (RFC 9110, section 8.4.1)"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable, Iterator
from enum import StrEnum
from typing import Any

from archive_manifests.plain_text import plain_reason

_PIECE = 1 << 20
_GZIP = ("gzip", "x-gzip")
_UNDONE = (*_GZIP, "deflate")
_UNREAD = {"br": b"", "zstd": b"\x28\xb5\x2f\xfd", "dcb": b"\xff\x44\x43\x42", "dcz": b"\x5e\x2a\x4d\x18"}
"""Codings that browsers undo and this program does not, and how their streams begin; Brotli's have no mark."""
_LOOKED_AT = 512
_PLAIN_MARKS = (b"%PDF-", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"PK\3\4", b"\x1f\x8b")
_MARKUP = re.compile(rb"\s*<[A-Za-z!?/]")  # no Brotli stream begins with "<": a reserved bit is set (RFC 7932, 9.2)
_CONTROL = re.compile(rb"[\0-\x08\x0b\x0e-\x1a\x1c-\x1f\x7f]")


class CodingError(ValueError):
    """A content coding that is unknown, broken off, or blown up beyond its bounds."""


class CodingFault(StrEnum):
    """Why a body cannot be read by the content coding that its head states."""

    FALSE = "false"
    """No byte of it can be read by that coding: the label is wrong, and browsers show an error."""
    BROKEN = "broken"
    """It begins in that coding, and is damaged further on."""
    CUT = "cut"
    """It breaks off before the coding's own end."""
    UNREAD = "unread"
    """Browsers undo the coding, this program does not: nothing is known of the content."""


class _Unreadable(Exception):
    """Ends the reading of a coding."""

    def __init__(self, fault: CodingFault) -> None:
        super().__init__(fault)
        self.fault = fault


def decoded(pieces: Iterable[bytes], coding: str, limit: int) -> Iterator[bytes]:
    """Yield the whole content. Raises `CodingError` where the coding cannot be undone to its end."""
    coding = coding.strip().lower()
    if coding in ("", "identity"):
        return iter(pieces)
    if coding not in _GZIP:
        raise CodingError(f"Content-Encoding {coding} cannot be undone here")
    return _gunzipped(iter(pieces), limit)


def start_of(pieces: Iterable[bytes], stated: str, limit: int) -> bytes:
    """The first `limit` bytes of the content; where the coding is broken, what could be read.

    The bytes as they are where the label is false, and none where the coding is not one that is undone here.
    """
    if not _codings(stated):
        return b"".join(_first(pieces, limit))
    raw, out, rest = bytearray(), list[bytes](), iter(pieces)

    def seen() -> Iterator[bytes]:
        for piece in rest:
            if not out:
                raw.extend(piece[: limit - len(raw)])
            yield piece

    try:
        for piece in _first(_content(seen(), stated), limit):
            out.append(piece)
            raw.clear()
    except _Unreadable as unreadable:
        if unreadable.fault is CodingFault.FALSE:
            for _ in seen():
                if len(raw) >= limit:
                    break
            return bytes(raw)
    return b"".join(out)


def _first(pieces: Iterable[bytes], limit: int) -> Iterator[bytes]:
    """The pieces up to `limit` bytes; none of a whole one is copied."""
    for piece in pieces:
        yield piece if len(piece) <= limit else piece[:limit]
        limit -= len(piece)
        if limit <= 0:
            return


def fault_of(pieces: Iterable[bytes], stated: str) -> CodingFault | None:
    """Why a body cannot be read by its stated coding; None where it can, or where browsers do not know the coding.

    A body can have every byte that Content-Length states and still be the first half of a gzip stream.
    """
    if not _codings(stated):
        return None
    try:
        for _ in _content(pieces, stated):
            pass
    except _Unreadable as unreadable:
        return unreadable.fault
    return None


def _codings(stated: str) -> list[str]:
    """The codings to undo, in that order. One that no browser knows leaves the body as it is, as browsers do."""
    names = [name for each in stated.split(",") if (name := each.strip().lower()) not in ("", "identity")]
    return names[::-1] if all(name in _UNDONE or name in _UNREAD for name in names) else []


def _content(pieces: Iterable[bytes], stated: str) -> Iterator[bytes]:
    """Undo the codings of a body one after another. Raises `_Unreadable`."""
    stream = iter(pieces)
    for name in _codings(stated):
        stream = _inflated(stream, name) if name in _UNDONE else _unread(stream, name)
    return stream


def _inflated(pieces: Iterator[bytes], coding: str) -> Iterator[bytes]:
    engine: Any = None
    fault = CodingFault.FALSE
    for piece in filter(None, pieces):
        engine = engine or _engine(piece, is_gzip=coding in _GZIP)
        if engine is None:
            raise _Unreadable(fault)
        try:
            while piece and not engine.eof:
                # Byte by byte to the first output: zlib gives none of a piece that is damaged further on.
                step = len(piece) if fault is CodingFault.BROKEN else 1
                out = engine.decompress(piece[:step], _PIECE)
                piece = engine.unconsumed_tail + piece[step:]
                if out:
                    fault = CodingFault.BROKEN
                    yield out
        except zlib.error as error:
            raise _Unreadable(fault) from error
        if engine.eof:
            return  # what follows the end of the stream is no part of it for browsers
    if engine is not None:
        raise _Unreadable(CodingFault.CUT)


def _unread(pieces: Iterator[bytes], coding: str) -> Iterator[bytes]:
    """Nothing of a coding that is not undone here; whether the label is false can be seen of some bodies."""
    head = b""
    for piece in pieces:
        head += piece
        if len(head) >= _LOOKED_AT:
            break
    if head:
        mark = _UNREAD[coding]
        is_false = not head.startswith(mark[: len(head)]) if mark else _is_plain(head[:_LOOKED_AT])
        raise _Unreadable(CodingFault.FALSE if is_false else CodingFault.UNREAD)
    return
    yield


def _is_plain(head: bytes) -> bool:
    """True for the beginning of markup, text or a common file that is in no coding."""
    if head.startswith(_PLAIN_MARKS) or _MARKUP.match(head):
        return True
    try:
        head.decode()
    except UnicodeDecodeError as error:
        if error.start < len(head) - 3:  # a character may be cut at the end
            return False
    return not is_binary(head)


def is_binary(body: bytes) -> bool:
    """True where the beginning has bytes that text has not. (MIME Sniffing Standard, 3: binary data byte)"""
    return _CONTROL.search(body[:_LOOKED_AT]) is not None


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
        raise CodingError(f"broken gzip: {plain_reason(error)}") from error
    if is_open and not engine.eof:
        raise CodingError("the gzip ends before its end")
