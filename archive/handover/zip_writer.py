"""Writes a zip whose members are stored as they are: byte for byte what the standard library's `zipfile` writes.

`zipfile` holds an object of a kilobyte for each member until the end; this holds its entry in the directory alone,
compressed. (APPNOTE 6.3.10, 4.3)
"""

from __future__ import annotations

import struct
from collections.abc import Iterable
from datetime import datetime
from typing import BinaryIO

from isal import isal_zlib

from archive.bag.compressed_bytes import Compressing

_LOCAL = struct.Struct("<4s2B4HL2L2H")
_CENTRAL = struct.Struct("<4s4B4HL2L5H2L")
_END64 = struct.Struct("<4sQ2H2L4Q")
_LOCATOR = struct.Struct("<4sLQL")
_END = struct.Struct("<4s4H2LH")

_UNIX, _UTF8, _STORED = 3, 0x800, 0
_PLAIN, _ZIP64 = 20, 45
"""Versions needed to extract."""
_LIMIT, _MOST = (1 << 31) - 1, 0xFFFF
"""What the fields of a zip without 64 bits are taken to hold, as `zipfile` does."""
_FULL = 0xFFFFFFFF


class ZipWriter:
    """One zip, written from its start in a file that can be sought in; every member has the same time."""

    def __init__(self, file: BinaryIO, moment: datetime) -> None:
        self._file = file
        # A zip knows no time zone; everything is UTC. (APPNOTE 4.4.6)
        self._date = (moment.year - 1980) << 9 | moment.month << 5 | moment.day
        self._time = moment.hour << 11 | moment.minute << 5 | moment.second // 2
        self._directory = Compressing()
        self._count = 0

    def add(self, name: str, attributes: int, size: int, chunks: Iterable[bytes]) -> None:
        """Write one member. Its checksum is known when it is written, and put into its header then."""
        raw, start = name.encode(), self._file.tell()
        is_large = size * 1.05 > _LIMIT
        self._file.write(self._local(raw, 0, 0, size if is_large else 0, is_large=is_large))
        checksum, count = 0, 0
        for chunk in chunks:
            self._file.write(chunk)
            checksum = isal_zlib.crc32(chunk, checksum)
            count += len(chunk)
        end = self._file.tell()
        self._file.seek(start)
        self._file.write(self._local(raw, checksum, count, count, is_large=is_large))
        self._file.seek(end)
        self._list(raw, attributes, checksum, count, start, is_large=is_large)

    def _local(self, raw: bytes, checksum: int, stored: int, size: int, *, is_large: bool) -> bytes:
        extra = struct.pack("<HHQQ", 1, 16, size, stored) if is_large else b""
        version = _ZIP64 if is_large else _PLAIN
        sizes = (_FULL, _FULL) if is_large else (stored, size)
        fields = (version, 0, _flags(raw), _STORED, self._time, self._date, checksum, *sizes, len(raw), len(extra))
        return _LOCAL.pack(b"PK\x03\x04", *fields) + raw + extra

    def _list(self, raw: bytes, attributes: int, checksum: int, size: int, start: int, *, is_large: bool) -> None:
        long: list[int] = []
        sizes, place = (size, size), start
        if size > _LIMIT:
            long += [size, size]
            sizes = (_FULL, _FULL)
        if start > _LIMIT:
            long.append(start)
            place = _FULL
        extra = struct.pack(f"<HH{len(long)}Q", 1, 8 * len(long), *long) if long else b""
        version = _ZIP64 if long or is_large else _PLAIN
        about = (version, _UNIX, version, 0, _flags(raw), _STORED, self._time, self._date, checksum, *sizes)
        lengths = (len(raw), len(extra), 0, 0, 0, attributes, place)
        self._directory.add(_CENTRAL.pack(b"PK\x01\x02", *about, *lengths) + raw + extra)
        self._count += 1

    def close(self) -> None:
        """Write the directory, without which it is no zip."""
        directory, start, count = self._directory.finish(), self._file.tell(), self._count
        size = directory.size
        for chunk in directory.chunks():
            self._file.write(chunk)
        if count > _MOST or start > _LIMIT or size > _LIMIT:
            end = start + size
            self._file.write(_END64.pack(b"PK\x06\x06", 44, _ZIP64, _ZIP64, 0, 0, count, count, size, start))
            self._file.write(_LOCATOR.pack(b"PK\x06\x07", 0, end, 1))
            count, size, start = min(count, _MOST), min(size, _FULL), min(start, _FULL)
        self._file.write(_END.pack(b"PK\x05\x06", 0, 0, count, count, size, start, 0))


def _flags(raw: bytes) -> int:
    return 0 if raw.isascii() else _UTF8
