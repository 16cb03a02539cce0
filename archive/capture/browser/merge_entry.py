"""What a drawing adds to a source's entry: requests that only scripts made, the words they drew, a verdict on both."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from archive.browser.render import RenderedPage
from archive.capture.browser.answers import Brought
from archive.capture.classify import FinalResponse, any_quote_found, judge, quotes_of
from archive.capture.classify.decoration import is_decoration
from archive.capture.page import on_requisites
from archive.capture.recorded import Recorded
from archive.capture.redirects import location
from archive.capture.requisites.fetch import outcome_of
from archive.capture.requisites.html import read_html
from archive.capture.visit import Visit
from archive.urls import Url
from archive_manifests.ledger import Facet, Facets, Rendering, Requisite, SourceEntry, Status, Verdict
from archive_manifests.notes import Note, note

BY_SCRIPTS = note("scripts-drew")
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
_JUDGED_AT_MOST = 1 << 20


@dataclass(slots=True)
class _BrowserFindings:
    """What the browser's requests add to an entry."""

    requisites: dict[str, Requisite]
    named: set[str]
    is_hollow: bool
    """True where only scripts fill the page: what they request is then a part of it."""
    extra: list[str] = field(default_factory=list)
    added: int = 0
    _leads: dict[str, tuple[str, str, tuple[str, ...]]] = field(default_factory=dict)
    """Where redirects lead -> the URL that was requested first, its kind, the hops so far."""

    def take(self, brought: Brought, page: Url) -> None:
        recorded = brought.recorded
        url, kind, hops = self._leads.pop(brought.url.href, (brought.url.href, _kind(brought), ()))
        onward = location(recorded)
        if onward is not None:
            self._leads[onward.href] = url, kind, (*hops, *recorded.earlier, recorded.answer)
            return
        fresh = (*hops, *recorded.earlier, recorded.answer)
        if self.named.issuperset(fresh):
            return
        outcome, reason = outcome_of(recorded)
        earlier = (*hops, *recorded.earlier)
        status = recorded.status if reason == "http" else None
        decorative = not self.is_hollow or is_decoration(url, kind, page)
        self._put(Requisite(url, outcome, reason, kind, page.href, recorded.answer, earlier, status, decorative))

    def end(self) -> None:
        """Redirects that nobody went after: the page was closed, or the browser thought better of it."""
        for _, _, hops in self._leads.values():
            self.extra += hops

    def _put(self, new: Requisite) -> None:
        old = self.requisites.get(new.url)
        if old is not None and old.outcome in ("captured", "error"):
            # The URL has its answer; this one was requested in another way, such as by POST.
            self.extra += [*new.hops, *([new.record] if new.record else [])]
            return
        if old is not None:
            before = (*old.hops, *([old.record] if old.record else []))
            hops = tuple(dict.fromkeys((*before, *new.hops)))
            new = replace(new, kind=old.kind, found_in=old.found_in, hops=hops, decorative=old.decorative)
        else:
            self.added += new.kind != "icon"
        self.requisites[new.url] = new


def _kind(brought: Brought) -> str:
    if brought.url.path == "/favicon.ico":
        return "icon"
    return _KINDS.get(brought.page_request.kind, "other")


def with_requests(entry: SourceEntry, page: Recorded, brought: Sequence[Brought]) -> SourceEntry:
    """The entry with what the scripts of the page requested beside what it names, and what that says of it."""
    is_hollow = entry.live.status is Status.PARTIAL and entry.live.reason == "hollow"
    found = _BrowserFindings({each.url: each for each in entry.requisites}, set(named(entry)), is_hollow)
    for each in brought:
        found.take(each, page.url)
    found.end()
    requisites = tuple(found.requisites.values())
    requested = [note("scripts-requested", n=found.added)] if found.added else []
    return replace(
        with_verdict(entry, on_requisites(entry.live, requisites)),
        exchanges=tuple(dict.fromkeys([*entry.exchanges, *found.extra])),
        requisites=requisites,
        notes=tuple(dict.fromkeys([*entry.notes, *requested])),
    )


def merged(
    visit: Visit,
    entry: SourceEntry,
    page: Recorded,
    drawn: RenderedPage,
    brought: Sequence[Brought],
    rendering: Rendering,
) -> SourceEntry:
    """The entry with its rendering, and with the requests behind it."""
    entry, notes = with_requests(entry, page, brought), []
    if entry.live.status is Status.PARTIAL and entry.live.reason == "hollow":
        verdict = _judged(visit, page, drawn)
        if verdict.status is Status.CAPTURED:
            notes.append(BY_SCRIPTS)
            verdict = on_requisites(Verdict(Status.CAPTURED), entry.requisites)
        elif verdict.reason == "hollow":
            verdict = entry.live
        else:
            why = verdict.detail or note("source-is", verdict=str(verdict.status))
            verdict = replace(verdict, detail=note("as-rendered", why=why))
        entry = with_verdict(entry, verdict)
    if _place(drawn.url) not in (page.url.href, "", "about:blank"):
        notes.append(note("scripts-redirected", url=_place(drawn.url)))
    has_picture = any(path.endswith("/screenshot.png") for path in rendering.files)
    return replace(
        entry,
        facets=Facets(
            entry.facets.source_code,
            Facet(True) if has_picture else Facet(False, note("no-picture")),
            entry.facets.media,
        ),
        quote_found=_quoted(visit, entry, drawn),
        title=(drawn.title if BY_SCRIPTS in notes else entry.title) or drawn.title or None,
        notes=tuple(dict.fromkeys([*notes, *entry.notes])),
        rendering=rendering,
    )


def _place(url: str) -> str:
    return url.partition("#")[0]


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


def named(entry: SourceEntry) -> Iterator[str]:
    """Every record id that an entry names."""
    yield from entry.exchanges
    for copy in entry.copies:
        yield from copy.records
    for requisite in entry.requisites:
        yield from requisite.hops
        if requisite.record is not None:
            yield requisite.record
    if entry.rendering is not None:
        yield from entry.rendering.records


def _judged(visit: Visit, page: Recorded, drawn: RenderedPage) -> Verdict:
    """The verdict on the document as scripts left it, by the same rules as on any page."""
    markup = drawn.markup.encode("utf-8", "replace")
    assert page.head is not None
    answer = FinalResponse(
        url=page.url,
        status=page.head.status,
        headers=page.head.fields,
        body=markup[:_JUDGED_AT_MOST],
        complete=not page.is_cut,
        # The scripts have run: what a page says to those without them, and how many it has, means nothing any more.
        reading=replace(read_html(markup, url=page.url, charset="utf-8"), scripts=0, noscript="", shell=""),
        hops=(),
    )
    verdict = judge(answer, cited=visit.url)
    if verdict.status is Status.CAPTURED and not drawn.words.strip():
        return Verdict(Status.PARTIAL, "hollow", note("without-text-drawn"))
    return verdict


def _quoted(visit: Visit, entry: SourceEntry, drawn: RenderedPage) -> str:
    """Whether what the report quotes occurs in the page: what is only drawn counts, and never takes a `yes` back."""
    answers = {entry.quote_found, any_quote_found(drawn.words, quotes_of(visit.source))}
    return next((answer for answer in ("yes", "no") if answer in answers), "unknown")
