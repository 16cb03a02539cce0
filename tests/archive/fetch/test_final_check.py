"""The check before a bag gets its name: in a process of its own, with the same result as here."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from archive.capture.settings import FetchSettings
from archive.fetch.fetch import fetch
from archive.fetch.final_check import FinalCheck, _named, _read_until
from archive.workfolder.folder import base_of
from archive_manifests.finding_codes import make_finding
from archive_manifests.paths import BagPath
from tests.benchmarks.sample_files import make_bag
from tests.world import World
from tests.world.replies import Answer, Reply, Request
from tests.world.site import Site, html

ALTERED = "payload-altered 2 times of data/d000/file-000000.bin"

PROGRAM = """
import os, signal, sys
from pathlib import Path
from archive.fetch import final_check
from archive.fetch.final_check import FinalCheck
class Unsendable(OSError):
    def __reduce__(self):
        raise self
def fail(*_, **__):
    raise Unsendable(28, "No space left on device")
if "unloadable" in sys.argv:
    final_check._load_verifier = fail
errors_of, ours = final_check._errors_of, os.getpid()
if "unsendable" in sys.argv:
    final_check._errors_of = lambda *at, **how: (errors_of if os.getpid() == ours else fail)(*at, **how)
with FinalCheck() as check:
    process = check._process
    if "kill" in sys.argv:
        os.kill(process.pid, signal.SIGKILL)
    if "stop" in sys.argv:
        raise KeyboardInterrupt
    print(check.errors_of(Path(sys.argv[1])))
print(process.exitcode)
"""


def bag(folder: Path, *, is_sound: bool) -> Path:
    folder.mkdir()
    made = make_bag(folder, 2, algorithms=("sha256", "sha512"))
    if not is_sound:
        for path in (made / "data").rglob("*.bin"):
            path.write_bytes(bytes(reversed(path.read_bytes())))
    return made


def checked(made: Path, *words: str) -> list[str]:
    command = [sys.executable, "-c", PROGRAM, str(made), *words]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert "Traceback" not in done.stderr or "stop" in words, done.stderr
    return done.stdout.split("\n")[:-1]


@pytest.mark.skipif(sys.platform != "linux", reason="nothing is forked there")
def test_a_forked_process_finds_what_is_found_here(tmp_path: Path) -> None:
    sound, altered = bag(tmp_path / "a", is_sound=True), bag(tmp_path / "b", is_sound=False)
    assert (checked(sound), checked(altered)) == (["None", "0"], [ALTERED, "0"])
    with FinalCheck(forks=False) as here:
        assert (here.errors_of(sound), here.errors_of(altered)) == (None, ALTERED)


@pytest.mark.skipif(sys.platform != "linux", reason="nothing is forked there")
def test_a_process_that_was_killed_is_replaced_by_this_one(tmp_path: Path) -> None:
    assert checked(bag(tmp_path / "b", is_sound=False), "kill") == [ALTERED, "-9"]


@pytest.mark.skipif(sys.platform != "linux", reason="nothing is forked there")
@pytest.mark.parametrize("why", ["unloadable", "unsendable"])
def test_a_process_that_cannot_load_or_report_prints_nothing_and_the_result_is_the_same(tmp_path: Path, why: str) -> None:
    assert checked(bag(tmp_path / "b", is_sound=False), why) == [ALTERED, "0"]


HOST = "pages.example"


class Pages(Site):
    """Has any page."""

    hosts = (HOST,)

    def reply(self, request: Request) -> Reply | Answer:
        return html(f"<title>Page {request.target}</title><p>A page with words on it.")


class Pipe:
    """A pipe through which something comes after some looks."""

    def __init__(self, looks: int) -> None:
        self.left = looks

    def poll(self, _: float = 0.0) -> bool:
        self.left -= 1
        return self.left < 0


def test_visits_are_made_again_until_the_folder_is_finished(tmp_path: Path) -> None:
    report = tmp_path / "report.txt"
    report.write_text("".join(f"A page: https://{HOST}/{number} .\n" for number in range(3)))
    with World([Pages()]) as world:
        settings = FetchSettings(
            connect_to=tuple(world.connect_to), cacerts=(Path(world.ca_file),), delay=0.0, memento=False, browser=False
        )
        held = fetch(report, tmp_path / "R1", settings, hold=True)
    for looks, expected in ((0, 0), (1, 1), (2, 2), (9, 3)):
        visits = _read_until(Pipe(looks), base_of(held.bag)).visits  # type: ignore[arg-type]
        assert visits is not None
        assert len(visits._made) == expected


@pytest.mark.skipif(sys.platform != "linux", reason="nothing is forked there")
def test_a_run_that_stops_leaves_no_process(tmp_path: Path) -> None:
    assert checked(tmp_path, "stop") == []  # it ended, so the process that it waits for had ended too


def test_the_errors_are_named_with_their_first_sources_or_else_a_file() -> None:
    path = BagPath("data/sources.json")
    found = [make_finding("memento-contradicted", path, source=f"s0{number}") for number in (4, 2, 1, 3)]
    found += [make_finding("address-contradicted", path, source="s02,s07"), make_finding("ledger-unreadable", path)]
    found += [make_finding("proxied-capture", path)]
    assert _named(found) == (
        "address-contradicted of s02, s07, ledger-unreadable of data/sources.json, "
        "memento-contradicted 4 times of s01, s02, s03, …"
    )
