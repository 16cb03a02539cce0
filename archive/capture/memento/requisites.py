"""The requisites of a memento, from the same archive at the same moment."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from datetime import datetime, timedelta
from typing import Any

from msgspec import Struct, field
from msgspec.structs import replace

from archive.capture.fetcher import Fetcher
from archive.capture.host_queues import ResultReceiver
from archive.capture.memento.cdx import CapturedMemento, parse_memento_url
from archive.capture.memento.open_capture import as_captured, leads_to, moment_shown
from archive.capture.redirects import location
from archive.capture.requisites.fetch import Gathering
from archive.capture.requisites.reading import PageReading
from archive.capture.settings import FetchSettings
from archive.net import Failure
from archive.urls import Url, parse
from archive.workfolder.recorded import Recorded
from archive_manifests.ledger import Requisite
from archive_manifests.moments import instant
from archive_manifests.notes import Note, note

WINDOW = timedelta(days=365)
"""How far apart page and requisite may have been captured."""
_HOPS_AT_MOST = 8


def gather_at(
    memento: CapturedMemento,
    reading: PageReading,
    fetcher: Fetcher,
    settings: FetchSettings,
    *,
    series: str,
    media: bool,
) -> tuple[list[Requisite], list[datetime]]:
    """Gather the requisites of the page that `memento` is. Returns them, and when those that arrived were captured."""
    archive = _AtMoment(fetcher, memento.moment, memento.base)
    found = Gathering(archive, settings, series=series, media=media).gather(reading)
    moments = [
        archive.moments[each.url] for each in found if each.outcome == "captured" and each.url in archive.moments
    ]
    return [_of_archive(each, memento) for each in found], moments


def _of_archive(requisite: Requisite, page: CapturedMemento) -> Requisite:
    """A requisite with its address in the archive, which was requested."""
    url = CapturedMemento(parse(requisite.url), page.moment, page.base).url.href
    within = CapturedMemento(parse(requisite.found_in), page.moment, page.base).url.href if requisite.found_in else None
    return replace(requisite, url=url, found_in=within)


def time_span(moments: Iterable[datetime], page: CapturedMemento) -> Note | None:
    """A note on the time span that page and requisites were captured in; None for less than a day."""
    listed = sorted([*moments, page.moment])
    if listed[-1] - listed[0] < timedelta(days=1):
        return None
    return note("memento-joined", when=instant(listed[0]), until=instant(listed[-1]))


class _AtMoment(Struct):
    """Replaces the fetcher: requests each URL from the archive, as near to one moment as possible."""

    fetcher: Fetcher
    moment: datetime
    base: str
    moments: dict[str, datetime] = field(default_factory=dict)
    """URL -> when it was captured."""

    def call(self, function: Callable[..., object], *values: Any) -> None:
        self.fetcher.call(function, *values)

    def deliver(self, url: Url, *, series: str, receiver: ResultReceiver) -> None:
        if receiver.set_running_or_notify_cancel():
            self._request(_RequisiteLookup(url, series, receiver), CapturedMemento(url, self.moment, self.base))

    def _request(self, lookup: _RequisiteLookup, memento: CapturedMemento) -> None:
        self.fetcher.fetch(memento.url, series=lookup.series).add_done_callback(
            lambda done: self._on_response(lookup, memento, done)
        )

    def _on_response(self, lookup: _RequisiteLookup, memento: CapturedMemento, done: Future[Recorded]) -> None:
        # There must be an outcome: an exception in a callback reaches nobody.
        try:
            self._judge(lookup, memento, done.result())
        except BaseException as error:  # noqa: BLE001 -- see above
            lookup.receiver.set_exception(error)

    def _judge(self, lookup: _RequisiteLookup, memento: CapturedMemento, recorded: Recorded) -> None:
        moment, target = moment_shown(recorded), location(recorded)
        lookup.hops += [*recorded.earlier, recorded.answer]
        if recorded.failure is not None:
            lookup.end(recorded)
        elif moment is None and target is None:
            lookup.end(_not_a_memento(recorded))
        elif len(lookup.visited) > _HOPS_AT_MOST or memento.url.href in lookup.visited:
            lookup.end(_refused(recorded, "redirect-loop", "its redirects lead round in a circle"))
        elif target is not None:
            lookup.visited.add(memento.url.href)
            self._follow_redirect(lookup, recorded, moment)
        elif moment is not None and abs(moment - self.moment) > WINDOW:
            lookup.end(_too_far(recorded, moment))
        else:
            assert moment is not None
            self.moments[lookup.url.href] = moment
            lookup.end(as_captured(recorded, memento.original))

    def _follow_redirect(self, lookup: _RequisiteLookup, recorded: Recorded, moment: datetime | None) -> None:
        """Follow a redirect, of the archive or archived: never out of the archive, never out of the window."""
        onward = leads_to(recorded, self.base)
        next_memento = parse_memento_url(onward, self.base) if onward is not None else None
        if next_memento is None and onward is not None and moment is not None:
            next_memento = CapturedMemento(onward, moment, self.base)
        if next_memento is None:
            lookup.end(_refused(recorded, "not-a-memento", "the archive sent on to somewhere else"))
        elif abs(next_memento.moment - self.moment) > WINDOW:
            lookup.end(_too_far(recorded, next_memento.moment))
        else:
            self._request(lookup, next_memento)


class _RequisiteLookup(Struct):
    """The look-up of one requisite."""

    url: Url
    series: str
    receiver: ResultReceiver
    hops: list[str] = field(default_factory=list)
    visited: set[str] = field(default_factory=set)

    def end(self, recorded: Recorded) -> None:
        earlier = tuple(hop for hop in self.hops if hop != recorded.answer)
        self.receiver.set_result(dataclasses.replace(recorded, earlier=earlier))


def _not_a_memento(recorded: Recorded) -> Recorded:
    """A 404 says that the archive has no copy; its own errors are failures, and anything else is refused."""
    if recorded.status == 404:
        return recorded
    if recorded.status == 429 or (recorded.status or 0) >= 500:
        problem = Failure("head", "server-error", f"the archive answered {recorded.status}")
        return dataclasses.replace(recorded, failure=problem)
    return _refused(recorded, "not-a-memento", "no Memento-Datetime")


def _too_far(recorded: Recorded, moment: datetime) -> Recorded:
    return _refused(recorded, "drift", f"the archive has it of {instant(moment)} only, too far from the page")


def _refused(recorded: Recorded, reason: str, message: str) -> Recorded:
    # Without its Location, so that nothing follows a refused redirect.
    return dataclasses.replace(as_captured(recorded, recorded.url), failure=Failure("policy", reason, message))
