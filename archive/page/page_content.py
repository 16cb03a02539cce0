"""What the pages of a bag are made from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec import Struct

from archive_manifests.custody import Event
from archive_manifests.disclosure_copy import Withheld
from archive_manifests.ledger import Ledger
from archive_manifests.records import RecordLine


class PageContent(Struct, frozen=True, kw_only=True):
    """One bag, as its pages show it. The same content gives the same pages."""

    ledger: Ledger
    files: Mapping[str, int]
    """The paths in the bag with their octets: the pages link only to these."""
    text: str | None = None
    """Of the report."""
    records: Sequence[RecordLine] = ()
    """Those on which the verdicts rest."""
    events: Sequence[Event] = ()
    language: str | None = None
    """The one that comes first, where it is not the report's."""
    name: str | None = None
    """The bag's, where it is not the report's id."""
    is_published: bool = False
    """True for a copy on a web server: it tells search engines to leave it out, and no digest is printed."""
    withheld: Withheld | None = None
    """Of a disclosure copy."""

    @property
    def first_language(self) -> str:
        """A language tag. (BCP 47)"""
        return self.language or self.ledger.report.stated.language or "en"
