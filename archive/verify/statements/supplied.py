"""What the ledger says of the recordings that people supplied, compared with what reading them found."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping

from msgspec import Struct
from msgspec.structs import replace

from archive.verify.files.control_files import DAMAGED, ControlFiles
from archive.verify.foreign.recordings import (
    bare_address,
    is_recording,
    key_of_address,
    responses_notes,
    urls_of,
    urls_of_copy,
)
from archive.verify.records.by_version import by_version
from archive.verify.records.generated import made_by_another
from archive.warc.report import ScannedRecord, WarcReport
from archive.words.notes import describe, describe_stated
from archive_manifests import layout
from archive_manifests.finding_codes import make_finding
from archive_manifests.findings import Finding
from archive_manifests.ledger import Copy, Ledger, SourceEntry
from archive_manifests.notes import Note
from archive_manifests.paths import BagPath

LEDGER = BagPath(layout.LEDGER)
_NO_CONTENT = "recording-no-content"
_OF_RESPONSES = frozenset(
    {"recording-lacks", "recording-error", "recording-holds", "recording-holds-under", _NO_CONTENT}
)
"""Codes of the notes that say how many responses for a source a recording holds, and whether one is whole."""
_TYPES = ("response", "revisit", "resource", "conversion")
_SHOWN = 160


class _Supplied(Struct, frozen=True):
    """One recording that a source has."""

    entry: SourceEntry
    copy: Copy

    @property
    def addresses(self) -> list[frozenset[str]]:
        """Under which addresses it was looked through: where the capture ended may have been known, or not yet."""
        before = replace(self.entry, final_url=None)
        return [urls_of_copy(self.entry, self.copy), urls_of_copy(before, self.copy)]


def check_supplied_notes(
    control: ControlFiles,
    reports: Mapping[BagPath, WarcReport],
    recorded: Mapping[BagPath, Mapping[BagPath, WarcReport]],
    damaged: Container[str] = (),
) -> Iterator[Finding]:
    """Each supplied recording holds as many responses for its source, from as early on, as its copy says.

    `reports` are of the WARCs of the bag, `recorded` of those in each WACZ; `damaged` ones could not be read whole.
    """
    by_path: dict[str, list[_Supplied]] = {}
    for entry in control.ledger.sources if control.ledger is not None else ():
        for copy in entry.copies:
            if copy.kind == "supplied" and copy.files and is_recording(copy.files[0]) and copy.files[0] not in damaged:
                by_path.setdefault(copy.files[0], []).append(_Supplied(entry, copy))
    for path, supplied in sorted(by_path.items()):
        place = BagPath(path)
        found = [reports[place]] if place in reports else [*recorded.get(place, {}).values()]
        if found and not path.endswith(DAMAGED):
            yield from _check(control, found, supplied)


def unread_recordings(ledger: Ledger, damaged: Container[str]) -> Iterator[Finding]:
    """State once that what a damaged recording holds for its source was not looked for again."""
    for entry in ledger.sources:
        for path in dict.fromkeys(copy.files[0] for copy in entry.copies if copy.kind == "supplied" and copy.files):
            if path in damaged and is_recording(path):
                note = "what this recording holds for the source was not derived again"
                yield make_finding("source-unread", BagPath(path), source=entry.id, note=note)


def _check(control: ControlFiles, reports: list[WarcReport], supplied: list[_Supplied]) -> Iterator[Finding]:
    index = _Index({bare_address(url) for each in supplied for urls in each.addresses for url in urls})
    index.read(record for report in reports for record in report.records())
    for each in supplied:
        printed = urls_of(each.entry.cited)
        expected = [[*responses_notes(index.responses(urls), urls, printed)] for urls in each.addresses]
        stated = [note for note in each.copy.notes if note.code in _OF_RESPONSES]
        made_by = made_by_another(control)
        if stated in expected or (made_by is not None and stated in map(_as_before, expected)):
            continue
        said = "; ".join(describe_stated(note) for note in stated) or "no such note"
        texts = {"expected": "; ".join(map(describe, expected[0]))[:_SHOWN], "found": said[:_SHOWN]}
        found = make_finding("note-contradicted", LEDGER, **texts, source=each.entry.id, note=each.copy.files[0])
        # What is counted, and when the first was recorded, no version counts otherwise.
        is_counted = _as_before(stated) in map(_as_before, expected)
        yield from by_version([found], made_by if is_counted else None)


def _as_before(notes: list[Note]) -> list[Note]:
    """The notes that earlier versions wrote: none on whether a response is whole."""
    return [note for note in notes if note.code != _NO_CONTENT]


class _Index:
    """The records of one recording that are of some addresses: exactly, or but for scheme, `www.` and tracking."""

    def __init__(self, addresses: set[str]) -> None:
        self._addresses = addresses
        self._keys = {key for address in addresses if (key := key_of_address(address)) is not None}
        self._exact: dict[str, list[ScannedRecord]] = {}
        self._alike: dict[str, list[ScannedRecord]] = {}

    def read(self, records: Iterable[ScannedRecord]) -> None:
        for record in records:
            if record.uri is None or record.type not in _TYPES:
                continue
            address = bare_address(record.uri)
            if address in self._addresses:
                self._exact.setdefault(address, []).append(record)
            if record.uri.startswith("http") and (key := key_of_address(record.uri)) in self._keys and key is not None:
                self._alike.setdefault(key, []).append(record)

    def responses(self, urls: frozenset[str]) -> list[ScannedRecord]:
        wanted = dict.fromkeys(map(bare_address, urls))
        exact = [record for url in wanted for record in self._exact.get(url, ())]
        if exact:
            return sorted(exact, key=lambda record: record.date)
        keys = dict.fromkeys(key for url in wanted if (key := key_of_address(url)) is not None)
        return sorted((record for key in keys for record in self._alike.get(key, ())), key=lambda one: one.date)
