"""Opens a capture that the index lists: its archived redirects followed inside the archive, its content judged."""

from __future__ import annotations

import email.utils
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from archive.capture.classify import judge
from archive.capture.memento.cdx import BASE, CapturedMemento, CdxRow, held_at, in_utc
from archive.capture.page import answer_of, onward, read
from archive.capture.recorded import Recorded
from archive.capture.redirects import REDIRECTS, Trail, location
from archive.capture.requisites.reading import PageReading
from archive.http import Head
from archive.urls import Url, parse
from archive_manifests.ledger import Status, Verdict
from archive_manifests.moments import instant
from archive_manifests.notes import Note, note

HOPS_AT_MOST = 8
NEAR = timedelta(days=30)
"""How far from the moment of a redirect the page may be that it led to."""
_EXACT = timedelta(days=1)
_ORIGINAL = "x-archive-orig-"


@dataclass(frozen=True, slots=True)
class OpenedMemento:
    """A capture that was requested, and its result."""

    row: CdxRow
    exchanges: tuple[Recorded, ...]
    """With the archive, in order."""
    verdict: Verdict
    """What the classifier says of the content, as if the site itself had sent it; or why there is none."""
    trail: Trail | None = None
    """The same exchanges under the addresses that were captured, with the headers that were captured."""
    reading: PageReading | None = None
    held: CapturedMemento | None = None
    """What was shown in the end, and when it was captured."""
    is_trouble: bool = False
    """True where the archive failed, so that the capture may be there all the same."""

    @property
    def records(self) -> tuple[str, ...]:
        return tuple(record for each in self.exchanges for record in (*each.earlier, each.answer))


class _Refused(Exception):
    """A capture that does not show what is looked for."""

    def __init__(self, why: Note, *, is_trouble: bool = False) -> None:
        super().__init__(why.code)
        self.why, self.is_trouble = why, is_trouble


def open_capture(row: CdxRow, ask: Callable[[Url], Recorded], *, until: datetime | None = None) -> OpenedMemento:
    """Open a capture; one whose redirects end after `until` is not what was looked for."""
    exchanges: list[Recorded] = []
    shown: list[Recorded] = []
    try:
        held = _follow(row, ask, exchanges, shown)
        if until is not None and held.moment > until:
            raise _Refused(note("memento-later", when=instant(held.moment)))
    except _Refused as refused:
        why = Verdict(Status.UNREACHABLE, "not-http", refused.why)
        return OpenedMemento(row, tuple(exchanges), why, is_trouble=refused.is_trouble)
    trail = Trail(tuple(shown))
    reading = read(trail.final)
    verdict = judge(answer_of(trail, reading), cited=row.held.original)
    return OpenedMemento(row, tuple(exchanges), verdict, trail, reading, held)


def _follow(
    row: CdxRow, ask: Callable[[Url], Recorded], exchanges: list[Recorded], shown: list[Recorded]
) -> CapturedMemento:
    held, seen = row.held, set[str]()
    while held.url.href not in seen and len(seen) < HOPS_AT_MOST:
        seen.add(held.url.href)
        exchanges.append(ask(held.url))
        moment = moment_shown(exchanges[-1])
        if moment is None:
            held = _moved(exchanges[-1], row, is_first=not shown)
            continue
        if abs(moment - held.moment) > _EXACT:
            raise _Refused(note("memento-moment", when=instant(moment)))
        shown.append(as_captured(exchanges[-1], held.original))
        target = leads_to(exchanges[-1], held.base) or onward(shown[-1])
        if target is None:
            return replace(held, moment=moment, requested_at=held.url)
        held = _next(held, target, moment)
    raise _Refused(note("memento-circle"))


def _next(held: CapturedMemento, target: Url, moment: datetime) -> CapturedMemento:
    """What an archived redirect led to, in the same archive: another one would be the holder of something else."""
    if held.shown_at is None:
        return held_at(target, held.base) or CapturedMemento(target, moment, held.base)
    if target.host != held.shown_at.host:
        raise _Refused(note("memento-led-away"))
    return replace(held, moment=moment, shown_at=target)


def _moved(recorded: Recorded, row: CdxRow, *, is_first: bool) -> CapturedMemento:
    """Where the archive itself sends its reader: to the nearest moment that it has, which may be years away."""
    target = location(recorded)
    is_raw = row.held.shown_at is None
    moved = held_at(target, row.held.base) if target is not None and is_raw else None
    if moved is None:
        why, is_trouble = _no_memento(recorded)
        raise _Refused(why, is_trouble=is_trouble)
    if is_first or abs(moved.moment - row.moment) > NEAR:
        raise _Refused(note("memento-moved", when=instant(moved.moment)))
    return moved


def _no_memento(recorded: Recorded) -> tuple[Note, bool]:
    """Why an answer is no memento, and whether that is the archive's trouble."""
    if recorded.failure is not None:
        return note("memento-unreached", said=recorded.failure.message), recorded.failure.stage != "policy"
    status = recorded.status or 0
    if status in REDIRECTS:
        return note("memento-led-away"), False
    if status == 404:
        return note("memento-not-held"), False
    return note("memento-closed", status=status), status == 429 or status >= 500


def moment_shown(recorded: Recorded) -> datetime | None:
    """When what was answered was captured; None where the answer is no memento. (RFC 7089, section 2.1.1)"""
    try:
        moment = email.utils.parsedate_to_datetime((recorded.header("Memento-Datetime") or "").strip())
    except (ValueError, TypeError, OverflowError):
        return None
    return in_utc(moment)


def leads_to(recorded: Recorded, base: str = BASE) -> Url | None:
    """Where an archived redirect led."""
    target = location(recorded)
    if target is None or target.host != parse(base).host:
        return target
    held = held_at(target, base)
    return target if held is not None else None


def as_captured(recorded: Recorded, original: Url) -> Recorded:
    """An exchange with the archive as the site's own answer: its address, and the headers that the archive kept."""
    assert recorded.head is not None
    kept = [
        (name[len(_ORIGINAL) :], value) for name, value in recorded.head.fields if name.lower().startswith(_ORIGINAL)
    ]
    own = [each for each in recorded.head.fields if each[0].lower() in ("content-type", "content-encoding")]
    # How the archive sends it is its own affair; where it led stands in the next exchange.
    dropped = {
        "content-length",
        "transfer-encoding",
        "content-encoding",
        "location",
        *(name.lower() for name, _ in own),
    }
    fields = (*own, *(each for each in kept if each[0].lower() not in dropped))
    head = Head(recorded.head.version, recorded.head.status, recorded.head.reason, fields, recorded.head.is_plain)
    return replace(recorded, url=original, head=head)
