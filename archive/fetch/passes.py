"""The passes over the sources: the live web, what failed once more, then copies elsewhere."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import CancelledError

from archive.capture.retry import HOSTS_WITHOUT_NETWORK, PASSING_FAILURES
from archive.capture.visit import Visit
from archive.fetch.other_copies import OtherCopies
from archive.fetch.readings import capture_readings
from archive.fetch.session import CaptureSession
from archive.fetch.source import joined, visit_for
from archive.workfolder.events import Judged, Withdrawn
from archive.workfolder.folder import WorkFolder
from archive_manifests.ledger import SourceEntry, Status
from archive_manifests.sources import Source

SOURCES_AT_ONCE = 16
"""Sources captured at the same time; the host queues decide how many hosts get requests at once."""
FRAGILE = ("drive.google.com", "docs.google.com", "t.me", "twitter.com", "x.com", "facebook.com", "instagram.com")
"""Hosts whose pages vanish without a trace: captured first."""

Numbered = tuple[str, Source]
"""A source with its id."""


class Passes:
    """Brings every source to its verdict."""

    def __init__(self, session: CaptureSession, sources: Sequence[Numbered]) -> None:
        self._session, self._sources = session, sources
        self._work, self._progress = session.work, session.progress
        self._other_copies = OtherCopies(session.run_clock.now, session.settings.timemaps)
        self._stopping = False

    def run(self) -> None:
        """Run the passes. The first error that is not a source's own is raised."""
        todo = [each for each in self._sources if each[0] not in self._work.state.entries]
        self._progress.began(len(self._sources), self._work.state.entries.keys() & dict(self._sources).keys())
        self._run_pass(sorted(todo, key=fragile_first), self._capture)
        self._run_pass(self._failed_for_now(), self._capture)
        self._run_pass(self._incomplete(), self._complete)

    def stop(self) -> None:
        """Record no further verdict."""
        self._stopping = True

    def withdraw_unreached(self) -> None:
        """Of a work folder that is resumed: what could not be reached is captured again."""
        if self._work.state.ended is None:
            for ident, entry in list(self._work.state.entries.items()):
                if self._may_pass(entry):
                    self._work.record(Withdrawn(ident))

    def visits(self) -> list[Visit]:
        """A visit for each source that may be requested."""
        visits = [self._visit(*each) for each in self._sources]
        return [visit for visit in visits if isinstance(visit, Visit)]

    def judge(self, entry: SourceEntry) -> None:
        """Record an entry; a verdict that changed is reported."""
        if self._stopping:
            raise CancelledError
        before = self._work.state.entries.get(entry.id)
        self._work.record(Judged(entry))
        if before is None or (before.status, before.reason) != (entry.status, entry.reason):
            self._progress.source_judged(entry)

    def _run_pass(self, sources: Sequence[Numbered], handle: Callable[[str, Source], None]) -> None:
        waiting: queue.SimpleQueue[Numbered] = queue.SimpleQueue()
        for each in sources:
            waiting.put(each)
        errors: list[BaseException] = []

        def work() -> None:
            while not errors:
                try:
                    handle(*waiting.get_nowait())
                except queue.Empty:
                    return
                except BaseException as error:  # noqa: BLE001 -- raised again below, in the thread that waits
                    errors.append(error)

        threads = [threading.Thread(target=work, name="source", daemon=True) for _ in sources[:SOURCES_AT_ONCE]]
        for thread in threads:
            thread.start()
        if threads:
            _load_finishing()
        while not errors and (alive := [thread for thread in threads if thread.is_alive()]):
            alive[0].join(0.2)  # in short steps: on Windows a long join cannot be interrupted
        if errors:
            raise errors[0]

    def _capture(self, ident: str, source: Source) -> None:
        """Capture a source: for the first time, or once more after what is known of it."""
        self._work.require_space()
        self._progress.source_started(ident, source.cited)
        visit, state = self._visit(ident, source), self._work.state
        entry = visit if isinstance(visit, SourceEntry) else capture_readings(visit)
        before = state.entries.get(ident) or state.carried.get(ident)
        self._record(entry if before is None else joined(before, entry))

    def _complete(self, ident: str, source: Source) -> None:
        visit, entry = self._visit(ident, source), self._work.state.entries[ident]
        if isinstance(visit, Visit):
            self._record(self._other_copies.complete(visit, entry))

    def _visit(self, ident: str, source: Source) -> Visit | SourceEntry:
        return visit_for(ident, source, self._session.context)

    def _record(self, entry: SourceEntry) -> None:
        """Record the verdict of a pass, and report it."""
        if self._stopping:
            raise CancelledError
        self._work.record(Judged(entry))
        self._progress.source_judged(entry)

    def _failed_for_now(self) -> list[Numbered]:
        """What a second pass may still bring, after a pause."""
        entries, settings = self._work.state.entries, self._session.settings
        again = [(ident, source) for ident, source in self._sources if self._may_pass(entries[ident])]
        if not again or settings.tries == 1 or self._session.is_without_network:
            return []
        self._progress.stage("retrying", n=len(again))
        time.sleep(5 * settings.delay)
        self._session.fetcher.forget_failures()
        return again

    def _incomplete(self) -> list[Numbered]:
        """Sources that copies elsewhere may help, now that the live web has had its last word."""
        if self._session.is_without_network and self._session.unreached_hosts >= HOSTS_WITHOUT_NETWORK:
            return []
        left: list[Numbered] = []
        for ident, source in self._sources:
            visit = self._visit(ident, source)
            if isinstance(visit, Visit) and self._other_copies.is_due(visit, self._work.state.entries[ident]):
                left.append((ident, source))
        if left:
            self._progress.stage("looking-for-copies", n=len(left))
            self._session.fetcher.forget_failures()
        return left

    def _may_pass(self, entry: SourceEntry) -> bool:
        """True where another request may bring more than this one did."""
        if entry.status is Status.UNREACHABLE:
            return entry.reason in PASSING_FAILURES or entry.reason == "server-error"
        if entry.status is not Status.PARTIAL:
            return False
        if entry.reason == "truncated":  # on the way, and not by our own limit on size
            own = self._work.exchanges.named(frozenset(entry.exchanges))
            return any(line.truncated in ("disconnect", "time") for line in own)
        passing = {*PASSING_FAILURES, "truncated"}
        return any(each.outcome == "failed" and each.reason in passing for each in entry.requisites)


def withdraw_failed(work: WorkFolder) -> None:
    """Withdraw the verdict of each source that could not be reached, so that a run requests it once more."""
    for ident, entry in list(work.state.entries.items()):
        if entry.status is Status.UNREACHABLE and (entry.reason in PASSING_FAILURES or entry.reason == "server-error"):
            work.record(Withdrawn(ident))


def fragile_first(each: Numbered) -> bool:
    """A key that sorts the sources of fragile hosts to the front."""
    return not any(host in each[1].cited for host in FRAGILE)


def _load_finishing() -> None:
    """Load what finishing needs, while the first responses are on their way."""
    import archive.fetch.finish  # noqa: F401 -- see above
    from archive.page.page import load_all

    load_all()
