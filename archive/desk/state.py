"""What one run of the desk knows: its folder, its options, the uploads and the work that is under way."""

from __future__ import annotations

import os
import re
import secrets
import shutil
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from msgspec import Struct

from archive import posix
from archive.capture.settings import FetchSettings
from archive.desk.draft import FOLDER, drafts, safe_name
from archive.desk.gate import Access
from archive.desk.replay_window import ReplayWindows
from archive.desk.run import is_running
from archive.desk.shelf import Shelf
from archive.errors import InUse, UsageProblem

_UPLOADS, _PICTURES = "uploads", "pictures"
LEAST_FREE = 256 << 20
"""Bytes that an upload leaves free on the disk."""
LARGEST_UPLOAD = 1 << 40


class Places(Struct, frozen=True):
    """The user's own files outside the folder; no request names a path."""

    keys: Path
    """The folder of the user's signing keys."""
    player: Path
    """Where the user installs ReplayWeb.page."""
    trust: Path | None = None
    """Whom the user trusts, as `archive verify --trust` takes it."""
    authorities: tuple[str, ...] = ()
    """Timestamp authorities beside the known ones: the URLs of `--tsa`."""


def _utc_now() -> datetime:
    return datetime.now(UTC)


class Task(Struct):
    """Work that takes longer than a request, in a thread."""

    what: str
    """Key of the sentence that says what is being done."""
    future: Future[str]
    """Gives the path, below the desk's own, of the page that shows the result."""
    back: str
    """Where to return to after an error."""


@dataclass(slots=True)
class Desk:
    """One run of the desk."""

    root: Path
    base: FetchSettings
    access: Access
    places: Places
    language: str = "en"
    language_is_open: bool = False
    """True until a browser or a person has chosen the language."""
    now: Callable[[], datetime] = _utc_now
    stop: Callable[[], None] = lambda: None
    """Ends the server."""
    shelf: Shelf = field(init=False)
    windows: ReplayWindows = field(init=False)
    tasks: dict[str, Task] = field(default_factory=dict)
    open_pages: dict[str, str] = field(default_factory=dict)
    """Bag's id -> the address of its page while it is served."""
    results: dict[str, object] = field(default_factory=dict)
    """What checks of bags found, by an id of their own."""
    clock: Callable[[], float] = time.monotonic
    """Stands still while the computer sleeps."""
    _seen: float = 0.0
    """When the last request was let in."""
    _uploads: dict[str, Path] = field(default_factory=dict)
    _package: str | None = None
    """Upload of the package that was dropped last."""
    _threads: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(2, "desk"))
    _leaving: ExitStack = field(default_factory=ExitStack)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        self.shelf = Shelf(self.root, secrets.token_bytes(16))
        self.windows = ReplayWindows(self.places.player)
        self.notice()

    def notice(self) -> None:
        """A request was let in: somebody is there."""
        self._seen = self.clock()

    def is_idle(self, seconds: float) -> bool:
        """True where nobody was there for so long, and nothing is under way that the desk would show or do."""
        if self.clock() - self._seen < seconds:
            return False
        return all(task.future.done() for task in list(self.tasks.values())) and not self.captures_under_way()

    def captures_under_way(self) -> list[str]:
        """The reports whose capture is under way, whichever desk started it."""
        return [draft.name for draft in drafts(self.root) if is_running(draft)]

    @contextmanager
    def running(self) -> Iterator[Desk]:
        """Hold the folder until the block ends. Raises `InUse` where another desk has it."""
        folder = self.root / FOLDER
        if folder.is_symlink():
            raise UsageProblem(f"{folder}: a link to another place; remove it, and the desk makes a folder of its own")
        folder.mkdir(mode=0o700, exist_ok=True)
        with (folder / "desk.lock").open("ab") as lock:
            if not posix.lock(lock):
                raise InUse(f"{self.root}: another desk is open on this folder; use its window, or end it first")
            self._clear()
            try:
                yield self
            finally:
                self.windows.close()
                self._leaving.close()
                self._threads.shutdown(wait=False, cancel_futures=True)
                self._clear()

    def _clear(self) -> None:
        """Remove what is there for one run of the desk only."""
        for name in (_UPLOADS, _PICTURES):
            shutil.rmtree(self.root / FOLDER / name, ignore_errors=True)

    def new_folder(self) -> Path:
        """A folder for pictures, until the desk ends."""
        folder = self.root / FOLDER / _PICTURES / secrets.token_hex(8)
        folder.mkdir(parents=True, mode=0o700)
        return folder

    def url(self, path: str = "") -> str:
        return f"/{self.access.path}/{path}"

    # Uploads

    def new_upload(self, name: str) -> tuple[str, Path]:
        """An id and a place for a file that a browser sends, in a folder of its own."""
        ident = secrets.token_hex(8)
        folder = self.root / FOLDER / _UPLOADS / ident
        folder.mkdir(parents=True, mode=0o700)
        place = folder / safe_name(name)
        self._uploads[ident] = place
        return ident, place

    def upload(self, ident: str) -> Path:
        """The file of an upload. Raises `UsageProblem`."""
        place = self._uploads.get(ident)
        if place is None or not place.is_file():
            raise UsageProblem("no file came with the form; choose it again")
        return place

    def upload_together(self, idents: Sequence[str]) -> Path:
        """The file of the first of several uploads, with those of the others beside it. Raises `UsageProblem`."""
        first, *others = [self.upload(ident) for ident in idents] or [self.upload("")]
        for ident, place in zip(idents[1:], others, strict=True):
            place.replace(first.with_name(place.name))
            self.drop_upload(ident)
        return first

    def keep_package(self, ident: str) -> None:
        """Keep a package that was dropped, to check it again with its seal or fingerprint; it replaces the last one."""
        if self._package is not None and self._package != ident:
            self.drop_upload(self._package)
        self._package = ident

    def drop_upload(self, ident: str) -> None:
        """Remove the file of an upload: it was used, or it did not come whole."""
        place = self._uploads.pop(ident, None)
        if place is not None:
            shutil.rmtree(place.parent, ignore_errors=True)

    def without_places(self, text: str) -> str:
        """A message for a page, with files by name: where the desk keeps an upload says nothing to a person."""
        uploads = re.escape(f"{self.root / FOLDER / _UPLOADS}{os.sep}") + "[0-9a-f]{16}" + re.escape(os.sep)
        return re.sub(uploads, "", text).replace(f"{self.root}{os.sep}", "")

    def room(self) -> int:
        """Bytes that an upload may have."""
        return min(LARGEST_UPLOAD, shutil.disk_usage(self.root).free - LEAST_FREE)

    # Work in threads

    def begin(self, what: str, back: str, work: Callable[[], str]) -> str:
        """Begin a task; gives its id."""
        ident = secrets.token_hex(8)
        with self._lock:
            for old in [key for key, task in self.tasks.items() if task.future.done()][:-20]:
                del self.tasks[old]
            self.tasks[ident] = Task(what, self._threads.submit(work), back)
        return ident

    def keep(self, result: object) -> str:
        """Keep a result for the page that shows it; gives its id."""
        ident = secrets.token_hex(8)
        with self._lock:
            while len(self.results) > 50:
                self.results.pop(next(iter(self.results)))
            self.results[ident] = result
        return ident

    def serve(self, context: ExitStack) -> None:
        """Keep servers of a bag open until the desk ends."""
        self._leaving.enter_context(context)
