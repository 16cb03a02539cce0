"""A bag in a zip: each file is inflated from where it lies, once."""

from __future__ import annotations

import os
import stat
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from isal import isal_zlib

from archive.bag.interface import CHUNK, Broken, Entry, Reader
from archive.bag.package import DAMAGED, MEMBER_LIMIT, RATIO_FLOOR, RATIO_LIMIT, TOTAL_LIMIT, Package
from archive.bag.tar import RangeReader
from archive.bag.zip_headers import (
    DEFLATED,
    DESCRIPTOR,
    ENCRYPTED,
    STORED,
    Directory,
    ZipMember,
    central_members,
    find_directory,
    local_data_offset,
)
from archive.errors import BagUnreadable
from archive_manifests.finding_codes import make_finding
from archive_manifests.paths import BagPath

_DESCRIPTOR_SIZES = (0, 12, 16, 20, 24)
"""Bytes between two members: a data descriptor with or without signature and zip64, or nothing."""


class ZipBag(Package):
    """Reads the central directory when it is opened, and holds every member against its local header."""

    def __init__(self, location: Path) -> None:
        super().__init__(location)
        self._where: dict[int, ZipMember] = {}
        """Members by the offset of their first byte."""
        with location.open("rb") as file:
            try:
                self._list(file, os.fstat(file.fileno()).st_size)
            except Broken as broken:
                self._report(broken)
            except OSError as error:
                raise BagUnreadable(f"{location}: {error.strerror or error}") from error
        self._find_top()

    def reader(self) -> Reader:
        return ZipReader(os.fspath(self.location), {at: (m.method, m.stored, m.crc) for at, m in self._where.items()})

    def _list(self, file: BinaryIO, length: int) -> None:
        directory = find_directory(file, length)
        if directory.count > MEMBER_LIMIT:
            raise Broken("package-limit", f"{directory.count:,} members")
        found = list(central_members(file, directory))
        total = sum(member.size for member in found)
        if total > TOTAL_LIMIT or total > max(RATIO_FLOOR, RATIO_LIMIT * length):
            raise Broken("package-limit", f"{total:,} bytes out of {length:,}")
        starts = {}
        for member in found:
            try:
                starts[member.header] = self._take(file, member)
            except Broken as broken:
                self.findings.append(make_finding(broken.code, BagPath(member.name), note=broken.note))
        backslashed = sum(member.has_backslashes for member in found)
        if backslashed:
            self.findings.append(make_finding("package-backslash", found=f"{backslashed:,} members"))
        self._check_tiling(sorted(found, key=lambda member: member.header), starts, directory)

    def _take(self, file: BinaryIO, member: ZipMember) -> int:
        """Take one member in; the offset of its first byte."""
        start = local_data_offset(file, member)
        if member.has_two_names:
            raise Broken("package-header", "an extra field states another name")
        kind, note = _kind(member)
        if kind == "file":
            self._where[start] = member
        self._add(member.name, kind, member.size, start, note)
        return start

    def _check_tiling(self, ordered: list[ZipMember], starts: dict[int, int], directory: Directory) -> None:
        """Members lie one behind the other from the first byte to the directory, and the directory to the end."""
        expected, before, is_sure = 0, None, True
        for member in ordered:
            self._check_gap(expected, member.header, before, member, is_sure=is_sure)
            is_sure = member.header in starts
            expected, before = starts.get(member.header, member.header) + member.stored, member
        self._check_gap(expected, directory.start, before, None, is_sure=is_sure)
        if directory.start + directory.size != directory.end:
            self.findings.append(make_finding("package-trailing", note="bytes between the zip's directory and its end"))

    def _check_gap(
        self, expected: int, found: int, before: ZipMember | None, after: ZipMember | None, *, is_sure: bool
    ) -> None:
        """What lies between two members. Behind one whose local header is wrong nobody can say where it ends."""
        if found < expected and after is not None:
            self.findings.append(make_finding("package-overlap", BagPath(after.name)))
        elif found != expected and is_sure:
            has_descriptor = before is not None and before.flags & DESCRIPTOR
            if not (has_descriptor and found - expected in _DESCRIPTOR_SIZES):
                note = f"{found - expected:,} bytes at {expected:,} that belong to no member"
                self.findings.append(make_finding("package-trailing", note=note))


def _kind(member: ZipMember) -> tuple[str, str | None]:
    mode = stat.S_IFMT(member.mode)
    if member.flags & ENCRYPTED:
        return "package-encrypted", None
    if mode == stat.S_IFLNK:
        return "package-link", None
    if mode not in (0, stat.S_IFREG, stat.S_IFDIR):
        return "package-special", None
    if member.name.endswith("/") or mode == stat.S_IFDIR:
        return "folder", None
    if member.method not in (STORED, DEFLATED):
        return "package-method", str(member.method)
    return "file", None


class ZipReader(Reader):
    """Inflates members and holds each against its size and checksum."""

    def __init__(self, package: str, where: dict[int, tuple[int, int, int]]) -> None:
        self._package = package
        self._where = where
        self._raw = RangeReader(package)

    def __reduce__(self) -> tuple[type[ZipReader], tuple[str, dict[int, tuple[int, int, int]]]]:
        return ZipReader, (self._package, self._where)

    def chunks(self, entry: Entry) -> Iterator[bytes]:
        method, stored, crc = self._where[entry.at]
        raw = self._raw.chunks(Entry(entry.path, stored, entry.at))
        found, count = 0, 0
        for data in raw if method == STORED else _inflated(raw, entry.size):
            found = isal_zlib.crc32(data, found)
            count += len(data)
            yield data
        if count != entry.size or found != crc:
            raise Broken("package-broken", "size or checksum of the member is wrong")

    def close(self) -> None:
        self._raw.close()


def _inflated(raw: Iterator[bytes], size: int) -> Iterator[bytes]:
    """Never more than one byte over the stated size."""
    inflater = isal_zlib.decompressobj(-zlib.MAX_WBITS)
    left = size + 1
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
        raise Broken("package-broken", "the compressed data is damaged") from error
    if not inflater.eof or inflater.unused_data:
        raise Broken("package-broken", "the compressed data ends too early or too late")
