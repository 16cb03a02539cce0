"""Finds bags below a folder or a prefix of a store: what declares itself one or looks like one, and packages."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TypeVar

from msgspec import Struct

from archive.audit.place import PACKAGES, is_local, path_of, url_of
from archive.bag.open import open_bag
from archive.bag.store.place import StorePlace
from archive.errors import BagUnreadable

MARKS = ("bagit.txt", "manifest-sha256.txt", "manifest-sha512.txt", "manifest-sha1.txt", "manifest-md5.txt")
"""A folder with one of these, and a `data` folder or a declaration, is a bag, also a broken one."""

SKIPPED = (".seal", ".part", ".repairing")
"""What is beside bags: seals, and work folders that are no bags yet."""

SET_ASIDE = re.compile(r"\.damaged-[0-9]{8}T[0-9]{6}Z$")
"""Ends the name that a repair gives to the damaged copy. To take it in again would alarm for ever."""

WHY_ASIDE = "the damaged copy that a repair left"

DEPTH = 64

SILENT_LISTINGS = 3
"""Folders of a store in a row that cannot be listed, after which it is given up: each is waited for."""

NOT_LISTED = "the store does not respond; what else is below the root was not listed, run the same command again later"

Found = TypeVar("Found")


class SkippedPath(Struct, frozen=True):
    """A file or folder that was not looked into, and why."""

    place: str
    why: str
    is_unread: bool = False
    """True where a bag may be there: nobody could look."""


def find_bags(root: Path) -> Iterator[Path | SkippedPath]:
    """Yield every bag at or below a folder, and what was passed over. Links are not followed.

    Raises `BagUnreadable` where there is nothing to look at.
    """
    if root.is_file():
        yield root
        return
    if not root.is_dir():
        raise BagUnreadable(f"{root}: {'neither a folder nor a file' if root.exists() else 'no such path'}")
    yield from or_nothing(os.fspath(root), _below(os.fspath(root), DEPTH))


def check_roots(roots: Iterable[str]) -> None:
    """Raise `BagUnreadable` for a path that is not there, and where no root can be a bag or have one below it."""
    paths = [path_of(url) if is_local(url) else None for url in map(url_of, roots)]
    for path in paths:
        if path is not None and not path.exists():
            raise BagUnreadable(f"{path}: no such path")
    if all(path is not None and path.is_file() and not _may_be_package(path) for path in paths):
        for path in filter(None, paths):
            with open_bag(path):
                return


def _may_be_package(path: Path) -> bool:
    return is_package(path.name) or path.name.lower().endswith(".wacz")


def or_nothing(root: str, found: Iterable[Found | SkippedPath]) -> Iterator[Found | SkippedPath]:
    """What was found, and a note where no bag is among it: a disk that is not mounted is an empty folder."""
    is_empty = True
    for one in found:
        is_empty = is_empty and isinstance(one, SkippedPath) and not one.is_unread
        yield one
    if is_empty:
        yield SkippedPath(root, "no bag is at or below it; is the disk mounted, is the name right?", is_unread=True)


def _below(folder: str, depth: int) -> Iterator[Path | SkippedPath]:
    try:
        with os.scandir(folder) as listing:
            entries = sorted(listing, key=lambda entry: entry.name)
    except OSError as error:
        yield SkippedPath(folder, error.strerror or str(error), is_unread=True)
        return
    if is_bag({entry.name for entry in entries}):
        yield Path(folder)
        return
    for entry in entries:
        yield from _entry(entry, depth)


def _entry(entry: os.DirEntry[str], depth: int) -> Iterator[Path | SkippedPath]:
    if entry.is_symlink():
        yield SkippedPath(entry.path, "a link is not followed")
    elif SET_ASIDE.search(entry.name):
        yield SkippedPath(entry.path, WHY_ASIDE)
    elif entry.is_dir(follow_symlinks=False):
        if entry.name.endswith(SKIPPED):
            return
        if depth == 0:
            yield SkippedPath(entry.path, "nested too deep", is_unread=True)
            return
        yield from _below(entry.path, depth - 1)
    elif is_package(entry.name):
        is_file = entry.is_file(follow_symlinks=False)
        yield Path(entry.path) if is_file else SkippedPath(entry.path, "neither a folder nor a file", is_unread=True)
    elif entry.name.lower().endswith(".wacz"):
        yield SkippedPath(entry.path, "a WACZ, which is no bag; to add it, name the file itself")


def is_package(name: str) -> bool:
    """True for a name that a bag in one file may have; a seal beside a package is none."""
    return name.lower().endswith(PACKAGES) and not name.endswith(".seal.tar")


def is_bag(names: set[str]) -> bool:
    """True for a folder in which these names are."""
    return "bagit.txt" in names or ("data" in names and any(mark in names for mark in MARKS))


def find_in_store(root: str) -> Iterator[str | SkippedPath]:
    """Yield the URL of every bag at or below a prefix. Raises `BagUnreadable`."""
    from archive.bag.store.client import list_level

    place = StorePlace.parse(root)
    if is_package(place.name) or place.scheme in ("http", "https"):
        yield str(place)
        return
    try:
        folders, names = list_level(place)
    except OSError as error:
        raise BagUnreadable(f"{place}: {error.strerror or error}") from error
    silence = _Silence()
    if not folders and not names:
        raise BagUnreadable(f"{place}: no such object, and nothing lies below it")
    yield from or_nothing(str(place), _below_in_store(place, folders, names, DEPTH, silence))


class _Silence(Struct):
    """How often in a row a store gave no listing."""

    times: int = 0

    @property
    def is_over(self) -> bool:
        return self.times >= SILENT_LISTINGS


def _below_in_store(
    place: StorePlace, folders: list[str], names: list[str], depth: int, silence: _Silence
) -> Iterator[str | SkippedPath]:
    from archive.bag.store.client import list_level

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
        if SET_ASIDE.search(folder):
            yield SkippedPath(str(below), WHY_ASIDE)
            continue
        if depth == 0:
            yield SkippedPath(str(below), "nested too deep", is_unread=True)
            continue
        if silence.is_over:  # each further listing would wait as long
            return
        try:
            further = list_level(below)
        except PermissionError as error:
            yield SkippedPath(str(below), error.strerror or str(error), is_unread=True)
            continue
        except OSError as error:
            silence.times += 1
            yield SkippedPath(str(below), error.strerror or str(error), is_unread=True)
            if silence.is_over:
                yield SkippedPath(place.store_url, NOT_LISTED, is_unread=True)
            continue
        silence.times = 0
        yield from _below_in_store(below, *further, depth - 1, silence)
