"""Gathers what a page needs to be seen: its requisites, theirs in turn, and the documents it links one hop away."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import Future
from dataclasses import dataclass, field
from queue import SimpleQueue
from typing import Protocol

from archive.capture.redirects import location
from archive.capture.requisites.css import read_css
from archive.capture.requisites.html import read_html
from archive.capture.requisites.reading import PageReading, Reference
from archive.capture.settings import FetchSettings
from archive.urls import Url
from archive.workfolder.recorded import Recorded
from archive_manifests.ledger import Requisite

STYLE_DEPTH = 5
"""How deep style sheets may import one another."""
_HOPS = 10
_HTML = ("text/html", "application/xhtml+xml")


class Asks(Protocol):
    """Whoever asks for a URL: the fetcher, or what stands in its place for an archive's copies."""

    def fetch(self, url: Url, *, series: str) -> Future[Recorded]: ...


@dataclass(slots=True)
class _Wanted:
    """One requisite on its way."""

    reference: Reference
    found_in: Url
    style_depth: int = 0
    frame_depth: int = 0
    charset: str | None = None
    """The encoding of what names it: an old style sheet without one of its own follows it."""
    hops: list[str] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)


class Gathering:
    """The requisites of one page, gathered at once and listed in the order they were found."""

    def __init__(
        self,
        fetcher: Asks,
        settings: FetchSettings,
        *,
        series: str,
        media: bool,
        never: Callable[[Url], bool] = lambda _: False,
    ) -> None:
        """`media` is whether videos and sounds are fetched, `never` for which addresses they are not all the same."""
        self._never = never
        self._fetcher, self._settings, self._series, self._media = fetcher, settings, series, media
        self._order: dict[str, Requisite] = {}
        self._running: dict[Future[Recorded], list[_Wanted]] = {}
        self._ended: SimpleQueue[Future[Recorded]] = SimpleQueue()
        """Those of `_running` that have ended: to wait for any of thousands would look at each, every time."""

    def gather(self, reading: PageReading) -> list[Requisite]:
        """Fetch what the page names, and wait for all of it."""
        self._want_all(reading.requisites, reading.url, charset=reading.charset)
        self._want_all(reading.documents, reading.url)
        while self._running:
            future = self._ended.get()
            for wanted in self._running.pop(future):
                self._arrived(wanted, future)
        return list(self._order.values())

    def _want_all(
        self,
        references: Iterable[Reference],
        found_in: Url,
        *,
        style_depth: int = 0,
        frame_depth: int = 0,
        charset: str | None = None,
    ) -> None:
        for reference in references:
            if reference.url.href in self._order:
                continue
            wanted = _Wanted(reference, found_in, style_depth, frame_depth, charset)
            self._order[reference.url.href] = _requisite(wanted, "not-attempted", "limit")
            if len(self._order) > self._settings.requisites:
                continue
            if reference.kind == "media" and (not self._media or self._never(reference.url)):
                self._order[reference.url.href] = _requisite(wanted, "not-attempted", "policy")
                continue
            self._ask(wanted, reference.url)

    def _ask(self, wanted: _Wanted, url: Url) -> None:
        wanted.seen.add(url.href)
        future = self._fetcher.fetch(url, series=self._series)
        if future in self._running:
            self._running[future].append(wanted)
            return
        self._running[future] = [wanted]
        future.add_done_callback(self._ended.put)

    def _arrived(self, wanted: _Wanted, future: Future[Recorded]) -> None:
        key = wanted.reference.url.href
        recorded = future.result()
        onward = location(recorded)
        wanted.hops += recorded.earlier
        if onward is not None and onward.href not in wanted.seen and len(wanted.seen) <= _HOPS:
            wanted.hops.append(recorded.answer)
            self._ask(wanted, onward)
            return
        outcome, reason = outcome_of(recorded)
        self._order[key] = _requisite(wanted, outcome, reason, recorded)
        if outcome == "captured":
            self._read(wanted, recorded)

    def _read(self, wanted: _Wanted, recorded: Recorded) -> None:
        """Look for what a style sheet or a frame needs in its turn."""
        kind = wanted.reference.kind
        if (kind == "style" or recorded.media_type == "text/css") and wanted.style_depth < STYLE_DEPTH:
            found = read_css(recorded.content(), url=recorded.url, charset=recorded.charset, referrer=wanted.charset)
            depth = wanted.style_depth + 1
            self._want_all(
                found, recorded.url, style_depth=depth, frame_depth=wanted.frame_depth, charset=wanted.charset
            )
        elif kind == "frame" and recorded.media_type in _HTML and wanted.frame_depth == 0:
            reading = read_html(recorded.content(), url=recorded.url, charset=recorded.charset)
            inner = [reference for reference in reading.requisites if reference.kind != "frame"]
            self._want_all(inner, recorded.url, frame_depth=1, charset=reading.charset)


def outcome_of(recorded: Recorded) -> tuple[str, str | None]:
    """How a requisite ended. An error that the server itself answers with is its word, not our loss."""
    failure = recorded.failure
    if failure is not None:
        return ("not-attempted" if failure.stage == "policy" else "failed"), failure.reason
    if recorded.is_cut:
        return "failed", "too-large" if recorded.truncated == "length" else "truncated"
    assert recorded.status is not None
    if location(recorded) is not None:
        return "failed", "redirect-loop"
    if 200 <= recorded.status < 300:
        return "captured", None
    return "error", "http"


def _requisite(wanted: _Wanted, outcome: str, reason: str | None, recorded: Recorded | None = None) -> Requisite:
    return Requisite(
        url=wanted.reference.url.href,
        outcome=outcome,
        reason=reason,
        kind=wanted.reference.kind,
        found_in=wanted.found_in.href,
        record=recorded.answer if recorded is not None else None,
        hops=tuple(wanted.hops),
        status=recorded.status if recorded is not None and reason == "http" else None,
    )
