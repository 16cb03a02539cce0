"""Runs one command many times over, each time in a fresh process that costs a fork, with a fault or without.

python -m tests.archive.workfolder.repeated_runs        reads trials from stdin, one JSON a line, answers in kind
"""

from __future__ import annotations

import ctypes
import json
import os
import pickle
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path

from tests.archive.workfolder.failing_filesystem import Call, Fault, Seam
from tests.forked_program import import_program

_PR_SET_PTRACER = 0x59616D61
"""Lets strace attach to a process that it did not start, where the kernel asks for that. (prctl(2), Yama)"""


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

    def run(
        self,
        arguments: list[str],
        folder: Path,
        fault: Fault | None = None,
        log: Path | None = None,
        strace: Sequence[str] = (),
    ) -> Ended:
        """`strace` are options of strace, which traces the process from before its first step; no call is watched then."""
        trial = {
            "arguments": arguments,
            "folder": str(folder),
            "fault": asdict(fault) if fault else None,
            "log": str(log) if log else None,
            "strace": list(strace),
        }
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.write(json.dumps(trial) + "\n")
        self._process.stdin.flush()
        return Ended(**json.loads(self._process.stdout.readline()))

    def close(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(60)


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

    import_program()
    if sys.argv[1:]:
        posix.SYNCED_ONE_BY_ONE = int(sys.argv[1])
    works.GroupCommit = partial(GroupCommit, every=0.02)  # type: ignore[assignment, misc] # so that syncing takes its part
    for line in sys.stdin:
        trial = json.loads(line)
        observed, tell = os.pipe()
        held, release = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(observed)
            os.close(release)
            _play(trial, tell, held)
        os.close(tell)
        os.close(held)
        tracer = None
        if trial["strace"]:
            os.read(observed, 1)  # the child lets itself be traced by now
            tracer = _trace(child, trial["strace"])
        os.close(release)
        with os.fdopen(observed, "rb") as pipe:
            messages = pipe.read().split(b"\n")
        _, status = os.waitpid(child, 0)
        if tracer is not None:
            tracer.wait()
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


def _trace(child: int, options: list[str]) -> subprocess.Popen[bytes]:
    tracer = subprocess.Popen(["strace", "-f", "-qq", *options, "-p", str(child)], stderr=subprocess.DEVNULL)
    while "\nTracerPid:\t0\n" in Path(f"/proc/{child}/status").read_text():
        assert tracer.poll() is None, "strace could not attach to the trial"
        time.sleep(0.001)
    return tracer


def _play(trial: dict[str, object], tell: int, held: int) -> None:
    """Be the trial's process, once `held` is closed. Never returns."""
    import tempfile

    from archive_cli.main import main

    os.setsid()
    if trial["strace"]:
        ctypes.CDLL(None).prctl(_PR_SET_PTRACER, ctypes.c_ulong(-1))
        os.write(tell, b"\n")
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
    os.read(held, 1)
    if not trial["strace"]:
        seam.install()
    code: object = 99
    try:
        main(trial["arguments"])
    except SystemExit as end:
        code = end.code
    finally:
        sys.stderr.flush()
        said.seek(0)
        lines = b"".join(b"said " + line + b"\n" for line in said.read().splitlines())
        report = lines + f"calls {seam.count}\n".encode()
        try:
            os.write(tell, report)
        except OSError:  # the one write that strace lets fail in this thread was this one
            os.write(tell, report)
        if trial["log"]:
            with seam._io_open(str(trial["log"]), "wb") as log:
                pickle.dump(seam.calls, log)
        os._exit(code if isinstance(code, int) else 0)


if __name__ == "__main__":
    _serve()
