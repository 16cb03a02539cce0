"""The status of a source: it follows from the verdict on the live web, and from the copies from elsewhere."""

from __future__ import annotations

from collections.abc import Iterator

from archive.verify.foreign.recorded_pages import filled_gap_before, fills_gap
from archive.verify.sources.decided_reading import decided, is_ambiguous
from archive.words.notes import describe_stated
from archive_manifests import layout
from archive_manifests.finding_codes import make_finding
from archive_manifests.findings import Finding
from archive_manifests.ledger import SourceEntry, Status, Verdict
from archive_manifests.notes import Note
from archive_manifests.paths import BagPath
from archive_manifests.shown import shown_pair

LEDGER = BagPath(layout.LEDGER)


def check_status(entry: SourceEntry, *, may_be_of_earlier: bool) -> Iterator[Finding]:
    """The status follows from the live verdict and the copies from elsewhere, as an earlier version derived it too."""
    live, stated = entry.live, Verdict(entry.status, entry.reason, entry.detail)
    expected: tuple[Status, str | None] = (live.status, live.reason)
    mementos = [copy for copy in entry.copies if copy.kind == "memento"]
    if live.status.is_gap and any(copy.status is Status.CAPTURED for copy in mementos):
        expected = (Status.MEMENTO, None)
    is_filling = filled_gap_before if may_be_of_earlier and entry.status is Status.SUPPLIED else fills_gap
    if expected[0].is_gap and any(map(is_filling, entry.copies)):
        expected = (Status.SUPPLIED, None)
    detail = live.detail
    if is_ambiguous(entry):  # two readings respond, and a person must choose
        chosen = decided(entry)
        expected = (chosen.status, chosen.reason) if chosen else (Status.PARTIAL, "ambiguous")
        detail = chosen.detail if chosen else detail
    if (stated.status, stated.reason) != expected:
        facts = {"expected": named(Verdict(*expected)), "found": named(stated), "source": entry.id}
        yield make_finding("verdict-contradicted", LEDGER, **facts, note="status")
    elif stated.status == live.status and stated.detail != detail:
        texts = shown_pair(said(detail), said(stated.detail))
        yield make_finding("verdict-contradicted", LEDGER, **texts, source=entry.id, note="detail")


def said(note: Note | None) -> str | None:
    """A note as a person reads it: the sentence that its code and facts give, else its code."""
    if note is None:
        return None
    return describe_stated(note)


def named(verdict: Verdict) -> str:
    """A verdict in its codes."""
    return str(verdict.status) + (f" ({verdict.reason})" if verdict.reason else "")
