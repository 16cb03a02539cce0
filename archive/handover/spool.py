"""Where the files of a compressed tar wait while it is listed: decompressed once, judged, then moved into their bag."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from msgspec import Struct, field

from archive.bag.interface import Broken, Entry
from archive.handover.writing import make_folder, require_space, write_entry


class MemberSpool(Struct):
    """A folder of files whose names are numbers: nothing in it is called as the package says."""

    beside: Path
    """Where the folder is made."""
    octets: int = 0
    """Of all files that were written."""
    _folder: Path | None = None
    _sizes: dict[int, int] = field(default_factory=dict)
    """Offset in the tar -> octets of what was written whole."""

    def see(self, name: str) -> None:
        """A tag file, which the bag itself caches."""

    def wants_again(self, path: str) -> bool:
        return False

    def read(self, entry: Entry, chunks: Iterator[bytes]) -> None:
        """Write a file of the payload. Raises `NotEnoughSpace`, `OSError`."""
        if self._folder is None:
            self._folder = Path(tempfile.mkdtemp(dir=self.beside))
        require_space(self._folder, entry.size)
        self.octets += entry.size
        try:
            write_entry(self._folder, str(entry.at), entry.size, chunks)
        except Broken:
            return  # whoever lists the package meets it next, and reports it
        self._sizes[entry.at] = entry.size

    def holds(self, entry: Entry) -> bool:
        """True where the whole file waits here."""
        return self._sizes.get(entry.at) == entry.size

    def move(self, entry: Entry, base: Path, folders: set[str]) -> None:
        """Give a file that waits here its name below `base`."""
        make_folder(base, entry.path, folders)
        place = f"{base}/{entry.path}"
        if os.path.lexists(place):
            raise FileExistsError(place)
        os.rename(f"{self._folder}/{entry.at}", place)  # noqa: PTH104 -- many

    def __enter__(self) -> MemberSpool:
        return self

    def __exit__(self, *_: object) -> None:
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)
