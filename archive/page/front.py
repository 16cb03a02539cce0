"""What the page says before the cards: the report, the counts, the conditions of the capture."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from archive.page import markup
from archive.page.markup import Voice
from archive.page.noted import say_noted
from archive_manifests import layout
from archive_manifests.custody import Event
from archive_manifests.ledger import Conditions, Ledger, SourceEntry, Status, counts

MOST = 200
"""Lines that the timeline and the table of events show at the most."""


@dataclass(frozen=True, slots=True)
class Told:
    """One custody event, in one language."""

    time: Markup
    type: Markup
    agent: Markup
    detail: Markup
    outcome: Markup


def timeline(ledger: Ledger, voice: Voice) -> list[tuple[Markup, Markup]]:
    """Moments and what happened then, the earliest first."""
    found: list[tuple[str, Markup]] = []
    if ledger.report.stated.date:
        found.append((ledger.report.stated.date, voice.say("timeline.report")))
    found += [
        (source.memento.datetime, voice.say("timeline.memento", id=_to_card(source.id, voice)))
        for source in ledger.sources
        if source.memento is not None
    ]
    found += [
        (copy.taken, voice.say("timeline.supplied", id=_to_card(source.id, voice)))
        for source in ledger.sources
        for copy in source.copies
        if copy.kind == "supplied"
    ]
    found.append((ledger.started, voice.say("timeline.begun")))
    found.append((ledger.ended, voice.say("timeline.ended")))
    # A day without a clock sorts before the moments of that day, since it is a prefix of them.
    return [(voice.moment(moment), said) for moment, said in sorted(found, key=lambda told: told[0])]


def _to_card(source: str, voice: Voice) -> Markup:
    return Markup('<a href="#{}-{}">{}</a>').format(voice.words.code, source, source)


def told(events: Sequence[Event], voice: Voice) -> Iterable[Told]:
    for event in events[:MOST]:
        yield Told(
            voice.stamp(event.time),
            voice.known(f"event.{event.type}", event.type),
            voice.text(event.agent),
            _detail(event, voice),
            _outcome(event.outcome, voice),
        )


def _detail(event: Event, voice: Voice) -> Markup:
    if event.type == "capture" and len(event.objects) == 1:
        return voice.say("event_detail.captured", id=event.objects[0])
    key = f"event_detail.{event.detail}"
    return voice.say(key) if voice.words.has(key) else say_noted(markup.shortened(event.detail, 400), voice)


def _outcome(outcome: str, voice: Voice) -> Markup:
    """An outcome in words; of a capture, the verdict's label."""
    status = outcome.partition(" (")[0]
    if voice.words.has(f"status.{status}.label"):
        return voice.say(f"status.{status}.label")
    return voice.known(f"event_outcome.{outcome}", markup.shortened(outcome, 200))


Row = tuple[Markup, Markup]


@dataclass(frozen=True, slots=True)
class Warned:
    """One condition that can make a bag lie, in the banner."""

    sentence: Markup
    items: tuple[Markup, ...] = ()


@dataclass(frozen=True, slots=True)
class Tally:
    """One line of the table of verdicts."""

    status: str
    label: Markup
    number: Markup
    means: Markup
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """One of the four numbers at the top."""

    name: str
    number: Markup
    label: Markup


def report_rows(ledger: Ledger, voice: Voice, file_link: str | None) -> Iterable[Row]:
    """What is known of the report. `file_link` is shown where the file can be opened from the page."""
    stated, entry = ledger.report.stated, ledger.report
    yield voice.say("report.id"), voice.code(stated.id)
    if stated.date:
        yield voice.say("report.date"), voice.moment(stated.date)
    if stated.publisher:
        yield voice.say("report.publisher"), voice.text(stated.publisher)
    if entry.path is not None:
        yield voice.say("report.file"), _report_file(ledger, voice, file_link)
    if entry.pages is not None:
        yield voice.say("report.pages"), voice.number(entry.pages)
    if stated.sha256:
        yield voice.say("report.digest"), voice.code(stated.sha256)
    yield voice.say("report.access"), voice.known(f"access.{stated.access}", stated.access)
    span = voice.say("report.span", start=voice.moment(ledger.started), end=voice.moment(ledger.ended))
    yield voice.say("report.captured"), span
    if ledger.predecessor:
        yield voice.say("report.predecessor"), voice.code(ledger.predecessor)


def lead(sources: tuple[SourceEntry, ...], voice: Voice) -> Iterable[Markup]:
    """The counts in sentences."""
    if not sources:
        yield voice.say("counts.lead_none")
        return
    yield voice.say("counts.lead", n=len(sources), places=sum(len(source.citations) for source in sources))
    names = {"captured": "whole", "partial": "gaps", "held": "others", "none": "missing"}
    for name, number in _grouped(sources).items():
        if number:
            yield voice.say(f"counts.{names[name]}", n=number)


