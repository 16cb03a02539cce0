"""The pass that renders captured pages in the browser, one by one, after all other passes."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from archive.browser import BrowserEngine, BrowserError, Installed, find
from archive.browser.engine import Running
from archive.browser.page import OpenPage, View, open_page
from archive.browser.render import RenderedPage, render
from archive.capture.browser.rendered_entry import lacks_content, merged, rendered_verdict, with_requests
from archive.capture.browser.rendering import RenderedSource, broke, render_document, write_rendering
from archive.capture.browser.responder import BrowserResponder
from archive.capture.journal_entries import earlier_exchanges
from archive.capture.media_policy import wants_media
from archive.capture.page import is_html
from archive.capture.visit import Visit
from archive.progress import Progress
from archive.words.notes import describe, with_text
from archive.workfolder.folder import WorkFolder
from archive.workfolder.recorded import Recorded
from archive_manifests import layout
from archive_manifests.ledger import Facet, Facets, SourceEntry, Status, Verdict, records_of
from archive_manifests.notes import Note, note

BROWSER_CRASHED = note("browser-broke")
NOT_A_PAGE = note("not-a-page")
_MAX_CRASHES_IN_A_ROW = 3
"""Pages in a row that crashed the browser before the pass ends: the browser itself is broken then."""
_LATE_RESPONSE_SECONDS = 100.0
"""Seconds to wait for an exchange under way when its page is closed; its own limits are shorter."""

OnEntry = Callable[[SourceEntry], None]


class _PageToRender(Struct):
    visit: Visit
    entry: SourceEntry
    page: Recorded


class RenderPass:
    """Renders the pages that are due. The browser starts with the first page and closes at the end."""

    def __init__(
        self, work: WorkFolder, progress: Progress, *, instant: Callable[[], str], view: View | None = None
    ) -> None:
        self._work, self._progress, self._instant = work, progress, instant
        self._view = view or View()
        self._crashes_in_a_row = 0

    def render_all(self, sources: Iterable[tuple[Visit, SourceEntry]], on_entry: OnEntry) -> None:
        """Render the page of every source that has one here; `on_entry` gets each changed entry. Raises `OSError`."""
        due = list(self._due(list(sources), on_entry))
        if not due:
            return
        installed = find()
        if isinstance(installed, Note):
            for each in due:
                on_entry(_without_rendering(each.entry, note("browser-missing", detail=installed)))
            self._progress.stage("no-pictures", n=len(due), why=describe(installed))
            return
        self._render_each(due, installed, on_entry)

    def _render_each(self, due: list[_PageToRender], installed: Installed, on_entry: OnEntry) -> None:
        engine = BrowserEngine(installed, user_agent=due[0].visit.settings.user_agent)
        try:
            for number, each in enumerate(due, start=1):
                if self._crashes_in_a_row >= _MAX_CRASHES_IN_A_ROW:
                    on_entry(_without_rendering(each.entry, BROWSER_CRASHED))
                    continue
                self._work.require_space()
                self._progress.stage("pictures", n=number, total=len(due))
                on_entry(self._with_interrupted_rendering(self._render(engine, each)))
        finally:
            engine.close()

    def _due(self, sources: list[tuple[Visit, SourceEntry]], on_entry: OnEntry) -> Iterable[_PageToRender]:
        """The pages to render: those whose response this work recorded. Files that are no pages get a note."""
        wanted = [(visit, entry) for visit, entry in sources if _can_be_rendered(entry)]
        if not wanted:
            return
        pages, work = {entry.final_url for _, entry in wanted}, self._work
        exchanges = (each for each in work.exchanges if each.url.href in pages)
        recorded = {page.answer: page for page in earlier_exchanges(exchanges, work.state.derived, work.base).values()}
        for visit, entry in wanted:
            page = next((recorded[name] for name in reversed(_live_records(entry)) if name in recorded), None)
            if page is None or page.head is None or page.url.href != entry.final_url:
                continue  # carried over from an older bag, with its rendering
            if is_html(page):
                yield _PageToRender(visit, entry, page)
            elif entry.facets.appearance.reason != NOT_A_PAGE:
                on_entry(_without_rendering(entry, NOT_A_PAGE))

    def _with_interrupted_rendering(self, entry: SourceEntry) -> SourceEntry:
        """The entry with the records of a rendering during which an earlier run stopped, where no entry names them."""
        done = self._work.state
        if not done.resumed:
            return entry
        known = {name for each in done.entries.values() if each.id != entry.id for name in records_of(each)}
        known.update(records_of(entry))
        answers = self._work.exchanges.answers_of(entry.id)
        file = re.compile(rf"{layout.ARCHIVE}{entry.id}[.-]")
        rendered = [
            record.id
            for noted in done.derived
            for record in noted.records
            if record.type == "resource" and (record.uri or "").startswith("urn:") and file.match(record.file)
        ]
        left = [name for name in (*answers, *rendered) if name not in known]
        return replace(entry, exchanges=(*entry.exchanges, *left))

    def _render(self, engine: BrowserEngine, due: _PageToRender) -> SourceEntry:
        """The entry with its rendering, or with the reason for none where the browser crashed; no capture is lost."""
        visit, entry = due.visit, due.entry
        subject = RenderedSource(entry.id, due.page.url.href, due.page.answer)
        known = frozenset({due.page.url.href, visit.url.href, *(each.url for each in entry.requisites)})
        responder = BrowserResponder(visit.fetcher, entry.id, known, media=wants_media(visit, due.page.url))
        view = replace(self._view, user_agent=visit.settings.user_agent)
        self._progress.source_started(entry.id, subject.url)
        with tempfile.TemporaryDirectory(dir=self._work.spool, ignore_cleanup_errors=True) as folder:
            try:
                rendered, page, version = engine.run(
                    lambda running: _render_page(running, _address(visit, due.page), responder, view, Path(folder)),
                    seconds=view.seconds,
                )
            except BrowserError as error:
                self._crashes_in_a_row += 1
                self._progress.stage("picture-missing", source=entry.id, why=str(error))
                responder.collect_late(_LATE_RESPONSE_SECONDS)
                visit.derived.write_statement(entry.id, due.page.answer, broke(subject, str(error)))
                entry = with_requests(entry, due.page, responder.exchanges)
                return _without_rendering(entry, BROWSER_CRASHED, note("browser-broke-because", detail=str(error)))
            self._crashes_in_a_row = 0
            responder.collect_late(_LATE_RESPONSE_SECONDS)
            now = self._instant()
            document = render_document(subject, engine, version, page, rendered, responder, now)
            if lacks_content(entry):
                document["judged"] = _stated(rendered_verdict(visit, due.page, rendered))
            rendering = write_rendering(
                self._work, visit.derived, subject, rendered, document, now=now, browser=f"Chromium {version}"
            )
        return merged(visit, entry, due.page, rendered, responder.exchanges, rendering)


async def _render_page(
    running: Running, url: str, responder: BrowserResponder, view: View, folder: Path
) -> tuple[RenderedPage, OpenPage, str]:
    async with open_page(running, url, responder, view) as page:
        await page.settle()
        await page.scroll()
        responder.is_settled = True
        await page.stop_scripts()
        rendered = await render(page, folder)
    return rendered, page, running.version


def _stated(judged: Verdict) -> dict[str, Any]:
    """The verdict on the rendered document, which is not stored: its description states it."""
    detail = with_text(judged.detail) if judged.detail is not None else None
    return {"status": str(judged.status), "reason": judged.reason, "detail": detail}


def _live_records(entry: SourceEntry) -> tuple[str, ...]:
    return next((copy.records for copy in entry.copies if copy.kind == "live"), ())


def _can_be_rendered(entry: SourceEntry) -> bool:
    return (
        entry.status in (Status.CAPTURED, Status.PARTIAL)
        and entry.live.status is entry.status
        and entry.rendering is None
        and entry.final_url is not None
    )


def _address(visit: Visit, page: Recorded) -> str:
    """The page's URL, with the cited fragment: many sites render another page for it."""
    _, mark, fragment = visit.source.cited.strip().partition("#")
    return f"{page.url.href}{mark}{fragment}" if page.url.href == visit.url.href else page.url.href


def _without_rendering(entry: SourceEntry, why: Note, seen: Note | None = None) -> SourceEntry:
    facets = entry.facets
    appearance = facets.appearance if facets.appearance.present else Facet(False, why)
    notes = entry.notes if seen is None or seen in entry.notes else (*entry.notes, seen)
    return replace(entry, facets=Facets(facets.source_code, appearance, facets.media), notes=notes)
