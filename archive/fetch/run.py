"""The run: every source of a source manifest, several hosts at once, to its verdict."""

from __future__ import annotations

import errno
import queue
import random
import secrets
import threading
import time
import uuid
from collections.abc import Callable, Sequence
from concurrent.futures import CancelledError
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from archive.capture.address_leaks import echoes
from archive.capture.fetcher import Fetcher
from archive.capture.host_queues import HostQueues
from archive.capture.recorder import Recorder
from archive.capture.retry import PASSING_FAILURES, UNREACHED
from archive.capture.settings import FetchSettings
from archive.capture.visit import CaptureContext, Visit
from archive.errors import Interrupted, NoNetwork, NotEnoughSpace
from archive.fetch import submission
from archive.fetch.other_copies import Afterwards
from archive.fetch.readings import capture_readings
from archive.fetch.source import joined, visit_for
from archive.fetch.supplied import Supplies, is_supplied, with_supplied
from archive.net import ClientSettings, HttpClient
from archive.net.limits import Limits
from archive.progress import Progress
from archive.version import AGENT
from archive.warc.writer import WarcWriter
from archive.workfolder.events import AddressEchoed, Ended, Judged, Withdrawn
from archive.workfolder.folder import WorkFolder
from archive_manifests.disclosure import SEED_BYTES
from archive_manifests.ledger import SourceEntry, Status
from archive_manifests.moments import instant
from archive_manifests.sources import Source, SourceManifest, source_id

if TYPE_CHECKING:
    from archive.fetch.run_timestamps import Bracket

AT_ONCE = 16
"""Sources in hand at the same time; how many hosts are asked at once is the queues' to say."""
FRAGILE = ("drive.google.com", "docs.google.com", "t.me", "twitter.com", "x.com", "facebook.com", "instagram.com")
"""Hosts whose things vanish without a trace: asked first."""


@dataclass(frozen=True, slots=True)
class Clockwork:
    """What a run takes from the machine's clock and chance, so that a test can wind it."""

    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    bagged: Callable[[], datetime] = lambda: datetime.now(UTC)
    """The moment of finishing: the one clock that a user may set, since no capture is dated by it."""
    new_id: Callable[[], str] = lambda: f"urn:uuid:{uuid.uuid4()}"
    new_token: Callable[[], str] = lambda: f"{random.SystemRandom().getrandbits(64):016x}"

    new_seed: Callable[[], bytes] = lambda: secrets.token_bytes(SEED_BYTES)

    def instant(self) -> str:
        return instant(self.now())


