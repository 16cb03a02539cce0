from __future__ import annotations

import getpass
import json
import os
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from archive.installation import install_command
from archive_cli import doctor_checks
from archive_cli.main import main

posix = pytest.mark.skipif(os.name != "posix", reason="programs are faked as scripts")


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["doctor", *arguments])


def observed() -> dict[str, Any]:
    done = run("--json")
    assert done.exit_code == 0, done.output
    answer = json.loads(done.stdout)
    assert (answer["schema"], answer["sound"]) == ("archive.doctor/1", True)
    return {part["name"]: part for part in answer["parts"]}


def fake(folder: Path, name: str, script: str) -> None:
    place = folder / name
    place.write_text(f"#!/bin/sh\n{script}\n")
    place.chmod(0o755)


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A PATH on which nothing is but what a test puts there."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))
    return folder


@posix
def test_a_program_that_is_there_is_reported_with_its_version(programs: Path) -> None:
    fake(programs, "ffmpeg", "echo 'ffmpeg version 6.1.1-3 Copyright (c) 2000-2023'")
    fake(programs, "openssl", "echo 'OpenSSL 3.0.13 30 Jan 2024 (Library: OpenSSL 3.0.13)'")
    fake(programs, "ssh-keygen", "exit 1")
    fake(programs, "ssh", "echo 'OpenSSH_9.6p1 Ubuntu-3, OpenSSL 3.0.13' >&2")
    found = observed()
    versions = {name: (found[name]["state"], found[name]["version"]) for name in ("ffmpeg", "openssl", "ssh-keygen")}
    assert versions == {
        "ffmpeg": ("there", "6.1.1-3"), "openssl": ("there", "3.0.13"), "ssh-keygen": ("there", "9.6p1"),
    }  # fmt: skip


@posix
@pytest.mark.parametrize(
    ("manager", "line"),
    [
        ("apt-get", "sudo apt install openssh-client"),
        ("dnf", "sudo dnf install openssh-clients"),
        ("brew", "brew install openssh"),
        ("winget", "winget install Microsoft.OpenSSH.Preview"),
    ],
)
def test_a_program_that_is_missing_is_reported_with_how_to_get_it_here(programs: Path, manager: str, line: str) -> None:
    fake(programs, manager, "")
    found = observed()
    assert (found["ssh-keygen"]["state"], found["ssh-keygen"]["get"]) == ("missing", line)
    assert f"ssh-keygen: {line}\n" in run().stdout


@posix
def test_where_no_package_manager_is_known_the_advice_is_plain(programs: Path) -> None:
    assert observed()["ffmpeg"]["get"] == "get ffmpeg from your system's package manager"


@posix
def test_a_program_that_cannot_run_or_hangs_is_broken(programs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor_checks, "_PATIENCE", 0.3)
    fake(programs, "ffmpeg", "echo 'libx264.so: cannot open' >&2; exit 127")
    fake(programs, "openssl", "exec /bin/sleep 60")
    found = observed()
    assert {name: found[name]["state"] for name in ("ffmpeg", "openssl")} == {"ffmpeg": "broken", "openssl": "broken"}


def test_a_core_part_that_is_not_there_or_cannot_load_ends_with_three(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "torn_module.py").write_text("raise OSError('undefined symbol')")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(doctor_checks, "CORE", (*doctor_checks.CORE, "no_such_module", "torn_module"))
    done = run("--json")
    assert done.exit_code == 3
    answer = json.loads(done.stdout)
    ill = {part["name"]: part["state"] for part in answer["parts"] if part["core"] and part["state"] != "there"}
    assert (answer["sound"], ill) == (False, {"no_such_module": "missing", "torn_module": "broken"})
    assert "no_such_module: pip install --force-reinstall evidence-archive" in run().stdout


