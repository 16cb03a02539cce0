"""Everyday input is never a fault in the program: odd names, narrow encodings, unfinished work, full tables of files."""

from __future__ import annotations

import errno
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from archive_manifests.ledger import Status
from archive_manifests.source_toml import from_toml
from tests.archive.page.sample_ledger import Pilot, every_verdict, ledger, source
from tests.archive.verify.sample_bags import make_bag
from tests.cli.invoke import run
from tests.cli.test_show import bag_of, work_of

ARABIC = "https://example.org/مقال"


def archive(*arguments: str, encoding: str = "utf-8", prelude: str = "", folder: Path | None = None) -> subprocess.CompletedProcess[bytes]:
    """The command in a process of its own, its output redirected, under an encoding of the system's."""
    script = f"{prelude}; from archive_cli.main import main; main(prog_name='archive')" if prelude else None
    start = [sys.executable, "-c", script] if script else [sys.executable, "-m", "archive_cli"]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("ARCHIVE_")}
    environment |= {"PYTHONIOENCODING": encoding, "PYTHONUTF8": "0", "ARCHIVE_CONFIG": ""}
    return subprocess.run([*start, *arguments], capture_output=True, env=environment, cwd=folder, check=False)


def test_a_bag_can_be_shown_from_inside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(bag_of(tmp_path, every_verdict()))
    done = run("show", ".")
    assert (done.exit_code, "R210517: a finished bag." in done.stdout) == (0, True)


def test_a_work_folder_can_be_shown_from_inside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(work_of(tmp_path, every_verdict()))
    done = run("show", ".")
    assert (done.exit_code, "R210517: not finished yet" in done.stdout) == (0, True)


@pytest.mark.parametrize("command", ["show", "verify", "view", "sign", "pack", "replay-check"])
def test_an_empty_name_is_wrong_usage(command: str) -> None:
    for given, said in (("", "an argument is empty: ''"), (" ", "the name is empty; give the path of a bag")):
        done = run(command, given)
        assert (done.exit_code, done.stdout) == (2, "")
        assert said in done.stderr


@pytest.mark.parametrize(
    "command", ["show", "verify", "view", "pack", "receive", "finish", "compare", "corroborate", "annotate"]
)
def test_a_whole_disk_is_refused_before_anything_is_read(command: str) -> None:
    root = Path(Path.cwd().anchor)
    done = run(command, root, *([root] if command == "compare" else []))
    assert (done.exit_code, done.stdout) == (2, "")
    assert "this is a whole disk, not a bag" in done.stderr


