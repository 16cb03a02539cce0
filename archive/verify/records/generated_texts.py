"""What is generated from the ledger and the records log, checked by generating it again; and the custody events."""

from __future__ import annotations

import hashlib
import os
from array import array
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator
from itertools import zip_longest

from msgspec import Struct, field

from archive.bag.interface import Broken
from archive.verify.files.control_files import ControlFiles
from archive_manifests import canonical, custody, layout
from archive_manifests.cdxj import index_text, is_indexed
from archive_manifests.custody import Event
from archive_manifests.datapackage import datapackage_json, parse_datapackage, title_of
from archive_manifests.errors import StatementError
from archive_manifests.finding_codes import make_finding
from archive_manifests.findings import Finding
from archive_manifests.ledger import Ledger, SourceEntry
from archive_manifests.pages import pages_jsonl
from archive_manifests.paths import BagPath
from archive_manifests.records import RecordLine

SIZE = 8
"""Bytes of a digest. Its key is random in each process, so nobody can prepare two lines with one digest."""


class LineDigests:
    """The lines that are expected, in any order."""

    def __init__(self, draw_key: Callable[[int], bytes] = os.urandom) -> None:
        self._key = draw_key(16)
        self._expected: array[int] = array("Q")

    def add(self, line: bytes) -> None:
        self._expected.append(self._digest(line))

    def first_difference(self, lines: Iterable[bytes]) -> tuple[int, str] | None:
        """Line number and what is wrong with the first line that is not expected there; None where all are right.

        Right is: just the expected lines, each as often as it was added, in the order of their bytes.
        """
        expected = array("Q", sorted(self._expected))
        met = bytearray(len(expected))
        before, last, place, number = b"", -1, -1, 0
        for number, line in enumerate(lines, start=1):
            if line < before:
                return number, "not in its order"
            digest = self._digest(line)
            place = place + 1 if digest == last else bisect_left(expected, digest)
            if place == len(expected) or expected[place] != digest:
                return number, line[:200].decode("utf-8", "backslashreplace").rstrip("\n")
            met[place] = 1
            before, last = line, digest
        return (number + 1, f"{met.count(0):,} lines are not there") if 0 in met else None

    def _digest(self, line: bytes) -> int:
        return int.from_bytes(hashlib.blake2b(line, digest_size=SIZE, key=self._key).digest(), "big")


INDEX = BagPath(layout.INDEX)
PAGES = BagPath(layout.PAGES)
PACKAGE = BagPath(layout.DATA_PACKAGE)
EVENTS = BagPath(layout.EVENTS)

MOST_EVENTS = 1000
"""Findings that are listed of the custody events."""
_SHOWN = 200
_BEFORE = 60
"""Bytes shown of a line, and how many of them before the first that differs."""


class Sources(Struct):
    """Gathers what the texts are made of while the lines of the log are read: each is parsed once for all of them."""

    ledger: Ledger | None
    counts_index: bool = False
    """True where the index is too large for memory: of its lines only short digests stay in memory."""
    made: LineDigests = field(default_factory=LineDigests)
    _index: list[str] = field(default_factory=list)
    _answers: list[RecordLine] = field(default_factory=list)
    _named: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        if self.ledger is not None:
            self._named = frozenset(name for entry in self.ledger.sources for name in answers_of(entry))

    def see(self, line: RecordLine) -> None:
        if is_indexed(line):
            text = index_text(line)
            if self.counts_index:
                self.made.add(text.encode())
            else:
                self._index.append(text)
        if line.id in self._named:
            self._answers.append(line)

    def index(self) -> str:
        return "".join(sorted(self._index))

    def pages(self, ledger: Ledger) -> str:
        return pages_jsonl(ledger, self._answers)


def check_texts(control: ControlFiles, sources: Sources) -> Iterator[Finding]:
    """Hold index, pages, data package and events against what they are made of."""
    ledger = sources.ledger
    lines = control.lines(INDEX)
    if lines is not None:
        yield from _compare_lines(INDEX, sources.made, lines)
    else:
        yield from _compare(control, INDEX, sources.index)
    events = control.read(EVENTS)
    ended = None
    if events is not None:
        found = list(check_events(events))
        yield from found
        ended = _last_time(events) if not found else None
    if ledger is not None:
        yield from _compare(control, PAGES, lambda: sources.pages(ledger))
        yield from _check_package(control, ledger, ended)


def answers_of(entry: SourceEntry) -> Iterator[str]:
    """Ids of the records among which a source's page is."""
    yield from entry.exchanges
    for copy in entry.copies:
        yield from copy.records


