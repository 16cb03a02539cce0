"""Every code of the catalogue of notes, added to an honest source, is found, but for those that nothing can prove."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import Path

import pytest
from msgspec.structs import replace

from archive.browser.page import View
from archive.capture.browser import render_pass
from archive.verify.run import verify
from archive.verify.sources.all_sources import SourceDeriver
from archive.words.notes import with_text
from archive_manifests.findings import Finding
from archive_manifests.ledger import SourceEntry
from archive_manifests.note_facts import MOMENTS, NOTE_FACTS
from archive_manifests.note_proofs import NOTE_PROOFS, Place, ProvenBy
from archive_manifests.notes import Fact, Note
from tests.archive.browser.shared_browser import needs_browser
from tests.archive.fetch.test_pilot import REPORT, settings_for
from tests.archive.systems.fetch_sources import fetched
from tests.world import World
from tests.world.sites.coe import BASE, CITED, CouncilOfEurope
from tests.world.sites.scripted import POST, Scripted

PERSONS = {"attested", "attested-unnamed"}
"""A person's word: no record proves it, and it stands beside any verdict."""
_HURRIED = partial(View, load_seconds=4.0, rest_seconds=1.5, scroll_seconds=3.0, screens=4, quiet=0.2)
_NOTES = frozenset({"why", "form", "live", "first", "second", "age", "sign"})
_NUMBERS = frozenset({"n", "all", "status", "cited", "seconds"})


def test_every_code_has_one_row_that_says_what_proves_it() -> None:
    assert NOTE_PROOFS.keys() == NOTE_FACTS.keys()


def test_what_only_the_run_or_a_person_knows_of_a_source_is_a_short_list() -> None:
    unproven = {
        code
        for code, proof in NOTE_PROOFS.items()
        if Place.SOURCE in proof.places and proof.by in (ProvenBy.RUN, ProvenBy.PERSON)
    }
    assert unproven == {*PERSONS, "reading-decided", "url-only-in-records"}


@pytest.fixture(scope="module")
def pilot(tmp_path_factory: pytest.TempPathFactory) -> Path:
    from archive.fetch.fetch import fetch

    with World() as world:
        bag = tmp_path_factory.mktemp("noted") / "R210517"
        fetch(REPORT, bag, settings_for(world, memento=True))
    return bag


def _made_up(code: str) -> Note:
    """A note of a code, with facts of their kinds."""
    facts: dict[str, Fact] = {}
    for name in NOTE_FACTS[code]:
        if name in MOMENTS:
            facts[name] = "2021-05-20T00:00:00Z"
        elif name in _NOTES:
            facts[name] = Note("not-found", {"status": 404})
        elif name in _NUMBERS:
            facts[name] = 3
        else:
            facts[name] = "captured" if name == "verdict" else "https://sn4hr.org/a"
    return with_text(Note(code, facts))


def _found(bag: Path, changed: dict[str, dict[str, SourceEntry]]) -> dict[str, dict[str, list[Finding]]]:
    """What is found of changed entries, each derived alone, by source and by the name of the change."""
    found: dict[str, dict[str, list[Finding]]] = {}
    original = SourceDeriver.check_all

    def derive(self: SourceDeriver) -> Iterator[Finding]:
        for source, entries in changed.items():
            found[source] = {name: list(self.check(entry)) for name, entry in entries.items()}
        return original(self)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(SourceDeriver, "check_all", derive)
        assert [each for each in verify(bag, jobs=1).findings if each.severity == "error"] == []
    return found


def _passing(bag: Path, *sources: str, codes: Iterable[str] = NOTE_FACTS) -> dict[str, set[str]]:
    """The codes that may be added to these sources without an error."""
    from archive_manifests import ledger as ledgers

    entries = {entry.id: entry for entry in ledgers.from_json((bag / "data/sources.json").read_bytes()).sources}
    changed = {
        source: {
            code: replace(entries[source], notes=(*entries[source].notes, _made_up(code)))
            for code in codes
        }
        for source in sources
    }  # fmt: skip
    return {
        source: {code for code, found in by_code.items() if not any(each.severity == "error" for each in found)}
        for source, by_code in _found(bag, changed).items()
    }


def test_no_note_can_be_added_to_a_captured_page_a_video_or_a_memento(pilot: Path) -> None:
    page, video, memento = "s02", "s03", "s07"
    of_sources = [code for code, proof in NOTE_PROOFS.items() if Place.SOURCE in proof.places]
    assert _passing(pilot, page) == {page: PERSONS}
    assert _passing(pilot, video, memento, codes=of_sources) == dict.fromkeys((video, memento), PERSONS)


@needs_browser
def test_no_note_can_be_added_to_a_rendered_page(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(render_pass, "View", _HURRIED)
    with World([Scripted(), CouncilOfEurope()]) as world:
        bag = fetched(world, tmp_path, POST, f"{BASE}{CITED}", memento=False, browser=True).bag
    of_sources = [code for code, proof in NOTE_PROOFS.items() if Place.SOURCE in proof.places]
    assert _passing(bag, "s01", codes=of_sources) == {"s01": PERSONS}


def test_no_note_of_a_source_can_be_left_out(pilot: Path) -> None:
    from archive_manifests import ledger as ledgers

    entries = ledgers.from_json((pilot / "data/sources.json").read_bytes()).sources
    changed = {
        entry.id: {
            each.code: replace(entry, notes=tuple(other for other in entry.notes if other != each))
            for each in entry.notes
        }
        for entry in entries
    }
    found = _found(pilot, changed)
    assert {code for by_code in found.values() for code in by_code} >= {"post-before", "no-deno", "file-changed"}
    left = {
        (source, code)
        for source, by_code in found.items()
        for code, findings in by_code.items()
        if not {each.code for each in findings if each.severity == "error"} & {"note-contradicted", "memento-contradicted"}
    }
    assert left == set()


@pytest.mark.parametrize("place", ["detail", "media", "live copy"])
def test_a_code_of_another_place_is_found(place: str, pilot: Path) -> None:
    from archive_manifests import ledger as ledgers

    entry = next(
        entry for entry in ledgers.from_json((pilot / "data/sources.json").read_bytes()).sources if entry.id == "s02"
    )
    odd = with_text(Note("attested-unnamed", {"when": "2021-05-20T00:00:00Z", "detail": "seen"}))
    changed = {
        "detail": replace(entry, detail=odd),
        "media": replace(entry, facets=replace(entry.facets, media=replace(entry.facets.media, reason=odd))),
        "live copy": replace(entry, copies=(replace(entry.copies[0], notes=(odd,)),)),
    }[place]
    found = _found(pilot, {"s02": {place: changed}})["s02"][place]
    assert "a note of the source" in {each.expected for each in found if each.code == "note-contradicted"}
