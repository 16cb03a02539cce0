"""The report in the bag: is it the one that the ledger states, and does its text hold each citation at its place."""

from __future__ import annotations

from collections.abc import Iterator

from archive.verify.catalogue import tell
from archive.verify.findings import Finding
from archive.verify.kept import KeptFiles
from archive_manifests.ledger import Ledger
from archive_manifests.paths import BagPath
from archive_manifests.sources import Citation

TEXT = BagPath("data/report/text.txt")

_SHOWN = 120


def check_report(kept: KeptFiles, ledger: Ledger) -> Iterator[Finding]:
    """Hold the report's file against the digest and size that the ledger states."""
    report = ledger.report
    if report.path is None:
        return
    path = BagPath(report.path)
    if not kept.holds(path):
        yield tell("report-missing", path)
        return
    found = kept.sha256.get(path.text)
    if found is not None and report.stated.sha256 is not None and found != report.stated.sha256:
        yield tell("report-altered", path, expected=f"sha256 {report.stated.sha256}", found=f"sha256 {found}")
    if report.size is not None and kept.size(path) != report.size:
        yield tell("report-altered", path, expected=f"{report.size:,} bytes", found=f"{kept.size(path) or 0:,} bytes")


def check_citations(kept: KeptFiles, ledger: Ledger) -> Iterator[Finding]:
    """Hold each citation against the text as it was extracted; links are not looked for anew."""
    placed = [
        (entry.id, entry.cited, citation)
        for entry in ledger.sources
        for citation in entry.citations
        if citation.offset is not None and citation.length is not None
    ]
    if not placed or (ledger.report.path is None and not kept.holds(TEXT)):
        return
    data = kept.read(TEXT)
    if data is None:
        yield tell("coverage-unchecked" if TEXT in kept.too_large else "report-missing", TEXT)
        return
    text = data.decode("utf-8", "replace")
    for source, cited, citation in placed:
        found = _at(text, citation)
        expected = citation.anchor or cited
        if _bare(found) != _bare(expected):
            yield tell(
                "citation-misplaced",
                TEXT,
                expected=expected[:_SHOWN],
                found=found[:_SHOWN] or "nothing",
                source=source,
                line=citation.line,
                note=f"{citation.length} characters from {citation.offset:,} on",
            )


def _at(text: str, citation: Citation) -> str:
    offset, length = citation.offset or 0, citation.length or 0
    return text[offset : offset + length] if offset >= 0 and length >= 0 else ""


def _bare(text: str) -> str:
    """White space counts for nothing: lines and pages break within what is cited."""
    return "".join(text.split())
