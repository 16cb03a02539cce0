"""Packages to and from object stores. What is there is never written over; digests are sent with the bytes."""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import cast

from archive.bag.interface import stem
from archive.bag.store.client import create, list_level, list_objects, size_of
from archive.bag.store.file import StoreFile
from archive.bag.store.place import StorePlace
from archive.errors import AlreadyThere, BagUnreadable, UsageProblem
from archive.handover.writing import require_space

PIECE = 8 << 20


def upload(places: Sequence[Path], folder: Path, to: StorePlace) -> tuple[Path, ...]:
    """Put the files and folders below `folder` into a store. Raises `AlreadyThere` before anything is written.

    The files beside a package come first, the package last: where it is, all that belongs to it is too.
    """
    if to.scheme in ("http", "https"):
        raise UsageProblem(f"{to}: a web server takes no uploads; name an object store (s3://, gs://, az://)")
    files = [file for place in places for file in _files_of(place)]
    targets = [(file, to.below(file.relative_to(folder).as_posix())) for file in files]
    for _, target in targets:
        with contextlib.suppress(FileNotFoundError):
            size_of(target)
            raise AlreadyThere(f"{target}: there already; choose another place")
    for file, target in reversed(targets):
        with file.open("rb") as stream:
            create(target, stream, file.stat().st_size)
    return tuple(cast(Path, to.below(place.relative_to(folder).as_posix())) for place in places)


def _files_of(place: Path) -> list[Path]:
    return [place] if place.is_file() else sorted(file for file in place.rglob("*") if file.is_file())


@contextlib.contextmanager
def fetched(packages: Sequence[Path], into: Path) -> Iterator[tuple[Path, ...]]:
    """The packages as local files: those of a store in a folder below `into` that goes again, with what is beside."""
    if not any(isinstance(package, StorePlace) for package in packages):
        yield tuple(packages)
        return
    into.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".fetching-", dir=into) as folder:
        local = [_fetch(one, Path(folder)) if isinstance(one, StorePlace) else one for one in packages]
        yield tuple(local)


def _fetch(package: StorePlace, folder: Path) -> Path:
    try:
        require_space(folder, size_of(package))
        for place in (*_beside(package), package):
            _download(place, folder / place.name)
        seal = package.with_name(f"{stem(package.name)}.seal")
        if package.scheme not in ("http", "https"):
            for name, _ in list_objects(seal):
                if ".." not in name.split("/"):
                    _download(seal.below(name), folder / seal.name / name)
    except OSError as error:
        raise BagUnreadable(f"{package}: {error.strerror or error}") from error
    return folder / package.name


def _beside(package: StorePlace) -> Iterator[StorePlace]:
    """The checksum, the list and the seal of a package, where they are."""
    names = [f"{package.name}.sha256", f"{stem(package.name)}.seal.tar", f"{stem(package.name)}.transfer.json"]
    if package.scheme in ("http", "https"):
        for name in names:
            with contextlib.suppress(OSError):
                size_of(package.with_name(name))
                yield package.with_name(name)
        return
    folder = StorePlace(package.scheme, package.container, package.key.rpartition("/")[0])
    there = set(list_level(folder)[1])
    yield from (package.with_name(name) for name in names if name in there)


def _download(place: StorePlace, to: Path) -> None:
    to.parent.mkdir(parents=True, exist_ok=True)
    source = StoreFile(place)
    with to.open("xb") as file:
        while data := source.read(PIECE):
            file.write(data)
