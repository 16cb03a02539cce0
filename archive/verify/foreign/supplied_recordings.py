"""Checks the recordings in a bag: every WACZ, those damaged on arrival, and what was extracted from them."""

from __future__ import annotations

import hashlib
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import TYPE_CHECKING

from msgspec.structs import replace

from archive.bag.interface import Bag, Entry
from archive.bag.manifest_table import ManifestTable
from archive.bag.temporary_copies import TemporaryCopies
from archive.verify.files.control_files import DAMAGED, ControlFiles, is_supplied
from archive_manifests import layout
from archive_manifests.finding_codes import make_finding
from archive_manifests.findings import Finding, Severity
from archive_manifests.paths import BagPath

if TYPE_CHECKING:
    from archive.verify.foreign.recordings import Recording
    from archive.warc.report import WarcReport
    from archive_manifests.ledger import Copy, SourceEntry
    from archive_manifests.notes import Note

    Recorded = dict[BagPath, dict[BagPath, WarcReport]]
    """What reading the WARCs of each WACZ found, by the WACZ's path."""

LEDGER = BagPath(layout.LEDGER)
VIEW, TEXT = "-view.", "-text.txt"
"""What the names of extracted files have behind the recording's stem: a screenshot, and the text of the page."""

_BLOCK = 4096
_SHOWN = 160


def check_recordings(
    bag: Bag,
    table: ManifestTable,
    control: ControlFiles,
    altered: Container[BagPath] = (),
    *,
    is_strict: bool = False,
) -> tuple[list[Finding], Recorded]:
    """Everything that is wrong with the recordings in a bag, and what reading each WACZ found.

    Of a WARC, what `check_warc` does not report. `altered` are files that differ from what the manifests state.
    """
    recorded: Recorded = {}
    paths = _perhaps_of_recordings(table.row_of)
    findings = [
        make_finding("recording-damaged", BagPath(path))
        for path in paths
        if path.endswith(DAMAGED) and control.is_ours and is_supplied(BagPath(path))
    ]
    names = [path for path in paths if path.lower().endswith(layout.WACZ_SUFFIX)]
    if names:
        from archive.verify.foreign.wacz import check_in_bag

        about, recorded = check_in_bag(bag, table, names, altered, is_strict=is_strict)
        findings += about
    if control.is_ours and any(VIEW in path or path.endswith(TEXT) for path in paths):
        findings += _check_extracted(bag, table, control, altered)
    return findings, recorded


def _perhaps_of_recordings(paths: Iterable[str]) -> list[str]:
    """The paths that a closer look decides about; blocks of them without any mark are passed over at once."""
    waiting, found = iter(paths), list[str]()
    while block := list(islice(waiting, _BLOCK)):
        text = "\0".join(block).lower()
        if any(mark in text for mark in (DAMAGED, layout.WACZ_SUFFIX, VIEW, TEXT)):
            found += block
    return found


def _check_extracted(
    bag: Bag, table: ManifestTable, control: ControlFiles, altered: Container[BagPath]
) -> Iterator[Finding]:
    """Each screenshot and text that was extracted of a recording, extracted again."""
    from archive.verify.foreign.recordings import is_recording

    ledger = control.ledger
    wanted = [
        (entry, copy, [path for path in copy.files[1:] if VIEW in path or path.endswith(TEXT)])
        for entry in (ledger.sources if ledger else ())
        for copy in entry.copies
        if copy.kind == "supplied" and copy.files and is_recording(copy.files[0])
    ]
    places = {copy.files[0] for _, copy, extracted in wanted if extracted and BagPath(copy.files[0]) not in altered}
    entries = {entry.path: entry for entry in bag.payload_entries() if entry.path in places}
    read: dict[str, Recording | None] = {}
    with TemporaryCopies() as spool:
        for source, copy, extracted in wanted:
            path = copy.files[0]
            if extracted and path in entries:
                if path not in read:
                    read[path] = _read(bag, entries[path], spool)
                yield from _compare(table, source, copy, read[path], extracted)


def _read(bag: Bag, entry: Entry, spool: TemporaryCopies) -> Recording | None:
    """The recording; None where it is compressed in the package and too large, which is reported."""
    from archive.verify.foreign.recordings import read_recording

    try:
        stretch = spool.stretch_of(bag, entry)
        if stretch is None:
            return None
        return read_recording(stretch.place, name=entry.path, stretch=stretch)
    except OSError:
        return None  # reported where files are read


