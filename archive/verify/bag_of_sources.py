"""What the checks of all sources of one bag share: its files, its ledger, its records, and who wrote them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from archive.verify.control_files import ControlFiles
from archive.verify.coverage_records import NOTHING_STOPPED, StoppedRuns
from archive.verify.evidence import Evidence
from archive.verify.replayed_visit import StoredExchanges
from archive.version import AGENT
from archive_manifests.ledger import Ledger, SourceEntry


@dataclass(slots=True)
class BagOfSources:
    """What the checks of all sources of one bag share."""

    control: ControlFiles
    ledger: Ledger
    evidence: Evidence
    exchanges: StoredExchanges
    stopped: StoppedRuns = NOTHING_STOPPED
    """The runs that were stopped, so that records of work that was made again may be there."""
    _parts: dict[str, set[str]] = field(default_factory=dict)
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
