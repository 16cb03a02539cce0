"""The notes of the ledger: each has a code of its field, the facts of its code, and the catalogue's sentence."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from archive.version import AGENT
from archive.words.notes import describe, with_text
from archive_manifests.finding_codes import make_finding
from archive_manifests.findings import Finding
from archive_manifests.ledger import Conditions, SourceEntry, notes_of, notes_of_conditions
from archive_manifests.note_facts import CLOCK_OFFSETS, MEMENTO_POLICIES
from archive_manifests.note_proofs import NOTE_PROOFS, ProvenBy
from archive_manifests.notes import PERSONS_WORDS_AT_MOST, Fact, Note, fault_of, is_known
from archive_manifests.paths import BagPath

LEDGER = BagPath("data/sources.json")
_SHOWN = 160


def check_note_codes(entry: SourceEntry, later: str | None) -> Iterator[Finding]:
    """Each note of a source, and each among its facts, has a code of the catalogue, in which none is removed.

    A later version may have added some: what its notes say is then not checked, and what the records give without
    them is compared all the same. `later` is that version, where the bag says it was made by one.
    """
    for note in notes_of(entry):
        if is_known(note):
            continue
        if later is None:
            yield _not_as_written(note, fault_of(note), source=entry.id)
        else:
            said = (note.text or note.code)[:_SHOWN]
            facts = {"expected": said, "source": entry.id, "note": f"made by {later}; this is {AGENT}"}
            yield make_finding("note-unknown", LEDGER, **facts)


def check_note_texts(entry: SourceEntry) -> Iterator[Finding]:
    """Compare the facts and the sentence of each note of a source that has a known code with the catalogue's."""
    for note in filter(is_known, notes_of(entry)):
        yield from _check_note(note, fault_of(note), source=entry.id)
        if NOTE_PROOFS[note.code].by is ProvenBy.PERSON and any(map(_is_long, note.facts.values())):
            yield _not_as_written(note, f"at most {PERSONS_WORDS_AT_MOST:,} characters of a person", source=entry.id)


def _is_long(fact: Fact) -> bool:
    return isinstance(fact, str) and len(fact) > PERSONS_WORDS_AT_MOST


def check_condition_notes(conditions: Conditions) -> Iterator[Finding]:
    """Compare the code and the sentence of each note among the conditions with the catalogue's."""
    for note, codes in zip(notes_of_conditions(conditions), (MEMENTO_POLICIES, CLOCK_OFFSETS), strict=True):
        fault = None if note.code in codes else f"one of {', '.join(sorted(codes))}"
        yield from _check_note(note, fault or fault_of(note))


def _check_note(note: Note, fault: str | None, **where: str) -> Iterator[Finding]:
    # Encoded, because `==` leaves the sentences out, also those of notes among the facts.
    if fault is not None or msgspec.json.encode(with_text(note)) != msgspec.json.encode(note):
        yield _not_as_written(note, fault, **where)


def _not_as_written(note: Note, fault: str | None, **where: str) -> Finding:
    expected = describe(note) if fault is None else fault
    facts = {"expected": expected[:_SHOWN], "found": (note.text or note.code)[:_SHOWN]}
    return make_finding("note-contradicted", LEDGER, **facts, **where)
