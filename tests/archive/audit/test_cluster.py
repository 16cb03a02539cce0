"""A Dask cluster on loopback: mutual TLS, a worker killed, the scheduler killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import trustme
from sqlalchemy import func, select

from archive.audit.add import add_bags
from archive.audit.catalogue.agreement import check_catalogue
from archive.audit.catalogue.copies import Custody
from archive.audit.catalogue.database import CatalogueDatabase
from archive.audit.catalogue.schema import event as events
from archive.audit.engine.cluster import Cluster
from archive.audit.engine.interface import Engine
from archive.audit.engine.open import open_engine
from archive.audit.engine.processes import Processes
from archive.audit.errors import EngineLost
from archive.audit.look import CopyOutcome
from archive.audit.run import AuditLimits, run_audit
from archive.audit.selection import ALL, CopySelection
from archive.errors import UsageProblem
from tests.archive.audit.conftest import Inline
from tests.archive.verify.sample_bags import make_bag, put

pytest.importorskip("distributed", reason="the extra [cluster] is not installed")
pytestmark = pytest.mark.skipif(os.name != "posix", reason="SIGKILL")


@dataclass
class Running:
    """A scheduler and two workers, as a person starts them."""

    address: str
    tls: Path
    scheduler: subprocess.Popen[bytes]
    workers: list[subprocess.Popen[bytes]]


@pytest.fixture
def tls(tmp_path: Path) -> Path:
    return certificates(tmp_path / "tls")


def certificates(folder: Path) -> Path:
    """A folder as `--tls` takes it, of an authority of its own."""
    authority = trustme.CA()
    issued = authority.issue_cert("127.0.0.1", "localhost")
    folder.mkdir()
    authority.cert_pem.write_to_path(folder / "ca.pem")
    issued.cert_chain_pems[0].write_to_path(folder / "cert.pem")
    issued.private_key_pem.write_to_path(folder / "key.pem")
    return folder


@pytest.fixture
def cluster(tls: Path, tmp_path: Path) -> Iterator[Running]:
    files = ["--tls-ca-file", tls / "ca.pem", "--tls-cert", tls / "cert.pem", "--tls-key", tls / "key.pem"]
    dask = [sys.executable, "-m", "dask"]
    place = tmp_path / "scheduler.json"
    log = (tmp_path / "log").open("wb")
    where = ["--host", "127.0.0.1", "--protocol", "tls", "--no-dashboard"]
    command = [*dask, "scheduler", *where, "--port", "0", "--scheduler-file", place, *files]
    started = [subprocess.Popen(command, stdout=log, stderr=log, cwd=tmp_path)]
    try:
        for _ in range(600):
            if place.exists() and place.stat().st_size:
                break
            time.sleep(0.05)
        import json

        address = json.loads(place.read_text())["address"]
        command = [*dask, "worker", address, *where, "--nthreads", "1", "--local-directory", tmp_path, *files]
        started += [subprocess.Popen(command, stdout=log, stderr=log, cwd=tmp_path) for _ in range(2)]
        wait_for_workers(address, tls)
        yield Running(address, tls, started[0], started[1:])
    finally:
        for process in reversed(started):
            process.terminate()
        for process in reversed(started):
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()


def wait_for_workers(address: str, tls: Path) -> None:
    for _ in range(100):
        try:
            with open_engine(address, tls=tls) as engine:
                if engine.workers == 2:
                    return
        except EngineLost:
            pass
        time.sleep(0.3)
    raise AssertionError("the workers do not start")


@pytest.fixture
def bags(tmp_path: Path, sqlite: CatalogueDatabase, engine: Inline) -> Path:
    for number in range(24):
        make_bag(tmp_path / f"bags/b{number:02}", {"data/a.txt": b"%d\n" % number * 400})
    add_bags(sqlite, [str(tmp_path / "bags")], Custody(), engine)
    put(tmp_path / "bags/b07", "data/a.txt", b"damaged")
    return tmp_path / "bags"


def worker_process(engine: Engine) -> int:
    """A process that runs tasks: not the nanny that a person starts, and that starts it again."""
    assert isinstance(engine, Cluster)
    processes: dict[str, int] = engine._client.run(os.getpid)  # type: ignore[no-untyped-call]
    return next(iter(processes.values()))


def checks(catalogue: CatalogueDatabase) -> int:
    with catalogue.reading() as connection:
        query = select(func.count()).select_from(events).where(events.c.type == "fixity check")
        return connection.execute(query).scalar() or 0


def kill_once(catalogue: CatalogueDatabase, process: int, after: int) -> threading.Thread:
    def kill() -> None:
        for _ in range(600):
            if checks(catalogue) >= after:
                os.kill(process, signal.SIGKILL)
                return
            time.sleep(0.05)

    thread = threading.Thread(target=kill)
    thread.start()
    return thread


SLOW = AuditLimits(bytes_per_second=30_000.0)


def test_strangers_stay_out_a_killed_worker_costs_a_repetition_a_killed_scheduler_a_call(
    sqlite: CatalogueDatabase, bags: Path, cluster: Running, tmp_path: Path
) -> None:
    with pytest.raises(EngineLost, match="no scheduler there can be used"):
        open_engine(cluster.address, tls=certificates(tmp_path / "others"))
    with open_engine(cluster.address, tls=cluster.tls) as engine:
        killer = kill_once(sqlite, worker_process(engine), 2)
        result = run_audit(sqlite, CopySelection(ALL), engine, limits=SLOW)
        killer.join()
    assert (result.outcomes[CopyOutcome.SOUND], result.outcomes[CopyOutcome.DAMAGED], result.left) == (23, 1, 0)
    assert checks(sqlite) == 24
    with open_engine(cluster.address, tls=cluster.tls) as engine:
        killer = kill_once(sqlite, cluster.scheduler.pid, 26)
        lost = run_audit(sqlite, CopySelection(ALL), engine, limits=SLOW)
        killer.join()
    assert (lost.lost is not None, lost.left > 0, lost.state) == (True, True, "stopped")
    with Processes(2) as engine:
        resumed = run_audit(sqlite, CopySelection(ALL), engine)
    assert (resumed.run_id, resumed.is_resumed, resumed.left) == (lost.run_id, True, 0)
    assert (resumed.outcomes[CopyOutcome.SOUND], resumed.outcomes[CopyOutcome.DAMAGED]) == (23, 1)
    assert checks(sqlite) == 48
    with sqlite.reading() as connection:
        assert check_catalogue(connection)[1] == []


def test_a_scheduler_that_is_not_there_is_said_to_be_missing(tls: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("archive.audit.engine.cluster.CONNECT_SECONDS", 1)
    with pytest.raises(EngineLost, match="no scheduler there can be used"):
        open_engine("tls://127.0.0.1:9", tls=tls)
    with pytest.raises(UsageProblem, match="no such file"):
        open_engine("tls://127.0.0.1:9", tls=tls.parent)
