"""A bag in a plain tar: its headers are hopped over, each file is read from where it lies."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from archive.bag.interface import CHUNK, Broken, Entry, Reader
from archive.bag.package import Package
from archive.bag.tar_headers import FILE, FOLDER, LINK, TarMember, members
from archive.errors import BagUnreadable

CODES = {FILE: "file", FOLDER: "folder", LINK: "package-link"}
"""Kind of a tar's member -> what `Package` makes of it; anything else is special."""


def member_code(member: TarMember) -> tuple[str, str | None]:
    """What becomes of a member, and what is said about it."""
    code = CODES.get(member.kind, "package-special")
    return code, None if member.kind in (FILE, FOLDER) else f"type {member.type!r}"


class TarBag(Package):
    """Lists the tar when it is opened."""

    def __init__(self, location: Path) -> None:
        super().__init__(location)
        with location.open("rb") as file:
            try:
                for member in members(_Seekable(file)):
                    code, note = member_code(member)
                    self._add(member.name, code, member.size, member.offset, note)
            except Broken as broken:
                self._tell(broken)
            except OSError as error:
                raise BagUnreadable(f"{location}: {error.strerror or error}") from error
        self._find_top()

    def reader(self) -> Reader:
        return RangeReader(os.fspath(self.location))


class _Seekable:
    """A file as `members` wants it."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._size = os.fstat(file.fileno()).st_size

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
                    raise Broken("file-changed", f"the package ends {left:,} bytes before the file does")
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
            self._file = open(self._package, "rb", buffering=0)  # noqa: SIM115, PTH123 -- closed by `close`
        return self._file
