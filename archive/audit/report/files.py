"""Writes a report's file whole or not at all: a concurrent reader sees the previous one."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path


def write_whole(place: Path, text: str) -> None:
    """Write a text, and replace an existing file atomically."""
    try:
        handle, partial = tempfile.mkstemp(prefix=f".{place.name}.", dir=place.parent)
    except OSError as error:
        error.filename = str(place)  # people do not know the name that it has while it is written
        raise
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as stream:
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())
        Path(partial).chmod(0o644)
        Path(partial).replace(place)
    except BaseException:
        Path(partial).unlink(missing_ok=True)
        raise
