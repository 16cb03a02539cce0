"""The interface by which the library reports its progress. It is silent by default."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from archive_manifests.ledger import SourceEntry


class Progress:
    """Any thread may call any method. Each does nothing until a subclass shows it."""

    def began(self, sources: int, judged: Collection[str] = ()) -> None:
        """The run begins, with this number of sources; those that an earlier run brought to a verdict are `judged`."""

    def source_started(self, source: str, url: str) -> None:
        """The capture of a source begins."""

    def received(self, octets: int) -> None:
        """Bytes arrived from the network; their exchange may still be open."""

    def exchanged(self, source: str, method: str, url: str, outcome: str, size: int) -> None:
        """An exchange was recorded: `outcome` is its HTTP status or the reason of its failure."""

    def waiting(self, host: str, seconds: float, why: str) -> None:
        """A host waits before its next request; `why` is the HTTP status or the reason of the last failure."""

    def source_judged(self, entry: SourceEntry) -> None:
        """A source has a verdict. A later pass may judge it again."""

    def file_checked(self, path: str, size: int) -> None:
        """A file of a bag was read."""
        self.files_checked(1, size)

    def files_checked(self, files: int, octets: int) -> None:
        """Files of a bag were read, of so many bytes together."""

    def stage(self, code: str, **facts: object) -> None:
        """A stage of the run begins, or reports something: a code of the catalogue (`stage.CODE`) and its facts."""
