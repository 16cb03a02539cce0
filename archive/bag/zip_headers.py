"""The members of a zip: its central directory, compared with the local headers. (APPNOTE 6.3.10)"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import Protocol

from msgspec import Struct

from archive.bag.interface import Broken

STORED, DEFLATED = 0, 8
ENCRYPTED, DESCRIPTOR, UTF8 = 0x1, 0x8, 0x800

_END = struct.Struct("<4s4H2LH")
_END64_LOCATOR = struct.Struct("<4sLQL")
_END64 = struct.Struct("<4sQ2H2L4Q")
_CENTRAL = struct.Struct("<4s6H3L5H2L")
_LOCAL = struct.Struct("<4s5H3L2H")
_FULL, _FULL_SHORT = 0xFFFFFFFF, 0xFFFF
_ZIP64, _UNICODE_NAME = 0x0001, 0x7075


class Seekable(Protocol):
    """A zip: a file, or a stretch of one."""

    def seek(self, offset: int, /) -> int:
        """Go to an offset from the start."""

    def read(self, count: int = -1, /) -> bytes:
        """Up to `count` bytes, all that are left where it is negative."""


class ZipMember(Struct, frozen=True):
    """One member as the central directory states it."""

    name: str
    flags: int
    method: int
    crc: int
    stored: int
    """Bytes in the zip."""
    size: int
    """Bytes once inflated."""
    header: int
    """Offset of its local header."""
    mode: int
    """The Unix mode, 0 where none is stated."""
    has_two_names: bool
    """True where an extra field states another name than the header."""
    has_backslashes: bool
    """True where the stored name separates folders by backslashes; `name` has slashes."""
    in_code_page: bytes | None
    """The stored name, where it is neither UTF-8 nor said to be."""


class Directory(Struct, frozen=True):
    """Where the central directory is, and how many members it states."""

    start: int
    size: int
    count: int
    end: int
    """Offset of the first end-of-directory record: nothing is between the directory and it."""


def find_directory(file: Seekable, length: int) -> Directory:
    """Find the central directory. Raises `Broken`."""
    tail_start = max(0, length - _END.size - _FULL_SHORT)
    file.seek(tail_start)
    tail = file.read()
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or len(tail) - at < _END.size:
        raise Broken("package-broken", "the zip has no central directory")
    _, disk, _, _, count, size, start, comment = _END.unpack_from(tail, at)
    if at + _END.size + comment != len(tail):
        raise Broken("package-trailing", "bytes after the zip's end, or a comment of the wrong length")
    end = tail_start + at
    if disk not in (0, _FULL_SHORT):
        raise Broken("package-broken", "one part of a zip in several")
    found = _directory64(file, end)
    if found is None:
        if _FULL_SHORT in (count, disk) or _FULL in (size, start):
            raise Broken("package-damaged", "a zip64 without its locator")
        return Directory(start, size, count, end)
    repeated = ((count, found.count, _FULL_SHORT), (size, found.size, _FULL), (start, found.start, _FULL))
    if any(short not in (long, full) for short, long, full in repeated):
        raise Broken("package-header", "the two records of the zip's end differ")
    return found


def _directory64(file: Seekable, end: int) -> Directory | None:
    """The directory of a zip64, whose locator stands right before the end of a zip."""
    where = end - _END64_LOCATOR.size
    if where < 0:
        return None
    signature, _, offset, _ = _END64_LOCATOR.unpack(_exactly(file, where, _END64_LOCATOR.size))
    if signature != b"PK\x06\x07":
        return None
    record = _END64.unpack(_exactly(file, offset, _END64.size))
    # The record stands right before its locator: another offset hides another directory (CVE-2025-8291).
    if record[0] != b"PK\x06\x06" or offset + 12 + record[1] != where:
        raise Broken("package-damaged", "a zip64 whose locator points elsewhere")
    return Directory(start=record[9], size=record[8], count=record[7], end=offset)


class _Stretch:
    """Reads a stretch of a file from its start to its end, whatever else is read of the file meanwhile."""

    def __init__(self, file: Seekable, start: int, size: int) -> None:
        self._file, self._at, self._end = file, start, start + size
        self._read, self._used = b"", 0

    def read(self, count: int) -> bytes:
        if len(self._read) - self._used < count:
            self._file.seek(self._at)
            more = self._file.read(min(max(count, _PIECE), max(self._end - self._at, 0)))
            self._at += len(more)
            self._read, self._used = self._read[self._used :] + more, 0
        data = self._read[self._used : self._used + count]
        self._used += len(data)
        return data


_PIECE = 1 << 18


def central_members(file: Seekable, directory: Directory, page: str) -> Iterator[ZipMember]:
    """Yield the members of the central directory, which must add up to its size. Raises `Broken`.

    `page` is the code page of names that are no Unicode.
    """
    stored, left = _Stretch(file, directory.start, directory.size), directory.size
    for _ in range(directory.count):
        head = stored.read(_CENTRAL.size)
        if len(head) < _CENTRAL.size or head[:4] != b"PK\x01\x02":
            raise Broken("package-damaged", "the zip's central directory breaks off")
        fields = _CENTRAL.unpack(head)
        name_size, extra_size, comment_size = fields[10:13]
        rest = stored.read(name_size + extra_size + comment_size)
        left -= len(head) + len(rest)
        if left < 0 or len(rest) < name_size + extra_size + comment_size:
            raise Broken("package-damaged", "the zip's central directory breaks off")
        yield _member(fields, rest[:name_size], rest[name_size : name_size + extra_size], page)
    if left:
        raise Broken("package-damaged", f"{left:,} bytes in the zip's central directory that are no member")


def _member(fields: tuple[int, ...], raw: bytes, extra: bytes, page: str) -> ZipMember:
    flags, method, crc, stored, size = fields[3], fields[4], fields[7], fields[8], fields[9]
    header = fields[16]
    parts = dict(_extra_fields(extra))
    if _FULL in (stored, size, header):
        stored, size, header = _sizes64(parts.get(_ZIP64, b""), stored, size, header)
    name, is_unicode = _name(raw, flags, page)
    other = parts.get(_UNICODE_NAME, b"")[5:]
    mode = fields[15] >> 16
    has_backslashes = "\\" in name
    # All slashes are forward slashes (APPNOTE 4.4.17.1); .NET before 4.6.1 and others on Windows wrote backslashes.
    name = name.replace("\\", "/")
    has_two_names = bool(other) and other.decode("utf-8", "replace").replace("\\", "/") != name
    in_code_page = None if is_unicode else raw
    return ZipMember(name, flags, method, crc, stored, size, header, mode, has_two_names, has_backslashes, in_code_page)


def _name(raw: bytes, flags: int, page: str) -> tuple[str, bool]:
    """A name as it is stored, and whether that is Unicode."""
    # Without the UTF-8 flag names are code page 437 by the book, UTF-8 in the wild: macOS sets no flag.
    try:
        return raw.decode("utf-8"), True
    except UnicodeDecodeError:
        return (raw.decode("utf-8", "surrogateescape"), True) if flags & UTF8 else (raw.decode(page, "replace"), False)


def _extra_fields(extra: bytes) -> Iterator[tuple[int, bytes]]:
    position = 0
    while position + 4 <= len(extra):
        kind, size = struct.unpack_from("<2H", extra, position)
        yield kind, extra[position + 4 : position + 4 + size]
        position += 4 + size


def _sizes64(data: bytes, stored: int, size: int, header: int) -> tuple[int, int, int]:
    """Values too large for the header, in their fixed order, each only where the header has all bits set."""
    values = [value for (value,) in struct.iter_unpack("<Q", data[: len(data) // 8 * 8])]
    if len(values) < (size, stored, header).count(_FULL):
        raise Broken("package-damaged", "a zip64 member without its sizes")
    size = values.pop(0) if size == _FULL else size
    stored = values.pop(0) if stored == _FULL else stored
    header = values.pop(0) if header == _FULL else header
    return stored, size, header


def local_data_offset(file: Seekable, member: ZipMember, page: str) -> int:
    """Where a member's bytes start. Raises `Broken` where its local header differs from the directory."""
    fields = _LOCAL.unpack(_exactly(file, member.header, _LOCAL.size))
    name = file.read(fields[9])
    if fields[0] != b"PK\x03\x04":
        raise Broken("package-header", "no local header where the directory says")
    stated = _stated(fields)
    wanted = (member.method, member.flags & (ENCRYPTED | UTF8 | DESCRIPTOR), member.crc, member.stored, member.size)
    has_descriptor = member.flags & DESCRIPTOR
    if stated[:2] != wanted[:2] or _name(name, fields[2], page)[0].replace("\\", "/") != member.name:
        raise Broken("package-header", "local header and directory differ in name, method or flags")
    for local, central in zip(stated[2:], wanted[2:], strict=True):
        if local != central and local != _FULL and not (has_descriptor and local == 0):
            raise Broken("package-header", "local header and directory differ in size or checksum")
    return member.header + _LOCAL.size + int(fields[9]) + int(fields[10])


def _stated(fields: tuple[int, ...]) -> tuple[int, int, int, int, int]:
    return fields[3], fields[2] & (ENCRYPTED | UTF8 | DESCRIPTOR), fields[6], fields[7], fields[8]


def _exactly(file: Seekable, offset: int, count: int) -> bytes:
    file.seek(offset)
    data = file.read(count)
    if len(data) < count:
        raise Broken("package-damaged", f"the zip ends before byte {offset + count:,}")
    return data
