"""The desk in the system's Chromium, driven as a person would, on the loopback internet. Skipped without Chromium.

Screenshots are left in `build/screenshots/desk/` for people to look at.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from archive.verify.run import verify
from archive_manifests.ledger import from_json
from tests.world import World

SHOTS = Path(__file__).parents[3] / "build" / "screenshots" / "desk"
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
AXE = Path(os.environ.get("AXE_CORE", "node_modules/axe-core/axe.min.js"))
LONG, SHORT = 60_000, 15_000
PASSPHRASE = "five words that nobody guesses"

pytestmark = pytest.mark.timeout(600)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    if CHROMIUM is None:
        pytest.skip("there is no Chromium on this machine")
    root = getattr(os, "geteuid", lambda: 1)() == 0
    arguments = ["--host-resolver-rules=MAP rebound.example 127.0.0.1, MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"]
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=arguments + (["--no-sandbox"] if root else [])
        )
        yield browser
        browser.close()


def pilot_pdf(place: Path) -> Path:
    """The pilot report's links as a printed report has them: one is broken over lines, two are misread."""
    from reportlab.pdfgen import canvas

    drawn = canvas.Canvas(str(place), pagesize=(595, 842), invariant=1)
    lines = (
        "Syrian Network for Human Rights, report R210517",
        "",
        "The confessions were published at https://sn4hr.org/blog/2019/04/30/53633/",
        "and the statement on the doctor at sn4hr.org/?p=24105 too.",
        "The film of the session is https://www.youtube.com/watch?v=",
        "ut0DuECJLjs as cited before.",
    )
    for number, line in enumerate(lines):
        drawn.drawString(60, 760 - 18 * number, line)
    drawn.showPage()
    # The mark of a note in the size of the text, right behind the address: nobody but a reader can tell them apart.
    drawn.drawString(60, 760, "Detained as hostages: https://sn4hr.org/?p=557687")
    drawn.drawString(60, 742, "A page that is gone: https://sn4hr.org/nothing-is-here")
    drawn.save()
    return place


