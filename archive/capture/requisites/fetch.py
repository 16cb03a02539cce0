"""Gathers what a page needs to be seen: its requisites, theirs in turn, and the documents it links one hop away."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import CancelledError
from queue import SimpleQueue
from typing import Any, Protocol

from msgspec import Struct

from archive.capture.host_queues import ResultReceiver
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


_LARGE = 64 << 10
"""Bytes of a coded body from which on undoing its coding is no work for the event loop."""


class RequisiteFetcher(Protocol):
    """The fetcher, or what stands in its place: for an archive's copies, for a bag's own records."""

    def deliver(self, url: Url, *, series: str, receiver: ResultReceiver) -> None:
        """Request a URL. Called where responses arrive, where `receiver` learns of it."""

    def call(self, function: Callable[..., object], *values: Any) -> None:
        """Call a function where responses arrive."""


class _Wanted(Struct):
    """One requisite on its way: the outcome of its requests."""

    gathering: Gathering
    reference: Reference
    found_in: Url
    style_depth: int = 0
    frame_depth: int = 0
    charset: str | None = None
    """The encoding of what names it: an old style sheet without one of its own follows it."""
    hops: tuple[str, ...] = ()
    seen: tuple[str, ...] = ()
    """Addresses that were requested for it."""

    def set_running_or_notify_cancel(self) -> bool:
        return True

    def set_result(self, recorded: Recorded) -> None:
        self.gathering.arrived(self, recorded)

    def set_exception(self, error: BaseException | None) -> None:
        self.gathering.fail(error)

    def cancel(self) -> None:
        self.gathering.fail(CancelledError())


class Gathering:
    """The requisites of one page, gathered at once and listed in the order they were found."""

    def __init__(
        self,
        fetcher: RequisiteFetcher,
        settings: FetchSettings,
        *,
        series: str,
        media: bool,
        never: Callable[[Url], bool] = lambda _: False,
    ) -> None:
        """`media` is whether videos and sounds are fetched, `never` for which addresses they are not all the same."""
        self._never = never
        self._fetcher, self._settings, self._series, self._media = fetcher, settings, series, media
        # What follows changes where responses arrive, and nowhere else.
        self._order: dict[str, Requisite | _Wanted] = {}
        self._left = 0
        """Requisites that have not ended, and steps that may bring more."""
        self._steps: SimpleQueue[Callable[[], None] | BaseException | None] = SimpleQueue()
        """Work for the caller's thread: to read a style sheet or a frame. None at the end."""

    def gather(self, reading: PageReading) -> list[Requisite]:
        """Fetch what the page names, and wait for all of it."""
        self._left += 1
        self._fetcher.call(self._guarded, self._begin, reading)
        while (step := self._steps.get()) is not None:
            if isinstance(step, BaseException):
                raise step
            step()
        return [each for each in self._order.values() if isinstance(each, Requisite)]  # all, at the end

    def _begin(self, reading: PageReading) -> None:
        self._want_all(reading.requisites, reading.url, charset=reading.charset)
        self._want_all(reading.documents, reading.url)
        self._end_one()

    def _guarded(self, function: Callable[..., None], *values: Any) -> None:
        # An exception in a callback would reach nobody, and the caller would wait for ever.
        try:
            function(*values)
        except BaseException as error:  # noqa: BLE001 -- see above
            self.fail(error)

    def fail(self, error: BaseException | None) -> None:
        """Raise an error where the caller waits."""
        self._steps.put(error)

    def _end_one(self) -> None:
        self._left -= 1
        if not self._left:
            self._steps.put(None)

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
            wanted = _Wanted(self, reference, found_in, style_depth, frame_depth, charset)
            self._order[reference.url.href] = wanted
            if len(self._order) > self._settings.requisites:
                self._order[reference.url.href] = _requisite(wanted, "not-attempted", "limit")
                continue
            if reference.kind == "media" and (not self._media or self._never(reference.url)):
                self._order[reference.url.href] = _requisite(wanted, "not-attempted", "policy")
                continue
            self._request(wanted, reference.url)

    def _request(self, wanted: _Wanted, url: Url) -> None:
        wanted.seen = (*wanted.seen, url.href)
        self._left += 1
        self._fetcher.deliver(url, series=self._series, receiver=wanted)

    def arrived(self, wanted: _Wanted, recorded: Recorded) -> None:
        """Take the response to a request for a requisite."""
        self._guarded(self._arrived, wanted, recorded)

    def _arrived(self, wanted: _Wanted, recorded: Recorded) -> None:
        onward = location(recorded)
        wanted.hops += recorded.earlier
        if onward is not None and onward.href not in wanted.seen and len(wanted.seen) <= _HOPS:
            wanted.hops += (recorded.answer,)
            self._request(wanted, onward)
            self._end_one()
        elif self._reads(wanted, recorded) or (recorded.size > _LARGE and recorded.header("Content-Encoding")):
            self._steps.put(lambda: self._look_into(wanted, recorded))
        else:
            self._end(wanted, recorded, *outcome_of(recorded))

    def _end(self, wanted: _Wanted, recorded: Recorded, outcome: str, reason: str | None) -> None:
        self._order[wanted.reference.url.href] = _requisite(wanted, outcome, reason, recorded)
        self._end_one()

    def _reads(self, wanted: _Wanted, recorded: Recorded) -> bool:
        """Whether a response may name further requisites."""
        return self._is_style(wanted, recorded) or self._is_frame(wanted, recorded)

    def _is_style(self, wanted: _Wanted, recorded: Recorded) -> bool:
        is_style = wanted.reference.kind == "style" or recorded.media_type == "text/css"
        return is_style and wanted.style_depth < STYLE_DEPTH

    def _is_frame(self, wanted: _Wanted, recorded: Recorded) -> bool:
        return wanted.reference.kind == "frame" and recorded.media_type in _HTML and wanted.frame_depth == 0

    def _look_into(self, wanted: _Wanted, recorded: Recorded) -> None:
        """Look, in the caller's thread, for what a style sheet or a frame needs in its turn."""
        outcome, reason = outcome_of(recorded)
        found: list[Reference] = []
        depths: dict[str, Any] = {}
        if outcome == "captured" and self._is_style(wanted, recorded):
            found += read_css(recorded.content(), url=recorded.url, charset=recorded.charset, referrer=wanted.charset)
            depths = {"style_depth": wanted.style_depth + 1, "frame_depth": wanted.frame_depth}
            depths["charset"] = wanted.charset
        elif outcome == "captured" and self._is_frame(wanted, recorded):
            reading = read_html(recorded.content(), url=recorded.url, charset=recorded.charset)
            found += [reference for reference in reading.requisites if reference.kind != "frame"]
            depths = {"frame_depth": 1, "charset": reading.charset}

        def end() -> None:
            self._want_all(found, recorded.url, **depths)
            self._end(wanted, recorded, outcome, reason)

        self._fetcher.call(self._guarded, end)


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
        return ("failed", "coding") if recorded.coding_fault is not None else ("captured", None)
    return "error", "http"


def _requisite(wanted: _Wanted, outcome: str, reason: str | None, recorded: Recorded | None = None) -> Requisite:
    return Requisite(
        url=wanted.reference.url.href,
        outcome=outcome,
        reason=reason,
        kind=wanted.reference.kind,
        found_in=wanted.found_in.href,
        record=recorded.answer if recorded is not None else None,
        hops=wanted.hops,
        status=recorded.status if recorded is not None and reason == "http" else None,
    )
