"""Two pages as two observers' evidence, without a network."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from archive.corroborate.compare.pair import Compared, compare_sources
from archive.corroborate.pages.evidence import CopyEvidence, RequisiteEvidence, SourceEvidence
from archive.corroborate.pages.read_page import read_page
from archive.corroborate.pages.tree import read_tree
from archive_manifests.ledger import Facet, Facets, SourceEntry, Status, Verdict

URL = "https://news.example/article"
VISIT = datetime(2026, 11, 29, 10, 0, 0, tzinfo=UTC)
LATER = timedelta(minutes=7)
NONE = Facet(False)


def entry(status: Status = Status.CAPTURED, reason: str | None = None, final_url: str = URL) -> SourceEntry:
    return SourceEntry(
        id="s01", cited=URL, citations=(), status=status, reason=reason, detail=None, live=Verdict(status, reason),
        copies=(), final_url=final_url, http_status=200, started=None, ended=None, exchanges=(), requisites=(),
        facets=Facets(NONE, NONE, NONE),
    )  # fmt: skip


def evidence(
    html: str,
    visit: datetime = VISIT,
    sheets: Mapping[str, str] | None = None,
    media: Mapping[str, bytes] | None = None,
    rendered: str = "",
    scripts: Mapping[str, str] | None = None,
    source: SourceEntry | None = None,
) -> SourceEvidence:
    body = html.encode()
    known = sheets or {}
    content = read_page(read_tree(body, "utf-8"), URL, lambda url: known.get(url))
    requisites = {
        url: RequisiteEvidence("image", "captured", hashlib.sha256(data).hexdigest(), load=lambda data=data: data)
        for url, data in (media or {}).items()
    }
    copy = CopyEvidence(URL, visit, "text/html", hashlib.sha256(body).hexdigest(), content)
    return SourceEvidence(
        source or entry(), copy, requisites=requisites, rendered=tuple(rendered.splitlines()), scripts=scripts or {}
    )


def compare(one: str, other: str, **more: Mapping[str, object]) -> Compared:
    """The first page is visited seven minutes before the second. `more` are further arguments, one pair each."""
    first = {name: pair[0] for name, pair in more.items()}  # type: ignore[index]
    second = {name: pair[1] for name, pair in more.items()}  # type: ignore[index]
    found = compare_sources(evidence(one, VISIT, **first), evidence(other, VISIT + LATER, **second))  # type: ignore[arg-type]
    assert found is not None
    return found


def page(body: str, head: str = "<title>News</title>") -> str:
    return f"<!DOCTYPE html><html><head>{head}</head><body>{body}</body></html>"
