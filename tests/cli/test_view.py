from __future__ import annotations

import hashlib
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from archive.page.page import render_page
from archive.page.page_content import PageContent
from archive_cli.main import main
from tests.archive.page.sample_ledger import Pilot, every_verdict
from tests.cli.test_show import work_of


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was handed to the browser."""
    found: list[str] = []

    def launch(url: str, **_: Any) -> int:
        found.append(url)
        return 0

    monkeypatch.setattr("click.launch", launch)
    monkeypatch.setenv("DISPLAY", ":0")
    return found


def view(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, ["view", *map(str, arguments)])


@pytest.fixture
def bag(tmp_path: Path) -> Path:
    """A bag's folder as far as looking goes: the page, and the list that states it."""
    bag = tmp_path / "R210517 b"
    (bag / "data").mkdir(parents=True)
    write_page(bag, render_page(PageContent(**Pilot().arguments())))
    return bag


def write_page(bag: Path, page: str) -> None:
    (bag / "data/index.html").write_text(page)
    (bag / "manifest-sha256.txt").write_text(f"{hashlib.sha256(page.encode()).hexdigest()}  data/index.html\n")


def test_the_page_is_opened_and_its_path_printed(bag: Path, opened: list[str]) -> None:
    result = view(bag)
    assert (result.exit_code, result.stdout) == (0, f"{bag}/data/index.html\n")
    assert opened == [f"file://{bag}/data/index.html".replace(" ", "%20")]


def test_the_page_is_not_opened_where_that_is_not_wanted(bag: Path, opened: list[str]) -> None:
    assert view("--no-open", bag).stdout == f"{bag}/data/index.html\n"
    assert opened == []


def test_where_there_is_no_browser_the_path_still_helps(bag: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("click.launch", lambda *_, **__: 1)
    result = view(bag)
    assert (result.exit_code, result.stdout) == (0, f"{bag}/data/index.html\n")
    assert result.stderr == "no browser could be started; open the file above in one\n"


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="xdg-open is what Linux has")
def test_without_a_screen_nothing_is_started(bag: Path, opened: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "BROWSER"):
        monkeypatch.delenv(name, raising=False)
    assert view(bag).stderr == "no browser could be started; open the file above in one\n"
    assert opened == []


def test_an_altered_page_is_not_opened(bag: Path, opened: list[str]) -> None:
    page = (bag / "data/index.html").read_text()
    (bag / "data/index.html").write_text(page.replace("Captured with gaps", "Captured"))
    result = view(bag)
    assert result.exit_code == 3
    assert "not as manifest-sha256.txt lists it" in result.stderr
    assert opened == []


@pytest.mark.parametrize(
    "change",
    [
        ("default-src 'none'", "default-src *"),
        ("form-action 'none'\">", "form-action 'none'; script-src 'unsafe-inline'\">"),
        ("<head>\n", "<head>\n<script>alert(1)</script>\n"),
        ("<!doctype html>", "<!doctype html><script>alert(1)</script>"),
    ],
)
def test_a_page_that_could_run_a_program_is_not_opened_though_the_bag_lists_it(
    bag: Path, opened: list[str], change: tuple[str, str]
) -> None:
    write_page(bag, (bag / "data/index.html").read_text().replace(*change, 1))
    result = view(bag)
    assert result.exit_code == 3
    assert "it could run others; not opened" in result.stderr
    assert opened == []


def test_a_page_that_is_a_link_is_not_opened(bag: Path, tmp_path: Path, opened: list[str]) -> None:
    (bag / "data/index.html").rename(tmp_path / "elsewhere.html")
    (bag / "data/index.html").symlink_to(tmp_path / "elsewhere.html")
    assert view(bag).exit_code == 3
    assert opened == []


def test_a_missing_page_and_a_package_are_reported(bag: Path, tmp_path: Path, opened: list[str]) -> None:
    (bag / "data/index.html").unlink()
    assert "contains no data/index.html" in view(bag).stderr
    assert "no such path" in view(tmp_path / "nothing").stderr
    (tmp_path / "R.tar").write_bytes(b"\0" * 1024)
    assert "a package, not a folder; unpack it first" in view(tmp_path / "R.tar").stderr
    unfinished = view(work_of(tmp_path, every_verdict())).stderr
    assert "not finished, so it has no page yet; continue with: archive fetch" in unfinished
    assert opened == []
