"""Runs the reader of a format in a process of its own: a hostile report can take neither time nor memory from us."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import threading
from pathlib import Path, PurePath
from typing import BinaryIO

import msgspec
from msgspec import Struct

import archive_manifests
from archive.cite.extract import Extracted, PlacedReport
from archive.cite.hashed_stream import HashedStream
from archive.cite.warm_reader import warm_reader
from archive.errors import ReportUnreadable

CPU_SECONDS = 180
"""Three hundred dense pages of PDF with links on each take about twenty."""
WALL_SECONDS = 400
MEMORY = 1536 * 1024 * 1024
"""Bytes of address space, libraries included."""
LARGEST_ANSWER = 96 * 1024 * 1024
_MOST_COPIED = 48 * 1024 * 1024
"""Bytes of a stream that stay in memory for the second reader."""

# -I: neither the environment nor the current folder adds modules. The folders we came from are named instead,
# and come first where an installation would not find them: it is this very code that must run.
_ROOTS = (
    "import sys; n = int(sys.argv.pop(1)); roots = sys.argv[-n:]; del sys.argv[-n:]\n"
    "sys.path[:0] = [root for root in roots if root not in sys.path]\n"
)
_START = "from archive.cite.worker import main; main()"


class WorkerReply(Struct, frozen=True):
    """What the process says: one of the three."""

    extracted: Extracted | None = None
    placed: PlacedReport | None = None
    refused: str | None = None
    """Why the report cannot be read, without its name."""


SECOND_READERS = {"pdf": "pdf-second"}
"""Kind -> the kind that is tried where the process of the first ended without an answer."""


def extract_isolated(source: BinaryIO | HashedStream, kind: str, name: str, *, most: int) -> Extracted:
    """Read the report in `source` as `kind`; of a stream, no more than `most` bytes. Raises `ReportUnreadable`."""
    if isinstance(source, HashedStream) and kind in SECOND_READERS:
        source.start_copy(_MOST_COPIED)
    try:
        return _extracted(_run(source, kind, name, most), name)
    except ReaderBroke:
        if kind not in SECOND_READERS:
            raise
        again = source.copied() if isinstance(source, HashedStream) else source
        if again is None:
            raise
    again.seek(0)
    return _extracted(_run(again if again is source else HashedStream(again), SECOND_READERS[kind], name, most), name)


def _run(source: BinaryIO | HashedStream, kind: str, name: str, most: int) -> bytes:
    """What a process that reads the report writes to its stdout."""
    suffix = PurePath(name).suffix
    warm = warm_reader()
    if warm is not None and not isinstance(source, HashedStream):
        return warm.read(source, kind, suffix, seconds=WALL_SECONDS, most=LARGEST_ANSWER + 1)
    return run_isolated(_START, [kind, suffix], source, most)


def run_isolated(start: str, words: list[str], source: BinaryIO | HashedStream, most: int = 0) -> bytes:
    """What a process that runs `start`, with the file in `source` as its stdin, writes to its stdout.

    `words` are its arguments; of a stream that is no file, it gets no more than `most` bytes.
    """
    stdin = subprocess.PIPE if isinstance(source, HashedStream) else source
    process = start_isolated(start, words, stdin, stdout=subprocess.PIPE)
    timer = threading.Timer(WALL_SECONDS, process.kill)
    timer.start()
    try:
        if isinstance(source, HashedStream):
            _feed(source, process, most)
        assert process.stdout is not None
        return process.stdout.read(LARGEST_ANSWER + 1)
    finally:
        timer.cancel()
        process.kill()
        process.wait()
        if process.stdout:
            process.stdout.close()


def start_isolated(
    start: str,
    words: list[str],
    stdin: BinaryIO | int,
    *,
    stdout: int = subprocess.DEVNULL,
    apart: bool = False,
    home: Path | None = None,
) -> subprocess.Popen[bytes]:
    """Start a process of our own code that gets nothing of the user's; `apart`, in a session of its own.

    With `home`, that folder is its current one, its home, and where it and what it starts write what they must.
    """
    modules = (archive_manifests, sys.modules["archive"])
    roots = list(dict.fromkeys(str(Path(module.__file__ or "").parents[1]) for module in modules))
    return subprocess.Popen(  # noqa: S603 -- our own interpreter and module
        [sys.executable, "-I", "-c", _ROOTS + start, str(len(roots)), *words, *roots],
        stdin=stdin,
        stdout=stdout,
        stderr=subprocess.DEVNULL,
        cwd=home if os.name == "posix" else None,  # Windows removes no folder that is somebody's current one
        env=_environment() | (dict.fromkeys(_PLACES, str(home)) if home is not None else {}),
        start_new_session=apart,
    )


class ReaderBroke(ReportUnreadable):
    """The process that read the report ended without an answer: out of time or memory, or by a fault of its own."""


def _feed(source: HashedStream, process: subprocess.Popen[bytes], most: int) -> None:
    """Send the stream to the reader, which takes all of it before it answers, and count and hash the rest."""
    assert process.stdin is not None
    with contextlib.suppress(OSError), process.stdin as stdin:  # a reader that ended early says why on its stdout
        while source.size <= most and (piece := source.read()):
            stdin.write(piece)


def places_isolated(source: BinaryIO, name: str) -> PlacedReport:
    """Read where the PDF in `source` cites. Raises `ReportUnreadable`."""
    reply = _reply(_run(source, "pdf-places", name, 0), name)
    if reply.placed is None:
        raise ReportUnreadable(f"{name}: {reply.refused}")
    return reply.placed


def _extracted(output: bytes, name: str) -> Extracted:
    reply = _reply(output, name)
    if reply.extracted is None:
        raise ReportUnreadable(f"{name}: {reply.refused}")
    return reply.extracted


def _reply(output: bytes, name: str) -> WorkerReply:
    try:
        return msgspec.json.decode(output, type=WorkerReply)
    except msgspec.MsgspecError as error:
        raise ReaderBroke(
            f"{name}: reading it took more than {CPU_SECONDS} s or {MEMORY >> 20:,} MiB, or broke its reader; "
            "print it to a new PDF, or give its text"
        ) from error


_PLACES = ("HOME", "USERPROFILE", "TMPDIR", "TEMP", "TMP", "DENO_DIR")
"""Variables that name where a program may write; deno writes a cache into the user's home without its own."""


def _environment() -> dict[str, str]:
    """Nothing of the user's; Windows starts no process without its own two."""
    return {key: os.environ[key] for key in ("SYSTEMROOT", "WINDIR") if key in os.environ}
