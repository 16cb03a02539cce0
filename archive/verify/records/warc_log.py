"""The records log compared with the WARCs: listed and not there, there and not listed, there and different."""

from __future__ import annotations

import hashlib
from array import array
from bisect import bisect_left, bisect_right
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from itertools import islice
from typing import Generic, TypeVar

import msgspec
from msgspec import Struct, field
from msgspec.structs import replace

from archive.bag.interface import Broken
from archive.verify.files.control_files import ControlFiles
from archive.warc.report import PAYLOAD_IS_BLOCK, ScannedRecord
from archive_manifests import canonical, layout, records
from archive_manifests.errors import StatementError
from archive_manifests.finding_codes import make_finding
from archive_manifests.findings import Finding
from archive_manifests.layout import BEGUN, stamp_path
from archive_manifests.paths import BagPath
from archive_manifests.records import RecordLine

LOG = BagPath(layout.RECORDS)
LEDGER = BagPath(layout.LEDGER)

_T = TypeVar("_T")
_LOOKED_AHEAD = 256
"""Records, or lines of the log, among which one that is elsewhere than expected is looked for."""
_FEW = 3
"""Records in other stored bytes that are named one by one."""
_STORAGE = ("length", "sha256")
"""What a record that was compressed again differs in."""

MOST = 1000
"""Findings of one kind that are listed for one file."""


class Log(Struct):
    """The lines of a records log, parsed on first use: there are hundreds of thousands of them."""

    data: bytes
    starts: array[int] = field(default_factory=lambda: array("Q"))
    """Where each sound line starts."""
    by_file: dict[str, array[int]] = field(default_factory=dict)
    """For each WARC the lines about it, by number from 0."""

    def __iter__(self) -> Iterator[RecordLine]:
        return map(self.line, range(len(self.starts)))

    def line(self, number: int) -> RecordLine:
        start = self.starts[number]
        return _DECODER.decode(memoryview(self.data)[start : self.data.find(b"\n", start)])

    def of(self, file: str) -> list[tuple[int, RecordLine]]:
        """The lines about one WARC with their numbers from 1, in the order of their records."""
        lines = [(number + 1, self.line(number)) for number in self.by_file.get(file, ())]
        return sorted(lines, key=lambda line: line[1].offset)


_DECODER = msgspec.json.Decoder(RecordLine)
_ENCODE = msgspec.json.Encoder().encode


def first_prev(control: ControlFiles) -> str | None:
    """What the chain begins with: the first timestamp's reply, where the run was bracketed in time, and the round."""
    reply = control.read(stamp_path(BEGUN, 1, "tsr"))
    stamp = hashlib.sha256(reply).hexdigest() if reply is not None and control.holds(BEGUN) else None
    return records.first_prev(stamp, round_of(control))


def round_of(control: ControlFiles) -> str | None:
    """The round that the ledger states."""
    ledger = control.ledger if control.holds(LEDGER) and control.is_ours else None
    return ledger.conditions.round if ledger is not None else None


class LogStream:
    """A log too large for memory, as its lines are read: those of one WARC after the other, in the order of the files.

    So we write it. In another order it cannot be compared with anything: `is_ordered` is then False.
    """

    def __init__(self, lines: Iterator[bytes], first_prev: str | None, see: Callable[[RecordLine], None]) -> None:
        """`see` is handed every line."""
        self.findings: list[Finding] = []
        self.absent: Counter[str] = Counter()
        """Files that are not in the bag, and how many lines are about each."""
        self.is_ordered = True
        self._see = see
        self._waiting = self._sound(lines, first_prev)
        self._next = next(self._waiting, None)

    def of(self, file: str) -> Iterator[tuple[int, RecordLine]]:
        """The lines about a WARC with their numbers from 1. Ask for the WARCs in the order of their paths."""
        self._pass_over(file)
        while self._next is not None and self._next[1].file == file:
            yield self._next
            self._next = next(self._waiting, None)

    def finish(self) -> None:
        """Take the rest of the lines."""
        self._pass_over(None)

    def _pass_over(self, file: str | None) -> None:
        while self._next is not None and (file is None or self._next[1].file < file):
            self.absent[self._next[1].file] += 1
            self._next = next(self._waiting, None)

    def _sound(self, lines: Iterator[bytes], prev: str | None) -> Iterator[tuple[int, RecordLine]]:
        place = ("", -1)
        for number, text in enumerate(lines, start=1):
            line = _checked(text, number, prev, self.findings)
            prev = hashlib.sha256(text).hexdigest()
            if len(self.findings) > MOST:
                return
            if line is None:
                continue
            place, before = (line.file, line.offset), place
            if place <= before:
                self.is_ordered = False
                return
            self._see(line)
            yield number, line


