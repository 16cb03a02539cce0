"""The members of a tar, read strictly from a stream of bytes. (POSIX.1-2017, pax and ustar interchange formats)"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, Protocol

from msgspec import Struct

from archive.bag.interface import CHUNK, Broken, Entry, FileStretch, Reader
from archive.bag.package import PackageFile
from archive.bag.raw import open_raw, size_of_raw
from archive.errors import BagUnreadable

BLOCK = 512
NAME_LIMIT = 1 << 20
"""Bytes of a long name or of an extended header."""

_NUMBER = re.compile(rb"[ \0]*([0-7]*)[ \0]*\Z")
_PAX_RECORD = re.compile(rb"([1-9][0-9]{0,9}) ")

FILE, FOLDER, LINK, SPECIAL, OTHER = "file", "folder", "link", "special", "other"
_KINDS = {b"0": FILE, b"\0": FILE, b"7": FILE, b"5": FOLDER, b"1": LINK, b"2": LINK, b"3": SPECIAL, b"4": SPECIAL}
_KINDS |= {b"6": SPECIAL}


class TarSource(Protocol):
    """Where a tar's bytes come from: a file that can be skipped in, or a stream that cannot."""

    def read(self, count: int) -> bytes:
        """Exactly `count` bytes, fewer at the end."""

    def skip(self, count: int) -> int:
        """Pass over `count` bytes; how many there were."""

    def tell(self) -> int:
        """Bytes from the start."""


class TarMember(Struct, frozen=True):
    """One member: a file, a folder, or what does not belong into a bag."""

    name: str
    kind: str
    size: int
    offset: int
    """Of the first byte of its content."""
    type: str
    """The type flag as stored."""


def members(source: TarSource) -> Iterator[TarMember]:
    """Yield every member; the source stands at its content then, and may be left anywhere before its end.

    Raises `Broken` at the first thing that is not as it must be.
    """
    extended: dict[bytes, bytes] = {}
    for_all: dict[bytes, bytes] = {}
    waiting = b""
    """The type of the last header that is about members after it, while none came."""
    while True:
        block = source.read(BLOCK)
        if not block and source.tell() == 0:
            raise Broken("package-broken", "the tar is empty")
        if not any(block):
            _require_member(waiting, is_cut=len(block) < BLOCK)
        if len(block) < BLOCK and not any(block):
            raise Broken("package-unterminated", "the tar ends without its two empty blocks")
        if len(block) < BLOCK:
            raise Broken("package-broken", f"the tar ends within a header: {len(block)} bytes of {BLOCK}")
        if not any(block):
            _expect_end(source)
            return
        _check_sum(block, source.tell() - BLOCK)
        flag, size = block[156:157], _size(block, for_all | extended)
        start = source.tell()
        if flag in b"xgLK" and flag:
            _take_extension(flag, source.read(_within_limit(size)), extended, for_all)
            waiting = flag
        else:
            yield _member(block, flag, size, start, for_all | extended)
            extended, waiting = {}, b""
        _move_to(source, start, size, unpadded="package-broken" if waiting else "package-unterminated")


def _member(block: bytes, flag: bytes, size: int, start: int, pax: dict[bytes, bytes]) -> TarMember:
    name = pax.get(b"path")
    if name is None:
        name = block[:100].split(b"\0")[0]
        prefix = block[345:500].split(b"\0")[0] if block[257:263] == b"ustar\0" else b""
        name = prefix + b"/" + name if prefix else name
    kind = _KINDS.get(flag, OTHER)
    if any(key.startswith(b"GNU.sparse") for key in pax) or flag == b"S":
        kind = OTHER
    if kind == FILE and name.endswith(b"/"):
        kind = FOLDER  # as tars older than ustar spell a folder
    if kind != FILE and kind != OTHER and size:
        raise Broken("package-damaged", f"a {kind} with content: {name[:200]!r}")
    return TarMember(name.decode("utf-8", "surrogateescape"), kind, size, start, flag.decode("latin-1"))


def _take_extension(flag: bytes, data: bytes, extended: dict[bytes, bytes], for_all: dict[bytes, bytes]) -> None:
    if flag == b"L":
        extended[b"path"] = data.split(b"\0")[0]
    elif flag in b"xg":
        (extended if flag == b"x" else for_all).update(_pax_records(data))


def _pax_records(data: bytes) -> dict[bytes, bytes]:
    """`length key=value` and LF, where the length counts itself."""
    records: dict[bytes, bytes] = {}
    position = 0
    while position < len(data):
        match = _PAX_RECORD.match(data, position)
        end = position + int(match[1]) if match else 0
        if not match or end > len(data) or end <= match.end() or data[end - 1 : end] != b"\n":
            raise Broken("package-damaged", "an extended header that does not add up")
        key, equals, value = data[match.end() : end - 1].partition(b"=")
        if not equals or (b"\0" in value and key == b"path"):
            raise Broken("package-damaged", "an extended header that does not add up")
        records[key] = value
        position = end
    return records


