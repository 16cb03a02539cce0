"""Copies that files are taken from, each file checked against the digest it must have."""

from __future__ import annotations

import contextlib
import hashlib
import time
from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import BinaryIO

from archive.audit.errors import RepairRefused
from archive.audit.look import STALL
from archive.audit.stall import Stalled, within
from archive.bag.interface import Bag, Broken, Entry
from archive.bag.open import open_bag
from archive.bag.store.place import StorePlace
from archive.errors import ArchiveError

SLOW = 20.0
"""Seconds: a file whose reading breaks off only after so long was waited for, not refused."""

SLOW_FILES = 3
"""Files that are waited for in vain after which a copy is given up: a silent store costs its limit each time."""


class SourceCopy:
    """One copy, opened: a folder or a package."""

    def __init__(self, place: Path, bag: Bag, stall: float | None = STALL) -> None:
        self.place = place
        self.taken = 0
        """Files that were taken from it."""
        self.is_given_up = False
        """True where it does not respond: nothing more is read from it."""
        self._stall = stall
        self._slow = 0
        self._octets = 0
        self._bag = bag
        self._reader = bag.reader()
        self._entries = {entry.path: entry for entry in (*bag.tag_entries(), *bag.payload_entries())}

    def holds(self, path: str) -> bool:
        return path in self._entries and not self.is_given_up

    def copy(self, path: str, digests: Mapping[str, str], into: BinaryIO | None) -> bool:
        """Write a file where its digests are right; what was written is to be thrown away where they are not.

        With nothing to write to, it is only checked. A copy that does not respond is given up.
        """
        if not self.holds(path):
            return False
        began = time.monotonic()
        try:
            is_right = within(self._stall, partial(self._copy, path, digests, into), lambda: self._octets)
        except Stalled:
            self.is_given_up = True
            return False
        except (Broken, ArchiveError, OSError):
            self._slow += time.monotonic() - began >= SLOW
            self.is_given_up = self._slow >= SLOW_FILES
            return False
        self.taken += is_right
        return is_right

    def close(self) -> None:
        self._reader.close()
        self._bag.close()

    def _copy(self, path: str, digests: Mapping[str, str], into: BinaryIO | None) -> bool:
        hashers = {algorithm: hashlib.new(algorithm) for algorithm in digests}
        for chunk in self._chunks(self._entries[path]):
            self._octets += len(chunk)
            if into is not None:
                into.write(chunk)
            for hasher in hashers.values():
                hasher.update(chunk)
        return all(hasher.hexdigest() == digests[algorithm] for algorithm, hasher in hashers.items())

    def _chunks(self, entry: Entry) -> Iterator[bytes]:
        return self._reader.chunks(entry)


def open_source(place: Path, stack: contextlib.ExitStack, stall: float | None = STALL) -> SourceCopy | None:
    """Open a copy to take files from; None where that cannot be done. Raises `RepairRefused` where it hangs."""
    try:
        source = within(stall, partial(_opened, place, stall), lambda: 0)
    except Stalled as error:
        raise RepairRefused(f"{place}: {error}; name another copy with --from") from error
    except (ArchiveError, Broken, OSError):
        return None
    stack.callback(source.close)
    return source


def _opened(place: Path, stall: float | None) -> SourceCopy:
    return SourceCopy(place, open_bag(str(place) if isinstance(place, StorePlace) else place), stall)
