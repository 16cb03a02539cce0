"""A bag's captures as one WACZ file that is stored nowhere: its bytes are made as they are read.

The bag contains an unpacked WACZ; a ZIP of it without compression is a WACZ. (WACZ 1.1.1, section 4)
"""

from __future__ import annotations

import os
import struct
import zlib
from bisect import bisect_right
from collections.abc import Iterator
from pathlib import Path

from msgspec import Struct, field

from archive.errors import BagUnreadable
from archive.posix import FilesBelow
from archive_manifests import layout

_FOLDERS = ("archive", "indexes", "pages")
_LONGEST = 0xFFFFFFFF
_PIECE = 1 << 20
_DATE = (0, 0x21)  # 1 January 1980: the ZIP does not state when the reader opened the bag


class _Segment(Struct, frozen=True):
    """Some bytes of the file: these, or those of a file of the bag."""

    start: int
    size: int
    data: bytes | None = None
    path: str = ""


class Wacz(Struct):
    """The file: how long it is, and any part of it."""

    base: Path
    size: int = 0
    _segments: list[_Segment] = field(default_factory=list)
    _starts: list[int] = field(default_factory=list)

    def read(self, first: int, last: int) -> Iterator[bytes]:
        """Yield the bytes from `first` to `last`, both included."""
        number = max(0, bisect_right(self._starts, first) - 1)
        for segment in self._segments[number:]:
            if segment.start > last:
                return
            low, high = max(first - segment.start, 0), min(last + 1 - segment.start, segment.size)
            if low >= high:
                continue
            if segment.data is not None:
                yield segment.data[low:high]
            else:
                yield from _part(self.base, segment.path, low, high - low)

    def _add(self, size: int, data: bytes | None = None, path: str = "") -> None:
        self._segments.append(_Segment(self.size, size, data, path))
        self._starts.append(self.size)
        self.size += size


def wacz_of(base: Path) -> Wacz:
    """Lay out the WACZ of a finished bag in a folder; every file is read once. Raises `BagUnreadable`."""
    made, central, count = Wacz(base), bytearray(), 0
    for path in _paths(base):
        try:
            size, crc = _measure(base, path)
        except OSError as error:
            raise BagUnreadable(f"{base / path}: {error.strerror or error}") from error
        name = path.removeprefix(layout.PAYLOAD).encode("ascii")
        at = made.size
        head = _local(name, size, crc)
        made._add(len(head), head)
        made._add(size, path=path)
        central += _central(name, size, crc, at)
        count += 1
    end = _end(count, len(central), made.size)
    made._add(len(central), bytes(central))
    made._add(len(end), end)
    return made


def _paths(base: Path) -> list[str]:
    found = [layout.DATA_PACKAGE]
    for folder in _FOLDERS:
        place = base / layout.PAYLOAD / folder
        if folder == "archive" and not os.path.lexists(place):
            continue  # a bag of supplied recordings alone has no captures of its own
        if not place.is_dir() or place.is_symlink():
            raise BagUnreadable(f"{place}: not there; only finished bags can be replayed (archive finish)")
        found += sorted(f"{layout.PAYLOAD}{folder}/{entry.name}" for entry in place.iterdir() if entry.name.isascii())
    return found


def _measure(base: Path, path: str) -> tuple[int, int]:
    size, crc = 0, 0
    for piece in _part(base, path, 0, None):
        size, crc = size + len(piece), zlib.crc32(piece, crc)
    return size, crc


def _part(base: Path, path: str, start: int, size: int | None) -> Iterator[bytes]:
    with FilesBelow(os.fspath(base)) as below, open(below.open(path), "rb") as file:  # noqa: PTH123 -- a descriptor
        file.seek(start)
        left = size
        while left is None or left > 0:
            piece = file.read(_PIECE if left is None else min(_PIECE, left))
            if not piece:
                return
            left = None if left is None else left - len(piece)
            yield piece


def _local(name: bytes, size: int, crc: int) -> bytes:
    """The header before a file. (APPNOTE 6.3.10, sections 4.3.7 and 4.5.3)"""
    extra = struct.pack("<HHQQ", 1, 16, size, size) if size >= _LONGEST else b""
    short = min(size, _LONGEST)
    version = 45 if extra else 20
    return (
        struct.pack("<IHHHHHIIIHH", 0x04034B50, version, 0, 0, *_DATE, crc, short, short, len(name), len(extra))
        + name
        + extra
    )


def _central(name: bytes, size: int, crc: int, at: int) -> bytes:
    """A file's entry in the directory at the end. (APPNOTE 6.3.10, section 4.3.12)"""
    values = [*([size, size] if size >= _LONGEST else []), *([at] if at >= _LONGEST else [])]
    extra = struct.pack(f"<HH{len(values)}Q", 1, 8 * len(values), *values) if values else b""
    short, version = min(size, _LONGEST), 45 if values else 20
    fields = (0x02014B50, version, version, 0, 0, *_DATE, crc, short, short, len(name), len(extra), 0, 0, 0, 0)
    return struct.pack("<IHHHHHHIIIHHHHHII", *fields, min(at, _LONGEST)) + name + extra


def _end(count: int, size: int, at: int) -> bytes:
    """The end of the directory, also in the ZIP64 form where numbers need it. (APPNOTE 6.3.10, 4.3.14 to 4.3.16)"""
    end = struct.pack(
        "<IHHHHIIH", 0x06054B50, 0, 0, *[min(count, 0xFFFF)] * 2, min(size, _LONGEST), min(at, _LONGEST), 0
    )
    if count < 0xFFFF and size < _LONGEST and at < _LONGEST:
        return end
    long = struct.pack("<IQHHIIQQQQ", 0x06064B50, 44, 45, 45, 0, 0, count, count, size, at)
    return long + struct.pack("<IIQI", 0x07064B50, 0, at + size, 1) + end
