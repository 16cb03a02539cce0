"""The report in the bag is read again: its text, its sources and every citation are compared in both directions."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterable, Iterator
from itertools import zip_longest
from typing import BinaryIO, cast

from msgspec import Struct
from msgspec.structs import replace

from archive.bag.interface import Broken
from archive.cite import CitedReport, read_report_stream, source_manifest
from archive.errors import ArchiveError, ReportUnreadable
from archive.verify.files.control_files import ControlFiles
from archive.verify.files.read_again import ReadAt
from archive.verify.records.by_version import read_otherwise
from archive.verify.records.generated import made_by_another
from archive_manifests import layout
from archive_manifests.errors import StatementError
from archive_manifests.finding_codes import make_finding
from archive_manifests.findings import Finding
from archive_manifests.ledger import Ledger, SourceEntry
from archive_manifests.paths import BagPath
from archive_manifests.plain_text import plain_reason
from archive_manifests.shown import shown_pair
from archive_manifests.source_toml import from_toml
from archive_manifests.sources import Citation, PassedOver, Report, Source, SourceManifest, source_id

LEDGER = BagPath(layout.LEDGER)
TEXT = BagPath(layout.REPORT_TEXT)
MANIFEST = BagPath(layout.SOURCE_MANIFEST)
_SHOWN = 160
_VERSION = re.compile(r"[0-9]+(?:\.[0-9a-z]+)+")
"""The version of a library in the name of what read a report."""


def read_manifest(control: ControlFiles) -> SourceManifest | None:
    """The source manifest in the bag; None where there is none, or it cannot be read."""
    data = control.read(MANIFEST)
    try:
        return from_toml(data.decode("utf-8")) if data is not None else None
    except (StatementError, UnicodeDecodeError):
        return None


def check_manifest(control: ControlFiles, ledger: Ledger, manifest: SourceManifest | None) -> Iterator[Finding]:
    """The ledger has the sources of the source manifest, in its order, and what it says of them."""
    if manifest is None:
        if control.holds(MANIFEST) and MANIFEST not in control.too_large:
            yield make_finding("manifest-contradicted", MANIFEST, expected="a source manifest", found="none")
        elif not control.holds(MANIFEST):
            yield make_finding("report-missing", MANIFEST)
        return
    stated = {source.cited: source for source in manifest.sources}
    for entry in ledger.sources:
        source = stated.pop(entry.cited, None)
        if source is None:
            yield _of_manifest(entry.id, entry.cited, "not in the source manifest")
        elif not _says_the_same(source, entry):
            yield _of_manifest(entry.id, entry.cited, "other citations, or another mark")
    for cited in stated:
        yield make_finding("manifest-contradicted", MANIFEST, expected=f"a source {cited}"[:_SHOWN], found="none")
    if manifest.report != ledger.report.stated:
        facts = shown_pair(manifest.report, ledger.report.stated)
        yield make_finding("manifest-contradicted", MANIFEST, **facts, note="the report")
    order = [source.cited for source in manifest.sources]
    if not stated and order != [entry.cited for entry in ledger.sources]:
        yield make_finding("manifest-contradicted", MANIFEST, expected="the order of the ledger", found="another")


def _says_the_same(source: Source, entry: SourceEntry) -> bool:
    """True where the ledger has the citations of the source manifest, in which no offsets stand, and its mark."""
    citations = tuple(citation.without_offset() for citation in entry.citations)
    return (source.without_offsets().citations, source.graphic) == (citations, entry.graphic)


def _of_manifest(source: str, cited: str, found: str) -> Finding:
    return make_finding("manifest-contradicted", MANIFEST, expected=cited[:_SHOWN], found=found, source=source)


class ReportClaims(Struct, frozen=True):
    """What is known of the report before its file is read again."""

    manifest: SourceManifest | None
    is_manifest_recorded: bool
    """True where the WARCs of the captures have the digest of the source manifest that is there."""
    extractor: object
    """What read the report when the bag was made."""


def check_report_again(
    control: ControlFiles, ledger: Ledger, read_at: ReadAt, claims: ReportClaims
) -> Iterator[Finding]:
    """Read the report, and compare its text, its sources and their citations."""
    path = ledger.report.path
    if path is None or not control.holds(path):
        return
    try:
        cited = _read(control, ledger, read_at)
    except (Broken, ReportUnreadable, OSError) as error:
        note = error.note if isinstance(error, Broken) else plain_reason(error)
        yield make_finding("report-unread", BagPath(path), note=note[:300])
        return
    found = list(_compared(control, ledger, cited, claims))
    extractor = claims.extractor
    if not _explains(control, extractor, cited):
        yield from found
        return
    for finding in found:
        note = f"{finding.code}: read by {extractor} then, by {cited.extractor} here"
        facts = {"expected": finding.expected, "found": finding.found, "source": finding.source, "note": note}
        yield make_finding("read-otherwise", finding.path, **facts)


def _explains(control: ControlFiles, extractor: object, cited: CitedReport) -> bool:
    """True where the report was read by another version of what reads it here, which gave another text.

    From the same text the same citations follow, whatever gave it; and what reads plain text has no versions.
    """
    if not isinstance(extractor, str) or extractor == cited.extractor:
        return False
    is_other_version = _VERSION.sub("", extractor) == _VERSION.sub("", cited.extractor)
    return is_other_version and control.read(TEXT) != cited.text.encode()


def _read(control: ControlFiles, ledger: Ledger, read_at: ReadAt) -> CitedReport:
    path = ledger.report.path
    assert path is not None
    stream = cast(BinaryIO, io.BufferedReader(_Chunks(read_at(path, 0))))
    try:
        return read_report_stream(stream, ledger.report.name or path.rpartition("/")[2])
    except ArchiveError as error:
        raise ReportUnreadable(str(error)) from error


class _Chunks(io.RawIOBase):
    """The bytes of a file of the bag, front to back."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks = chunks
        self._rest = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: object) -> int:
        view = memoryview(buffer).cast("B")  # type: ignore[arg-type]
        while not self._rest:
            piece = next(self._chunks, None)
            if piece is None:
                return 0
            self._rest = piece
        count = min(len(view), len(self._rest))
        view[:count] = self._rest[:count]
        self._rest = self._rest[count:]
        return count


