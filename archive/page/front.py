"""The page beside the cards: the report, the counts, the conditions, the timeline, the custody events."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from markupsafe import Markup
from msgspec import Struct

from archive.page import markup
from archive.page.markup import Renderer
from archive.page.notes import render_note
from archive_manifests import custody, layout
from archive_manifests.custody import Event
from archive_manifests.ledger import Copy, Ledger, SourceEntry, Status, counts

MOST = 200
"""The most lines of the timeline and of the table of events."""
_JUMPS = 60
"""Sources of one verdict up to which links lead to each."""
_DETAILS = {("creation", custody.BEGUN), ("ingestion", custody.FINISHED)}
"""Type and outcome of the events whose detail has a sentence in the catalogue."""


class EventRow(Struct, frozen=True):
    """One custody event, in one language."""

    time: Markup
    type: Markup
    agent: Markup
    detail: Markup
    outcome: Markup


def timeline(ledger: Ledger, html: Renderer) -> list[tuple[Markup, Markup]]:
    """Instants and what happened then, the earliest first."""
    found: list[tuple[str, Markup]] = []
    if ledger.report.stated.date:
        found.append((ledger.report.stated.date, html.sentence("timeline.report")))
    found += [
        (source.memento.datetime, html.sentence("timeline.memento", id=_to_card(source.id, html)))
        for source in ledger.sources
        if source.memento is not None
    ]
    found += [
        (copy.taken, html.sentence(_supplied(copy), id=_to_card(source.id, html)))
        for source in ledger.sources
        for copy in source.copies
        if copy.kind == "supplied"
    ]
    kind = "_import" if ledger.sources and all(map(custody.is_unrequested, ledger.sources)) else ""
    found.append((ledger.started, html.sentence(f"timeline.begun{kind}")))
    found.append((ledger.ended, html.sentence(f"timeline.ended{kind}")))
    # A date sorts before the instants of its day, because it is a prefix of them.
    return [(html.instant(time), sentence) for time, sentence in sorted(found, key=lambda entry: entry[0])]


def _supplied(copy: Copy) -> str:
    return "timeline.supplied" if custody.is_dated(copy) else "timeline.supplied_undated"


def _to_card(source: str, html: Renderer) -> Markup:
    return Markup('<a href="#{}-{}">{}</a>').format(html.catalogue.code, source, source)


def event_rows(events: Sequence[Event], html: Renderer) -> Iterable[EventRow]:
    for event in events[:MOST]:
        yield EventRow(
            html.stamp(event.time),
            html.sentence_or(f"event.{event.type}", event.type),
            html.text(event.agent),
            _detail(event, html),
            _outcome(event, html),
        )


def _detail(event: Event, html: Renderer) -> Markup:
    if event.type == "capture" and len(event.objects) == 1:
        if event.detail == custody.unrequested(event.objects[0]):
            return html.sentence("event_detail.unrequested", id=event.objects[0])
        return html.sentence("event_detail.captured", id=event.objects[0])
    for _, records in custody.resumed_of([event]):
        is_before = event.detail == custody.resumed_before(records)
        return html.sentence("event_detail.resumed_before" if is_before else "event_detail.resumed", n=records)
    if (event.type, event.outcome) in _DETAILS:
        return html.sentence(f"event_detail.{event.outcome}")
    return html.text(markup.shortened(event.detail, 400))


def _outcome(event: Event, html: Renderer) -> Markup:
    """An outcome in words; of a capture, the verdict's label."""
    outcome = event.outcome
    status = outcome.partition(" (")[0]
    if event.type == "capture" and html.catalogue.has(f"status.{status}.label"):
        return html.sentence(f"status.{status}.label")
    return html.sentence_or(f"event_outcome.{outcome}", markup.shortened(outcome, 200))


Row = tuple[Markup, Markup]


class ConditionWarning(Struct, frozen=True):
    """One condition in the banner: it can make a capture false."""

    sentence: Markup
    items: tuple[Markup, ...] = ()


class VerdictCount(Struct, frozen=True):
    """One line of the table of verdicts."""

    status: str
    label: Markup
    number: Markup
    means: Markup
    sources: tuple[str, ...]


class CountGroup(Struct, frozen=True):
    """One of the four numbers at the top."""

    name: str
    number: Markup
    label: Markup


def report_rows(ledger: Ledger, html: Renderer, file_link: str | None) -> Iterable[Row]:
    """What is known of the report. `file_link` opens its file from the page, where a browser may."""
    stated, entry = ledger.report.stated, ledger.report
    yield html.sentence("report.id"), html.code(stated.id)
    if stated.date:
        yield html.sentence("report.date"), html.instant(stated.date)
    if stated.publisher:
        yield html.sentence("report.publisher"), html.text(stated.publisher)
    if entry.path is not None:
        yield html.sentence("report.file"), _report_file(ledger, html, file_link)
    if entry.pages is not None:
        yield html.sentence("report.pages"), html.number(entry.pages)
    if stated.sha256:
        yield html.sentence("report.digest"), html.code(stated.sha256)
    yield html.sentence("report.access"), html.sentence_or(f"access.{stated.access}", stated.access)
    span = html.sentence("report.span", start=html.instant(ledger.started), end=html.instant(ledger.ended))
    is_imported = all(source.live.status is Status.NOT_ATTEMPTED for source in ledger.sources)
    yield html.sentence("report.made" if is_imported else "report.captured"), span
    if ledger.predecessor:
        yield html.sentence("report.predecessor"), html.code(ledger.predecessor)


