"""Reads a copy in an object store: all its bytes, streamed and hashed on arrival, several objects at once."""

from __future__ import annotations

import hashlib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from archive.audit.content import Content, ContentChanged, Pace, summed
from archive.audit.discover import is_package
from archive.bag.interface import CHUNK
from archive.bag.store.bag import folder_marks
from archive.bag.store.client import list_objects
from archive.bag.store.file import StoreFile
from archive.bag.store.place import StorePlace
from archive.trust.seal_folder import seal_folder
from archive_manifests.plain_text import plain_reason

AT_ONCE = 8
"""Objects of one copy that are read at once: each costs at least a round trip."""


def exists_in_store(place: StorePlace) -> bool:
    """True where there is an object, or something is below the place. Raises `OSError` where nobody can say."""
    from archive.bag.store.client import size_of

    if is_package(place.name):
        try:
            size_of(place)
        except FileNotFoundError:
            return False
        return True
    return next(iter(list_objects(place)), None) is not None


def of_store(place: StorePlace, algorithm: str, pace: Pace) -> Content:
    """Read every object of a copy. Raises `ContentChanged`."""
    try:
        if is_package(place.name):
            digest, octets = _hashed(place, None, algorithm, pace)
            return Content(f"{algorithm}:{digest}", octets, 1)
        return _of_objects(place, algorithm, pace)
    except OSError as error:
        raise ContentChanged(plain_reason(error)) from error


def seal_in_store(place: StorePlace) -> Content | None:
    """All bytes of the seal beside a copy; None where there is none."""
    seal = StorePlace(place.scheme, place.container, str(seal_folder(Path(place.key or place.container))))
    if place.scheme in ("http", "https"):
        return None
    found = _of_objects(seal, "sha256", Pace(None))
    return found if found.files else None


def _of_objects(place: StorePlace, algorithm: str, pace: Pace) -> Content:
    sizes = dict(list_objects(place))
    for mark in folder_marks(sizes):
        del sizes[mark]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        names = list(sizes)
        found = list(pool.map(lambda name: _hashed(place.below(name), sizes[name], algorithm, pace), names))
    digests = {name.encode("utf-8", "surrogateescape"): digest for name, (digest, _) in zip(names, found, strict=True)}
    return Content(summed(algorithm, digests), sum(octets for _, octets in found), len(digests), digests)


def _hashed(place: StorePlace, size: int | None, algorithm: str, pace: Pace) -> tuple[str, int]:
    digest = hashlib.new(algorithm)
    file = StoreFile(place, size)
    octets = 0
    while data := file.read(CHUNK):
        digest.update(data)
        octets += len(data)
        pace.took(len(data))
    return digest.hexdigest(), octets
