"""One source's entry in the ledger, and what it is compared with."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence

from msgspec import Struct

from archive.verify.sources.video_verdicts import VideosHere, agrees
from archive.verify.visits.replayed_visit import Derived
from archive.warc.report import ScannedRecord
from archive_manifests import layout
from archive_manifests.finding_codes import make_finding
from archive_manifests.findings import Finding
from archive_manifests.ledger import Requisite, SourceEntry, Verdict
from archive_manifests.paths import BagPath
from archive_manifests.shown import shown_pair
from archive_manifests.sources import Source

LEDGER = BagPath(layout.LEDGER)


class SourceCase(Struct, frozen=True):
    """One source's entry, and what it is compared with."""

    entry: SourceEntry
    source: Source
    derived: Derived
    ended: str
    """When the run ended, as the ledger says."""
    named: dict[str, ScannedRecord]
    """The records that the entry names, by id."""
    requested: dict[str, str | None]
    """The address that each exchange was of, by the id of its record."""
    ends_elsewhere: frozenset[str]
    """When the last exchanges at its new addresses ended."""
    ends: dict[str, str]
    """When the exchanges of the copies ended, by the id of the record, where that was recorded."""
    made_by: str | None
    """The other version of this program that captured the source; None where it is this one."""
    may_be_of_earlier: bool
    lacks_parts: bool
    """Whether records of what the page needs are lost: what a lost style sheet needs is then as the ledger says."""
    videos: VideosHere
    elsewhere: Mapping[str, Requisite]
    """What the pages at its new addresses need, by address, as their visits made again give it."""
    other_record: str | None
    """A record of its live copy that is on no way to the page; None where each is one."""
    judged: Verdict | None
    """The verdict on the document that a browser rendered, as the record of the rendering states it."""

    def agrees(self, expected: Verdict, stated: Verdict) -> bool:
        """True where the stated verdict is the one made again, or may follow from it and the source's video.

        Where the extractor stated what came of the videos, the one made again is the verdict with them.
        """
        if self.derived.is_with_videos:
            return (expected.status, expected.reason) == (stated.status, stated.reason)
        return agrees(self.entry, self.derived.outcome, self.source, self.videos, expected, stated)


def differs(case: SourceCase, code: str, expected: object, found: object, **more: object) -> Finding:
    """A finding: `expected` is what the records say, `found` what the ledger says."""
    return make_finding(code, LEDGER, **shown_pair(expected, found), source=case.entry.id, **more)


def is_more_often(stated: Sequence[Hashable], derived: Sequence[Hashable]) -> bool:
    """True where something is stated twice, and the visit gives nothing twice."""
    return len(set(stated)) != len(stated) and len(set(derived)) == len(derived)
