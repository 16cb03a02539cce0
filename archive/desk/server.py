"""Runs the desk: a socket on loopback, the application behind its gate, until somebody ends it or nobody uses it."""

from __future__ import annotations

import contextlib
import signal
import threading
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from msgspec import Struct

from archive.capture.settings import FetchSettings
from archive.desk.another_link import OPENING_FILE, fulfilling_wishes
from archive.desk.app import application
from archive.desk.draft import FOLDER
from archive.desk.gate import Access
from archive.desk.opening import Codes, link, write_redirect
from archive.desk.state import Desk, Places
from archive.errors import UsageProblem
from archive.replay.loopback import Loopback

IDLE_MINUTES = 30
"""Without a tab and without work, the desk ends after this time: nobody has to remember that it is open."""


class DeskEnd(Struct, frozen=True):
    """Why the desk ended, and what continues without it."""

    idle_minutes: int | None
    """None where a person ended it."""
    running: tuple[str, ...]
    """Reports whose capture is under way."""


def serve(
    folder: Path,
    base: FetchSettings,
    places: Places,
    *,
    language: str | None,
    opened: Callable[[str, Path], None],
    idle_minutes: int = IDLE_MINUTES,
) -> DeskEnd:
    """Serve the desk on a folder until it is ended. `opened` gets the link, and the file that leads to it.

    Without `language`, the first browser's is taken; `idle_minutes` of 0 are never over.
    Raises `InUse` where another desk has the folder, `UsageProblem` where the folder cannot be one of a desk.
    """
    _require_folder(folder)
    server = Loopback()
    access, codes = Access(server.port), Codes()
    desk = Desk(folder.resolve(), base, access, places, language or "en", language_is_open=language is None)
    desk.stop, was_idle = server.end, threading.Event()
    with contextlib.closing(server), desk.running(), _ending_on_hangup(server):
        place = desk.root / FOLDER / OPENING_FILE
        address = _new_link(access, codes, place)
        try:
            opened(address, place)
            watch = threading.Thread(target=_watch, args=(desk, server, 60.0 * idle_minutes, was_idle), daemon=True)
            watch.start()
            with fulfilling_wishes(desk.root, partial(_new_link, access, codes)):
                server.run(application(desk, codes))
        finally:
            place.unlink(missing_ok=True)
        return DeskEnd(idle_minutes if was_idle.is_set() else None, tuple(desk.captures_under_way()))


def _new_link(access: Access, codes: Codes, place: Path) -> str:
    """A link that lets one browser in, in its file too."""
    address = link(access, codes.new())
    write_redirect(place, address)
    return address


def _require_folder(folder: Path) -> None:
    if folder.exists() and not folder.is_dir():
        raise UsageProblem(f"{folder}: a file, not a folder; name the folder in which your reports and bags are to be")
    if not folder.is_dir():
        text = f"{folder}: no such folder; create it (mkdir {folder}), then run the same command again"
        raise UsageProblem(text).worded("no-desk-folder", path=str(folder))
    for place in (folder.resolve(), *folder.resolve().parents):
        if (place / "bagit.txt").is_file() or (place.suffix == ".part" and (place / "journal.jsonl").is_file()):
            raise UsageProblem(
                f"{folder}: it is, or lies in, the bag {place.name}, and a bag never changes;"
                f" open the desk on the folder around it: archive desk {place.parent}"
            )


def _watch(desk: Desk, server: Loopback, seconds: float, was_idle: threading.Event) -> None:
    """End a desk that nobody uses."""
    waiting = threading.Event()
    while seconds and not server.has_ended:
        waiting.wait(min(15.0, seconds / 4))
        if desk.is_idle(seconds):
            was_idle.set()
            server.end()


@contextlib.contextmanager
def _ending_on_hangup(server: Loopback) -> Iterator[None]:
    """End in order where the terminal's window is closed, too: uploads do not stay on the disk."""
    hangup = getattr(signal, "SIGHUP", None)  # Windows has none
    if hangup is None or threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(hangup, server.end)
    try:
        yield
    finally:
        signal.signal(hangup, before)
