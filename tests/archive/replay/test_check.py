"""Captured pages opened again from the bag or the work folder alone. Skipped where there is no Chromium."""

from __future__ import annotations

import json
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path

import pytest
from click.testing import CliRunner

from archive.browser.installed import NO_DRIVER
from archive.browser.page import View
from archive.capture.browser import render_pass
from archive.capture.settings import FetchSettings
from archive.fetch.fetch import FetchResult, fetch, finish_work_folder
from archive.replay import check as replay_check
from archive.replay.check import NoBrowser, check, store
from archive.replay.records import RecordedResponses, open_captures
from archive.replay.viewer import command, replaying
from archive.verify.run import verify
from archive_cli.main import main
from archive_manifests import records
from archive_manifests.ledger import from_json
from tests.archive.browser.shared_browser import FOUND, needs_browser
from tests.world import World
from tests.world.sites.hostile import HOST as HOSTILE
from tests.world.sites.hostile import Hostile, Sink
from tests.world.sites.scripted import COMMENT, HOST, POST, WORDS, Scripted

pytestmark = needs_browser
HURRIED = partial(View, load_seconds=6.0, rest_seconds=2.0, scroll_seconds=4.0, screens=6, quiet=0.2)
NOW = "2026-11-22T12:00:00Z"
PLAYER = Path(os.environ.get("REPLAYWEBPAGE", "node_modules/replaywebpage"))


@pytest.fixture(scope="module")
def held(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[FetchResult, Sink]]:
    """A held work folder with a page that scripts write and a hostile one; the world is gone when it is looked at."""
    folder, patch = tmp_path_factory.mktemp("replay"), pytest.MonkeyPatch()
    patch.setattr(render_pass, "View", HURRIED)
    manifest = folder / "sources.toml"
    cited = "".join(f'[[source]]\ncited = "{url}"\n' for url in (POST, f"https://{HOSTILE}/"))
    manifest.write_text(f'[report]\nid = "T1"\n\n{cited}', encoding="utf-8")
    with Sink() as sink:
        with World([Scripted(), Hostile(sink)]) as world:
            settings = FetchSettings(
                connect_to=tuple(world.connect_to), cacerts=(Path(world.ca_file),), delay=0.0, memento=False, browser=True
            )
            result = fetch(manifest, folder / "T1", settings, hold=True)
        yield result, sink
    patch.undo()


@pytest.fixture
def work(held: tuple[FetchResult, Sink], tmp_path: Path) -> Path:
    return Path(shutil.copytree(held[0].bag, tmp_path / "T1.part"))


def test_a_page_that_scripts_rendered_opens_offline_as_it_was_rendered(work: Path, held: tuple[FetchResult, Sink]) -> None:
    checked = check(work, now=NOW, view=HURRIED())
    observed = {page.source: (page.url, page.missing, page.why_not) for page in checked.pages}
    assert observed == {"s01": (POST, (), None), "s02": (f"https://{HOSTILE}/", (), None)}
    scores = [page.replay.score for page in checked.pages if page.replay is not None]
    assert len(scores) == 2 and min(scores) >= 80
    assert held[1].messages == []  # neither at the capture nor now

    assert store(checked) == 2
    finished = finish_work_folder(work)
    replays = [entry.rendering.replay for entry in finished.ledger.sources if entry.rendering is not None]
    assert replays == [page.replay for page in checked.pages]
    assert from_json((finished.bag / "data/sources.json").read_bytes()).sources == finished.ledger.sources
    shown = (finished.bag / "data/index.html").read_text("utf-8")
    assert f"{scores[0]} of 100, from the records alone; nothing is missing" in shown
    assert "من التسجيلات وحدها؛ لا ينقصها شيء" in shown
    assert {each.code for each in verify(finished.bag).findings} <= {"redirected-capture", "private-trust"}


