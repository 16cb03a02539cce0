"""Copies that files are taken from, each file checked against the digest it must have."""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import BinaryIO

from archive.bag.interface import Bag, Broken, Entry
from archive.bag.open import open_bag
from archive.bag.store.place import StorePlace
from archive.errors import ArchiveError


class SourceCopy:
    """One copy, opened: a folder or a package."""

    def __init__(self, place: Path, bag: Bag) -> None:
        self.place = place
        self.taken = 0
        """Files that were taken from it."""
        self._bag = bag
        self._reader = bag.reader()
        self._entries = {entry.path: entry for entry in (*bag.tag_entries(), *bag.payload_entries())}

    def holds(self, path: str) -> bool:
        return path in self._entries

    def copy(self, path: str, digests: Mapping[str, str], into: BinaryIO | None) -> bool:
        """Write a file where its digests are right; what was written is to be thrown away where they are not.

        With nothing to write to, it is only checked.
        """
        if path not in self._entries:
            return False
        hashers = {algorithm: hashlib.new(algorithm) for algorithm in digests}
        try:
            for chunk in self._chunks(self._entries[path]):
                if into is not None:
                    into.write(chunk)
                for hasher in hashers.values():
                    hasher.update(chunk)
        except (Broken, ArchiveError):
            return False
        is_right = all(hasher.hexdigest() == digests[algorithm] for algorithm, hasher in hashers.items())
        self.taken += is_right
        return is_right

    def close(self) -> None:
        self._reader.close()
        self._bag.close()

    def _chunks(self, entry: Entry) -> Iterator[bytes]:
        return self._reader.chunks(entry)


def open_source(place: Path, stack: contextlib.ExitStack) -> SourceCopy | None:
    """Open a copy to take files from; None where that cannot be done."""
    try:
        source = SourceCopy(place, open_bag(str(place) if isinstance(place, StorePlace) else place))
    except (ArchiveError, Broken, OSError):
        return None
    stack.callback(source.close)
    return source
