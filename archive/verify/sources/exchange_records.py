"""The records of one exchange agree: they are of one address and one time, and name each other."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from msgspec import Struct, field

from archive.verify.records.stated_moments import moment_of
from archive.verify.records.stored_exchange import SCHEMA
from archive.verify.records.stored_records import METADATA_AT_MOST
from archive.verify.sources.entry import LONGEST
from archive.verify.visits.replayed_visit import StoredExchanges
from archive.warc.report import ScannedRecord
from archive_manifests import layout
from archive_manifests.finding_codes import make_finding
from archive_manifests.findings import Finding, Severity
from archive_manifests.ledger import SourceEntry, records_of
from archive_manifests.paths import BagPath
from archive_manifests.shown import shown_pair

_ANSWERS = frozenset({"response", "resource"})
_TO_SECOND, _TO_HOUR = len("2026-11-22T10:00:00"), len("2026-11-22T10")
_SCHEMAS = frozenset({
    SCHEMA, "archive.media/1", "archive.joined/1", "archive.rendering/1", "archive.memento/1", "archive.fault/1",
    "archive.videos/1", "archive.browser-broke/1", "archive.unwritten/1",
})  # fmt: skip
_OTHERS = "application/vnd.youtube-dl_formats+json"
"""The type of the one metadata that is no statement of ours: a video's description."""
_FACTS = ("url", "started", "ended", "status", "truncated")
"""What the metadata of an exchange states that its records state too."""


class ExchangeLinks(Struct):
    """Follows the records of one WARC in their order, and compares those that name each other. (WARC 1.1, 5.7)"""

    ends_by: str | None
    """When the run ended, where the file is of the bag's own run."""
    is_whole: bool
    """False where a run was stopped, so that a response may be there without its request."""
    _requests: dict[int, int] = field(default_factory=dict)
    """Hash of a request's id -> hash of its address and time: a hundred thousand of them take ten megabytes."""
    _named: dict[int, int] = field(default_factory=dict)
    """Hash of the id of what a request names, and did not come yet -> hash of the request's id."""
    _answers: set[int] = field(default_factory=set)
    _last: ScannedRecord | None = None

    def contradictions(self, record: ScannedRecord) -> Iterator[tuple[str, str, str]]:
        """Yield what is wrong, what the records around it show, and what the record states."""
        if record.type == "request":
            self._last = record
            self._requests[hash(record.id)] = hash((record.uri, record.date))
            yield from self._of_request(record)
        elif record.type == "metadata":
            self._named.pop(hash(record.id), None)
        elif record.type == "response" or (record.type == "resource" and record.concurrent):
            self._answers.add(hash(record.id))
            yield from self._of_answer(record)
            yield from self._of_end(record)

    def _of_request(self, record: ScannedRecord) -> Iterator[tuple[str, str, str]]:
        """A request names what comes behind it, and what no other request names."""
        named = list(map(hash, record.concurrent))
        if any(each in self._named or each in self._answers for each in named):
            yield "WARC-Concurrent-To", "records of its own exchange", ", ".join(record.concurrent)
        self._named.update(dict.fromkeys(named, hash(record.id)))

    def _of_answer(self, record: ScannedRecord) -> Iterator[tuple[str, str, str]]:
        own, last = hash((record.uri, record.date)), self._last
        known = [self._requests[key] for name in record.concurrent if (key := hash(name)) in self._requests]
        if any(each != own for each in known) or any(hash(name) in self._answers for name in record.concurrent):
            yield "WARC-Concurrent-To", f"{record.uri}, {record.date}", ", ".join(record.concurrent)
        elif not known and (self.is_whole or (last is not None and record.id in last.concurrent)):
            yield "WARC-Concurrent-To", "a request before it", ", ".join(record.concurrent) or "none"
        elif len(known) > 1 or not self._is_named_back(record):
            yield "WARC-Concurrent-To", "one request, which names it", ", ".join(record.concurrent)

    def _is_named_back(self, record: ScannedRecord) -> bool:
        """True where the request that names an answer is the one that the answer names."""
        request = self._named.pop(hash(record.id), None)
        if request is None:
            return not self.is_whole
        return any(hash(name) == request for name in record.concurrent)

    def _of_end(self, record: ScannedRecord) -> Iterator[tuple[str, str, str]]:
        """An exchange ends after it began, before its run ended, and not later than exchanges may last."""
        began, ended = record.date, record.ended
        if ended is None:
            return
        is_soon = began <= ended and began[:_TO_HOUR] == ended[:_TO_HOUR]
        if not is_soon:
            start, end = moment_of(began), moment_of(ended)
            is_soon = start is not None and end is not None and start <= end <= start + LONGEST
        if not is_soon or (self.ends_by is not None and ended[:_TO_SECOND] > self.ends_by[:_TO_SECOND]):
            yield "WARC-Exchange-Ended", f"soon after {began}", ended


def check_descriptions(
    entry: SourceEntry, exchanges: StoredExchanges, is_own: Callable[[str], bool]
) -> Iterator[Finding]:
    """The metadata of each exchange of a source states of it what its records state, and no second one does.

    `is_own` is true of a record that this version wrote for the source: other metadata than ours is then nobody's.
    """
    for name in dict.fromkeys(records_of(entry)):
        record = exchanges.records.get(name)
        if record is None or record.type not in _ANSWERS:
            continue
        metadata = {each: exchanges.records.metadata(each) for each in exchanges.metadata_of.get(name, ())}
        described = [about for about in metadata.values() if about.get("schema") == SCHEMA]
        for each, about in metadata.items() if is_own(name) else ():
            if _is_unknown(exchanges.records.get(each), about):
                facts = {"found": f"metadata of {record.uri}"[:160], "source": entry.id, "severity": Severity.ERROR}
                yield make_finding("record-unexplained", exchanges.records.path_of(each), record=each, **facts)
        path = exchanges.records.path_of(name) or BagPath(layout.LEDGER)
        if len(described) > 1:
            facts = {"expected": "one description", "found": f"{len(described)}", "note": f"metadata of {record.uri}"}
            yield make_finding("exchange-contradicted", path, **facts, source=entry.id, record=name)
        for about in described[:1]:
            stated = {fact: about.get(fact) for fact in _FACTS}
            expected = _recorded(record, stated)
            if stated != expected:
                facts = shown_pair(expected, stated) | {"note": f"metadata of {record.uri}"[:160]}
                yield make_finding("exchange-contradicted", path, **facts, source=entry.id, record=name)


def _is_unknown(record: ScannedRecord | None, about: dict[str, Any]) -> bool:
    """True of a metadata record that no version of ours up to this one writes."""
    if record is None or record.block_size > METADATA_AT_MOST:
        return False
    kind = record.content_type or ""
    return about.get("schema") not in _SCHEMAS if kind.startswith("application/json") else not kind.startswith(_OTHERS)


def _recorded(record: ScannedRecord, stated: dict[str, Any]) -> dict[str, Any]:
    """The same facts by the records; what no record of a version states, as it is stated."""
    status = record.http_status if record.type == "response" else stated["status"]
    ended = record.ended if record.ended is not None else stated["ended"]
    facts = record.uri, record.date, ended, status, record.truncated
    return dict(zip(_FACTS, facts, strict=True))
