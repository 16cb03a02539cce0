"""A Dask cluster. Its scheduler keeps nothing: when it is lost, the run ends and is continued from the catalogue."""

from __future__ import annotations

import contextlib
import ipaddress
from concurrent.futures import CancelledError, Executor
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from archive.audit.engine.interface import Engine, Loss
from archive.audit.errors import EngineLost, ExtraMissing
from archive.errors import UsageProblem
from archive.installation import install_command

if TYPE_CHECKING:
    from distributed.security import Security

CONNECT_SECONDS = 20

TLS_FILES = ("ca.pem", "cert.pem", "key.pem")


class Cluster(Engine):
    """Workers that a Dask scheduler knows. Anybody who can connect to one can run code on it, so TLS is mutual."""

    def __init__(self, address: str, tls: Path | None) -> None:
        try:
            import distributed
        except ImportError as error:
            raise ExtraMissing(f"a cluster needs Dask: {install_command('cluster')}") from error
        self.name = address
        _check_address(address, tls)
        security = _security(tls) if tls else None
        try:
            self._client = distributed.Client(  # type: ignore[no-untyped-call]
                address, security=security, timeout=CONNECT_SECONDS, set_as_default=False, direct_to_workers=False
            )
        except (OSError, TimeoutError, ValueError, RuntimeError) as error:
            raise EngineLost(f"{address}: no scheduler there can be used ({error}); is it running?") from error
        workers = self._client.scheduler_info(n_workers=-1)["workers"].values()
        self._threads = sum(int(worker["nthreads"]) for worker in workers)
        if not self._threads:
            self.close(wait=False)
            raise EngineLost(f"{address}: the scheduler has no workers; start one with `dask worker {address}`")
        # pure=False: what was computed before must never stand for a look at the bytes.
        self._executor: Executor = self._client.get_executor(pure=False)  # type: ignore[no-untyped-call]

    @property
    def workers(self) -> int:
        return self._threads

    @property
    def executor(self) -> Executor:
        return self._executor

    def meaning(self, error: BaseException) -> Loss:
        from distributed.scheduler import KilledWorker

        if isinstance(error, KilledWorker):
            return Loss.BATCH
        return Loss.POOL if isinstance(error, CancelledError | OSError) or _is_lost(error) else Loss.NONE

    def rebuild(self) -> None:
        raise EngineLost(f"{self.name}: the scheduler is gone; start it, and run the same command again: it goes on")

    def close(self, *, wait: bool = True) -> None:
        with contextlib.suppress(TimeoutError, OSError, RuntimeError):  # a scheduler that is gone cannot say goodbye
            self._client.close(timeout=10 if wait else 2)  # type: ignore[no-untyped-call]


def _is_lost(error: BaseException) -> bool:
    return type(error).__name__ in ("FutureCancelledError", "FuturesCancelledError", "CommClosedError")


def _check_address(address: str, tls: Path | None) -> None:
    """Mutual TLS everywhere, but for a scheduler on this machine's loopback. Raises `UsageProblem`."""
    parts = urlsplit(address)
    try:
        is_loopback = parts.hostname == "localhost" or ipaddress.ip_address(parts.hostname or "").is_loopback
    except ValueError:
        is_loopback = False
    if parts.scheme == "tls" and tls is None:
        raise UsageProblem(f"--engine {address}: needs --tls FOLDER with {', '.join(TLS_FILES)}")
    if parts.scheme == "tcp" and not is_loopback:
        raise UsageProblem(
            f"--engine {address}: tcp:// is neither encrypted nor authenticated, and whoever connects to a scheduler"
            " can run code on it; use tls:// with --tls FOLDER"
        )


def _security(folder: Path) -> Security:
    from distributed.security import Security

    ca, certificate, key = (folder / name for name in TLS_FILES)
    for place in (ca, certificate, key):
        if not place.is_file():
            raise UsageProblem(f"{place}: no such file; --tls takes a folder with {', '.join(TLS_FILES)}")
    files = {"tls_ca_file": str(ca), "tls_client_cert": str(certificate), "tls_client_key": str(key)}
    return Security(require_encryption=True, **files)  # type: ignore[no-untyped-call]
