"""The process that confines itself and then becomes a program: bounded, without sockets, with one folder to write into.

The program is one that takes a server's bytes apart, as ffmpeg does. It reads the files that it is given, programs and
libraries, and nothing of the user (Landlock, seccomp); elsewhere than on Linux nothing confines it.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from archive import posix, sandbox

MEMORY = 1 << 30
"""Bytes: an index of a film of many hours has some ten millions, and is held twice while it is moved to the front."""
CPU_SECONDS = 1800
"""Two streams of 5 GB are joined in less than a minute."""
_STORES = ("/nix/store", "/gnu/store")
"""Where some systems keep every library in a folder of its own."""


def main() -> None:
    """Become the program that the command line names, after the count of the files to read, these, and the folder."""
    count = int(sys.argv[1])
    given, folder, words = sys.argv[2 : 2 + count], sys.argv[2 + count], sys.argv[3 + count :]
    posix.limit_data_of_this_process(MEMORY)
    posix.allow_computing(CPU_SECONDS)
    sandbox.confine(_reachable(Path(words[0]), tuple(map(Path, given)), folder))
    os.execv(words[0], words)  # noqa: S606 -- the machine's own program, without a shell


def _reachable(program: Path, given: tuple[Path, ...], folder: str) -> sandbox.Reachable:
    libraries = program.resolve().parent.parent / "lib"  # of a program that came with its own
    readable = (*sandbox.code_folders(), *map(Path, _STORES), libraries, *sandbox.system_files(), *given)
    writable = (Path(os.devnull), *([Path(folder)] if folder else []))
    return sandbox.Reachable(readable, writable, (program.resolve(), *sandbox.loaders()))
