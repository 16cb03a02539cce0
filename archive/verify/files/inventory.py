"""The files of a bag's payload, sorted by whether its manifests list them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from archive.bag.interface import UNKNOWN, Bag, Entry
from archive.bag.manifest_table import ManifestTable, SeenSizes
from archive.bag.system_files import advice_on


class Found:
    """Files as they are listed, one after the other; what no manifest lists is set aside."""

    def __init__(self, bag: Bag, stated: ManifestTable) -> None:
        self.stated = stated
        self.unlisted: dict[str, Entry] = {}
        self.otherwise_named: dict[str, int] = {}
        """Octets of files that are listed under another spelling of their names."""
        self._bag = bag
        self._accounted: set[str] = set()
        self._columns = list(enumerate(stated.algorithms))

    def listed(self, entries: Iterable[Entry]) -> Iterator[Entry]:
        """Let pass what a manifest lists."""
        for entry in entries:
            row = self.stated.row_of.get(entry.path)
            if row is None:
                self.unlisted[entry.path] = entry
            else:
                self.stated.sizes[row] = entry.size
                yield entry

    def listed_names(self, names: list[str]) -> list[str]:
        """The same for many names at once, without sizes."""
        sizes = self.stated.sizes
        rows = list(map(self.stated.row_of.get, names))
        if None in rows:
            unlisted = [name for name, row in zip(names, rows, strict=True) if row is None]
            self.unlisted.update((name, self._bag.measured(Entry(name, UNKNOWN, 0))) for name in unlisted)
            names = [name for name, row in zip(names, rows, strict=True) if row is not None]
        for row in rows:
            if row is not None:
                sizes[row] = 0
        return names

    def sizes(self) -> SeenSizes:
        """Octets of every payload file that is there, listed or not."""
        others = {path: entry.size for path, entry in self.unlisted.items()} | self.otherwise_named
        return SeenSizes(self.stated, others)

    def sizes_of_bag(self) -> SeenSizes:
        """The same without what an operating system put there: findings of their own, and nothing of the bag's."""
        unlisted = {path: entry.size for path, entry in self.unlisted.items() if advice_on(path) is None}
        return SeenSizes(self.stated, unlisted | self.otherwise_named)

    def account_for(self, path: str) -> None:
        """Take a listed path for found, although no file has just that name."""
        self._accounted.add(path)

    def missing(self) -> Iterator[str]:
        """Listed paths that no file was found for."""
        return (path for path in self.stated.missing() if path not in self._accounted)

    def is_there(self, path: str) -> bool:
        """True where a file of just that name is there, and listed."""
        row = self.stated.row_of.get(path)
        return row is not None and self.stated.sizes[row] >= 0

    def digests(self, path: str) -> dict[str, str]:
        """What the manifests state of a listed path, by algorithm."""
        stated, row = self.stated, self.stated.row_of[path]
        return {name: stated.digest(column, row).hex() for column, name in self._columns if stated.lists(column, row)}
