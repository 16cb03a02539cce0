"""Every code has its sentence, with exactly the facts that it states."""

from __future__ import annotations

import string

import pytest

from archive.words import languages, load
from archive.words.notes import PREFIX, describe, entry_with_texts, with_text
from archive_manifests.ledger import Status, notes_of
from archive_manifests.note_facts import NOTE_FACTS
from archive_manifests.notes import Note, fault_of, note
from tests.archive.page.sample_ledger import source


def placeholders(sentence: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name}


def sentences(language: str, code: str) -> list[str]:
    key = f"{PREFIX}{code}"
    known = load(language).sentences
    return [said for name, said in known.items() if name == key or name.rpartition(".")[0] == key]


@pytest.mark.parametrize("code", sorted(NOTE_FACTS))
def test_a_sentence_uses_every_fact_of_its_code_and_no_other(code: str) -> None:
    english = sentences("en", code)
    assert english
    assert {frozenset(placeholders(said)) for said in english} == {frozenset(NOTE_FACTS[code])}
    for language in languages():
        assert all(placeholders(said) <= set(NOTE_FACTS[code]) for said in sentences(language, code))


def test_no_sentence_is_left_without_its_code() -> None:
    codes = {key.removeprefix(PREFIX).partition(".")[0] for key in load("en").sentences if key.startswith(PREFIX)}
    assert codes == set(NOTE_FACTS)


def test_a_note_within_a_note_is_part_of_its_sentence_and_has_its_own() -> None:
    why = note("server-failed", status=502)
    stored = with_text(note("drive-viewer-only", why=why))
    assert stored.text == f"the viewer's page is here, the file itself is not: {describe(why)}"
    inner = stored.facts["why"]
    assert isinstance(inner, Note) and inner.text == describe(why)


@pytest.mark.parametrize(
    "given",
    [
        Note("no-such-code"),
        Note("wall", {"name": "x"}),
        Note("skipped", {"more": 1}),
        Note("as-rendered", {"why": Note("x")}),
    ],
)
def test_what_does_not_follow_the_catalogue_is_named(given: Note) -> None:
    assert fault_of(given) is not None
    with pytest.raises(ValueError, match="note "):
        note(given.code, **given.facts)


def test_an_entry_is_stored_with_the_sentence_of_each_of_its_notes() -> None:
    entry = entry_with_texts(source(1, "https://a.example/", Status.GONE, "not-found"))
    assert [each.text for each in notes_of(entry)] == [describe(each) for each in notes_of(entry)]
