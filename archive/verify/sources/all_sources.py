"""Derives again what the ledger says of all sources, in processes side by side where it is worth it."""

from __future__ import annotations

from collections.abc import Iterator
from operator import itemgetter
from typing import Any

from msgspec import Struct, field

from archive.bag.interface import Broken
from archive.verify.files.forked import DIED, can_fork, in_forks, is_worth_processes
from archive.verify.result.verification import CHECK_FAILED
from archive.verify.sources.appearance import is_page_of_run
from archive.verify.sources.check import SourceCheck
from archive.verify.statements.bag_of_sources import BagOfSources
from archive.verify.statements.seen_conditions import SeenConditions
from archive_manifests.finding_codes import make_finding
from archive_manifests.findings import Finding
from archive_manifests.ledger import SourceEntry
from archive_manifests.paths import BagPath
from archive_manifests.sources import Source

LEDGER = BagPath("data/sources.json")


class SourceDeriver(Struct):
    """Derives the statements on all sources of one bag."""

    bag: BagOfSources
    sources: dict[str, Source]
    """Each source as the source manifest states it, by id."""
    seen: SeenConditions = field(default_factory=SeenConditions)
    """What the exchanges state of their connections; known once all sources were checked."""

    is_whole: bool = True
    """False once a source could not be checked to its end, so that `seen` lacks what its exchanges state."""
    are_all_read: bool = True
    """False once the page of a source could not be read, so that `pages` says nothing."""
    pages: list[bool | None] = field(default_factory=list)
    """Of each source, in order, what `is_page_of_run` says; known once all sources were checked."""
    _begun: Iterator[tuple[int, Any]] | None = None

    def begin(self) -> None:
        """Begin to check the sources in processes side by side, where there are many of them, or large ones."""
        control = self.bag.control
        if control.jobs > 1 and is_worth_processes(self.bag.ledger) and can_fork():
            self._begun = in_forks(control.jobs, len(self.bag.ledger.sources), self._check_apart, control.reopen)

    def check_all(self) -> Iterator[Finding]:
        """Check every source, or wait for what was begun."""
        for finding in self._checks():
            self.is_whole = self.is_whole and finding.code not in (CHECK_FAILED, "coverage-unchecked")
            yield finding

    def _checks(self) -> Iterator[Finding]:
        sources = self.bag.ledger.sources
        if self._begun is None:
            for entry in sources:
                yield from self._checked(entry)
                self.pages.append(self._page_of(entry))
            return
        for number, result in sorted(self._begun, key=itemgetter(0)):  # whichever process was first: the same answer
            if result is DIED:
                note = "the process that derived it died"
                yield make_finding(CHECK_FAILED, LEDGER, source=sources[number].id, note=note)
                self.pages.append(self._page_of(sources[number]))
                continue
            findings, seen, page, is_read = result
            self.seen.merge(seen)
            self.pages.append(page)
            self.are_all_read = self.are_all_read and is_read
            yield from findings

    def _check_apart(self, number: int) -> tuple[list[Finding], SeenConditions, bool | None, bool]:
        self.seen, self.are_all_read = SeenConditions(), True
        entry = self.bag.ledger.sources[number]
        return list(self._checked(entry)), self.seen, self._page_of(entry), self.are_all_read

    def _page_of(self, entry: SourceEntry) -> bool | None:
        try:
            return is_page_of_run(self.bag, entry)
        except Broken:  # reported of the source
            self.are_all_read = False
            return None

    def _checked(self, entry: SourceEntry) -> Iterator[Finding]:
        try:
            yield from self.check(entry)
        except Broken as error:
            yield make_finding("coverage-unchecked", LEDGER, source=entry.id, note=error.note)
        except Exception as error:  # noqa: BLE001 -- what one page does to the program must not hide the other sources
            note = f"{type(error).__name__}: {error}"[:300]
            yield make_finding(CHECK_FAILED, LEDGER, source=entry.id, note=note)

    def check(self, entry: SourceEntry) -> Iterator[Finding]:
        """Everything that is wrong with the entry of one source. Raises `Broken`."""
        source = self.sources.get(entry.id) or Source(entry.cited, entry.citations)
        return SourceCheck(self.bag, entry, source, self.seen).check()
