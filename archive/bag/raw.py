"""Opens the bytes of a package, wherever it is: a file of this machine, or an object of a store."""

from __future__ import annotations

import io
from typing import BinaryIO, cast

from archive.bag.store.place import StorePlace, is_store_url


def open_raw(package: object, *, is_buffered: bool = True) -> BinaryIO:
    """The package as a file that can be read anywhere. Raises `OSError`."""
    if is_store_url(package):
        from archive.bag.store.file import StoreFile

        return cast(BinaryIO, StoreFile(StorePlace.parse(str(package))))
    buffering = -1 if is_buffered else 0
    return open(str(package), "rb", buffering=buffering)  # noqa: PTH123 -- whoever opens it closes it


def size_of_raw(file: BinaryIO) -> int:
    """Octets of an opened package; its position stays."""
    position = file.tell()
    size = file.seek(0, io.SEEK_END)
    file.seek(position)
    return size
