"""What the checks of all sources of one bag share: its files, its ledger, its records, and who wrote them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from msgspec import Struct, field

from archive.verify.files.control_files import ControlFiles
from archive.verify.records.generated import RECORDINGS_SINCE, is_written_since, may_be_of_earlier
from archive.verify.records.stated_moments import moment_of
from archive.verify.statements.coverage_records import NOTHING_STOPPED, StoppedRuns
from archive.verify.statements.events import carried_over
from archive.verify.visits.evidence import Evidence
from archive.verify.visits.replayed_visit import StoredExchanges
from archive.version import AGENT
from archive_manifests.ledger import Ledger, SourceEntry
from archive_manifests.paths import BagPath


class BagOfSources(Struct):
    """What the checks of all sources of one bag share."""

    control: ControlFiles
    ledger: Ledger
    evidence: Evidence
    exchanges: StoredExchanges
    stopped: StoppedRuns = NOTHING_STOPPED
    """The runs that were stopped, so that records of work that was made again may be there."""
    _parts: dict[str, set[str]] = field(default_factory=dict)
    _carried: frozenset[BagPath] | None = None
    _is_since: bool | None = None
    _named: set[tuple[str, str | None]] = field(default_factory=set)

    def requested(self, name: str) -> str | None:
        """The address that an exchange was of: a failure has it in its metadata."""
        record = self.evidence.records.get(name)
        if record is not None and record.uri is not None:
            return record.uri
        url = self.exchanges.about(name).get("url")
        return url if isinstance(url, str) else None

    def made_by(self, answer: str) -> str | None:
        """The version that wrote the WARC of a response, where it is another than this one."""
        path = self.exchanges.records.path_of(answer)
        name = self.evidence.warcinfo_of.get(path) if path is not None else None
        software = self.exchanges.records.warcinfo(name).get("software") if name is not None else None
        return software if software != AGENT else None

    def is_of_run(self, answer: str) -> bool:
        """True of a record that the run of this bag wrote, by this version, and that no older bag brought."""
        if self._carried is None:
            self._carried = carried_over(self.ledger, self.evidence, moment_of(self.ledger.started))
        path = self.exchanges.records.path_of(answer)
        return path is not None and path not in self._carried and self.made_by(answer) is None

    def may_be_of_earlier(self, entry: SourceEntry) -> bool:
        """True of an entry that a version before 0.4.0 may have written: one of the bag's WARCs is of such a version.

        What a bag says of the bags before it is a claim; who wrote its WARCs is compared with them. A source without an
        exchange may be of a bag that was made of recordings, and had no WARC.
        """
        return may_be_of_earlier(self.control) and (not entry.exchanges or self._has_earlier_warc())

    def _has_earlier_warc(self) -> bool:
        if self._is_since is None:
            names = self.evidence.warcinfo_of.values()
            captured_by = [each.get("software", "") for each in self.exchanges.records.distinct_warcinfos(names)]
            self._is_since = all(is_written_since(each, RECORDINGS_SINCE) for each in captured_by)
        return not self._is_since

    def parts(self) -> Mapping[str, set[str]]:
        """The records of what pages need, and the sources of each."""
        if not self._parts:
            for each in self.ledger.sources:
                for name in _of_requisites(each):
                    self._parts.setdefault(name, set()).add(each.id)
        return self._parts

    def named(self) -> set[tuple[str, str | None]]:
        """What pages need, each with the document that names it."""
        if not self._named:
            self._named = {(part.url, part.found_in) for entry in self.ledger.sources for part in entry.requisites}
        return self._named


def _of_requisites(entry: SourceEntry) -> Iterator[str]:
    for each in entry.requisites:
        yield from each.hops
        if each.record is not None:
            yield each.record
