"""A bag in a zip: each file is inflated from where it is, once."""

from __future__ import annotations

import re
import stat
import zlib
from array import array
from bisect import bisect_right
from collections.abc import Iterator
from contextlib import suppress
from itertools import islice
from pathlib import Path
from typing import BinaryIO, NamedTuple

from isal import isal_zlib

from archive.bag.interface import CHUNK, Broken, Entry, FileStretch, Reader
from archive.bag.package import DAMAGED, MEMBER_LIMIT, RATIO_FLOOR, RATIO_LIMIT, TOTAL_LIMIT, PackageFile
from archive.bag.raw import open_raw, size_of_raw
from archive.bag.tar import RangeReader
from archive.bag.zip_code_page import BY_THE_BOOK, code_page_of, listed_paths
from archive.bag.zip_headers import (
    DEFLATED,
    DESCRIPTOR,
    ENCRYPTED,
    STORED,
    Directory,
    Seekable,
    ZipMember,
    central_members,
    find_directory,
    local_data_offset,
)
from archive.errors import BagUnreadable, BagUnsupported
from archive_manifests import layout, wacz
from archive_manifests.finding_codes import make_finding
from archive_manifests.findings import Finding
from archive_manifests.paths import BagPath

_DESCRIPTOR_SIZES = (0, 12, 16, 20, 24)
"""Bytes between two members: a data descriptor with or without signature and zip64, or nothing."""


