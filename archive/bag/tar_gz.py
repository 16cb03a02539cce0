"""A bag in a gzipped tar: listed in one pass, read in another, because gzip cannot be read from the middle."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, Protocol

from isal import igzip

from archive.bag.compressed_bytes import CompressedBytes, compress
from archive.bag.interface import CHUNK, Broken, Entry, Reader
from archive.bag.package import DAMAGED, RATIO_FLOOR, RATIO_LIMIT, TOTAL_LIMIT, PackageFile
from archive.bag.raw import open_raw, size_of_raw
from archive.bag.tar import TarMember, member_code, members
from archive.errors import BagUnreadable

CACHED_LIMIT = 64 << 20
"""Bytes of tag files that are cached in the first pass."""
COMPRESSED_FROM = 1 << 20
"""Bytes of a tag file from which it is cached compressed: a manifest of many files."""
PAYLOAD_LIMIT = 32 << 20
"""The same limit for files of the payload."""


class FirstReading(Protocol):
    """What reads the files of the payload while the tar is listed."""

    def see(self, name: str) -> None:
        """Note a file outside the payload, by its name in the package."""

    def wants_again(self, path: str) -> bool:
        """True for a file of the payload of which parts will be read once more."""

    def read(self, entry: Entry, chunks: Iterator[bytes]) -> None:
        """Read a file of the payload, or as much of it as is wanted."""


class TarGzBag(PackageFile):
    """Lists the tar when it is opened, which decompresses all of it once."""

    reads_in_order = True

    def __init__(self, location: Path, ahead: FirstReading | None = None) -> None:
        """`ahead` is handed every file of the payload meanwhile, so that nobody has to decompress the tar again."""
        super().__init__(location)
        self._cached: dict[int, bytes | CompressedBytes] = {}
        """Tag files, and of a payload what there is room for, by the offset of their first byte."""
        self._left, self._payload_left = CACHED_LIMIT, PAYLOAD_LIMIT
        with _Inflating(location) as source:
            try:
                for member in members(source):
                    code, note = member_code(member)
                    self._add(member.name, code, member.size, member.offset, note)
                    if code == "file":
                        self._take(member, source, ahead)
            except Broken as broken:
                self._report(broken)
        self._find_top()

    def _take(self, member: TarMember, source: _Inflating, ahead: FirstReading | None) -> None:
        """Read or cache a file's bytes, which come now and not again."""
        path = path_in_bag(member.name)
        if path is None:
            if member.size <= self._left:
                stretch = source.stretch(member.size)
                is_large = member.size >= COMPRESSED_FROM
                self._cached[member.offset] = compress(stretch) if is_large else b"".join(stretch)
                self._left -= member.size
            if ahead is not None:
                ahead.see(member.name)
            return
        chunks = source.stretch(member.size)
        if ahead is None or ahead.wants_again(path):
            chunks = self._caching(member, chunks)
        if ahead is not None:
            ahead.read(Entry(path, member.size, member.offset), chunks)
        else:
            deque(chunks, maxlen=0)

    def _caching(self, member: TarMember, chunks: Iterator[bytes]) -> Iterator[bytes]:
        """Yield the chunks, and cache them where there is room."""
        if member.size > self._payload_left:
            yield from chunks
            return
        self._payload_left -= member.size
        cached: list[bytes] = []
        for chunk in chunks:
            cached.append(chunk)
            yield chunk
        self._cached[member.offset] = b"".join(cached)

    def is_at_hand(self, entry: Entry) -> bool:
        """True for a file that can be read without decompressing what is before it."""
        return entry.at in self._cached

    def reader(self) -> Reader:
        return _SeekingReader(self.location, self._cached)

    def stream(self) -> Iterator[tuple[Entry, Iterator[bytes]]]:
        """Every payload file once, in the order of the tar."""
        entries = sorted(self.payload_entries(), key=lambda entry: entry.at)
        if all(entry.at in self._cached for entry in entries):
            yield from ((entry, _chunks_of(self._cached[entry.at])) for entry in entries)
            return
        with _Inflating(self.location) as source:
            for entry in entries:
                source.skip(entry.at - source.tell())
                yield entry, source.stretch(entry.size)


def path_in_bag(name: str) -> str | None:
    """The path of a file of the payload, by its name in the package; None for any other."""
    if name.startswith("data/"):
        return name
    _, found, rest = name.partition("/data/")
    return f"data/{rest}" if found else None


def _chunks_of(cached: bytes | CompressedBytes) -> Iterator[bytes]:
    return iter([cached]) if isinstance(cached, bytes) else cached.chunks()


class _SeekingReader(Reader):
    """Reads a file by decompressing all that comes before it: for one file, not for all."""

    def __init__(self, package: Path, cached: dict[int, bytes | CompressedBytes]) -> None:
        self._package = package
        self._cached = cached

    def chunks(self, entry: Entry) -> Iterator[bytes]:
        if entry.at in self._cached:
            yield from _chunks_of(self._cached[entry.at])
            return
        with _Inflating(self._package) as source:
            source.skip(entry.at)
            yield from source.stretch(entry.size)


class _Inflating:
    """The decompressed bytes of a gzip file, in order, up to what is reasonable."""

    def __init__(self, package: Path) -> None:
        self._raw: BinaryIO = open_raw(package)
        self._size = size_of_raw(self._raw)
        self._gzip = igzip.IGzipFile(fileobj=self._raw, mode="rb")  # type: ignore[no-untyped-call]
        self._position = 0

    def read(self, count: int) -> bytes:
        parts = []
        while count:
            part = self._inflated(min(count, CHUNK))
            if not part:
                break
            parts.append(part)
            count -= len(part)
            self._position += len(part)
            self._check_bomb()
        return b"".join(parts)

    def skip(self, count: int) -> int:
        left = count
        while left > 0:
            part = self.read(min(left, CHUNK))
            if not part:
                break
            left -= len(part)
        return count - left

    def tell(self) -> int:
        return self._position

    def stretch(self, size: int) -> Iterator[bytes]:
        while size:
            part = self.read(min(size, CHUNK))
            if not part:
                raise Broken("package-broken", "the package ends inside this file")
            size -= len(part)
            yield part

    def __enter__(self) -> _Inflating:
        return self

    def __exit__(self, *_: object) -> None:
        self._raw.close()

    def _inflated(self, count: int) -> bytes:
        try:
            return self._gzip.read(count)
        except EOFError as error:
            raise Broken("package-broken", "the gzip data ends too early") from error
        except DAMAGED as error:
            raise Broken("package-damaged", f"the gzip data is damaged after byte {self._position:,}") from error
        except OSError as error:
            raise BagUnreadable(f"{self._raw.name}: {error.strerror or error}") from error

    def _check_bomb(self) -> None:
        if self._position > RATIO_FLOOR and self._position > RATIO_LIMIT * max(self._raw.tell(), 1):
            raise Broken("package-limit", f"over {RATIO_LIMIT} bytes out for one byte in")
        if self._position > TOTAL_LIMIT:
            raise Broken("package-limit", f"over {TOTAL_LIMIT:,} bytes")
