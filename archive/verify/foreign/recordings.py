"""A recording that somebody else's tool made, WARC or WACZ: whether it is sound, and what it holds of which address.

Recorders keep more than responses: ArchiveWeb.page and Browsertrix write a screenshot as `urn:view:URL`, a page's text
as `urn:text:URL`, and list the pages that a person visited in `pages/pages.jsonl`. (WACZ 1.1.1, 5.2.2)
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, cast

from msgspec import Struct

from archive.bag.interface import Broken, Entry, FileStretch
from archive.bag.other_formats import HEAD, is_warc
from archive.bag.wacz import WaczFile
from archive.capture.tracking import dedup_key
from archive.capture.warcinfo import CONDITIONS, fields_of, object_in
from archive.errors import BagUnreadable, WarcError
from archive.http.head import is_error
from archive.urls import UrlError, parse
from archive.verify.files.control_files import ControlFiles
from archive.verify.foreign.wacz import WaczCheck, check_wacz
from archive.verify.records.warc import check_warc
from archive.warc.reader import read_record_at
from archive.warc.report import ScannedRecord, WarcReport
from archive.warc.scan import WarcScan
from archive_manifests.datapackage import conditions_in
from archive_manifests.findings import Finding, Severity
from archive_manifests.ledger import DOUBTFUL, Copy, SourceEntry
from archive_manifests.notes import Note, note
from archive_manifests.paths import BagPath
from archive_manifests.records import RecordLine
from archive_manifests.wacz import SUFFIX

if TYPE_CHECKING:
    from archive.trust.anchors import Anchors

WARC_SUFFIXES = (".warc", ".warc.gz", ".gz")
RECORDING_SUFFIXES = (*WARC_SUFFIXES, SUFFIX)

_VIEWS = ("urn:view:", "urn:fullpage:", "urn:viewfinal:", "urn:screenshot:", "urn:thumbnail:")
"""Names of screenshots, the best first; Browsertrix writes `fullPage` and `viewFinal`."""
_TEXTS = ("urn:textfinal:", "urn:text:")
_PAGES = ("pages/pages.jsonl", "pages/extraPages.jsonl")
_SCHEME = re.compile("[A-Za-z][A-Za-z0-9+.-]*:(?![0-9])")
_PIECE = 1 << 20
_MOST_PAGES = 16 << 20
"""Bytes of a list of pages that are read."""
_LARGEST = 64 << 20
"""Bytes of a screenshot or text that are taken out."""


class RecordedPage(Struct, frozen=True):
    """A page that the recording lists: what its maker visited."""

    url: str
    time: str | None
    title: str | None
    text: str | None


@dataclass
class Recording:
    """One recording, read whole."""

    path: Path
    findings: list[Finding] = field(default_factory=list)
    records: list[RecordLine] = field(default_factory=list)
    """Where each response and resource is in the file; `length` 0 for one that cannot be read where it is."""
    pages: tuple[RecordedPage, ...] = ()
    check: WaczCheck | None = None
    """Of a WACZ."""
    conditions: tuple[str, ...] = ()
    """Of one that this program made: the conditions it states under which captures can be false, as in the ledger."""
    _by_url: dict[str, list[RecordLine]] = field(default_factory=dict)
    _by_key: dict[str, list[RecordLine]] = field(default_factory=dict)

    @property
    def damage(self) -> list[Finding]:
        """Why it is not to be relied on: every error."""
        return [finding for finding in self.findings if finding.severity is Severity.ERROR]

    def responses(self, urls: Iterable[str]) -> list[RecordLine]:
        """The responses for one of these addresses, else for one that differs in scheme, `www.` or tracking alone."""
        wanted = dict.fromkeys(map(bare_address, urls))
        exact = [record for url in wanted for record in self._by_url.get(url, ())]
        if exact:
            return sorted(exact, key=lambda record: record.date)
        keys = dict.fromkeys(key for url in wanted if (key := key_of_address(url)) is not None)
        return sorted((record for key in keys for record in self._by_key.get(key, ())), key=lambda one: one.date)

    def view(self, urls: Iterable[str]) -> bytes | None:
        """A screenshot of one of these addresses."""
        return self._first(_VIEWS, urls)

    def text(self, urls: Iterable[str]) -> str | None:
        """The text of the page at one of these addresses, as the recorder extracted it."""
        page = self.page(urls)
        if page is not None and page.text:
            return page.text
        stored = self._first(_TEXTS, urls)
        return stored.decode("utf-8", "replace") if stored else None

    def page(self, urls: Iterable[str]) -> RecordedPage | None:
        """The page with one of these addresses, as the recording lists it."""
        wanted = {bare_address(url) for url in urls}
        keys = {key for url in wanted if (key := key_of_address(url)) is not None}
        exact = next((page for page in self.pages if bare_address(page.url) in wanted), None)
        return exact or next((page for page in self.pages if key_of_address(page.url) in keys), None)

    def add(self, record: RecordLine) -> None:
        """List a record of the file."""
        self.records.append(record)
        if record.uri is None:
            return
        self._by_url.setdefault(bare_address(record.uri), []).append(record)
        if record.uri.startswith("http") and (key := key_of_address(record.uri)) is not None:
            self._by_key.setdefault(key, []).append(record)

    def _first(self, names: tuple[str, ...], urls: Iterable[str]) -> bytes | None:
        wanted = {bare_address(url) for url in urls}
        wanted |= {bare_address(record.uri or "") for record in self.responses(urls)}
        for name in names:
            for record in self._special.get(name, ()):
                if record.length and bare_address((record.uri or "")[len(name) :]) in wanted:
                    return _block(self.path, record)
        return None

    @cached_property
    def _special(self) -> dict[str, list[RecordLine]]:
        found: dict[str, list[RecordLine]] = {}
        for record in self.records:
            uri = (record.uri or "").lower()
            name = next((one for one in (*_VIEWS, *_TEXTS) if uri.startswith(one)), None)
            if name is not None:
                found.setdefault(name, []).append(record)
        return found


def _count_note(found: Sequence[RecordLine | ScannedRecord], urls: frozenset[str], printed: frozenset[str]) -> Note:
    """How many responses of a source a recording holds, and from when on; `found` are in the order of their dates.

    `urls` are the addresses that it was looked through for, `printed` those that the report prints.
    """
    if not found:
        return note("recording-lacks")
    if all(is_error(one.http_status) for one in found):
        return note("recording-error", n=len(found), when=found[0].date, status=found[0].http_status or 0)
    expected = urls if urls & printed else printed  # another reading than the printed one is named
    others = dict.fromkeys(one.uri for one in found if one.uri and one.uri not in expected)
    if others:
        return note("recording-holds-under", n=len(found), when=found[0].date, detail=", ".join(list(others)[:3]))
    return note("recording-holds", n=len(found), when=found[0].date)


def responses_notes(
    found: Sequence[RecordLine | ScannedRecord], urls: frozenset[str], printed: frozenset[str]
) -> Iterator[Note]:
    """What a recording holds of a source: how many responses, and whether the content of one is among them."""
    yield _count_note(found, urls, printed)
    missing = _content_note(found)
    if missing is not None:
        yield missing


def _content_note(found: Sequence[RecordLine | ScannedRecord]) -> Note | None:
    """Why none of these responses contains the whole content of what was requested; None where one may.

    A revisit refers to content that was recorded before, elsewhere perhaps. (WARC 1.1, section 6.7)
    """
    reasons = [_without_content(one) for one in found if not is_error(one.http_status)]
    if not reasons or None in reasons:
        return None
    return note("recording-no-content", codes=", ".join(dict.fromkeys(filter(None, reasons))))


def _without_content(record: RecordLine | ScannedRecord) -> str | None:
    if record.type == "revisit":
        return "revisit"
    return "truncated" if record.truncated is not None else None


def is_recording(name: str) -> bool:
    """True for a file whose name says that it is a WARC or a WACZ."""
    return name.lower().endswith(RECORDING_SUFFIXES)


def is_recording_file(path: Path) -> bool:
    """True for a file that is named as a recording; one that ends in `.gz` alone has to begin as a WARC. `OSError`."""
    name = path.name.lower()
    if not is_recording(name) or name.endswith((".warc", ".warc.gz", SUFFIX)):
        return is_recording(name)
    with path.open("rb") as file:
        return is_warc(file.read(HEAD), name)


def urls_of(cited: str, final_url: str | None = None) -> frozenset[str]:
    """A cited string, and the addresses that it is: under each a recording may hold the source."""
    found = {cited.strip(), *([final_url] if final_url else [])}
    for text in tuple(found):
        found |= set(_addresses_of(text))
    return frozenset(found)


def urls_of_copy(entry: SourceEntry, copy: Copy) -> frozenset[str]:
    """The addresses under which a supplied copy was looked for: of the reading that it is of, where that is stated."""
    is_as_printed = copy.url is None or copy.url == entry.cited
    return urls_of(entry.cited, entry.final_url) if is_as_printed else urls_of(copy.url or "")


def _addresses_of(text: str) -> Iterator[str]:
    """The address that a text is; of one that is printed without a scheme, the two that a browser would try."""
    has_scheme = _SCHEME.match(text) is not None
    for address in [text] if has_scheme else [f"https://{text}", f"http://{text}"]:
        with suppress(UrlError):
            yield parse(address).href


def read_recording(
    path: Path, anchors: Anchors | None = None, *, name: str | None = None, stretch: FileStretch | None = None
) -> Recording:
    """Read a recording: its records, and everything that is wrong with it as findings.

    `name` is what its records are said to lie in, the file's own where None; `stretch` is where it is, if it is
    within the file at `path`. Raises `OSError`.
    """
    recording = Recording(path)
    for line, _ in _lines(recording, name or path.name, anchors, stretch):
        recording.add(line)
    return recording


def recording_of(name: str, stretch: FileStretch, reports: Mapping[BagPath, WarcReport]) -> Recording:
    """A recording whose WARCs were read already, for looking at its records where they are."""
    recording = Recording(stretch.place)
    places: dict[BagPath, FileStretch | None] = {BagPath(name): stretch}
    stated = set[str]()
    if name.lower().endswith(SUFFIX):
        wacz = WaczFile(stretch.place, stretch)
        places = {BagPath(entry.path): wacz.stretch_of(entry) for entry in wacz.warcs()}
        stated |= set(_conditions_of_package(wacz))
    for path, report in reports.items():
        stated |= set(_conditions(stretch.place, report, places.get(path)))
        for line, _ in _of_report(report, name, places.get(path)):
            recording.add(line)
    recording.conditions = _in_order(stated)
    return recording


def _in_order(stated: set[str]) -> tuple[str, ...]:
    return tuple(condition for condition in DOUBTFUL if condition in stated)


def _lines(
    recording: Recording, name: str, anchors: Anchors | None, stretch: FileStretch | None
) -> Iterator[tuple[RecordLine, ScannedRecord]]:
    path = recording.path
    if name.lower().endswith(SUFFIX):
        wacz = WaczFile(path, stretch)
        recording.check = check = check_wacz(wacz, anchors)
        recording.findings = check.findings
        recording.pages = tuple(_pages(wacz))
        stated = set(_conditions_of_package(wacz))
        for entry in wacz.warcs():
            report = check.reports.get(BagPath(entry.path))
            stretch = wacz.stretch_of(entry)
            if report is not None:
                stated.update(_conditions(path, report, stretch))
                yield from _of_report(report, name, stretch)
        recording.conditions = _in_order(stated)
        return
    report = _scanned(path, name, stretch)
    recording.findings = check_warc(ControlFiles(contents={}, sizes={}), {report.path: report})
    stretch = stretch or FileStretch(path, 0, report.size)
    recording.conditions = _conditions(path, report, stretch)
    yield from _of_report(report, name, stretch)


def _conditions_of_package(wacz: WaczFile) -> tuple[str, ...]:
    """The conditions that the description of a WACZ of this program states beside those of its WARCs."""
    try:
        return conditions_in(wacz.text("datapackage.json") or b"")
    except (Broken, BagUnreadable):
        return ()  # reported by whoever reads all files


def _conditions(path: Path, report: WarcReport, stretch: FileStretch | None) -> tuple[str, ...]:
    """The conditions under which captures can be false, as a warcinfo of this program states them."""
    first = next((record for record in report.records() if record.type == "warcinfo"), None)
    if first is None or stretch is None:
        return ()
    block = _block_at(path, first.offset + stretch.start, first.length)
    stated = object_in(fields_of(block or b""), CONDITIONS) or {}
    return tuple(name for name in DOUBTFUL if stated.get(name))


def _scanned(path: Path, name: str, stretch: FileStretch | None) -> WarcReport:
    scan = WarcScan(BagPath(name))
    with path.open("rb") as file:
        file.seek(stretch.start if stretch else 0)
        left = stretch.size if stretch else path.stat().st_size
        while left > 0 and (chunk := file.read(min(_PIECE, left))):
            scan.feed(chunk)
            left -= len(chunk)
    return scan.close()


def _of_report(
    report: WarcReport, name: str, stretch: FileStretch | None
) -> Iterator[tuple[RecordLine, ScannedRecord]]:
    for record in report.records():
        if record.type not in ("response", "revisit", "resource", "conversion"):
            continue
        line = RecordLine(
            file=name,
            offset=record.offset + (stretch.start if stretch else 0),
            length=record.length if stretch else 0,
            sha256="",
            id=record.id,
            type=record.type,
            uri=record.uri,
            date=record.date,
            http_status=record.http_status,
            mime=record.mime or record.content_type,
            truncated=record.truncated,
        )
        yield line, record


def _pages(wacz: WaczFile) -> Iterator[RecordedPage]:
    """The pages that a WACZ lists; what is not of that form is passed over."""
    files = wacz.files()
    for name in _PAGES:
        entry = files.get(name)
        if entry is not None and entry.size <= _MOST_PAGES:
            yield from _pages_of(wacz, entry)


def _pages_of(wacz: WaczFile, entry: Entry) -> Iterator[RecordedPage]:
    try:
        text = b"".join(wacz.reader().chunks(entry))
    except Broken:
        return  # reported by whoever reads all files
    for line in text.splitlines():
        try:
            stated = json.loads(line)
        except (ValueError, RecursionError):
            continue
        if isinstance(stated, dict) and isinstance(stated.get("url"), str):
            said = {key: value for key in ("ts", "title", "text") if isinstance(value := stated.get(key), str)}
            yield RecordedPage(stated["url"], said.get("ts"), said.get("title"), said.get("text"))


def _block(path: Path, record: RecordLine) -> bytes | None:
    return _block_at(path, record.offset, record.length)


def _block_at(path: Path, offset: int, length: int) -> bytes | None:
    try:
        with path.open("rb") as stream:
            stored = read_record_at(cast(BinaryIO, stream), offset, length, name=path.name)
            return b"".join(stored.block()) if stored.size <= _LARGEST else None
    except (OSError, WarcError):
        return None


def bare_address(url: str) -> str:
    """An address without its fragment."""
    return url.strip().partition("#")[0]


def key_of_address(url: str) -> str | None:
    """The same for all addresses that differ in scheme, `www.` or tracking alone; None for what is no web address."""
    try:
        parsed = parse(url.strip())
        return dedup_key(parsed) if parsed.is_web else None
    except (UrlError, ValueError):
        return None
