"""Verifies what is to be finished, in a process of its own that is forked while this one is small.

What a run has in memory then does not add to what verifying takes, and the code that verifies is loaded while the run
waits for its first responses. The WARCs are read as they grow: a run waits for the network more than for a processor.
"""

from __future__ import annotations

import multiprocessing
import signal
from collections.abc import Iterable
from contextlib import suppress
from multiprocessing.connection import Connection
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

from archive.signals import raising
from archive.verify.files.forked import can_fork
from archive_manifests.findings import Finding, Severity, count_of

if TYPE_CHECKING:
    from archive.verify.files.growing_warcs import GrowingWarcs

_START = 0.4
"""Seconds in which the run sends its first requests, and has every processor to itself."""

_BETWEEN = 0.1
"""Seconds after which it is looked again what was appended to the WARCs."""


_MOST_SOURCES = 3
"""Sources of one code that are named."""


class FinalCheck:
    """Verifies one folder, by the code that everybody runs."""

    def __init__(self, growing: Path | None = None, *, forks: bool = True) -> None:
        """Where other threads run nothing is forked, and the check happens here. `growing` is the folder to be."""
        self._process: Any = None
        self._pipe: Connection | None = None
        if not forks or not can_fork():
            return
        context = multiprocessing.get_context("fork")
        self._pipe, theirs = context.Pipe()
        # No daemon: it starts processes itself.
        self._process = context.Process(target=_serve, args=(theirs, self._pipe, growing), name="final check")
        self._process.start()
        theirs.close()

    def errors_of(self, folder: Path) -> str | None:
        """The errors of the folder, counted by code; None where it has none. Raises what verifying raises."""
        if self._pipe is None:
            return _errors_of(folder, jobs=None if can_fork() else 1)
        try:
            self._pipe.send(folder)
            found = self._pipe.recv()
        except (EOFError, ConnectionError):
            return _errors_of(folder, jobs=None if can_fork() else 1)  # it was ended, for want of memory above all
        if isinstance(found, BaseException):
            raise found
        return found if found is None else str(found)

    def __enter__(self) -> FinalCheck:
        return self

    def __exit__(self, _: type[BaseException] | None, error: BaseException | None, __: TracebackType | None) -> None:
        if self._pipe is not None:
            self._pipe.close()
            if error is not None:
                self._process.terminate()
            self._process.join()
            self._pipe = None


def _serve(pipe: Connection, theirs: Connection, growing: Path | None) -> None:
    """Verify the folder that is named, unless none ever is: the run stopped, or was killed."""
    theirs.close()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the run's own affair: it ends this process, or lets it be
    signal.signal(signal.SIGTERM, raising(SystemExit, 1))  # in order, so that its own processes end too
    pipe.poll(_START)
    with suppress(Exception):  # on a full disk, without open files left: what is needed is loaded again, and says so
        _load_verifier()
    warcs = _read_until(pipe, growing) if growing is not None else None
    try:
        folder = pipe.recv()
    except (EOFError, ConnectionError):
        return
    found: str | BaseException | None
    try:
        found = _errors_of(folder, jobs=None, warcs=warcs)
    except Exception as error:  # noqa: BLE001 -- raised where the result is awaited
        found = error
    with suppress(Exception):  # the run was killed, or the error cannot be sent: then the run meets it itself
        pipe.send(found)


def _read_until(pipe: Connection, base: Path) -> GrowingWarcs:
    """Read the WARCs of a folder as they grow, until something comes through the pipe, or its other end is closed."""
    from archive.fetch.run_follower import RunFollower
    from archive.verify.files.growing_warcs import GrowingWarcs
    from archive.verify.visits.early_visits import EarlyVisits

    visits = EarlyVisits(base)
    warcs, follower = GrowingWarcs(base, visits), RunFollower(base, visits)
    while not pipe.poll(_BETWEEN):
        follower.read_on()
        warcs.read_on()  # second: it then has the records that the journal names
        while visits.make_one() and not pipe.poll():
            pass
    return warcs


def _load_verifier() -> None:
    """Load, while the run waits for responses, what `verify` loads once it has come to it."""
    import archive.verify.content
    import archive.verify.coverage
    import archive.verify.derived_statements
    import archive.verify.files.growing_warcs
    import archive.verify.records.generated
    import archive.verify.records.warc  # noqa: F401 -- see above
    from archive.page.page import load_all

    load_all()


def _errors_of(folder: Path, *, jobs: int | None, warcs: GrowingWarcs | None = None) -> str | None:
    from archive.verify.run import verify

    # Where other threads run, a process would be spawned, and import the program that called this one.
    found = verify(folder, jobs=jobs, growing=warcs)
    return _named(found.findings) if found.errors else None


def _named(findings: Iterable[Finding]) -> str:
    """The errors by code: how many there are of each, and the first sources, or else the first file, of which."""
    by_code: dict[str, list[Finding]] = {}
    for finding in findings:
        if finding.severity is Severity.ERROR:
            by_code.setdefault(finding.code, []).append(finding)
    return ", ".join(f"{code}{_of(by_code[code])}" for code in sorted(by_code))


def _of(found: list[Finding]) -> str:
    times = f" {count_of(found):,} times" if count_of(found) > 1 else ""
    sources = sorted({name for each in found for name in (each.source or "").split(",") if name})
    places = sources or sorted({each.path.text for each in found if each.path is not None})[:1]
    more = ", …" if len(places) > _MOST_SOURCES else ""
    return f"{times} of {', '.join(places[:_MOST_SOURCES])}{more}" if places else times
