"""The records that a source's entry names are its own: of its own WARCs, or of an address that its visit requests.

A response that several sources need is stored once, with the source that requested it first; so a record of another
source's WARC is only this source's where it answers a request that this source makes too.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator

from archive.capture.politeness import ROBOTS_TXT
from archive.capture.redirects import location
from archive.urls import Url
from archive.verify.sources.scripts import had_browser
from archive.verify.statements.coverage_records import series_of
from archive.verify.visits.replayed_visit import StoredExchanges, purpose_of
from archive_manifests import layout
from archive_manifests.exchanges import Purpose
from archive_manifests.finding_codes import make_finding
from archive_manifests.findings import Finding
from archive_manifests.ledger import SourceEntry, records_of
from archive_manifests.paths import BagPath

LEDGER = BagPath(layout.LEDGER)
_SHOWN = 300
_OK = 200
_ELSEWHERE = ("memento", "successor", "supplied")
"""Kinds of copies from addresses that the visit itself does not request; what they are of is checked by itself."""
_ON_THE_WAY = frozenset({
    Purpose.MISSING_ISSUER, Purpose.WAYBACK_SUBMISSION, Purpose.SOFT_404_PROBE, Purpose.READING_PROBE,
})  # fmt: skip

_OF_EXTRACTOR = (Purpose.VIDEO_EXTRACTOR, Purpose.REST_OF_RESPONSE)


def check_own_records(
    entry: SourceEntry,
    exchanges: StoredExchanges,
    requested: Iterable[str],
    is_part: Callable[[str], bool] | None = None,
) -> Iterator[Finding]:
    """Name what the entry lists and another source requested; `requested` are the addresses of its own visits.

    What the scripts of a page requested cannot be known without them. Nor can what a video extractor requested: of a
    source that shows videos, what another one's extractor requested first is no finding, nor is what `is_part` knows:
    a part of another source's page, or what a file of its own was made of.
    """
    others = [name for name in _listed(entry) if _series_of(exchanges, name) not in (entry.id, None)]
    if had_browser(entry) or not others:
        return
    archives = _archives_of(entry, exchanges)
    known = {*requested, *(requisite.url for requisite in entry.requisites)}
    own = {_host(address_of(exchanges, name)) for name in _listed(entry) if name not in others} | set(map(_host, known))
    of_videos = {name for name in others if is_part is not None and (_is_extracted(exchanges, name) or is_part(name))}
    own |= {_host(address_of(exchanges, name)) for name in of_videos}
    known = _with_targets(entry, exchanges, known, own)
    for name in others:
        address, purpose = address_of(exchanges, name), purpose_of(exchanges.about(name))
        if address in known or _host(address) in archives or purpose in _ON_THE_WAY or name in of_videos:
            continue
        path = exchanges.records.path_of(name)
        facts = {"expected": "an exchange of this source", "found": f"{address}, in {path}"[:_SHOWN]}
        yield make_finding("exchange-foreign", LEDGER, **facts, source=entry.id, record=name)


def check_stray_responses(
    entry: SourceEntry, exchanges: StoredExchanges, requested: Iterable[str]
) -> Iterator[Finding]:
    """Name the content that the entry lists of its own WARCs, and that none of its visits requests."""
    own = [name for name in _listed(entry) if _series_of(exchanges, name) == entry.id]
    plain = [name for name in own if _is_plain_response(exchanges, name)]
    known = {*requested, *(requisite.url for requisite in entry.requisites)}
    known = _with_targets(entry, exchanges, known, {_host(address_of(exchanges, name)) for name in own})
    archives = _archives_of(entry, exchanges)
    stray = [name for name in plain if (at := address_of(exchanges, name)) not in known and _host(at) not in archives]
    if stray:
        found = f"{len(stray):,} responses, such as from {address_of(exchanges, stray[0])}"[:_SHOWN]
        facts = {"expected": "a request of this source", "found": found, "record": stray[0]}
        yield make_finding("exchange-foreign", LEDGER, **facts, source=entry.id)


def _archives_of(entry: SourceEntry, exchanges: StoredExchanges) -> set[str]:
    """The hosts of the archives in which the source was looked up."""
    return {_host(address_of(exchanges, name)) for name in records_of(entry) if _is_of_lookup(exchanges, name, entry)}


def _is_plain_response(exchanges: StoredExchanges, name: str) -> bool:
    """True of a response with content to a request without a purpose of its own: the visit itself sends such ones."""
    record = exchanges.records.get(name)
    is_content = record is not None and record.type == "response" and record.http_status in (200, 206)
    return is_content and purpose_of(exchanges.about(name)) is None


def _listed(entry: SourceEntry) -> Iterator[str]:
    elsewhere = {name for copy in entry.copies if copy.kind in _ELSEWHERE for name in copy.records}
    names = [*entry.exchanges, *(name for requisite in entry.requisites for name in requisite.hops)]
    yield from (name for name in dict.fromkeys(names) if name not in elsewhere)


def _is_extracted(exchanges: StoredExchanges, name: str) -> bool:
    return purpose_of(exchanges.about(name)) in _OF_EXTRACTOR


def _with_targets(
    entry: SourceEntry, exchanges: StoredExchanges, known: Iterable[str], hosts: Container[str]
) -> set[str]:
    """The known addresses, those of these hosts' robots.txt, and what any of them led to: at first, too.

    A robots.txt is requested once in a run; a page may be requested again, as where consent was rejected.
    (RFC 9309, 2.3.1)
    """
    names: dict[str, list[str]] = {}
    for name in _listed(entry):
        names.setdefault(address_of(exchanges, name), []).append(name)
    found = set(known)
    found |= {address for address in names if address.endswith(ROBOTS_TXT) and _host(address) in hosts}
    waiting = [name for address in found for name in names.get(address, ())]
    while waiting:
        target = _target(exchanges, waiting.pop())
        if target is not None and target.href not in found:
            found.add(target.href)
            waiting += names.get(target.href, ())
    return found


def _target(exchanges: StoredExchanges, name: str) -> Url | None:
    """Where a redirect leads. Of what succeeded, which most is, the head need not be read again for that."""
    record = exchanges.records.get(name)
    exchange = exchanges.get(name) if record is None or record.http_status != _OK else None
    return location(exchange) if exchange is not None else None


def _series_of(exchanges: StoredExchanges, name: str) -> str | None:
    path = exchanges.records.path_of(name)
    return series_of(path) if path is not None else None


def address_of(exchanges: StoredExchanges, name: str) -> str:
    """The address that an exchange was of: a failure has it in its metadata."""
    record = exchanges.records.get(name)
    return record.uri if record is not None and record.uri is not None else str(exchanges.about(name).get("url"))


def _host(address: str) -> str:
    return address.split("/", 3)[2] if address.count("/") > 1 else address


def _is_of_lookup(exchanges: StoredExchanges, name: str, entry: SourceEntry) -> bool:
    """True where the record of a look-up of this source in another archive refers to the exchange."""
    for metadata in exchanges.metadata_of.get(name, ()):
        about = exchanges.records.metadata(metadata)
        if about.get("schema") == "archive.memento/1" and about.get("original") == entry.cited:
            return True
    return False
