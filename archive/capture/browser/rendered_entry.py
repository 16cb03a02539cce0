"""Adds a rendering to a source's entry: the requests of scripts, the rendered text, the verdict on both."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from msgspec import Struct, field
from msgspec.structs import replace

from archive.browser.render import RenderedPage
from archive.capture.browser.responder import BrowserExchange
from archive.capture.classify import FinalResponse, any_quote_found, judge, quotes_of
from archive.capture.classify.decoration import is_decoration
from archive.capture.page import on_requisites
from archive.capture.redirects import location
from archive.capture.requisites.fetch import outcome_of
from archive.capture.requisites.html import read_html
from archive.capture.visit import Visit
from archive.urls import Url
from archive.workfolder.recorded import Recorded
from archive_manifests.ledger import Facet, Facets, Rendering, Requisite, SourceEntry, Status, Verdict, records_of
from archive_manifests.notes import Note, note

FILLED_BY_SCRIPTS = note("scripts-drew")
_KINDS = {
    "Stylesheet": "style",
    "Image": "image",
    "Media": "media",
    "Font": "font",
    "Script": "script",
    "Document": "frame",
    "XHR": "data",
    "Fetch": "data",
    "TextTrack": "data",
    "Manifest": "data",
}
_MAX_MARKUP = 1 << 20


class _BrowserFindings(Struct):
    """What the browser's requests add to an entry."""

    requisites: dict[str, Requisite]
    known_records: set[str]
    is_hollow: bool
    """True where only scripts fill the page: their requests are then requisites."""
    extra: list[str] = field(default_factory=list)
    added: int = 0
    _redirects: dict[str, tuple[str, str, tuple[str, ...]]] = field(default_factory=dict)
    """Redirect target -> the URL that was requested first, its kind, the hops so far."""

    def take(self, exchange: BrowserExchange, page: Url) -> None:
        recorded = exchange.recorded
        url, kind, hops = self._redirects.pop(exchange.url.href, (exchange.url.href, _kind(exchange), ()))
        onward = location(recorded)
        if onward is not None:
            self._redirects[onward.href] = url, kind, (*hops, *recorded.earlier, recorded.answer)
            return
        fresh = (*hops, *recorded.earlier, recorded.answer)
        if self.known_records.issuperset(fresh):
            return
        outcome, reason = outcome_of(recorded)
        earlier = (*hops, *recorded.earlier)
        status = recorded.status if reason == "http" else None
        decorative = not self.is_hollow or is_decoration(url, kind, page)
        self._put(Requisite(url, outcome, reason, kind, page.href, recorded.answer, earlier, status, decorative))

    def end(self) -> None:
        """Record the redirects that the browser did not follow, such as of a closed page."""
        for _, _, hops in self._redirects.values():
            self.extra += hops

    def _put(self, new: Requisite) -> None:
        old = self.requisites.get(new.url)
        if old is not None and old.outcome in ("captured", "error"):
            # The URL has its response; this request differs, such as by its method.
            self.extra += [*new.hops, *([new.record] if new.record else [])]
            return
        if old is not None:
            before = (*old.hops, *([old.record] if old.record else []))
            hops = tuple(dict.fromkeys((*before, *new.hops)))
            new = replace(new, kind=old.kind, found_in=old.found_in, hops=hops, decorative=old.decorative)
        else:
            self.added += new.kind != "icon"
        self.requisites[new.url] = new


def _kind(exchange: BrowserExchange) -> str:
    if exchange.url.path == "/favicon.ico":
        return "icon"
    return _KINDS.get(exchange.page_request.kind, "other")


def with_requests(entry: SourceEntry, page: Recorded, exchanges: Sequence[BrowserExchange]) -> SourceEntry:
    """The entry with the scripts' requests, and the verdict that follows from them."""
    known = {each.url: each for each in entry.requisites}
    findings = _BrowserFindings(known, set(records_of(entry)), lacks_content(entry))
    for each in exchanges:
        findings.take(each, page.url)
    findings.end()
    requisites = tuple(findings.requisites.values())
    requested = [note("scripts-requested", n=findings.added)] if findings.added else []
    return replace(
        with_verdict(entry, on_requisites(entry.live, requisites)),
        exchanges=tuple(dict.fromkeys([*entry.exchanges, *findings.extra])),
        requisites=requisites,
        notes=tuple(dict.fromkeys([*entry.notes, *requested])),
    )


