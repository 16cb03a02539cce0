"""A plain web page, or a file: what every source is taken for until a system claims it."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec.structs import replace

from archive.capture import tracking, wordpress
from archive.capture.classify import FinalResponse, any_quote_found, judge, probe_url, quotes_of, wants_probe
from archive.capture.classify.beginnings import READ_AT_MOST, starts_as_page
from archive.capture.classify.decoration import is_decoration
from archive.capture.media_policy import never_media, wants_media
from archive.capture.redirects import Trail, location
from archive.capture.requisites.fetch import Gathering
from archive.capture.requisites.html import read_html
from archive.capture.requisites.reading import PageReading, Refresh
from archive.capture.requisites.refresh_and_json_ld import split
from archive.capture.visit import System, Visit, VisitOutcome
from archive.net import Request
from archive.urls import Url, UrlError, parse_stated
from archive.workfolder.recorded import Recorded
from archive_manifests.exchanges import Purpose
from archive_manifests.ledger import Facet, Requisite, Status, Verdict
from archive_manifests.notes import Note, note

HTML_TYPES = ("text/html", "application/xhtml+xml")
REFRESH_WITHIN = 5.0
"""Seconds: a page that sends its reader on so soon is a hop. (HTML Standard, 4.2.5.3)"""


def read(recorded: Recorded) -> PageReading | None:
    """Read an answer as a page, where it is one."""
    if recorded.head is None or not is_html(recorded):
        return None
    return read_html(recorded.content(), url=recorded.url, charset=recorded.charset)


def is_html(recorded: Recorded) -> bool:
    if recorded.media_type:
        return recorded.media_type in HTML_TYPES
    return starts_as_page(recorded.content(READ_AT_MOST))


def onward(recorded: Recorded) -> Url | None:
    """Where an answer sends its reader: by its status, or by a refresh within five seconds."""
    target = location(recorded)
    if target is not None or recorded.status != 200:
        return target
    refresh = _stated_refresh(recorded)
    if refresh is None and recorded.media_type in HTML_TYPES and _may_refresh(recorded.content()):
        reading = read(recorded)
        refresh = reading.refresh if reading is not None else None
    if refresh is None or refresh.delay > REFRESH_WITHIN or refresh.url.href == recorded.url.href:
        return None
    if not refresh.url.is_web:  # browsers stay on the page (HTML Standard, 4.2.5.3)
        return None
    return refresh.url


def _may_refresh(body: bytes) -> bool:
    """False where the page has no meta refresh: its attribute has an ASCII name in all encodings but UTF-16."""
    start = body.lower()
    return b"http-equiv" in start or b"\0" in start


def _stated_refresh(recorded: Recorded) -> Refresh | None:
    """The `Refresh` field, which no RFC knows and every browser obeys. (HTML Standard, 7.4.6)"""
    stated = split(recorded.header("Refresh") or "")
    if stated is None or not stated[1]:
        return None
    try:
        return Refresh(stated[0], parse_stated(stated[1], recorded.url))
    except UrlError:
        return None


JUDGED_AT_MOST = 1 << 20


class PlainPage(System):
    """Follows the URL, judges the answer, gathers what the page needs to be seen."""

    name = "page"

    def claims(self, url: Url) -> bool:
        return url.is_web

    def capture(self, visit: Visit) -> VisitOutcome:
        outcome = capture_trail(visit, visit.follow(visit.url, onward=onward))
        request_beside(visit, outcome)
        return outcome

    def other_addresses(self, url: Url) -> list[tuple[Url, Note]]:
        return wordpress.short_addresses(url)


def request_beside(visit: Visit, outcome: VisitOutcome) -> None:
    """Ask for what a page has beside itself: its post in WordPress's API, its address without tracking."""
    if outcome.reading is not None:
        wordpress.request_post(visit, outcome, outcome.reading)
    request_cleaned(visit, outcome)


def capture_trail(visit: Visit, trail: Trail, *, says_no: FinalResponse | None = None) -> VisitOutcome:
    """What a trail that was followed comes to: verdict, requisites, title and text.

    `says_no` is how the site answers for what it has not, where that is known: it saves the probe.
    """
    if trail.broke is not None:
        return VisitOutcome(trail.broke, trail)
    reading = read(trail.final)
    answer = answer_of(trail, reading)
    outcome = VisitOutcome(Verdict(Status.CAPTURED), trail, reading=reading)
    probe = says_no
    if probe is None and wants_probe(answer):
        probe = _probe(visit, trail, outcome)
    outcome.verdict = judge(answer, cited=visit.url, probe=probe)
    if answer.is_shown_redirect:
        outcome.notes.append(note("redirect-shown", status=answer.status))
    if reading is not None:
        outcome.title, outcome.text = reading.title or None, reading.text
    if outcome.verdict.status in (Status.CAPTURED, Status.PARTIAL) and reading is not None:
        gather(visit, reading, outcome)
    return outcome


