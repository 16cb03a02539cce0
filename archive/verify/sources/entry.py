"""What the ledger says of one source, compared with what its records say: addresses, times, verdict, contents."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import timedelta

from archive.capture import tracking
from archive.capture.browser.rendered_entry import on_rendered
from archive.capture.page import judge_requisites, on_requisites
from archive.capture.visit import web_readings
from archive.urls import UrlError, parse
from archive.verify.records.by_version import by_version
from archive.verify.records.stated_moments import moment_of
from archive.verify.sources.case import SourceCase, differs, is_more_often
from archive.verify.sources.copy_records import is_subsequence
from archive.verify.sources.facets import check_media, check_media_beside_browser
from archive.verify.sources.requisites import check_requisites
from archive.verify.sources.said import OF_VISIT
from archive.verify.sources.scripts import check_script_requests, had_browser
from archive.verify.sources.status import check_status, named, said
from archive.verify.visits.replayed_visit import NotRecorded
from archive.warc.new_record import ENDED
from archive.words.notes import describe
from archive.workfolder.recorded import Recorded
from archive_manifests.custody import NOTED
from archive_manifests.finding_codes import make_finding
from archive_manifests.findings import Finding
from archive_manifests.ledger import SourceEntry, Status, Verdict
from archive_manifests.paths import BagPath
from archive_manifests.shown import shown, shown_pair
from archive_manifests.sources import Source

LEDGER = BagPath("data/sources.json")
LONGEST = timedelta(hours=7)
"""How long an exchange may take at the most, a wait for its turn included: `--max-time` is six hours."""
STANDING = (Status.CAPTURED, Status.PARTIAL)
_SHOWN = 160


def check_statements(case: SourceCase) -> Iterator[Finding]:
    """Compare everything that the ledger says of a source that was requested."""
    yield from check_address(case.entry, case.source)
    broken = case.derived.outcome.trail.final
    if isinstance(broken.failure, NotRecorded):
        yield differs(case, "address-contradicted", f"a response from {broken.url.href}", "no record of it")
        return
    yield from _check_trail(case)
    yield from _check_times(case)
    yield from check_status(case.entry, may_be_of_earlier=case.may_be_of_earlier)
    yield from by_version(_judged(case), case.made_by)


def _judged(case: SourceCase) -> Iterator[Finding]:
    """What depends on how the stored responses are read and judged."""
    yield from _check_verdict(case)
    yield from _check_contents(case)
    yield from check_requisites(case)
    if case.entry.status is not Status.MEMENTO and not case.lacks_parts:
        yield from check_script_requests(case.entry, case.derived.outcome, case.named, case.elsewhere)
    yield from _check_notes(case)


def check_address(entry: SourceEntry, source: Source) -> Iterator[Finding]:
    """The requested address is a reading of the cited string. (URL Standard)"""
    readings = web_readings(source)
    known = {url.href for url in readings}
    facts = {"source": entry.id, "found": shown(entry.request_url)}
    if entry.request_url is None:
        is_policy = entry.live.status is Status.NOT_ATTEMPTED and (source.skip or not readings)
        is_fault = entry.live.reason == "fault"
        if not is_policy and not is_fault:
            expected = next(iter(known), "a web address")
            yield make_finding("address-contradicted", LEDGER, expected=f"a request of {expected}"[:_SHOWN], **facts)
        yield from _check_key(entry, None)
        return
    if entry.request_url not in known:
        expected = ", ".join(sorted(known)) or "none: the cited string is no web address"
        yield make_finding("address-contradicted", LEDGER, expected=expected[:_SHOWN], **facts)
    yield from _check_readings(entry, source)
    yield from _check_key(entry, _key(entry.request_url))


def _check_key(entry: SourceEntry, key: str | None) -> Iterator[Finding]:
    if entry.dedup_key != key:
        facts = shown_pair(key, entry.dedup_key)
        yield make_finding("address-contradicted", LEDGER, source=entry.id, note="dedup_key", **facts)


def _check_readings(entry: SourceEntry, source: Source) -> Iterator[Finding]:
    """Where there is more than one way to read what is printed, each is listed, with the doubt of the first."""
    stated = [(reading.url, reading.why) for reading in entry.readings]
    expected = [(text, () if index else source.doubts) for index, text in enumerate(source.readings)]
    if stated != expected and (entry.readings or len(expected) > 1 or source.doubts):
        facts = shown_pair(expected, stated) | {"source": entry.id}
        yield make_finding("address-contradicted", LEDGER, **facts, note="readings")


def _key(address: str) -> str | None:
    try:
        return tracking.dedup_key(parse(address))
    except UrlError:
        return None


def _check_trail(case: SourceCase) -> Iterator[Finding]:
    """The redirect chain, its end and its status. (RFC 9110, 15.4)"""
    entry, trail = case.entry, case.derived.outcome.trail
    final = trail.final
    final_url = final.url.href if final.head is not None else None
    if entry.final_url != final_url:
        yield differs(case, "address-contradicted", final_url, entry.final_url, note="final_url")
    if entry.http_status != final.status:
        yield differs(case, "verdict-contradicted", f"status {final.status}", f"status {entry.http_status}")
    hops = [hop.answer for hop in trail.hops]
    # What another reading of the source led to before stands where that one put it.
    by_time = [hop.answer for hop in sorted(trail.hops, key=lambda hop: hop.started)]
    if not is_subsequence(hops, entry.exchanges) and not is_subsequence(by_time, entry.exchanges):
        yield differs(case, "address-contradicted", _urls(trail.hops), "other exchanges, or in another order")
    live = next((copy for copy in entry.copies if copy.kind == "live"), None)
    if final.head is None:
        if live is not None and live.url == entry.request_url:
            yield differs(case, "verdict-contradicted", "no response", f"a live copy of {live.url}")
    elif live is None:
        yield differs(case, "verdict-contradicted", f"a live copy of {final_url}", "none")
    else:
        if live.url != final_url:
            yield differs(case, "address-contradicted", final_url, live.url, note="the live copy's address")
        other = case.other_record
        if other is not None:
            found = f"other records of the live copy, such as {other}"
            yield differs(case, "address-contradicted", _urls(trail.hops), found)


def _urls(hops: Iterable[Recorded]) -> str:
    return " -> ".join(hop.url.href for hop in hops)


def _check_times(case: SourceCase) -> Iterator[Finding]:
    """Every time is where the dates of the records put it. (WARC 1.1, 5.4)"""
    entry = case.entry
    known = {url.href for url in web_readings(case.source)}
    starts = {record.date for name, record in case.named.items() if case.requested.get(name) in known}
    starts |= {hop.started for hop in case.derived.outcome.trail.hops}
    if entry.started not in starts:
        yield differs(case, "time-contradicted", " or ".join(sorted(starts)), entry.started, note="started")
    yield from _check_end(case)
    undated = [name for name, record in case.named.items() if record.type == "response" and record.ended is None]
    if undated:
        expected = f"{ENDED} of each response"
        yield differs(case, "time-contradicted", expected, f"none of {undated[0]}", note=f"{len(undated):,} responses")
    for copy in entry.copies:
        if copy.kind in ("supplied",):
            continue
        # The last record holds the response that counts; of several attempts it need not be the latest.
        answer = case.named.get(copy.records[-1]) if copy.records else None
        ended = case.ends.get(copy.records[-1]) if copy.records else None
        if ended is not None and copy.taken != ended:
            yield differs(case, "time-contradicted", ended, copy.taken, note=f"taken of the {copy.kind} copy")
        elif ended is None and answer is not None:
            yield from _within(case, f"taken of the {copy.kind} copy", copy.taken, answer.date, answer.date)


def _check_end(case: SourceCase) -> Iterator[Finding]:
    """The capture ended with an exchange that a copy consists of, or with one of the redirects.

    The page at their end may have been requested before, for another source.
    """
    entry, trail = case.entry, case.derived.outcome.trail
    final = trail.final
    last = [copy.records[-1] for copy in entry.copies if copy.records and copy.kind != "supplied"]
    is_recorded = final.ended != final.started and all(name in case.ends for name in last)
    ends = {final.ended, trail.ended, *case.ends_elsewhere, *(case.ends[name] for name in last if name in case.ends)}
    if is_recorded and entry.ended not in ends:
        yield differs(case, "time-contradicted", " or ".join(sorted(ends)), entry.ended, note="ended")
    elif not is_recorded:
        latest = max((record.date for record in case.named.values()), default=final.started)
        yield from _within(case, "ended", entry.ended, final.started, latest)


def _within(case: SourceCase, what: str, stated: str | None, earliest: str, latest: str) -> Iterator[Finding]:
    """An exchange ends after it began, before the run ended, and not later than exchanges may last."""
    moment, first, last, end = (moment_of(text) for text in (stated, earliest, latest, case.ended))
    if moment is None or first is None or last is None:
        is_right = moment is None and stated is None and first is None
    else:
        # The run's end is stated in whole seconds.
        is_right = first <= moment <= last + LONGEST and (end is None or moment < end + timedelta(seconds=1))
    if not is_right:
        yield differs(case, "time-contradicted", f"from {earliest} on", stated, note=what)


def _check_verdict(case: SourceCase) -> Iterator[Finding]:
    """The classifier judges the stored responses again; a video's part in the verdict is judged by its files."""
    entry, outcome = case.entry, case.derived.outcome
    expected, stated = outcome.verdict, entry.live
    if had_browser(entry) or case.lacks_parts:
        expected = on_requisites(expected, entry.requisites)
    if case.judged is not None and outcome.verdict.reason == "hollow":
        expected = on_rendered(outcome.verdict, case.judged, entry.requisites)
        yield from _check_filled(case, case.judged)
    elif _is_as_rendered(case):
        expected = stated
    if expected is stated:
        pass
    elif not case.agrees(expected, stated):
        yield differs(case, "verdict-contradicted", named(expected), named(stated), note=said(expected.detail))
    elif named(stated) == named(expected) and stated.detail != expected.detail and not case.lacks_parts:
        yield differs(case, "verdict-contradicted", said(expected.detail), said(stated.detail), note="detail")
    live = next((copy for copy in entry.copies if copy.kind == "live"), None)
    notes = () if stated.detail is None else (stated.detail,)
    if live is not None and live.url == entry.final_url and (live.status, live.notes) != (stated.status, notes):
        found = " ".join([f"{live.status}:", *(said(each) or "" for each in live.notes)])
        yield differs(case, "verdict-contradicted", named(stated), found, note="live copy")