def _checked(text: bytes, number: int, prev: str | None, findings: list[Finding]) -> RecordLine | None:
    """A line of the log; None, and a finding, where it is none."""
    problem = _problem(text, number, prev)
    if isinstance(problem, Finding):
        findings.append(problem)
        return None
    if problem.prev != prev:
        facts = {"expected": prev, "found": problem.prev, "record": problem.id}
        findings.append(make_finding("log-chain", LOG, line=number, **facts))
    return problem


def read_log(control: ControlFiles) -> tuple[Log | None, list[Finding]]:
    """Read the records log as far as its chain holds, once for a bag; None where the bag has none."""
    if not control.log_read:
        control.log_read.append(_read_log(control))
    log, findings = control.log_read[0]
    return log, [*findings]


def log_lines(control: ControlFiles) -> Iterator[RecordLine]:
    """The sound lines of the log, however large it is; as far as it can be read again."""
    again = control.lines(LOG)
    if again is None:
        yield from read_log(control)[0] or ()
        return
    with suppress(Broken):
        for text in again:
            with suppress(msgspec.DecodeError, UnicodeDecodeError):  # reported where the chain is checked
                yield _DECODER.decode(text)


def _read_log(control: ControlFiles) -> tuple[Log | None, list[Finding]]:
    data = control.read(LOG)
    return (None, []) if data is None else parse_log(control, data)


def parse_log(control: ControlFiles, data: bytes) -> tuple[Log, list[Finding]]:
    """Read a records log that is in memory as far as its chain holds."""
    log, prev, start = Log(data), first_prev(control), 0
    findings: list[Finding] = []
    place = ("", -1)
    for number, text in enumerate(data.splitlines(keepends=True) if b"\r" not in data else _lines(data), start=1):
        line = _checked(text, number, prev, findings)
        if line is not None:
            place, before = (line.file, line.offset), place
            if place <= before:
                found = "not in the order of files and offsets"
                findings.append(make_finding("log-line", LOG, found=found, line=number, record=line.id))
            log.by_file.setdefault(line.file, array("Q")).append(len(log.starts))
            log.starts.append(start)
        elif len(findings) > MOST:
            break
        prev = hashlib.sha256(text).hexdigest()
        start += len(text)
    return log, name_round(control, findings)


def name_round(control: ControlFiles, findings: list[Finding]) -> list[Finding]:
    """The findings, that on the beginning of the chain named after the round where the ledger states one.

    Without a ledger that can be read it is not known what the chain begins with.
    """
    if control.holds(LEDGER) and control.read(LEDGER) is None and LEDGER not in control.too_large:
        return [each for each in findings if each.code != "log-chain" or each.line != 1]
    if round_of(control) is None:
        return findings
    return [
        make_finding("round-broken", LOG, expected=each.expected, found=each.found, line=1, record=each.record)
        if each.code == "log-chain" and each.line == 1
        else each
        for each in findings
    ]


def _lines(data: bytes) -> Iterator[bytes]:
    """Lines that end at LF alone: JSON Lines knows no other end."""
    start = 0
    while start < len(data):
        end = data.find(b"\n", start) + 1 or len(data)
        yield data[start:end]
        start = end