def groups(sources: tuple[SourceEntry, ...], voice: Voice) -> Iterable[Group]:
    """The four numbers: captured, with gaps, copies held by others, not captured."""
    for name, number in _grouped(sources).items():
        yield Group(name, voice.number(number), voice.say(f"counts.{name}"))


def tallies(sources: tuple[SourceEntry, ...], voice: Voice) -> Iterable[Tally]:
    """One line for every verdict that occurs."""
    for status, number in counts(source.status for source in sources).items():
        yield Tally(
            status,
            voice.say(f"status.{status}.label"),
            voice.number(number),
            voice.say(f"status.{status}.sentence"),
            tuple(source.id for source in sources if source.status == status),
        )


def warned(conditions: Conditions, voice: Voice) -> Iterable[Warned]:
    """The conditions that can make a bag lie, the worst first."""
    if conditions.demonstration:
        yield Warned(voice.say("conditions.demonstration"))
    if conditions.connect_to:
        yield Warned(voice.say("conditions.connect_to"), tuple(map(voice.code, conditions.connect_to)))
    if conditions.added_cas:
        yield Warned(voice.say("conditions.added_cas"), tuple(map(voice.code, conditions.added_cas)))
    if conditions.accepted_certificates:
        hosts = tuple(map(voice.code, conditions.accepted_certificates))
        yield Warned(voice.say("conditions.accepted_certificates"), hosts)
    if conditions.proxy:
        yield Warned(voice.say("conditions.proxy", kind=conditions.proxy))
    if conditions.cookies:
        yield Warned(voice.say("conditions.cookies"))
    if conditions.allow_private:
        yield Warned(voice.say("conditions.allow_private"))


def condition_rows(conditions: Conditions, voice: Voice) -> Iterable[Row]:
    """Every condition, also where it is the usual one: what was not done is said as well."""

    def chosen(label: str, is_set: object, when_set: str, otherwise: str) -> Row:
        return voice.say(f"conditions.{label}"), voice.say(f"conditions.{when_set if is_set else otherwise}")

    yield voice.say("conditions.user_agent"), voice.code(markup.shortened(conditions.user_agent, 300))
    yield chosen("hosts", conditions.connect_to, "hosts_mapped", "hosts_plain")
    yield chosen("certificates", conditions.added_cas, "certificates_added", "certificates_plain")
    proxy = voice.text(conditions.proxy) if conditions.proxy else voice.say("conditions.no_proxy")
    yield voice.say("conditions.through"), proxy
    yield chosen("private", conditions.allow_private, "allowed", "refused")
    yield chosen("cookies_sent", conditions.cookies, "sent", "not_sent")
    yield chosen("third_parties", conditions.third_parties, "third_parties_yes", "third_parties_no")
    yield chosen("media", conditions.media, "media_yes", "media_no")
    yield voice.say("conditions.robots"), voice.known(f"robots.{conditions.robots}", conditions.robots)
    policy = conditions.memento_policy
    yield voice.say("conditions.mementos"), voice.known(f"mementos.{policy}", policy)
    clock = conditions.clock
    told = voice.say("conditions.clock_unknown") if clock == "unknown" else voice.text(clock)
    yield voice.say("conditions.clock"), told
    for name, value in conditions.limits.items():
        yield voice.known(f"limit.{name}", name), _limit(name, value, voice)


def _limit(name: str, value: float, voice: Voice) -> Markup:
    if name in ("max_size", "max_total"):
        return voice.size(int(value))
    return voice.text(voice.words.number(value))


def _report_file(ledger: Ledger, voice: Voice, file_link: str | None) -> Markup:
    entry = ledger.report
    assert entry.path is not None
    path = voice.address(entry.path.removeprefix(layout.PAYLOAD))
    shown = Markup('<a href="{}">{}</a>').format(file_link, path) if file_link else path
    if entry.size is not None:
        shown = Markup("{} ({})").format(shown, voice.size(entry.size))
    if entry.name:
        shown = Markup("{} {}").format(shown, voice.say("report.given_name", name=voice.code(entry.name)))
    return shown


def _grouped(sources: tuple[SourceEntry, ...]) -> dict[str, int]:
    held = {Status.MEMENTO: "held", Status.SUPPLIED: "held", Status.CAPTURED: "captured", Status.PARTIAL: "partial"}
    found = dict.fromkeys(("captured", "partial", "held", "none"), 0)
    for source in sources:
        found[held.get(source.status, "none")] += 1
    return found
