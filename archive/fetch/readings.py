"""A printed address that may be read in more than one way: which reading the web itself proves, and which it cannot."""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum
from urllib.parse import unquote

from msgspec import Struct
from msgspec.structs import replace

from archive.capture.classify import probe_url
from archive.capture.page import read
from archive.capture.visit import Visit, VisitOutcome, web_readings
from archive.fetch.source import capture, joined
from archive.net import Request
from archive.urls import Url, UrlError, parse
from archive_manifests.exchanges import Purpose
from archive_manifests.ledger import Copy, Reading, SourceEntry, Status
from archive_manifests.notes import note
from archive_manifests.sources import Source

_RESPONDS = (Status.CAPTURED, Status.PARTIAL)
_NOTHING = (Status.GONE, Status.UNREACHABLE)


class _Attempt(Struct, frozen=True):
    """One reading that was requested."""

    url: Url
    entry: SourceEntry
    outcome: VisitOutcome | None


def capture_readings(visit: Visit) -> SourceEntry:
    """Capture a source by its best reading, and by the others where that one gives nothing, or is uncertain.

    A response proves the reading where the page names its address as its own, or where the host says no to an
    address that cannot be there. Where nothing is proven and several readings respond, all are captured, the source
    is `partial (ambiguous)`, and a person decides.
    """
    best = _Attempt(visit.url, *capture(visit))
    tried = [best]
    host: _HostReadings | None = None
    for url in web_readings(visit.source)[1:]:
        if best.entry.status in _NOTHING:
            best = _Attempt(url, *capture(replace(visit, url=url)))
            tried.append(best)
            continue
        if not visit.source.is_uncertain or any(_is_same_address(url, each.url) for each in tried):
            continue
        if host is None:
            probed, host = _probed(visit, best)
            tried[tried.index(best)] = best = probed
        if host is _HostReadings.SAYS_NO or (host is _HostReadings.SAYS_YES and _names_itself(best)):
            break
        tried.append(_Attempt(url, *capture(replace(visit, url=url))))
    if host is _HostReadings.SAYS_YES and not _names_itself(best):
        best = next((each for each in tried if _names_itself(each)), best)
    is_proven = host is _HostReadings.SAYS_YES and _names_itself(best)
    return _united(visit.source, best, tried, is_proven=is_proven)


class _HostReadings(Enum):
    """How the host of a reading responds to an address that cannot be there."""

    SAYS_NO = "says no"
    """What it responds to is there."""
    SAYS_YES = "says yes"
    """A page of its proves nothing, unless it states its own address."""
    ECHOES = "echoes"
    """Its pages state any address as their own: nothing proves anything."""


def _probed(visit: Visit, best: _Attempt) -> tuple[_Attempt, _HostReadings]:
    """The reading with the records of a probe of its host, and what the probe shows."""
    if best.entry.status not in _RESPONDS or best.outcome is None:
        return best, _HostReadings.SAYS_YES
    address = probe_url(best.outcome.trail.final.url, visit.context.new_token())
    response = visit.send(Request(address), {"purpose": Purpose.READING_PROBE})
    records = dict.fromkeys([*best.entry.exchanges, *response.earlier, response.answer])
    best = replace(best, entry=replace(best.entry, exchanges=tuple(records)))
    if response.failure is None and response.status in (404, 410):
        return best, _HostReadings.SAYS_NO
    page = read(response) if response.failure is None else None
    echoes = page is not None and page.canonical is not None and _is_same_address(page.canonical, response.url)
    return best, _HostReadings.ECHOES if echoes else _HostReadings.SAYS_YES


def _names_itself(each: _Attempt) -> bool:
    """True where the page states the address that was requested as its own. (RFC 6596)"""
    page = each.outcome.reading if each.outcome is not None else None
    if each.entry.status not in _RESPONDS or page is None or page.canonical is None:
        return False
    return _is_same_address(page.canonical, each.url)


def _is_same_address(one: Url, other: Url) -> bool:
    """True where two addresses differ in nothing but scheme, `www.`, a slash at the end, or escapes."""
    return _key(one) == _key(other)


def _key(url: Url) -> tuple[str, str, str]:
    path, _, query = url.target.partition("?")
    return url.host.removeprefix("www."), unquote(path).rstrip("/"), unquote(query)


def _united(source: Source, best: _Attempt, tried: list[_Attempt], *, is_proven: bool) -> SourceEntry:
    """The entry of the best reading, with the exchanges of the others, and with their copies where they respond too."""
    entry = best.entry
    others = [each for each in tried if each is not best]
    rivals = [each for each in others if not is_proven and _is_rival(each, best)]
    for each in others:
        entry = replace(joined(_with_parts(each.entry), entry), started=entry.started or each.entry.started)
    if best is not tried[0] and tried[0].entry.status in _NOTHING:
        read_as = note("read-as", url=best.url.href, other=tried[0].url.href)
        entry = replace(entry, notes=(*entry.notes, read_as))
    if rivals:
        copies = tuple(_copy(each) for each in rivals)
        entry = replace(entry, status=Status.PARTIAL, reason="ambiguous", copies=(*entry.copies, *copies))
    return with_readings(entry, source, {each.url.href: each.entry for each in tried})


def _with_parts(entry: SourceEntry) -> SourceEntry:
    """The entry with the records of its requisites among its exchanges: the entry of the best reading has its own.

    Without them nobody knows what a part that only this reading has was named by: its style sheet may be stored with
    another source.
    """
    parts = (name for each in entry.requisites for name in (*each.hops, each.record) if name is not None)
    return replace(entry, exchanges=tuple(dict.fromkeys([*entry.exchanges, *parts])))


def _is_rival(each: _Attempt, best: _Attempt) -> bool:
    """True where another reading responds too, and not with the page of the best one."""
    respond = each.entry.status in _RESPONDS and best.entry.status in _RESPONDS
    return respond and each.entry.final_url != best.entry.final_url


def _copy(each: _Attempt) -> Copy:
    entry = each.entry
    live = next((copy for copy in entry.copies if copy.kind == "live"), None)
    records = live.records if live is not None else entry.exchanges
    return Copy(
        kind="reading",
        url=entry.final_url,
        taken=live.taken if live is not None else entry.ended or "",
        records=records,
        status=entry.status,
        notes=(note("other-reading", url=each.url.href),),
    )


def with_readings(entry: SourceEntry, source: Source, tried: dict[str, SourceEntry]) -> SourceEntry:
    """The entry with the ways to read it, where there is more than one, or a doubt."""
    if len(source.readings) < 2 and not source.doubts:
        return entry
    return replace(entry, readings=tuple(_readings(source, tried)))


def _readings(source: Source, tried: dict[str, SourceEntry]) -> Iterator[Reading]:
    for index, text in enumerate(source.readings):
        entry = tried.get(_href(text))
        is_certain = index == 0 and not source.is_uncertain
        yield Reading(
            url=text,
            certainty="certain" if is_certain else "uncertain",
            why=source.doubts if index == 0 else (),
            requested=entry is not None,
            result=None if entry is None else _result(entry),
        )


def _result(entry: SourceEntry) -> str:
    return str(entry.live.status) + (f" ({entry.live.reason})" if entry.live.reason else "")


def _href(text: str) -> str:
    try:
        return parse(text.strip()).without_credentials().href
    except UrlError:
        return ""
