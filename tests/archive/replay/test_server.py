"""A bag served on loopback: who may ask, what is answered, what nobody gets; and the player in a window behind walls.

The last needs Chromium and the user's own copy of ReplayWeb.page: `make test-browser` gets it, or REPLAYWEBPAGE=FOLDER.
"""

from __future__ import annotations

import http.client
import io
import os
import shutil
import socket
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from archive.capture.settings import FetchSettings
from archive.errors import BagUnreadable
from archive.fetch.fetch import fetch
from archive.replay import loopback
from archive.replay.player import NoPlayer
from archive.replay.viewer import ReplayAddresses, command, replaying
from archive_cli.main import main
from tests.archive.browser.shared_browser import FOUND, needs_browser
from tests.archive.browser.test_blocked_network import visit
from tests.world import World
from tests.world.sites.coe import BASE, CITED, CouncilOfEurope
from tests.world.sites.hostile import HOST as HOSTILE
from tests.world.sites.hostile import WORDS, Hostile, Sink

PLAYER = Path(os.environ.get("REPLAYWEBPAGE", "node_modules/replaywebpage"))
UI, SW = b"customElements.define('replay-web-page', class extends HTMLElement {});", b"self.onfetch = () => 0;"


@pytest.fixture(scope="module")
def bag(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, Sink]]:
    folder = tmp_path_factory.mktemp("served")
    manifest = folder / "sources.toml"
    cited = "".join(f'[[source]]\ncited = "{url}"\n' for url in (f"https://{HOSTILE}/", f"{BASE}{CITED}"))
    manifest.write_text(f'[report]\nid = "T1"\n\n{cited}', encoding="utf-8")
    with Sink() as sink:
        with World([Hostile(sink), CouncilOfEurope()]) as world:
            settings = FetchSettings(
                connect_to=tuple(world.connect_to), cacerts=(Path(world.ca_file),), delay=0.0, memento=False
            )
            made = fetch(manifest, folder / "T1", settings).bag
        (made / "data/media/s02").mkdir(parents=True)
        (made / "data/media/s02/supplied-01.html").write_text("<script>1</script>")
        (folder / "secret.txt").write_text("not in the bag")
        (made / "data/link.txt").symlink_to(folder / "secret.txt")
        yield made, sink


@pytest.fixture
def player(tmp_path: Path) -> Path:
    (tmp_path / "ui.js").write_bytes(UI)
    (tmp_path / "sw.js").write_bytes(SW)
    return tmp_path


@pytest.fixture
def served(bag: tuple[Path, Sink], player: Path) -> Iterator[ReplayAddresses]:
    with replaying(bag[0], player=player, installed=player) as running:
        yield running


def send_request(address: str, path: str, method: str = "GET", **headers: str) -> tuple[int, dict[str, str], bytes]:
    place, _, below = address.removeprefix("http://").rstrip("/").partition("/")
    path = f"/{below}{path}" if below else path
    connection = http.client.HTTPConnection(place, timeout=10)
    connection.request(method, path, headers={"Host": place, **headers})
    answer = connection.getresponse()
    observed = answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()
    connection.close()
    return observed


def port_of(address: str) -> str:
    return address.split("/")[2].rpartition(":")[2]


def secret_of(address: str) -> str:
    return address.split("/")[3]


def test_page_and_captures_have_an_origin_each_on_loopback(bag: tuple[Path, Sink], served: ReplayAddresses) -> None:
    assert served.report.split(":")[:2] == served.replay.split(":")[:2] == ["http", "//127.0.0.1"]
    assert served.report != served.replay
    status, headers, page = send_request(served.report, "/")
    assert (status, headers["content-type"], page) == (
        200,
        "text/html; charset=utf-8",
        (bag[0] / "data/index.html").read_bytes(),
    )
    assert send_request(served.report, "/bag.wacz")[0] == send_request(served.replay, "/index.html")[0] == 404


def test_every_answer_says_what_its_content_may_not_do(served: ReplayAddresses) -> None:
    requested = [(served.report, "/"), (served.report, "/sources.json"), (served.report, "/none"), (served.replay, "/")]
    for origin, path in [*requested, (served.replay, "/sw.js"), (served.replay, "/ui.js"), (served.replay, "/bag.wacz")]:
        _, headers, _ = send_request(origin, path)
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["cross-origin-resource-policy"] == "same-origin"
        assert headers["referrer-policy"] == "no-referrer"
        policy = headers["content-security-policy"]
        assert "default-src 'none'" in policy or "default-src 'self'" in policy
        assert "webrtc 'block'" in policy
        assert "access-control-allow-origin" not in headers
        assert "http:" not in policy and "ws" not in policy.replace("browsing", "")


