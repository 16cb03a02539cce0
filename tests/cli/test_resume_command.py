"""The command that continues unfinished work, as the program prints it, works where it is printed."""

from __future__ import annotations

import shlex
import shutil
from pathlib import Path

import msgspec
import pytest
from click.testing import CliRunner

from archive.capture.settings import FetchSettings
from archive.fetch.input import first_event, read_order
from archive.fetch.run_clock import RunClock
from archive.workfolder import folder as works
from archive.workfolder.given_files import write_given_files
from archive.workfolder.resuming import LIMITS, SWITCHES
from archive.workfolder.unfinished import find_unfinished
from archive_cli.main import main
from tests.world import World

CITED = "https://sn4hr.org/?p=55768"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "work of mine"
    folder.mkdir()
    (folder / "my report.txt").write_text(f"As seen on {CITED} .\n")
    monkeypatch.chdir(folder)
    return folder


def begin(source: Path | tuple[str, ...], settings: FetchSettings, report: Path | None = None) -> Path:
    """A work folder `R1.part` as a run leaves it that was killed when it had just begun."""
    order = read_order(source, report)
    part = Path("R1.part").absolute()
    work = works.create(part, first_event(order, settings, RunClock()))
    for path, content in order.files:
        work.add_file(path, content)
    work.close()
    write_given_files(part, settings.cacerts, settings.cookies)
    return part


def command(part: Path) -> list[str]:
    unfinished = find_unfinished(part)
    assert unfinished is not None
    return shlex.split(unfinished.command)


def settings_for(world: World) -> FetchSettings:
    return FetchSettings(
        connect_to=tuple(world.everywhere), cacerts=(Path(world.ca_file),), delay=0.0, per_host=2, memento=False,
        max_size=1 << 30, identify="a name", demonstration=True, browser=False, obey_robots=True,
    )  # fmt: skip


@pytest.mark.parametrize("kind", ["report", "report-moved", "manifest", "reviewed", "addresses"])
def test_the_command_continues_from_another_folder_with_the_same_options(
    kind: str, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    report, manifest = home / "my report.txt", home / "sources.toml"
    assert CliRunner().invoke(main, ["cite", str(report), "-o", str(manifest)]).exit_code == 0
    source = {"manifest": manifest, "reviewed": manifest, "addresses": (CITED,)}.get(kind, report)
    with World() as world:
        part = begin(source, settings_for(world), report if kind == "reviewed" else None)
        if kind != "report":
            report.unlink()
            manifest.unlink()
        elsewhere = tmp_path / "elsewhere"
        elsewhere.mkdir()
        monkeypatch.chdir(elsewhere)
        words = command(part)
        assert (str(report) in words) == (kind == "report")
        assert words[words.index("--cacert") + 1] == world.ca_file
        done = CliRunner().invoke(main, words[1:])
    assert done.exit_code == 0, done.output
    assert "R1: the bag is made. 1 source: 1 captured." in done.stdout
    assert (home / "R1/bagit.txt").is_file() and not part.exists()


def test_in_its_own_folder_the_command_is_as_short_as_it_was_typed(home: Path) -> None:
    part = begin(Path("my report.txt"), FetchSettings(browser=True))
    assert command(part) == ["archive", "fetch", "my report.txt", "-o", "R1"]
    shown = CliRunner().invoke(main, ["show", "R1"])
    assert "R1: not finished yet; this is a work folder. No source has a verdict yet." in shown.stdout


def test_what_the_journal_never_contains_is_left_for_the_reader_to_fill_in(home: Path) -> None:
    (home / "cookies.txt").write_text("# Netscape HTTP Cookie File\n")
    settings = FetchSettings(browser=True, proxy="socks5h://me:secret@127.0.0.1:9050", cookies=home / "cookies.txt")
    part = begin(Path("my report.txt"), settings)
    assert command(part)[5:] == ["--proxy", "URL", "--cookies", "cookies.txt"]
    write_given_files(part, (), None)  # as of a run of a version that noted no places
    assert command(part)[5:] == ["--proxy", "URL", "--cookies", "FILE"]


def test_a_report_that_changed_is_not_named(home: Path) -> None:
    part = begin(Path("my report.txt"), FetchSettings(browser=True))
    (home / "my report.txt").write_text(f"As seen on {CITED} !\n")
    assert command(part)[2] == str(Path("R1.part/bag/data/report/original.txt"))


def test_a_second_bag_is_continued_by_the_name_of_the_first(home: Path) -> None:
    part = begin(Path("my report.txt"), FetchSettings(browser=True))
    work = works.reopen(part, now=None)
    begun = msgspec.structs.replace(work.state.begun, predecessor=f"sha256:{'0' * 64}")
    work.close()
    shutil.rmtree(part)
    second = works.create(Path("R1-2.part").absolute(), begun)
    second.close()
    assert command(home / "R1-2.part") == ["archive", "fetch", "my report.txt", "-o", "R1", "--again"]


def test_every_option_that_must_be_the_same_has_its_switch() -> None:
    usual = FetchSettings(browser=True)
    options = usual.as_options()
    assert options.pop("added_cas") == []  # --cacert is of the conditions
    assert {name: default for name, (default, _) in SWITCHES.items()} == options
    assert {name: default for name, (default, _) in LIMITS.items()} == {
        name: getattr(usual, name) for name in LIMITS
    }
    known = {name for param in main.get_command(None, "fetch").params for name in (*param.opts, *param.secondary_opts)}  # type: ignore[arg-type, union-attr]
    assert {switch.split()[0] for _, switch in (*SWITCHES.values(), *LIMITS.values())} <= known


def test_a_command_that_names_the_copy_of_the_report_says_so_before_it(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    report = home / "my report.txt"
    part = begin(report, FetchSettings())
    said = CliRunner().invoke(main, ["verify", str(part)]).output
    assert "Continue with: archive fetch 'my report.txt'" in said and "copy" not in said
    report.rename(tmp_path / "moved.txt")
    said = " ".join(CliRunner().invoke(main, ["verify", str(part)]).output.split())
    assert "leave it there. Continue with: archive fetch R1.part/bag/data/report/original.txt -o R1" in said
