"""The custody log beside a bag (`BAG.seal/custody.jsonl`): it continues the bag's own events, each line chained."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from archive.errors import ArchiveError, StatementError
from archive.trust import seal_folder
from archive.trust.seal_folder import FileRefused
from archive.version import AGENT
from archive_manifests import canonical, custody
from archive_manifests.custody import Event
from archive_manifests.moments import iso

NAME = "custody.jsonl"


STATEMENT_FACT = "statement"
"""The fact of an event that states the sha256 of `statement.html` as it was written."""


IDENTITY_FACT = "annex_sha256"
"""The fact of the event that commits to who collected, which states the sha256 of `identity.age`."""


class CustodyBroken(ArchiveError):
    """The log is not a chain: a line was changed, removed or inserted."""

    exit_code = 1


class CustodyLog(Struct, frozen=True):
    """A log whose every line follows from the one before."""

    text: bytes
    events: tuple[Event, ...]

    @property
    def heads(self) -> tuple[str, ...]:
        """Hex sha256 of every line with its LF."""
        return tuple(hashlib.sha256(line).hexdigest() for line in lines_of(self.text))

    @property
    def head(self) -> str | None:
        """Hex sha256 of the last line with its LF: with it a reader can check that nothing was cut off since."""
        return self.heads[-1] if self.text else None

    def first_lines(self, number: int) -> bytes:
        """The bytes of the first `number` lines."""
        return b"".join(lines_of(self.text)[:number])

    def with_event(self, event: Event, events_head: str | None) -> CustodyLog:
        """The log with one more line. `events_head` is what the first line follows."""
        chained = replace(event, seq=len(self.events) + 1, prev=self.head or events_head)
        return CustodyLog(self.text + canonical.line(chained).encode(), (*self.events, chained))


def lines_of(text: bytes) -> list[bytes]:
    """Lines that end at LF and nowhere else, each with it."""
    return [line + b"\n" for line in text.split(b"\n")[:-1]] + ([rest] if (rest := text.rpartition(b"\n")[2]) else [])


def parse_log(text: bytes, events_head: str | None, place: str = NAME) -> CustodyLog:
    """Read a log that follows on `events_head`, the bag's own last event. Raises `CustodyBroken`."""
    events: list[Event] = []
    prev = events_head
    for number, line in enumerate(lines_of(text), start=1):
        try:
            event = custody.parse_line(line, number)
        except StatementError as error:
            raise CustodyBroken(f"{place}: {error}") from error
        if (event.seq, event.prev) != (number, prev):
            what = "the bag's own events" if number == 1 else f"line {number - 1}"
            raise CustodyBroken(
                f"{place} line {number}: does not follow on {what}: expected {number} after {prev or 'nothing'},"
                f" found {event.seq} after {event.prev or 'nothing'}"
            )
        if canonical.line(event).encode() != line:
            raise CustodyBroken(f"{place} line {number}: not in its one spelling; it was edited")
        events.append(event)
        prev = hashlib.sha256(line).hexdigest()
    return CustodyLog(text, tuple(events))


def read_log(folder: Path, events_head: str | None) -> CustodyLog:
    """The log of a seal folder; empty where there is none. Raises `CustodyBroken`."""
    if not (folder / NAME).exists():
        return CustodyLog(b"", ())
    try:
        return parse_log(seal_folder.read_file(folder, NAME), events_head, f"{folder.name}/{NAME}")
    except FileRefused as error:
        raise CustodyBroken(f"{folder / NAME}: {error}") from error


def first_prev(folder: Path) -> str | None:
    """What the first line states as its predecessor; None where there is no such line."""
    try:
        lines = lines_of(seal_folder.read_file(folder, NAME))
        return custody.parse_line(lines[0], 1).prev if lines else None
    except (FileRefused, StatementError):
        return None


def moment_of(event: Event) -> datetime | None:
    """When an event happened, as it states; None where that is no time."""
    try:
        read = datetime.fromisoformat(event.time)
        return read.astimezone(UTC) if read.tzinfo else None
    except (ValueError, OverflowError):
        return None


def statement_digest(log: CustodyLog) -> str | None:
    """Hex sha256 of the statement that was written last, as the log states it."""
    stated = (event.facts.get(STATEMENT_FACT) for event in reversed(log.events))
    return next((digest for digest in stated if digest), None)


def statement_line(log: CustodyLog) -> int:
    """The number of the line that states the last statement; 0 where none does."""
    return max((number for number, one in enumerate(log.events, start=1) if one.facts.get(STATEMENT_FACT)), default=0)


def identity_events(log: CustodyLog) -> tuple[Event, ...]:
    """The events that commit to a record of who collected."""
    return tuple(one for one in log.events if one.type == "encryption" and "commitment" in one.facts)


def write_log(folder: Path, log: CustodyLog) -> None:
    """Write the log, whole or not at all."""
    folder.mkdir(exist_ok=True)
    seal_folder.write_file(folder, NAME, log.text)


def event(
    kind: str,
    now: datetime,
    detail: str,
    outcome: str,
    *,
    by: str | None = None,
    objects: Iterable[str] = (),
    facts: dict[str, str] | None = None,
) -> Event:
    """A new event. `by` is the pseudonym of a person; the tool is then named in the facts."""
    said = {"tool": AGENT, **(facts or {})} if by else dict(facts or {})
    return Event(0, iso(now), kind, by or AGENT, detail, outcome, tuple(objects), said)
