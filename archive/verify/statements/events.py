"""Custody events and the run's own times: what the bag says of its making, compared with its records."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import zip_longest
from typing import Any

from archive.verify.files.control_files import ControlFiles
from archive.verify.records.by_version import read_otherwise
from archive.verify.records.generated import is_earlier, made_by_another
from archive.verify.records.stated_moments import moment_of
from archive.verify.visits.evidence import Evidence
from archive.version import SOFTWARE_SCHEMA
from archive_manifests import custody, disclosure, layout
from archive_manifests.custody import NOTED, Event
from archive_manifests.errors import StatementError
from archive_manifests.finding_codes import make_finding
from archive_manifests.findings import Finding
from archive_manifests.ledger import Ledger
from archive_manifests.paths import BagPath

LEDGER = BagPath(layout.LEDGER)
EVENTS = BagPath(layout.EVENTS)
_SHOWN = 200
_PERSONS_SINCE = (0, 4)
"""The version all of whose bags have an event for each note of a person, and call no unrequested source captured."""
_SLACK = timedelta(days=1)
"""How long a run may rest before its first exchange and after its last one."""
_DIGESTED = (layout.ARCHIVE, layout.MEDIA, layout.VIEWS, layout.REPORT, "data/provenance/time/")


def check_events(control: ControlFiles, ledger: Ledger, records: int) -> Iterator[Finding]:
    """Make the events again, and compare them one by one. (PREMIS 3.0, Event entity)"""
    events = read_events(control)
    if not events:
        return  # an event that cannot be read, and a log that is not there, have their findings
    agents = {event.agent for event in events}
    made_by = made_by_another(control)
    unnoted = _made_without_persons(control, ledger, events)
    # A file that the manifests list and that is not there is a finding of its own.
    files = sum(path.startswith(_DIGESTED) for path in {*control.sizes, *control.sha256})
    made = custody.events_of(
        ledger,
        agent=min(agents),
        resumed=list(custody.resumed_of(events)),
        files=files,
        records=records,
        finished=events[-1].time,
        nonce=_nonce(control, events[0]),
        with_persons=unnoted is None,
        with_unrequested=made_by is None or not is_earlier(made_by, _PERSONS_SINCE),
    )
    for number, (expected, found) in enumerate(zip_longest(made, events), start=1):
        if expected is None or found is None or _facts(expected) != _facts(found):
            yield _differs(number, expected, found, ledger)
            return  # what follows is out of step
    yield from _check_order(events)
    if unnoted is not None:
        facts = {"expected": "an event for each note of a person", "found": "no event"}
        yield read_otherwise(make_finding("event-contradicted", EVENTS, **facts), unnoted)


def _made_without_persons(control: ControlFiles, ledger: Ledger, events: Sequence[Event]) -> str | None:
    """The earlier version that made a bag with notes of persons and without their events; None where there is none.

    The events of that version are of all notes or of none: 0.3.0 began to write them.
    """
    made_by = made_by_another(control)
    has_notes = any(note.code in NOTED for entry in ledger.sources for note in entry.notes)
    if made_by is None or not has_notes or any(event.type == "metadata modification" for event in events):
        return None
    return made_by if is_earlier(made_by, _PERSONS_SINCE) else None


def _nonce(control: ControlFiles, first: Event) -> str | None:
    """The nonce of the first event, from the seed; as it stands where that is missing or none, which is reported."""
    try:
        return disclosure.nonce_of(disclosure.parse_seed(control.read(layout.SEED) or b""))
    except StatementError:
        return first.facts.get("nonce")


def _differs(number: int, expected: Event | None, found: Event | None, ledger: Ledger) -> Finding:
    texts = {"expected": _shown(expected), "found": _shown(found)}
    sources = {entry.id for entry in ledger.sources}
    objects = [name for event in (expected, found) if event is not None for name in event.objects]
    source = next((name for name in objects if name in sources), None)
    return make_finding("event-contradicted", EVENTS, line=number, **texts, **({"source": source} if source else {}))


def read_events(control: ControlFiles) -> tuple[Event, ...]:
    """The events, where all of them can be read."""
    try:
        return control.parse_events()
    except StatementError:
        return ()


def _facts(event: Event) -> tuple[object, ...]:
    return event.time, event.type, event.agent, event.detail, event.outcome, event.objects, event.facts


def _shown(event: Event | None) -> str:
    text = f"{event.time} {event.type}: {event.detail} ({event.outcome})" if event is not None else "no event"
    return text[:_SHOWN]


def _check_order(events: Sequence[Event]) -> Iterator[Finding]:
    """The bag is finished after all else."""
    last = moment_of(events[-1].time)
    for number, event in enumerate(events, start=1):
        moment = moment_of(event.time)
        if moment is None and event.outcome == "supplied":
            continue  # bags of 0.3.0 and before date it as the person did who supplied the file: by a day, perhaps
        # Events are dated in whole seconds, captures more finely.
        if moment is None or last is None or moment > last + timedelta(seconds=1):
            facts = {"expected": f"at or before {events[-1].time}", "found": event.time}
            yield make_finding("event-contradicted", EVENTS, line=number, **facts)
            return


def check_run(
    control: ControlFiles, ledger: Ledger, evidence: Evidence, begun: Iterable[str], ends: Sequence[str] | None
) -> Iterator[Finding]:
    """The run began shortly before its first exchange and ended shortly after its last. (WARC 1.1, 5.4)

    `begun` is when its own WARCs state that it began, and `ends` when its captures had ended, of which the last counts;
    those of earlier versions state neither (None).
    """
    started, ended = moment_of(ledger.started), moment_of(ledger.ended)
    if started is None or ended is None or ended < started:
        facts = {"expected": "a time, and a later one", "found": f"{ledger.started} to {ledger.ended}"}
        yield make_finding("time-contradicted", LEDGER, **facts, note="the run")
        return
    other = next((each for each in begun if each != ledger.started), None)
    if other is not None:
        yield make_finding("time-contradicted", LEDGER, expected=other, found=ledger.started, note="started")
        return
    if ends is not None and ledger.ended != max(ends, default=None):
        facts = {"expected": max(ends, default="a record of the end in a WARC of the run"), "found": ledger.ended}
        yield make_finding("time-contradicted", LEDGER, **facts, note="ended")
        return
    first, last = _first_and_last(ledger, evidence, started)
    moments = (moment_of(time) for time, _ in custody.resumed_of(read_events(control)))
    resumed = [moment for moment in moments if moment is not None and moment >= started]
    if last is None and not evidence.lost and ended - max([started, *resumed]) > _SLACK:
        facts = {"expected": f"shortly after {ledger.started}", "found": ledger.ended}
        yield make_finding("time-contradicted", LEDGER, **facts, note="ended")
    if first is not None and (started > first or min([first, *resumed]) - started > _SLACK):
        facts = {"expected": f"shortly before {first.isoformat()}", "found": ledger.started}
        yield make_finding("time-contradicted", LEDGER, **facts, note="started")
    if last is not None and (ended + timedelta(seconds=1) < last or ended - max([last, *resumed]) > _SLACK):
        facts = {"expected": f"shortly after {last.isoformat()}", "found": ledger.ended}
        yield make_finding("time-contradicted", LEDGER, **facts, note="ended")


def _first_and_last(
    ledger: Ledger, evidence: Evidence, started: datetime
) -> tuple[datetime, datetime] | tuple[None, None]:
    """When the run's first exchange began, and its last one: of its own WARCs, not of those of the older bag."""
    carried = carried_over(ledger, evidence, started)
    first = _moments({path: date for path, date in evidence.first_dates.items() if path not in carried})
    last = _moments({path: date for path, date in evidence.last_dates.items() if path not in carried})
    return (min(first), max(last)) if first and last else (None, None)


