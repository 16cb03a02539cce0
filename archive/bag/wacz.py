"""A WACZ: a zip of WARCs, indexes and pages, with a description that states a digest of each. (WACZ 1.1.1)"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from archive.bag.interface import Entry, FileStretch
from archive.bag.zip import ZipBag
from archive.errors import BagUnreadable

WARCS = "archive/"
"""The folder of a WACZ whose files are WARCs."""

_TEXT_LIMIT = 64 << 20


class WaczFile(ZipBag):
    """A WACZ, a file or within one. Not a bag: its files are at its top, and `tag_entries` are all of them."""

    is_recording = True

    def __init__(self, location: Path, stretch: FileStretch | None = None) -> None:
        super().__init__(location, stretch)
        self.name = location.name

    def _find_top(self) -> None:
        self._report_files_that_are_folders()
        self._report_absolute()
        self._lengthen()

    def files(self) -> dict[str, Entry]:
        """Every file by its path, in the order of the zip's directory."""
        return dict(self._members)

    def text(self, name: str) -> bytes | None:
        """The bytes of a file of text, None where it is not there. Raises `Broken`, `BagUnreadable`."""
        entry = self._members.get(name)
        if entry is None:
            return None
        if entry.size > _TEXT_LIMIT:
            raise BagUnreadable(f"{self.location}: {name} has {entry.size:,} bytes, more than {_TEXT_LIMIT:,}")
        return b"".join(self.reader().chunks(entry))

    def warcs(self) -> Iterator[Entry]:
        """Its WARCs."""
        for name, entry in self._members.items():
            if name.startswith(WARCS) and name.lower().endswith((".warc", ".warc.gz")):
                yield entry
