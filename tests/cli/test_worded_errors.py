"""The errors that people meet most often are sentences of the catalogue, whole, in every language."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

import archive
import archive_cli
from archive.words import languages, load
from archive_cli.fetch_output import verdict_of
from archive_cli.main import main
from archive_manifests.ledger import REASONS, Status
from tests.archive.page.sample_ledger import source

USED = re.compile(r"\.worded\(\s*\"([a-z-]+)\"")
COMPUTED = {"unfinished-resume", "unfinished-resume_copy", "unfinished-finish"}
MET = {
    "no-file": ["fetch", "nope.txt"],
    "nothing-cited": ["fetch", "none.txt"],
    "no-path": ["verify", "nope"],
    "no-package": ["verify", "none.txt"],
    "not-ours": ["show", "folder"],
    "no-key": ["sign", "folder", "--key", "nokey"],
    "no-work": ["finish", "nope"],
}


def test_every_sentence_of_an_error_is_used_and_translated() -> None:
    places = [path for each in (archive, archive_cli) for path in Path(each.__path__[0]).rglob("*.py")]
    used = {key for path in places for key in USED.findall(path.read_text("utf-8"))} | COMPUTED
    for code in languages():
        there = {key.removeprefix("cli.error.said.") for key in load(code).sentences if key.startswith("cli.error.said.")}
        assert there == used, code


@pytest.mark.parametrize("code", MET)
def test_an_error_is_one_sentence_in_the_language_of_the_output(
    code: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "none.txt").write_text("Nothing is cited here.\n")
    (tmp_path / "folder").mkdir()
    for language in languages():
        said = CliRunner().invoke(main, MET[code], env={"ARCHIVE_LANGUAGE": language}).stderr
        start, _, end = load(language).sentences[f"cli.error.said.{code}"].partition("{")
        last = end.rpartition("}")[2]
        assert said.startswith(f"archive: {start}") and said.endswith(f"{last}\n"), said
        assert language == "en" or not re.search(r"no such|nothing to capture|not a folder", said)


@pytest.mark.parametrize("content", [b"garbage \x00\x01", b"<!doctype html><p>Not found</p>"])
def test_a_file_that_is_called_pdf_and_is_none_is_said_to_be_none(
    content: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "R1.pdf").write_bytes(content)
    said = CliRunner().invoke(main, ["fetch", "R1.pdf"]).stderr
    assert "it is called .pdf and is not a PDF; open it and see what it is" in said and said.count("R1.pdf") == 1


def test_the_reason_of_a_verdict_is_in_the_language_of_the_output(monkeypatch: pytest.MonkeyPatch) -> None:
    entry = source(1, "https://a.example/", Status.BLOCKED, "challenge")
    monkeypatch.setenv("ARCHIVE_LANGUAGE", "fr")
    assert verdict_of(entry) == "bloquée (test anti-robot)"
    monkeypatch.setenv("ARCHIVE_LANGUAGE", "en")
    assert verdict_of(entry) == "blocked (challenge)"


def test_every_reason_has_short_words_in_every_language() -> None:
    for code in languages():
        words = load(code)
        lacking = {one for each in REASONS.values() for one in each if not words.has(f"cli.reason.{one}")}
        assert not {one for one in lacking if not words.has(f"cause.{one}")}, code
