"""Sites that show films which are not theirs: their pages are kept, with whatever wall stands before them.

A report cites such a page to show that a film is known. Its film is not fetched, whatever the switches say, and a
challenge is not solved: what a person's own browser saw can be supplied.
"""

from __future__ import annotations

from archive.systems.interface import Outcome, System, Visit
from archive.systems.page import PlainPage
from archive.systems.policy import NO_MEDIA, never_media
from archive.urls import Url
from archive_manifests.ledger import Facet, Status

SUPPLY = "a person who can see the page may supply a capture made in their own browser (`archive supply`)"


class FilmSite(System):
    """A page without its film."""

    name = "film-site"

    def claims(self, url: Url) -> bool:
        return never_media(url)

    def capture(self, visit: Visit) -> Outcome:
        outcome = PlainPage().capture(visit)
        outcome.media = Facet(False, NO_MEDIA)
        outcome.notes.append(NO_MEDIA)
        if outcome.verdict.status is Status.BLOCKED:
            outcome.notes.append(SUPPLY)
        return outcome

    def other_addresses(self, url: Url) -> list[tuple[Url, str]]:
        return PlainPage().other_addresses(url)
