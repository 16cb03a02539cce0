"""A further link to a desk that is open: a second `archive desk` leaves a wish in its folder, and the desk fulfils it.

Only the user of the desk can write into that folder, so whoever can wish is whoever could open the desk itself.
"""

from __future__ import annotations

import contextlib
import html
import os
import re
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from archive.desk.draft import FOLDER
from archive.errors import InUse

WISH = "link-wanted"
OPENING_FILE = "open.html"

LOOK_EVERY = 0.3
PATIENCE = 10.0
"""Seconds in which an open desk gives a link; one that hangs does not."""

_ADDRESS = re.compile(r'<a href="([^"]+)">')


def wish_for_link(root: Path, patience: float | None = None) -> tuple[str, Path]:
    """Have the desk that is open on a folder make a link: the address, and the file that leads there.

    Raises `InUse` where it makes none.
    """
    folder = root / FOLDER
    wish, place = folder / WISH, folder / OPENING_FILE
    ends = time.monotonic() + (PATIENCE if patience is None else patience)
    with contextlib.suppress(FileExistsError):
        os.close(os.open(wish, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    while wish.exists():
        if time.monotonic() >= ends:
            wish.unlink(missing_ok=True)
            raise InUse(f"{root}: another desk is open on this folder and does not respond; end it first")
        time.sleep(LOOK_EVERY / 3)
    found = _ADDRESS.search(place.read_text(encoding="utf-8"))
    if found is None:
        raise InUse(f"{root}: another desk is open on this folder; use its window, or end it first")
    return html.unescape(found[1]), place


@contextmanager
def fulfilling_wishes(root: Path, new_link: Callable[[Path], object]) -> Iterator[None]:
    """Until the block ends: whenever somebody wishes for a link, write one. `new_link` writes it into a file."""
    folder, has_ended = root / FOLDER, threading.Event()
    (folder / WISH).unlink(missing_ok=True)

    def watch() -> None:
        while not has_ended.wait(LOOK_EVERY):
            if (folder / WISH).exists():
                with contextlib.suppress(OSError):  # the folder is gone, the disk is full: the next wish may be heard
                    new_link(folder / OPENING_FILE)
                    (folder / WISH).unlink(missing_ok=True)

    thread = threading.Thread(target=watch, name="links to the desk", daemon=True)
    thread.start()
    try:
        yield
    finally:
        has_ended.set()
        thread.join(timeout=2)
        (folder / WISH).unlink(missing_ok=True)
