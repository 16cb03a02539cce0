"""Starts, stops and follows the process of a draft's run. The desk may end and begin again meanwhile."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from archive import posix
from archive.capture.settings import FetchSettings
from archive.desk import worker
from archive.desk.draft import ReportDraft
from archive.desk.run_events import RunState, fold
from archive.desk.worker import EVENTS, LOCK, STOP, Job
from archive.errors import InUse

_LARGEST_EVENTS = 64 << 20


def start(draft: ReportDraft, base: FetchSettings, *, retry: bool = False, again: bool = False) -> None:
    """Start the run of a draft. Raises `InUse` where one is running, `UsageProblem`, `OSError`."""
    if is_running(draft):
        raise InUse(f"{draft.name}: a run is under way already; wait until it ends, or pause it")
    settings = draft.choices().settings(base)
    settings.check()
    job = Job(draft.sources_file, draft.bag, settings, draft.report, retry=retry, again=again)
    (draft.folder / STOP).unlink(missing_ok=True)
    place = draft.folder / worker.JOB
    place.write_bytes(worker.encode(job))
    place.chmod(0o600)
    with (draft.folder / "worker.log").open("ab") as log:
        process = posix.start_apart([sys.executable, "-m", "archive.desk.worker", str(draft.folder)], log)
    _ours.append(process)


_ours: list[subprocess.Popen[bytes]] = []
"""Processes that this desk started: they are waited for at their end, so that none stays as a zombie."""


def is_running(draft: ReportDraft) -> bool:
    """True while a process works on the draft, whichever desk started it."""
    for process in list(_ours):
        if process.poll() is not None:
            _ours.remove(process)
    place = draft.folder / LOCK
    started = any(draft.folder == Path(str(process.args[-1])) for process in _ours if isinstance(process.args, list))
    if not place.exists():
        return started
    with place.open("ab") as lock:
        return not posix.lock(lock) or started


def pause(draft: ReportDraft) -> None:
    """Have the run stop: what it has received stays, and `start` resumes it."""
    if is_running(draft):
        (draft.folder / STOP).touch()


def state_of(draft: ReportDraft) -> tuple[RunState, int]:
    """The run as its events tell it, and how many bytes of them were read."""
    try:
        with (draft.folder / EVENTS).open("rb") as stream:
            content = stream.read(_LARGEST_EVENTS)
    except OSError:
        return RunState(), 0
    whole = content[: content.rfind(b"\n") + 1]
    return fold(whole.splitlines()), len(whole)
