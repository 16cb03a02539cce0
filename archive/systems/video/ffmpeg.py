"""Merges picture and sound with ffmpeg, which gets local files only.

No network and no other file: the command states the formats of the inputs, so ffmpeg opens nothing that they refer to.
On Linux it could not: it runs in a confined process.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import threading
from functools import lru_cache
from pathlib import Path

from msgspec import Struct

from archive.cite.isolate import start_isolated

SECONDS = 1800
_CONTAINERS = ((b"\x1a\x45\xdf\xa3", 0, "matroska"), (b"ftyp", 4, "mov"), (b"styp", 4, "mov"), (b"\x47", 0, "mpegts"))
_MOST_PRINTED = 1 << 20
_START = "from archive.confined_program import main; main()"
_VERSION = re.compile(r"ffmpeg version (\S{1,60})")


class Tool(Struct, frozen=True):
    """The installed ffmpeg."""

    path: str
    version: str


class Merged(Struct, frozen=True):
    """A merged video."""

    path: Path
    ext: str
    arguments: tuple[str, ...]
    """The command, with file names instead of paths."""


def find_tool() -> Tool | None:
    """The ffmpeg of this machine, or None."""
    path = shutil.which("ffmpeg")
    try:
        return Tool(path, _version_of(path, Path(path).stat().st_mtime_ns)) if path else None
    except (OSError, LookupError):
        return None


@lru_cache(maxsize=1)
def _version_of(path: str, _changed: int) -> str:
    """What the program says of itself, once for each state of its file. Raises `LookupError` where it says nothing."""
    _, said = _run([path, "-version"], seconds=20)
    found = _VERSION.match(said)
    if found is None:
        raise LookupError(path)
    return found[1]


def merge(tool: Tool, picture: Path, sound: Path, folder: Path) -> Merged | None:
    """Merge two streams into one file without encoding them again. None where ffmpeg cannot."""
    kinds = [container_of(path) for path in (picture, sound)]
    if None in kinds:
        return None
    for ext, form in (("mp4", "mp4"), ("webm", "webm"), ("mkv", "matroska")):
        output = folder / f"merged.{ext}"
        inputs = [word for kind, path in zip(kinds, (picture, sound), strict=True) for word in _input(str(kind), path)]
        chosen = ["-map", "0:v:0", "-map", "1:a:0", "-c", "copy", "-map_metadata", "-1"]
        # bitexact: the same streams give the same file, without the program's own signature in it.
        written = ["-fflags", "+bitexact", "-f", form, *(["-movflags", "+faststart"] if ext == "mp4" else [])]
        command = [*_QUIET, *inputs, *chosen, *written, f"file:{output}"]
        is_done, _ = _run([tool.path, *command], (picture, sound), folder)
        if is_done and output.stat().st_size:
            plain = {str(picture): picture.name, str(sound): sound.name, str(output): output.name}
            arguments = tuple(plain.get(word.removeprefix("file:"), word) for word in command)
            return Merged(output, ext, ("ffmpeg", *arguments))
        output.unlink(missing_ok=True)
    return None


_QUIET = ["-nostdin", "-hide_banner", "-loglevel", "error", "-y"]


def _input(kind: str, path: Path) -> list[str]:
    return ["-protocol_whitelist", "file", "-f", kind, "-i", f"file:{path}"]


def container_of(path: Path) -> str | None:
    """The container format by the first bytes: ffmpeg must not guess, because it opens what a playlist names."""
    with path.open("rb") as file:
        start = file.read(16)
    return next((name for magic, at, name in _CONTAINERS if start[at : at + len(magic)] == magic), None)


def _run(
    command: list[str], files: tuple[Path, ...] = (), folder: Path | None = None, seconds: int = SECONDS
) -> tuple[bool, str]:
    """True where the command succeeded, and what it printed. It reads `files`, and writes into `folder`."""
    try:
        process = _started(command, files, folder)
    except OSError:
        return False, ""
    timer = threading.Timer(seconds, process.kill)
    timer.start()
    try:
        assert process.stdout is not None
        said = process.stdout.read(_MOST_PRINTED)
        process.stdout.close()
        return process.wait() == 0, said.decode("utf-8", "replace")
    finally:
        timer.cancel()
        process.kill()
        process.wait()


def _started(command: list[str], files: tuple[Path, ...], folder: Path | None) -> subprocess.Popen[bytes]:
    if sys.platform == "linux":
        words = [str(len(files)), *map(str, files), str(folder or ""), *command]
        return start_isolated(_START, words, subprocess.DEVNULL, stdout=subprocess.PIPE)
    return subprocess.Popen(  # noqa: S603 -- the program is the machine's own
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment()
    )


def environment() -> dict[str, str]:
    """An environment without anything of the user; Windows needs its own two variables."""
    return {key: os.environ[key] for key in ("SYSTEMROOT", "WINDIR") if key in os.environ}