def test_another_name_that_leads_here_is_refused(served: ReplayAddresses) -> None:
    port = port_of(served.report)
    for host in ("evil.example", f"evil.example:{port}", "127.0.0.1", f"127.0.0.1:{int(port) + 1}", f"[::1]:{port}", ""):
        assert send_request(served.report, "/", Host=host)[0] == 421
        assert send_request(served.replay, "/bag.wacz", Host=host)[0] == 421
    assert send_request(served.report, "/", Host=f"localhost:{port}")[0] == 200


def test_below_no_other_path_is_anything_so_other_users_of_the_machine_get_nothing(served: ReplayAddresses) -> None:
    for address, name in ((served.report, "sources.json"), (served.replay, "bag.wacz")):
        assert send_request(address, f"/{name}")[0] == 200
        root = f"http://127.0.0.1:{port_of(address)}"
        for path in ("/", f"/{name}", f"/{'0' * 24}/{name}", f"//{name}", f"/{secret_of(address)}", f"/{secret_of(address)}x/{name}"):
            assert send_request(root, path)[0] == 404, path
    assert secret_of(served.report) != secret_of(served.replay)


def test_an_address_on_a_command_line_works_once(served: ReplayAddresses) -> None:
    for once, address in zip(served.windows, (served.report, served.replay), strict=True):
        assert secret_of(address) not in once
        root, path = f"http://127.0.0.1:{port_of(once)}", f"/{secret_of(once)}"
        assert send_request(root, f"{path}/")[0] == send_request(root, f"{path}/bag.wacz")[0] == 404
        status, headers, _ = send_request(root, path)
        assert (status, headers["location"]) == (303, f"/{secret_of(address)}/")
        assert send_request(root, path)[0] == 404


def test_a_connection_on_which_no_request_arrives_is_closed(monkeypatch: pytest.MonkeyPatch, bag: tuple[Path, Sink], player: Path) -> None:
    monkeypatch.setattr(loopback, "_HEAD_SECONDS", 0.3)
    with replaying(bag[0], player=player, installed=player) as running:
        for begun in (b"", b"GET / HTTP/1.1\r\nHost: x\r\n"):
            with socket.create_connection(("127.0.0.1", int(port_of(running.report)))) as slow:
                slow.sendall(begun)
                slow.settimeout(20)
                assert slow.recv(1) == b""


def test_nothing_can_be_written_and_nothing_but_the_bag_is_read(served: ReplayAddresses) -> None:
    for method in ("POST", "PUT", "DELETE", "PATCH", "OPTIONS", "CONNECT"):
        assert send_request(served.report, "/", method)[0] in (400, 405)
    for path in ("/../bagit.txt", "/%2e%2e/bagit.txt", "//etc/passwd", "/..%2f..%2fsecret.txt", "/link.txt", "/media"):
        assert send_request(served.report, path)[0] == 404
    assert send_request(served.report, "/%00")[0] == 404
    status, headers, body = send_request(served.report, "/", "HEAD")
    assert (status, body) == (200, b"") and int(headers["content-length"]) > 1000


def test_a_file_that_could_run_is_handed_over_to_be_saved(served: ReplayAddresses) -> None:
    _, headers, _ = send_request(served.report, "/media/s02/supplied-01.html")
    assert headers["content-type"] == "application/octet-stream"
    assert headers["content-disposition"] == "attachment"
    assert "sandbox" in headers["content-security-policy"]


def test_the_captures_are_one_wacz_whole_and_by_ranges(bag: tuple[Path, Sink], served: ReplayAddresses) -> None:
    _, _, whole = send_request(served.replay, "/bag.wacz")
    opened = zipfile.ZipFile(io.BytesIO(whole))
    assert opened.testzip() is None
    stored = {info.filename: opened.read(info) for info in opened.infolist()}
    assert {info.compress_type for info in opened.infolist()} == {zipfile.ZIP_STORED}
    there = [path for path in sorted(bag[0].glob("data/*/*")) if path.parent.name in ("archive", "indexes", "pages")]
    assert stored == {
        "datapackage.json": (bag[0] / "data/datapackage.json").read_bytes(),
        **{f"{path.parent.name}/{path.name}": path.read_bytes() for path in there},
    }
    for first, last in ((0, 0), (10, 4000), (len(whole) - 30, len(whole) - 1), (5, 10**9)):
        status, headers, part = send_request(served.replay, "/bag.wacz", Range=f"bytes={first}-{last}")
        assert (status, part) == (206, whole[first : last + 1])
        assert headers["content-range"] == f"bytes {first}-{min(last, len(whole) - 1)}/{len(whole)}"
    assert send_request(served.replay, "/bag.wacz", Range="bytes=-22")[2] == whole[-22:]
    assert send_request(served.replay, "/bag.wacz", Range=f"bytes={len(whole)}-")[0] == 416


