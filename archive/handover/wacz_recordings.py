"""The recordings that persons supplied, as WARCs of the WACZ that a bag becomes: read once, digested and indexed.

In a bag they are beside their source, `data/media/s01/supplied-01.warc.gz`; of a supplied WACZ, its WARCs are taken. In
a WACZ every WARC is in `archive/`, is listed with its digest, and is in the index. (WACZ 1.1.1, 5.1 and 5.2)
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path

from msgspec import Struct, field

from archive.bag.contents import PackRefused
from archive.bag.interface import UNKNOWN, Bag, Entry, Reader
from archive.http.head import is_error
from archive.verify.files.control_files import DAMAGED
from archive.verify.foreign.recordings import Recording, is_recording, urls_of_copy
from archive.verify.foreign.wacz import open_in_bag
from archive.warc.report import WarcReport, record_lines
from archive.warc.scan import WarcScan
from archive_manifests import canonical, layout
from archive_manifests.cdxj import index_text, is_indexed
from archive_manifests.ledger import Ledger, Status
from archive_manifests.pages import Page
from archive_manifests.paths import BagPath
from archive_manifests.records import RecordLine
from archive_manifests.wacz import SUFFIX


class RecordedWarc(Struct, frozen=True):
    """One WARC of a recording, read."""

    path: str
    """In the WACZ, `archive/s01-supplied-01.warc.gz`."""
    size: int
    sha256: str
    chunks: Callable[[], Iterator[bytes]]
    lines: tuple[RecordLine, ...]
    """Its records that can be replayed from where they are."""
    count: int
    """Records of any type."""


class Recordings(Struct):
    """What the recordings of a bag add to its WACZ."""

    warcs: list[RecordedWarc] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)
    """Supplied files that a WACZ cannot hold, each with why."""

    def index(self) -> list[str]:
        """Lines of the index."""
        return [index_text(line) for warc in self.warcs for line in warc.lines if is_indexed(line)]

    def pages(self, ledger: Ledger) -> list[str]:
        """A line for each source that is supplied: its first response in a recording, one without an error first."""
        recording = Recording(Path())
        for warc in self.warcs:
            for line in warc.lines:
                if line.type in ("response", "revisit"):
                    recording.add(line)
        found = []
        for entry in ledger.sources:
            copies = [copy for copy in entry.copies if copy.kind == "supplied"]
            lines = [line for copy in copies for line in recording.responses(urls_of_copy(entry, copy))]
            if entry.status is Status.SUPPLIED and lines:
                first = min(lines, key=lambda line: (is_error(line.http_status), line.date))
                page = Page(entry.id, first.uri or "", first.date, entry.title or entry.cited)
                found.append(canonical.line(page))
        return found


def read_recordings(bag: Bag) -> Recordings:
    """Read every recording that a person supplied. Raises `PackRefused` for one that cannot be read where it is."""
    found = Recordings()
    for entry in sorted(bag.payload_entries(), key=lambda one: one.path):
        if not entry.path.startswith(layout.MEDIA) or "/supplied-" not in entry.path:
            continue
        if entry.path.endswith(DAMAGED):
            found.left_out.append(f"{entry.path}: was damaged when it was supplied")
        elif is_recording(entry.path):
            found.warcs += _warcs_of(bag, bag.measured(entry) if entry.size == UNKNOWN else entry)
        elif "-view." not in entry.path and "-text." not in entry.path:
            found.left_out.append(f"{entry.path}: no web recording")
    return found


def _warcs_of(bag: Bag, entry: Entry) -> Iterator[RecordedWarc]:
    """The WARCs of one recording, named by where it is."""
    name = entry.path.removeprefix(layout.MEDIA).replace("/", "-").lower()
    if not name.endswith(SUFFIX):
        yield _read(f"archive/{name}", entry, bag.reader())
        return
    wacz = open_in_bag(bag, entry)
    if wacz is None:
        raise PackRefused(f"{entry.path}: is compressed in {bag.location}; `archive receive` that first, and pack then")
    for number, warc in enumerate(wacz.warcs(), start=1):
        ending = ".warc.gz" if warc.path.lower().endswith(".gz") else ".warc"
        yield _read(f"archive/{name.removesuffix(SUFFIX)}-{number}{ending}", warc, wacz.reader())


def _read(path: str, entry: Entry, reader: Reader) -> RecordedWarc:
    scan, digest = WarcScan(BagPath(f"{layout.PAYLOAD}{path}")), hashlib.sha256()
    for chunk in reader.chunks(entry):
        digest.update(chunk)
        scan.feed(chunk)
    report = scan.close()
    # Of a gzip member with many records nobody can read one alone: such a file is there, and not in the index.
    lines = tuple(line for line in _answers(report) if line.length)
    return RecordedWarc(path, entry.size, digest.hexdigest(), partial(reader.chunks, entry), lines, report.count)


def _answers(report: WarcReport) -> Iterable[RecordLine]:
    """The lines of a WARC without responses to other requests than GET: these cannot be found by their URL alone."""
    other = {
        name
        for record in report.records()
        if record.type == "request" and record.method not in (None, "GET")
        for name in (record.id, *record.concurrent)
    }
    asides = {record.id for record in report.records() if other and not other.isdisjoint(record.concurrent)} | other
    return (line for line in record_lines(report) if line.id not in asides)
