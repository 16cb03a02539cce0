"""Each way to fail has its verdict: one run over a host for each of them, by the real command line."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.world import failures
from tests.world.failing_host import FAILING_HOSTS, FailingHost, failing_world, manifest
from tests.world.world import World

ARCHIVE = str(Path(sys.executable).with_name("archive"))


@pytest.fixture(scope="module")
def ended(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[World, dict[str, tuple[str, str | None]]]]:
    folder = tmp_path_factory.mktemp("failing")
    (folder / "sources.toml").write_text(manifest(), encoding="utf-8")
    with failing_world() as world:
        command = [ARCHIVE, "fetch", str(folder / "sources.toml"), "-o", str(folder / "bag"), "--delay", "0", "--json"]
        command += ["--jobs", "32", *world.cli_args]
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=170)
        assert done.returncode == 1, done.stderr
        sources = json.loads(done.stdout)["sources"]
        yield world, {source["cited"]: (source["status"], source["reason"]) for source in sources}


@pytest.mark.parametrize("failing_host", FAILING_HOSTS, ids=lambda failing_host: failing_host.mode)
def test_each_failure_is_called_by_its_name(ended: tuple[World, dict[str, tuple[str, str | None]]], failing_host: FailingHost) -> None:
    assert ended[1][failing_host.cited] in failing_host.verdicts


def test_nobody_else_was_requested_anything(ended: tuple[World, dict[str, tuple[str, str | None]]]) -> None:
    assert ended[0].strays == []


def test_every_quick_way_to_fail_is_tried() -> None:
    slow = {"silent", "stalled", "429-date", "wrong-type"}
    assert {failing_host.mode for failing_host in FAILING_HOSTS} - {"none", "page-for-paper"} == set(failures.MODES) - slow
