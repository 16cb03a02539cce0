"""Unites a source manifest that a person reviewed with the report that it was made of."""

from __future__ import annotations

from msgspec.structs import replace

from archive.errors import UsageProblem
from archive_manifests.sources import Source, SourceManifest

_SHOWN = 200


def with_offsets(reviewed: SourceManifest, read: SourceManifest, name: str) -> SourceManifest:
    """The reviewed manifest, each citation with its place in the report's text, as `read` has it.

    A person may change what is to be captured, and add sources. Raises `UsageProblem` where the manifest is of another
    report, lacks a source that the report cites, or states another citation: nothing that is cited may be dropped.
    """
    if reviewed.report.sha256 != read.report.sha256:
        raise UsageProblem(
            f"{name}: not the report of this source manifest, which states sha256 {reviewed.report.sha256};"
            f" the file has {read.report.sha256}"
        )
    if reviewed.passed_over != read.passed_over:
        raise UsageProblem(f"{name}: the source manifest states other passages than were passed over; leave them as is")
    cited = {source.cited: source for source in read.sources}
    sources = tuple(_with_places(source, cited.pop(source.cited, None), name) for source in reviewed.sources)
    if cited:
        first = next(iter(cited))[:_SHOWN]
        raise UsageProblem(
            f"{name}: cites {first}, which the source manifest lacks; put its [[source]] back and write skip = true"
        )
    return replace(reviewed, sources=sources)


def _with_places(source: Source, as_read: Source | None, name: str) -> Source:
    if as_read is None:
        if any(citation.found_by != "person" for citation in source.citations):
            raise UsageProblem(f"{name}: does not cite {source.cited[:_SHOWN]}, as the source manifest says")
        return source
    if source.without_offsets().citations != as_read.without_offsets().citations:
        raise UsageProblem(f"{name}: cites {source.cited[:_SHOWN]} at other places than the source manifest says")
    return replace(source, citations=as_read.citations)
