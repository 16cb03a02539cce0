"""Opens the engine that `--engine` names."""

from __future__ import annotations

from pathlib import Path

from archive.audit.engine.interface import Engine
from archive.audit.engine.processes import Processes
from archive.errors import UsageProblem
from archive.verify.files.workers import cores


def open_engine(spec: str, jobs: int | None = None, tls: Path | None = None) -> Engine:
    """`processes`, or the `tls://` address of a Dask scheduler. `tls` is a folder with certificates.

    Raises `UsageProblem`, `EngineLost`.
    """
    if spec == "processes":
        return Processes(jobs or cores())
    if spec.startswith(("tls://", "tcp://")):
        from archive.audit.engine.cluster import Cluster

        return Cluster(spec, tls)
    raise UsageProblem(f"--engine {spec}: expected processes, or tls://HOST:PORT of a Dask scheduler")
