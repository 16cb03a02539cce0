"""Recognises an unfinished work folder, named as itself or as the bag it will become, and how to continue it."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from archive.errors import BagUnreadable
from archive_manifests import layout
from archive_manifests.errors import ArchiveError

if TYPE_CHECKING:
    from archive.workfolder.state import WorkState
    from archive_manifests.ledger import Ledger

JOURNAL = "journal.jsonl"
SUFFIX = ".part"


class Unfinished(Struct, frozen=True):
    """A work folder that no `finish` has made a bag of."""

    path: Path
    state: WorkState

    @property
    def name(self) -> str:
        """The name of the bag that it will become."""
        return self.path.name.removesuffix(SUFFIX)

    @property
    def is_captured(self) -> bool:
        """True where every source has a verdict, so that only finishing is left."""
        return self.state.ended is not None

    @property
    def command(self) -> str:
        """The command that continues, as it is typed in the current folder."""
        from archive.workfolder.resuming import near, resume_command

        bag = self.path.with_name(self.name)
        if self.is_captured:
            return f"archive finish {shlex.quote(near(bag))}"
        return resume_command(self.path, bag, self.state)

    @property
    def takes_copy(self) -> bool:
        """True where the command names the work folder's copy of the report: the user's own file is not at hand."""
        return f"{self.path.name}/bag/{layout.original_report('')}" in self.command

    @property
    def cited(self) -> int:
        """How many sources are to be captured, those without a verdict among them."""
        from archive_manifests.source_toml import from_toml

        judged = len(self.state.ledger().sources)
        try:
            return max(judged, len(from_toml((self.path / "bag" / layout.SOURCE_MANIFEST).read_text("utf-8")).sources))
        except (ArchiveError, OSError, UnicodeDecodeError):
            return judged

    def ledger(self) -> Ledger:
        """What the work folder states so far."""
        return self.state.ledger()


def find_unfinished(path: Path) -> Unfinished | None:
    """The work folder at `path`, or beside it where no bag is there yet. Raises `BagUnreadable`."""
    place = path.absolute()
    if not (place / JOURNAL).is_file():
        beside = place.parent / f"{place.name}{SUFFIX}"
        if not place.name or place.exists() or not (beside / JOURNAL).is_file():
            return None
        place = beside
    # Every command that takes a bag looks here first; most of them need nothing of a journal.
    from archive.workfolder.journal import read_journal
    from archive.workfolder.state import fold

    try:
        return Unfinished(place, fold(read_journal(place / JOURNAL), place))
    except ArchiveError as error:
        raise BagUnreadable(f"{place / JOURNAL}: not the journal of a work folder; {error}") from error
