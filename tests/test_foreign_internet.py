"""An internet that is not ours: the right verdict for each way to fail, and no false alarm on honest pages."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from archive_manifests.ledger import from_json
from tests.archive.systems.fetch_sources import Fetched, assert_every_byte_is_stored, assert_every_id_is_there, stored
from tests.note_texts import text_of
from tests.world.foreign_internet import FAILING, FOREIGN_HOSTS, HONEST, ForeignHost, manifest, strange_world

ARCHIVE = str(Path(sys.executable).with_name("archive"))


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Fetched]:
    folder = tmp_path_factory.mktemp("foreign")
    (folder / "sources.toml").write_text(manifest(), encoding="utf-8")
    with strange_world() as world:
        command = [ARCHIVE, "fetch", str(folder / "sources.toml"), "-o", str(folder / "bag"), "--delay", "0", "--json"]
        command += ["--jobs", "32", *world.cli_args]
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=170)
        assert done.returncode == 1, done.stderr
        entries = list(from_json((folder / "bag/data/sources.json").read_bytes()).sources)
        yield Fetched(world, folder / "bag", entries, stored(folder / "bag"))


def ended(made: Fetched, host: ForeignHost) -> tuple[Any, ...]:
    (entry,) = [entry for entry in made.entries if entry.cited == host.cited]
    return (str(entry.status), entry.reason), text_of(entry.detail)


@pytest.mark.parametrize("host", FAILING, ids=lambda host: host.name)
def test_each_way_to_fail_is_called_by_its_name(made: Fetched, host: ForeignHost) -> None:
    verdict, detail = ended(made, host)
    assert verdict in host.verdicts, detail
    assert detail


@pytest.mark.parametrize("host", HONEST, ids=lambda host: host.name)
def test_an_honest_page_raises_no_alarm(made: Fetched, host: ForeignHost) -> None:
    verdict, detail = ended(made, host)
    assert verdict in host.verdicts, detail


def test_whatever_the_verdict_every_byte_is_stored(made: Fetched) -> None:
    assert_every_byte_is_stored(made)
    assert_every_id_is_there(made)
    assert {host for host in made.world.strays if host.endswith(".example")} == set()


def test_the_bag_of_it_is_sound(made: Fetched) -> None:
    done = subprocess.run([ARCHIVE, "verify", str(made.bag), "--json"], capture_output=True, text=True, check=False)
    observed = json.loads(done.stdout)
    assert [finding for finding in observed["findings"] if finding["severity"] == "error"] == []
    assert len({host.host for host in FOREIGN_HOSTS}) == len(FOREIGN_HOSTS) == len(made.entries)
