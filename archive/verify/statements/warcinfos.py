"""What each WARC states of the run that wrote it is there where the version that wrote it states it. (WARC 1.1, 6.2)"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from archive.capture.warcinfo import CONDITIONS, RUNTIME, SOURCE_MANIFEST, TEXT_BY, USER_AGENT
from archive.verify.records.generated import is_earlier
from archive_manifests import layout
from archive_manifests.finding_codes import make_finding
from archive_manifests.findings import Finding
from archive_manifests.ledger import Ledger, SourceEntry
from archive_manifests.paths import BagPath
from archive_manifests.sources import Source, SourceManifest

LEDGER = BagPath(layout.LEDGER)
_STATED_SINCE = (0, 6)
"""The version since which each WARC states all of these."""
_FIELDS = {
    CONDITIONS: ("condition-contradicted", LEDGER),
    USER_AGENT: ("condition-contradicted", LEDGER),
    "robots": ("condition-contradicted", LEDGER),
    RUNTIME: ("software-contradicted", BagPath(layout.SOFTWARE)),
    SOURCE_MANIFEST: ("manifest-contradicted", BagPath(layout.SOURCE_MANIFEST)),
    TEXT_BY: ("software-contradicted", BagPath(layout.SOFTWARE)),
}
"""Field -> the finding that it would give where it differs, and what it proves."""


def check_fields(warcinfos: Iterable[Mapping[str, str]], stated: Mapping[str, object]) -> Iterator[Finding]:
    """Each of these has its fields; `stated` is `software.json`, which has what read the report, where there is one."""
    missing = {
        name: None
        for fields in warcinfos
        if (software := fields.get("software")) is not None and not is_earlier(software, _STATED_SINCE)
        for name in _FIELDS
        if name not in fields and (name != TEXT_BY or stated.get("report_text_by") is not None)
    }
    for name in missing:
        code, path = _FIELDS[name]
        yield make_finding(code, path, expected="a statement of it in each warcinfo", found="none", note=name)


def check_report_was_there(
    ledger: Ledger,
    manifest: SourceManifest | None,
    warcinfos: Iterable[Mapping[str, str]],
    stated: Mapping[str, object],
) -> Iterator[Finding]:
    """A report that was read is in the bag: what read it is recorded, and only its text gives places in it.

    A person may write such places into a source manifest; the program does not.
    """
    if ledger.report.path is not None:
        return
    read_by = [by for by in (stated.get("report_text_by"), *(each.get(TEXT_BY) for each in warcinfos)) if by]
    is_placed = _has_places(ledger.sources) and manifest is not None and not _has_places(manifest.sources)
    if read_by or is_placed:
        note = f"it was read by {read_by[0]}"[:160] if read_by else "citations have places in its text"
        yield make_finding("report-missing", BagPath(layout.REPORT_TEXT), note=note)


def _has_places(sources: Iterable[SourceEntry | Source]) -> bool:
    return any(citation.offset is not None for each in sources for citation in each.citations)
