"""Removes a work folder of which everything can be made again, where the command that began it fails."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from archive.errors import FileChanged, NotEnoughSpace


@contextmanager
def discarding(part: Path) -> Iterator[None]:
    """Remove a folder that is not there yet, if what is done meanwhile ends on a full disk, a fault of it, or Ctrl-C.

    On a file that changed while it was read, too.
    For work without requests: nothing is lost, and the same command begins anew. A folder that was there before stays,
    and so does one whose bag does not verify (`NotSound`), for whoever looks into that.
    """
    was_there = part.exists()
    try:
        yield
    except (OSError, NotEnoughSpace, FileChanged, KeyboardInterrupt):
        if not was_there:
            shutil.rmtree(part, ignore_errors=True)
        raise