@pytest.mark.parametrize(
    ("ended", "command"), [(False, "archive fetch R210517.txt -o R210517 --cacert FILE"), (True, "archive finish R210517")]
)
@pytest.mark.parametrize("name", ["R210517", "R210517.part"])
def test_unfinished_work_is_explained_with_the_one_command_that_continues(
    ended: bool, command: str, name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    work_of(tmp_path, Pilot().ledger(), ended=ended)
    for words in (["verify", name], ["sign", name, "--key", "k"], ["pack", name], ["corroborate", name, name]):
        done = run(*words)
        assert (done.exit_code, done.stdout, done.stderr.count("\n")) == (3, "", 1), done.output
        assert done.stderr.endswith(f"Continue with: {command}\n")
    assert run("show", name).stderr == f"Next: {command}\n"
    assert run("view", name).stderr.endswith(f"so it has no page yet; continue with: {command}\n")


def test_output_in_a_narrow_encoding_spells_out_what_it_lacks(tmp_path: Path) -> None:
    bag = bag_of(tmp_path, ledger((source(1, ARABIC, Status.CAPTURED),)))
    done = archive("show", str(bag), encoding="cp1252")
    assert (done.returncode, b"Traceback" in done.stderr) == (0, False)
    assert b"https://example.org/\\u0645\\u0642\\u0627\\u0644" in done.stdout
    answer = json.loads(archive("show", "--json", str(bag), encoding="cp1252").stdout.decode("cp1252"))
    assert answer["sources"][0]["cited"] == ARABIC


def test_a_manifest_in_a_pipe_is_utf_8_in_every_encoding(tmp_path: Path) -> None:
    (tmp_path / "R1.txt").write_text(f"See {ARABIC} and café https://example.org/é\n", "utf-8")
    done = archive("cite", "R1.txt", encoding="cp1252", folder=tmp_path)
    assert done.returncode == 0
    assert from_toml(done.stdout.decode("utf-8")).sources[0].cited == ARABIC


@pytest.mark.skipif(os.name != "posix" or sys.platform == "darwin", reason="such names are possible on Linux alone")
def test_names_that_are_not_utf_8_are_spelled_out(tmp_path: Path) -> None:
    bag = make_bag(tmp_path / "R1")
    odd = bag.with_name(os.fsdecode(b"R1\xff"))
    bag.rename(odd)
    (odd / "data" / os.fsdecode(b"bad\xfe")).write_bytes(b"")
    done = archive("verify", str(odd))
    assert (done.returncode, b"Traceback" in done.stderr, b"\xff" in done.stdout) == (1, False, False)
    assert b"R1\\udcff: " in done.stdout
    assert json.loads(archive("verify", "--json", str(odd)).stdout)["valid"] is False


@pytest.mark.skipif(os.name != "posix", reason="no such name on Windows")
def test_a_line_end_in_a_folders_name_forges_no_line(tmp_path: Path) -> None:
    bag = make_bag(tmp_path / "R1")
    forged = bag.rename(tmp_path / "R1\nfixity passed")
    for words in (["verify", str(forged)], ["show", str(forged)], ["view", "--no-open", str(forged)]):
        lines = run(*words).output.splitlines()
        assert [line for line in lines if line.startswith("fixity passed")] == []


def test_too_many_open_files_is_why_we_could_not_look_and_no_damage(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bag = bag_of(tmp_path, every_verdict())

    def refuse(*_: object, **__: object) -> int:
        raise OSError(errno.EMFILE, os.strerror(errno.EMFILE))

    monkeypatch.setattr("archive.posix.FilesBelow.open", refuse)
    done = run("show", bag)
    assert (done.exit_code, done.stdout) == (3, "")
    assert "fault in the program" not in done.stderr


def test_a_system_without_file_locks_can_verify_and_show(tmp_path: Path) -> None:
    bag = make_bag(tmp_path / "R1")
    done = archive("verify", str(bag), prelude="import sys; sys.modules['fcntl'] = None")
    assert (done.returncode, b"the files agree with the bag's own manifests" in done.stdout) == (0, True), done.stderr


@pytest.mark.parametrize("plan", [["--plan"], []])
def test_a_proxy_without_scheme_is_wrong_usage_before_anything_is_made(tmp_path: Path, plan: list[str]) -> None:
    done = run("fetch", "https://example.org/a", "-o", tmp_path / "R1", "--proxy", "me:secret@foo:3128", *plan)
    assert (done.exit_code, "write http://foo:PORT or socks5h://foo:PORT" in done.stderr) == (2, True), done.stderr
    assert ("secret" in done.output, list(tmp_path.iterdir())) == (False, [])


@pytest.mark.parametrize(
    ("given", "is_address"),
    [("example.org/page", True), ("www.example.org", True), ("example.org", True), ("report.pdf", False), ("r.toml", False), ("reports/report.pdf", False)],
)
def test_an_address_without_scheme_is_recognised(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, given: str, is_address: bool
) -> None:
    monkeypatch.chdir(tmp_path)
    done = run("fetch", given, "--plan")
    assert (done.exit_code, "no such file" in done.stderr) == (3, True), done.stderr
    assert (f"if you mean the web address, write https://{given}" in done.stderr) == is_address


def test_a_source_manifest_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    manifest = tmp_path / "sources.toml"
    manifest.write_text("a = 1\n")
    done = run("fetch", manifest, "--plan")
    assert (done.exit_code, f"{manifest}: source manifest: a is no key" in done.stderr) == (2, True), done.stderr
    assert "expected a source manifest, which `archive cite REPORT` writes" in done.stderr


def test_an_authority_that_is_misspelt_is_wrong_usage_before_anything_is_captured(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("report.txt").write_text("see https://none.example/\n")
    done = run("fetch", "report.txt", "-o", "R1", "--tsa", "freetsaa")
    assert (done.exit_code, done.stdout) == (2, "")
    assert "freetsaa: no authority of this name" in done.stderr
    assert {one.name for one in tmp_path.iterdir()} == {"report.txt"}
