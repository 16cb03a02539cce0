"""Embeds: the version of a post that its site serves to other pages, often all that a guest sees.

An embed is requested beside the cited page, recorded under its own address, and read like a page.
"""

from __future__ import annotations

from typing import Any

from msgspec import Struct

from archive.capture.page import gather, onward, read
from archive.capture.redirects import Trail
from archive.capture.requisites.reading import PageReading, Reference
from archive.capture.visit import Visit, VisitOutcome
from archive.http.json_body import read_json
from archive.urls import Url, UrlError, parse
from archive.workfolder.recorded import Recorded
from archive_manifests.ledger import Copy, Status
from archive_manifests.notes import note

SUPPLY = note("may-supply-account")
_JSON_AT_MOST = 4 << 20


class Embed(Struct, frozen=True):
    """The response to an embed's address."""

    trail: Trail
    reading: PageReading | None

    @property
    def final(self) -> Recorded:
        return self.trail.final

    @property
    def is_success(self) -> bool:
        return self.trail.broke is None and self.final.status == 200

    def markup(self) -> str:
        """The page as text, for marks that only markup has."""
        return self.final.content(1 << 20).decode("utf-8", "replace")


def fetch_embed(visit: Visit, outcome: VisitOutcome, url: Url) -> Embed:
    """Request an embed; its records belong to the source."""
    trail = visit.follow(url, onward=onward)
    outcome.extra_records += [record for record in trail.records if record not in outcome.trail.records]
    return Embed(trail, read(trail.final) if trail.broke is None else None)


def fetch_json(visit: Visit, outcome: VisitOutcome, url: Url) -> tuple[Recorded, dict[str, Any] | None]:
    """Request a JSON object from an API; None where the response has none."""
    trail = visit.follow(url)
    outcome.extra_records += trail.records
    try:
        response = read_json(trail.final.content(_JSON_AT_MOST)) if trail.broke is None else None
    except ValueError:
        return trail.final, None
    return trail.final, response if isinstance(response, dict) else None


def add_embed(visit: Visit, outcome: VisitOutcome, embed: Embed, site: str) -> None:
    """Add a site's embed to the capture: as a copy, with its requisites and its text."""
    final = embed.final
    notes = (note("post-embedded", name=site),)
    outcome.copies.append(
        Copy("live", final.url.href, final.ended, records=embed.trail.records, status=Status.CAPTURED, notes=notes)
    )
    if embed.reading is not None:
        outcome.text = embed.reading.text
        gather(visit, embed.reading, outcome)


def add_parts(visit: Visit, outcome: VisitOutcome, page: Url, parts: list[tuple[str, str]], text: str) -> None:
    """Fetch the pictures and videos that an API names as requisites: (address, kind) of each."""
    references = []
    for address, kind in parts:
        try:
            url = parse(address)
        except UrlError:
            continue
        if url.is_web:
            references.append(Reference(url, kind, "named by the site's own interface"))
    outcome.text = text
    gather(visit, PageReading(page, page, "utf-8", requisites=tuple(references), text=text), outcome)
