"""The seal beside a bag, wherever the bag is: of one in an object store, the few files of its seal are fetched."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

from archive.bag.store.place import StorePlace
from archive.trust.seal_folder import MOST_FILES, limit_of, seal_folder


@contextlib.contextmanager
def seal_beside(bag: Path) -> Iterator[Path]:
    """The seal folder of a bag. That of a bag in a store is copied to a temporary folder."""
    if not isinstance(bag, StorePlace):
        yield seal_folder(bag)
        return
    import tempfile

    with tempfile.TemporaryDirectory(prefix="archive-seal") as folder:
        yield _fetch(bag, Path(folder))


def _fetch(bag: StorePlace, into: Path) -> Path:
    """Fetch what may be in a seal folder. A file that is too large is cut, and then does not hold."""
    from archive.bag.store.client import list_objects, read_range

    place = StorePlace(bag.scheme, bag.container, str(seal_folder(Path(bag.key or bag.container))))
    folder = into / place.name
    if bag.scheme in ("http", "https"):  # a web server lists nothing: the seal is given with --seal
        return folder
    for (name, size), _ in zip(list_objects(place), range(MOST_FILES), strict=False):
        if size == 0 or ".." in name.split("/") or name.startswith("/"):
            continue
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(read_range(place.below(name), 0, min(size, limit_of(name) + 1)))
    return folder