def _probe(visit: Visit, trail: Trail, outcome: VisitOutcome) -> FinalResponse | None:
    """Ask for what cannot be there, to learn how the site says no."""
    address = probe_url(trail.final.url, visit.context.new_token())
    probed = visit.send(Request(address), {"purpose": Purpose.SOFT_404_PROBE})
    outcome.extra_records += [*probed.earlier, probed.answer]
    return answer_of(Trail((probed,)), read(probed)) if probed.failure is None else None


def gather(visit: Visit, reading: PageReading, outcome: VisitOutcome) -> None:
    """Add a page's requisites to the outcome, and to its verdict what they lack."""
    media = wants_media(visit, reading.url)
    gathering = Gathering(visit.fetcher, visit.settings, series=visit.id, media=media, never=never_media)
    known = {requisite.url for requisite in outcome.requisites}
    found = [each for each in gathering.gather(reading) if each.url not in known]
    outcome.requisites += [
        replace(each, decorative=True) if is_decoration(each.url, each.kind, reading.url) else each for each in found
    ]
    if outcome.verdict.status is Status.CAPTURED:
        outcome.verdict = judge_requisites(outcome.requisites)
    outcome.media = media_facet(outcome.requisites)
    outcome.quote_found = _quoted(visit, reading)


def _quoted(visit: Visit, reading: PageReading) -> str:
    """Whether what the report quotes occurs in the page."""
    return any_quote_found(reading.text, quotes_of(visit.source))


def answer_of(trail: Trail, reading: PageReading | None) -> FinalResponse:
    """A trail's final answer, as the classifier wants it."""
    final = trail.final
    assert final.head is not None
    return FinalResponse(
        url=final.url,
        status=final.head.status,
        headers=final.head.fields,
        body=final.content(JUDGED_AT_MOST),
        complete=not final.is_cut,
        reading=reading,
        hops=tuple(hop.url for hop in trail.hops[:-1]),
        coding_fault=final.coding_fault,
    )


def judge_requisites(requisites: Iterable[Requisite]) -> Verdict:
    """A page whose server would have given more of it than is here is partial; decoration is no part of it."""
    listed = list(requisites)
    parts = [each for each in listed if not each.decorative]
    failed = [each for each in parts if each.outcome == "failed"]
    withheld = [each for each in parts if each.outcome == "not-attempted" and each.reason in ("policy", "limit")]
    if failed:
        detail = note("requisites-missing", n=len(failed), all=len(listed))
        return Verdict(Status.PARTIAL, "requisites", detail)
    if withheld:
        detail = note("requisites-withheld", n=len(withheld), all=len(listed))
        return Verdict(Status.PARTIAL, "policy", detail)
    lost = sum(each.outcome == "failed" for each in listed)
    return Verdict(Status.CAPTURED, None, note("decoration-missing", n=lost, all=len(listed)) if lost else None)


def on_requisites(live: Verdict, requisites: Iterable[Requisite]) -> Verdict:
    """The verdict, where it is one on requisites or none stands against it, with those that the scripts added."""
    lacks = judge_requisites(requisites)
    if live.status is Status.CAPTURED and lacks.status is Status.PARTIAL:
        return lacks
    if live.status is Status.PARTIAL and live.reason in ("requisites", "policy"):
        return lacks
    return live


def media_facet(requisites: Iterable[Requisite]) -> Facet:
    """Whether the media that the page itself serves are here."""
    media = [each for each in requisites if each.kind == "media"]
    if not media:
        return Facet(False, note("no-media-named"))
    if all(each.outcome == "captured" for each in media):
        return Facet(True)
    return Facet(False, note("media-missing"))


def request_cleaned(visit: Visit, outcome: VisitOutcome) -> None:
    """Ask for the clean address of a source that was cited with a reader's tokens in it, and say how it compares."""
    outcome.notes += tracking.notes_on(visit.url)
    clean = tracking.clean(visit.url)
    if clean.href == visit.url.href or outcome.trail.final.head is None:
        return
    trail = visit.follow(clean)
    outcome.extra_records += [record for record in trail.records if record not in outcome.trail.records]
    outcome.notes.append(_compared(clean, outcome.trail, trail))


def _compared(url: Url, cited: Trail, clean: Trail) -> Note:
    if clean.final.head is None or cited.final.head is None:
        return note("tracking-nothing", url=url.href)
    if clean.final.url.href == cited.final.url.href:
        return note("tracking-page", url=url.href)
    one, other = cited.final.head.status, clean.final.head.status
    if one != other:
        return note("tracking-status", url=url.href, status=other, cited=one)
    if cited.final.content() == clean.final.content():
        return note("tracking-bytes", url=url.href)
    first, second = read(cited.final), read(clean.final)
    if first is not None and second is not None and _words(first) == _words(second):
        return note("tracking-text", url=url.href)
    return note("tracking-other", url=url.href)


def _words(reading: PageReading) -> tuple[str, list[str]]:
    return reading.title, reading.text.split()
