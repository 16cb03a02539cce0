"""The cited address without what only follows a reader, asked for once more beside it: the same thing, or not."""

from __future__ import annotations

from archive.capture.requisites.reading import PageReading
from archive.capture.trail import Trail
from archive.systems import tracking
from archive.systems.interface import Outcome, Visit
from archive.systems.reading import read


def ask_cleaned(visit: Visit, outcome: Outcome) -> None:
    """Ask for the clean address of a source that was cited with a reader's tokens in it, and say how it compares."""
    outcome.notes += tracking.told_of(visit.url)
    clean = tracking.clean(visit.url)
    if clean.href == visit.url.href or outcome.trail.final.head is None:
        return
    trail = visit.follow(clean)
    outcome.extra_records += [record for record in trail.records if record not in outcome.trail.records]
    outcome.notes.append(f"the same address without them, {clean.href}, {_compared(outcome.trail, trail)}")


def _compared(cited: Trail, clean: Trail) -> str:
    if clean.final.head is None:
        return "gave no answer"
    if clean.final.url.href == cited.final.url.href:
        return "leads to the same page"
    if clean.final.status != cited.final.status:
        return f"answers with status {clean.final.status}, the cited one with {cited.final.status}"
    one, other = cited.final.content(), clean.final.content()
    if one == other:
        return "gives the same bytes"
    first, second = read(cited.final), read(clean.final)
    if first is not None and second is not None and _words(first) == _words(second):
        return "gives a page of the same text"
    return "gives another page"


def _words(reading: PageReading) -> tuple[str, list[str]]:
    return reading.title, reading.text.split()
