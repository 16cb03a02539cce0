"""Pages that scripts draw, captured with the browser: one fetch of the loopback internet, looked at from all sides.

Skipped where there is no Chromium.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pypdf
import pytest

from archive.browser.page import View
from archive.capture.browser import render_pass
from archive.verify.run import verify
from archive_manifests.ledger import SourceEntry
from tests.archive.browser.shared_browser import needs_browser
from tests.archive.systems.fetch_sources import Fetched, fetched
from tests.world import World
from tests.world.sites.coe import BASE, CITED, CouncilOfEurope
from tests.world.sites.scripted import (
    ARABIC,
    CDN,
    COMMENT,
    FRAMES,
    FROM_WORKER,
    HOST,
    IN_FRAME,
    POST,
    WORDS,
    Scripted,
    post_of,
)

pytestmark = needs_browser
HURRIED = partial(View, load_seconds=4.0, rest_seconds=1.5, scroll_seconds=3.0, screens=4, quiet=0.2)
BROCHURE = "https://www.coe.int/documents/14533018/brochure.pdf"
CITED_HERE = {
    "post": POST,
    "article": f"{BASE}{CITED}",
    "file": BROCHURE,
    "wall": post_of("wall"),
    "missing": post_of("missing"),
    "leads": post_of("leads"),
    "endless": post_of("endless"),
    "spin": post_of("spin"),
    "hash": f"{post_of('hash')}#%D8%AD%D9%84%D8%A8",
}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Fetched]:
    patch = pytest.MonkeyPatch()
    patch.setattr(render_pass, "View", HURRIED)
    with World([Scripted(), CouncilOfEurope()]) as world:
        yield fetched(world, tmp_path_factory.mktemp("drawn"), *CITED_HERE.values(), memento=False, browser=True)
    patch.undo()


def entry(made: Fetched, name: str) -> SourceEntry:
    return next(each for each in made.entries if each.cited == CITED_HERE[name])


def view(made: Fetched, name: str, file: str) -> bytes:
    return (made.bag / f"data/views/{entry(made, name).id}/{file}").read_bytes()


def words(made: Fetched, name: str) -> str:
    return view(made, name, "text.txt").decode()


def how(made: Fetched, name: str) -> dict[str, Any]:
    observed: dict[str, Any] = json.loads(view(made, name, "render.json"))
    return observed


def test_each_page_ends_in_the_verdict_that_its_scripts_deserve(made: Fetched) -> None:
    assert {name: (str(entry(made, name).status), entry(made, name).reason) for name in CITED_HERE} == {
        "post": ("captured", None),
        "article": ("captured", None),
        "file": ("captured", None),
        "wall": ("blocked", "login"),
        "missing": ("gone", "soft-404"),
        "leads": ("captured", None),
        "endless": ("captured", None),
        "spin": ("captured", None),
        "hash": ("captured", None),
    }
    assert entry(made, "post").notes[0].code == "scripts-drew"
    assert entry(made, "post").title == "The seventh of April"
    assert [note.facts["url"] for note in entry(made, "leads").notes if note.code == "scripts-redirected"] == [
        "https://leads.scripted.example/post/13"
    ]
    assert [note for note in entry(made, "article").notes if note.code == "scripts-drew"] == []


def test_the_words_of_a_rendering_are_what_scripts_workers_and_frames_rendered(made: Fetched) -> None:
    text = words(made, "post")
    for part in ("The seventh of April", WORDS.strip(), ARABIC, COMMENT, FROM_WORKER, "what had moved"):
        assert part in text
    assert text.endswith(f"--- https://{FRAMES}/map\n{IN_FRAME}\n")
    assert "Entry حلب" in words(made, "hash")
    assert "prize" in words(made, "article").lower()


def test_what_only_scripts_request_is_recorded_and_listed(made: Fetched) -> None:
    kinds = {each.url: (each.kind, each.outcome) for each in entry(made, "post").requisites}
    static = {f"https://{HOST}/app.css", f"https://{HOST}/app.js", f"https://{CDN}/app.woff2"}
    assert {url: observed for url, observed in kinds.items() if url not in static} == {
        f"https://{HOST}/api/post.json": ("data", "captured"),
        f"https://{HOST}/api/graphql": ("data", "captured"),
        f"https://{HOST}/api/moved": ("data", "captured"),
        f"https://{HOST}/api/count": ("data", "captured"),
        f"https://{HOST}/counter.js": ("other", "captured"),
        f"https://{HOST}/picture.png": ("image", "captured"),
        f"https://{HOST}/favicon.ico": ("icon", "captured"),
        f"https://{FRAMES}/map": ("frame", "captured"),
        f"https://{FRAMES}/map.js": ("script", "captured"),
        f"https://{FRAMES}/map.txt": ("data", "captured"),
        f"https://{CDN}/late.png": ("image", "captured"),
    }
    (moved,) = [each for each in entry(made, "post").requisites if each.url.endswith("/api/moved")]
    assert [made.record(name).uri for name in moved.hops] == [f"https://{HOST}/api/moved"]
    assert made.record(moved.record or "").uri == f"https://{HOST}/api/moved/here"


def test_nothing_is_requested_twice(made: Fetched) -> None:
    requested = [url for url in made.urls() if "/api/tick" not in url and "/api/graphql" not in url]
    assert sorted({url for url in requested if requested.count(url) > 1}) == []
    assert [seen.request.body for seen in made.world.requested(HOST) if seen.method == "POST"] == [b'{"query":"{comments}"}']


def test_pictures_and_prints_are_of_the_whole_page(made: Fetched) -> None:
    observed = how(made, "post")
    for name in ("post", "endless", "spin", "article"):
        picture = view(made, name, "screenshot.png")
        assert picture[:8] == b"\x89PNG\r\n\x1a\n"
        assert struct.unpack(">II", picture[16:24]) == (1280, how(made, name)["page"]["rendered_height"])
    assert observed["page"]["height"] > 3000  # what lies below the first screen too
    assert view(made, "post", "thumbnail.jpg")[:3] == b"\xff\xd8\xff"
    place = made.bag / f"data/views/{entry(made, 'post').id}/page.pdf"
    read = pypdf.PdfReader(place)
    assert COMMENT in "".join(page.extract_text() for page in read.pages)
    assert "Linux" not in str(read.metadata) and "Headless" not in str(read.metadata)


def test_a_page_that_never_ends_is_rendered_and_says_so(made: Fetched) -> None:
    """Which limit it meets first depends on the load of the machine; tests/archive/browser/test_page.py has each."""
    assert how(made, "endless")["page"]["cut_short"]
    assert "its scripts did not end by themselves, and were stopped" in how(made, "spin")["page"]["cut_short"]
    assert COMMENT in words(made, "spin") and COMMENT in words(made, "endless")


def test_a_file_has_no_rendering_and_the_ledger_says_why(made: Fetched) -> None:
    assert entry(made, "file").rendering is None
    facets = {name: entry(made, name).facets.appearance for name in CITED_HERE}
    assert [(name, facet.reason.code) for name, facet in facets.items() if facet.reason is not None] == [
        ("file", "not-a-page")
    ]


def test_render_json_names_the_record_behind_each_request(made: Fetched) -> None:
    observed = how(made, "post")
    assert made.record(observed["record"]).uri == POST
    for request in observed["requests"]:
        if request["record"] is not None:
            assert made.record(request["record"]).uri == request["url"]
    scripts = {request["url"] for request in observed["requests"] if request.get("requested_by") == "scripts"}
    assert f"https://{HOST}/api/post.json" in scripts and POST not in scripts
    assert observed["browser"]["name"] == "Chromium" and observed["browser"]["version"][0].isdigit()
    assert (observed["view"]["viewport"], observed["view"]["locale"], observed["view"]["timezone"]) == ([1280, 900], "en-US", "UTC")
    assert [font for font in observed["fonts"] if font["from_page"]] or observed["fonts"]


def test_files_and_records_of_a_rendering_are_the_same_bytes_tied_by_one_metadata_record(made: Fetched) -> None:
    rendering = entry(made, "post").rendering
    assert rendering is not None
    tie, *outputs = [made.record(name) for name in rendering.records]
    files = {path.rpartition("/")[2]: (made.bag / path).read_bytes() for path in rendering.files}
    assert tie.type == "metadata" and tie.block == files.pop("render.json")
    assert tie.headers["WARC-Refers-To"] == f"<{how(made, 'post')['record']}>"
    assert {record.uri: record.block for record in outputs} == {
        f"urn:fullPage:{POST}": files["screenshot.png"],
        f"urn:thumbnail:{POST}": files["thumbnail.jpg"],
        f"urn:pdf:{POST}": files["page.pdf"],
        f"urn:text:{POST}": files["text.txt"],
    }
    assert [record.type for record in outputs] == ["resource"] * 4
    assert [record for record in outputs if "WARC-Refers-To" in record.headers] == []


def test_the_bag_is_sound_and_every_record_is_explained(made: Fetched) -> None:
    found = verify(made.bag)
    assert {finding.code for finding in found.findings} == {"redirected-capture", "private-trust"}


def test_a_record_of_a_rendering_that_is_gone_from_the_bag_is_missed(made: Fetched) -> None:
    from archive.verify.statements.coverage_records import check_entry
    from archive.verify.visits.evidence import gather
    from archive_manifests.ledger import from_json

    ledger = from_json((made.bag / "data/sources.json").read_bytes())
    evidence = gather(ledger, {})

    class Nothing:
        def holds(self, _: str) -> bool:
            return False

    observed = [(each.code, str(each.path)) for each in check_entry(Nothing(), ledger.sources[0], evidence)]  # type: ignore[arg-type]
    views = f"data/views/{ledger.sources[0].id}"
    assert {path for code, path in observed if code == "copy-missing"} == {
        f"{views}/{file}" for file in ("screenshot.png", "thumbnail.jpg", "page.pdf", "text.txt", "render.json")
    }
    rendering = ledger.sources[0].rendering
    assert rendering is not None
    missing = [each.record for each in check_entry(Nothing(), ledger.sources[0], evidence)]  # type: ignore[arg-type]
    assert set(rendering.records) <= set(missing)


def test_the_page_in_the_bag_shows_the_thumbnail_and_links_the_rest(made: Fetched) -> None:
    shown = (made.bag / "data/index.html").read_text("utf-8")
    for file in ("thumbnail.jpg", "screenshot.png", "page.pdf"):
        assert f"views/{entry(made, 'post').id}/{file}" in shown


def test_nothing_of_the_machine_is_in_what_was_rendered(made: Fetched) -> None:
    import getpass
    import socket

    secrets = {socket.gethostname(), str(Path.home()), str(made.bag.parent), getpass.getuser()}
    drawn = [path for path in sorted(made.bag.rglob("data/views/*/*")) if path.suffix in (".json", ".pdf", ".txt")]
    assert len(drawn) > 20
    assert [
        (path.name, secret)
        for path in drawn
        for secret in secrets
        if len(secret) > 4 and secret.encode() in path.read_bytes()
    ] == []