def _check_filled(case: SourceCase, judged: Verdict) -> Iterator[Finding]:
    """That scripts fill the page is noted where the rendered document has what the page lacks without them."""
    is_filled = judged.status is Status.CAPTURED
    if is_filled != _by_scripts(case.entry):
        texts = ["scripts-drew" if is_noted else "no such note" for is_noted in (is_filled, not is_filled)]
        yield differs(case, "note-contradicted", *texts)


def _is_as_rendered(case: SourceCase) -> bool:
    """True where only scripts fill the page, and the verdict is on what the browser rendered.

    What it rendered is not stored, and versions before 0.6.0 did not state how it was judged.
    """
    entry = case.entry
    if entry.rendering is None or case.derived.outcome.verdict.reason != "hollow":
        return False
    if case.judged is not None:
        return True
    if entry.live.detail is not None and entry.live.detail.code == "as-rendered":
        return True
    expected = judge_requisites(entry.requisites)
    is_right = (entry.live.status, entry.live.reason) == (expected.status, expected.reason)
    return is_right and _by_scripts(entry)


def _by_scripts(entry: SourceEntry) -> bool:
    return entry.rendering is not None and any(note.code == "scripts-drew" for note in entry.notes)


def _check_contents(case: SourceCase) -> Iterator[Finding]:
    """Title, quotation and facets, read off the page again."""
    entry, outcome = case.entry, case.derived.outcome
    if entry.status is Status.MEMENTO:
        return  # they are the memento's
    is_browsers = entry.rendering is not None and (outcome.title is None or _by_scripts(entry))
    if entry.title != outcome.title and not is_browsers:
        yield differs(case, "title-contradicted", outcome.title, entry.title)
    is_browsers = entry.rendering is not None and (entry.quote_found == "yes" or outcome.quote_found == "unknown")
    if entry.quote_found != outcome.quote_found and not is_browsers:
        yield differs(case, "quote-contradicted", outcome.quote_found, entry.quote_found)
    without_scripts = outcome.verdict if _is_as_rendered(case) else entry.live
    has_source = outcome.trail.final.head is not None and without_scripts.status in STANDING
    if entry.facets.source_code.present != has_source:
        yield differs(case, "facet-contradicted", has_source, entry.facets.source_code.present, note="source_code")
    videos = case.derived.shows_open_videos(case.source)
    check = check_media_beside_browser if had_browser(entry) else check_media
    yield from check(entry, outcome, shows_videos=videos, has_video=case.videos.has_players)


def _check_notes(case: SourceCase) -> Iterator[Finding]:
    """Every note that the records give is stated, with the same facts.

    A page that was requested again, as where consent was rejected, was compared with others as it was at first.
    """
    is_once = sum(url == case.entry.request_url for url in case.requested.values()) < 2
    by_visit_alone = not case.derived.shows_open_videos(case.source)
    noted = [note for note in case.entry.notes if note.code not in NOTED]
    if by_visit_alone and is_more_often(noted, case.derived.outcome.notes):
        yield differs(case, "note-contradicted", "each note once", "one of them twice")
    for note in case.derived.outcome.notes:
        if note not in case.entry.notes and (is_once or not note.code.startswith(OF_VISIT)):
            yield differs(case, "note-contradicted", describe(note), "no such note")
