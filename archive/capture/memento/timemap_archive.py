"""Looks a source up in an archive that the user configured beside the Wayback Machine, by its TimeMaps.

No other host gets a request: a TimeMap may list copies of further archives, which the user did not configure.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime

from msgspec import Struct, field
from msgspec.structs import replace

from archive.capture.memento import timemap
from archive.capture.memento.cdx import CapturedMemento, CdxRow, after, before, format_timestamp, parse_memento_url
from archive.capture.memento.forms import Form
from archive.capture.memento.open_capture import OpenedMemento, open_capture
from archive.capture.memento.timemap import TimeMap, TimeMapEntry, TimeMapUnreadable, links, read_timemap
from archive.capture.memento.wayback import FAILURES_AT_MOST, TRIED_AT_MOST, Lookup
from archive.capture.tracking import dedup_key
from archive.urls import Url, UrlError, parse
from archive.workfolder.recorded import Recorded
from archive_manifests.ledger import Status, Verdict
from archive_manifests.notes import Note, note

FIELDS = ("uri", "datetime")
PAGES_AT_MOST = 8
"""Pages of one TimeMap that are requested."""
FORMS_AT_MOST = 3
"""Addresses of one source that are looked up."""
_RAW = re.compile(r"(.{0,400}?)/[0-9]{14}(?:[a-z]{2}_)?/https?:/")


class OtherArchive(Struct):
    """The client of a run for one archive, so that an archive that is down gets no request for every source."""

    template: str
    _failures_in_a_row: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def host(self) -> str:
        return timemap.host_of(self.template)

    def look_up(self, forms: Sequence[Form], request: Callable[[Url], Recorded], target: datetime) -> Lookup:
        """Look for a copy under each address in turn, until one is good."""
        lookup = Lookup(target, archive=f"{self.host}, by its TimeMap", host=self.host, fields=FIELDS)
        with self._lock:
            if self._failures_in_a_row >= FAILURES_AT_MOST:
                lookup.problems.append(note("archive-gave-up", host=self.host))
                return lookup
            for form in forms[:FORMS_AT_MOST]:
                _TimeMapSearch(self, form, request, lookup).run()
                if lookup.found is not None:
                    break
            is_down = all(each.failure is not None or (each.status or 0) >= 429 for each in lookup.requests)
            self._failures_in_a_row = self._failures_in_a_row + 1 if is_down else 0
        return lookup

    def owns(self, url: Url) -> bool:
        """True for addresses of this archive."""
        return url.host == self.host or url.host.endswith(f".{self.host}")


class _TimeMapSearch(Struct):
    """The search under one address."""

    archive: OtherArchive
    form: Form
    request: Callable[[Url], Recorded]
    lookup: Lookup

    def run(self) -> None:
        rows = [row for listed in self._listed() for row in self._rows(listed)]
        self.lookup.listed += rows
        for side in (before(rows, self.lookup.target), after(rows, self.lookup.target)):
            for row in side[: 2 * TRIED_AT_MOST]:
                if self._try(row):
                    return

    def _listed(self) -> Iterator[TimeMapEntry]:
        """Every copy of this archive that the pages of the TimeMap list."""
        waiting, visited, other_hosts = [timemap.address(self.archive.template, self.form.url)], set[str](), set[str]()
        while waiting and len(visited) < PAGES_AT_MOST:
            url = waiting.pop(0)
            if url.href in visited:
                continue
            visited.add(url.href)
            found = self._timemap(url)
            if found is None:
                continue
            other_hosts |= {each.url.host for each in found.copies if not self.archive.owns(each.url)}
            yield from (each for each in found.copies if self.archive.owns(each.url))
            waiting += [each for each in found.further_pages if self.archive.owns(each) and each.href not in visited]
        if other_hosts:
            listed = ", ".join(sorted(other_hosts)[:5])
            self._add_problem(note("timemap-others", host=self.archive.host, detail=listed))
        if [url for url in waiting if url.href not in visited]:
            self._add_problem(note("timemap-pages", host=self.archive.host, n=PAGES_AT_MOST))

    def _timemap(self, url: Url) -> TimeMap | None:
        recorded = self.request(url)
        self.lookup.requests.append(recorded)
        if recorded.status == 404:
            return None  # the archive has no copy
        host = self.archive.host
        if recorded.failure is not None:
            self._add_problem(note("archive-unreached", host=host, detail=recorded.failure.message))
            return None
        if recorded.status != 200:
            self._add_problem(note("archive-status", host=host, status=recorded.status or 0))
            return None
        try:
            found = read_timemap(recorded.content(timemap.READ_AT_MOST), recorded.url)
        except TimeMapUnreadable as error:
            self._add_problem(note("timemap-unreadable", host=host, detail=str(error)))
            return None
        if found.unread:
            self._add_problem(note("archive-rows-unread", host=host, n=found.unread))
        wanted = self.form.url.href[:200]
        if found.original is None:
            self._add_problem(note("timemap-of-nothing", host=host, url=wanted))
            return None
        if dedup_key(found.original) != dedup_key(self.form.url):
            self._add_problem(note("timemap-of-other", host=host, url=wanted, other=found.original.href[:200]))
            return None
        return found

    def _add_problem(self, what: Note) -> None:
        """Note why the look-up cannot be complete."""
        self.lookup.problems.append(what)

    def _rows(self, listed: TimeMapEntry) -> Iterator[CdxRow]:
        """The copy as captured, where the address has the Wayback Machine's form; then as the archive shows it."""
        values = (listed.url.href, format_timestamp(listed.moment))
        found = _RAW.match(listed.url.href)
        memento = parse_memento_url(listed.url, found[1]) if found is not None else None
        if memento is not None:
            yield CdxRow(memento, None, "", values)
        yield CdxRow(CapturedMemento(self.form.url, listed.moment, replay_url=listed.url), None, "", values)

    def _try(self, row: CdxRow) -> bool:
        opened = open_capture(row, self.request)
        claimed = _original_of(opened)
        if opened.memento is not None and claimed is not None and dedup_key(claimed) != dedup_key(self.form.url):
            why = Verdict(Status.UNREACHABLE, "not-http", note("memento-of-other", url=claimed.href[:200]))
            opened = replace(opened, verdict=why, memento=None)
        if opened.memento is not None and opened.verdict.status is Status.CAPTURED:
            self.lookup.found, self.lookup.form = opened, self.form
            return True
        self.lookup.passed_over.append(opened)
        if opened.memento is not None and opened.verdict.status is Status.PARTIAL and self.lookup.second_best is None:
            self.lookup.second_best, self.lookup.form = opened, self.form
        return False


def _original_of(opened: OpenedMemento) -> Url | None:
    """Address of the original, as the archive states it in `Link`. (RFC 7089, section 2.2.1)"""
    claimed = opened.exchanges[0].header("Link") if opened.exchanges else None
    for target, parameters in links(claimed or ""):
        if "original" in parameters.get("rel", "").lower().split():
            try:
                return parse(target, opened.exchanges[0].url)
            except UrlError:
                return None
    return None
