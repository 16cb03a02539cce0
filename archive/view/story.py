"""When things happened, and through whose hands the bag went up to finishing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from archive.view import plain
from archive.view.noted import say_noted
from archive.view.voice import Voice
from archive_manifests.custody import Event
from archive_manifests.ledger import Ledger

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
    return voice.say(key) if voice.words.has(key) else say_noted(plain.shortened(event.detail, 400), voice)


def _outcome(outcome: str, voice: Voice) -> Markup:
    """An outcome in words; of a capture, the verdict's label."""
    status = outcome.partition(" (")[0]
    if voice.words.has(f"status.{status}.label"):
        return voice.say(f"status.{status}.label")
    return voice.known(f"event_outcome.{outcome}", plain.shortened(outcome, 200))
