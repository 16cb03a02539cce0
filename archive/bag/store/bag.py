"""A bag in a store: an object for each file, or a package of which only what is needed is read."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import cast

from archive.bag.interface import CHUNK, Bag, Broken, Entry, Reader
from archive.bag.store.client import list_objects, read_range, size_of
from archive.bag.store.file import StoreFile
from archive.bag.store.place import StorePlace
from archive.errors import BagUnreadable


class StoreBag(Bag):
    """Lists all objects when it is opened: one request for a thousand."""

    def __init__(self, place: StorePlace) -> None:
        super().__init__(cast(Path, place), place.name)  # it has the attributes of a path that are used
        self._place = place
        try:
            found = dict(list_objects(place))
        except OSError as error:
            raise BagUnreadable(f"{place}: {error.strerror or error}") from error
        if not found:
            raise BagUnreadable(f"{place}: no such object, and nothing lies below it")
        marks = folder_marks(found)
        self._sizes = {path: size for path, size in found.items() if path not in marks}

    def tag_entries(self) -> list[Entry]:
        return [Entry(path, size, 0) for path, size in self._sizes.items() if not path.startswith("data/")]

    def payload_entries(self) -> Iterator[Entry]:
        return (Entry(path, size, 0) for path, size in self._sizes.items() if path.startswith("data/"))

    @property
    def has_payload_folder(self) -> bool:
        return any(path.startswith("data/") for path in self._sizes)

    def reader(self) -> Reader:
        return StoreReader(self._place)


class StoreReader(Reader):
    """Reads the objects below a place."""

    def __init__(self, place: StorePlace) -> None:
        self._place = place

    def chunks(self, entry: Entry) -> Iterator[bytes]:
        return self.chunks_from(entry, 0)

    def chunks_from(self, entry: Entry, start: int) -> Iterator[bytes]:
        try:
            file = StoreFile(self._place.below(entry.path), entry.size if entry.size >= 0 else None)
            file.seek(start)
            while data := file.read(CHUNK):
                yield data
        except FileNotFoundError as error:
            raise Broken("file-vanished", error.strerror or str(error)) from error
        except OSError as error:
            raise Broken("unreadable", error.strerror or str(error)) from error


def folder_marks(sizes: dict[str, int]) -> set[str]:
    """The empty objects that consoles of stores make where a person makes a folder: no files of a bag."""
    above: set[str] = set()
    for path in sizes:
        folder = path.rpartition("/")[0]
        while folder and folder not in above:
            above.add(folder)
            folder = folder.rpartition("/")[0]
    return {path for path, size in sizes.items() if size == 0 and path in above}


ENDINGS = (".tar", ".tar.gz", ".tgz", ".zip", ".wacz")


def open_store_bag(url: str, package: Callable[[Path, bytes], Bag]) -> Bag:
    """Open the bag at a URL; `package` opens what is one object. Raises `BagUnreadable`, `UsageProblem`."""
    place = StorePlace.parse(url)
    if not place.name.lower().endswith(ENDINGS):
        if place.scheme in ("http", "https"):
            raise BagUnreadable(f"{place}: a web server lists no folders; name a package ({', '.join(ENDINGS)})")
        return StoreBag(place)
    try:
        size = size_of(place)
        head = read_range(place, 0, min(512, size)) if size else b""
        return package(cast(Path, place), head)
    except OSError as error:
        raise BagUnreadable(f"{place}: {error.strerror or error}") from error
