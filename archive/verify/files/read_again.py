"""Reads parts of files of a bag again, after the one read: what the ledger says is derived from what lies in them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import chain
from typing import cast

from msgspec import Struct, field

from archive.bag.interface import Broken

WINDOW = 1 << 20
"""Bytes at the start of a file that are read for any record in them: a source's WARC is seldom larger."""
MEMBER_AT_MOST = 32 << 20
CACHED_AT_MOST = 96 << 20
"""Bytes of one member, and of all of them, that are taken out of a package that can only be read in order."""

ReadAt = Callable[[str, int], Iterator[bytes]]
"""Reads a payload file from a byte on. Raises `Broken`."""


class ReadWindow(Struct):
    """The chunk of a file that was read last: the records of one source lie beside each other, and are read in turn."""

    chunks_from: ReadAt
    _path: str = ""
    _start: int = 0
    _chunk: bytes = b""

    def read_at(self, path: str, start: int) -> Iterator[bytes]:
        """Yield the file's bytes from `start` on. Raises `Broken`."""
        if path != self._path or not self._start <= start < self._start + len(self._chunk):
            begin = start if start >= WINDOW else 0
            chunk = next(self.chunks_from(path, begin), b"")
            if start >= begin + len(chunk) > begin:  # a reader gives as much at once as it likes
                begin, chunk = start, next(self.chunks_from(path, start), b"")
            self._path, self._start, self._chunk = path, begin, chunk
        end = self._start + len(self._chunk)
        yield cast(bytes, memoryview(self._chunk)[start - self._start :])
        yield from self.chunks_from(path, end)


class MemberCache(Struct):
    """Stored members of a package that can only be read from front to back, taken out in one pass."""

    members: dict[tuple[str, int], bytes] = field(default_factory=dict)

    def read_at(self, path: str, start: int) -> Iterator[bytes]:
        try:
            return iter([self.members[path, start]])
        except KeyError:
            raise Broken("coverage-unchecked", "too large to be taken out of a package of this kind") from None


def cache_members(
    files: Iterator[tuple[str, Iterator[bytes]]], wanted: Mapping[str, list[tuple[int, int]]]
) -> MemberCache:
    """Take the members at `wanted` (path -> offset and length, in order) out of files that are read in turn."""
    cache, left = MemberCache(), CACHED_AT_MOST
    for path, chunks in files:
        places = [place for place in wanted.get(path, ()) if place[1] <= MEMBER_AT_MOST]
        if not places:
            continue
        for start, data in _slices(chunks, places):
            if len(data) <= left:
                cache.members[path, start] = data
                left -= len(data)
    return cache


def _slices(chunks: Iterator[bytes], places: list[tuple[int, int]]) -> Iterator[tuple[int, bytes]]:
    """Cut out of a stream what is at `places`, which are in order and do not overlap."""
    at, buffer = 0, b""
    waiting = iter(places)
    place = next(waiting, None)
    for chunk in chain(chunks, [b""]):
        buffer += chunk
        while place is not None:
            start, length = place
            if at + len(buffer) < start + length:
                break
            yield start, buffer[start - at : start - at + length]
            place = next(waiting, None)
        if place is None:
            return
        dropped = min(max(place[0] - at, 0), len(buffer))
        buffer, at = buffer[dropped:], at + dropped
