"""Reads the files of a bag of many while its manifests are read: what these list is known only afterwards."""

from __future__ import annotations

from collections.abc import Iterator

from archive.bag.interface import Bag
from archive.bag.tagfiles import TagFiles
from archive.verify.files.reading import Batch, BatchRead
from archive.verify.files.workers import FEW, WorkerPool, by_number, number_for

_LONG_LINE = 256
"""Bytes that hardly a line of a manifest has."""
_USUAL_LINE = 128
_MOST_HELD = 1 << 15
"""Files that are read before the manifests are known: their digests wait in memory."""


class EarlyReading:
    """The files of one bag that are read before it is known which of them a manifest lists."""

    def __init__(self, bag: Bag, tags: TagFiles, pool: WorkerPool) -> None:
        """`pool` was started. Nothing is read of a bag that may have few files, or cannot be listed beforehand."""
        shortest = min((tags.entries[one.name].size for one in tags.payload_manifests), default=0)
        names = bag.payload_names() if shortest > FEW * _LONG_LINE else None
        self._left = self._batches(tags, names, shortest) if names is not None else None
        self.read: list[tuple[Batch, BatchRead]] = []
        """What was read early."""
        self._pool, self._tags = pool, tags
        self._files = 0
        self._is_early = True

    def step(self) -> None:
        """Take what was read, and hand out more, without waiting for anything.

        First `bag-info.txt` has to be known: it says how large the files are.
        """
        if self._left is not None and self._tags.info is not None and self._files < _MOST_HELD:
            self.read += self._pool.hand_out(self._left)

    def _batches(self, tags: TagFiles, names: Iterator[list[str]], octets: int) -> Iterator[Batch]:
        files = octets // _USUAL_LINE
        number = number_for(tags.oxum.octets // files if tags.oxum else 0)
        for batch in by_number(names, number):
            self._files += len(batch.paths)
            batch.is_early = self._is_early
            yield batch

    def end(self) -> Iterator[Batch] | None:
        """The batches that were not handed out, now that the manifests are known; None where nothing was read early."""
        self._is_early = False
        return self._left
