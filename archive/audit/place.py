"""Where a copy is, as a URL: a folder or package of this machine, an object in a store."""

from __future__ import annotations

import os
from functools import lru_cache
from pathlib import Path
from urllib.parse import unquote_to_bytes, urlsplit

from archive.bag.store.place import SCHEMES as STORES
from archive.bag.store.place import StorePlace
from archive.errors import UsageProblem

LOCAL = "file"

PACKAGES = (".tar", ".tar.gz", ".tgz", ".zip")


def url_of(place: str) -> str:
    """The URL of a place as a person names it. Raises `UsageProblem` for a scheme that is not known."""
    scheme = scheme_of(place)
    if scheme is None:
        return Path(os.path.abspath(place)).as_uri()  # noqa: PTH100 -- a link in a path stays a link
    if scheme == LOCAL or scheme in STORES:
        return str(StorePlace.parse(place)).rstrip("/") if scheme in STORES else place
    raise UsageProblem(f"{place}: {scheme}:// is not supported; expected a path, {', '.join(STORES[:-1])}")


def scheme_of(place: str) -> str | None:
    """The scheme of a URL; None for a path."""
    scheme, mark, _ = place.partition("://")
    return scheme.lower() if mark and scheme.isalnum() and len(scheme) > 1 else None


def is_local(url: str) -> bool:
    return url.startswith("file:")


def path_of(url: str) -> Path:
    """The path of a `file:` URL; odd bytes of a name are as `os.fsdecode` gives them."""
    encoded = unquote_to_bytes(urlsplit(url).path)
    text = os.fsdecode(encoded)
    return Path(text[1:] if os.name == "nt" and text[2:3] == ":" else text)


def store_of(url: str) -> str:
    """What fails together: one mounted disk, or one bucket. Of a disk that is not mounted nobody can say."""
    if is_local(url):
        return _mount_of(path_of(url).parent).as_uri()
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


@lru_cache(maxsize=4096)
def _mount_of(folder: Path) -> Path:
    place = Path(os.path.realpath(folder))
    return next((each for each in (place, *place.parents) if os.path.ismount(each)), Path(place.anchor))


def shown(url: str) -> str:
    """A place as a person reads it: a plain path where it is one."""
    return os.fspath(path_of(url)) if is_local(url) else url


def bag_name(url: str) -> str:
    """The name of the bag at a place, without the ending of a package."""
    name = shown(url).rstrip("/").rpartition("/")[2]
    for ending in sorted(PACKAGES, key=len, reverse=True):
        if name.lower().endswith(ending):
            return name[: -len(ending)]
    return name
