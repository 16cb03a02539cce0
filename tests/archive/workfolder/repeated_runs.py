"""Runs one command many times over, each time in a fresh process that costs a fork, with a fault or without.

python -m tests.archive.workfolder.repeated_runs        reads trials from stdin, one JSON a line, answers in kind
"""

from __future__ import annotations

import json
import os
import pickle
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path

from tests.archive.workfolder.failing_filesystem import Call, Fault, Seam


@dataclass(frozen=True, slots=True)
class Ended:
    """How a trial ended."""

    code: int
    """The exit code; minus the signal for who was killed."""
    fired: list[str]
    """The calls at which the fault struck."""
    calls: int
    said: str
    """What it said on stderr."""


class Trials:
    """A process that holds the program, imported and idle, and forks for each trial."""

    def __init__(self, *, many: int | None = None) -> None:
        """`many` is how many files are so many that they are flushed at once; as the program has it where None."""
        self._process = subprocess.Popen(
            [sys.executable, "-m", __name__, *([] if many is None else [str(many)])],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def run(self, arguments: list[str], folder: Path, fault: Fault | None = None, log: Path | None = None) -> Ended:
        trial = {
            "arguments": arguments,
            "folder": str(folder),
            "fault": asdict(fault) if fault else None,
            "log": str(log) if log else None,
        }
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.write(json.dumps(trial) + "\n")
        self._process.stdin.flush()
        return Ended(**json.loads(self._process.stdout.readline()))

    def close(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(10)


@contextmanager
def trials(*, many: int | None = None) -> Iterator[Trials]:
    running = Trials(many=many)
    try:
        yield running
    finally:
        running.close()


def calls_of(log: Path) -> list[Call]:
    """What a trial did to the file system, in order."""
    calls: list[Call] = pickle.loads(log.read_bytes())
    return calls


def _serve() -> None:
    import archive.workfolder.folder as works
    from archive import posix
    from archive.workfolder.journal import GroupCommit

    for name in ("archive.fetch.fetch", "archive.fetch.run", "archive.verify.run", "archive_cli.main"):
        __import__(name)
    for name in ("fetch", "verify", "finish"):
        __import__(f"archive_cli.commands.{name}")
    if sys.argv[1:]:
        posix.SYNCED_ONE_BY_ONE = int(sys.argv[1])
    works.GroupCommit = partial(GroupCommit, every=0.02)  # type: ignore[assignment, misc] # so that syncing takes its part
    for line in sys.stdin:
        trial = json.loads(line)
        observed, tell = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(observed)
            _play(trial, tell)
        os.close(tell)
        with os.fdopen(observed, "rb") as pipe:
            messages = pipe.read().split(b"\n")
        _, status = os.waitpid(child, 0)
        words = [word.decode() for word in messages if word]
        print(
            json.dumps(
                {
                    "code": os.waitstatus_to_exitcode(status),
                    "fired": [word.removeprefix("fired ") for word in words if word.startswith("fired ")],
                    "calls": next((int(word.removeprefix("calls ")) for word in words if word.startswith("calls ")), 0),
                    "said": "\n".join(
                        word.removeprefix("said ")
                        for word in words
                        if word.startswith("said ") and not word.startswith("said Next: ")
                    ),
                }
            ),
            flush=True,
        )


def _play(trial: dict[str, object], tell: int) -> None:
    """Be the trial's process. Never returns."""
    import tempfile

    from archive_cli.main import main

    os.setsid()
    said = tempfile.TemporaryFile()  # noqa: SIM115 -- this process ends with it
    nowhere = os.open(os.devnull, os.O_RDWR)
    os.dup2(nowhere, 0)
    os.dup2(nowhere, 1)
    os.dup2(said.fileno(), 2)
    fault = trial["fault"]
    seam = Seam(
        str(trial["folder"]),
        Fault(**fault) if isinstance(fault, dict) else None,
        lambda name: os.write(tell, f"fired {name}\n".encode()) and None,
    )
    seam.install()
    code: object = 99
    try:
        main(trial["arguments"])
    except SystemExit as end:
        code = end.code
    finally:
        sys.stderr.flush()
        said.seek(0)
        for line in said.read().splitlines():
            os.write(tell, b"said " + line + b"\n")
        os.write(tell, f"calls {seam.count}\n".encode())
        if trial["log"]:
            with seam._io_open(str(trial["log"]), "wb") as log:
                pickle.dump(seam.calls, log)
        os._exit(code if isinstance(code, int) else 0)


if __name__ == "__main__":
    _serve()
