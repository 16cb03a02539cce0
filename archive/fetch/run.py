"""The run: every source of a source manifest to its verdict, stage by stage."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from archive.capture.address_leaks import echoes
from archive.capture.settings import FetchSettings
from archive.errors import Interrupted, NotEnoughSpace
from archive.fetch import submission
from archive.fetch.passes import Passes
from archive.fetch.run_clock import RunClock
from archive.fetch.session import CaptureSession
from archive.progress import Progress
from archive.workfolder.events import AddressEchoed, Ended
from archive.workfolder.folder import WorkFolder
from archive_manifests.sources import SourceManifest, source_id

if TYPE_CHECKING:
    from archive.fetch.run_stamping import RunStamper
    from archive.fetch.supplied import Supplies


class Run:
    """One run over a work folder: the order of its stages."""

    def __init__(
        self,
        work: WorkFolder,
        manifest: SourceManifest,
        settings: FetchSettings,
        *,
        run_clock: RunClock,
        progress: Progress,
        supplies: Supplies | None = None,
    ) -> None:
        self._work, self._settings, self._run_clock, self._progress = work, settings, run_clock, progress
        self._supplies = supplies or {}
        self._session = CaptureSession(work, manifest, settings, run_clock, progress)
        sources = [(source_id(index), source) for index, source in enumerate(manifest.sources)]
        self._passes = Passes(self._session, sources)

    def capture_all(self) -> None:
        """Bring every source to its verdict. Raises `NoNetwork`, `Interrupted`, `NotEnoughSpace`, `OSError`."""
        self._session.start()
        self._passes.withdraw_unreached()
        with self._stopping_in_order():
            stamper = self._run_stamper()
            if stamper is not None:
                stamper.open(self._run_clock.new_token())
            self._passes.run()
            self._render()
            if not self._session.is_without_network:
                self._supply()
                self._submit()
            self._find_echoes()
            ended = self._run_clock.instant()
            if not self._session.is_without_network:
                self._session.record_end(ended)
                if stamper is not None:
                    stamper.close()
        self._session.close()
        self._session.require_network()
        self._work.record(Ended(ended, self._session.recorder.clock_offset()))

    @contextmanager
    def _stopping_in_order(self) -> Iterator[None]:
        """Stop the stages where the user does, or the disk; what was recorded stays."""
        try:
            yield
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

    def _run_stamper(self) -> RunStamper | None:
        """The timestamps at both ends of the run, where the user wants them."""
        if not self._settings.authorities:
            return None
        from archive.fetch.run_stamping import RunStamper  # late: X.509 and ASN.1 come with it

        return RunStamper(self._work, self._session.client, self._settings.authorities, self._progress)

    def _stop(self) -> None:
        self._passes.stop()
        self._session.stop()

    def _render(self) -> None:
        """Render the pages one after the other, now that nothing about them changes any more."""
        if not self._settings.browser:
            return
        from archive.capture.browser.render_pass import RenderPass

        entries = self._work.state.entries
        due = [(visit, entries[visit.id]) for visit in self._passes.visits() if visit.id in entries]
        RenderPass(self._work, self._progress, instant=self._run_clock.instant).render_all(due, self._passes.judge)

    def _supply(self) -> None:
        """Add the files that the source manifest supplies: last, since the live web comes first."""
        if not self._supplies:
            return
        from archive.fetch.supplied import is_supplied, with_supplied  # late: it reads recordings

        self._work.remove_unnamed()  # of a run that was killed here: the file may be another one by now
        for ident, supplies in self._supplies.items():
            for given in supplies:
                entry = self._work.state.entries[ident]
                if not is_supplied(entry, given, self._work):
                    self._passes.judge(with_supplied(self._work, entry, given, self._run_clock.instant()))

    def _submit(self) -> None:
        """Submit to the Wayback Machine what the user wants submitted; one after the other, as it wants it."""
        if not self._settings.submit:
            return
        entries = self._work.state.entries
        due = [visit for visit in self._passes.visits() if submission.is_due(visit, entries[visit.id])]
        if not due:
            return
        self._progress.stage("submitting", n=len(due))
        for visit in due:
            self._passes.judge(submission.submit(visit, entries[visit.id]))
        for _ in range(submission.ROUNDS):
            for visit in due:
                entry = submission.check_pending(visit, entries[visit.id])
                if entry is not entries[visit.id]:
                    self._passes.judge(entry)
        saved, submitted = submission.count_saved(entries[visit.id] for visit in due)
        self._progress.stage("submitted", n=submitted, saved=saved)

    def _find_echoes(self) -> None:
        """Look everywhere for the addresses that some server gave away."""
        own = frozenset(echo.address for echo in self._work.state.echoes)
        if own:
            for series, recorded in self._session.recorder.answers():
                for address in echoes(recorded, own):
                    self._session.recorder.echoed(AddressEchoed(series, recorded.url.href, address))