@pytest.mark.skipif(not (PLAYER / "sw.js").is_file(), reason="ReplayWeb.page is not here: `make test-browser` gets it")
def test_what_scripts_rendered_is_seen_in_replaywebpage_with_the_world_gone(work: Path) -> None:
    from playwright.sync_api import sync_playwright

    finished = finish_work_folder(work).bag
    with replaying(finished, player=PLAYER, installed=Path.cwd()) as served, sync_playwright() as driver:
        words = command(FOUND, Path("unused"), [served.report, served.replay])  # type: ignore[arg-type]
        browser = driver.chromium.launch(executable_path=words[0], args=words[2:-2])
        tab = browser.new_page()
        tab.goto(served.replay)
        shown, ends = "", time.monotonic() + 40
        while WORDS.strip() not in shown and time.monotonic() < ends:
            tab.wait_for_timeout(300)
            inner = [frame for frame in tab.frames if "/w/" in frame.url]
            with suppress(Exception):  # a frame that is just being left
                shown = " ".join(frame.locator("body").inner_text(timeout=2000) for frame in inner[:1])
        browser.close()
    # The comments came by POST: such an answer stands in no index that goes by URLs alone.
    assert WORDS.strip() in shown and COMMENT not in shown


def test_what_the_records_lack_is_named_and_lowers_the_score(work: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    finished = finish_work_folder(work).bag
    log = finished / "data/provenance/records.jsonl"
    retained = [line for line in log.read_bytes().splitlines(True) if b"/api/post.json" not in line]
    log.write_bytes(b"".join(retained))
    before = {path: path.read_bytes() for path in sorted(finished.rglob("*")) if path.is_file()}
    monkeypatch.setattr(replay_check, "SHORT_WAITS", HURRIED(rest_seconds=1.0, screens=2))
    done = CliRunner().invoke(main, ["replay-check", str(finished), "--json"])
    observed = json.loads(done.stdout)
    assert done.exit_code == 1, done.stderr
    assert (observed["schema"], observed["finished"]) == ("archive.replay-check/1", True)
    page = observed["pages"][0]
    assert page["missing"] == [f"https://{HOST}/api/post.json"]
    assert page["score"] < 50 and page["likeness"] < 60
    assert {path: path.read_bytes() for path in sorted(finished.rglob("*")) if path.is_file()} == before


def test_a_post_is_answered_with_what_was_answered_to_it_then(work: Path) -> None:
    from archive.browser import PageRequest

    responses = RecordedResponses(open_captures(work))
    requested = PageRequest(f"https://{HOST}/api/graphql", "POST", "XHR", (), b'{"query":"{comments}"}')
    record = responses.find(requested)
    assert record is not None and record.method == "POST"
    answer = responses._answer(record)
    assert COMMENT.encode() in answer.body  # type: ignore[union-attr]
    assert responses.find(PageRequest(requested.url, "GET", "XHR", (), b"")) is None
    responses.close()


def test_a_query_that_differs_by_chance_alone_finds_its_answer(work: Path) -> None:
    from archive.browser import PageRequest

    finished = finish_work_folder(work).bag
    log = finished / "data/provenance/records.jsonl"
    lines = [records.parse_line(line, n) for n, line in enumerate(log.read_bytes().splitlines(True), start=1)]
    (css,) = [line for line in lines if line.type == "response" and (line.uri or "").endswith("/app.css")]
    responses = RecordedResponses(open_captures(finished))
    responses._put(f"https://{HOST}/data?post=12&_=1637000000001", css)

    def found(query: str) -> bool:
        return responses.find(PageRequest(f"https://{HOST}/data?{query}", "GET", "XHR", (), b"")) is css

    assert found("post=12&_=1637000000999") and found("_=0.123456789&post=12")
    assert not found("post=13&_=1637000000001") and not found("post=12") and not found("post=12&_=1&more=1")
    responses.close()


def test_a_records_log_cannot_lead_out_of_the_bag(work: Path) -> None:
    from archive.browser import PageRefusal, PageRequest

    finished = finish_work_folder(work).bag
    (finished.parent / "outside.warc.gz").write_bytes((finished / "data/archive/s01.warc.gz").read_bytes())
    log = finished / "data/provenance/records.jsonl"
    log.write_bytes(log.read_bytes().replace(b"data/archive/s01.warc.gz", b"data/../../outside.warc.gz"))
    responses = RecordedResponses(open_captures(finished))
    record = responses.find(PageRequest(POST, "GET", "Document", (), b""))
    assert record is not None
    observed = responses._answer(record)
    assert isinstance(observed, PageRefusal) and "cannot be read" in observed.why
    responses.close()


def test_without_a_browser_it_says_what_to_install(work: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(replay_check, "find", lambda: NO_DRIVER)
    with pytest.raises(NoBrowser, match="pip install"):
        check(work, now=NOW)
