"""A hostile page tries every way out; a listener on TCP and UDP hears nothing, and a control shows that it would.

Skipped where there is no Chromium.
"""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from archive.browser import BrowserEngine, PageRefusal, PageRequest, PageResponse
from archive.browser.engine import Running
from archive.browser.isolation import OMITTED_SWITCHES, arguments
from archive.browser.page import OpenPage, View, open_page
from tests.archive.browser.shared_browser import FOUND, needs_browser
from tests.world.replies import Request
from tests.world.sites.hostile import HOST, WORDS, Hostile, Sink

pytestmark = needs_browser
BASE = f"https://{HOST}"
SENT = ("TCP_CONNECT_ATTEMPT", "SOCKET_BYTES_SENT", "UDP_BYTES_SENT", "SSL_SOCKET_BYTES_SENT", "DNS_TRANSACTION")
QUESTIONS = ",".join(f"LocalNetworkAccessChecks{kind}" for kind in ("", "WebRTC", "WebSockets", "WebTransport", "Worker"))
WAYS = frozenset(
    {"beacon", "fetch", "xhr", "image", "script", "style", "import", "preload", "prefetch", "frame", "socket", "events"}
    | {"udp", "worker", "shared", "window", "ping", "srcdoc", "blank", "module"}
)
"""Ways that a browser without walls is heard by, however slow the machine; it is heard by twenty more on most."""


@pytest.fixture
def sink() -> Iterator[Sink]:
    with Sink() as listening:
        yield listening


def page_of(site: Hostile, url: str) -> Any:
    return site.reply(Request("https", HOST, "GET", url.removeprefix(BASE), ()))


def visit(
    driver: Any, site: Hostile, log: Path, *, walls: bool, wait: float, until: Callable[[], bool] = lambda: True
) -> None:
    """Open the hostile page with none of its own requests paused: what holds the rest is the walls alone.

    For `wait` seconds, and then again, ten times at the most, as `until` is not true yet: the page leads its own window
    away, on a slow machine before its worker has begun.
    """
    root = ["--no-sandbox"] if not FOUND.has_sandbox else []  # type: ignore[union-attr]
    logged = [f"--log-net-log={log}", "--net-log-capture-mode=Everything"]
    switches = [*(arguments() if walls else ["--disable-features=X"]), *root, *logged]
    # Chromium's own questions before a page may reach this machine: here they would spare the walls the work.
    switches = [word.replace("--disable-features=", f"--disable-features={QUESTIONS},") for word in switches]
    left_out = list(OMITTED_SWITCHES) if walls else []
    place = str(FOUND.chromium)  # type: ignore[union-attr]
    browser = driver.chromium.launch(executable_path=place, args=switches, ignore_default_args=left_out)
    context = browser.new_context()

    def answer(route: Any) -> None:
        said = page_of(site, route.request.url)
        route.fulfill(status=said.status, headers={**dict(said.headers), "content-type": said.type}, body=said.body)

    context.route(f"{BASE}/**", answer)
    for _ in range(10):
        tab = context.new_page()
        tab.goto(f"{BASE}/")
        tab.wait_for_timeout(1000 * wait)
        if until():
            break
    browser.close()
    time.sleep(0.5)


def events(log: Path) -> Counter[str]:
    """How often Chromium says that something went out, by the kind of event."""
    observed = json.loads(log.read_text("utf-8"))
    names = {number: name for name, number in observed["constants"]["logEventTypes"].items()}
    found = Counter(names[event["type"]] for event in observed["events"])
    assert sum(found.values()) > 100
    return Counter({name: count for name, count in found.items() if name in SENT})


def test_walls_alone_block_every_way_out_and_without_them_each_is_received(sink: Sink, tmp_path: Path) -> None:
    from playwright.sync_api import sync_playwright

    site = Hostile(sink)
    with sync_playwright() as driver:
        visit(driver, site, tmp_path / "walls.json", walls=True, wait=2.0)
        held, messages = events(tmp_path / "walls.json"), sorted(sink.kinds())
        visit(driver, site, tmp_path / "control.json", walls=False, wait=2.5, until=lambda: sink.kinds() >= WAYS)
    assert (messages, held) == ([], Counter())
    assert WAYS - sink.kinds() == set()
    assert {"TCP_CONNECT_ATTEMPT", "UDP_BYTES_SENT"} <= set(events(tmp_path / "control.json"))


def test_every_request_of_a_hostile_page_is_answered_by_us_or_by_nobody(sink: Sink) -> None:
    site, requested = Hostile(sink), []

    async def answers(question: PageRequest) -> PageResponse | PageRefusal:
        requested.append(question.url)
        if not question.url.startswith(f"{BASE}/"):
            return PageRefusal("not this page's")
        said = page_of(site, question.url)
        return PageResponse(said.status, "", (*said.headers, ("Content-Type", said.type)), said.body)

    async def look(running: Running) -> tuple[OpenPage, str]:
        async with open_page(running, f"{BASE}/", answers, View(load_seconds=8, rest_seconds=1)) as page:
            await page.settle()
            return page, await page.tab.locator("p").first.inner_text()

    engine = BrowserEngine(FOUND)  # type: ignore[arg-type]
    try:
        page, words = engine.run(look, seconds=60)
    finally:
        engine.close()
    time.sleep(0.5)
    assert sink.messages == []
    assert words == WORDS.strip()
    assert page.tab.url.partition("#")[0] == f"{BASE}/"  # the refresh to a file led nowhere
    observed = {url.rpartition("/")[2] for url in requested}
    assert {"beacon", "image", "frame", "worker.js", "shared.js", "form", "keepalive", "dataframe", "srcdoc"} <= observed
    assert [url for url, _, _ in page.withheld if url.endswith("/socket")]
    assert [url for url in requested if url.startswith("file:")] == []
