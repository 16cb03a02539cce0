"""What a bag says of what a browser rendered, each statement forged alone with all manifests rewritten, is found."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from msgspec.structs import replace

from archive.browser.page import View
from archive.capture.browser import render_pass
from archive.words.notes import with_text
from archive_cli.main import main
from archive_manifests import canonical
from archive_manifests.ledger import Facet, Rendering, Requisite, SourceEntry
from archive_manifests.notes import note
from tests.archive.browser.shared_browser import needs_browser
from tests.archive.systems.fetch_sources import fetched
from tests.archive.verify.forged_bag import ForgedBag
from tests.world import World
from tests.world.sites.coe import BASE, CITED, CouncilOfEurope
from tests.world.sites.scripted import POST, Scripted

pytestmark = needs_browser
HURRIED = partial(View, load_seconds=4.0, rest_seconds=1.5, scroll_seconds=3.0, screens=4, quiet=0.2)
DRAWN, PLAIN = "s01", "s02"
"""A page that scripts fill, and one that a server sends whole."""


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    patch = pytest.MonkeyPatch()
    patch.setattr(render_pass, "View", HURRIED)
    with World([Scripted(), CouncilOfEurope()]) as world:
        folder = tmp_path_factory.mktemp("rendered")
        yield fetched(world, folder, POST, f"{BASE}{CITED}", memento=False, browser=True).bag
    patch.undo()


@pytest.fixture
def forged(sound: Path, tmp_path: Path) -> ForgedBag:
    return ForgedBag.copy_of(sound, tmp_path / sound.name)


def rendering_of(entry: SourceEntry) -> Rendering:
    assert entry.rendering is not None
    return entry.rendering


def another_title(bag: ForgedBag) -> None:
    bag.set_source(DRAWN, title="The regime admits it")


def a_quotation_called_found(bag: ForgedBag) -> None:
    bag.set_source(DRAWN, quote_found="yes")


def a_quotation_called_missing(bag: ForgedBag) -> None:
    bag.set_source(DRAWN, quote_found="no")


def a_picture_replaced(bag: ForgedBag) -> None:
    path = f"data/views/{DRAWN}/screenshot.png"
    bag.write(path, bag.read(path)[::-1])


def a_picture_of_another_page(bag: ForgedBag) -> None:
    bag.write(f"data/views/{DRAWN}/screenshot.png", bag.read(f"data/views/{PLAIN}/screenshot.png"))


def the_picture_and_its_thumbnail_exchanged(bag: ForgedBag) -> None:
    picture, small = (f"data/views/{DRAWN}/{name}" for name in ("screenshot.png", "thumbnail.jpg"))
    first, second = bag.read(picture), bag.read(small)
    bag.write(picture, second)
    bag.write(small, first)


def other_words(bag: ForgedBag) -> None:
    path = f"data/views/{DRAWN}/text.txt"
    bag.write(path, bag.read(path) + b"and nothing of it happened\n")


def a_file_of_the_rendering_left_out(bag: ForgedBag) -> None:
    rendering, path = rendering_of(bag.entry(DRAWN)), f"data/views/{DRAWN}/page.pdf"
    bag.set_source(DRAWN, rendering=replace(rendering, files=tuple(each for each in rendering.files if each != path)))
    (bag.path / path).unlink()


def a_rendering_left_out(bag: ForgedBag) -> None:
    entry = bag.entry(PLAIN)
    for path in rendering_of(entry).files:
        (bag.path / path).unlink()
    (bag.path / f"data/views/{PLAIN}").rmdir()
    facets = replace(entry.facets, appearance=Facet(False, with_text(note("no-browser"))))
    bag.set_source(PLAIN, rendering=None, facets=facets)


def the_renderings_of_two_sources_exchanged(bag: ForgedBag) -> None:
    first, second = rendering_of(bag.entry(DRAWN)), rendering_of(bag.entry(PLAIN))
    bag.set_source(DRAWN, rendering=second)
    bag.set_source(PLAIN, rendering=first)


def the_time_of_a_rendering_moved(bag: ForgedBag) -> None:
    bag.set_source(DRAWN, rendering=replace(rendering_of(bag.entry(DRAWN)), rendered="2021-01-01T00:00:00Z"))


def another_browser(bag: ForgedBag) -> None:
    bag.set_source(DRAWN, rendering=replace(rendering_of(bag.entry(DRAWN)), browser="Chromium 99.0"))


def media_called_here(bag: ForgedBag) -> None:
    bag.set_source(PLAIN, facets=replace(bag.entry(PLAIN).facets, media=Facet(True)))


def media_missing_for_another_reason(bag: ForgedBag) -> None:
    missing = Facet(False, with_text(note("media-missing")))
    bag.set_source(PLAIN, facets=replace(bag.entry(PLAIN).facets, media=missing))


def more_requests_of_scripts(bag: ForgedBag) -> None:
    bag.set_source(DRAWN, notes=(*bag.entry(DRAWN).notes, with_text(note("scripts-requested", n=3))))


def no_requests_of_scripts(bag: ForgedBag) -> None:
    notes = bag.entry(DRAWN).notes
    bag.set_source(DRAWN, notes=tuple(each for each in notes if each.code != "scripts-requested"))


def with_requisite(bag: ForgedBag, source: str, **changes: Any) -> None:
    """Add a part to a page as one that its scripts requested, and count it among these."""
    entry = bag.entry(source)
    part = Requisite(found_in=entry.final_url or "", kind="image", decorative=True, **changes)
    counted = [each.facts["n"] for each in entry.notes if each.code == "scripts-requested"]
    others = tuple(each for each in entry.notes if each.code != "scripts-requested")
    notes = (*others, with_text(note("scripts-requested", n=sum(counted) + 1)))
    bag.set_source(source, requisites=(*entry.requisites, part), notes=notes)


def a_part_without_a_record(bag: ForgedBag) -> None:
    with_requisite(bag, DRAWN, url="https://proof.example/a.jpg", outcome="not-attempted", reason="third-party")


def the_page_called_a_part_of_itself(bag: ForgedBag) -> None:
    page = next(copy for copy in bag.entry(PLAIN).copies if copy.kind == "live")
    with_requisite(bag, PLAIN, url=f"{page.url}", outcome="captured", record=page.records[-1])


def found_in(bag: ForgedBag, url: str, *, is_of_page: bool) -> None:
    """Say of one part of the page, of those that it names itself or of the others, that it was found in `url`."""
    entry = bag.entry(DRAWN)
    chosen = next(each for each in entry.requisites if is_of_page == each.url.endswith("/app.css"))
    moved = (replace(each, found_in=url) if each == chosen else each for each in entry.requisites)
    bag.set_source(DRAWN, requisites=tuple(moved))


def a_part_found_in_a_page_without_a_record(bag: ForgedBag) -> None:
    found_in(bag, "https://elsewhere.example/", is_of_page=False)


def a_part_of_the_page_found_in_another_part(bag: ForgedBag) -> None:
    found_in(bag, f"{POST.rpartition('/post')[0]}/app.js", is_of_page=True)


def described(bag: ForgedBag, change: Callable[[dict[str, Any]], object], **files: bytes) -> None:
    """Describe the rendering otherwise, with `files` in the place of its outputs; records, log and file agree."""
    path, names = f"data/views/{DRAWN}/render.json", {"screenshot": "screenshot.png", "print": "page.pdf"}
    about, blocks = json.loads(bag.read(path)), {}
    for stem, content in files.items():
        output = next(each for each in about["outputs"] if each["file"] == names[stem])
        output |= {"size": len(content), "sha256": hashlib.sha256(content).hexdigest()}
        bag.write(f"data/views/{DRAWN}/{names[stem]}", content)
        blocks[output["record"]] = content
    change(about)
    text = canonical.document(about).encode()
    bag.write(path, text)
    bag.set_blocks({**blocks, rendering_of(bag.entry(DRAWN)).records[0]: text})


def withheld(number: int) -> list[dict[str, str]]:
    """What the browser did not get, each with an address as long as is written."""
    return [{"url": f"https://a.example/{n:05}?".ljust(4000, "a"), "method": "GET", "why": "a beacon"} for n in range(number)]


def nothing_changed(bag: ForgedBag) -> None:
    described(bag, lambda about: None)


def described_as_of_another_address(bag: ForgedBag) -> None:
    described(bag, lambda about: about.update(url=f"{BASE}{CITED}"))


def a_request_of_another_address(bag: ForgedBag) -> None:
    described(bag, lambda about: about["requests"][1].update(url=f"{BASE}/other.css"))


def a_request_with_another_status(bag: ForgedBag) -> None:
    described(bag, lambda about: about["requests"][1].update(status=404))


def a_request_by_another_method(bag: ForgedBag) -> None:
    described(bag, lambda about: about["requests"][1].update(method="POST"))


def a_request_with_a_record_that_is_not_there(bag: ForgedBag) -> None:
    described(bag, lambda about: about["requests"][1].update(record="urn:uuid:00000000-0000-4000-8000-000000000000"))


def a_request_without_a_record(bag: ForgedBag) -> None:
    described(bag, lambda about: about["requests"][1].update(record=None))


def an_output_of_another_size(bag: ForgedBag) -> None:
    described(bag, lambda about: about["outputs"][0].update(size=7))


def a_picture_of_another_size(bag: ForgedBag) -> None:
    described(bag, lambda about: None, screenshot=bag.read(f"data/views/{PLAIN}/screenshot.png"))


def a_picture_that_is_none(bag: ForgedBag) -> None:
    described(bag, lambda about: None, screenshot=b"no picture")


def a_print_that_is_none(bag: ForgedBag) -> None:
    described(bag, lambda about: None, print=b"")


def a_request_of_another_address_in_a_long_description(bag: ForgedBag) -> None:
    def change(about: dict[str, Any]) -> None:
        about["withheld"] = withheld(1200)
        about["requests"][1].update(url=f"{BASE}/other.css")

    described(bag, change)


def a_description_of_more_than_is_written(bag: ForgedBag) -> None:
    described(bag, lambda about: about.update(withheld=withheld(13_000)))


def a_description_of_more_values_than_is_written(bag: ForgedBag) -> None:
    described(bag, lambda about: about.update(fonts=[0] * 3_000_000))


def a_request_without_a_record_and_with_a_status(bag: ForgedBag) -> None:
    described(bag, lambda about: about["requests"][1].update(record=None, failure="the page was closed"))


DESCRIBED = (
    a_request_without_a_record_and_with_a_status,
    a_request_of_another_address_in_a_long_description, a_description_of_more_than_is_written,
    a_description_of_more_values_than_is_written,
    described_as_of_another_address, a_request_of_another_address, a_request_with_another_status,
    a_request_by_another_method, a_request_with_a_record_that_is_not_there, a_request_without_a_record,
    an_output_of_another_size, a_picture_of_another_size, a_picture_that_is_none, a_print_that_is_none,
)  # fmt: skip


def test_a_description_that_is_written_again_is_sound(forged: ForgedBag) -> None:
    nothing_changed(forged)
    forged.seal_over()
    assert forged.errors() == []


def test_a_page_may_be_closed_before_all_of_it_came(forged: ForgedBag) -> None:
    def close(about: dict[str, Any]) -> None:
        line = about["requests"][-1]
        line |= {"record": None, "failure": "the page was closed before a response came"}
        del line["status"]

    described(forged, close)
    forged.seal_over()
    assert forged.errors() == []


def test_a_description_of_several_megabytes_is_checked_like_any_other(forged: ForgedBag) -> None:
    described(forged, lambda about: about.update(withheld=withheld(1200)))
    forged.seal_over()
    verified = forged.verified()
    assert forged.errors() == []
    assert "coverage-unchecked" not in {each.code for each in verified.findings}


@pytest.mark.parametrize("forge", DESCRIBED, ids=lambda forge: forge.__name__)
def test_a_forged_description_of_a_rendering_is_found(forge: Callable[[ForgedBag], None], forged: ForgedBag) -> None:
    forge(forged)
    forged.seal_over()
    assert forged.errors() == [("rendering-contradicted", DRAWN)]


FORGED: dict[Callable[[ForgedBag], None], tuple[str, str]] = {
    another_title: ("title-contradicted", DRAWN),
    a_quotation_called_found: ("quote-contradicted", DRAWN),
    a_quotation_called_missing: ("quote-contradicted", DRAWN),
    a_picture_replaced: ("file-contradicted", DRAWN),
    a_picture_of_another_page: ("file-contradicted", DRAWN),
    the_picture_and_its_thumbnail_exchanged: ("file-contradicted", DRAWN),
    other_words: ("file-contradicted", DRAWN),
    a_file_of_the_rendering_left_out: ("rendering-contradicted", DRAWN),
    a_rendering_left_out: ("rendering-contradicted", PLAIN),
    the_renderings_of_two_sources_exchanged: ("rendering-contradicted", DRAWN),
    the_time_of_a_rendering_moved: ("file-contradicted", DRAWN),
    another_browser: ("file-contradicted", DRAWN),
    media_called_here: ("facet-contradicted", PLAIN),
    media_missing_for_another_reason: ("facet-contradicted", PLAIN),
    more_requests_of_scripts: ("note-contradicted", DRAWN),
    no_requests_of_scripts: ("note-contradicted", DRAWN),
    a_part_without_a_record: ("requisite-invented", DRAWN),
    the_page_called_a_part_of_itself: ("requisite-invented", PLAIN),
    a_part_found_in_a_page_without_a_record: ("requisite-invented", DRAWN),
    a_part_of_the_page_found_in_another_part: ("requisite-invented", DRAWN),
}


def test_the_bag_that_is_forged_is_sound_before(forged: ForgedBag) -> None:
    forged.seal_over()
    assert forged.errors() == []


def test_verify_says_once_what_of_a_rendering_is_the_collector_s_word(sound: Path) -> None:
    shown = CliRunner().invoke(main, ["verify", str(sound)]).stdout
    assert shown.count("Sources with pictures and words from a browser: 2.") == 1
    answer = json.loads(CliRunner().invoke(main, ["verify", "--json", str(sound)]).stdout)
    assert answer["renderings"] == 2


@pytest.mark.parametrize("forge", FORGED, ids=lambda forge: forge.__name__)
def test_a_forged_statement_of_a_rendering_is_found(
    forge: Callable[[ForgedBag], None], forged: ForgedBag
) -> None:
    forge(forged)
    forged.seal_over()
    verified = forged.verified()
    found = [each for each in verified.findings if each.severity == "error"]
    code, source = FORGED[forge]
    assert [each for each in found if each.code == code and source in (each.source or "").split(",")], found
    assert verified.answers["coverage"].state == "failed"
