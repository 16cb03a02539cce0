"""`archive desk` from the terminal: its errors are one line each; the page itself has tests of its own."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from archive import posix
from archive.installation import install_command
from archive_cli.main import main


def desk(*words: str) -> Result:
    return CliRunner().invoke(main, ["desk", "--no-open", *words], prog_name="archive")


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    result = desk(str(tmp_path / "none"))
    assert (result.exit_code, result.stdout) == (2, "")
    assert "no such folder; create it (mkdir" in result.stderr


def test_one_folder_has_one_desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("archive.desk.another_link.PATIENCE", 0.2)  # of one that makes no link
    (tmp_path / ".desk").mkdir()
    with (tmp_path / ".desk" / "desk.lock").open("ab") as lock:
        assert posix.lock(lock)
        result = desk(str(tmp_path))
    assert result.exit_code != 0 and "another desk is open on this folder and does not respond" in result.stderr
    assert not (tmp_path / ".desk" / "link-wanted").exists()
    assert result.stdout == ""


def test_without_its_extra_the_command_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in sys.modules if name.startswith(("archive.desk", "archive.replay.loopback"))]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "uvicorn", None)
    result = desk(str(tmp_path))
    assert result.exit_code == 2 and install_command("desk") in result.stderr
    assert not (tmp_path / ".desk").exists()


def test_an_option_that_cannot_be_used_is_refused_before_anything_opens(tmp_path: Path) -> None:
    result = desk(str(tmp_path), "--proxy", "nonsense://x")
    assert result.exit_code == 2 and "--proxy" in result.stderr
    assert not (tmp_path / ".desk").exists()
