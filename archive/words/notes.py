"""Renders notes: the sentence of a code, filled in with its facts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from archive.words import FALLBACK, Catalogue, load
from archive_manifests.note_facts import SPANS
from archive_manifests.notes import Fact, Note, fault_of

if TYPE_CHECKING:
    from archive_manifests.ledger import Copy, Facet, Ledger, SourceEntry, Submission, Verdict

PREFIX = "note."
"""Before the code, in the keys of the catalogue."""


def describe(given: Note, catalogue: Catalogue | None = None) -> str:
    """The sentence of a note, in English where none is given. Raises `KeyError` for an unknown code or fact."""
    catalogue = catalogue or load(FALLBACK)
    facts = {name: _spelled(name, fact, catalogue) for name, fact in given.facts.items()}
    return catalogue.sentence(f"{PREFIX}{given.code}", **facts)


def describe_stated(given: Note) -> str:
    """The English sentence of a note that a bag states; the code alone of one that does not follow the catalogue."""
    return describe(given) if fault_of(given) is None else given.code


def _spelled(name: str, fact: Fact, catalogue: Catalogue) -> object:
    if isinstance(fact, Note):
        return describe(fact, catalogue)
    if isinstance(fact, tuple):
        return catalogue.sentence("language.semicolon").join(f"{describe(each, catalogue)} " for each in fact).strip()
    return catalogue.span(fact) if name in SPANS and isinstance(fact, int) else fact


def with_text(given: Note) -> Note:
    """The note as it is stored: with its English sentence, and those of the notes among its facts."""
    facts = {name: _with_texts(fact) for name, fact in given.facts.items()}
    return replace(given, facts=facts, text=describe(given))


def _with_texts(fact: Fact) -> Fact:
    if isinstance(fact, tuple):
        return tuple(map(with_text, fact))
    return with_text(fact) if isinstance(fact, Note) else fact


def ledger_with_texts(ledger: Ledger) -> Ledger:
    """The ledger with the English sentence of every note."""
    stated = ledger.conditions
    conditions = replace(stated, memento_policy=with_text(stated.memento_policy), clock=with_text(stated.clock))
    return replace(ledger, conditions=conditions, sources=tuple(map(entry_with_texts, ledger.sources)))


def entry_with_texts(entry: SourceEntry) -> SourceEntry:
    """The entry with the English sentence of every note."""
    facets = entry.facets
    return replace(
        entry,
        detail=_optional(entry.detail),
        live=_verdict(entry.live),
        copies=tuple(map(_copy, entry.copies)),
        facets=replace(
            facets,
            source_code=_facet(facets.source_code),
            appearance=_facet(facets.appearance),
            media=_facet(facets.media),
        ),
        notes=tuple(map(with_text, entry.notes)),
        submissions=tuple(map(_submission, entry.submissions)),
    )


def _optional(given: Note | None) -> Note | None:
    return with_text(given) if given is not None else None


def _verdict(verdict: Verdict) -> Verdict:
    return replace(verdict, detail=_optional(verdict.detail))


def _copy(copy: Copy) -> Copy:
    return replace(copy, notes=tuple(map(with_text, copy.notes)))


def _facet(facet: Facet) -> Facet:
    return replace(facet, reason=_optional(facet.reason))


def _submission(submission: Submission) -> Submission:
    return replace(submission, note=_optional(submission.note))