def _problem(text: bytes, number: int, prev: str | None) -> RecordLine | Finding:
    """The line, or what is wrong with it."""
    try:
        line = records.parse_line(text, number)
    except StatementError as error:
        return make_finding("log-line", LOG, found=str(error), line=number)
    if _ENCODE(line) + b"\n" != text and not canonical.is_line(text):
        return make_finding("log-line", LOG, found="not as we write it", line=number, record=line.id)
    return line


class _Ahead(Generic[_T]):
    """Values in their order, of which a few that are to come can be looked at: a log may be of any size."""

    def __init__(self, values: Iterable[_T]) -> None:
        self._values = iter(values)
        self._waiting: deque[_T] = deque()

    def take(self) -> _T | None:
        return self._waiting.popleft() if self._waiting else next(self._values, None)

    def has(self, is_wanted: Callable[[_T], bool]) -> bool:
        """True where one of the next values is wanted."""
        self._waiting.extend(islice(self._values, _LOOKED_AHEAD - len(self._waiting)))
        return any(map(is_wanted, self._waiting))


def compare_records(
    path: BagPath, found: Iterable[ScannedRecord], listed: Iterable[tuple[int, RecordLine]]
) -> Iterator[Finding]:
    """Hold the records of one WARC against what the log lists for it.

    A record is known by its id, so those behind one of another length have moved and are neither missing nor new; of
    those that moved, and of many that are only stored in other bytes, the first is named.
    """
    records, lines = _Ahead(found), _Ahead(listed)
    record, next_line = records.take(), lines.take()
    requested: ScannedRecord | None = None
    shift, moved, restored = 0, list[Finding](), list[Finding]()
    count_moved = 0
    while record is not None or next_line is not None:
        here, listed_line = record, next_line
        order = _order(here, listed_line, records, lines, shift)
        if order >= 0 and here is not None:
            requested = here if here.type == "request" else requested
            record = records.take()
        if order <= 0 and listed_line is not None:
            next_line = lines.take()
        if listed_line is None or order > 0:
            assert here is not None
            note = f"at byte {here.offset:,}: {here.type} {here.uri or ''}".rstrip()
            yield make_finding("record-unlisted", path, record=here.id, note=note)
            continue
        number, line = listed_line
        if here is None or order < 0:
            yield _missing(number, line)
            continue
        shift = here.offset - line.offset
        if shift:
            count_moved += 1
            moved = moved or [_moved(path, number, line, here)]
        differing = [] if _is_as_listed(line, here, requested) else list(_compare(path, number, line, here, requested))
        if differing and all(each.expected.split(" ")[0] in _STORAGE for each in differing if each.expected):
            restored.append(differing[-1])
        else:
            yield from differing
    yield from (replace(each, note=f"{count_moved:,} records; the first: {each.note}") for each in moved)
    if len(restored) <= _FEW:
        yield from restored
    else:
        note = f"{len(restored):,} records in other stored bytes; the first: {restored[0].note}"
        yield replace(restored[0], note=note)


def _order(
    record: ScannedRecord | None,
    listed: tuple[int, RecordLine] | None,
    records: _Ahead[ScannedRecord],
    lines: _Ahead[tuple[int, RecordLine]],
    shift: int,
) -> int:
    """0 where a record is the one listed; below 0 where that one is not there, above 0 where the record is not listed.

    `shift` is by how many bytes the record before lies behind where it is listed.
    """
    if record is None or listed is None:
        return 1 if listed is None else -1
    line = listed[1]
    if line.id == record.id:
        return 0
    if lines.has(lambda each: each[1].id == record.id):
        return -1
    if records.has(lambda each: each.id == line.id):
        return 1
    return (record.offset > line.offset + shift) * -1 or int(record.offset < line.offset + shift)


def _moved(path: BagPath, number: int, line: RecordLine, record: ScannedRecord) -> Finding:
    stated, found = f"byte {line.offset:,}", f"byte {record.offset:,}"
    note = f"records.jsonl line {number}"
    return make_finding("record-moved", path, expected=stated, found=found, record=line.id, note=note)