class DeskProcess:
    """`archive desk`, started as a person starts it; its link is the second line."""

    def __init__(self, folder: Path, world: World, *more: str) -> None:
        words = [word for word in world.cli_args if word != "--no-browser"]
        self.folder = folder
        self._command = [
            sys.executable, "-m", "archive_cli", "desk", str(folder), "--no-open", "--keys", str(folder.parent / "keys"),
            "--no-browser", *words, *more,
        ]  # fmt: skip
        self.start()

    def start(self) -> None:
        self._process = subprocess.Popen(self._command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        assert self._process.stdout is not None
        self._process.stdout.readline()
        self.link = self._process.stdout.readline().strip()

    def kill(self) -> None:
        self._process.kill()
        self._process.wait()

    def end(self) -> None:
        self._process.terminate()
        self._process.wait(20)


@dataclass
class Seat:
    """A person at the desk: a tab, with everything that it requested and complained of."""

    tab: Any
    requested: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def shot(self, name: str) -> None:
        SHOTS.mkdir(parents=True, exist_ok=True)
        self.tab.wait_for_load_state("load")  # with its style sheet: before that, nothing has its place
        picture = self.tab.screenshot(path=SHOTS / f"{name}.png", full_page=True)
        width = int.from_bytes(picture[16:20], "big")  # PNG, third edition, section 11.2.1
        assert width == self.tab.viewport_size["width"], f"{name} is {width} pixels wide"

    def at(self, screen: str, seconds: int = SHORT) -> None:
        self.tab.wait_for_url(lambda url: screen in url, timeout=seconds)

    def click(self, selector: str) -> None:
        self.tab.locator(selector).first.click()

    @property
    def origin(self) -> str:
        return "/".join(self.tab.url.split("/")[:3])


Open = Callable[..., Seat]


@pytest.fixture
def seats(chromium: Any) -> Iterator[Open]:
    contexts = []

    def opened(link: str, *, width: int = 1600, scheme: str = "light", locale: str = "en-GB") -> Seat:
        size = {"width": width, "height": 900}
        context = chromium.new_context(viewport=size, color_scheme=scheme, locale=locale)
        contexts.append(context)
        seat = Seat(context.new_page())
        seat.tab.on("request", lambda request: seat.requested.append(request.url))
        seat.tab.on("console", lambda message: seat.complaints.append(message.text))
        seat.tab.on("pageerror", lambda error: seat.complaints.append(str(error)))
        seat.tab.goto(link)
        seat.tab.wait_for_url(lambda url: "/open" not in url, timeout=SHORT)
        return seat

    yield opened
    for context in contexts:
        context.close()


@pytest.fixture
def desk(world: World, tmp_path: Path) -> Iterator[Callable[..., DeskProcess]]:
    started: list[DeskProcess] = []

    def start(*more: str) -> DeskProcess:
        folder = tmp_path / "my reports"
        folder.mkdir(exist_ok=True)
        started.append(DeskProcess(folder, world, *more))
        return started[-1]

    yield start
    for process in started:
        with contextlib.suppress(OSError, subprocess.TimeoutExpired):
            process.end()


def require_accessible(seat: Seat, what: str) -> None:
    """Nothing that axe-core calls a violation. The script is put in by the test; the desk's policy is as it is."""
    if not AXE.is_file():
        return
    seat.tab.evaluate(AXE.read_text("utf-8") + "; window.axe = axe; 0")
    rules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
    found = seat.tab.evaluate("rules => axe.run(document, {runOnly: rules}).then(found => found.violations)", rules)
    shown = [(one["id"], [node["html"][:160] for node in one["nodes"]][:3]) for one in found]
    assert shown == [], what


def require_fits(seat: Seat, what: str) -> None:
    """Nothing makes the page scroll sideways."""
    wide = seat.tab.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0, f"{what}: {wide} pixels too wide"


def looked_at(seat: Seat, name: str) -> None:
    seat.shot(name)
    require_fits(seat, name)
    require_accessible(seat, name)


def test_a_report_becomes_a_signed_bag_without_a_terminal(
    desk: Callable[..., DeskProcess], seats: Open, world: World, tmp_path: Path
) -> None:
    opened = desk("--delay", "0.3", "--demonstration")
    seat = seats(opened.link)
    tab = seat.tab
    looked_at(seat, "en-1-shelf-empty")
    tab.set_input_files("#dropped", pilot_pdf(tmp_path / "R210517.pdf"))

    seat.at("/review", LONG)
    looked_at(seat, "en-2-review")
    assert world.log == []
    uncertain = tab.locator("article.source.uncertain")
    assert uncertain.count() == 2
    tab.locator("#s02 input[name=reading][value='0']").check()  # printed without https://
    tab.locator("#s02 form.decide button[value=save]").click()
    tab.locator("#s03 button[value=accept]").click()  # broken over two lines, and joined rightly
    seat.at("/review", LONG)
    tab.goto(f"{tab.url.split('?')[0].split('#')[0]}?page=2")
    looked_at(seat, "en-2-review-page-2")
    tab.locator("#s04 summary").first.click()
    tab.locator("#s04 input[name=reading][value=own]").check()  # the mark of a note was read as a digit
    tab.locator("#s04 input[name=own]").fill("https://sn4hr.org/?p=55768")
    tab.locator("#s04 form.decide button[value=save]").click()
    tab.locator("#s04.settled").wait_for(timeout=SHORT)
    assert world.log == []

    seat.click("a.button.main[href$='/seen']")
    seat.at("/seen")
    tab.locator("input[name=media]").uncheck()
    looked_at(seat, "en-3-seen")
    assert world.log == []
    seat.click("button[value=start]")

    seat.at("/run")
    tab.locator("li.card.at-work").first.wait_for(timeout=SHORT)
    seat.shot("en-4-run")
    require_fits(seat, "run")
    seat.click("button[value=pause]")
    tab.locator("button[value=resume]").wait_for(timeout=LONG)
    looked_at(seat, "en-4-run-stopped")
    requested = len(world.log)
    time.sleep(1.5)
    assert len(world.log) == requested  # stopped is stopped
    seat.click("button[value=resume]")
    tab.locator("button[value=pause]").wait_for(timeout=SHORT)
    opened.kill()  # a crash of the desk, while the capture continues without it
    for _ in range(600):
        if len(world.log) > requested:
            break
        time.sleep(0.05)
    assert len(world.log) > requested
    opened.start()
    seat = seats(opened.link)
    tab = seat.tab
    looked_at(seat, "en-1-shelf")
    seat.click(".shelf a.button")
    tab.wait_for_url(lambda url: "/run" in url or "/gaps" in url, timeout=SHORT)
    if "/run" in tab.url:  # else it ended while nobody looked
        tab.locator("a.button.main[href$='/gaps']").wait_for(timeout=LONG)
        seat.shot("en-4-run-done")
        seat.click("a.button.main[href$='/gaps']")
    seat.at("/gaps")
    looked_at(seat, "en-5-gaps")
    gap = tab.locator("article.gap#s05")
    gap.locator("summary", has_text="Add your own file").click()
    picture = tmp_path / "shot.png"
    picture.write_bytes(b"\x89PNG\r\n\x1a\n screen")
    gap.locator("input[type=file]").set_input_files(picture)
    gap.locator("input[name=how]").fill("screenshot of 2021")
    gap.locator("input[name=by]").first.fill("c7")
    gap.locator("button[value=supply]").click()
    tab.locator("article.gap#s05").wait_for(state="detached", timeout=LONG)
    seat.click("a.button.main[href$='/finish']")

    seat.at("/finish")
    looked_at(seat, "en-6-finish")
    seat.click("main form button.main")
    tab.locator("#fingerprint").wait_for(timeout=LONG)
    looked_at(seat, "en-6-fingerprint")
    fingerprint = tab.locator("#fingerprint").inner_text().strip()
    seat.click("a[href$='/look']")
    seat.at("/look")
    looked_at(seat, "en-5-look")
    seat.click("button[value=test]")
    tab.locator(".beside img").first.wait_for(timeout=LONG)
    for width in (390, 800, 1600):
        tab.set_viewport_size({"width": width, "height": 900})
        looked_at(seat, f"en-5-look-replayed-{width}")
    tab.go_back()
    seat.click("a[href$='/sign']")

    seat.at("/sign")
    looked_at(seat, "en-7-sign")
    tab.fill("#key-name", "c7")
    tab.fill("#new-pass", PASSPHRASE)
    tab.fill("#new-again", PASSPHRASE)
    seat.click("button[value=make]")
    tab.locator("input[name=key][value=c7]").wait_for(timeout=SHORT)
    looked_at(seat, "en-7-sign-key")
    tab.fill("#passphrase", PASSPHRASE)
    seat.click("button[value=sign]")
    seat.at("/stamp", LONG)
    looked_at(seat, "en-8-stamp")
    seat.click("button[value=queue]")
    seat.at("/statement", LONG)
    looked_at(seat, "en-8-statement")
    seat.click("a.button.main[href$='/pack']")

    seat.at("/pack")
    looked_at(seat, "en-9-pack")
    seat.click("button[value=pack]")
    tab.locator("#files a").first.wait_for(timeout=LONG)
    looked_at(seat, "en-9-packed")
    with tab.expect_download() as download:
        tab.locator("#files a", has_text="R210517.tar").first.click()
    package = tmp_path / "R210517.tar"
    download.value.save_as(package)

    tab.goto(seat.origin + "/" + tab.url.split("/")[3] + "/")
    looked_at(seat, "en-1-shelf-bag")
    tab.set_input_files("#dropped", package)
    tab.locator("ul.answers").wait_for(timeout=LONG)
    looked_at(seat, "en-10-check")
    assert fingerprint in tab.content()
    assert tab.locator(".answer.no").count() == 0 and tab.locator(".outcome.fine").count() == 1

    bag = opened.folder / "R210517"
    found = verify(bag)
    assert found.errors == 0 and found.tagmanifest is not None and found.tagmanifest.value == fingerprint
    ledger = from_json((bag / "data/sources.json").read_bytes())
    assert [str(entry.status) for entry in ledger.sources] == ["captured", "captured", "partial", "captured", "supplied"]
    assert "https://sn4hr.org/?p=557687" not in world.urls() and "https://sn4hr.org/?p=55768" in world.urls()
    assert {url for url in seat.requested if not url.startswith(seat.origin)} == set()
    assert seat.complaints == []


class Keys:
    """A person without a mouse: Tab, Shift+Tab, arrows, blanks and Enter alone."""

    def __init__(self, tab: Any) -> None:
        self._tab = tab

    def reach(self, selector: str) -> None:
        """Press Tab until the element has the focus, and see that it is visible there."""
        for _ in range(250):
            if self._tab.evaluate("selector => document.activeElement.matches(selector)", selector):
                box = self._tab.evaluate("document.activeElement.getBoundingClientRect().toJSON()")
                assert box["width"] > 0 and box["right"] > 0 and box["left"] < 390, selector
                return
            self._tab.keyboard.press("Tab")
        raise AssertionError(f"no way with Tab to {selector}")

    def press(self, selector: str, key: str = "Enter") -> None:
        self.reach(selector)
        self._tab.keyboard.press(key)

    def type(self, selector: str, text: str) -> None:
        self.reach(selector)
        self._tab.keyboard.press("Control+A")
        self._tab.keyboard.type(text)


def test_the_same_in_arabic_on_a_telephone_with_the_keyboard_alone(
    desk: Callable[..., DeskProcess], seats: Open, world: World, tmp_path: Path
) -> None:
    opened = desk("--delay", "0.1")
    seat = seats(opened.link, width=390, scheme="dark")
    tab, keys = seat.tab, Keys(seat.tab)
    keys.press(".languages button[value=ar]")
    tab.locator("html[dir=rtl][lang=ar]").wait_for(timeout=SHORT)
    looked_at(seat, "ar-1-shelf-empty")
    keys.reach("#dropped")
    tab.set_input_files("#dropped", pilot_pdf(tmp_path / "R210517.pdf"))

    seat.at("/review", LONG)
    looked_at(seat, "ar-2-review")
    keys.press("#s02 button[value=accept]")
    tab.locator("#s02.settled").wait_for(timeout=SHORT)
    keys.press("#s03 button[value=accept]")
    tab.locator("#s03.settled").wait_for(timeout=SHORT)
    keys.press("#s04 summary")
    keys.reach("#s04 input[name=reading]")
    tab.keyboard.press("ArrowDown")
    keys.type("#s04 input[name=own]", "https://sn4hr.org/?p=55768")
    keys.press("#s04 form.decide button[value=save]")
    tab.locator("#s04.settled").wait_for(timeout=SHORT)
    keys.press("a.button.main[href$='/seen']")

    seat.at("/seen")
    keys.press("input[name=media]", " ")
    looked_at(seat, "ar-3-seen")
    keys.press("button[value=start]")
    seat.at("/run")
    seat.shot("ar-4-run")
    tab.locator("a.button.main[href$='/gaps']").wait_for(timeout=LONG)
    looked_at(seat, "ar-4-run-done")
    keys.press("a.button.main[href$='/gaps']")
    seat.at("/gaps")
    looked_at(seat, "ar-5-gaps")
    keys.press("#s05 details:last-of-type summary")
    keys.type("#s05-note", "شوهدت على ورق")
    keys.press("#s05 button[value=attest]")
    tab.locator("#s05 .note.calm").wait_for(timeout=LONG)
    keys.press("a.button.main[href$='/finish']")
    seat.at("/finish")
    looked_at(seat, "ar-6-finish")
    keys.press("main form button.main")
    tab.locator("#fingerprint").wait_for(timeout=LONG)
    looked_at(seat, "ar-6-fingerprint")
    keys.press("a.button.main[href$='/sign']")
    seat.at("/sign")
    keys.type("#new-pass", PASSPHRASE)
    keys.type("#new-again", PASSPHRASE)
    looked_at(seat, "ar-7-sign")
    keys.press("button[value=make]")
    tab.locator("input[name=key]").wait_for(timeout=SHORT)
    keys.type("#passphrase", PASSPHRASE)
    keys.press("button[value=sign]")
    seat.at("/stamp", LONG)
    looked_at(seat, "ar-8-stamp")
    keys.press("button[value=queue]")
    seat.at("/statement", LONG)
    looked_at(seat, "ar-8-statement")
    keys.press("a.button.main[href$='/pack']")
    seat.at("/pack")
    keys.press("button[value=pack]")
    tab.locator("#files a").first.wait_for(timeout=LONG)
    looked_at(seat, "ar-9-packed")
    keys.press("a[href$='/check']")
    seat.at("/check")
    keys.press("main form button.main")
    tab.locator("ul.answers").wait_for(timeout=LONG)
    looked_at(seat, "ar-10-check")
    assert tab.locator(".outcome.fine").count() == 1
    assert verify(opened.folder / "R210517").errors == 0
    assert {url for url in seat.requested if not url.startswith(seat.origin)} == set()
    assert seat.complaints == []


HOSTILE = """<!doctype html><title>hostile</title><script>
const desk = "DESK", secret = "SECRET", results = [];
const tried = async (name, work) => { try { results.push([name, await work()]); } catch (error) { results.push([name, "failed"]); } };
(async () => {
  await tried("read", async () => (await fetch(desk + "/" + secret + "/", {credentials: "include"})).text());
  await tried("blind", async () => (await fetch(desk + "/" + secret + "/stop", {method: "POST", mode: "no-cors", credentials: "include"})).type);
  await tried("json", async () => (await fetch(desk + "/" + secret + "/upload?name=x", {method: "PUT", credentials: "include", body: "x"})).status);
  await tried("open", async () => (await fetch(desk + "/open", {method: "POST", body: "guess"})).status);
  await tried("image", () => new Promise((done) => { const image = new Image(); image.onload = () => done("loaded"); image.onerror = () => done("refused"); image.src = desk + "/" + secret + "/static/icon.svg"; }));
  await tried("script", () => new Promise((done) => { const script = document.createElement("script"); script.onload = () => done("loaded"); script.onerror = () => done("refused"); script.src = desk + "/" + secret + "/static/desk.js"; document.body.append(script); }));
  const frame = document.createElement("iframe"); frame.src = desk + "/" + secret + "/"; document.body.append(frame);
  await new Promise((done) => { frame.onload = done; setTimeout(done, 1500); });
  await tried("frame", () => { try { return frame.contentDocument ? "readable" : "closed"; } catch { return "closed"; } });
  document.title = JSON.stringify(results);
})();
</script><body></body><form id=f method=post action="DESK/SECRET/stop"></form>"""


@contextlib.contextmanager
def another_port(page: str) -> Iterator[str]:
    """A page on another port of this machine, such as a replayed capture or a program that somebody else runs."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(page.encode())

        def log_message(self, *_: object) -> None: ...

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, args=(0.1,), daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


def test_a_hostile_page_in_another_tab_gets_and_changes_nothing(
    desk: Callable[..., DeskProcess], seats: Open, tmp_path: Path
) -> None:
    import json

    opened = desk()
    seat = seats(opened.link)
    secret = seat.tab.url.split("/")[3]  # worse than real: the page knows the secret path
    page = HOSTILE.replace("DESK", seat.origin).replace("SECRET", secret)
    with another_port(page) as address:
        tab = seat.tab.context.new_page()  # the same browser, with the desk's cookie
        tab.goto(address)
        tab.wait_for_timeout(500)
        for _ in range(60):
            if tab.title().startswith("["):
                break
            tab.wait_for_timeout(100)
        results = dict(json.loads(tab.title()))
        assert results["read"] == "failed" and results["json"] == "failed" and results["open"] == "failed"
        assert results["image"] == "refused" and results["script"] == "refused" and results["frame"] == "closed"
        tab.evaluate("document.getElementById('f').submit()")  # a form that leads there: 403, nothing done
        tab.wait_for_timeout(300)
    seat.tab.reload()
    assert seat.tab.locator("#dropped").count() == 1  # still there


def test_the_file_that_the_desk_has_the_browser_open_leads_to_it(
    desk: Callable[..., DeskProcess], chromium: Any
) -> None:
    """A page at `file:` is another site to a browser, and this is how everybody opens the desk."""
    opened = desk()
    context = chromium.new_context()
    tab = context.new_page()
    tab.goto((opened.folder / ".desk" / "open.html").as_uri())
    tab.locator("#dropped").wait_for(timeout=SHORT)
    context.close()


def test_a_browser_that_is_not_let_in_reads_what_to_do_in_its_language(
    desk: Callable[..., DeskProcess], seats: Open, chromium: Any
) -> None:
    opened = desk()
    seat = seats(opened.link, locale="ar")
    assert seat.tab.locator("html").get_attribute("lang") == "ar"  # the first browser's language is the desk's
    context = chromium.new_context(locale="fr-FR", viewport={"width": 390, "height": 900}, color_scheme="dark")
    other = Seat(context.new_page())
    for name, address in (("denied", seat.tab.url), ("used", opened.link)):
        other.tab.goto(address)
        other.tab.locator("#used").wait_for(timeout=SHORT)
        assert other.tab.locator("html").get_attribute("lang") == "fr" and other.tab.locator("ol li").count() == 3
        looked_at(other, f"fr-0-{name}")
    context.close()


def test_cookies_of_another_port_of_this_machine_lock_nobody_out(desk: Callable[..., DeskProcess], seats: Open) -> None:
    """Cookies know no ports: a page that any program of this machine serves shares the jar."""
    seat = seats(desk().link)
    tossed = """<title>x</title><script>for (const c of ["archive-desk=tossed", "a b=c", "[x]={", "archive-desk"])
        document.cookie = c + "; path=/";</script>"""
    with another_port(tossed) as address:
        tab = seat.tab.context.new_page()
        tab.goto(address)
        assert "tossed" in tab.evaluate("document.cookie")
    seat.tab.reload()
    assert seat.tab.locator("#dropped").count() == 1


def test_a_page_of_a_desk_that_has_ended_says_so(desk: Callable[..., DeskProcess], seats: Open) -> None:
    opened = desk()
    seat = seats(opened.link)
    assert seat.tab.locator("#gone").is_hidden()
    opened.end()
    seat.tab.locator("#gone").wait_for(timeout=40_000)
    looked_at(seat, "en-0-gone")


def test_a_name_that_is_rebound_to_this_machine_gets_nothing(desk: Callable[..., DeskProcess], seats: Open) -> None:
    opened = desk()
    seat = seats(opened.link)
    port, secret = seat.origin.rpartition(":")[2], seat.tab.url.split("/")[3]
    tab = seat.tab.context.new_page()
    answers: list[int] = []
    tab.on("response", lambda response: answers.append(response.status))
    for path in ("/open", f"/{secret}/", "/"):
        with contextlib.suppress(Exception):  # Chromium shows its own page for an empty answer
            tab.goto(f"http://rebound.example:{port}{path}")
    assert answers == [421, 421, 421]


def test_the_desk_listens_on_one_address_of_this_machine_alone(desk: Callable[..., DeskProcess]) -> None:
    port = int(desk().link.split("#")[0].split(":")[2].split("/")[0])
    with socket.create_connection(("127.0.0.1", port), 1):
        pass
    with pytest.raises(OSError), socket.create_connection(("127.0.0.2", port), 1):  # loopback too, and not ours
        pass