class Run:
    """One run over a work folder."""

    def __init__(
        self,
        work: WorkFolder,
        manifest: SourceManifest,
        settings: FetchSettings,
        *,
        clockwork: Clockwork,
        progress: Progress,
        supplies: Supplies | None = None,
    ) -> None:
        self._work, self._manifest, self._settings = work, manifest, settings
        self._supplies = supplies or {}
        self._clockwork, self._progress = clockwork, progress
        self._wire = HttpClient(_wire_settings(settings, work, progress), now=clockwork.now)
        self._writer = WarcWriter(work.base, new_id=clockwork.new_id, about=about(manifest, settings))
        self._recorder = Recorder(
            self._wire,
            self._writer,
            work,
            new_id=clockwork.new_id,
            now=clockwork.now,
            fetches_issuers=settings.third_parties and manifest.report.published is not False,
        )
        self._queues = HostQueues(jobs=settings.jobs, per_host=settings.per_host)
        self._fetcher = Fetcher(self._recorder, self._queues, settings, progress)
        self._fetcher.forget_failures()
        self._context = CaptureContext(
            manifest.report, settings, self._fetcher, self._recorder, work, clockwork.new_token
        )
        self._afterwards = Afterwards(clockwork.now, settings.timemaps)
        self._stopping = False

    def capture_all(self) -> None:
        """Bring every source to its verdict. Raises `NoNetwork`, `Interrupted`, `NotEnoughSpace`, `OSError`."""
        self._work.start_writing(self._writer)
        self._fetcher.recover()
        self._forget_unreached()
        bracket = self._bracket()
        try:
            if bracket is not None:
                bracket.open(self._clockwork.new_token())
            sources = [(source_id(index), source) for index, source in enumerate(self._manifest.sources)]
            todo = [each for each in sources if each[0] not in self._work.state.entries]
            self._progress.began(len(todo))
            self._pass(sorted(todo, key=_fragile_first), self._first)
            self._pass(self._failed_for_now(sources), self._second)
            self._pass(self._left_to_complete(sources), self._third)
            self._draw(sources)
            self._supply()
            self._submit(sources)
            self._look_for_echoes()
            if bracket is not None and not self._is_without_network():
                bracket.close()
        except KeyboardInterrupt as stop:
            self._stop()
            raise Interrupted(
                f"stopped; {self._work.path} holds what was captured: run the same command again to go on"
            ) from stop
        except OSError as error:
            self._stop()
            if error.errno in (errno.ENOSPC, errno.EDQUOT):
                message = f"{self._work.path}: the disk is full; make room and run the same command again"
                raise NotEnoughSpace(message) from error
            raise
        self._queues.close()
        self._wire.close()
        self._require_network()
        self._work.record(Ended(self._clockwork.instant(), self._fetcher.clock.statement()))

    def _bracket(self) -> Bracket | None:
        """Who stamps both ends of the run, where that is wanted."""
        if not self._settings.authorities:
            return None
        from archive.fetch.run_timestamps import Bracket  # late: X.509 and ASN.1 come with it

        return Bracket(self._work, self._wire, self._settings.authorities, self._progress)

    def _stop(self) -> None:
        self._stopping = True
        self._queues.close()
        self._wire.close()
        self._queues.join(2.0)

    def _pass(self, sources: Sequence[tuple[str, Source]], deal_with: Callable[[str, Source], None]) -> None:
        """Deal with sources, some at once. The first error that is not a source's own stops them all."""
        waiting: queue.SimpleQueue[tuple[str, Source]] = queue.SimpleQueue()
        for each in sources:
            waiting.put(each)
        errors: list[BaseException] = []

        def serve() -> None:
            while not errors:
                try:
                    deal_with(*waiting.get_nowait())
                except queue.Empty:
                    return
                except BaseException as error:  # noqa: BLE001 -- raised again below, in the thread that waits
                    errors.append(error)

        threads = [threading.Thread(target=serve, name="source", daemon=True) for _ in sources[:AT_ONCE]]
        for thread in threads:
            thread.start()
        while not errors and (alive := [thread for thread in threads if thread.is_alive()]):
            alive[0].join(0.2)  # in short steps: on Windows a long join cannot be interrupted
        if errors:
            raise errors[0]

    def _first(self, ident: str, source: Source) -> None:
        self._work.require_space()
        self._progress.source_started(ident, source.cited)
        entry, carried = self._captured(ident, source), self._work.state.carried.get(ident)
        if carried is not None:
            entry = joined(carried, entry)
        self._judged(entry)

    def _second(self, ident: str, source: Source) -> None:
        self._progress.source_started(ident, source.cited)
        self._judged(joined(self._work.state.entries[ident], self._captured(ident, source)))

    def _third(self, ident: str, source: Source) -> None:
        visit, entry = self._visit(ident, source), self._work.state.entries[ident]
        if isinstance(visit, Visit):
            self._judged(self._afterwards.complete(visit, entry))

    def _draw(self, sources: Sequence[tuple[str, Source]]) -> None:
        """Have the pages drawn, now that nothing about them changes any more. They are drawn one after the other."""
        if not self._settings.browser:
            return
        from archive.capture.browser.drawing import Drawing

        entries = self._work.state.entries
        visits = [(self._visit(ident, source), entries[ident]) for ident, source in sources if ident in entries]
        due = [(visit, entry) for visit, entry in visits if isinstance(visit, Visit)]
        Drawing(self._work, self._progress, instant=self._clockwork.instant).draw_all(due, self._drawn)

    def _supply(self) -> None:
        """Add the files that the source manifest supplies: last, since the live web's own word comes first."""
        if self._is_without_network():
            return
        for ident, supplies in self._supplies.items():
            for given in supplies:
                entry = self._work.state.entries[ident]
                if not is_supplied(entry, given):
                    self._judged(with_supplied(self._work, entry, given, self._clockwork.instant()))

    def _submit(self, sources: Sequence[tuple[str, Source]]) -> None:
        """Submit to the Wayback Machine what the user wants submitted; one after the other, as it asks."""
        if not self._settings.submit or self._is_without_network():
            return
        entries = self._work.state.entries
        visits = [self._visit(ident, source) for ident, source in sources]
        due = [visit for visit in visits if isinstance(visit, Visit) and submission.is_due(visit, entries[visit.id])]
        if due:
            self._progress.stage("submitting", n=len(due))
        for visit in due:
            self._drawn(submission.submit(visit, entries[visit.id]))
        for _ in range(submission.ROUNDS):
            for visit in due:
                asked = submission.ask_after(visit, entries[visit.id])
                if asked is not entries[visit.id]:
                    self._drawn(asked)
        if due:
            saved, submitted = submission.count_saved(entries[visit.id] for visit in due)
            self._progress.stage("submitted", n=submitted, saved=saved)

    def _drawn(self, entry: SourceEntry) -> None:
        before = self._work.state.entries[entry.id]
        if (before.status, before.reason) != (entry.status, entry.reason):
            self._judged(entry)
            return
        self._work.record(Judged(entry))

    def _captured(self, ident: str, source: Source) -> SourceEntry:
        visit = self._visit(ident, source)
        return visit if isinstance(visit, SourceEntry) else capture_readings(visit)

    def _visit(self, ident: str, source: Source) -> Visit | SourceEntry:
        return visit_for(ident, source, self._context)

    def _judged(self, entry: SourceEntry) -> None:
        if self._stopping:
            raise CancelledError
        self._work.record(Judged(entry))
        self._progress.source_judged(entry)

    def _failed_for_now(self, sources: Sequence[tuple[str, Source]]) -> list[tuple[str, Source]]:
        """What a second look may still bring, after a rest."""
        entries = self._work.state.entries
        again = [(ident, source) for ident, source in sources if self._may_pass(entries[ident])]
        if again and self._settings.tries > 1 and not self._is_without_network():
            self._progress.stage("retrying", n=len(again))
            time.sleep(5 * self._settings.delay)
            self._fetcher.forget_failures()
            return again
        return []

    def _left_to_complete(self, sources: Sequence[tuple[str, Source]]) -> list[tuple[str, Source]]:
        """Sources that the live web has had its last word on, and that copies elsewhere may help."""
        left: list[tuple[str, Source]] = []
        for ident, source in sources if not self._is_without_network() else ():
            visit = self._visit(ident, source)
            if isinstance(visit, Visit) and self._afterwards.is_due(visit, self._work.state.entries[ident]):
                left.append((ident, source))
        if left:
            self._progress.stage("looking-for-copies", n=len(left))
            self._fetcher.forget_failures()
        return left

    def _forget_unreached(self) -> None:
        """On a work folder that is gone on with, what could not be reached is not settled yet."""
        if self._work.state.ended is None:
            for ident, entry in list(self._work.state.entries.items()):
                if self._may_pass(entry):
                    self._work.record(Withdrawn(ident))

    def _look_for_echoes(self) -> None:
        """Look everywhere for the addresses that some server gave away."""
        own = frozenset(echo.address for echo in self._work.state.echoes)
        if own:
            for series, recorded in self._recorder.answers():
                for address in echoes(recorded, own):
                    self._recorder.echoed(AddressEchoed(series, recorded.url.href, address))

    def _may_pass(self, entry: SourceEntry) -> bool:
        """True where a later look may bring more than this one did."""
        if entry.status is Status.UNREACHABLE:
            return entry.reason in PASSING_FAILURES or entry.reason == "server-error"
        if entry.status is not Status.PARTIAL:
            return False
        if entry.reason == "truncated":  # on the way, and not by our own bound on size
            asked = [line for line in self._work.state.exchanges if line.answer in entry.exchanges]
            return any(line.truncated in ("disconnect", "time") for line in asked)
        passing = {*PASSING_FAILURES, "truncated"}
        return any(each.outcome == "failed" and each.reason in passing for each in entry.requisites)

    def _is_without_network(self) -> bool:
        exchanges = self._work.state.exchanges
        return bool(exchanges) and all(
            line.failure is not None and line.failure[0] in UNREACHED for line in exchanges
        )

    def _require_network(self) -> None:
        if self._is_without_network():
            self._work.stop_writing()
            first = self._work.state.exchanges[0].failure
            assert first is not None
            raise NoNetwork(
                f"nothing could be reached ({first[2]}); nothing is finished, {self._work.path} stays: "
                "see to the line and run the same command again"
            )


