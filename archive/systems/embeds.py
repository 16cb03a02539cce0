"""Embeds: what a post's own site serves to pages that embed it, often all that a guest is shown.

An embed is requested beside the cited page, recorded as what it is, and read like a page.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

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


@dataclass(frozen=True, slots=True)
class Embed:
    """What came for an embed's address."""

    trail: Trail
    reading: PageReading | None

    @property
    def final(self) -> Recorded:
        return self.trail.final

    @property
    def is_answer(self) -> bool:
        return self.trail.broke is None and self.final.status == 200

    def markup(self) -> str:
        """The page as text, for marks that only markup has."""
        return self.final.content(1 << 20).decode("utf-8", "replace")


def ask(visit: Visit, outcome: VisitOutcome, url: Url) -> Embed:
    """Ask for an embed; its records belong to the source."""
    trail = visit.follow(url, onward=onward)
    outcome.extra_records += [record for record in trail.records if record not in outcome.trail.records]
    return Embed(trail, read(trail.final) if trail.broke is None else None)


def ask_json(visit: Visit, outcome: VisitOutcome, url: Url) -> tuple[Recorded, dict[str, Any] | None]:
    """Ask an interface for a JSON object; None where none came."""
    trail = visit.follow(url)
    outcome.extra_records += trail.records
    try:
        said = read_json(trail.final.content(_JSON_AT_MOST)) if trail.broke is None else None
    except ValueError:
        return trail.final, None
    return trail.final, said if isinstance(said, dict) else None


def add_embed(visit: Visit, outcome: VisitOutcome, embed: Embed, site: str) -> None:
    """Take a site's embed into the capture: as a copy, with its requisites and the text that it shows."""
    final = embed.final
    notes = (note("post-embedded", name=site),)
    outcome.copies.append(
        Copy("live", final.url.href, final.ended, records=embed.trail.records, status=Status.CAPTURED, notes=notes)
    )
    if embed.reading is not None:
        outcome.text = embed.reading.text
        gather(visit, embed.reading, outcome)


def add_parts(visit: Visit, outcome: VisitOutcome, page: Url, parts: list[tuple[str, str]], text: str) -> None:
    """Gather pictures and films that an interface names, as if a page named them: (address, kind) of each."""
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
