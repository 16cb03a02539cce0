"""The options that the desk was started with hold on every screen, and are in every command that it prints."""

from __future__ import annotations

import html
import re
import shlex
from collections.abc import Callable
from pathlib import Path

import certifi

from archive.capture.settings import FetchSettings
from tests.archive.desk.desk_client import DeskClient


def commands(text: str) -> list[list[str]]:
    found = re.findall(r"<code[^>]*>(archive .*?)</code>", text, re.DOTALL)
    return [shlex.split(html.unescape(re.sub(r"<[^>]+>", "", one))) for one in found]


def test_the_screen_and_its_commands_have_the_options_of_the_desk(
    desk_on: Callable[..., DeskClient], tmp_path: Path
) -> None:
    roots = tmp_path / "roots.pem"
    roots.write_text(Path(certifi.where()).read_text())
    base = FetchSettings(
        proxy="socks5h://me:secret@127.0.0.1:9", media=False, memento=False, third_parties=False, browser=False,
        connect_to=("a.example:443:127.0.0.1:1",), cacerts=(roots,), demonstration=True, delay=0.5,
    )  # fmt: skip
    client = desk_on(base)
    ident = client.drop("R1.txt", b"See https://a.example/one\n")
    place = f"r/{ident}/seen"
    screen = client.get(place)
    options = [
        "--connect-to", "a.example:443:127.0.0.1:1", "--proxy", "socks5h://127.0.0.1:9", "--no-media", "--no-memento",
        "--no-third-parties", "--demonstration", "--no-browser", "--delay", "0.5", "--cacert", str(roots),
    ]  # fmt: skip
    folder = [".desk/R1/sources.toml", "--report", ".desk/R1/report/R1.txt"]
    assert commands(screen.text) == [
        ["archive", "fetch", *folder, "--plan", *options],
        ["archive", "fetch", *folder, "-o", "R1", "--hold", *options],
    ]
    assert "Directly" not in screen.words and "secret" not in screen.text
    assert "As the desk was started: through the proxy socks5h://127.0.0.1:9" in screen.words
    for name in ("media", "memento", "third_parties"):
        assert re.search(rf'name="{name}" value="yes"\s+disabled', screen.text)
    client.post(place, {"do": "save", "route": "tor"})
    draft = client.desk.shelf.find(ident).draft
    assert draft is not None and draft.choices().media  # not an answer of the person
    assert commands(client.get(place).text)[0][6:10] == [*options[:2], "--proxy", "socks5h://127.0.0.1:9050"]


def test_a_desk_without_options_says_that_requests_go_out_directly(client: DeskClient) -> None:
    screen = client.get(f"r/{client.drop('R1.txt', b'See https://a.example/one')}/seen")
    assert "Directly, from this connection" in screen.words and "As the desk was started" not in screen.words
