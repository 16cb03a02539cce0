"""A plain web page, or a file: what every source is taken for until a system claims it."""

from __future__ import annotations

from collections.abc import Iterable

from archive.capture.classify import Answer, judge, probe_url, quote_found, wants_probe
from archive.capture.gathering import Gathering
from archive.capture.requisites.reading import PageReading
from archive.capture.trail import Trail
from archive.capture.wire import Request
from archive.systems import cleaned, wordpress
from archive.systems.interface import Outcome, System, Visit
from archive.systems.policy import never_media, wants_media
from archive.systems.reading import onward, read
from archive.urls import Url
from archive_manifests.ledger import Facet, Requisite, Status, Verdict

JUDGED_AT_MOST = 1 << 20


class PlainPage(System):
    """Follows the URL, judges the answer, gathers what the page needs to be seen."""

    name = "page"

    def claims(self, url: Url) -> bool:
        return url.is_web

    def capture(self, visit: Visit) -> Outcome:
        outcome = capture_trail(visit, visit.follow(visit.url, onward=onward))
        ask_beside(visit, outcome)
        return outcome

    def other_addresses(self, url: Url) -> list[tuple[Url, str]]:
        return wordpress.short_addresses(url)


def ask_beside(visit: Visit, outcome: Outcome) -> None:
    """Ask for what a page has beside itself: its post in WordPress's API, its address without tracking."""
    if outcome.reading is not None:
        wordpress.ask_post(visit, outcome, outcome.reading)
    cleaned.ask_cleaned(visit, outcome)


def capture_trail(visit: Visit, trail: Trail, *, says_no: Answer | None = None) -> Outcome:
    """What a trail that was followed comes to: verdict, requisites, title and text.

    `says_no` is how the site answers for what it has not, where that is known: it saves the probe.
    """
    if trail.broke is not None:
        return Outcome(trail.broke, trail)
    reading = read(trail.final)
    answer = answer_of(trail, reading)
    outcome = Outcome(Verdict(Status.CAPTURED), trail, reading=reading)
    probe = says_no
    if probe is None and wants_probe(answer):
        probe = _probe(visit, trail, outcome)
    outcome.verdict = judge(answer, cited=visit.url, probe=probe)
    if reading is not None:
        outcome.title, outcome.text = reading.title or None, reading.text
    if outcome.verdict.status in (Status.CAPTURED, Status.PARTIAL) and reading is not None:
        gather(visit, reading, outcome)
    return outcome


def _probe(visit: Visit, trail: Trail, outcome: Outcome) -> Answer | None:
    """Ask for what cannot be there, to learn how the site says no."""
    probed = visit.send(Request(probe_url(trail.final.url, visit.new_token())), {"purpose": "soft-404 probe"})
    outcome.extra_records += [*probed.earlier, probed.answer]
    return answer_of(Trail((probed,)), read(probed)) if probed.failure is None else None


def gather(visit: Visit, reading: PageReading, outcome: Outcome) -> None:
    """Add a page's requisites to the outcome, and to its verdict what they lack."""
    media = wants_media(visit, reading.url)
    gathering = Gathering(visit.fetcher, visit.settings, series=visit.id, media=media, never=never_media)
    known = {requisite.url for requisite in outcome.requisites}
    outcome.requisites += [each for each in gathering.gather(reading) if each.url not in known]
    if outcome.verdict.status is Status.CAPTURED:
        outcome.verdict = judge_requisites(outcome.requisites)
    outcome.media = media_facet(outcome.requisites)
    outcome.quote_found = _quoted(visit, reading)


def _quoted(visit: Visit, reading: PageReading) -> str:
    """Whether any of the words that carry the report's links occur in the page."""
    anchors = {citation.anchor for citation in visit.source.citations if citation.anchor}
    answers = {quote_found(reading.text, anchor) for anchor in anchors}
    return next((answer for answer in ("yes", "no") if answer in answers), "unknown")


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