class ZipBag(PackageFile):
    """Reads the central directory when it is opened, and holds every member against its local header."""

    def __init__(self, location: Path, stretch: FileStretch | None = None) -> None:
        """`stretch` is where the zip is, if it is a file within `location`."""
        super().__init__(location)
        self._where = _Where()
        """Stored size, checksum and method of members as one number, by the offset of their first byte."""
        self._base = stretch.start if stretch else 0
        self._page = BY_THE_BOOK
        """The code page of names that are no Unicode."""
        self._unread: list[str] = []
        """Why members cannot be read, each with its name: encrypted, or compressed in a way that is not read here."""
        with open_raw(location) as file:
            try:
                size = stretch.size if stretch else size_of_raw(file)
                self._list(_Within(file, stretch) if stretch else file, size)
            except Broken as broken:
                self._report(broken)
            except OSError as error:
                raise BagUnreadable(f"{location}: {error.strerror or error}") from error
        self._require_readable()
        self._find_top()

    def _require_readable(self) -> None:
        """Raise `BagUnsupported` where members cannot be read at all: nothing is called damaged then."""
        if self._unread:
            first = f"{self._unread[0]}; {self._advice_on_unread()}"
            why = f"{len(self._unread):,} of its files cannot be read here: {first}"
            raise BagUnsupported(f"{self.location}: {why}", why=why)

    def _advice_on_unread(self) -> str:
        """How to get what can be read: a WACZ is taken as one file, a bag as its folder too."""
        if self.is_recording or self.location.suffix.lower() == wacz.SUFFIX:
            return "unpack it, and in the folder that comes of it: zip -0 -r ../NEW.wacz ."
        return "unpack the zip, and give the folder, or a zip without a password, made with Deflate"

    @property
    def is_wacz(self) -> bool:
        """True for what is named a WACZ, or is one, and is no bag."""
        has_warcs = any(name.startswith("archive/") for name in self._members)
        is_described = wacz.DESCRIPTION in self._members and has_warcs
        return layout.DECLARATION not in self._members and (is_described or self.location.suffix.lower() == wacz.SUFFIX)

    def stretch_of(self, entry: Entry) -> FileStretch | None:
        method, _, _ = self._where.find(entry.at)
        return FileStretch(self.location, entry.at, entry.size) if method == STORED else None

    def reader(self) -> Reader:
        return ZipReader(str(self.location), self._where)

    def _list(self, file: Seekable, length: int) -> None:
        directory = find_directory(file, length)
        if directory.count > MEMBER_LIMIT:
            raise Broken("package-limit", f"{directory.count:,} members")
        names = self._list_members(file, directory, length)
        if names:
            page = code_page_of(names, listed_paths(self._manifest_texts()))
            if page not in (None, self._page):
                self._forget_all()
                self._page = page or BY_THE_BOOK
                self._list_members(file, directory, length)
            self.findings.append(_in_code_page(names, page))

    def _list_members(self, file: Seekable, directory: Directory, length: int) -> list[bytes]:
        """Take every member in; the names that are in a code page."""
        placed, total, backslashed, in_code_page = list[_Placed](), 0, 0, list[bytes]()
        for member in central_members(file, directory, self._page):
            total += member.size
            if total > TOTAL_LIMIT or total > max(RATIO_FLOOR, RATIO_LIMIT * length):
                self._forget_all()
                raise Broken("package-limit", f"over {total:,} bytes out of {length:,}")
            backslashed += member.has_backslashes
            in_code_page += [member.in_code_page] if member.in_code_page is not None else []
            placed.append(self._placed(file, member))
        if backslashed:
            self.findings.append(make_finding("package-backslash", found=f"{backslashed:,} members"))
        self._check_tiling(sorted(placed, key=lambda one: one.header), directory)
        return in_code_page

    def _manifest_texts(self) -> Iterator[bytes]:
        """The manifests that are in the zip, each up to a limit; one that cannot be read says nothing here."""
        reader = self.reader()
        for entry in self._members.values():
            if _MANIFEST.search(entry.path):
                with suppress(Broken, OSError):
                    yield b"".join(islice(reader.chunks(entry), _MANIFEST_LIMIT // CHUNK))
        reader.close()

    def _forget_all(self) -> None:
        """Of a bomb nothing is listed, and of names in another code page: what was found so far does not count."""
        self._members.clear()
        self._folders.clear()
        self._where = _Where()
        self.findings.clear()
        self._extras.clear()
        self._absolute.clear()
        self._unread.clear()

    def _placed(self, file: Seekable, member: ZipMember) -> _Placed:
        start = None
        try:
            start = self._take(file, member)
        except Broken as broken:
            self.findings.append(make_finding(broken.code, BagPath(member.name), note=broken.note))
        name = self._shortened(member.name)
        listed = self._members.get(name)  # the same text, so that it is in memory once
        name = name if listed is None else listed.path
        return _Placed(member.header, start, member.stored, bool(member.flags & DESCRIPTOR), name)

    def _take(self, file: Seekable, member: ZipMember) -> int:
        """Take one member in; the offset of its first byte."""
        start = local_data_offset(file, member, self._page)
        if member.has_two_names:
            raise Broken("package-header", "an extra field states another name")
        why = _why_unread(member)
        if why is not None:
            self._unread.append(f"{member.name[:200]!r} is {why}")
            return start
        kind, note = _kind(member)
        at = self._base + start  # one number in both places, of which there may be a million
        if kind == "file":
            self._where.add(at, member.method, member.stored, member.crc)
        self._add(member.name, kind, member.size, at, note)
        return start

    def _check_tiling(self, ordered: list[_Placed], directory: Directory) -> None:
        """Members are one behind the other from the first byte to the directory, and the directory to the end."""
        expected, before, is_sure = 0, None, True
        for member in ordered:
            self._check_gap(expected, member.header, before, member, is_sure=is_sure)
            is_sure = member.start is not None
            expected, before = (member.header if member.start is None else member.start) + member.stored, member
        self._check_gap(expected, directory.start, before, None, is_sure=is_sure)
        if directory.start + directory.size != directory.end:
            self.findings.append(make_finding("package-trailing", note="bytes between the zip's directory and its end"))

    def _check_gap(
        self, expected: int, found: int, before: _Placed | None, after: _Placed | None, *, is_sure: bool
    ) -> None:
        """What is between two members. Behind one whose local header is wrong nobody can say where it ends."""
        if found < expected and after is not None:
            self.findings.append(make_finding("package-overlap", BagPath(self._lengthened(after.name))))
        elif found != expected and is_sure:
            has_descriptor = before is not None and before.has_descriptor
            if not (has_descriptor and found - expected in _DESCRIPTOR_SIZES):
                note = f"{found - expected:,} bytes at {expected:,} that belong to no member"
                self.findings.append(make_finding("package-trailing", note=note))


_MANIFEST = re.compile(r"(?:\A|/)manifest-[\w-]+\.txt\Z")
_MANIFEST_LIMIT = 64 << 20
"""Bytes of a manifest that are looked at for names."""


def _in_code_page(names: list[bytes], page: str | None) -> Finding:
    found = f"{len(names):,} names" + (f" in {page}" if page else "")
    return make_finding("package-code-page", found=found, note="the manifests list these names" if page else _NO_PAGE)


_NO_PAGE = (
    "in no code page that is tried here do the manifests list them: unpack the zip on the machine that made it, and "
    "give the folder, or a tar"
)


class _Placed(NamedTuple):
    """Where one member is in the zip."""

    header: int
    start: int | None
    """Of its first byte; None where its local header is wrong."""
    stored: int
    has_descriptor: bool
    name: str
    """As `_shortened` has it."""


class _Within:
    """A stretch of a file as a file of its own, as far as listing a zip needs one."""

    def __init__(self, file: BinaryIO, stretch: FileStretch) -> None:
        self._file, self._start, self._size = file, stretch.start, stretch.size
        self._at = 0

    def seek(self, offset: int) -> int:
        self._at = offset
        return offset

    def read(self, count: int = -1) -> bytes:
        left = max(self._size - self._at, 0)
        self._file.seek(self._start + self._at)
        data = self._file.read(left if count < 0 else min(count, left))
        self._at += len(data)
        return data


def _kind(member: ZipMember) -> tuple[str, str | None]:
    mode = stat.S_IFMT(member.mode)
    if mode == stat.S_IFLNK:
        return "package-link", None
    if mode not in (0, stat.S_IFREG, stat.S_IFDIR):
        return "package-special", None
    if member.name.endswith("/") or mode == stat.S_IFDIR:
        return "folder", None
    return "file", None


_METHODS = {1: "Shrink", 6: "Implode", 9: "Deflate64", 12: "bzip2", 14: "LZMA", 20: "Zstandard", 93: "Zstandard"}
_METHODS |= {95: "xz", 98: "PPMd"}
"""Ways of compression by their number. (APPNOTE 4.4.5)"""


_AES = 99
"""WinZip's mark of a member that is encrypted with AES."""


def _why_unread(member: ZipMember) -> str | None:
    """Why a member's bytes cannot be read here; None where they can."""
    if member.flags & ENCRYPTED or member.method == _AES:
        return "encrypted"
    if member.method not in (STORED, DEFLATED):
        method = _METHODS.get(member.method, f"method {member.method}")
        return f"compressed with {method}"
    return None


class _Where:
    """Method, stored size and checksum of each member, by the offset of its first byte: 25 bytes for each of a million.

    Both methods that are read have numbers below 256.
    """

    __slots__ = ("_checksums", "_is_in_order", "_methods", "_sizes", "_starts")

    def __init__(self) -> None:
        self._starts, self._sizes, self._checksums = array("Q"), array("Q"), array("Q")
        self._methods = bytearray()
        self._is_in_order = True

    def add(self, at: int, method: int, stored: int, checksum: int) -> None:
        self._is_in_order = self._is_in_order and (not self._starts or self._starts[-1] <= at)
        self._starts.append(at)
        self._sizes.append(stored)
        self._checksums.append(checksum)
        self._methods.append(method)

    def find(self, at: int) -> tuple[int, int, int]:
        """Of the member that was added last, where several begin at one byte."""
        if not self._is_in_order:
            self._order()
        found = bisect_right(self._starts, at) - 1
        if found < 0 or self._starts[found] != at:
            raise KeyError(at)
        return self._methods[found], self._sizes[found], self._checksums[found]

    def _order(self) -> None:
        order = sorted(range(len(self._starts)), key=self._starts.__getitem__)
        for name in ("_starts", "_sizes", "_checksums"):
            column = getattr(self, name)
            setattr(self, name, array(column.typecode, [column[one] for one in order]))
        self._methods = bytearray(self._methods[one] for one in order)
        self._is_in_order = True


class ZipReader(Reader):
    """Inflates members and holds each against its size and checksum."""

    def __init__(self, package: str, where: _Where) -> None:
        self._package = package
        self._where = where
        self._raw = RangeReader(package)

    def __reduce__(self) -> tuple[type[ZipReader], tuple[str, _Where]]:
        return ZipReader, (self._package, self._where)

    def chunks(self, entry: Entry) -> Iterator[bytes]:
        method, stored, crc = self._where.find(entry.at)
        raw = self._raw.chunks(Entry(entry.path, stored, entry.at))
        found, count = 0, 0
        for data in raw if method == STORED else _inflated(raw, entry):
            found = isal_zlib.crc32(data, found)
            count += len(data)
            yield data
        if count != entry.size or found != crc:
            raise Broken("package-damaged", f"the member at byte {entry.at:,}: its size or checksum is wrong")

    def close(self) -> None:
        self._raw.close()


def _inflated(raw: Iterator[bytes], entry: Entry) -> Iterator[bytes]:
    """Never more than one byte over the stated size."""
    inflater = isal_zlib.decompressobj(-zlib.MAX_WBITS)
    left, where = entry.size + 1, f"the member at byte {entry.at:,}"
    try:
        for data in raw:
            waiting = data
            while left and not inflater.eof:
                part = inflater.decompress(waiting, min(CHUNK, left))
                waiting = inflater.unconsumed_tail
                left -= len(part)
                if part:
                    yield part
                elif not waiting:
                    break
    except DAMAGED as error:
        raise Broken("package-damaged", f"{where}: its compressed data is damaged") from error
    if not inflater.eof or inflater.unused_data:
        raise Broken("package-damaged", f"{where}: its compressed data ends too early or too late")
