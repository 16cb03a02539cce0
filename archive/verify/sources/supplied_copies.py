"""What the ledger says of a file that a person supplied, as far as its kind and the source decide it.

What a recording or a saved page holds is read again elsewhere; who gave a file, how it was got and under which name is
a person's word.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from archive.verify.files.control_files import DAMAGED
from archive.verify.foreign.recordings import is_recording
from archive.verify.foreign.saved_page import CODES, SUFFIXES
from archive.words.notes import describe_stated
from archive_manifests import custody, layout
from archive_manifests.finding_codes import make_finding
from archive_manifests.findings import Finding
from archive_manifests.ledger import Copy, SourceEntry
from archive_manifests.note_proofs import NOTE_PROOFS, Place, ProvenBy
from archive_manifests.paths import BagPath
from archive_manifests.shown import shown_pair
from archive_manifests.sources import Source
from archive_manifests.wacz import SUFFIX

LEDGER = BagPath(layout.LEDGER)
_EXTRACTS, _DAMAGED, _ACCEPTED = "recording-extracts", "recording-damaged", "other-address-accepted"
_OF_WACZ = frozenset({"recording-title", "recording-signed", "recording-timestamped", "recording-needs"})
_REPEATED = frozenset({"recording-needs"})
_OF_OTHERS = frozenset({"recording-lacks", "saved-from-other"})
"""Notes that say that a file is of another address than the source's, as its supplier then has to confirm."""
_OF_PERSON = frozenset({"supplied", custody.ADDED})
_OF_RECORDING = frozenset(
    code
    for code, proof in NOTE_PROOFS.items()
    if proof.by is ProvenBy.RECORDING and Place.SUPPLIED in proof.places and code not in CODES
)


def check_supplied_copies(entry: SourceEntry, source: Source, *, may_be_of_earlier: bool) -> Iterator[Finding]:
    """Compare each supplied copy with what the program writes of a file of its kind."""
    for copy in entry.copies:
        if copy.kind == "supplied" and copy.files:
            yield from _check_place(entry, source, copy, may_be_of_earlier=may_be_of_earlier)
            yield from _check_notes(entry, copy, may_be_of_earlier=may_be_of_earlier)


def _check_place(entry: SourceEntry, source: Source, copy: Copy, *, may_be_of_earlier: bool) -> Iterator[Finding]:
    """It is no exchange, and has an address of the source: that which a recording or page was found to be of."""
    if copy.records or copy.status is not None:
        found = f"{len(copy.records)} records, status {copy.status}"
        yield _differs(entry, "verdict-contradicted", "no records and no status of a supplied file", found)
    names_address = is_recording(copy.files[0]) or copy.files[0].endswith(SUFFIXES)
    others = (entry.request_url, *source.readings, *(reading.url for reading in entry.readings))
    known = dict.fromkeys((entry.cited, *(url for url in others if names_address and url is not None)))
    if copy.url not in known and not (copy.url is None and may_be_of_earlier):
        yield _differs(entry, "address-contradicted", " or ".join(known), copy.url)


def _check_notes(entry: SourceEntry, copy: Copy, *, may_be_of_earlier: bool) -> Iterator[Finding]:
    codes = Counter(each.code for each in copy.notes)
    known = _codes_of(copy.files[0])
    for each in copy.notes:
        if each.code not in known and each.code in NOTE_PROOFS:
            yield _differs(entry, "note-contradicted", "a note on a file of this kind", describe_stated(each))
        elif codes[each.code] > 1 and each.code not in _REPEATED:
            yield _differs(entry, "note-contradicted", "each note once", describe_stated(each))
    due = {_EXTRACTS: len(copy.files) > 1, _DAMAGED: copy.files[0].endswith(DAMAGED)}
    for code, is_due in due.items():
        if (code in codes) != is_due:
            yield _differs(entry, "note-contradicted", *((code, "no such note") if is_due else ("no such note", code)))
    if _ACCEPTED in codes and not _OF_OTHERS & codes.keys():
        yield _differs(entry, "note-contradicted", "a file of another address", _ACCEPTED)
    if _OF_OTHERS & codes.keys() and _ACCEPTED not in codes and not may_be_of_earlier:
        yield _differs(entry, "note-contradicted", f"{_ACCEPTED}: nothing else adds such a file", "no such note")


def _codes_of(path: str) -> frozenset[str]:
    """The codes that notes on a file of this name may have."""
    if path.endswith(DAMAGED):
        return _OF_PERSON | {_DAMAGED}
    if is_recording(path):
        is_wacz = path.lower().endswith(SUFFIX)
        return (_OF_PERSON | _OF_RECORDING) - {_DAMAGED} - ({"recording-warcio"} if is_wacz else _OF_WACZ)
    return _OF_PERSON | {_ACCEPTED, *CODES} if path.endswith(SUFFIXES) else _OF_PERSON


def _differs(entry: SourceEntry, code: str, expected: object, found: object) -> Finding:
    return make_finding(code, LEDGER, **shown_pair(expected, found), source=entry.id, note="a supplied file")
