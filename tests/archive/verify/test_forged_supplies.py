"""What a bag says of recordings that people supplied, and of sources that nobody requested, forged alone, is found."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from msgspec.structs import replace

from archive.words.notes import with_text
from archive_manifests.ledger import Facet, Requisite, Status
from archive_manifests.notes import Note, note
from tests.archive.verify.forged_bag import ForgedBag
from tests.archive.verify.two_recordings import FIRST, SECOND, captured_and_imported

FILES = [f"data/media/{source}/supplied-01.warc.gz" for source in (FIRST, SECOND)]


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A bag made of two recordings and a report, without a request."""
    return captured_and_imported(tmp_path_factory.mktemp("supplied"))[1]


@pytest.fixture
def forged(sound: Path, tmp_path: Path) -> ForgedBag:
    return ForgedBag.copy_of(sound, tmp_path / sound.name)


def the_recordings_of_two_sources_exchanged(bag: ForgedBag) -> None:
    first, second = map(bag.read, FILES)
    bag.write(FILES[0], second)
    bag.write(FILES[1], first)


def more_and_older_responses(bag: ForgedBag) -> None:
    holds = with_text(note("recording-holds", n=7, when="2001-01-01T00:00:00Z"))
    bag.set_copy(FIRST, "supplied", notes=(bag.copy(FIRST, "supplied").notes[0], holds))


def no_note_on_the_recording(bag: ForgedBag) -> None:
    bag.set_copy(FIRST, "supplied", notes=bag.copy(FIRST, "supplied").notes[:1])


def content_called_missing(bag: ForgedBag) -> None:
    notes = bag.copy(FIRST, "supplied").notes
    missing = with_text(note("recording-no-content", codes="revisit"))
    bag.set_copy(FIRST, "supplied", notes=(*notes[:2], missing, *notes[2:]))


def no_note_on_how_it_was_got(bag: ForgedBag) -> None:
    bag.set_copy(FIRST, "supplied", notes=bag.copy(FIRST, "supplied").notes[1:])


def another_address(bag: ForgedBag) -> None:
    bag.set_copy(FIRST, "supplied", url="https://sn4hr.org/other")


def a_record_of_the_web(bag: ForgedBag) -> None:
    bag.set_copy(FIRST, "supplied", status=Status.CAPTURED)


def _noted(bag: ForgedBag, *more: Note) -> None:
    bag.set_copy(FIRST, "supplied", notes=(*bag.copy(FIRST, "supplied").notes, *map(with_text, more)))


def a_note_on_a_package(bag: ForgedBag) -> None:
    _noted(bag, note("recording-signed", detail="signed by a court"))


def an_address_called_accepted(bag: ForgedBag) -> None:
    _noted(bag, note("other-address-accepted"))


def damage_that_is_not_there(bag: ForgedBag) -> None:
    _noted(bag, note("recording-damaged", codes="warc-gzip"))


def a_note_twice(bag: ForgedBag) -> None:
    _noted(bag, bag.copy(FIRST, "supplied").notes[0])


def an_invented_title(bag: ForgedBag) -> None:
    bag.set_source(FIRST, title="The regime admits it")


def a_quotation_called_found(bag: ForgedBag) -> None:
    bag.set_source(FIRST, quote_found="yes")


def an_invented_response(bag: ForgedBag) -> None:
    bag.set_source(FIRST, final_url="https://sn4hr.org/", http_status=200)


def invented_times(bag: ForgedBag) -> None:
    at = bag.ledger.started
    bag.set_source(FIRST, started=at, ended=at)


def an_invented_part_of_the_page(bag: ForgedBag) -> None:
    part = Requisite("https://sn4hr.org/a.png", "failed", "dns", "image", "https://sn4hr.org/")
    bag.set_source(FIRST, requisites=(part,))


def media_that_nobody_captured(bag: ForgedBag) -> None:
    bag.set_source(FIRST, facets=replace(bag.entry(FIRST).facets, media=Facet(True)))


FORGED: dict[Callable[[ForgedBag], None], set[str]] = {
    the_recordings_of_two_sources_exchanged: {"note-contradicted"},
    more_and_older_responses: {"note-contradicted"},
    no_note_on_the_recording: {"note-contradicted"},
    content_called_missing: {"note-contradicted"},
    no_note_on_how_it_was_got: {"note-contradicted"},
    another_address: {"note-contradicted", "address-contradicted"},
    a_record_of_the_web: {"verdict-contradicted"},
    a_note_on_a_package: {"note-contradicted"},
    an_address_called_accepted: {"note-contradicted"},
    damage_that_is_not_there: {"note-contradicted", "verdict-contradicted"},
    a_note_twice: {"note-contradicted"},
    an_invented_title: {"verdict-contradicted"},
    a_quotation_called_found: {"verdict-contradicted"},
    an_invented_response: {"verdict-contradicted"},
    invented_times: {"verdict-contradicted"},
    an_invented_part_of_the_page: {"verdict-contradicted"},
    media_that_nobody_captured: {"verdict-contradicted"},
}


def test_the_bag_that_is_forged_is_sound_before(forged: ForgedBag) -> None:
    forged.seal_over()
    assert forged.errors() == []


@pytest.mark.parametrize("forge", FORGED, ids=lambda forge: forge.__name__)
def test_a_forged_statement_of_what_was_supplied_is_found(forge: Callable[[ForgedBag], None], forged: ForgedBag) -> None:
    forge(forged)
    forged.seal_over()
    errors = forged.errors()
    assert {code for code, _ in errors} == FORGED[forge]
    assert FIRST in ",".join(source or "" for _, source in errors)
    assert forged.verified().answers["coverage"].state == "failed"


@pytest.mark.parametrize(
    ("forge", "expected"),
    [
        (the_recordings_of_two_sources_exchanged, ("note-contradicted", "error")),
        (more_and_older_responses, ("note-contradicted", "error")),
        (content_called_missing, ("read-otherwise", "warning")),
    ],
)
def test_no_version_excuses_another_number_of_responses(
    forge: Callable[[ForgedBag], None], expected: tuple[str, str], forged: ForgedBag
) -> None:
    forged.set_version("9.9.9")
    forge(forged)
    forged.seal_over()
    found = forged.verified()
    about = [each for each in found.findings if each.source == FIRST and each.question == "coverage"]
    assert {(each.code, str(each.severity)) for each in about} - {("recording-conditions", "warning")} == {expected}
    assert found.answers["coverage"].state == ("failed" if expected[1] == "error" else "not-checked")