def carried_over(ledger: Ledger, evidence: Evidence, started: datetime | None) -> frozenset[BagPath]:
    """The WARCs of the older bag: all that they hold is from before this run began."""
    if ledger.predecessor is None or started is None:
        return frozenset()
    # Of a source that could not be reached there is metadata alone, which has no last date of an exchange.
    dates = {path: moment_of(evidence.last_dates.get(path, date)) for path, date in evidence.first_dates.items()}
    firsts = {path: moment_of(date) for path, date in evidence.first_dates.items()}
    # The ledger states whole seconds: a run may begin in the second in which the older one ended.
    within = started + timedelta(seconds=1)
    return frozenset(
        path
        for path, last in dates.items()
        if last is not None and last < within and (first := firsts[path]) is not None and first < started
    )


def _moments(dates: Mapping[BagPath, str]) -> list[datetime]:
    return [moment for date in dates.values() if (moment := moment_of(date)) is not None]


def check_software(
    stated: Mapping[str, object], software: Iterable[str], events: Sequence[Event], *, is_due: bool = False
) -> Iterator[Finding]:
    """One program made the bag: `software.json`, the data package, the events and the WARCs name the same one.

    `is_due` is true of a bag that has to have a `software.json`.
    """
    named = f"{stated.get('product')} {stated.get('version')}"
    if stated and stated.get("schema") != SOFTWARE_SCHEMA:
        facts = {"expected": SOFTWARE_SCHEMA, "found": str(stated.get("schema"))[:_SHOWN]}
        yield make_finding("software-contradicted", BagPath(layout.SOFTWARE), **facts, note="schema")
    others = {*software, *(event.agent for event in events)} - {named}
    if others and (stated or is_due):
        facts = {"expected": ", ".join(sorted(others))[:_SHOWN], "found": named[:_SHOWN] if stated else "none"}
        yield make_finding("software-contradicted", BagPath(layout.SOFTWARE), **facts)


def check_runtime(stated: Mapping[str, object], recorded: list[dict[str, Any]]) -> Iterator[Finding]:
    """What `software.json` says of Python and the libraries, a WARC of the captures says too."""
    named = {name: stated.get(name) for name in ("python", "openssl", "libraries")}
    if stated and recorded and named not in recorded:
        expected = next((each for each in recorded if each.get("python") == named["python"]), recorded[0])
        facts = {"expected": _differing(expected, named), "found": _differing(named, expected)}
        yield make_finding("software-contradicted", BagPath(layout.SOFTWARE), **facts)


def _differing(these: Mapping[str, object], others: Mapping[str, object]) -> str:
    """What one list of versions has otherwise than another one."""
    flat, known = _flat(these), _flat(others)
    return (
        ", ".join(f"{name} {flat[name]}" for name in sorted(flat) if flat[name] != known.get(name))[:_SHOWN] or "none"
    )


def _flat(versions: Mapping[str, object]) -> dict[str, object]:
    libraries = versions.get("libraries")
    return {**versions, **(libraries if isinstance(libraries, dict) else {}), "libraries": None}