def merged(
    visit: Visit,
    entry: SourceEntry,
    page: Recorded,
    rendered: RenderedPage,
    exchanges: Sequence[BrowserExchange],
    rendering: Rendering,
) -> SourceEntry:
    """The entry with its rendering and the requests behind it."""
    entry, notes = with_requests(entry, page, exchanges), []
    if lacks_content(entry):
        judged = rendered_verdict(visit, page, rendered)
        notes += [FILLED_BY_SCRIPTS] if judged.status is Status.CAPTURED else []
        entry = with_verdict(entry, on_rendered(entry.live, judged, entry.requisites))
    moved = redirected_by_scripts(page.url.href, rendered.url)
    notes += [moved] if moved is not None else []
    has_picture = any(path.endswith("/screenshot.png") for path in rendering.files)
    return replace(
        entry,
        facets=Facets(
            entry.facets.source_code,
            Facet(True) if has_picture else Facet(False, note("no-picture")),
            entry.facets.media,
        ),
        quote_found=_quote_found(visit, entry, rendered),
        title=(rendered.title if FILLED_BY_SCRIPTS in notes else entry.title) or rendered.title or None,
        notes=tuple(dict.fromkeys([*notes, *entry.notes])),
        rendering=rendering,
    )


def lacks_content(entry: SourceEntry) -> bool:
    """True where only scripts fill the page, so that the verdict is on what the browser rendered."""
    return entry.live.status is Status.PARTIAL and entry.live.reason == "hollow"


def on_rendered(hollow: Verdict, judged: Verdict, requisites: Iterable[Requisite]) -> Verdict:
    """The verdict on a page that is `hollow` without scripts, where the rendered document is `judged`."""
    if judged.status is Status.CAPTURED:
        return on_requisites(Verdict(Status.CAPTURED), requisites)
    if judged.reason == "hollow":
        return hollow
    why = judged.detail or note("source-is", verdict=str(judged.status))
    return replace(judged, detail=note("as-rendered", why=why))


def redirected_by_scripts(page: str, rendered: str) -> Note | None:
    """The note on the address at which a browser was in the end, where its scripts led away from the page."""
    address = rendered.partition("#")[0]
    return None if address in (page, "", "about:blank") else note("scripts-redirected", url=address)


def with_verdict(entry: SourceEntry, verdict: Verdict) -> SourceEntry:
    """The entry with another verdict on the live web."""
    if verdict == entry.live:
        return entry
    copies = tuple(
        replace(copy, status=verdict.status, notes=_optional(verdict.detail)) if copy.kind == "live" else copy
        for copy in entry.copies
    )
    return replace(
        entry, status=verdict.status, reason=verdict.reason, detail=verdict.detail, live=verdict, copies=copies
    )


def _optional(seen: Note | None) -> tuple[Note, ...]:
    return () if seen is None else (seen,)


def rendered_verdict(visit: Visit, page: Recorded, rendered: RenderedPage) -> Verdict:
    """The verdict on the document as the scripts left it, by the rules for any page."""
    markup = rendered.markup.encode("utf-8", "replace")
    assert page.head is not None
    answer = FinalResponse(
        url=page.url,
        status=page.head.status,
        headers=page.head.fields,
        body=markup[:_MAX_MARKUP],
        complete=not page.is_cut,
        # The scripts have run: their number and `noscript` no longer matter.
        reading=replace(read_html(markup, url=page.url, charset="utf-8"), scripts=0, noscript="", shell=""),
        hops=(),
    )
    verdict = judge(answer, cited=visit.url)
    if verdict.status is Status.CAPTURED and not rendered.words.strip():
        return Verdict(Status.PARTIAL, "hollow", note("without-text-drawn"))
    return verdict


def _quote_found(visit: Visit, entry: SourceEntry, rendered: RenderedPage) -> str:
    """Whether the page contains what the report quotes; rendered text counts, and never revokes a `yes`."""
    answers = {entry.quote_found, any_quote_found(rendered.words, quotes_of(visit.source))}
    return next((answer for answer in ("yes", "no") if answer in answers), "unknown")
