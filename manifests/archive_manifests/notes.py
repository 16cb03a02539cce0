"""Notes: what capture observed, as a closed code and its facts. The sentence is rendered when it is shown.

A note in the ledger and the journal is `{code, facts, text}`: code and facts are the statement; `text` is the English
sentence that the catalogue gives for them.
"""

from __future__ import annotations

from collections.abc import Iterable

import msgspec
from msgspec import Struct, field

from archive_manifests.note_facts import NOTE_FACTS

PERSONS_WORDS_AT_MOST = 65_536
"""Characters of what a person states in one fact of a note: whoever has more to say supplies a file."""


class Note(Struct, frozen=True):
    """One observation of the capture."""

    code: str
    """A key of `NOTE_FACTS`."""
    facts: dict[str, Fact] = field(default_factory=dict)
    text: str = ""
    """The English sentence, where the note is stored; empty until then."""

    def __eq__(self, other: object) -> bool:
        """True for the same statement, whether or not its sentence is stored with it."""
        return isinstance(other, Note) and (self.code, self.facts) == (other.code, other.facts)

    def __hash__(self) -> int:
        return hash((self.code, *sorted(self.facts)))


Fact = str | int | float | bool | Note | tuple[Note, ...]
"""What a sentence is filled in with; of a number or a name, another note, several notes."""


def note(code: str, **facts: Fact) -> Note:
    """A note with exactly the facts that its code has. Raises `ValueError` for any other."""
    fault = fault_of(Note(code, facts))
    if fault is not None:
        raise ValueError(fault)
    return Note(code, facts)


def fault_of(given: Note) -> str | None:
    """Why a note does not follow the catalogue, the notes among its facts included; None where it does."""
    stated = NOTE_FACTS.get(given.code)
    if stated is None:
        return f"a note that this program does not know: {given.code}"
    lacking = [name for name in stated if name not in given.facts]
    if lacking:
        return f"the note {given.code} does not say what belongs to it: {', '.join(lacking)}"
    surplus = [name for name in given.facts if name not in stated]
    if surplus:
        return f"the note {given.code} says what does not belong to it: {', '.join(surplus)}"
    return next((fault for inner in inner_notes(given) if (fault := fault_of(inner)) is not None), None)


def is_known(given: Note) -> bool:
    """True where the catalogue has the code of a note, and those of the notes among its facts."""
    return given.code in NOTE_FACTS and all(map(is_known, inner_notes(given)))


def read_note(value: object) -> Note | None:
    """A note out of decoded JSON; None for anything else."""
    try:
        return msgspec.convert(value, Note)
    except msgspec.ValidationError:
        return None


def inner_notes(given: Note) -> Iterable[Note]:
    """The notes among the facts of a note."""
    for fact in given.facts.values():
        if isinstance(fact, Note):
            yield fact
        elif isinstance(fact, tuple):
            yield from fact
