"""What the ledger says of one source beside addresses, times, verdict and notes: facets, copies, submissions."""

from __future__ import annotations

from collections.abc import Iterator

from archive.verify.sources.submissions import check_submissions
from archive.verify.visits.replayed_visit import StoredExchanges
from archive.words.notes import describe_stated
from archive_manifests import layout
from archive_manifests.finding_codes import make_finding
from archive_manifests.findings import Finding
from archive_manifests.ledger import Facet, SourceEntry, Status
from archive_manifests.paths import BagPath
from archive_manifests.shown import shown_pair

LEDGER = BagPath(layout.LEDGER)
OF_VISIT = ("tracking-", "post-after", "post-before", "post-changed", "post-other-record", "post-unknown-status")
"""How the codes of notes begin that only a visit produces, from what its exchanges hold."""
_KINDS = ("live", "reading", "successor", "memento", "supplied")
"""The kinds of copies that there are."""
_SHOWN = 160


def check_said(entry: SourceEntry, exchanges: StoredExchanges) -> Iterator[Finding]:
    """Compare the facets, copies and submissions of one source with what is recorded."""
    yield from _check_fault(entry, exchanges)
    yield from _check_facets(entry)
    yield from _check_copies(entry)
    yield from check_submissions(entry, exchanges)


def _differs(entry: SourceEntry, code: str, expected: object, found: object, note: str) -> Finding:
    return make_finding(code, LEDGER, **shown_pair(expected, found), source=entry.id, note=note)


def times_requested(entry: SourceEntry, exchanges: StoredExchanges) -> int:
    """How often the requested address was requested: of an earlier pass, notes and files may be left."""
    return sum(_is_of(exchanges, name, entry.request_url) for name in entry.exchanges)


def _is_of(exchanges: StoredExchanges, name: str, url: str | None) -> bool:
    record = exchanges.records.get(name)
    address = record.uri if record is not None and record.uri is not None else exchanges.about(name).get("url")
    return url is not None and address == url


_UNSEEN = ("no-browser", "no-picture", "memento-not-rendered", "not-a-page", "browser-", "source-is")
"""How the codes begin of the reasons for which there is no picture of a page."""


def _check_facets(entry: SourceEntry) -> Iterator[Finding]:
    """A facet has a reason exactly where it is absent, and one that goes with the verdict."""
    facets = entry.facets
    details = {each.code for each in (entry.detail, entry.live.detail) if each is not None}
    for name, facet in (("source_code", facets.source_code), ("appearance", facets.appearance)):
        code = facet.reason.code if facet.reason is not None else None
        if facet.present:
            is_right = code in (None, "picture-supplied")
        elif name == "source_code":
            is_right = (code == "source-is" or code in details) and entry.status is not Status.MEMENTO
        elif code == "memento-not-rendered":
            is_right = entry.memento is not None
        else:
            is_right = code is not None and (code.startswith(_UNSEEN) or code in details)
        verdicts = {str(entry.status), str(entry.live.status)}
        if not is_right or (code == "source-is" and facet.reason and facet.reason.facts.get("verdict") not in verdicts):
            yield _differs(entry, "facet-contradicted", "a reason that goes with the verdict", _said(facet), name)
    if facets.media.present and facets.media.reason is not None:
        yield _differs(entry, "facet-contradicted", "no reason: they are here", _said(facets.media), "media")


def check_nothing_seen(entry: SourceEntry) -> Iterator[Finding]:
    """Of a source that was not requested nothing is known but what a person supplied: no title, no time, no part."""
    stated = {
        "final_url": entry.final_url, "http_status": entry.http_status, "started": entry.started, "ended": entry.ended,
        "title": entry.title, "requisites": entry.requisites, "memento": entry.memento, "rendering": entry.rendering,
        "submissions": entry.submissions, "source_code": entry.facets.source_code.present,
        "media": entry.facets.media.present, "quote_found": entry.quote_found.replace("unknown", ""),
    }  # fmt: skip
    for name, value in stated.items():
        if value:
            yield _differs(entry, "verdict-contradicted", "none: it was not requested", value, name)


def _said(facet: Facet) -> str:
    if facet.reason is None:
        return f"{facet.present}, without a reason"
    return describe_stated(facet.reason)


def _check_copies(entry: SourceEntry) -> Iterator[Finding]:
    """No copy is listed twice, and nobody else holds what the live web gave."""
    known = {(copy.kind, copy.url, copy.records, copy.files) for copy in entry.copies}
    if len(known) != len(entry.copies):
        yield _differs(entry, "verdict-contradicted", f"{len(known)} copies", f"{len(entry.copies)}", "copies")
    if len(set(entry.exchanges)) != len(entry.exchanges):
        found = f"{len(entry.exchanges)}, some of them twice"
        yield _differs(entry, "verdict-contradicted", f"{len(set(entry.exchanges))} exchanges", found, "exchanges")
    for copy in entry.copies:
        if copy.kind not in _KINDS:
            yield _differs(entry, "verdict-contradicted", f"one of {', '.join(_KINDS)}", copy.kind, "copies")
        others = ", ".join(sorted(set(copy.records) - set(entry.exchanges)))
        if copy.kind != "supplied" and others:
            yield _differs(entry, "verdict-contradicted", "exchanges of the source", others, "copies")
        if len(set(copy.files)) != len(copy.files):
            yield _differs(entry, "verdict-contradicted", "each file once", ", ".join(copy.files), "copies")
        if copy.kind == "supplied" and [note.code for note in copy.notes[:1]] != ["supplied"]:
            expected = "how the file was got, as its first note"
            yield _differs(entry, "note-contradicted", expected, "none", "supplied copy")
        if copy.kind == "live" and copy.holder is not None:
            yield _differs(entry, "verdict-contradicted", "no holder of a live copy", copy.holder, "copies")


def _check_fault(entry: SourceEntry, exchanges: StoredExchanges) -> Iterator[Finding]:
    """A fault of the program at one source was recorded when it happened (`archive.fault/1`)."""
    if entry.live.reason != "fault":
        return
    said = entry.live.detail.facts.get("detail") if entry.live.detail is not None else None
    for name in entry.exchanges:
        record = exchanges.records.get(name)
        about = exchanges.records.metadata(name) if record is not None and record.type == "metadata" else {}
        if (about.get("schema"), about.get("source"), about.get("detail")) == ("archive.fault/1", entry.id, said):
            return
    found = f"{Status.UNREACHABLE} (fault): {said}"
    yield _differs(entry, "verdict-contradicted", "a record of the fault", found, "live")
