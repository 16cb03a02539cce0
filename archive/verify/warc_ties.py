"""What ties records to each other across all WARCs of a bag: ids, references, and the request behind a short answer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from archive.verify.catalogue import tell
from archive.verify.findings import Finding
from archive.warc.report import ScannedRecord
from archive_manifests.paths import BagPath

MOST = 1000


@dataclass(slots=True)
class Ties:
    """Gathers while the records of all files go by; tells at the end."""

    findings: list[Finding] = field(default_factory=list)
    _seen: set[int] = field(default_factory=set)
    """Hashes of the ids: half the memory, and among a million the odds that two meet are one in millions."""
    _pending: dict[str, tuple[BagPath, str, str]] = field(default_factory=dict)
    """Ids that were referred to and not seen yet -> file, record and field of the first reference."""
    _short: dict[str, tuple[BagPath, ScannedRecord]] = field(default_factory=dict)
    _without_body: set[str] = field(default_factory=set)
    """Ids of the answers to HEAD requests, and of those requests."""

    def watch(self, path: BagPath, records: Iterable[ScannedRecord]) -> Iterator[ScannedRecord]:
        """Let the records of a file go by. One loop and no more calls than needed: it runs for each record of a bag."""
        seen, pending = self._seen, self._pending
        for record in records:
            name = record.id
            key = hash(name)
            if key in seen and name:
                self._tell_twin(path, record)
            seen.add(key)
            if pending:
                pending.pop(name, None)
            for other in record.concurrent:
                if hash(other) not in seen:
                    self._refer(path, name, "WARC-Concurrent-To", other)
            if (warcinfo := record.warcinfo) is not None and hash(warcinfo) not in seen:
                self._refer(path, name, "WARC-Warcinfo-ID", warcinfo)
            if (refers_to := record.refers_to) is not None and hash(refers_to) not in seen:
                self._refer(path, name, "WARC-Refers-To", refers_to)
            if record.method == "HEAD":
                self._without_body.update((name, *record.concurrent))
            if record.is_whole is (record.truncated is not None):
                self._judge_length(path, record)
            yield record

    def _tell_twin(self, path: BagPath, record: ScannedRecord) -> None:
        if len(self.findings) < MOST:
            self.findings.append(tell("warc-id-twice", path, record=record.id, note=f"at byte {record.offset:,}"))

    def _refer(self, path: BagPath, name: str, by: str, other: str) -> None:
        if len(self._pending) < 100 * MOST:
            self._pending.setdefault(other, (path, name, by))

    def _judge_length(self, path: BagPath, record: ScannedRecord) -> None:
        """Of an answer that is whole and marked as cut off, or the other way round."""
        if record.is_whole and len(self.findings) < MOST:
            self.findings.append(tell("warc-truncated-mark", path, record=record.id, found=record.truncated))
        elif not record.is_whole and len(self._short) < MOST:
            self._short[record.id] = path, record

    def told(self) -> Iterator[Finding]:
        """Everything that was found, once all records have gone by."""
        yield from self.findings
        for other, (path, name, by) in list(self._pending.items())[:MOST]:
            yield tell("warc-reference", path, record=name, expected=f"a record {other}", found=f"{by} alone")
        for name, (path, record) in self._short.items():
            if name not in self._without_body and self._without_body.isdisjoint(record.concurrent):
                yield tell("warc-truncated-unmarked", path, record=name, note=record.uri)