def _size(block: bytes, pax: dict[bytes, bytes]) -> int:
    if block[156:157] not in b"xgLK" and b"size" in pax:
        if not pax[b"size"].isdigit() or len(pax[b"size"]) > 18:
            raise Broken("package-damaged", "an extended header with a size that is none")
        return int(pax[b"size"])
    return _number(block[124:136])


def _number(text: bytes) -> int:
    """Octal, or GNU's base 256 with the high bit set; never negative."""
    if text[0] == 0x80:
        return int.from_bytes(text[1:], "big")
    match = _NUMBER.match(text)
    if not match:
        raise Broken("package-damaged", f"a header with a number that is none: {text!r}")
    return int(match[1] or b"0", 8)


def _check_sum(block: bytes, offset: int) -> None:
    stated = _number(block[148:156])
    blanked = block[:148] + b" " * 8 + block[156:]
    # Some old tars sum signed bytes: 256 less for each that has its high bit set.
    if stated != (found := sum(blanked)) and stated != found - 256 * sum(byte > 127 for byte in blanked):
        raise Broken("package-damaged", f"no member's header at byte {offset:,}: its sum is wrong")


def _within_limit(size: int) -> int:
    if size > NAME_LIMIT:
        raise Broken("package-limit", f"a name or extended header of {size:,} bytes")
    return size


def _require_member(waiting: bytes, *, is_cut: bool) -> None:
    """A header for a member is followed by one, else it hides bytes that no other reader shows. (POSIX, pax)"""
    if waiting:
        note = f"the tar ends with a header for a member (type {waiting.decode()!r}), and no member after it"
        raise Broken("package-broken" if is_cut else "package-trailing", note)


def _move_to(source: TarSource, start: int, size: int, *, unpadded: str) -> None:
    """Pass over what is left of a member and its padding, which the last one lacks where a writer did not finish."""
    content = start + size - source.tell()
    wanted = content + -size % BLOCK
    found = source.skip(wanted)
    if found < content:
        raise Broken("package-broken", f"the tar ends inside the member whose content starts at byte {start:,}")
    if found < wanted:
        raise Broken(unpadded, "the tar ends with its last member, without padding and empty blocks")


def _expect_end(source: TarSource) -> None:
    """After an empty block: another one, then nothing but zeros."""
    second = source.read(BLOCK)
    if any(second):
        raise Broken("package-damaged", "one empty block where a tar ends with two")
    if len(second) < BLOCK:
        raise Broken("package-unterminated", "one empty block where a tar ends with two")
    while True:
        padding = source.read(1 << 20)
        if not padding:
            return
        if padding.strip(b"\0"):
            raise Broken("package-trailing", f"bytes after the tar's end, before byte {source.tell():,}")


CODES = {FILE: "file", FOLDER: "folder", LINK: "package-link"}
"""Kind of a tar's member -> its code for `Package`; anything else is special."""


def member_code(member: TarMember) -> tuple[str, str | None]:
    """What becomes of a member, and the note on it."""
    code = CODES.get(member.kind, "package-special")
    return code, None if member.kind in (FILE, FOLDER) else f"type {member.type!r}"


class TarBag(PackageFile):
    """Lists the tar when it is opened."""

    def __init__(self, location: Path) -> None:
        super().__init__(location)
        with open_raw(location) as file:
            try:
                for member in members(_Seekable(file)):
                    code, note = member_code(member)
                    self._add(member.name, code, member.size, member.offset, note)
            except Broken as broken:
                self._report(broken)
            except OSError as error:
                raise BagUnreadable(f"{location}: {error.strerror or error}") from error
        self._find_top()

    def reader(self) -> Reader:
        return RangeReader(str(self.location))

    def stretch_of(self, entry: Entry) -> FileStretch | None:
        return FileStretch(self.location, entry.at, entry.size)


class _Seekable:
    """A seekable file as a `Source`."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._size = size_of_raw(file)

    def read(self, count: int) -> bytes:
        return self._file.read(count)

    def skip(self, count: int) -> int:
        here = self._file.tell()
        there = min(here + count, self._size)
        self._file.seek(there)
        return there - here

    def tell(self) -> int:
        return self._file.tell()


class RangeReader(Reader):
    """Reads stretches of one file: `Entry.at` is the offset of the first byte."""

    def __init__(self, package: str) -> None:
        self._package = package
        self._file: BinaryIO | None = None

    def __reduce__(self) -> tuple[type[RangeReader], tuple[str]]:
        return type(self), (self._package,)

    def chunks(self, entry: Entry) -> Iterator[bytes]:
        return self.chunks_from(entry, 0)

    def chunks_from(self, entry: Entry, start: int) -> Iterator[bytes]:
        left = max(entry.size - start, 0)
        try:
            file = self._opened()
            file.seek(entry.at + start)
            while left:
                data = file.read(min(CHUNK, left))
                if not data:
                    raise Broken("unreadable", f"the package ends {left:,} bytes before the file does")
                left -= len(data)
                yield data
        except OSError as error:
            raise Broken("unreadable", error.strerror or str(error)) from error

    def close(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None

    def _opened(self) -> BinaryIO:
        if self._file is None:
            self._file = open_raw(self._package, is_buffered=False)
        return self._file
