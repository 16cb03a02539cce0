"""What finishing derives from the records, in one pass: a run has hundreds of thousands, read from the journal each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from msgspec import Struct, field

from archive_manifests import cdxj, disclosure
from archive_manifests.ledger import Ledger
from archive_manifests.records import RecordLine


class RecordsPass(Struct):
    """Gathers what the generated files state of the records, while the log of them is written."""

    seed: bytes
    named: frozenset[str]
    """Ids of the records that entries and their copies name."""
    shown: list[RecordLine] = field(default_factory=list)
    """Those records: pages show no others."""
    index: list[str] = field(default_factory=list)
    """Lines of the index, not sorted yet."""
    leaves: list[bytes] = field(default_factory=list)
    """The leaf of each record in the disclosure commitment."""
    warcinfos: list[RecordLine] = field(default_factory=list)

    def over(self, records: Iterable[RecordLine]) -> Iterator[RecordLine]:
        """Yield all records, and gather on the way."""
        for record in records:
            if record.id in self.named:
                self.shown.append(record)
            if cdxj.is_indexed(record):
                self.index.append(cdxj.index_text(record))
            elif record.type == "warcinfo":
                self.warcinfos.append(record)
            self.leaves.append(disclosure.record_leaf(self.seed, record))
            yield record

    def sorted_index(self) -> Iterator[str]:
        """The lines of the index in order; each is freed once it is written."""
        self.index.sort(reverse=True)
        while self.index:
            yield self.index.pop()


def named_by(ledger: Ledger) -> frozenset[str]:
    """Ids of the records that entries and their copies name."""
    named = {record for entry in ledger.sources for record in entry.exchanges}
    return frozenset(named | {record for entry in ledger.sources for copy in entry.copies for record in copy.records})
