"""What goes wrong with a browser loses no capture: none installed, one that breaks off, a run that is stopped."""

from __future__ import annotations

import _thread
import asyncio
import json
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from archive.browser.installed import NO_DRIVER
from archive.browser.page import OpenPage, View
from archive.browser.render import RenderedPage, render
from archive.capture.browser import render_pass, responder
from archive.capture.settings import FetchSettings
from archive.errors import Interrupted
from archive.fetch.fetch import FetchResult, fetch
from archive.verify.run import verify
from archive.words.notes import with_text
from archive_manifests.ledger import SourceEntry
from archive_manifests.notes import Note, note
from tests.archive.browser.shared_browser import needs_browser
from tests.archive.verify.forged_bag import ForgedBag
from tests.note_texts import text_of, texts_of
from tests.world import World
from tests.world.sites.scripted import HOST, POST, Scripted, post_of

HURRIED = partial(View, load_seconds=6.0, rest_seconds=3.0, scroll_seconds=2.0, screens=2, quiet=0.2)


@pytest.fixture(autouse=True)
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(render_pass, "View", HURRIED)


def capture(world: World, folder: Path, *cited: str, bag: str = "T1", **more: Any) -> FetchResult:
    manifest = folder / "sources.toml"
    sources = "".join(f"[[source]]\ncited = {json.dumps(url)}\n" for url in cited)
    manifest.write_text(f'[report]\nid = "T1"\ndate = "2021-05-21"\n\n{sources}', encoding="utf-8")
    settings = FetchSettings(
        connect_to=tuple(world.connect_to), cacerts=(Path(world.ca_file),), delay=0.0, memento=False, browser=True
    )
    return fetch(manifest, folder / bag, settings, **more)


def codes(bag: Path) -> set[str]:
    return {finding.code for finding in verify(bag).findings} - {"redirected-capture", "private-trust"}


def appearances(result: FetchResult) -> list[tuple[bool, str]]:
    facets = [entry.facets.appearance for entry in result.ledger.sources]
    return [(facet.present, text_of(facet.reason)) for facet in facets]


