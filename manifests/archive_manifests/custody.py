"""Custody events: hash-chained lines, up to finishing inside the bag, from then on beside it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from archive_manifests import canonical
from archive_manifests.errors import StatementError


@dataclass(frozen=True, slots=True)
class Event:
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
