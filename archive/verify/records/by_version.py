"""What another version of this program may rightly read, judge or word otherwise: a warning that names both versions.

Nothing else is excused by a version: digests, times, addresses, statuses, files, events and codes are compared always.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from archive.version import AGENT
from archive_manifests.finding_codes import make_finding
from archive_manifests.findings import Finding

_BY_READER = frozenset({"verdict-contradicted", "title-contradicted", "quote-contradicted", "facet-contradicted"}) | {
    "requisite-unlisted",
    "requisite-invented",
    "note-contradicted",
    "memento-contradicted",
}
"""What rests on how a page is read and judged."""


def by_version(findings: Iterable[Finding], made_by: str | None) -> Iterator[Finding]:
    """The same, with what rests on reading and judging as warnings where another version than this one did it."""
    for finding in findings:
        yield finding if made_by is None or finding.code not in _BY_READER else read_otherwise(finding, made_by)


def read_otherwise(finding: Finding, made_by: str) -> Finding:
    """The warning in the place of a finding that the version that made the bag explains."""
    note = f"{finding.code}: by {made_by}, while this is {AGENT}"
    facts = {"expected": finding.expected, "found": finding.found, "source": finding.source, "note": note}
    return make_finding("read-otherwise", finding.path, **facts)
