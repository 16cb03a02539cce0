"""The requisites of a memento, from the same archive at the same moment."""

from __future__ import annotations

from collections.abc import Iterable
from concurrent.futures import Future
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from archive.capture.fetcher import Fetcher
from archive.capture.memento.cdx import CapturedMemento, held_at
from archive.capture.memento.open_capture import as_captured, leads_to, moment_shown
from archive.capture.recorded import Recorded
from archive.capture.redirects import location
from archive.capture.requisites.fetch import Gathering
from archive.capture.requisites.reading import PageReading
from archive.capture.settings import FetchSettings
from archive.net import Failure
from archive.urls import Url, parse
from archive_manifests.ledger import Requisite
from archive_manifests.moments import instant
from archive_manifests.notes import Note, note

WINDOW = timedelta(days=365)
"""How far from the page's moment a part of it may have been captured; beyond, it is not the page's any more."""
_HOPS_AT_MOST = 8


def gather_at(
    held: CapturedMemento, reading: PageReading, fetcher: Fetcher, settings: FetchSettings, *, series: str, media: bool
) -> tuple[list[Requisite], list[datetime]]:
    """Gather the requisites of the page that `held` is. Returns them, and the moments of those that came."""
    archive = _AtMoment(fetcher, held.moment, held.base)
    found = Gathering(archive, settings, series=series, media=media).gather(reading)
    moments = [
        archive.moments[each.url] for each in found if each.outcome == "captured" and each.url in archive.moments
    ]
    return [_of_archive(each, held) for each in found], moments


def _of_archive(requisite: Requisite, page: CapturedMemento) -> Requisite:
    """A requisite under the address in the archive that was requested."""
    url = CapturedMemento(parse(requisite.url), page.moment, page.base).url.href
    within = CapturedMemento(parse(requisite.found_in), page.moment, page.base).url.href if requisite.found_in else None
    return replace(requisite, url=url, found_in=within)


def spread(moments: Iterable[datetime], page: CapturedMemento) -> Note | None:
    """A note on the moments that a memento is put together from; None where they are as good as one."""
    listed = sorted([*moments, page.moment])
    if listed[-1] - listed[0] < timedelta(days=1):
        return None
    return note("memento-joined", when=instant(listed[0]), until=instant(listed[-1]))


@dataclass(slots=True)
class _AtMoment:
    """Stands in the fetcher's place: asks the archive for each URL, as near to one moment as it has it."""

    fetcher: Fetcher
    moment: datetime
    base: str
    moments: dict[str, datetime] = field(default_factory=dict)
    """URL -> when what came for it was captured."""

    def fetch(self, url: Url, *, series: str) -> Future[Recorded]:
        future: Future[Recorded] = Future()
        self._ask(_Way(url, series, future), CapturedMemento(url, self.moment, self.base))
        return future

    def _ask(self, way: _Way, held: CapturedMemento) -> None:
        self.fetcher.fetch(held.url, series=way.series).add_done_callback(lambda done: self._came(way, held, done))

    def _came(self, way: _Way, held: CapturedMemento, done: Future[Recorded]) -> None:
        # Whoever waits must hear of whatever happens: an exception in a callback reaches nobody.
        try:
            self._judge(way, held, done.result())
        except BaseException as error:  # noqa: BLE001 -- see above
            way.future.set_exception(error)

    def _judge(self, way: _Way, held: CapturedMemento, recorded: Recorded) -> None:
        moment, target = moment_shown(recorded), location(recorded)
        way.hops += [*recorded.earlier, recorded.answer]
        if recorded.failure is not None:
            way.end(recorded)
        elif moment is None and target is None:
            way.end(_not_a_memento(recorded))
        elif len(way.seen) > _HOPS_AT_MOST or held.url.href in way.seen:
            way.end(_refused(recorded, "redirect-loop", "its redirects lead round in a circle"))
        elif target is not None:
            way.seen.add(held.url.href)
            self._go_on(way, recorded, moment)
        elif moment is not None and abs(moment - self.moment) > WINDOW:
            way.end(_drifted(recorded, moment))
        else:
            assert moment is not None
            self.moments[way.url.href] = moment
            way.end(as_captured(recorded, held.original))

    def _go_on(self, way: _Way, recorded: Recorded, moment: datetime | None) -> None:
        """Go where the archive, or what it holds, leads: never out of the archive, never out of the window."""
        onward = leads_to(recorded, self.base)
        next_held = held_at(onward, self.base) if onward is not None else None
        if next_held is None and onward is not None and moment is not None:
            next_held = CapturedMemento(onward, moment, self.base)
        if next_held is None:
            way.end(_refused(recorded, "not-a-memento", "the archive sent on to somewhere else"))
        elif abs(next_held.moment - self.moment) > WINDOW:
            way.end(_drifted(recorded, next_held.moment))
        else:
            self._ask(way, next_held)


@dataclass(slots=True)
class _Way:
    """One requisite on its way through the archive."""

    url: Url
    series: str
    future: Future[Recorded]
    hops: list[str] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)

    def end(self, recorded: Recorded) -> None:
        self.future.set_result(replace(recorded, earlier=tuple(hop for hop in self.hops if hop != recorded.answer)))


def _not_a_memento(recorded: Recorded) -> Recorded:
    """A 404 is the archive's word that it holds no copy; its own errors are a loss, and anything else is refused."""
    if recorded.status == 404:
        return recorded
    if recorded.status == 429 or (recorded.status or 0) >= 500:
        trouble = Failure("head", "server-error", f"the archive answered {recorded.status}")
        return replace(recorded, failure=trouble)
    return _refused(recorded, "not-a-memento", "no Memento-Datetime")


def _drifted(recorded: Recorded, moment: datetime) -> Recorded:
    return _refused(recorded, "drift", f"the archive has it of {instant(moment)} only, too far from the page")


def _refused(recorded: Recorded, reason: str, message: str) -> Recorded:
    # Without its Location: nobody is to follow what was refused here.
    return replace(as_captured(recorded, recorded.url), failure=Failure("policy", reason, message))
