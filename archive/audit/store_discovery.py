"""Finds bags in an object store."""

from __future__ import annotations

from collections.abc import Iterator

from archive.audit.discover import DEPTH, SKIPPED, PassedOver, is_bag, is_package
from archive.bag.store.client import list_level
from archive.bag.store.place import StorePlace
from archive.errors import BagUnreadable


def find_in_store(root: str) -> Iterator[str | PassedOver]:
    """Yield the URL of every bag at or below a prefix. Raises `BagUnreadable`."""
    place = StorePlace.parse(root)
    if is_package(place.name) or place.scheme in ("http", "https"):
        yield str(place)
        return
    try:
        folders, names = list_level(place)
    except OSError as error:
        raise BagUnreadable(f"{place}: {error.strerror or error}") from error
    if not folders and not names:
        raise BagUnreadable(f"{place}: no such object, and nothing lies below it")
    yield from _below(place, folders, names, DEPTH)


def _below(place: StorePlace, folders: list[str], names: list[str], depth: int) -> Iterator[str | PassedOver]:
    if is_bag({*folders, *names}):
        yield str(place)
        return
    for name in names:
        if is_package(name):
            yield str(place.below(name))
    for folder in folders:
        below = place.below(folder)
        if folder.endswith(SKIPPED):
            continue
        if depth == 0:
            yield PassedOver(str(below), "nested too deep")
            continue
        try:
            further = list_level(below)
        except OSError as error:
            yield PassedOver(str(below), f"unreadable: {error.strerror or error}")
            continue
        yield from _below(below, *further, depth - 1)
