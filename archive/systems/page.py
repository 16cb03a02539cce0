"""A plain web page, or a file: what every source is taken for until a system claims it."""

from __future__ import annotations

from collections.abc import Iterable

from archive.capture.classify import Answer, judge, probe_url, quote_found, wants_probe
from archive.capture.gathering import Gathering
from archive.capture.recorded import Recorded
from archive.capture.requisites.html import read_html
from archive.capture.requisites.reading import PageReading
from archive.capture.trail import Trail, location
from archive.capture.wire import Request
from archive.systems.interface import Outcome, System, Visit
from archive.systems.policy import wants_media
from archive.urls import Url
from archive_manifests.ledger import Facet, Requisite, Status, Verdict

HTML_TYPES = ("text/html", "application/xhtml+xml")
REFRESH_WITHIN = 5.0
"""Seconds: a page that sends its reader on so soon is a hop. (HTML Standard, 4.2.5.3)"""
JUDGED_AT_MOST = 1 << 20


class PlainPage(System):
    """Follows the URL, judges the answer, gathers what the page needs to be seen."""

    name = "page"

    def claims(self, url: Url) -> bool:
        return url.is_web

    def capture(self, visit: Visit) -> Outcome:
        trail = visit.follow(visit.url, onward=onward)
        return capture_trail(visit, trail)


def capture_trail(visit: Visit, trail: Trail) -> Outcome:
    """What a trail that was followed comes to: verdict, requisites, title and text."""
    if trail.broke is not None:
        return Outcome(trail.broke, trail)
    reading = read(trail.final)
    answer = answer_of(trail, reading)
    outcome = Outcome(Verdict(Status.CAPTURED), trail)
    probe = None
    if wants_probe(answer):
        probed = visit.send(Request(probe_url(trail.final.url, visit.new_token())), {"purpose": "soft-404 probe"})
        outcome.extra_records += [*probed.earlier, probed.answer]
        if probed.failure is None:
            probe = answer_of(Trail((probed,)), read(probed))
    outcome.verdict = judge(answer, cited=visit.url, probe=probe)
    if reading is not None:
        outcome.title, outcome.text = reading.title or None, reading.text
    if outcome.verdict.status in (Status.CAPTURED, Status.PARTIAL) and reading is not None:
        gather(visit, reading, outcome)
    return outcome


def gather(visit: Visit, reading: PageReading, outcome: Outcome) -> None:
    """Add a page's requisites to the outcome, and to its verdict what they lack."""
    gathering = Gathering(visit.fetcher, visit.settings, series=visit.id, media=wants_media(visit))
    outcome.requisites += gathering.gather(reading)
    if outcome.verdict.status is Status.CAPTURED:
        outcome.verdict = judge_requisites(outcome.requisites)
    outcome.media = media_facet(outcome.requisites)
    anchors = [citation.anchor for citation in visit.source.citations if citation.anchor]
    outcome.quote_found = quote_found(reading.text, anchors[0]) if anchors else "unknown"


def onward(recorded: Recorded) -> Url | None:
    """Where an answer sends its reader: by its status, or by a refresh within five seconds."""
    target = location(recorded)
    if target is not None or recorded.media_type not in HTML_TYPES or recorded.status != 200:
        return target
    reading = read(recorded)
    refresh = reading.refresh if reading is not None else None
    if refresh is None or refresh.delay > REFRESH_WITHIN or refresh.url.href == recorded.url.href:
        return None
    return refresh.url


def read(recorded: Recorded) -> PageReading | None:
    """Read an answer as a page, where it is one."""
    if recorded.head is None or not _is_html(recorded):
        return None
    return read_html(recorded.content(), url=recorded.url, charset=recorded.charset)


def _is_html(recorded: Recorded) -> bool:
    if recorded.media_type:
        return recorded.media_type in HTML_TYPES
    return recorded.content(512).lstrip()[:15].lower().startswith((b"<!doctype html", b"<html"))


def answer_of(trail: Trail, reading: PageReading | None) -> Answer:
    """A trail's final answer, as the classifier wants it."""
    final = trail.final
    assert final.head is not None
    return Answer(
        url=final.url,
        status=final.head.status,
        headers=final.head.fields,
        body=final.content(JUDGED_AT_MOST),
        complete=final.truncated is None,
        reading=reading,
        hops=tuple(hop.url for hop in trail.hops[:-1]),
    )


def judge_requisites(requisites: Iterable[Requisite]) -> Verdict:
    """A page whose server would have given more than is here is partial."""
    listed = list(requisites)
    failed = [each for each in listed if each.outcome == "failed"]
    withheld = [each for each in listed if each.outcome == "not-attempted" and each.reason in ("policy", "limit")]
    if failed:
        detail = f"{len(failed)} of {len(listed)} things that the page needs did not come"
        return Verdict(Status.PARTIAL, "requisites", detail)
    if withheld:
        detail = f"{len(withheld)} of {len(listed)} things that the page needs were left out by our own limits"
        return Verdict(Status.PARTIAL, "policy", detail)
    return Verdict(Status.CAPTURED)


def media_facet(requisites: Iterable[Requisite]) -> Facet:
    """Whether the media that the page itself serves are here."""
    media = [each for each in requisites if each.kind == "media"]
    if not media:
        return Facet(False, "the page names no media files of its own")
    if all(each.outcome == "captured" for each in media):
        return Facet(True)
    return Facet(False, "media files that the page names did not come or were left out")