def _compare_lines(path: BagPath, made: LineDigests, lines: Iterator[bytes]) -> Iterator[Finding]:
    """The same for a sorted file that is too large for memory: are its lines just those, and in order?"""
    try:
        difference = made.first_difference(lines)
    except Broken as broken:
        yield make_finding("warc-unchecked", path, note=broken.note)
        return
    if difference is not None:
        number, found = difference
        yield make_finding("generated-differs", path, line=number, found=found)


def check_events(data: bytes) -> Iterator[Finding]:
    """Each event names the digest of the one before and follows it in number. (PREMIS 3.0, Event entity)"""
    for count, finding in enumerate(_wrong_events(data)):
        if count == MOST_EVENTS:
            yield make_finding("findings-limit", EVENTS, line=finding.line)
            return
        yield finding


def _wrong_events(data: bytes) -> Iterator[Finding]:
    prev: str | None = None
    for number, text in enumerate(data.splitlines(keepends=True), start=1):
        try:
            event = custody.parse_line(text, number)
        except StatementError as error:
            yield make_finding("log-line", EVENTS, found=str(error), line=number)
            prev = hashlib.sha256(text).hexdigest()
            continue
        if not canonical.is_line(text):
            yield make_finding("log-line", EVENTS, found="not as we write it", line=number)
        if (event.seq, event.prev) != (number, prev):
            facts = {"expected": f"{number} after {prev}", "found": f"{event.seq} after {event.prev}"}
            yield make_finding("log-chain", EVENTS, line=number, **facts)
        prev = hashlib.sha256(text).hexdigest()


def _last_time(events: bytes) -> str | None:
    lines = events.splitlines(keepends=True)
    last: Event | None = custody.parse_line(lines[-1], len(lines)) if lines else None
    return last.time if last else None


def _compare(control: ControlFiles, path: BagPath, made: Callable[[], str]) -> Iterator[Finding]:
    """The first line in which a generated file is not what its sources give."""
    data = control.read(path)
    if data is None:
        return
    again = made().encode()
    if data != again:
        yield first_difference(path, again, data)


def first_difference(path: BagPath, made: bytes, found: bytes) -> Finding:
    """The first line in which a file differs from what was made again."""
    differs = first_different_line(path, made.splitlines(), found.splitlines())
    if differs is not None:
        return differs
    return make_finding("generated-differs", path, expected="LF at the end of each line", found="other line ends")


def first_different_line(path: BagPath, made: Iterable[bytes], found: Iterable[bytes]) -> Finding | None:
    """The same of a file's lines, one by one; None where all are the same."""
    pairs = zip_longest(made, found, fillvalue=None)
    for number, (ours, theirs) in enumerate(pairs, start=1):
        if ours != theirs:
            start = max(0, _same_bytes(ours or b"", theirs or b"") - _BEFORE)
            facts = {"expected": _shown(ours, start), "found": _shown(theirs, start)}
            return make_finding("generated-differs", path, line=number, **facts)
    return None


def _same_bytes(one: bytes, other: bytes) -> int:
    return next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))


def _shown(line: bytes | None, start: int) -> str:
    """The part of a line in which it differs."""
    if line is None:
        return "the end of the file"
    return line[start : start + _SHOWN].decode("utf-8", "backslashreplace")


_PARTS = ("archive", "indexes", "pages")
"""The folders of a web archive. (WACZ 1.1.1, 3)"""


def _check_package(control: ControlFiles, ledger: Ledger, ended: str | None) -> Iterator[Finding]:
    """The data package lists just what is there: made again from the files and the manifest. (WACZ 1.1.1)"""
    data = control.read(PACKAGE)
    parts = tuple(f"data/{part}/" for part in _PARTS)
    is_whole = all(path in control.sizes for path in control.sha256 if path.startswith(parts))
    if data is None or not is_whole:  # a file that is missing is a finding of its own
        return
    try:
        package = parse_datapackage(data)
        resources = list(_resources(control))
        created = ended or package.created
        made = datapackage_json(title_of(ledger), created, package.software, resources).encode()
    except StatementError as error:
        yield make_finding("generated-differs", PACKAGE, found=str(error))
        return
    if data != made:
        yield first_difference(PACKAGE, made, data)


def _resources(control: ControlFiles) -> Iterator[tuple[str, str, int, str]]:
    """The files of the web archive part; the findings of `structure` name a file without a stated sha256."""
    for part in _PARTS:
        for path in control.below(f"data/{part}/"):
            sha256 = control.sha256.get(path.text)
            if sha256 is not None:
                name = path.text.rpartition("/")[2].lower()
                yield name, path.text.removeprefix(layout.PAYLOAD), control.size(path) or 0, sha256