def listed_at(listed: list[tuple[int, RecordLine]], offset: int) -> RecordLine | None:
    """The record that is listed for a byte of a WARC, among its lines in order."""
    place = bisect_right(listed, offset, key=lambda line: line[1].offset) - 1
    line = listed[place][1] if place >= 0 else None
    return line if line is not None and offset < line.offset + line.length else None


def retaining(
    listed: Iterator[tuple[int, RecordLine]], offsets: Iterable[int], retained: list[tuple[int, RecordLine]]
) -> Iterator[tuple[int, RecordLine]]:
    """Let the lines about one WARC pass; those that list one of these bytes are retained, for `listed_at`."""
    waiting = sorted(offsets)
    for each in listed:
        line = each[1]
        first = bisect_left(waiting, line.offset)
        if first < len(waiting) and waiting[first] < line.offset + line.length:
            retained.append(each)
        yield each


def _missing(number: int, line: RecordLine) -> Finding:
    expected = f"a {line.type} record at byte {line.offset:,} of {line.file}"
    return make_finding("record-missing", LOG, expected=expected, record=line.id, line=number, note=line.uri)


def _is_as_listed(line: RecordLine, record: ScannedRecord, requested: ScannedRecord | None) -> bool:
    """True where `_compare` finds nothing, as of nearly every record; one call for each record of a bag."""
    return (
        line.sha256 == record.sha256
        and line.length == record.length
        and line.id == record.id
        and line.type == record.type
        and line.uri == record.uri
        and line.date == record.date
        and line.http_status == record.http_status
        and line.truncated == record.truncated
        and (line.payload_sha256, line.mime) == _payload_of(line, record)
        and line.method == _method_of(line, record, requested)
    )


def _compare(
    path: BagPath, number: int, line: RecordLine, record: ScannedRecord, requested: ScannedRecord | None
) -> Iterator[Finding]:
    names = ("length", "sha256", "id", "type", "uri", "date", "http_status", "truncated")
    facts = [(name, getattr(line, name), getattr(record, name)) for name in names]
    payload, mime = _payload_of(line, record)
    facts += [("payload_sha256", line.payload_sha256, payload), ("mime", line.mime, mime)]
    facts.append(("method", line.method, _method_of(line, record, requested)))
    for name, ours, theirs in facts:
        if ours != theirs:
            yield _differs(path, number, line, name, ours, theirs)


def _payload_of(line: RecordLine, record: ScannedRecord) -> tuple[str | None, str | None]:
    """The payload digest and media type that the log has to state; what cannot be read of a response, as it does."""
    if record.type == "response":
        return record.payload_sha256 or line.payload_sha256, record.mime
    if record.type in PAYLOAD_IS_BLOCK and record.concurrent:
        return None, None  # bytes that are no HTTP message
    if record.type in PAYLOAD_IS_BLOCK:
        stated = (record.content_type or "").partition(";")[0]
        return record.payload_sha256 or line.payload_sha256, line.mime if line.mime in (None, stated) else stated
    return None, None


def _method_of(line: RecordLine, record: ScannedRecord, requested: ScannedRecord | None) -> str | None:
    """The method that the log has to state: of a response that of the request before it, and none for GET."""
    if record.type not in ("response", "resource"):
        return None
    if requested is not None and requested.id in record.concurrent:
        return None if requested.method == "GET" else requested.method
    # Without its request it was written elsewhere, by a run that was killed; with none, bytes were put together.
    return line.method if record.concurrent else None


def _differs(path: BagPath, number: int, line: RecordLine, name: str, stated: object, found: object) -> Finding:
    note = f"records.jsonl line {number} against the record at byte {line.offset:,}"
    return make_finding(
        "record-differs", path, expected=f"{name} {stated}", found=f"{name} {found}", record=line.id, note=note
    )
