"""Looks a source up in the Wayback Machine: the nearest copy at or before the report, else the earliest after."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from msgspec import Struct, field

from archive.capture.memento.cdx import (
    FIELDS,
    HOLDER,
    HOST,
    LIMIT,
    CdxRow,
    IndexUnreadable,
    after,
    before,
    index_url,
    read_rows,
)
from archive.capture.memento.forms import Form
from archive.capture.memento.open_capture import OpenedMemento, open_capture
from archive.capture.tracking import dedup_key
from archive.urls import Url
from archive.workfolder.recorded import Recorded
from archive_manifests.ledger import Status
from archive_manifests.notes import Note, note

RULE = "nearest at or before the report's date, else the earliest after; rule 1"
"""Written into every record, so that a later rule can be distinguished from this one."""
TRIED_AT_MOST = 8
"""Captures that are opened for one source and one side of the report's date."""
FAILURES_AT_MOST = 3
"""Look-ups in a row that may fail before the run stops querying the archive."""


class Lookup(Struct):
    """The look-up of one source in an archive: its requests and their result."""

    target: datetime
    requests: list[Recorded] = field(default_factory=list)
    """Requests to its index."""
    found: OpenedMemento | None = None
    form: Form | None = None
    """The address under which it was found."""
    second_best: OpenedMemento | None = None
    """A copy that is partial, or has only scripts."""
    passed_over: list[OpenedMemento] = field(default_factory=list)
    listed: list[CdxRow] = field(default_factory=list)
    problems: list[Note] = field(default_factory=list)
    """Why the look-up is not complete."""
    archive: str = HOLDER
    host: str = HOST
    fields: tuple[str, ...] = FIELDS
    """The columns of each row."""

    @property
    def outcome(self) -> str:
        """The value of the ledger's `memento_lookup`."""
        if self.found is not None or self.second_best is not None:
            return "found"
        in_doubt = self.problems or any(opened.is_archive_failure for opened in self.passed_over)
        return "error" if in_doubt else "none"

    @property
    def best(self) -> OpenedMemento | None:
        return self.found or self.second_best


class Wayback:
    """The client of a run, so that an archive that is down gets no request for every source."""

    def __init__(self) -> None:
        self._failures_in_a_row = 0
        self._lock = threading.Lock()
        """Locked for a whole look-up: the archive gets one request at a time."""

    def look_up(self, forms: Sequence[Form], request: Callable[[Url], Recorded], target: datetime) -> Lookup:
        """Look for a copy under each address in turn, until one is good."""
        lookup = Lookup(target)
        with self._lock:
            if self._failures_in_a_row >= FAILURES_AT_MOST:
                lookup.problems.append(note("archive-gave-up", host=HOST))
                return lookup
            for form in forms:
                _WaybackSearch(form, request, lookup).run()
                if lookup.found is not None or _is_down(lookup.requests):
                    break
            self._failures_in_a_row = self._failures_in_a_row + 1 if _is_down(lookup.requests) else 0
        return lookup


def _is_down(requests: Sequence[Recorded]) -> bool:
    return all(each.failure is not None or each.status == 429 or (each.status or 0) >= 500 for each in requests)


class _WaybackSearch(Struct):
    """The search under one address."""

    form: Form
    request: Callable[[Url], Recorded]
    lookup: Lookup

    def run(self) -> None:
        target = self.lookup.target
        rows = self._rows()
        if self._try(before(rows, target), until=target):
            return
        if len(rows) >= LIMIT and self._try(before(self._rows(until=target), target), until=target):
            return
        if self._try(after(rows, target)):
            return
        if len(rows) >= LIMIT:
            self._try(after(self._rows(since=target + timedelta(seconds=1)), target))

    def _rows(self, *, since: datetime | None = None, until: datetime | None = None) -> list[CdxRow]:
        lookup = self.lookup
        recorded = self.request(index_url(self.form.url, closest=lookup.target, limit=LIMIT, since=since, until=until))
        lookup.requests.append(recorded)
        rows: list[CdxRow] = []
        if recorded.failure is not None:
            lookup.problems.append(note("archive-unreached", host=HOST, detail=recorded.failure.message))
        elif recorded.status != 200:
            lookup.problems.append(note("archive-status", host=HOST, status=recorded.status or 0))
        else:
            try:
                listed, unread = read_rows(recorded.content(1 << 20))
                rows = self._of_form(listed)
                if unread:
                    lookup.problems.append(note("archive-rows-unread", host=HOST, n=unread))
            except IndexUnreadable as error:
                lookup.problems.append(error.note)
        lookup.listed += [row for row in rows if row not in lookup.listed]
        return rows

    def _of_form(self, rows: Sequence[CdxRow]) -> list[CdxRow]:
        """The rows of the address that was looked up; rows of other addresses are dropped with a note."""
        wanted = dedup_key(self.form.url)
        others = [row for row in rows if dedup_key(row.memento.original) != wanted]
        if others:
            named = {"other": others[0].memento.original.href[:200], "url": self.form.url.href[:200]}
            self.lookup.problems.append(note("archive-row-of-other", host=HOST, **named))
        return [row for row in rows if row not in others]

    def _try(self, rows: Sequence[CdxRow], *, until: datetime | None = None) -> bool:
        """Open captures in turn; True where one of them is good."""
        already_opened = {opened.row.memento.url.href for opened in self.lookup.passed_over}
        unopened = [row for row in rows if row.memento.url.href not in already_opened]
        for row in unopened[:TRIED_AT_MOST]:
            opened = open_capture(row, self.request, until=until)
            if opened.verdict.status is Status.CAPTURED:
                self.lookup.found, self.lookup.form = opened, self.form
                return True
            self._pass_over(opened)
        return False

    def _pass_over(self, opened: OpenedMemento) -> None:
        lookup = self.lookup
        lookup.passed_over.append(opened)
        if opened.verdict.status is Status.PARTIAL and lookup.second_best is None:
            lookup.second_best, lookup.form = opened, self.form
