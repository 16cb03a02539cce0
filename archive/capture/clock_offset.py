"""The collector's clock against the servers': estimated from `Date` fields, recorded as measured or unknown.

A function of the recorded responses, so that `verify` comes to the same statement from the WARCs.
"""

from __future__ import annotations

import email.utils
import statistics
from bisect import insort
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime

from archive.http import Head
from archive_manifests.notes import Note, note

LEAST_HOSTS = 2
"""One server's word about the time is hearsay."""
FIRST_OF_HOST = 8
"""Responses of a host, the earliest, of which the first counts that states a time of its own."""


class FirstResponses:
    """The earliest responses of each host, by their WARC-Date."""

    def __init__(self) -> None:
        self._of_host: dict[str, list[tuple[str, str]]] = {}

    def add(self, address: str, started: str, name: str) -> None:
        """Take note of a response: the requested address, its WARC-Date, and the id of its record."""
        host = address.split("/", 3)[2:3]
        known = self._of_host.setdefault(host[0] if host else "", [])
        if len(known) < FIRST_OF_HOST or (started, name) < known[-1]:
            insort(known, (started, name))
            del known[FIRST_OF_HOST:]

    def names(self) -> Iterator[str]:
        """The ids of all of them."""
        return (name for known in self._of_host.values() for _, name in known)

    def offsets(self, head_of: Callable[[str], Head | None]) -> list[float]:
        """How far each host's clock is ahead of the collector's, in seconds; of a host that states no time, nothing."""
        found = []
        for known in self._of_host.values():
            offsets = (offset_of(head_of(name), started) for started, name in known)
            first = next((offset for offset in offsets if offset is not None), None)
            if first is not None:
                found.append(first)
        return found


def offset_of(head: Head | None, started: str) -> float | None:
    """What a response's Date says, unless a cache sent it. (RFC 9110, 6.6.1; RFC 9111, 5.1)"""
    stated = head.get("Date") if head is not None and head.get("Age") is None else None
    if stated is None:
        return None
    try:
        theirs = email.utils.parsedate_to_datetime(stated).astimezone(UTC)
        ours = datetime.fromisoformat(started)
        # Date has whole seconds: its middle is the better guess.
        return (theirs - ours).total_seconds() + 0.5
    except (ValueError, TypeError, OverflowError):
        return None


def statement(offsets: Iterable[float]) -> Note:
    """The median offset in whole seconds, as a note; `clock-unknown` for fewer than `LEAST_HOSTS` hosts."""
    known = list(offsets)
    if len(known) < LEAST_HOSTS:
        return note("clock-unknown")
    seconds = round(statistics.median(known))
    return note("clock-ahead" if seconds < 0 else "clock-behind", seconds=abs(seconds), hosts=len(known))
