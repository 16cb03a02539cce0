"""The stored file under the records: gzip members one after the other. (WARC 1.1, annex D)"""

from __future__ import annotations

import hashlib
from typing import Any

from isal import igzip_lib, isal_zlib

from archive.warc.fast_path import whole_reader
from archive.warc.parser import LINE_ENDS, RecordParser, Report
from archive.warc.report import Collected, Fault

_WINDOW = 31  # what makes zlib and igzip expect a gzip member, and check its trailer

MAGIC = b"\x1f\x8b"

# isal's stubs call the class an instance.
Damaged: type[Exception] = igzip_lib.IsalError  # type: ignore[assignment]


def inflater() -> Any:
    """A new inflater for one member, with the interface of `zlib.decompressobj`."""
    return isal_zlib.decompressobj(_WINDOW)


_MAGIC = b"\x1f\x8b\x08"
_FIRST, _MOST = 4096, 1 << 16
"""Stored bytes given to the inflater at once: behind a member's end they are copied, so a small record gets few."""
_NEAR = 1024
"""Bytes of a member that are searched for the start of the next, which is a guess and no more."""
_PIECE = 1 << 18
_BUFFERED = 1 << 20
"""Bytes of one member up to which it is read at once."""
_CARRIED = 1 << 18
"""Stored bytes of a member at the end of a chunk up to which it waits for the next chunk, to be read at once."""
_LARGE_CHUNK = 3 * _CARRIED
"""Bytes of a chunk that are worth it: every byte that waits is copied, and inflated twice."""
_NEXT = _MAGIC + b"\x00"
_SHORTEST = 18
"""Bytes of a gzip member's header and trailer: the next cannot start before. (RFC 1952, section 2.3)"""
_RESERVED = 0xE0
"""Flags of a gzip header for which a reader must give an error. (RFC 1952, section 2.3.1.2)"""
_PROBE = 512
_PROBES = 50_000
"""Places behind damage that are tried for the start of a member."""
_DRAINED = 1 << 28
"""Bytes that are inflated of a member that is lost already, to find its end."""


