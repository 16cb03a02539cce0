"""The page as a browser draws it: from `file://`, with the network cut. Skipped where there is no Chromium.

Screenshots and a print are left in `build/screenshots/` for people to look at.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import struct
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from archive.page.page import render_page
from archive.page.page_content import PageContent
from archive_manifests.ledger import to_json
from tests.archive.page.sample_ledger import HOSTILE, Pilot, every_verdict

SHOTS = Path(__file__).parents[3] / "build" / "screenshots"
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
AXE = os.environ.get("AXE_CORE", "node_modules/axe-core/axe.min.js")
"""Where axe-core's one file lies: `make test-browser` gets it."""


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    if CHROMIUM is None:
        pytest.skip("there is no Chromium on this machine")
    arguments = ["--host-resolver-rules=MAP * ~NOTFOUND", *(["--no-sandbox"] if _is_root() else [])]
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=arguments)
        yield browser
        browser.close()


def _is_root() -> bool:
    return getattr(os, "geteuid", lambda: 1)() == 0


def short_pilot() -> Pilot:
    pilot = Pilot()
    pilot.text = re.sub("\n\\s*\n", "\n", pilot.text)  # a shorter page renders faster
    return pilot


@pytest.fixture(scope="module")
def page_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The pilot's page with its files beside it."""
    pilot = short_pilot()
    bag = tmp_path_factory.mktemp("bag") / "R210517"
    for path in pilot.files:
        (bag / path).parent.mkdir(parents=True, exist_ok=True)
        (bag / path).write_bytes(_png(40, 60) if path.endswith(".png") else b"")
    (bag / "data/media/s09/photo.jpg").write_bytes(_png(80, 60))
    (bag / "data/index.html").write_text(render_page(PageContent(**pilot.arguments())), "utf-8")
    return bag / "data/index.html"


def _png(width: int, height: int) -> bytes:
    """A picture of one colour. (PNG, second edition, section 5)"""
    rows = (b"\0" + b"\x7a\x1f\x2b" * width) * height
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = [b"IHDR" + header, b"IDAT" + zlib.compress(rows), b"IEND"]
    sealed = [struct.pack(">I", len(chunk) - 4) + chunk + struct.pack(">I", zlib.crc32(chunk)) for chunk in chunks]
    return b"\x89PNG\r\n\x1a\n" + b"".join(sealed)


@dataclass
class Seen:
    """A page in a tab, with its requests and its errors."""

    tab: Any
    requested: list[str]
    complaints: list[str]

    def wait_for(self, expression: str) -> None:
        """Ask again until it is so; playwright's own waiting needs `eval`, which the page's policy forbids."""
        for _ in range(100):
            if self.tab.evaluate(expression):
                return
            self.tab.wait_for_timeout(50)
        raise AssertionError(f"never came true: {expression}")


Opener = Callable[..., Seen]


@pytest.fixture
def open_page(chromium: Any) -> Iterator[Opener]:
    contexts = []

    def opened(file: Path, fragment: str = "", width: int = 1_200, scheme: str = "light") -> Seen:
        context = chromium.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
        contexts.append(context)
        seen = Seen(context.new_page(), [], [])
        seen.tab.on("request", lambda request: seen.requested.append(request.url))
        seen.tab.on("requestfailed", lambda request: request.failure == "csp" and seen.requested.remove(request.url))
        seen.tab.on("console", lambda message: seen.complaints.append(message.text))
        seen.tab.on("pageerror", lambda error: seen.complaints.append(str(error)))
        seen.tab.goto(f"{file.as_uri()}{fragment}")
        return seen

    yield opened
    for context in contexts:
        context.close()


def test_the_page_requests_nothing_but_its_own_files(open_page: Opener, page_file: Path) -> None:
    seen = open_page(page_file)
    seen.tab.evaluate("document.querySelectorAll('details').forEach(details => details.open = true)")
    seen.tab.locator("#en-s09").scroll_into_view_if_needed()
    seen.wait_for("document.querySelector('#en-s09 .aside img').complete")
    data = page_file.parent.as_uri()
    assert {url for url in seen.requested if not url.startswith(f"{data}/")} == set()
    assert f"{data}/media/s09/photo.jpg" in seen.requested
    assert seen.complaints == []


def test_the_policy_lets_pictures_of_the_bag_through(open_page: Opener, page_file: Path) -> None:
    seen = open_page(page_file)
    seen.tab.locator("#en-s09").scroll_into_view_if_needed()
    seen.wait_for("document.querySelector('#en-s09 .aside img').complete")
    assert seen.tab.evaluate("document.querySelector('#en-s09 .aside img').naturalWidth") == 80


def test_a_program_that_got_in_would_not_run(open_page: Opener, page_file: Path) -> None:
    forged = page_file.with_name("forged.html")
    run = "document.title='run'"
    inside = f'<script>{run}</script><img src=x onerror="{run}"><img src="http://a.example/">'
    forged.write_text(page_file.read_text("utf-8").replace("<main>\n", f"<main>\n{inside}", 1), "utf-8")
    seen = open_page(forged)
    seen.tab.wait_for_timeout(200)
    assert seen.tab.title() != "run"
    assert [url for url in seen.requested if url.startswith("http")] == []
    assert len([observed for observed in seen.complaints if "Content Security Policy" in observed]) >= 3


def test_covered_pictures_are_not_even_loaded(open_page: Opener, page_file: Path) -> None:
    seen = open_page(page_file)
    seen.tab.locator("#en-s01").scroll_into_view_if_needed()
    seen.tab.wait_for_timeout(300)
    assert [url for url in seen.requested if "/views/s01/" in url] == []
    seen.tab.click("#en-s01 .aside summary")
    seen.wait_for("document.querySelector('#en-s01 .aside img').naturalWidth == 40")


