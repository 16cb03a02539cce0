"""Each WARC of ours is as the writer writes it: its name, where one ends and the next begins, and its first record.

One series of files for each source, `s01.warc.gz`, then `s01-002.warc.gz` once a file is full; what several sources
need is in the series of the one that requested it first. (WARC 1.1, section 6.2 and Annex C)
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from msgspec import Struct
from msgspec.structs import replace

from archive.capture.warcinfo import CONFORMS_TO, DESCRIPTION, FORMAT, is_as_written
from archive.verify.records.generated import is_written_since
from archive.verify.records.stated_moments import moment_of
from archive.verify.records.stored_records import StoredRecords, Warcinfo
from archive.verify.statements.coverage_records import series_of
from archive.verify.statements.events import carried_over
from archive.verify.visits.evidence import Evidence
from archive.warc.report import WarcReport
from archive.warc.writer import ROLL_AT, file_name
from archive_manifests.finding_codes import make_finding
from archive_manifests.findings import Finding
from archive_manifests.ledger import Ledger, records_of
from archive_manifests.paths import BagPath
from archive_manifests.shown import shown_pair

_SINCE = (0, 6)
"""The version since which WARCs are written as they are now."""
_DATED_SINCE = (0, 7)
"""The version since which a warcinfo has the date of the record behind it, whatever that is."""


class _Written(Struct, frozen=True):
    """A WARC that a known version wrote."""

    path: BagPath
    report: WarcReport
    about: Warcinfo
    date: str
    """Of its warcinfo."""
    is_carried: bool
    """Whether it is of the older bag."""


def check_written(
    ledger: Ledger,
    evidence: Evidence,
    reports: Mapping[BagPath, WarcReport],
    records: StoredRecords,
    *,
    was_stopped: bool,
) -> Iterator[Finding]:
    """Compare each WARC with how this version and those since 0.6.0 write it. Raises `Broken`.

    What a run that was stopped had written is no exchange of any source.
    """
    carried = carried_over(ledger, evidence, moment_of(ledger.started))
    written = {
        path: _Written(path, reports[path], about, evidence.places[name].record.date, path in carried)
        for path, name in sorted(evidence.warcinfo_of.items())
        if path.text not in evidence.lost.files
        and is_written_since((about := records.described(name)).fields.get("software", ""), _SINCE)
    }
    sources = {entry.id for entry in ledger.sources}
    for each in written.values():
        yield from _check_first(each, ledger, evidence.opening_dates.get(each.path))
        yield from _check_name(each, sources)
        yield from _check_place(each, evidence, written)
    if not was_stopped:
        own = frozenset(each.path for each in written.values() if not each.is_carried)
        yield from _check_requested(ledger, evidence, own)


def _check_first(warc: _Written, ledger: Ledger, opened: str | None) -> Iterator[Finding]:
    """The warcinfo has our fields and no others, and is of this file; its date is that of the record behind it.

    `opened` is that date; None where there is no other record.
    """
    path, about, software = warc.path, warc.about, warc.about.fields.get("software", "")
    if about.names is None or not is_as_written(about.names):
        found = ", ".join(about.names) if about.names is not None else "other lines"
        yield _differs(path, "our fields, each once and in their order", found, "fields")
    expected = {"format": FORMAT, "conformsTo": CONFORMS_TO, "description": DESCRIPTION}
    if not warc.is_carried:
        expected["isPartOf"] = ledger.report.stated.id
    for name, value in expected.items():
        if about.fields.get(name) != value:
            yield _differs(path, value, about.fields.get(name), name)
    name = path.text.rpartition("/")[2]
    if about.filename != name:
        yield _differs(path, name, about.filename, "WARC-Filename")
    if opened is not None and is_written_since(software, _DATED_SINCE) and warc.date != opened:
        yield _differs(path, opened, warc.date, "WARC-Date")


def _check_name(warc: _Written, sources: set[str]) -> Iterator[Finding]:
    """A file is named after its source and its number in the series, is compressed, and holds something."""
    series, number = series_of(warc.path), _number(warc.path)
    if file_name(series, number) != warc.path.text or (series not in sources and not warc.is_carried):
        yield _layout(warc.path, "a name of the WARCs of a source", "another name")
    if not warc.report.is_gzip:
        yield _layout(warc.path, "a gzip member for each record", "no gzip")
    if warc.report.count == 1 and not warc.report.faults:
        yield _layout(warc.path, "a record behind the warcinfo", "none")


def _number(path: BagPath) -> int:
    """The number of a file in its series: 2 of `s01-002.warc.gz`."""
    stated = path.text.rpartition("/")[2].partition(".")[0].partition("-")[2]
    return int(stated) if stated.isascii() and stated.isdigit() and len(stated) < 10 else 1


def _check_place(warc: _Written, evidence: Evidence, written: Mapping[BagPath, _Written]) -> Iterator[Finding]:
    """The next file of a series begins where one is full, or where one of an older bag stays as it is."""
    number = _number(warc.path)
    if number == 1:
        return
    path = BagPath(file_name(series_of(warc.path), number - 1))
    before = written.get(path)
    if before is not None and not before.is_carried and before.report.size < ROLL_AT:
        yield _layout(warc.path, f"{path} of {ROLL_AT:,} bytes before it", f"{before.report.size:,} bytes")
    elif path not in evidence.warcinfo_of and path.text not in evidence.lost.files:
        yield _layout(warc.path, f"{path} before it", "none")


def _check_requested(ledger: Ledger, evidence: Evidence, own: frozenset[BagPath]) -> Iterator[Finding]:
    """What is in the WARC of a source, that source names: it requested it first, whoever else needs it."""
    left = {name: place.path for name, place in evidence.places.items() if name in evidence.records}
    of_series = {path: series_of(path) for path in evidence.warcinfo_of}
    for entry in ledger.sources:
        for name in records_of(entry):
            if (path := left.get(name)) is not None and of_series.get(path) == entry.id:
                del left[name]
    first: dict[BagPath, tuple[Finding, int]] = {}
    for name, path in left.items():
        if path in own:
            found, count = first.get(path) or (_requested_by_another(path, name, evidence), 0)
            first[path] = found, count + 1
    yield from (replace(found, note=f"{count:,} records") for found, count in first.values())


def _requested_by_another(path: BagPath, name: str, evidence: Evidence) -> Finding:
    uri = evidence.records[name].uri
    return _layout(path, f"exchanges of {series_of(path)}", f"one that it does not name: {uri or name}", record=name)


def _layout(path: BagPath, expected: str, found: str, record: str | None = None) -> Finding:
    return make_finding("warc-layout", path, expected=expected[:160], found=found[:160], record=record)


def _differs(path: BagPath, expected: object, found: object, note: str) -> Finding:
    return make_finding("warcinfo-contradicted", path, **shown_pair(expected, found), note=note)
