"""What happens, told to whoever wants to show it. Silent by default."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from archive_manifests.ledger import SourceEntry


class Progress:
    """Every method may be called from any thread, and does nothing until a subclass says otherwise."""

    def began(self, sources: int) -> None:
        """The work begins, on so many sources."""

    def source_started(self, source: str, url: str) -> None:
        """A source's turn has come."""

    def exchanged(self, source: str, method: str, url: str, outcome: str, size: int) -> None:
        """An exchange was recorded: `outcome` is its HTTP status or the reason of its failure."""

    def waiting(self, host: str, seconds: float, why: str) -> None:
        """A host rests before it is asked again."""

    def source_judged(self, entry: SourceEntry) -> None:
        """A source has its verdict."""

    def file_checked(self, path: str, size: int) -> None:
        """A file of a bag was read."""

    def said(self, text: str) -> None:
        """One sentence for a person."""