@pytest.mark.parametrize("language", ["en", "ar"])
def test_nothing_runs_over_the_edge_of_a_screen(open_page: Opener, page_file: Path, language: str) -> None:
    tab = open_page(page_file, f"#{language}").tab
    tab.evaluate("document.querySelectorAll('details').forEach(details => details.open = true)")
    for width in (320, 390, 768, 1_200):
        tab.set_viewport_size({"width": width, "height": 900})
        assert tab.evaluate("document.documentElement.scrollWidth") <= width


def test_one_language_is_shown_at_a_time_and_links_keep_it(open_page: Opener, page_file: Path) -> None:
    tab = open_page(page_file).tab
    shown = "['en', 'ar'].filter(code => document.getElementById(code).offsetHeight > 0)"
    assert tab.evaluate(shown) == ["en"]
    tab.click("#en .languages a")
    assert tab.evaluate(shown) == ["ar"]
    tab.click("#ar-s02 .place-link")
    assert tab.evaluate(shown) == ["ar"]
    tab.click("a.to-card[data-language=ar][href='#ar-s02'] >> nth=0")
    assert tab.evaluate("location.hash") == "#ar-s02"
    tab.click("#ar .languages a")
    assert tab.evaluate(shown) == ["en"]


def test_an_address_reads_from_left_to_right_in_arabic_too(open_page: Opener, page_file: Path) -> None:
    tab = open_page(page_file, "#ar").tab
    places = tab.evaluate(
        """() => {
            const text = document.querySelector('#ar-s01 .cited bdi').firstChild, range = document.createRange();
            const left = at => {
                range.setStart(text, at); range.setEnd(text, at + 1);
                return range.getBoundingClientRect().left;
            };
            return [left(0), left(4), left(text.length - 1)];
        }"""
    )
    assert places == sorted(places)


def test_a_print_has_the_folded_text_a_footer_and_no_controls_or_blank_sheets(open_page: Opener, page_file: Path) -> None:
    tab = open_page(page_file).tab
    tab.emulate_media(media="print")
    assert tab.locator("#en-s01 .files a").first.is_visible()
    assert not tab.locator("#en-s01 .aside img").is_visible()
    assert not tab.locator("#en .languages").is_visible()
    SHOTS.mkdir(parents=True, exist_ok=True)
    tab.pdf(path=SHOTS / "page-en.pdf", prefer_css_page_size=True)
    sheets = [" ".join(sheet.extract_text().split()) for sheet in PdfReader(SHOTS / "page-en.pdf").pages]
    digest = hashlib.sha256(to_json(short_pilot().ledger()).encode()).hexdigest()
    for number, sheet in enumerate(sheets, start=1):
        assert f"{number} / {len(sheets)}" in sheet
        assert f"R210517 · SHA-256 of sources.json: {digest}" in sheet
        assert "DEMONSTRATION" in sheet
    printed = " ".join(sheets)
    assert [ident for ident in (entry.id for entry in Pilot().ledger().sources) if f" {ident} " not in printed] == []
    for control in ("This page in English", "Go to the sources", "On this page", "Show the picture"):
        assert control not in printed
    # A nearly blank sheet has the margins' text and little else.
    assert [number for number, sheet in enumerate(sheets[:-1], start=1) if len(sheet) < 900] == []


@pytest.mark.parametrize(
    ("name", "language", "width", "scheme"),
    [
        ("page-en-wide", "en", 1_200, "light"),
        ("page-en-narrow", "en", 390, "light"),
        ("page-ar-narrow-dark", "ar", 390, "dark"),
    ],
)
def test_people_can_look_at_what_it_looks_like(
    open_page: Opener, page_file: Path, name: str, language: str, width: int, scheme: str
) -> None:
    seen = open_page(page_file, f"#{language}", width, scheme)
    SHOTS.mkdir(parents=True, exist_ok=True)
    shot = SHOTS / f"{name}.png"
    seen.tab.screenshot(path=shot, full_page=True)
    assert struct.unpack(">I", shot.read_bytes()[16:20]) == (width,)
    paper = seen.tab.evaluate("getComputedStyle(document.documentElement).backgroundColor")
    assert paper == ("rgb(22, 24, 27)" if scheme == "dark" else "rgb(252, 251, 248)")


@pytest.mark.parametrize(("language", "width", "scheme"), [("en", 1_200, "light"), ("ar", 390, "dark")])
def test_axe_finds_nothing_to_mend(
    open_page: Opener, page_file: Path, language: str, width: int, scheme: str
) -> None:
    assert _violations(open_page(page_file, f"#{language}", width, scheme)) == []


def test_axe_finds_nothing_on_a_page_of_every_verdict_and_hostile_text(open_page: Opener, tmp_path: Path) -> None:
    file = tmp_path / "index.html"
    file.write_text(render_page(PageContent(ledger=every_verdict(), text=HOSTILE, files={})), "utf-8")
    seen = open_page(file)
    assert _violations(seen) == []
    assert seen.complaints == []


def _violations(seen: Seen) -> list[tuple[str, list[str]]]:
    """What axe-core says against a page, all folds opened."""
    axe = Path(AXE)
    if not axe.is_file():
        pytest.skip("axe-core is not there: `make test-browser` gets it, or name its file in AXE_CORE")
    seen.tab.evaluate("document.querySelectorAll('details').forEach(details => details.open = true)")
    # Through the debugger, which the page's policy does not bind.
    seen.tab.evaluate(f"{axe.read_text('utf-8')}; null")
    found = seen.tab.evaluate("axe.run(document, {resultTypes: ['violations']})")
    assert found["passes"]
    return [(each["id"], [node["html"][:120] for node in each["nodes"][:3]]) for each in found["violations"]]
