"""The statements of all payload manifests in one table, built for a million files."""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain

from archive_manifests.payload import ALGORITHMS

NOT_SEEN = -1


class ManifestTable:
    """Rows by path; a column of digests for each algorithm, bytes side by side.

    Paths are bare strings here: two objects a file less are 100 MB on a million files.
    """

    def __init__(self, algorithms: tuple[str, ...]) -> None:
        self.algorithms = algorithms
        self.row_of: dict[str, int] = {}
        self.sizes: array[int] = array("q")
        """Octets of each file as found, `NOT_SEEN` where none was."""
        self._widths = [ALGORITHMS[algorithm][1] // 2 for algorithm in algorithms]
        self._digests = [bytearray() for _ in algorithms]
        self._lists = [bytearray() for _ in algorithms]

    def __len__(self) -> int:
        return len(self.row_of)

    def column(self, algorithm: str) -> int:
        """The column of an algorithm."""
        return self.algorithms.index(algorithm)

    def add(self, column: int, path: str, digest: bytes) -> bool:
        """State a digest. False where this column states one for the path already; the first one stays."""
        known = len(self.row_of)
        row = self.row_of.setdefault(path, known)
        if row > len(self._lists[column]):
            self._fill(column, known)
        lists, digests = self._lists[column], self._digests[column]
        if row < len(lists):
            if lists[row]:
                return False
            width = self._widths[column]
            digests[row * width : (row + 1) * width] = digest
            lists[row] = 1
        else:
            digests += digest
            lists.append(1)
            if row == known:
                self.sizes.append(NOT_SEEN)
        return True

    def add_many(self, column: int, paths: Sequence[str], digests: bytes) -> bool:
        """State many digests at once; False, and nothing is stated, where that cannot be done.

        It can where all paths are new, or are the next ones in the order of the manifests before: nearly always.
        """
        row_of, lists = self.row_of, self._lists[column]
        start, end = len(lists), len(lists) + len(paths)
        if start == len(row_of):
            if not row_of.keys().isdisjoint(paths) or len(set(paths)) < len(paths):
                return False
            row_of.update(zip(paths, range(start, end), strict=True))
            self.sizes.extend([NOT_SEEN] * len(paths))
        elif list(map(row_of.get, paths)) != list(range(start, end)):
            return False
        self._digests[column] += digests
        lists.extend(b"\1" * len(paths))
        return True

    def fill(self) -> None:
        """Bring every column to the length of the table, once all manifests are read."""
        for column in range(len(self.algorithms)):
            self._fill(column, len(self.row_of))

    def _fill(self, column: int, length: int) -> None:
        short = length - len(self._lists[column])
        self._lists[column].extend(bytes(short))
        self._digests[column].extend(bytes(short * self._widths[column]))

    def lists(self, column: int, row: int) -> bool:
        return self._lists[column][row] != 0

    def digest(self, column: int, row: int) -> bytes:
        width = self._widths[column]
        return bytes(self._digests[column][row * width : (row + 1) * width])

    def digests(self, column: int, rows: list[int]) -> bytes:
        """The digests of many rows, end to end."""
        width, digests = self._widths[column], self._digests[column]
        return b"".join([digests[row * width : row * width + width] for row in rows])

    def width(self, column: int) -> int:
        return self._widths[column]

    def lists_all(self, column: int) -> bool:
        """True where a manifest lists every path that any manifest lists."""
        return 0 not in self._lists[column]

    def unlisted(self, column: int) -> Iterator[str]:
        """Paths that another manifest lists and this one does not."""
        lists = self._lists[column]
        return (path for path, row in self.row_of.items() if not lists[row])

    @property
    def seen(self) -> tuple[int, int]:
        """How many of the listed files were seen, and their octets."""
        unseen = self.sizes.count(NOT_SEEN)
        return len(self.sizes) - unseen, sum(self.sizes) - unseen * NOT_SEEN

    def missing(self) -> Iterator[str]:
        """Listed paths of which no file was seen."""
        sizes = self.sizes
        if NOT_SEEN not in sizes:
            return iter(())
        return (path for path, row in self.row_of.items() if sizes[row] == NOT_SEEN)


class StatedDigests(Mapping[str, str]):
    """What one manifest states of the files in some folders, as hex, without a copy of the table."""

    def __init__(self, stated: ManifestTable, algorithm: str, folders: tuple[str, ...]) -> None:
        self._stated = stated
        self._folders = folders
        self._column = stated.column(algorithm) if algorithm in stated.algorithms else None

    def __getitem__(self, path: str) -> str:
        row = self._stated.row_of[path]
        if self._column is None or not path.startswith(self._folders) or not self._stated.lists(self._column, row):
            raise KeyError(path)
        return self._stated.digest(self._column, row).hex()

    def __iter__(self) -> Iterator[str]:
        return (path for path in self._stated.row_of if path in self)

    def __len__(self) -> int:
        return sum(1 for _ in self)


class SeenSizes(Mapping[str, int]):
    """Octets of every payload file that is there, without a copy of the table."""

    def __init__(self, stated: ManifestTable, others: dict[str, int]) -> None:
        self._stated = stated
        self._others = others

    def __getitem__(self, path: str) -> int:
        row = self._stated.row_of.get(path)
        size = NOT_SEEN if row is None else self._stated.sizes[row]
        return self._others[path] if size == NOT_SEEN else size

    def __contains__(self, path: object) -> bool:
        row = self._stated.row_of.get(path) if isinstance(path, str) else None
        return path in self._others if row is None else self._stated.sizes[row] != NOT_SEEN

    def __iter__(self) -> Iterator[str]:
        sizes, row_of = self._stated.sizes, self._stated.row_of
        seen = (path for path, row in row_of.items() if sizes[row] != NOT_SEEN) if NOT_SEEN in sizes else row_of
        return chain(seen, self._others)

    def __len__(self) -> int:
        return self._stated.seen[0] + len(self._others)

    @property
    def octets(self) -> int:
        """Of all files together."""
        return self._stated.seen[1] + sum(self._others.values())
