"""Finishing: nothing of the documenter's machine gets in by our hand, and nothing half-made gets a bag's name."""

from __future__ import annotations

import errno
import getpass
import itertools
import json
import socket
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import bagit
import pytest

from archive import posix
from archive.fetch import finish as finishing
from archive.fetch import privacy_check, records_pass
from archive.fetch.fetch import FetchResult, fetch
from archive.fetch.privacy_check import LeakCheck, LeakError, Secret, secrets_of_machine
from tests.archive.fetch.test_pilot import settings_for
from tests.world import World
from tests.world.failing_host import FAILING_HOSTS, failing_world, manifest

HOST, USER = "fatimas-thinkpad", "fatima.k"
ORDINARY = FAILING_HOSTS[:1]


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> dict[str, str]:
    """A machine with telling names."""
    home = tmp_path / "home" / USER
    (home / "tmp-of-fatima").mkdir(parents=True)
    monkeypatch.setattr(socket, "gethostname", lambda: HOST)
    monkeypatch.setattr(getpass, "getuser", lambda: USER)
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setattr(tempfile, "tempdir", str(home / "tmp-of-fatima"))
    return {"host name": HOST, "user name": USER, "home path": str(home), "temporary path": str(home / "tmp-of-fatima")}


@pytest.fixture(scope="module")
def site() -> Iterator[World]:
    with failing_world(ORDINARY) as world:
        yield world


def run(folder: Path, site: World, sources: str = manifest(ORDINARY)) -> FetchResult:
    folder.mkdir(exist_ok=True)
    (folder / "sources.toml").write_text(sources, encoding="utf-8")
    return fetch(folder / "sources.toml", folder / "B", settings_for(site))


@pytest.mark.parametrize("what", ["host name", "user name", "home path", "temporary path"])
@pytest.mark.parametrize(
    "where", ["readme_verify", "ledgers", "cdxj", "records", "premis_lines", "datapackage_json", "render_page"]
)
def test_a_private_word_in_a_file_of_ours_stops_finishing(
    machine: dict[str, str], site: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, what: str, where: str
) -> None:
    name, leak = {"ledgers": "to_json", "cdxj": "index_text", "records": "chained"}.get(where), f"\n{machine[what]}\n"
    place = getattr(records_pass if where == "cdxj" else finishing, where) if name else finishing
    with monkeypatch.context() as planting:
        honest = getattr(place, name or where)

        def planted(*args: Any, **named: Any) -> str | Iterator[str]:
            observed = honest(*args, **named)
            return observed + leak if isinstance(observed, str) else itertools.chain(observed, [leak])

        planting.setattr(place, name or where, planted)
        with pytest.raises(LeakError, match=r"would hold the [a-z ]+ of this machine; nothing is finished") as observed:
            run(tmp_path / "work", site)
    assert machine[what] not in str(observed.value)
    assert not (tmp_path / "work/B").exists()
    assert (tmp_path / "work/B.part").is_dir()
    assert not list((tmp_path / "work/B.part").rglob("bagit.txt"))
    result = run(tmp_path / "work", site)  # the same command, with an honest program
    bagit.Bag(str(result.bag)).validate()


def test_a_finished_bag_holds_none_of_them(machine: dict[str, str], site: World, tmp_path: Path) -> None:
    result = run(tmp_path / "work", site)
    for path in (path for path in result.bag.rglob("*") if path.is_file()):
        data = path.read_bytes()
        assert [word for word in machine.values() if word.encode() in data] == [], path


def test_a_word_that_the_report_itself_holds_is_no_leak(machine: dict[str, str], site: World, tmp_path: Path) -> None:
    result = run(tmp_path / "work", site, manifest(ORDINARY).replace("Ways to fail", f"What {HOST} told us"))
    assert HOST in json.loads((result.bag / "data/sources.json").read_bytes())["report"]["stated"]["title"]


@pytest.mark.parametrize(
    ("text", "is_leak"),
    [
        ("on fatimas-thinkpad at", True),
        ("fatimas-thinkpad", True),
        ("http://fatimas-thinkpad:8080/", True),
        ('"host":"fatimas-thinkpad"', True),
        ("fatimas-thinkpads", False),
        ("not-fatimas-thinkpad", False),
        ("xfatimas-thinkpad", False),
    ],
)
def test_a_name_counts_where_it_stands_alone(text: str, is_leak: bool) -> None:
    check = LeakCheck([Secret("host name", HOST)], list)
    if not is_leak:
        check.require_none("data/x", text.encode())
        return
    with pytest.raises(LeakError):
        check.require_none("data/x", text.encode())


def test_names_that_every_machine_has_are_not_looked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "gethostname", lambda: "localhost")
    monkeypatch.setattr(privacy_check.getpass, "getuser", lambda: "root")
    assert {secret.what for secret in secrets_of_machine()} <= {"home path", "temporary path", "working path"}


def test_nothing_calls_itself_a_bag_before_all_is_on_the_disk(
    site: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(base: Path, files: list[str]) -> None:
        written = {path.relative_to(base).as_posix() for path in base.rglob("*") if path.is_file()}
        assert "bagit.txt" not in written
        assert {"data/sources.json", "data/index.html", "manifest-sha256.txt"} <= set(files) <= written
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(posix, "sync_files", broken)
    with pytest.raises(OSError, match="Input/output error"):
        run(tmp_path, site)
    assert not (tmp_path / "B").exists()
    assert not [*tmp_path.rglob("bagit.txt")]
    monkeypatch.undo()
    run(tmp_path, site)
    assert (tmp_path / "B" / "bagit.txt").is_file()
