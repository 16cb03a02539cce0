"""The collector's clock against the servers': estimated from `Date` fields, recorded as measured or unknown."""

from __future__ import annotations

import email.utils
import statistics
from datetime import UTC, datetime

from archive.workfolder.recorded import Recorded
from archive_manifests.notes import Note, note

LEAST_HOSTS = 2
"""One server's word about the time is hearsay."""


class ClockCheck:
    """Gathers, host by host, how far the servers' clocks are from ours."""

    def __init__(self) -> None:
        self._offsets: dict[str, float] = {}

    def observe(self, recorded: Recorded) -> None:
        """Take an answer's Date into account, unless a cache gave it. (RFC 9110, 6.6.1; RFC 9111, 5.1)"""
        if recorded.url.host in self._offsets:
            return
        stated = recorded.header("Date")
        if stated is None or recorded.header("Age") is not None or not recorded.is_fresh:
            return
        try:
            theirs = email.utils.parsedate_to_datetime(stated).astimezone(UTC)
            ours = datetime.fromisoformat(recorded.started)
        except (ValueError, TypeError, OverflowError):
            return
        # Date has whole seconds: its middle is the better guess.
        self._offsets.setdefault(recorded.url.host, (theirs - ours).total_seconds() + 0.5)

    def statement(self) -> Note:
        """The median offset in whole seconds, as a note; `clock-unknown` for fewer than `LEAST_HOSTS` hosts."""
        offsets = list(self._offsets.values())
        if len(offsets) < LEAST_HOSTS:
            return note("clock-unknown")
        seconds = round(statistics.median(offsets))
        return note("clock-ahead" if seconds < 0 else "clock-behind", seconds=abs(seconds), hosts=len(offsets))
