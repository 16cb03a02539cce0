"""Custody events: hash-chained lines, up to finishing inside the bag, from then on beside it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator

from msgspec import Struct, field
from msgspec.structs import replace

from archive_manifests import canonical
from archive_manifests.errors import StatementError
from archive_manifests.ledger import Copy, Ledger, SourceEntry


class Event(Struct, frozen=True):
    """One custody event, in PREMIS's terms. (PREMIS 3.0, Event entity)"""

    seq: int
    time: str
    """UTC, as `2026-11-22T10:00:00Z`."""
    type: str
    """A term of the Library of Congress event type vocabulary: `capture`, `message digest calculation`…"""
    agent: str
    """A tool and its version, or a pseudonym; never read off the machine."""
    detail: str
    outcome: str
    objects: tuple[str, ...] = ()
    """Paths in the bag, or source ids."""
    facts: dict[str, str] = field(default_factory=dict)
    prev: str | None = None
    """Hex sha256 of the line before, with its LF."""


def chained(events: Iterable[Event], first_prev: str | None = None) -> Iterator[str]:
    """Yield the text of each event's line with `seq` and `prev` set."""
    prev = first_prev
    for seq, event in enumerate(events, start=1):
        text = canonical.line(replace(event, seq=seq, prev=prev))
        prev = hashlib.sha256(text.encode()).hexdigest()
        yield text


def parse_line(text: bytes, number: int) -> Event:
    """Read one line. Raises `StatementError`."""
    if not text.endswith(b"\n"):
        raise StatementError(f"events line {number}: no LF at its end", line=number)
    return canonical.parse(text, Event, what="events", at_line=number)


BEGUN, RESUMED, FINISHED = "begun", "resumed", "finished"
"""Outcomes of the events that begin, resume and finish a bag."""
NOTED = {"attested": "attested", "attested-unnamed": "attested", "reading-decided": "decided"}
"""Outcomes of the events of persons' notes, by the note's code; their words stand in the ledger alone."""
ADDED = "supplied-added"
"""Note of a supplied file that has a date of its own: when it was added to the bag."""
FROM_RECORDINGS = "from-recordings"
"""Note on the live verdict of a source in a bag that was made from recordings: it was not requested."""
_RECORDS = "records"
"""The fact of a `resumed` event: how many records were there."""
_BAG = "bag"
"""The fact of a `validation` event: the tag manifest of the bag that did not verify."""


def events_of(
    ledger: Ledger,
    *,
    agent: str,
    resumed: Iterable[tuple[str, int]],
    files: int,
    records: int,
    finished: str,
    nonce: str | None,
    with_persons: bool = True,
    with_unrequested: bool = True,
) -> Iterator[Event]:
    """Yield the custody events of a bag up to finishing: a function of its ledger and of when the work was resumed.

    `resumed` is each moment at which the work, or that of an older bag, was resumed, with the records that were there;
    `files` and `records` count what was digested as it was written; `nonce` is that of the seed of the disclosure tree.
    Earlier versions of this program had no events of what persons noted (`with_persons`), and called sources of which
    there were recordings alone captured (`with_unrequested`).
    (PREMIS 3.0, Event entity; Berkeley Protocol, paragraph 167)
    """

    def event(time: str, kind: str, detail: str, outcome: str, objects: tuple[str, ...] = ()) -> Event:
        return Event(seq=0, time=time, type=kind, agent=agent, detail=detail, outcome=outcome, objects=objects)

    begun = event(ledger.started, "creation", "the work was begun", BEGUN)
    yield begun if nonce is None else replace(begun, facts={"nonce": nonce})
    for time, record_count in resumed:
        is_before = ledger.predecessor is not None and time < ledger.started
        detail = resumed_before(record_count) if is_before else resumed_with(record_count)
        again = event(time, "creation", detail, RESUMED)
        yield replace(again, facts={_RECORDS: str(record_count)})
    for bag in ledger.conditions.accepted_bags:
        used = event(bag.when, "validation", "an older bag that does not verify was used, as asked", bag.wrong)
        yield replace(used, facts={_BAG: bag.tagmanifest})
    for entry in ledger.sources:
        outcome = str(entry.status) if entry.reason is None else f"{entry.status} ({entry.reason})"
        detail = f"source {entry.id} was captured as far as it could be"
        if with_unrequested and is_unrequested(entry):
            detail = unrequested(entry.id)
        yield event(entry.ended or ledger.started, "capture", detail, outcome, (entry.id,))
        for copy in entry.copies:
            if copy.kind == "supplied":
                detail = f"a person's file was added to source {entry.id}"
                yield event(added_at(copy), "ingestion", detail, "supplied", (entry.id, *copy.files))
        for seen in (one for one in entry.notes if with_persons and one.code in NOTED):
            detail = f"a person's note was added to source {entry.id}"
            yield event(str(seen.facts.get("when")), "metadata modification", detail, NOTED[seen.code], (entry.id,))
    whole = f"sha256 and sha512 of {files} files, computed as their bytes were written"
    yield event(ledger.ended, "message digest calculation", whole, f"{records} records")
    yield event(finished, "ingestion", "the bag was finished; nothing in it changes from here on", FINISHED)


def resumed_with(records: int) -> str:
    """The detail of the event of a work that was resumed."""
    return f"the work was resumed with {records} records"


def resumed_before(records: int) -> str:
    """The same of the work of an older bag, of which captures were taken over."""
    return f"the work of an older bag was resumed with {records} records"


def is_unrequested(entry: SourceEntry) -> bool:
    """True of a source that was not requested, because the bag was made from recordings."""
    return entry.live.detail is not None and entry.live.detail.code == FROM_RECORDINGS


def unrequested(source: str) -> str:
    """The detail of the event of a source that was not requested."""
    return f"source {source} was not requested: the bag was made from recordings"


def is_dated(copy: Copy) -> bool:
    """True for a supplied file of which somebody states when it was taken: the time of its adding is another."""
    return any(one.code == ADDED for one in copy.notes)


def added_at(copy: Copy) -> str:
    """When a supplied file was added to the bag, as its entry states it."""
    return next((str(one.facts.get("when")) for one in copy.notes if one.code == ADDED), copy.taken)


def resumed_of(events: Iterable[Event]) -> Iterator[tuple[str, int]]:
    """Yield when the work was resumed, and how many records were there, as its events say."""
    for event in events:
        count = event.facts.get(_RECORDS, "")
        is_resumed = (event.type, event.outcome) == ("creation", RESUMED)
        if is_resumed and count.isascii() and count.isdigit() and len(count) < 19:
            yield event.time, int(count)
