"""The English sentences of notes, for tests that read them as a person does."""

from __future__ import annotations

from collections.abc import Iterable

from archive.words.notes import describe
from archive_manifests.notes import Note


def text_of(note: Note | None) -> str:
    """The sentence of a note; empty where there is none."""
    return describe(note) if note is not None else ""


def texts_of(notes: Iterable[Note]) -> list[str]:
    """The sentences of notes, in their order."""
    return [describe(note) for note in notes]