def test_a_large_wacz_says_its_sizes_in_the_long_form(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    from archive.replay import wacz

    for folder in ("archive", "indexes", "pages"):
        (tmp_path / "data" / folder).mkdir(parents=True)
    (tmp_path / "data/datapackage.json").write_text("{}")
    (tmp_path / "data/archive/s01.warc.gz").write_bytes(bytes(range(256)) * 40)
    monkeypatch.setattr(wacz, "_LONGEST", 5000)
    made = wacz.wacz_of(tmp_path)
    data = b"".join(made.read(0, made.size - 1))
    # Numbers of 5,000 and more stand in the long form only; a reader that looks there finds them.
    patched = data.replace((5000).to_bytes(4, "little"), b"\xff\xff\xff\xff")
    opened = zipfile.ZipFile(io.BytesIO(patched))
    assert opened.read("archive/s01.warc.gz") == bytes(range(256)) * 40


def test_without_a_player_it_says_how_to_get_one_and_how_pywb_does_it(bag: tuple[Path, Sink], tmp_path: Path) -> None:
    with pytest.raises(NoPlayer) as observed, replaying(bag[0], installed=tmp_path):
        pass
    assert "npm pack replaywebpage" in str(observed.value)
    assert f"wb-manager add r {bag[0]}/data/archive/*.warc.gz" in str(observed.value)
    result = CliRunner().invoke(main, ["view", str(bag[0]), "--replay", "--player", str(tmp_path)])
    assert result.exit_code == 3 and "no ui.js and sw.js there" in result.stderr


def test_a_player_beside_the_bag_or_in_the_current_folder_is_never_used(
    bag: tuple[Path, Sink], player: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = tmp_path / "here"
    planted = [here, here / "package", here / "node_modules/replaywebpage"]
    beside = shutil.copytree(bag[0], here / "R1")
    for folder in planted:
        folder.mkdir(parents=True, exist_ok=True)
        for name in ("ui.js", "sw.js"):
            shutil.copy(player / name, folder / name)
    monkeypatch.chdir(here)
    with pytest.raises(NoPlayer), replaying(beside, installed=tmp_path / "not-installed"):
        pass
    with replaying(beside, player=planted[1], installed=tmp_path / "not-installed") as served:
        assert served.replay.startswith("http://127.0.0.1:")


def test_a_page_that_is_not_as_the_bag_lists_it_is_not_served(bag: tuple[Path, Sink], player: Path) -> None:
    place = bag[0] / "data/index.html"
    sound = place.read_bytes()
    try:
        place.write_bytes(sound + b"<script>1</script>")
        with pytest.raises(BagUnreadable, match="lists it"), replaying(bag[0], player=player, installed=player):
            pass
    finally:
        place.write_bytes(sound)


@needs_browser
@pytest.mark.skipif(not (PLAYER / "sw.js").is_file(), reason="ReplayWeb.page is not here: `make test-browser` gets it")
def test_a_hostile_capture_is_replayed_in_the_window_and_reaches_nothing(
    bag: tuple[Path, Sink], tmp_path: Path
) -> None:
    from playwright.sync_api import sync_playwright

    made, sink = bag
    assert sink.messages == []
    with replaying(made, player=PLAYER, installed=Path.cwd()) as served, sync_playwright() as driver:
        words = command(FOUND, Path("unused"), [served.report, served.replay])  # type: ignore[arg-type]
        browser = driver.chromium.launch(executable_path=words[0], args=words[2:-2])
        tab = browser.new_page()
        tab.goto(served.replay)
        ends = time.monotonic() + 30
        shown = ""
        while not (WORDS[:40] in shown or "/download" in shown) and time.monotonic() < ends:
            tab.wait_for_timeout(500)
            inner = [frame for frame in tab.frames if "/w/" in frame.url]
            shown = " ".join(frame.locator("body").inner_text(timeout=2000) for frame in inner[:1])
        tab.wait_for_timeout(2000)
        browser.close()
        assert WORDS[:40] in shown or f"127.0.0.1:{sink.tcp}/download" in shown  # where its scripts send the reader
        assert sink.messages == []
        # The same page in a browser without walls: the sink hears, so its silence says something.
        visit(driver, Hostile(sink), tmp_path / "control.json", walls=False, wait=1.5)
    assert {"beacon", "fetch", "image", "socket", "udp"} <= sink.kinds()
    sink.messages.clear()
