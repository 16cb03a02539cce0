"""Decompressed copies of files in a package, for readers that move about in them: a WACZ in a zip, say."""

from __future__ import annotations

import tempfile
from pathlib import Path

from archive.bag.interface import UNKNOWN, Bag, Broken, Entry, FileStretch

LIMIT = 2 << 30
"""Bytes that are decompressed for the copies of one bag: what is behind others in a compressed tar costs these too."""


class TemporaryCopies:
    """Temporary copies, which are removed when it is closed. Their folder is the user's alone (mode 0700)."""

    def __init__(self) -> None:
        self._left = LIMIT
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._count = 0

    def __enter__(self) -> TemporaryCopies:
        return self

    def __exit__(self, *_: object) -> None:
        if self._folder is not None:
            self._folder.cleanup()

    def stretch_of(self, bag: Bag, entry: Entry) -> FileStretch | None:
        """Where a file can be read anywhere: where it lies, else a copy. None over the limit, or where it breaks.

        Raises `OSError` where no copy can be written.
        """
        entry = bag.measured(entry) if entry.size == UNKNOWN else entry
        found = bag.stretch_of(entry)
        cost = entry.size + (entry.at if bag.reads_in_order else 0)
        if found is not None or cost > self._left:
            return found
        self._left -= cost
        place = self._next_place()
        try:
            with place.open("xb") as copy:
                for chunk in bag.reader().chunks(entry):
                    copy.write(chunk)
        except Broken:  # reported where every file is read
            return None
        return FileStretch(place, 0, entry.size)

    def _next_place(self) -> Path:
        if self._folder is None:
            self._folder = tempfile.TemporaryDirectory(prefix="archive-verify-")
        self._count += 1
        return Path(self._folder.name) / str(self._count)
