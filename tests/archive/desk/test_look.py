"""The look at a bag: its page, each picture beside the page as it opens again, and no replay in the person's browser."""

from __future__ import annotations

import re
import struct
import zlib
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from archive.browser.installed import Installed
from archive.corroborate.corroborate import corroborate
from archive.corroborate.countersign import read_folder, write_corroboration
from archive.corroborate.standing import corroboration_folder
from archive.desk import replay_window
from archive.desk.screens import look
from archive.replay.check import PageScore, ReplayCheck
from archive.replay.player import FILES
from archive_manifests.corroboration import FILE, to_json
from archive_manifests.ledger import Replay
from tests.archive.desk.desk_client import DeskClient
from tests.archive.desk.test_whole_path import client, finished
from tests.world import World

__all__ = ["client"]
REPORT = b"https://sn4hr.org/?p=55768 and https://sn4hr.org/?p=24105\n"


def png(shade: int) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(bytes([0, shade]))) + chunk(b"IEND", b"")


@pytest.fixture
def shown(client: DeskClient, world: World) -> tuple[str, Path]:
    return finished(client, REPORT)


def with_player(client: DeskClient) -> None:
    client.desk.places.player.mkdir()
    for name in FILES:
        (client.desk.places.player / name).write_text("// the player")


def test_no_link_leads_to_a_replay_in_the_persons_own_browser(client: DeskClient, shown: tuple[str, Path]) -> None:
    """A captured page could send that browser to its own server, which would learn the person's address."""
    with_player(client)
    text = client.get(f"r/{shown[0]}/look").text
    led = set(re.findall(r'href="(http://[^"#]+)', text))
    assert len(led) == 1 and led == {client.desk.open_pages[shown[0]]}
    assert "replay-web-page" not in text and "<iframe" not in text


class Window:
    def __init__(self, code: int | None) -> None:
        self.code, self.was_ended = code, False

    def wait(self, seconds: float | None = None) -> int:
        if self.code is None and seconds is not None:
            raise replay_window.subprocess.TimeoutExpired("chromium", seconds)
        return self.code or 0

    def poll(self) -> int | None:
        return self.code

    def terminate(self) -> None:
        self.was_ended = True


@pytest.fixture
def windows(monkeypatch: pytest.MonkeyPatch) -> Callable[[int | None], list[tuple[Window, list[str]]]]:
    def prepared(code: int | None) -> list[tuple[Window, list[str]]]:
        opened: list[tuple[Window, list[str]]] = []

        def show(_: Installed, __: Path, urls: Sequence[str]) -> Window:
            opened.append((Window(code), list(urls)))
            return opened[-1][0]

        monkeypatch.setattr(replay_window, "show", show)
        monkeypatch.setattr(replay_window, "find_chromium", lambda: Installed(Path("/usr/bin/chromium")))
        monkeypatch.setattr(replay_window, "_close", lambda *_: None)
        return opened

    return prepared


def test_the_replay_opens_in_a_window_of_its_own_once(
    client: DeskClient, shown: tuple[str, Path], windows: Callable[[int | None], list[tuple[Window, list[str]]]]
) -> None:
    opened = windows(None)
    assert client.post(f"r/{shown[0]}/look", {"do": "window"}).status == 409  # no player is installed
    assert opened == []
    with_player(client)
    for _ in range(2):
        assert client.post(f"r/{shown[0]}/look", {"do": "window"}).status == 200
    ((window, urls),) = opened
    assert len(urls) == 1 and re.fullmatch(r"http://127\.0\.0\.1:\d+/[0-9a-f]{24}", urls[0])  # works once
    assert urls[0] not in client.get(f"r/{shown[0]}/look").text
    client.desk.windows.close()
    assert window.was_ended


def test_a_window_that_cannot_open_is_said(
    client: DeskClient, shown: tuple[str, Path], windows: Callable[[int | None], list[tuple[Window, list[str]]]]
) -> None:
    windows(1)
    with_player(client)
    answer = client.post(f"r/{shown[0]}/look", {"do": "window"})
    assert answer.status == 409 and "could not open a window" in answer.words


def test_each_page_as_it_opens_again_is_beside_its_picture(
    client: DeskClient, shown: tuple[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    ident, bag = shown

    def check(path: Path, *, now: str, pictured: Callable[[str, bytes], None]) -> ReplayCheck:
        pictured("s01", png(7))
        score = PageScore("s01", "https://sn4hr.org/?p=55768", Replay(now, 93, 95, 10, 0))
        return ReplayCheck(path, path.name, is_finished=True, pages=(score, second))

    second = PageScore("s02", "x", None, why_not="x")
    monkeypatch.setattr(look, "check", check)
    monkeypatch.setattr(look, "picture_at_capture", lambda base, _: png(9) if base == bag else None)
    answer = client.post(f"r/{ident}/look", {"do": "test"})
    assert "Replay: 93 of 100" in answer.words and "could not be opened" in answer.words
    second = PageScore("s02", "x", Replay("2026-01-01T00:00:00Z", 100, None, 3, 0))  # nothing to compare with
    blank = client.post(f"r/{ident}/look", {"do": "test"}).words
    assert "100 of 100" not in blank and "how alike it is was not checked" in blank
    (again,) = set(re.findall(r'src="([^"]+picture/s01\.png\?scores=[0-9a-f]+)"', answer.text))
    assert client.send("GET", again).body == png(7)
    assert client.send("GET", again).header("content-type") == "image/png"
    assert client.send("GET", again.replace("s01.png", "s02.png")).status == 404
    assert client.send("GET", again.replace("s01.png", "..%2f..%2fx.png")).status == 404
    assert client.get(f"r/{ident}/picture/s01.png").body == png(9)
    monkeypatch.setattr(look, "picture_at_capture", lambda *_: b"<html><script>1</script>")
    assert client.get(f"r/{ident}/picture/s01.png").status == 404  # no picture, whatever it is called
    client.close()
    assert list((client.root / ".desk").rglob("*.png")) == []


def test_what_other_observers_saw_is_shown_where_it_agrees_with_the_bag(
    client: DeskClient, shown: tuple[str, Path]
) -> None:
    ident, bag = shown
    assert "show this source alike" not in client.get(f"r/{ident}/look").words
    _, second = finished(client, REPORT)
    write_corroboration(corroborate([bag, second], now=client.desk.now()), corroboration_folder(bag), "en")
    shown_text = client.get(f"r/{ident}/look").words
    assert second != bag and shown_text.count("2 bags show this source alike") == 2
    assert "can only be checked with their bags" in shown_text
    assert "The document that says so is signed by 0 of its 2 observers." in shown_text
    document = read_folder(corroboration_folder(bag))
    first = document.sources[0]
    forged = replace(first, sightings=tuple(replace(one, title="Another") for one in first.sightings))
    sources = (forged, *document.sources[1:])
    (corroboration_folder(bag) / FILE).write_text(to_json(replace(document, sources=sources)))
    answer = client.get(f"r/{ident}/look").words
    assert "does not agree with it" in answer and "show this source alike" not in answer
