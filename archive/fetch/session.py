"""The machinery of one run: HTTP client, WARC writer, recorder, host queues and fetcher, over one work folder."""

from __future__ import annotations

from msgspec.structs import replace

from archive.capture.derived_records import DerivedRecords
from archive.capture.fetcher import Fetcher
from archive.capture.host_queues import HostQueues
from archive.capture.recorder import Recorder
from archive.capture.retry import is_sent, is_unreached
from archive.capture.settings import FetchSettings
from archive.capture.visit import CaptureContext
from archive.capture.warcinfo import ENDED_SCHEMA, RunTimes, resumptions, warcinfo_of
from archive.errors import NoNetwork
from archive.fetch.run_clock import RunClock
from archive.net import ClientSettings, HttpClient
from archive.progress import Progress
from archive.warc.writer import WarcWriter
from archive.workfolder.folder import WorkFolder
from archive_manifests import disclosure, layout
from archive_manifests.sources import SourceManifest

_STOP_SECONDS = 2.0
"""How long a run that is stopped waits for the exchanges under way."""


class CaptureSession:
    """Owns what a run opens, from `start` to `close` or `stop`."""

    def __init__(
        self,
        work: WorkFolder,
        manifest: SourceManifest,
        settings: FetchSettings,
        run_clock: RunClock,
        progress: Progress,
    ) -> None:
        self.work, self.settings, self.run_clock, self.progress = work, settings, run_clock, progress
        self.client = HttpClient(_client_settings(settings, work, progress), now=run_clock.now)
        self._writer = WarcWriter(work.base, new_id=run_clock.new_id, about=_about(work))
        self.recorder = Recorder(
            self.client,
            self._writer,
            work,
            new_id=run_clock.new_id,
            now=run_clock.now,
            fetches_issuers=settings.third_parties and manifest.report.published is not False,
        )
        derived = DerivedRecords(self._writer, work, new_id=run_clock.new_id, now=run_clock.now)
        self._queues = HostQueues(self.client.loop, jobs=settings.jobs, per_host=settings.per_host)
        self.fetcher = Fetcher(self.client.loop, self.recorder, derived, self._queues, settings, progress)
        self.context = CaptureContext(manifest.report, settings, self.fetcher, derived, work, run_clock.new_token)

    def start(self) -> None:
        """Resume the WARC files, and record what a killed run had received. What failed before is requested again."""
        self.work.start_writing(self._writer)
        self._record_resumption()
        self.fetcher.forget_failures()
        self.fetcher.recover()

    def _record_resumption(self) -> None:
        """State in a WARC of the run that was stopped that it was resumed; a file begun from here on states it too."""
        times, carried = _times(self.work), self.work.state.files
        first = next((each for each in self.work.state.records() if each.file not in carried), None)
        if times.resumed and first is not None and first.type == "warcinfo":
            series = first.file.removeprefix(layout.ARCHIVE).partition(".")[0].partition("-")[0]
            self.context.derived.write_statement(series, first.id, resumptions(times))

    def record_end(self, ended: str) -> None:
        """State in a WARC of the run when its captures had ended; nowhere where it requested nothing."""
        since = self.work.state.begun.started.removesuffix("Z")
        records = self.work.state.records()
        own = next((each for each in records if each.type == "warcinfo" and each.date >= since), None)
        if own is not None:
            series = own.file.removeprefix(layout.ARCHIVE).partition(".")[0].partition("-")[0]
            self.context.derived.write_statement(series, own.id, {"schema": ENDED_SCHEMA, "ended": ended})

    def close(self) -> None:
        self._queues.close()
        self.client.close()
        self.recorder.close()

    def stop(self) -> None:
        """Cancel what waits; what is under way gets a moment to end."""
        self._queues.close()
        self._queues.join(_STOP_SECONDS)
        self.client.close()

    @property
    def is_without_network(self) -> bool:
        """True where requests were sent, and not one host was reached."""
        if self.work.exchanges.has_response:
            return False
        sent = [each for each in self.work.exchanges.failed() if is_sent(each)]
        return bool(sent) and all(map(is_unreached, sent))

    @property
    def unreached_hosts(self) -> int:
        """How many hosts got a request without being reached."""
        return len({each.url.host for each in self.work.exchanges.failed() if is_unreached(each)})

    def require_network(self) -> None:
        """Raise `NoNetwork` where nothing was reached: nothing is to be finished of that."""
        if self.is_without_network:
            self.work.stop_writing()
            first = next(each for each in self.work.exchanges.failed() if is_unreached(each)).failure
            assert first is not None
            raise NoNetwork(
                f"nothing could be reached ({first.message}); nothing is finished, {self.work.path} stays: "
                "check the connection and run the same command again"
            )


def _client_settings(settings: FetchSettings, work: WorkFolder, progress: Progress) -> ClientSettings:
    return ClientSettings(
        limits=replace(settings.limits, body_size=settings.max_size),
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


def _about(work: WorkFolder) -> list[tuple[str, str]]:
    """The fields of each warcinfo: the tool is named here, and nowhere on the wire. (WARC 1.1, section 6.2)"""
    begun, manifest = work.state.begun, work.state.files.get(layout.SOURCE_MANIFEST)
    seed, path = bytes.fromhex(begun.seed), layout.SOURCE_MANIFEST
    leaf = disclosure.stated_leaf(seed, "file", path, manifest.sha256) if manifest is not None else None
    return warcinfo_of(begun.report.stated.id, begun.conditions, leaf, begun.extractor, _times(work))


def _times(work: WorkFolder) -> RunTimes:
    resumed = tuple((each.time, each.retained_records) for each in work.state.resumed)
    return RunTimes(work.state.begun.started, resumed)
