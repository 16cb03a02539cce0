"""Opens a bag wherever it is: a folder, a package, an object store. Nothing is unpacked, nothing is followed."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from archive.bag.interface import Bag
from archive.bag.other_formats import HEAD, describe_other, is_tar_header
from archive.bag.store.place import is_store_url
from archive.errors import BagUnreadable, BagUnsupported
from archive_manifests.layout import DECLARATION

if TYPE_CHECKING:
    from archive.bag.tar_gz import FirstReading


_BESIDE = (".sha256", ".transfer.json")
"""Endings of what `pack` leaves beside a package."""


def open_bag(path: Path | str, ahead: FirstReading | None = None) -> Bag:
    """Open the bag at `path`: a folder, or a file whose format its first bytes show; its name does not count.

    A file of another format is no damaged package: what it is stands in the `BagUnsupported` that is raised.

    `ahead` reads the files of a compressed tar while they are listed. `path` may be the URL of an object store,
    `s3://bucket/R210517` or `https://example.org/R210517.tar`.
    What is odd about it is in `Bag.findings`. Raises `BagUnreadable` where there is nothing to look at.
    """
    if is_store_url(path):
        from archive.bag.store.bag import open_store_bag

        return open_store_bag(str(path), _package)
    place = Path(path)
    try:
        if place.is_dir():
            from archive.bag.folder import FolderBag

            return FolderBag(place)
        if not place.is_file():
            if place.exists():
                raise BagUnreadable(f"{place}: neither a folder nor a file")
            raise BagUnreadable(f"{place}: no such path").worded("no-path", path=str(place))
        with place.open("rb") as file:
            return _package(place, file.read(HEAD), ahead)
    except OSError as error:
        raise BagUnreadable(f"{place}: {error.strerror or error}") from error


def bag_around(place: Path) -> Path | None:
    """The bag that a path lies in, where it is a part of one and no bag itself; None for any other path."""
    real = place.resolve()
    if (real / DECLARATION).is_file():
        return None
    return next((folder for folder in real.parents if (folder / DECLARATION).is_file()), None)


def _package(place: Path, head: bytes, ahead: FirstReading | None = None) -> Bag:
    other = describe_other(head, place.name.lower())
    if other is not None:
        raise BagUnsupported(f"{place}: {other}", why=other)
    if _format_by_name(place.name.lower()) is not None and _is_text(head):
        why = f"named {place.suffix}, and it is a text file, no package; get the package again from who made it"
        raise BagUnsupported(f"{place}: {why}", why=why)
    opener = _opener(head, place.name.lower(), ahead)
    if opener is None:
        beside = next((place.name.removesuffix(end) for end in _BESIDE if place.name.endswith(end)), None)
        if beside is not None:
            text = f"{place}: lies beside the package of a bag; give the package, {beside}"
            raise BagUnreadable(text).worded("beside-package", path=str(place), package=beside)
        text = f"{place}: not a folder, a tar, a tar.gz or a zip"
        raise BagUnreadable(text).worded("no-package", path=str(place))
    return opener(place)


def _zip_or_wacz(place: Path) -> Bag:
    from archive.bag.wacz import WaczFile
    from archive.bag.zip import ZipBag

    bag = ZipBag(place)
    return WaczFile(place) if bag.is_wacz else bag


def _opener(head: bytes, name: str, ahead: FirstReading | None) -> Callable[[Path], Bag] | None:
    """What opens a package, by its first bytes; where these show nothing, by its name."""
    format_ = _format_by_head(head) or _format_by_name(name)
    if format_ == "tar":
        from archive.bag.tar import TarBag

        return TarBag
    if format_ == "tar.gz":
        from archive.bag.tar_gz import TarGzBag

        return partial(TarGzBag, ahead=ahead)
    return _zip_or_wacz if format_ == "zip" else None


_ENDS = {"tar.gz": (".tar.gz", ".tgz"), "zip": (".zip", ".wacz"), "tar": (".tar",)}


def _format_by_name(name: str) -> str | None:
    return next((kind for kind, ends in _ENDS.items() if name.endswith(ends)), None)


def _is_text(head: bytes) -> bool:
    """True of a beginning without a byte that only binary formats have: each kind of package has some."""
    return bool(head) and head.isascii() and not any(byte < 0x20 and byte not in b"\t\n\f\r" for byte in head)


def _format_by_head(head: bytes) -> str | None:
    if is_tar_header(head):
        return "tar"
    if head.startswith(b"\x1f\x8b"):
        return "tar.gz"
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return "zip"
    return "tar" if head[257:262] == b"ustar" else None