def check_judged(
    bag: Bag,
    control: ControlFiles,
    reports: Mapping[BagPath, WarcReport],
    recorded: Recorded,
    damaged: Container[str] = (),
) -> Iterator[Finding]:
    """The notes on what each supplied recording holds for its source, judged again, and on its conditions, read again.

    What is judged, another version may judge otherwise. Of `damaged` ones, which could not be read whole, nothing is.
    """
    from archive.verify.foreign.recorded_pages import CODE, REDIRECT, judged_note
    from archive.verify.foreign.recordings import is_recording, recording_of, urls_of_copy
    from archive.verify.records.by_version import by_version
    from archive.verify.records.generated import made_by_another

    supplied = [
        (entry, copy)
        for entry in (control.ledger.sources if control.ledger else ())
        for copy in entry.copies
        if copy.kind == "supplied" and copy.files and is_recording(copy.files[0])
    ]
    places = {copy.files[0] for _, copy in supplied if copy.files[0] not in damaged}
    entries = {entry.path: entry for entry in bag.payload_entries() if entry.path in places}
    read: dict[str, Recording | None] = {}
    with TemporaryCopies() as spool:
        for source, copy in supplied:
            path = copy.files[0]
            if path not in entries:
                continue
            if path not in read:
                stretch = spool.stretch_of(bag, entries[path])
                place = BagPath(path)
                found = {place: reports[place]} if place in reports else recorded.get(place, {})
                read[path] = recording_of(path, stretch, found) if stretch is not None else None
            recording = read[path]
            if recording is None:
                continue
            yield from _check_conditions(control, source, copy, recording)
            ways = [urls_of_copy(one, copy) for one in (source, replace(source, final_url=None))]
            expected = [judged_note(recording, urls) for urls in ways]
            stated = next((note for note in copy.notes if note.code in (CODE, REDIRECT)), None)
            if stated not in expected:
                from archive.verify.records.generated import may_be_of_earlier

                texts = {"expected": _said(expected[0]), "found": _said(stated)}
                found_wrong = make_finding("note-contradicted", LEDGER, **texts, source=source.id, note=path)
                # Earlier versions had no such note.
                is_new = stated is None and expected[0] is not None and expected[0].code == REDIRECT
                is_tolerated = is_new and may_be_of_earlier(control)
                found_wrong = replace(found_wrong, severity=Severity.WARNING) if is_tolerated else found_wrong
                yield from by_version([found_wrong], made_by_another(control))


def _check_conditions(
    control: ControlFiles, source: SourceEntry, copy: Copy, recording: Recording
) -> Iterator[Finding]:
    """The conditions that a recording of this program states of its captures, read in it again."""
    noted = [str(one.facts.get("codes")) for one in copy.notes if one.code == "recording-conditions"]
    expected = [", ".join(recording.conditions)] if recording.conditions else []
    if noted == expected:
        return
    from archive.verify.records.generated import may_be_of_earlier

    texts = {"expected": "; ".join(expected) or "no condition", "found": "; ".join(noted) or "no condition"}
    found = make_finding("note-contradicted", LEDGER, **texts, source=source.id, note=copy.files[0])
    is_tolerated = not noted and may_be_of_earlier(control)  # earlier versions had no such note
    yield replace(found, severity=Severity.WARNING) if is_tolerated else found


def check_saved_pages(bag: Bag, control: ControlFiles, damaged: Container[str] = ()) -> Iterator[Finding]:
    """What the ledger states of which address a supplied page says it is of, read in each page that is not damaged."""
    from archive.verify.foreign.recordings import urls_of_copy
    from archive.verify.foreign.saved_page import CODES, READ, SUFFIXES, page_notes, saved_as
    from archive.verify.records.generated import may_be_of_earlier

    supplied = [
        (entry, copy)
        for entry in (control.ledger.sources if control.ledger else ())
        for copy in entry.copies
        if copy.kind == "supplied" and copy.files and copy.files[0].endswith(SUFFIXES)
    ]
    places = {copy.files[0] for _, copy in supplied if copy.files[0] not in damaged}
    entries = {entry.path: entry for entry in bag.payload_entries() if entry.path in places} if supplied else {}
    with TemporaryCopies() as spool:
        for source, copy in supplied:
            path = copy.files[0]
            stretch = spool.stretch_of(bag, entries[path]) if path in entries else None
            if stretch is None:
                continue
            with stretch.place.open("rb") as file:
                file.seek(stretch.start)
                saved = saved_as(file.read(min(READ, stretch.size)), f".{path.rpartition('.')[2]}")
            ways = [urls_of_copy(one, copy) for one in (source, replace(source, final_url=None))]
            expected = [[*page_notes(saved, urls)] for urls in ways]
            stated = [one for one in copy.notes if one.code in CODES]
            if stated not in expected:
                texts = {"expected": _all_said(expected[0]), "found": _all_said(stated)}
                found = make_finding("note-contradicted", LEDGER, **texts, source=source.id, note=path)
                yield replace(found, severity=Severity.WARNING) if may_be_of_earlier(control) else found


def _all_said(stated: Sequence[Note]) -> str:
    return "; ".join(map(_said, stated))[:_SHOWN] or "no such note"


def _said(stated: Note | None) -> str:
    if stated is None:
        return "no such note"
    from archive.words.notes import describe_stated  # late: few bags have recordings

    return describe_stated(stated)


def _compare(
    table: ManifestTable, source: SourceEntry, copy: Copy, recording: Recording | None, extracted: Sequence[str]
) -> Iterator[Finding]:
    if recording is None or "sha256" not in table.algorithms:
        return
    from archive.verify.foreign.recordings import urls_of_copy

    urls = urls_of_copy(source, copy)
    for path in extracted:
        row = table.row_of.get(path)
        text = recording.text(urls)
        content = recording.view(urls) if VIEW in path else text.encode("utf-8", "replace") if text else None
        found = hashlib.sha256(content).hexdigest() if content is not None else "nothing"
        stated = table.digest(table.column("sha256"), row).hex() if row is not None else found
        if stated != found:
            facts = {"expected": f"sha256:{found}", "found": f"sha256:{stated}", "source": source.id}
            yield make_finding("extract-differs", BagPath(path), **facts)