def _fragile_first(each: tuple[str, Source]) -> bool:
    return not any(host in each[1].cited for host in FRAGILE)


def _wire_settings(settings: FetchSettings, work: WorkFolder, progress: Progress) -> ClientSettings:
    limits: Limits = settings.limits
    return ClientSettings(
        limits=_with_size(limits, settings.max_size),
        connect_to=settings.routes(),
        cacerts=settings.cacerts,
        accepted_hosts=settings.accepted_hosts(),
        proxy=settings.way_out(),
        allow_private=settings.allow_private,
        rate=settings.limit_rate,
        total=settings.max_total,
        spool=work.spool,
        user_agent=settings.user_agent,
        on_received=progress.received,
    )


def _with_size(limits: Limits, size: int) -> Limits:
    from dataclasses import replace

    return replace(limits, body_size=size)


def about(manifest: SourceManifest, settings: FetchSettings) -> list[tuple[str, str]]:
    """The fields of each warcinfo: the tool is named here, and nowhere on the wire. (WARC 1.1, section 6.2)"""
    robots = "obey" if settings.obey_robots else "ignore"
    return [
        ("software", AGENT),
        ("format", "WARC File Format 1.1"),
        ("conformsTo", "https://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/"),
        ("isPartOf", manifest.report.id),
        ("description", "sources cited by a report, captured as it cites them"),
        ("robots", robots),
        ("http-header-user-agent", settings.user_agent),
    ]