class GzipFraming:
    """Walks the gzip members of a file, each of which should hold one record."""

    def __init__(self, parser: RecordParser, collected: Collected, start: int = 0, stop: int | None = None) -> None:
        """With `start` and `stop` a part: from the first member at or behind the one to the first behind the other."""
        self._parser, self._collected = parser, collected
        self._report: Report = collected.fault
        self._stop = stop
        self.begin: int | None = None if start else 0
        """Where the first member was found; None as long as it was not."""
        self.end: int | None = None
        """Where the part ended, once it has."""
        self._base = start
        """Offset in the file of the bytes in hand."""
        self._carry = b""
        """Bytes of the last chunk that wait for the next: the start of a magic number, or of a small member."""
        self._inflater: Any = None
        self._whole = whole_reader()
        self._start = 0
        self._step = _FIRST
        self._hash: Any = None
        self._inflated = 0
        self._is_shared = False
        """True where the member holds more than one record, or not a whole one."""
        self._is_open = False
        """True where the last member ended within a record."""
        self._is_searching = start > 0
        self._garbage: int | None = None
        self._has_zeros_only = False
        """True where all garbage so far is zeros, which gzip itself passes over at a file's end."""
        self._probed = 0

    def feed(self, chunk: bytes) -> None:
        if self._carry:
            chunk, self._carry = self._carry + chunk, b""
        view = memoryview(chunk)
        at, size = 0, len(chunk)
        while at < size and self.end is None:
            if self._is_searching:
                at = self._search(chunk, at, is_last=False)
            elif self._inflater is not None:
                at = self._inflate(view, at)
            elif self._stop is not None and self._base + at >= self._stop and not self._is_open:
                self.end = self._base + at
            elif size - at < len(_NEXT):
                self._carry = chunk[at:]
                break
            else:
                before, at = at, at if self._is_open else self._read_quickly(chunk, view, at)
                if self._carry:
                    break
                if at == before:
                    at = self._open_member(chunk, at)
        if self._inflater is not None and self._hash is not None:
            self._hash.update(view[max(self._start - self._base, 0) :])
        elif self._inflater is not None:
            self._hash = hashlib.sha256(view[max(self._start - self._base, 0) :])
        self._base += size - len(self._carry)

    def close(self) -> None:
        if len(self._carry) >= len(_NEXT) and not self._is_searching:
            self.feed(b"")
        if self.end is not None:
            return
        end = self._base + len(self._carry)
        if self._is_searching and self._carry:
            carry, self._carry = self._carry, b""
            at = self._search(carry, 0, is_last=True)
            self._base += at
            self.feed(carry[at:])
        if self._carry and not self._is_searching and self._inflater is None:
            self._garbage, self._has_zeros_only = self._base, not self._carry.strip(b"\0")
        if self._garbage is not None:
            self._report_garbage(end, is_at_end=True)
        if self._inflater is not None:
            self._parser.offset = self._start
            self._parser.fault("warc-cut", expected="the end of a gzip member", found=f"the file's end at {end:,}")
        elif self._is_open:
            self._parser.cut_off("warc-cut")
        self.end = end

    def _read_quickly(self, chunk: bytes, view: memoryview, at: int) -> int:
        """Read members that are whole in these bytes, as long as nothing is odd; the position of the first that is."""
        read, add, base, size = self._whole.read, self._collected.add, self._base, len(view)
        decompressobj = isal_zlib.decompressobj
        limit = size if self._stop is None else min(size, self._stop - base)
        step = _FIRST
        try:
            while at < limit:
                member = decompressobj(_WINDOW)
                # Bytes behind a member's end are copied: a small one, of which there are many, is given what is likely
                # to be all of it, and a large one is not searched for where the next may start.
                end = chunk.find(_NEXT, at + _SHORTEST, at + _NEAR)
                is_large = end < 0
                if is_large:
                    end = min(at + step, size)
                stored = view[at:end]
                data = member.decompress(stored, _PIECE)
                if not member.eof:
                    data, end = _rest_of(member, data, view, end)
                    if not member.eof:
                        if end == size and size - at <= _CARRIED and size >= _LARGE_CHUNK:
                            self._carry = chunk[at:]
                        break
                    stored = view[at:end]
                if member.unused_data:
                    end -= len(member.unused_data)
                    stored = view[at:end]
                if is_large:  # the next large one may be as long
                    step = min(max(end - at + (end - at >> 1), _FIRST), _MOST)
                if chunk[at + 3] & _RESERVED:
                    break
                record = read(data, base + at, stored)
                if record is not None:
                    add(record)
                else:
                    self._start, self._hash, self._inflated, self._is_shared = base + at, None, 0, False
                    self._feed_parser(data)
                    self._end_member(view, end)
                    if self._is_open:
                        return end
                at = end
        except Damaged:  # met again, and reported, on the slow path
            pass
        return at

    def _open_member(self, chunk: bytes, at: int) -> int:
        """Begin a member at `at`, where four bytes of it are there; the position to go on from."""
        if not chunk.startswith(_MAGIC, at):
            self._is_searching, self._garbage, self._has_zeros_only = True, self._base + at, True
            return at
        self._start = self._base + at
        if chunk[at + 3] & _RESERVED:
            return self._refuse("a reserved flag in its header", at)
        self._inflater = inflater()
        self._step, self._hash, self._inflated, self._is_shared = _FIRST, None, 0, False
        return at

    def _inflate(self, view: memoryview, at: int) -> int:
        """Undo the next step of a member; the position behind it."""
        member = self._inflater
        taken = view[at : at + self._step]
        try:
            out = member.decompress(taken, _PIECE)
            while True:
                if out:
                    self._feed_parser(out)
                if member.eof or not member.unconsumed_tail:
                    break
                if self._parser.is_lost and self._inflated > _DRAINED:
                    return self._give_up(at)
                out = member.decompress(member.unconsumed_tail, _PIECE)
        except Damaged as error:
            return self._refuse(str(error), at)
        at += len(taken)
        if member.eof:
            at -= len(member.unused_data)
            self._end_member(view, at)
        elif self._step < _MOST:
            self._step *= 2
        return at

    def _refuse(self, found: str, at: int) -> int:
        self._parser.offset = self._start
        self._parser.fault("warc-gzip", expected="a sound gzip member", found=found)
        return self._give_up(at)

    def _give_up(self, at: int) -> int:
        """Leave a damaged member; look for the next from the bytes in hand on."""
        self._parser.restart()
        self._inflater, self._is_open, self._is_searching = None, False, True
        return max(at, self._start - self._base + 1)

    def _feed_parser(self, out: bytes) -> None:
        parser = self._parser
        if not self._inflated:
            self._begin_content(out)
        self._inflated += len(out)
        at = 0
        while at < len(out):
            if parser.ended is not None and not parser.is_lost:
                if (behind := self._pass_line_ends(out, at)) > at:
                    at = behind
                    continue
                self._share("more than one record")
                self._collected.add(parser.take(self._start, 0, ""))
            at = parser.feed(out, at)

    def _pass_line_ends(self, out: bytes, at: int) -> int:
        """Pass over more line ends than two behind a record; the position behind them."""
        behind = LINE_ENDS.match(out, at).end()  # type: ignore[union-attr]  # it matches nothing, too
        if behind > at and not self._parser.has_odd_end:
            self._parser.fault("warc-end-form", expected=r"\r\n\r\n", found="more line ends")
            self._parser.has_odd_end = True
        return behind

    def _begin_content(self, out: bytes) -> None:
        parser = self._parser
        if self._is_open and b"WARC/".startswith(out[:5]):
            parser.cut_off()
            self._is_open = False
        if not self._is_open:
            parser.restart()
            parser.offset = self._start
        else:
            self._share("the rest of a record")

    def _share(self, found: str) -> None:
        if not self._is_shared:
            self._report(Fault("warc-not-per-record", self._start, expected="one record a gzip member", found=found))
        self._is_shared = True

    def _end_member(self, view: memoryview, end: int) -> None:
        parser = self._parser
        if parser.lacks_only_its_end:
            parser.cut_off()  # the member is sound, so this is all that was written
        if not self._inflated:
            self._share("an empty gzip member")
        elif parser.ended is not None:
            length = 0 if self._is_shared else self._base + end - self._start
            sha256 = "" if self._is_shared else self._sha256(view, end)
            self._collected.add(parser.take(self._start, length, sha256))
            parser.is_lost = False
            self._is_open = False
        elif parser.is_lost:
            parser.restart()
            self._is_open = False
        else:
            self._is_open = not parser.is_between
        self._inflater = self._hash = None

    def _sha256(self, view: memoryview, end: int) -> str:
        """Hex digest of the stored member that ends at `end`."""
        if self._hash is None:
            return hashlib.sha256(view[self._start - self._base : end]).hexdigest()
        whole = self._hash.copy()
        whole.update(view[:end])
        return str(whole.hexdigest())

    def _search(self, chunk: bytes, at: int, *, is_last: bool) -> int:
        """Look for the start of a member that holds a record; the position where to go on."""
        self._has_zeros_only = self._has_zeros_only and not chunk[at:].strip(b"\0")
        while (found := chunk.find(_MAGIC, at)) >= 0:
            if len(chunk) - found < _PROBE and not is_last:
                self._carry = chunk[found:]
                return len(chunk)
            if _starts_a_record(chunk[found : found + _PROBE]):
                self._report_garbage(self._base + found)
                self._is_searching = False
                self.begin = self._base + found if self.begin is None else self.begin
                return found
            at = found + 1
            self._probed += 1
            if self._probed > _PROBES:
                self._parser.is_exhausted = True
                return len(chunk)
        retained = 0 if is_last else min(len(_MAGIC) - 1, len(chunk) - at)
        self._carry = chunk[len(chunk) - retained :] if retained else b""
        return len(chunk)

    def _report_garbage(self, end: int, *, is_at_end: bool = False) -> None:
        if self._garbage is not None and is_at_end and self._has_zeros_only:
            found = f"{end - self._garbage:,} more bytes: zeros"
            self._report(Fault("warc-end-form", self._garbage, expected="the end of the file", found=found))
        elif self._garbage is not None:
            found = f"{end - self._garbage:,} bytes that belong to no record"
            self._report(Fault("warc-garbage", self._garbage, expected="a gzip member", found=found))
        self._garbage = None


def _rest_of(member: Any, data: bytes, view: memoryview, at: int) -> tuple[bytes, int]:
    """More of a member, as long as it is small and continues in these bytes; the position behind what was taken."""
    parts, inflated, step = [data], len(data), _FIRST
    while not member.eof and inflated <= _BUFFERED:
        if member.unconsumed_tail:
            out = member.decompress(member.unconsumed_tail, _PIECE)
        elif at < len(view):
            step = min(2 * step, _MOST)
            out = member.decompress(view[at : at + step], _PIECE)
            at = min(at + step, len(view))
        else:
            break
        parts.append(out)
        inflated += len(out)
    return b"".join(parts), at


def _starts_a_record(start: bytes) -> bool:
    try:
        return bool(inflater().decompress(start, 8).startswith(b"WARC/"))
    except Damaged:
        return False
