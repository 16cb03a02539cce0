"""The pass that has captured pages drawn, one after the other, once everything else about them is settled."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from archive.browser import BrowserEngine, BrowserError, Installed, find
from archive.browser.engine import Running
from archive.browser.page import OpenPage, View, open_page
from archive.browser.render import RenderedPage, render
from archive.capture.browser.answers import Answering
from archive.capture.browser.merge_entry import merged, named, with_requests
from archive.capture.browser.rendering import Subject, how_made, lay_down
from archive.capture.media_policy import wants_media
from archive.capture.page import is_html
from archive.capture.recorded import Recorded
from archive.capture.visit import Visit
from archive.progress import Progress
from archive.words.notes import describe
from archive.workfolder.folder import WorkFolder
from archive_manifests import layout
from archive_manifests.ledger import Facet, Facets, SourceEntry, Status
from archive_manifests.notes import Note, note

BROKE_OFF = note("browser-broke")
NOT_A_PAGE = note("not-a-page")
_GIVES_UP_AFTER = 3
"""Pages in a row that broke the browser: then it is the browser."""
_LATE = 100.0
"""Seconds that an exchange under way may still take when its page is closed; its own limits are shorter."""

Judged = Callable[[SourceEntry], None]


@dataclass(slots=True)
class _Due:
    visit: Visit
    entry: SourceEntry
    page: Recorded


class Drawing:
    """Draws what is due. The browser is started for the first page and closed at the end."""

    def __init__(
        self, work: WorkFolder, progress: Progress, *, instant: Callable[[], str], view: View | None = None
    ) -> None:
        self._work, self._progress, self._instant = work, progress, instant
        self._view = view or View()
        self._broke = 0

    def draw_all(self, sources: Iterable[tuple[Visit, SourceEntry]], judged: Judged) -> None:
        """Draw the page of every source that has one here; each changed entry goes to `judged`. Raises `OSError`."""
        due = list(self._due(list(sources), judged))
        if not due:
            return
        installed = find()
        if isinstance(installed, Note):
            for each in due:
                judged(_without(each.entry, note("browser-missing", said=installed)))
            self._progress.stage("no-pictures", n=len(due), why=describe(installed))
            return
        self._draw_each(due, installed, judged)

    def _draw_each(self, due: list[_Due], installed: Installed, judged: Judged) -> None:
        engine = BrowserEngine(installed, user_agent=due[0].visit.settings.user_agent)
        try:
            for number, each in enumerate(due, start=1):
                if self._broke >= _GIVES_UP_AFTER:
                    judged(_without(each.entry, BROKE_OFF))
                    continue
                self._work.require_space()
                self._progress.stage("pictures", n=number, total=len(due))
                judged(self._owning_up(self._drawn(engine, each)))
        finally:
            engine.close()

    def _due(self, sources: list[tuple[Visit, SourceEntry]], judged: Judged) -> Iterable[_Due]:
        """What can be drawn: pages whose answer this work recorded. Files are said to be files."""
        wanted = [(visit, entry) for visit, entry in sources if _may_be_drawn(entry)]
        if not wanted:
            return
        recorded = {page.answer: page for page in wanted[0][0].recorder.earlier().values()}
        for visit, entry in wanted:
            page = next((recorded[name] for name in reversed(_live_records(entry)) if name in recorded), None)
            if page is None or page.head is None or page.url.href != entry.final_url:
                continue  # carried over from an older bag: what is shown of it is that bag's
            if is_html(page):
                yield _Due(visit, entry, page)
            elif entry.facets.appearance.reason != NOT_A_PAGE:
                judged(_without(entry, NOT_A_PAGE))

    def _owning_up(self, entry: SourceEntry) -> SourceEntry:
        """The entry with records of a drawing that an earlier run was stopped in, and that nothing else names."""
        done = self._work.state
        if not done.resumed:
            return entry
        known = {name for each in done.entries.values() if each.id != entry.id for name in named(each)}
        known.update(named(entry))
        answers = [line.answer for line in done.exchanges if line.series == entry.id]
        file = re.compile(rf"{layout.ARCHIVE}{entry.id}[.-]")
        drawn = [
            record.id
            for noted in done.further
            for record in noted.records
            if record.type == "resource" and (record.uri or "").startswith("urn:") and file.match(record.file)
        ]
        left = [name for name in (*answers, *drawn) if name not in known]
        return replace(entry, exchanges=(*entry.exchanges, *left))

    def _drawn(self, engine: BrowserEngine, due: _Due) -> SourceEntry:
        """The entry with its rendering; with why there is none, where the browser broke: no capture is lost by it."""
        visit, entry = due.visit, due.entry
        subject = Subject(entry.id, due.page.url.href, due.page.answer)
        known = frozenset({due.page.url.href, visit.url.href, *(each.url for each in entry.requisites)})
        answering = Answering(visit.fetcher, entry.id, known, media=wants_media(visit, due.page.url))
        view = replace(self._view, user_agent=visit.settings.user_agent)
        self._progress.source_started(entry.id, subject.url)
        with tempfile.TemporaryDirectory(dir=self._work.spool, ignore_cleanup_errors=True) as folder:
            try:
                drawn, page, version = engine.run(
                    lambda running: _draw(running, _address(visit, due.page), answering, view, Path(folder)),
                    seconds=view.seconds,
                )
            except BrowserError as error:
                self._broke += 1
                self._progress.stage("picture-missing", source=entry.id, why=str(error))
                answering.late(_LATE)
                entry = with_requests(entry, due.page, answering.brought)
                return _without(entry, BROKE_OFF, note("browser-broke-because", said=str(error)))
            self._broke = 0
            answering.late(_LATE)
            now = self._instant()
            made = how_made(subject, engine, version, page, drawn, answering, now)
            rendering = lay_down(
                self._work, visit.recorder, subject, drawn, made, now=now, browser=f"Chromium {version}"
            )
        return merged(visit, entry, due.page, drawn, answering.brought, rendering)


async def _draw(
    running: Running, url: str, answering: Answering, view: View, folder: Path
) -> tuple[RenderedPage, OpenPage, str]:
    async with open_page(running, url, answering, view) as page:
        await page.settle()
        await page.scroll()
        answering.is_at_rest = True
        await page.stop_scripts()
        drawn = await render(page, folder)
    return drawn, page, running.version


def _live_records(entry: SourceEntry) -> tuple[str, ...]:
    return next((copy.records for copy in entry.copies if copy.kind == "live"), ())


def _may_be_drawn(entry: SourceEntry) -> bool:
    return (
        entry.status in (Status.CAPTURED, Status.PARTIAL)
        and entry.live.status is entry.status
        and entry.rendering is None
        and entry.final_url is not None
    )


def _address(visit: Visit, page: Recorded) -> str:
    """The page's URL; with the cited fragment, which many sites draw another page for."""
    _, mark, fragment = visit.source.cited.strip().partition("#")
    return f"{page.url.href}{mark}{fragment}" if page.url.href == visit.url.href else page.url.href


def _without(entry: SourceEntry, why: Note, seen: Note | None = None) -> SourceEntry:
    facets = entry.facets
    appearance = facets.appearance if facets.appearance.present else Facet(False, why)
    notes = entry.notes if seen is None or seen in entry.notes else (*entry.notes, seen)
    return replace(entry, facets=Facets(facets.source_code, appearance, facets.media), notes=notes)
