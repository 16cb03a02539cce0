"""Requests a capture that the index lists, follows its archived redirects inside the archive, judges its content."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from datetime import datetime, timedelta

from msgspec import Struct
from msgspec.structs import replace

from archive.capture.classify import judge
from archive.capture.classify.response import REDIRECTS
from archive.capture.memento.cdx import BASE, CapturedMemento, CdxRow, parse_http_moment, parse_memento_url
from archive.capture.page import answer_of, onward, read
from archive.capture.redirects import Trail, location
from archive.capture.requisites.reading import PageReading
from archive.capture.tracking import dedup_key
from archive.http import Head
from archive.urls import Url, parse
from archive.workfolder.recorded import Recorded
from archive_manifests.ledger import Status, Verdict
from archive_manifests.moments import instant
from archive_manifests.notes import Note, note

HOPS_AT_MOST = 8
NEAR = timedelta(days=30)
"""How far apart an archived redirect and the capture of its target may be."""
EXACT = timedelta(days=1)
"""How far the moment in a capture's address may be from what the archive says of it."""
CLOCKS = timedelta(days=1)
"""How far two clocks may be apart, one of them in the wrong time zone."""
_ORIGINAL = "x-archive-orig-"


class OpenedMemento(Struct, frozen=True):
    """A capture that was requested, and its result."""

    row: CdxRow
    exchanges: tuple[Recorded, ...]
    """Exchanges with the archive, in order."""
    verdict: Verdict
    """The classifier's verdict on the content, as if the site itself had sent it; or why there is none."""
    trail: Trail | None = None
    """The same exchanges under the addresses that were captured, with the headers that were captured."""
    reading: PageReading | None = None
    memento: CapturedMemento | None = None
    """The capture that was shown in the end."""
    is_archive_failure: bool = False
    """True where the archive failed: the capture may exist."""

    @property
    def records(self) -> tuple[str, ...]:
        return tuple(record for each in self.exchanges for record in (*each.earlier, each.answer))


class _Refused(Exception):
    """The capture does not show what is looked for."""

    def __init__(self, why: Note, *, is_archive_failure: bool = False) -> None:
        super().__init__(why.code)
        self.why, self.is_archive_failure = why, is_archive_failure


def open_capture(row: CdxRow, request: Callable[[Url], Recorded], *, until: datetime | None = None) -> OpenedMemento:
    """Open a capture; one whose redirects end after `until` is refused."""
    exchanges: list[Recorded] = []
    shown: list[Recorded] = []
    try:
        memento = _follow_redirects(row, request, exchanges, shown)
        if until is not None and memento.moment > until:
            raise _Refused(note("memento-later", when=instant(memento.moment)))
    except _Refused as refused:
        why = Verdict(Status.UNREACHABLE, "not-http", refused.why)
        return OpenedMemento(row, tuple(exchanges), why, is_archive_failure=refused.is_archive_failure)
    trail = Trail(tuple(shown))
    reading = read(trail.final)
    verdict = judge(answer_of(trail, reading), cited=row.memento.original)
    return OpenedMemento(row, tuple(exchanges), verdict, trail, reading, memento)


def _follow_redirects(
    row: CdxRow, request: Callable[[Url], Recorded], exchanges: list[Recorded], shown: list[Recorded]
) -> CapturedMemento:
    memento, visited = row.memento, set[str]()
    while memento.url.href not in visited and len(visited) < HOPS_AT_MOST:
        visited.add(memento.url.href)
        exchanges.append(request(memento.url))
        moment = moment_shown(exchanges[-1])
        if moment is None:
            memento = _redirected_capture(exchanges[-1], row, is_first=not shown)
            continue
        if abs(moment - memento.moment) > EXACT:
            raise _Refused(note("memento-moment", when=instant(moment)))
        if is_to_come(moment, exchanges[-1]):
            raise _Refused(note("memento-to-come", when=instant(moment)), is_archive_failure=True)
        shown.append(as_captured(exchanges[-1], memento.original))
        target = leads_to(exchanges[-1], memento.base) or onward(shown[-1])
        if target is None:
            return replace(memento, moment=moment, requested_url=memento.url)
        memento = _redirect_target(memento, target, moment)
    raise _Refused(note("memento-circle"))


def _redirect_target(memento: CapturedMemento, target: Url, moment: datetime) -> CapturedMemento:
    """The target of an archived redirect, in the same archive: a copy elsewhere has another holder."""
    if memento.replay_url is None:
        return parse_memento_url(target, memento.base) or CapturedMemento(target, moment, memento.base)
    if target.host != memento.replay_url.host:
        raise _Refused(note("memento-led-away"))
    return replace(memento, moment=moment, replay_url=target)


def _redirected_capture(recorded: Recorded, row: CdxRow, *, is_first: bool) -> CapturedMemento:
    """Where the archive itself redirects: to the nearest capture that it has, which may be years away."""
    target = location(recorded)
    is_raw = row.memento.replay_url is None
    moved = parse_memento_url(target, row.memento.base) if target is not None and is_raw else None
    if moved is None:
        why, is_archive_failure = _no_memento(recorded)
        raise _Refused(why, is_archive_failure=is_archive_failure)
    if dedup_key(moved.original) != dedup_key(row.memento.original) and is_first:
        raise _Refused(note("memento-of-other", url=moved.original.href[:200]))
    if is_first or abs(moved.moment - row.moment) > NEAR:
        raise _Refused(note("memento-moved", when=instant(moved.moment)))
    return moved


def _no_memento(recorded: Recorded) -> tuple[Note, bool]:
    """Why a response is no memento, and whether the archive failed."""
    if recorded.failure is not None:
        return note("memento-unreached", detail=recorded.failure.message), recorded.failure.stage != "policy"
    status = recorded.status or 0
    if status in REDIRECTS:
        return note("memento-led-away"), False
    if status == 404:
        return note("memento-not-held"), False
    return note("memento-closed", status=status), status == 429 or status >= 500


def moment_shown(recorded: Recorded) -> datetime | None:
    """When the response was captured; None where it is no memento. (RFC 7089, section 2.1.1)"""
    return parse_http_moment((recorded.header("Memento-Datetime") or "").strip())


def is_to_come(moment: datetime, recorded: Recorded) -> bool:
    """True where an archive says that it captured something after it was requested, as far as clocks can tell."""
    return moment - datetime.fromisoformat(recorded.started) > CLOCKS


def leads_to(recorded: Recorded, base: str = BASE) -> Url | None:
    """The target of an archived redirect; None where the archive redirects to another address of its own."""
    target = location(recorded)
    if target is None or target.host != parse(base).host:
        return target
    memento = parse_memento_url(target, base)
    return target if memento is not None else None


def as_captured(recorded: Recorded, original: Url) -> Recorded:
    """An exchange with the archive as the site's own response: original address, archived headers."""
    assert recorded.head is not None
    archived = [
        (name[len(_ORIGINAL) :], value) for name, value in recorded.head.fields if name.lower().startswith(_ORIGINAL)
    ]
    own = [each for each in recorded.head.fields if each[0].lower() in ("content-type", "content-encoding")]
    # Framing and coding are the archive's; the redirect target stands in the next exchange.
    dropped = {
        "content-length",
        "transfer-encoding",
        "content-encoding",
        "location",
        *(name.lower() for name, _ in own),
    }
    fields = (*own, *(each for each in archived if each[0].lower() not in dropped))
    head = Head(recorded.head.version, recorded.head.status, recorded.head.reason, fields, recorded.head.is_plain)
    return dataclasses.replace(recorded, url=original, head=head)
