"""Writes the files of a package that was judged, by our own reader, into a folder that did not exist before."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from archive.bag.interface import Bag, Broken
from archive.handover.judge import Refused
from archive.posix import sync_folder
from archive.verify.catalogue import tell
from archive_manifests.paths import BagPath


def unpack(bag: Bag, base: Path) -> None:
    """Write every file of the bag below `base`. Raises `Refused` where the package breaks on the way, `OSError`.

    Files are plain ones, made new and never opened again; neither modes nor times nor owners are taken over.
    """
    (base / "data").mkdir(parents=True)
    reader = bag.reader()
    try:
        for entry in bag.tag_entries():
            write_entry(base, entry.path, entry.size, reader.chunks(entry))
        for entry, chunks in bag.stream():
            write_entry(base, entry.path, entry.size, chunks)
    except Broken as broken:
        raise Refused([tell(broken.code, note=broken.note)]) from broken
    finally:
        reader.close()
    sync_tree(base)


def write_entry(base: Path, path: str, size: int, chunks: Iterator[bytes]) -> None:
    assert BagPath(path).is_inside
    place = base / path
    place.parent.mkdir(parents=True, exist_ok=True)
    count = 0
    with place.open("xb") as file:
        for chunk in chunks:
            count += len(chunk)
            if count > size:
                raise Broken("package-limit", f"{path[:200]}: more than the {size:,} bytes that were announced")
            file.write(chunk)
        file.flush()
        os.fsync(file.fileno())


def sync_tree(base: Path) -> None:
    """Have every folder's entries on the disk."""
    for folder, _, _ in os.walk(base):
        sync_folder(Path(folder))
