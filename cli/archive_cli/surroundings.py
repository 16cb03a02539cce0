"""The room on the disk and the clock: what a capture needs of the machine besides programs."""

from __future__ import annotations

import shutil
import subprocess
import time
from pathlib import Path

import archive
from archive_cli.parts import Part

_LITTLE = 5 * 10**9
"""Bytes below which a report with videos is likely not to fit."""
_FUTURE = 4_102_444_800
"""2100-01-01, in seconds since 1970."""


def room() -> Part:
    """How much is free on the disk of the working folder."""
    purpose = "bags made in this folder"
    try:
        free = shutil.disk_usage(".").free
    except OSError:
        return Part("disk", purpose, "doubtful", None, "the free space of this folder cannot be told")
    told = f"{free / 1e9:,.1f} GB"
    if free < _LITTLE:
        return Part("disk", purpose, "doubtful", told, "less than 5 GB free; make room, or write elsewhere with -o")
    return Part("disk", purpose, "there", told)


def clock(now: float | None = None) -> Part:
    """Whether the clock can be right: it is not before the program itself, and the system does not doubt it."""
    purpose = "the times in bags and seals"
    moment = time.time() if now is None else now
    told = time.strftime("%Y-%m-%d %H:%MZ", time.gmtime(moment))
    if not _newest() <= moment < _FUTURE:
        return Part("clock", purpose, "doubtful", told, "the clock is wrong: this program is newer than it")
    if _is_kept() is False:
        return Part("clock", purpose, "doubtful", told, "the system does not keep its clock by a network's; compare it")
    return Part("clock", purpose, "there", told)


def _newest() -> float:
    return Path(archive.__file__).stat().st_mtime


def _is_kept() -> bool | None:
    """Whether systemd says that the clock follows the network's; None where nobody says."""
    program = shutil.which("timedatectl")
    if program is None:
        return None
    try:
        done = subprocess.run(  # noqa: S603 -- a program of the user's own PATH, with fixed arguments
            [program, "show", "--property=NTPSynchronized", "--value"],
            stdin=subprocess.DEVNULL, capture_output=True, timeout=5, check=False,
        )  # fmt: skip
    except (OSError, subprocess.TimeoutExpired):
        return None
    return {b"yes": True, b"no": False}.get(done.stdout.strip())