def _compared(control: ControlFiles, ledger: Ledger, cited: CitedReport, claims: ReportClaims) -> Iterator[Finding]:
    text = control.read(TEXT)
    if text is not None and text != cited.text.encode():
        yield _first_other_line(cited.text, text.decode("utf-8", "replace"))
    expected, made_by = _as_read(cited, ledger, claims), made_by_another(control)
    if expected != ledger.report.stated or cited.pages != ledger.report.pages:
        facts = shown_pair(replace(ledger.report, stated=expected, pages=cited.pages), ledger.report)
        yield make_finding("report-altered", LEDGER, **facts)
    stated = {entry.cited: entry for entry in ledger.sources}
    for index, source in enumerate(cited.sources):
        entry = stated.pop(source.cited, None)
        if entry is None:
            yield _unlisted(ledger, source_id(index), source.cited, source.citations)
        elif entry.citations != source.citations:
            is_worded = _without_words(entry.citations) == _without_words(source.citations)
            yield _explained(_other_citations(entry, source.citations), made_by if is_worded else None)
    for entry in stated.values():
        if entry.citations and all(citation.found_by == "person" for citation in entry.citations):
            continue  # a person added it, and the ledger says so
        facts = {"expected": "not cited by the report", "found": entry.cited[:_SHOWN], "source": entry.id}
        yield make_finding("citation-invented", LEDGER, **facts)
    again = source_manifest(cited)
    if claims.manifest is not None and not _states(claims.manifest, again, _citing):
        differs = {"expected": "what the report cites", "found": "something else"}
        is_worded = _states(claims.manifest, again, _citing_without_words)
        yield _explained(make_finding("manifest-contradicted", MANIFEST, **differs), made_by if is_worded else None)
    if ledger.passed_over != again.passed_over:
        facts = {"expected": _named(again.passed_over), "found": _named(ledger.passed_over)}
        yield make_finding("citation-contradicted", LEDGER, **facts, note="passed_over")


