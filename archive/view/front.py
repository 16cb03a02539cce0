"""What the page says before the cards: the report, the counts, the conditions of the capture."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from markupsafe import Markup

from archive.view import plain
from archive.view.voice import Voice
from archive_manifests.ledger import Conditions, Ledger, SourceEntry, Status, counts

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

    yield voice.say("conditions.user_agent"), voice.code(plain.shortened(conditions.user_agent, 300))
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
    path = voice.address(entry.path.removeprefix("data/"))
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
