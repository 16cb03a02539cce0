from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner, Result

from archive.capture.settings import FetchSettings
from archive.fetch.fetch import FetchPlan
from archive_cli.config import SETTABLE, option_of, variable_of
from archive_cli.main import COMMANDS, main

REPORT = Path(__file__).parents[2] / "manifests/examples/R210517/report.txt"
DANGEROUS = ("connect-to", "cacert", "allow-private", "cookies", "demonstration")
SECRET = "hunter2"


@pytest.fixture
def requested(monkeypatch: pytest.MonkeyPatch) -> list[FetchSettings]:
    """The settings of every `fetch --plan`."""
    seen: list[FetchSettings] = []

    def plan(_: Path, settings: FetchSettings, **__: object) -> FetchPlan:
        seen.append(settings)
        return FetchPlan("R210517", 0, {}, ())

    monkeypatch.setattr("archive.fetch.fetch.plan", plan)
    return seen


def fetch(*arguments: str | Path, **environment: str) -> Result:
    words = [*map(str, arguments)]
    at = 2 if words[:1] == ["--config"] else 0
    return CliRunner().invoke(
        main, [*words[:at], "fetch", str(REPORT), "--plan", *words[at:]], prog_name="archive", env=environment
    )


def config(folder: Path, content: str) -> Path:
    place = folder / "mine.toml"
    place.write_text(content, "utf-8")
    return place


def test_the_command_line_goes_before_variables_before_the_file_before_the_program(
    tmp_path: Path, requested: list[FetchSettings]
) -> None:
    mine = config(tmp_path, "[fetch]\njobs = 2\ndelay = 3.5\nper-host = 4\n")
    variables = {"ARCHIVE_FETCH_JOBS": "5", "ARCHIVE_FETCH_DELAY": "6"}
    assert fetch("--config", mine, "--jobs", "7", **variables).exit_code == 0
    assert fetch("--config", mine, **variables).exit_code == 0
    assert fetch("--config", mine).exit_code == 0
    assert fetch().exit_code == 0
    found = [(settings.jobs, settings.delay, settings.per_host) for settings in requested]
    assert found == [(7, 6.0, 4), (5, 6.0, 4), (2, 3.5, 4), (8, 1.0, 1)]


def test_every_kind_of_value_comes_through(tmp_path: Path, requested: list[FetchSettings]) -> None:
    mine = config(
        tmp_path,
        '[fetch]\nproxy = "socks5h://127.0.0.1:9050"\nmax-size = "2GiB"\nno-media = true\nno-memento = false\nbrowser = false\n'
        'identify = "an archive"\ntsa = ["https://one.example", "https://two.example"]\n',
    )
    assert fetch("--config", mine).exit_code == 0
    (found,) = requested
    assert (found.proxy, found.max_size, found.media, found.memento) == (
        "socks5h://127.0.0.1:9050", 2 << 30, False, True,
    )  # fmt: skip
    assert found.browser is False
    assert (found.identify, found.authorities) == ("an archive", ("https://one.example", "https://two.example"))


def test_what_was_set_elsewhere_is_reported_by_name_and_never_by_value(
    tmp_path: Path, requested: list[FetchSettings]
) -> None:
    mine = config(tmp_path, f'[fetch]\nproxy = "http://me:{SECRET}@proxy.example:3128"\n')
    done = fetch("--config", mine, ARCHIVE_FETCH_IDENTIFY="me")
    said = [f"set by {mine}: proxy", "set by the environment: ARCHIVE_FETCH_IDENTIFY"]
    assert [line for line in done.stderr.splitlines() if not line.startswith("Next:")] == said
    assert SECRET not in done.output
    assert requested[0].proxy == f"http://me:{SECRET}@proxy.example:3128"
    assert [line for line in fetch().stderr.splitlines() if not line.startswith("Next:")] == []


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        ("[fetch]\njbs = 2\n", "[fetch] 'jbs' cannot be set in a file; did you mean jobs?"),
        ("[fecth]\njobs = 2\n", "'fecth' is not a table of a settable command; did you mean fetch?"),
        ("jobs = 2\n", "'jobs' is not a table of a settable command"),
        ("[verify]\nexpect = 'sha256:00'\n", "[verify] 'expect' cannot be set in a file"),
        ("[fetch]\njobs = 0\n", "[fetch] jobs: expected a whole number from 1 to 64"),
        ("[fetch]\njobs = 1.5\n", "[fetch] jobs: expected a whole number from 1 to 64"),
        ("[fetch]\njobs = true\n", "[fetch] jobs: expected a whole number from 1 to 64"),
        ("[fetch]\nno-media = 'yes'\n", "[fetch] no-media: expected true or false"),
        (f"[fetch]\nmax-size = '{SECRET}'\n", "[fetch] max-size: expected a text as --max-size takes it"),
        (f"[fetch]\ntsa = '{SECRET}'\n", "[fetch] tsa: expected a list of texts"),
        (f"[fetch]\nproxy = {SECRET}\n", "this config file is not TOML"),
        ("[fetch]\nidentify = '\udcff'\n", "this config file is not TOML: no UTF-8"),
        ("#" * 70_000, "too large for a config file"),
    ],
)
def test_a_file_that_says_anything_unknown_is_refused_whole(
    tmp_path: Path, requested: list[FetchSettings], content: str, complaint: str
) -> None:
    mine = tmp_path / "mine.toml"
    mine.write_bytes(content.encode("utf-8", "surrogateescape"))
    done = fetch("--config", mine)
    assert (done.exit_code, done.stdout, requested) == (2, "", [])
    assert done.stderr.startswith(f"archive: {mine}: ")
    assert complaint in done.stderr
    assert SECRET not in done.stderr
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize("name", DANGEROUS)
def test_what_can_make_a_capture_lie_is_taken_from_the_command_line_alone(
    tmp_path: Path, requested: list[FetchSettings], name: str
) -> None:
    in_file = fetch("--config", config(tmp_path, f'[fetch]\n{name} = "x"\n'))
    assert (in_file.exit_code, f"{name!r} cannot be set in a file" in in_file.stderr) == (2, True)
    as_variable = fetch(**{variable_of("fetch", name): "x"})
    assert (as_variable.exit_code, "cannot be set there" in as_variable.stderr) == (2, True)
    assert requested == []


