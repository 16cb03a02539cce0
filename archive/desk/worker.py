"""The process of one run: `python -m archive.desk.worker FOLDER`, FOLDER being the draft's.

It is a session of its own: it continues when the tab, the desk or its terminal is closed. It reads what to do in
`job.json`, appends what happens to `events.jsonl`, and stops as if interrupted where a file `stop` appears. While it
works it holds the lock of the file `lock`.
"""

from __future__ import annotations

import _thread
import contextlib
import os
import signal
import sys
import threading
from pathlib import Path

import msgspec

from archive import posix
from archive.capture.settings import FetchSettings
from archive.desk.run_events import EventLog
from archive.errors import ArchiveError, Interrupted, NoNetwork
from archive.fetch.fetch import FetchResult, fetch

JOB, EVENTS, LOCK, STOP = "job.json", "events.jsonl", "lock", "stop"
_STOP_SECONDS = 0.3


class Job(msgspec.Struct, frozen=True):
    """What one run is to do."""

    sources: Path
    bag: Path
    settings: FetchSettings
    report: Path | None = None
    retry: bool = False
    again: bool = False


def main(arguments: list[str]) -> int:
    """Run the job of a draft. The exit code is that of `archive fetch`."""
    folder = Path(arguments[0])
    with (folder / LOCK).open("ab") as lock, (folder / EVENTS).open("ab") as events:
        if not posix.lock(lock):
            return 3
        log = EventLog(events)
        log.write("started", pid=os.getpid())
        threading.Thread(target=_watch, args=(folder / STOP,), daemon=True).start()
        code = _run(folder, log)
        (folder / STOP).unlink(missing_ok=True)
        return code


def _run(folder: Path, log: EventLog) -> int:
    try:
        job = msgspec.json.decode((folder / JOB).read_bytes(), type=Job, dec_hook=_decode)
        result = _fetched(job, log)
    except (Interrupted, KeyboardInterrupt):
        log.end("interrupted")
        return 130
    except NoNetwork as error:
        log.end("no-network", said=str(error))
        return 3
    except ArchiveError as error:
        log.end("refused", said=str(error))
        return error.exit_code
    except OSError as error:
        log.end("refused", said=f"{error.filename or folder}: {error.strerror or error}")
        return 3
    except Exception as error:  # noqa: BLE001 -- whatever happens, the page has to say that the run ended
        log.end("fault", said=f"{type(error).__name__}: {error}")
        return 3
    log.end("held" if result.tagmanifest is None else "finished", bag=result.bag.name)
    return 1 if result.has_gaps else 0


def _fetched(job: Job, log: EventLog) -> FetchResult:
    is_new = job.again
    return fetch(
        job.sources, job.bag, job.settings,
        report=job.report, hold=not is_new, retry=job.retry, again=is_new, progress=log,
    )  # fmt: skip


def _watch(stop: Path) -> None:
    """Interrupt the main thread once the file appears."""
    waiting = threading.Event()
    while not stop.exists():
        waiting.wait(_STOP_SECONDS)
    with contextlib.suppress(OSError):
        stop.unlink()
    _thread.interrupt_main()


def encode(job: Job) -> bytes:
    return msgspec.json.encode(job, enc_hook=str)


def _decode(kind: type, value: object) -> object:
    if issubclass(kind, Path):
        return Path(str(value))
    raise NotImplementedError(kind)


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.default_int_handler)
    sys.exit(main(sys.argv[1:]))