def test_without_a_browser_the_capture_is_made_and_says_why_it_has_no_picture(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(render_pass, "find", lambda: NO_DRIVER)
    with World([Scripted()]) as world:
        result = capture(world, tmp_path, post_of("leads").replace("12", "13"), POST)
    said = "no browser rendered the page: the Python package playwright is missing, which drives the browser: pip install 'evidence-archive[browser]'"
    assert appearances(result) == [(False, said), (False, said)]
    assert [str(entry.status) for entry in result.ledger.sources] == ["captured", "partial"]
    assert not (result.bag / "data/views").exists()
    assert codes(result.bag) == set()
    shown = (result.bag / "data/index.html").read_text("utf-8")
    assert "no browser rendered the page" in shown


def test_without_playwright_or_chromium_it_is_said_which_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    from archive.browser import installed

    monkeypatch.setattr(installed.shutil, "which", lambda _: None)
    monkeypatch.setattr(installed, "_PLACES", ())
    monkeypatch.setattr(installed.importlib.util, "find_spec", lambda _: object())
    assert installed.find() == installed.NO_CHROMIUM
    monkeypatch.setattr(installed.importlib.util, "find_spec", lambda _: None)
    assert installed.find() == installed.NO_DRIVER


@needs_browser
def test_a_browser_that_dies_is_noted_and_the_next_page_gets_a_fresh_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    deaths = ["Browser.crash"]

    async def dying(page: OpenPage, folder: Path) -> RenderedPage:
        if deaths:
            session = await page.tab.context.browser.new_browser_cdp_session()
            await session.send(deaths.pop())
        return await render(page, folder)

    monkeypatch.setattr(render_pass, "render", dying)
    with World([Scripted()]) as world:
        result = capture(world, tmp_path, POST, post_of("hash"))
    assert appearances(result) == [
        (False, "the browser stopped while it rendered the page, so there is no picture of it"),
        (True, ""),
    ]
    first = result.ledger.sources[0]
    assert [note for note in texts_of(first.notes) if note.startswith("the browser stopped while it rendered the page: ")]
    assert (str(first.status), first.reason) == ("partial", "hollow")
    assert {each.url.rpartition("/")[2] for each in first.requisites} >= {"app.js", "post.json", "graphql"}
    assert codes(result.bag) == set()
    failed = tuple(
        replace(each, outcome="failed", reason="timeout") if each.url.endswith("post.json") else each
        for each in first.requisites
    )
    forged = ForgedBag.copy_of(result.bag, tmp_path / "forged")
    forged.set_source("s01", requisites=failed)
    forged.seal_over()
    assert ("verdict-contradicted", "s01") in forged.errors()
    for number, changed in enumerate((_unnoted(first), _noted_otherwise(first))):
        forged = ForgedBag.copy_of(result.bag, tmp_path / f"forged-{number}")
        forged.set_source("s01", notes=changed)
        forged.seal_over()
        assert ("note-contradicted", "s01") in forged.errors()


def _unnoted(entry: SourceEntry) -> tuple[Note, ...]:
    return tuple(each for each in entry.notes if each.code != "browser-broke-because")


def _noted_otherwise(entry: SourceEntry) -> tuple[Note, ...]:
    return (*entry.notes, with_text(note("browser-broke-because", detail="it was slow")))


@needs_browser
def test_a_run_that_is_stopped_while_it_renders_continues_where_it_stopped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn: list[str] = []

    async def stopping(page: OpenPage, folder: Path) -> RenderedPage:
        if drawn:
            _thread.interrupt_main()  # as Ctrl-C does
            await asyncio.sleep(60)
        drawn.append(page.tab.url)
        return await render(page, folder)

    with World([Scripted()]) as world:
        with monkeypatch.context() as patch, pytest.raises(Interrupted):
            patch.setattr(render_pass, "render", stopping)
            capture(world, tmp_path, POST, post_of("hash"))
        half_way = {url: world.urls().count(url) for url in world.urls()}
        result = capture(world, tmp_path, POST, post_of("hash"))
        again = {url: count for url, count in half_way.items() if world.urls().count(url) != count}
    assert appearances(result) == [(True, ""), (True, "")]
    for entry in result.ledger.sources:
        assert {"post.json", "graphql"} <= {each.url.rpartition("/")[2] for each in entry.requisites}
    assert [url for url in again if not url.endswith("/api/graphql")] == []  # a POST may be answered again
    assert codes(result.bag) == set()


@needs_browser
def test_what_an_older_bag_rendered_is_carried_over(tmp_path: Path) -> None:
    cited = POST, f"https://{HOST}/not-there"
    with World([Scripted()]) as world:
        first = capture(world, tmp_path, *cited)
        before = world.count(HOST, "/post/12")
        second = capture(world, tmp_path, *cited, again=True)
        assert world.count(HOST, "/post/12") == before == 1
    old, new = first.ledger.sources[0], second.ledger.sources[0]
    assert old.rendering is not None and new.rendering == old.rendering
    for path in old.rendering.files:
        assert (second.bag / path).read_bytes() == (first.bag / path).read_bytes()
    assert codes(second.bag) == set()


@needs_browser
def test_streams_and_heavy_bodies_are_recorded_but_do_not_go_through_the_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(responder, "SCRIPT_LIMITS", replace(responder.SCRIPT_LIMITS, whole=2.5))
    with World([Scripted()]) as world:
        result = capture(world, tmp_path, post_of("heavy"))
        (big,) = [seen for seen in world.requested() if seen.target == "/big.bin"]
    (entry,) = result.ledger.sources
    observed = {each.url.rpartition("/")[2]: (each.outcome, each.reason) for each in entry.requisites}
    assert (observed["big.bin"], observed["drip"]) == (("captured", None), ("failed", "truncated"))
    assert (str(entry.status), entry.reason) == ("partial", "requisites")
    render = json.loads((result.bag / "data/views/s01/render.json").read_bytes())
    notes = {request["url"].rpartition("/")[2]: request.get("note") for request in render["requests"]}
    assert notes["big.bin"] == f"{34 << 20:,} bytes are too many: the browser got an empty body"
    assert "it got 0 bytes" in (result.bag / "data/views/s01/text.txt").read_text("utf-8")
    assert big.size > 34 << 20
    assert codes(result.bag) == set()