def test_no_switch_but_the_listed_ones_listens_to_a_variable() -> None:
    for name in COMMANDS:
        command = main.get_command(click.Context(main), name)
        assert command is not None
        listening = {param.name: param.envvar for param in command.params if param.envvar is not None}
        listed = {option_of(command, each).name: variable_of(name, each) for each in SETTABLE.get(name, ())}
        assert listening == listed
        with click.Context(main, info_name="archive") as ctx:
            assert ctx.auto_envvar_prefix is None


def test_no_switch_that_can_mislead_is_ever_listed() -> None:
    never = {*DANGEROUS, "key", "keys", "passphrase-file", "expect", "identity", "how", "note", "by", "plan", "hold", "all"}
    assert [name for names in SETTABLE.values() for name in names if name in never] == []


def test_a_mistyped_variable_is_refused_with_the_nearest(requested: list[FetchSettings]) -> None:
    done = fetch(ARCHIVE_FETCH_PROXI="http://127.0.0.1:3128")
    assert (done.exit_code, requested) == (2, [])
    assert "environment variable ARCHIVE_FETCH_PROXI: cannot be set there; did you mean PROXY?" in done.stderr


def test_the_usual_file_is_read_where_none_is_named_and_none_where_the_name_is_empty(
    tmp_path: Path, requested: list[FetchSettings], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("ARCHIVE_CONFIG")
    monkeypatch.setattr("click.get_app_dir", lambda name: str(tmp_path / name))
    assert fetch().exit_code == 0
    (tmp_path / "evidence-archive").mkdir()
    (tmp_path / "evidence-archive/config.toml").write_text("[fetch]\njobs = 3\n")
    assert fetch().exit_code == 0
    assert fetch("--config", "").exit_code == 0
    assert fetch(ARCHIVE_CONFIG="").exit_code == 0
    other = config(tmp_path, "[fetch]\njobs = 4\n")
    assert fetch(ARCHIVE_CONFIG=str(other)).exit_code == 0
    assert [settings.jobs for settings in requested] == [8, 3, 8, 8, 4]


def test_a_named_file_that_is_not_there_is_refused(tmp_path: Path, requested: list[FetchSettings]) -> None:
    done = fetch("--config", tmp_path / "none.toml")
    assert (done.exit_code, requested) == (2, [])
    assert "none.toml: this config file cannot be read (No such file or directory); name another" in done.stderr


def test_a_path_starts_where_the_file_lies(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: dict[str, Any] = {}

    def verify(path: Path, **given: Any) -> None:
        seen.update(given)
        raise KeyboardInterrupt

    monkeypatch.setattr("archive.verify.run.verify", verify)
    (tmp_path / "elsewhere").mkdir()
    mine = config(tmp_path / "elsewhere", '[verify]\ntrust = "partners"\nrequire = ["who", "when"]\n')
    done = CliRunner().invoke(main, ["--config", str(mine), "verify", "."])
    assert done.exit_code == 130
    assert seen["trust"] == tmp_path / "elsewhere/partners"
    assert seen["require"] == ("who", "when")


def test_help_and_doctor_answer_whatever_the_file_says(tmp_path: Path) -> None:
    mine = config(tmp_path, "nonsense")
    for words in (["help", "config"], ["doctor"], ["show", os.devnull]):
        done = CliRunner().invoke(main, ["--config", str(mine), *words])
        assert str(mine) not in done.output


def test_the_topic_lists_what_can_be_set() -> None:
    observed = CliRunner().invoke(main, ["help", "config"]).stdout
    for command, names in SETTABLE.items():
        part = observed.partition(f"[{command}]  ")[2].partition("\n  [")[0].partition("\n\n")[0]
        assert part.replace("\n", " ").replace(",", " ").split() == list(names)
