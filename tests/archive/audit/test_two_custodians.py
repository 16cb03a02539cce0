"""Two custodians, one of them a store: damages, a swap, a store switched off, a worker and the coordinator killed."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from archive.audit.catalogue.agreement import check_catalogue
from archive.audit.catalogue.database import CatalogueDatabase
from archive.audit.catalogue.schema import bag_copy
from archive.audit.catalogue.schema import event as events
from tests.archive.bag.s3_server import S3, serving
from tests.archive.verify.sample_bags import make_bag, put

pytestmark = [pytest.mark.torture, pytest.mark.timeout(1800), pytest.mark.skipif(os.name != "posix", reason="SIGKILL")]

BAGS = int(os.environ.get("TWO_CUSTODIANS_BAGS", "1000"))
"""Of each custodian."""

PROGRAM = "from archive_cli.main import main; main()"


@pytest.fixture
def s3(monkeypatch: pytest.MonkeyPatch) -> Iterator[S3]:
    with serving(monkeypatch) as server:
        yield server


def command(catalogue: CatalogueDatabase, *words: object) -> list[str]:
    name = catalogue.name if catalogue.is_file else catalogue.url.set(drivername="postgresql").render_as_string()
    return [sys.executable, "-c", PROGRAM, *map(str, words), "--catalogue", name]


def run(catalogue: CatalogueDatabase, *words: object) -> tuple[int, dict[str, Any]]:
    done = subprocess.run([*command(catalogue, *words), "--json"], check=False, capture_output=True, text=True)
    assert done.stdout, done.stderr
    return done.returncode, json.loads(done.stdout)


def checked(catalogue: CatalogueDatabase) -> list[tuple[str, str, int]]:
    query = select(events.c.run_id, events.c.copy_id, events.c.attempt).where(events.c.type == "fixity check")
    with catalogue.reading() as connection:
        return [tuple(row) for row in connection.execute(query)]


def wait_for(catalogue: CatalogueDatabase, number: int, process: subprocess.Popen[str]) -> None:
    while len(checked(catalogue)) < number:
        assert process.poll() is None, process.communicate()
        time.sleep(0.05)


def worker_of(process: subprocess.Popen[str]) -> int:
    """A process that reads bags, not the one that looks after shared memory."""
    for folder in Path("/proc").iterdir():
        is_child = folder.name.isdigit() and f"\nPPid:\t{process.pid}\n" in (folder / "status").read_text()
        if is_child and b"spawn_main" in (folder / "cmdline").read_bytes():
            return int(folder.name)
    raise AssertionError("no worker")


def test_every_outcome_is_right_nothing_is_entered_twice_and_repair_restores(
    catalogue: CatalogueDatabase, s3: S3, tmp_path: Path
) -> None:
    root = tmp_path / "us"
    for number in range(BAGS):
        content = {f"data/{each}.txt": b"%d %d\n" % (number, each) * 20 for each in range(3)}
        s3.upload(make_bag(root / f"b{number:04}", content), f"cloud/b{number:04}")
    assert run(catalogue, "audit", "add", root, "--custodian", "us")[1]["outcomes"]["sound"] == BAGS
    assert run(catalogue, "audit", "add", s3.url("cloud"), "--custodian", "cloud")[1]["outcomes"]["sound"] == BAGS
    sound = {name: contents(root / name) for name in ("b0003", "b0005", "b0007", "b0009")}
    put(root / "b0003", "data/0.txt", b"altered")
    (root / "b0005/data/1.txt").unlink()
    (root / "b0007/manifest-sha256.txt").write_bytes(b"altered")
    shutil.rmtree(root / "b0009")
    make_bag(root / "b0009", {"data/0.txt": b"another bag"})

    slow = ("audit", "run", "--all", "--jobs", 2, "--max-mb-s", 0.5, "--stop-after", 10)
    coordinator = subprocess.Popen(command(catalogue, *slow), stdout=subprocess.PIPE, text=True)
    wait_for(catalogue, BAGS // 4, coordinator)
    os.kill(worker_of(coordinator), signal.SIGKILL)
    wait_for(catalogue, BAGS // 2, coordinator)
    coordinator.kill()
    coordinator.wait()
    s3.stop()
    code, stopped = run(catalogue, *slow)
    assert (stopped["resumed"], stopped["state"], stopped["offline"] != {}, stopped["left"] > 0) == (True, "stopped", True, True)
    assert (code, stopped["outcomes"]["damaged"], stopped["outcomes"]["substituted"]) == (1, 3, 1)
    report = tmp_path / "report.json"
    subprocess.run(command(catalogue, "audit", "report", "--json", report), check=False)
    not_checked = json.loads(report.read_text())["not_checked"]
    assert not_checked["number"] == stopped["left"] + stopped["outcomes"]["unreadable"]
    assert {one["custodian"] for one in not_checked["copies"]} == {"cloud"}

    s3.start_again()
    code, ended = run(catalogue, "audit", "run", "--all", "--jobs", 2, "--stop-after", 10)
    assert (code, ended["run"], ended["state"], ended["left"]) == (1, stopped["run"], "ended", 0)
    assert sorted(one["bag"].rpartition("/")[2] for one in ended["new"]) == ["b0003", "b0005", "b0007", "b0009"]
    assert ended["outcomes"] == {"sound": 2 * BAGS - 4, "damaged": 3, "substituted": 1, "unreadable": 0}
    assert max(Counter(checked(catalogue)).values()) == 1
    with catalogue.reading() as connection:
        wrong = select(bag_copy.c.url, bag_copy.c.last_outcome).where(bag_copy.c.last_outcome != "sound")
        found = {url.rpartition("/")[2]: outcome for url, outcome in connection.execute(wrong)}
        assert found == {"b0003": "damaged", "b0005": "damaged", "b0007": "damaged", "b0009": "substituted"}
        assert check_catalogue(connection)[1] == []
    for name, before in sound.items():
        code, _ = run(catalogue, "repair", root / name, "--from", s3.url(f"cloud/{name}"), "--yes")
        assert (code, contents(root / name) == before, len(list(root.glob(f"{name}.damaged-*")))) == (0, True, 1)
    code, last = run(catalogue, "audit", "run", "--all", "--jobs", 2)
    assert (code, last["outcomes"]["sound"], last["new"]) == (0, 2 * BAGS, [])


def contents(folder: Path) -> dict[str, bytes]:
    return {str(each.relative_to(folder)): each.read_bytes() for each in sorted(folder.rglob("*")) if each.is_file()}
