"""Whether two places are one copy: a link, a second mount and hard links are lost together with what they show."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from sqlalchemy import Connection, select

from archive.audit.catalogue.schema import bag_copy
from archive.audit.discover import MARKS
from archive.audit.place import is_local, path_of, shown

WHY = "the same files as {place}, which is in the catalogue: a link is no other copy"


def behind_link(url: str) -> str:
    """The URL of what is at a place once every link on the way is followed."""
    return Path(os.path.realpath(path_of(url))).as_uri() if is_local(url) else url


def same_copy(connection: Connection, url: str, bag_id: str | None) -> str | None:
    """The place of a copy of this bag in the catalogue that is the same files; None where there is none."""
    if bag_id is None or not is_local(url):
        return None
    places = connection.execute(select(bag_copy.c.url).where(bag_copy.c.bag_id == bag_id, bag_copy.c.url != url))
    for other in places.scalars():
        if is_local(other) and is_same(path_of(url), path_of(other)):
            return shown(other)
    return None


def is_same(one: Path, other: Path) -> bool:
    """True for one folder or file under two names, and for folders whose manifests are hard links."""
    pairs = [(one, other), *((one / name, other / name) for name in MARKS)]
    return any(first == second for first, second in _identities(pairs))


def _identities(pairs: Iterable[tuple[Path, Path]]) -> Iterator[tuple[tuple[int, int], tuple[int, int]]]:
    """Device and inode of those that are both there; some file systems number nothing."""
    for one, other in pairs:
        try:
            first, second = one.stat(), other.stat()
        except OSError:
            continue
        if first.st_ino and second.st_ino:
            yield (first.st_dev, first.st_ino), (second.st_dev, second.st_ino)
