"""The process that reads a hostile file: bounded, cut off from files and network, one JSON value on stdout.

On Linux its native code is cut off too (Landlock, seccomp); elsewhere only Python code is, by an audit hook.
"""

from __future__ import annotations

import io
import os
import sys
from typing import BinaryIO

import msgspec

from archive import posix, sandbox
from archive.cite.extract import PlacedReport
from archive.cite.isolate import CPU_SECONDS, MEMORY, WorkerReply
from archive.cite.readers import READERS
from archive.errors import ReportUnreadable

_FORBIDDEN = (
    "socket.",
    "subprocess.",
    "shutil.",
    *(f"os.{call}" for call in ("exec", "posix_spawn", "startfile", "system", "fork", "kill", "remove", "rename")),
    *(f"os.{call}" for call in ("rmdir", "mkdir", "link", "symlink", "truncate", "chmod", "chown")),
)
"""How the names of events begin that reading a report never causes."""
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND


def main() -> None:
    """Read stdin as the kind that the command line names."""
    kind, suffix = sys.argv[1:3]
    reader = READERS[kind]()  # imports what it needs before files are out of reach
    source: BinaryIO = sys.stdin.buffer
    if kind == "pdf" and source.seekable():
        from archive.cite.pdf.read import SharedFile

        source = SharedFile(source.fileno(), confine_this_process)
    confine_this_process()
    answer = _answer(reader, source, suffix)
    sys.stdout.buffer.write(msgspec.json.encode(answer))
    sys.stdout.buffer.flush()


def confine_this_process() -> None:
    """Bound this process's time and memory, and cut it off from files, network and other programs."""
    sys.setrecursionlimit(3000)
    posix.limit_this_process(cpu_seconds=CPU_SECONDS, memory=MEMORY)
    sandbox.confine(sandbox.Reachable(sandbox.code_folders()))
    sys.addaudithook(_forbid)


def _answer(reader: object, stream: BinaryIO, suffix: str) -> WorkerReply:
    assert callable(reader)
    try:
        read = reader(stream if stream.seekable() else io.BytesIO(stream.read()), suffix)
        return WorkerReply(placed=read) if isinstance(read, PlacedReport) else WorkerReply(extracted=read)
    except ReportUnreadable as error:
        return WorkerReply(refused=str(error))
    except MemoryError:
        return WorkerReply(refused=f"reading it takes more than {MEMORY >> 20:,} MiB of memory")
    except RecursionError:
        return WorkerReply(refused="is nested too deeply to be a report")
    except Exception as error:  # noqa: BLE001 -- a parser may fail on hostile input in any way
        return WorkerReply(refused=f"is damaged: {type(error).__name__}: {str(error)[:200]}")


def _forbid(event: str, arguments: tuple[object, ...]) -> None:
    """Refuse what reading a report never needs: sockets, other programs, writing."""
    if event.startswith(_FORBIDDEN):
        raise PermissionError(f"a report's reader tried {event}")
    if event == "open":
        mode, flags = str(arguments[1] or "r"), arguments[2]
        if any(letter in mode for letter in "wax+") or (isinstance(flags, int) and flags & _WRITING):
            raise PermissionError("a report's reader tried to write")