def passed_over(ledger: Ledger, html: Renderer) -> Iterable[Row]:
    """What looks like an address in the report and is not a source: why, and what is printed there."""
    for one in ledger.passed_over[:MOST]:
        key = f"passed_over.{one.kind}"
        has_sentence = html.catalogue.has(key)
        why = html.sentence(key) if has_sentence else html.sentence("passed_over.other", kind=one.kind)
        places = [html.sentence("card.page", n=one.page)] if one.page is not None else []
        places += [html.sentence("card.line", n=one.line)] if one.line is not None else []
        yield why, Markup(" · ").join([*([html.address(one.target)] if one.target else []), *places])


def lead(sources: tuple[SourceEntry, ...], html: Renderer) -> Iterable[Markup]:
    """The counts in sentences."""
    if not sources:
        yield html.sentence("counts.lead_none")
        return
    yield html.sentence("counts.lead", n=len(sources), places=sum(len(source.citations) for source in sources))
    names = {"captured": "whole", "partial": "gaps", "held": "others", "none": "missing"}
    for name, number in _count_by_group(sources).items():
        if number:
            yield html.sentence(f"counts.{names[name]}", n=number)


def count_groups(sources: tuple[SourceEntry, ...], html: Renderer) -> Iterable[CountGroup]:
    """The four numbers: captured, with gaps, copies from others, not captured."""
    for name, number in _count_by_group(sources).items():
        yield CountGroup(name, html.number(number), html.sentence(f"counts.{name}"))


def verdict_counts(sources: tuple[SourceEntry, ...], html: Renderer) -> Iterable[VerdictCount]:
    """One line for every verdict that occurs."""
    for status, number in counts(source.status for source in sources).items():
        yield VerdictCount(
            status,
            html.sentence(f"status.{status}.label"),
            html.number(number),
            html.sentence(f"status.{status}.sentence"),
            tuple(source.id for source in sources if source.status == status) if number <= _JUMPS else (),
        )


def condition_warnings(ledger: Ledger, html: Renderer) -> Iterable[ConditionWarning]:
    """The conditions that can make a capture false, the worst first; then those that a supplied recording states."""
    conditions = ledger.conditions
    values = {
        "accepted_bags": tuple(f"{bag.tagmanifest} {bag.wrong}" for bag in conditions.accepted_bags),
        "connect_to": conditions.connect_to,
        "added_cas": conditions.added_cas,
        "accepted_certificates": conditions.accepted_certificates,
    }
    for name in conditions.doubtful:
        said = html.sentence(f"conditions.{name}", **({"kind": conditions.proxy} if name == "proxy" else {}))
        yield ConditionWarning(said, tuple(map(html.code, values.get(name, ()))))
    stated = tuple(html.text(f"{source}: {codes}") for source, codes in ledger.recorded_under)
    if stated:
        yield ConditionWarning(html.sentence("conditions.recordings"), stated)


def condition_rows(ledger: Ledger, html: Renderer) -> Iterable[Row]:
    """Every condition, also the usual ones: a reader sees what was not done.

    Of recordings that others made, where nothing else was requested, the conditions are not known.
    """
    copies = [copy.kind for source in ledger.sources for copy in source.copies]
    if copies and set(copies) == {"supplied"} and not any(source.exchanges for source in ledger.sources):
        yield html.sentence("conditions.hosts"), html.sentence("conditions.none_requested")
        return
    conditions = ledger.conditions

    def chosen(label: str, is_set: object, when_set: str, otherwise: str) -> Row:
        return html.sentence(f"conditions.{label}"), html.sentence(f"conditions.{when_set if is_set else otherwise}")

    yield html.sentence("conditions.user_agent"), html.code(markup.shortened(conditions.user_agent, 300))
    yield chosen("hosts", conditions.connect_to, "hosts_mapped", "hosts_plain")
    yield chosen("certificates", conditions.added_cas, "certificates_added", "certificates_plain")
    proxy = html.text(conditions.proxy) if conditions.proxy else html.sentence("conditions.no_proxy")
    yield html.sentence("conditions.through"), proxy
    yield chosen("private", conditions.allow_private, "allowed", "refused")
    yield chosen("cookies_sent", conditions.cookies, "sent", "not_sent")
    yield chosen("third_parties", conditions.third_parties, "third_parties_yes", "third_parties_no")
    yield chosen("media", conditions.media, "media_yes", "media_no")
    yield html.sentence("conditions.robots"), html.sentence_or(f"robots.{conditions.robots}", conditions.robots)
    yield html.sentence("conditions.mementos"), render_note(conditions.memento_policy, html)
    if conditions.round is not None:
        yield html.sentence("conditions.round"), html.code(conditions.round)
    yield html.sentence("conditions.clock"), render_note(conditions.clock, html)
    for name, value in conditions.limits.items():
        yield html.sentence_or(f"limit.{name}", name), _limit(name, value, html)


def _limit(name: str, value: float, html: Renderer) -> Markup:
    if name in ("max_size", "max_total"):
        return html.size(int(value))
    return html.text(html.catalogue.number(value))


def _report_file(ledger: Ledger, html: Renderer, file_link: str | None) -> Markup:
    entry = ledger.report
    assert entry.path is not None
    path = html.address(entry.path.removeprefix(layout.PAYLOAD))
    row = Markup('<a href="{}">{}</a>').format(file_link, path) if file_link else path
    if entry.size is not None:
        row = Markup("{} ({})").format(row, html.size(entry.size))
    if entry.name:
        row = Markup("{}; {}").format(row, html.sentence("report.given_name", name=html.code(entry.name)))
    return row


def _count_by_group(sources: tuple[SourceEntry, ...]) -> dict[str, int]:
    group_of = {Status.MEMENTO: "held", Status.SUPPLIED: "held", Status.CAPTURED: "captured", Status.PARTIAL: "partial"}
    found = dict.fromkeys(("captured", "partial", "held", "none"), 0)
    for source in sources:
        found[group_of.get(source.status, "none")] += 1
    return found