def test_nothing_optional_is_needed_for_an_answer_of_nought(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    done = run()
    assert done.exit_code == 0
    assert f"yt-dlp: {install_command('video')}\n" in done.stdout
    assert "chromium: get chromium from your system's package manager\n" in done.stdout


def test_a_browser_is_found_without_the_package_that_drives_it(
    programs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake(programs, "chromium", "echo Chromium 131.0.1")
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    found = observed()
    assert (found["chromium"]["state"], found["chromium"]["version"]) == ("there", "131.0.1")
    assert found["playwright"]["state"] == "missing"


def test_each_part_that_can_be_missing_says_what_is_lost_without_it() -> None:
    found = observed()
    optional = {name for name, part in found.items() if not part["core"]} - {"disk", "clock"}
    assert optional == set(doctor_checks.WITHOUT)
    assert {name: found[name]["without"] for name in optional} == doctor_checks.WITHOUT


def test_what_is_lost_stands_under_how_to_get_it(programs: Path) -> None:
    assert (
        "ffmpeg: get ffmpeg from your system's package manager\n"
        "  without it: video and sound that a site sends separately stay in two files\n"
    ) in run().stdout


@posix
@pytest.mark.parametrize(("said", "state"), [("deno 2.9.8 (stable)", "there"), ("deno 2.2.11 (stable)", "doubtful")])
def test_the_runtime_of_player_scripts_has_to_be_new_enough(
    programs: Path, monkeypatch: pytest.MonkeyPatch, said: str, state: str
) -> None:
    monkeypatch.setattr("sysconfig.get_path", lambda _: str(programs / "none"))
    assert (doctor_checks.runtime().state, doctor_checks.runtime().get) == ("missing", "pip install deno")
    fake(programs, "deno", f"echo '{said}'")
    assert (doctor_checks.runtime().state, doctor_checks.runtime().version) == (state, said.split()[1])


def test_the_players_files_are_looked_for_where_view_looks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "replaywebpage"
    monkeypatch.setattr("archive_cli.places.player_folder", lambda: folder)
    assert doctor_checks.player().state == "missing"
    folder.mkdir()
    for name in ("ui.js", "sw.js"):
        (folder / name).write_text("1;")
    assert (doctor_checks.player().state, doctor_checks.player().version) == ("there", None)
    (folder / "package.json").write_text('{"version": "2.4.6"}')
    assert doctor_checks.player().version == "2.4.6"


def test_the_core_is_every_dependency_that_is_not_optional() -> None:
    import tomllib

    project = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text("utf-8"))["project"]
    stated = {line.partition(">")[0].partition("[")[0].lower().replace("-", "_") for line in project["dependencies"]}
    looked_for = {module.partition(".")[0] for module in doctor_checks.CORE}
    names = {"linkify_it": "linkify_it_py", "markdown_it": "markdown_it_py"}
    assert {names.get(name, name) for name in looked_for} == stated


def test_nothing_of_the_machine_is_printed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    printed = run("--json").stdout + run().stdout
    secrets = [str(tmp_path), str(Path.home()), sys.prefix, *os.environ["PATH"].split(os.pathsep)]
    secrets += [name for name in (getpass.getuser(), socket.gethostname()) if name not in ("root", "localhost")]
    assert [secret for secret in secrets if len(secret) > 1 and secret in printed] == []


def test_little_room_is_doubtful(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.disk_usage", lambda _: type("Usage", (), {"free": 4_999_999_999})())
    part = doctor_checks.room()
    assert (part.state, part.version) == ("doubtful", "5.0 GB")
    monkeypatch.setattr("shutil.disk_usage", lambda _: type("Usage", (), {"free": 5_000_000_000})())
    assert doctor_checks.room().state == "there"


@pytest.mark.parametrize("moment", [0.0, 1_600_000_000.0, 5_000_000_000.0])
def test_a_clock_before_the_program_itself_or_far_ahead_is_doubtful(moment: float) -> None:
    assert doctor_checks.clock(moment).state == "doubtful"


@posix
@pytest.mark.parametrize(("said", "state"), [("yes", "there"), ("no", "doubtful"), ("", "there")])
def test_the_clock_is_as_good_as_the_system_says(programs: Path, said: str, state: str) -> None:
    fake(programs, "timedatectl", f"echo {said}")
    assert doctor_checks.clock().state == state


@posix
def test_the_table_is_plain_off_a_terminal_and_where_no_colour_is_wanted() -> None:
    import pty

    for no_colour, has_colour in (("", True), ("1", False)):
        first, second = pty.openpty()
        environment = os.environ | {"NO_COLOR": no_colour, "COLUMNS": "200", "TERM": "xterm"}
        command = [sys.executable, "-c", "from archive_cli.main import main; main()", "doctor"]
        done = subprocess.run(command, stdout=second, stderr=subprocess.PIPE, env=environment, check=False)
        os.close(second)
        printed = os.read(first, 65536)
        os.close(first)
        assert (done.returncode, b"\x1b[" in printed) == (0, has_colour)
    assert "\x1b" not in run().stdout
