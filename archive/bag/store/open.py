"""Opens a bag in a store: a prefix, or a package of which only what is needed is read."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import cast

from archive.bag.interface import Bag
from archive.bag.store.client import read_range, size_of
from archive.bag.store.folder import StoreBag
from archive.bag.store.place import StorePlace
from archive.errors import BagUnreadable

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