def _named(passed: Iterable[PassedOver]) -> str:
    """Passages that were not taken for a source, each with its kind."""
    return ", ".join(f"{each.target} ({each.kind})" for each in passed)[:_SHOWN] or "none"


def _as_read(cited: CitedReport, ledger: Ledger, claims: ReportClaims) -> Report:
    """The report as a person named it in the source manifest, else as it was read; its digest is that of the file.

    Its round is that of the capture, or none.
    """
    stated = ledger.report.stated
    round_text = ledger.conditions.round if stated.round is not None else None
    named = claims.manifest.report if claims.manifest is not None and claims.is_manifest_recorded else cited.report
    digest = cited.report.sha256
    return replace(named, sha256=digest, access=stated.access, published=stated.published, round=round_text)


def _explained(finding: Finding, made_by: str | None) -> Finding:
    """The finding, as a warning where the other version that made the bag may have read the words otherwise."""
    return finding if made_by is None else read_otherwise(finding, made_by)


def _without_words(citations: Iterable[Citation]) -> list[Citation]:
    """Citations without the words round them: how many of them are shown is the reader's choice."""
    return [replace(citation, context=None) for citation in citations]


def _states(manifest: SourceManifest, again: SourceManifest, citing: Callable[[Source], object]) -> bool:
    """True where the source manifest states what the report cites; offsets stand in the ledger alone.

    What a person decided is theirs to state: which reading is right, what is left out or added, what is sensitive.
    """
    known = {source.cited for source in again.sources}
    stated = [citing(source) for source in manifest.sources if source.cited in known]
    return (stated, manifest.passed_over) == ([*map(citing, again.sources)], again.passed_over)


def _citing(source: Source) -> tuple[object, ...]:
    """What a source manifest states of the report itself."""
    return source.cited, source.without_offsets().citations, source.candidates, source.doubts


def _citing_without_words(source: Source) -> tuple[object, ...]:
    return _citing(replace(source, citations=tuple(_without_words(source.citations))))


def _first_other_line(expected: str, found: str) -> Finding:
    lines, others = expected.split("\n"), found.split("\n")
    pairs = enumerate(zip_longest(lines, others))
    number, (line, other) = next(pair for pair in pairs if pair[1][0] != pair[1][1])
    facts = {"expected": (line or "")[:_SHOWN], "found": (other or "")[:_SHOWN]}
    return make_finding("text-contradicted", TEXT, line=number + 1, **facts)


def _unlisted(ledger: Ledger, source: str, cited: str, citations: tuple[Citation, ...]) -> Finding:
    """What the report cites and the ledger does not list, under the id that it would have."""
    line = citations[0].line if citations else None
    known = {entry.id for entry in ledger.sources}
    note = None if source in known else "no source of the ledger stands in its place"
    facts = {"expected": cited[:_SHOWN], "found": "not listed", "source": source}
    return make_finding("citation-unlisted", LEDGER, **facts, line=line, note=note)


def _other_citations(entry: SourceEntry, citations: tuple[Citation, ...]) -> Finding:
    pairs = zip(citations, entry.citations, strict=False)
    first = next((pair for pair in pairs if pair[0] != pair[1]), None)
    expected, found = first or (f"{len(citations)} citations", f"{len(entry.citations)} citations")
    facts = shown_pair(expected, found) | {"source": entry.id}
    return make_finding("citation-contradicted", LEDGER, **facts)
