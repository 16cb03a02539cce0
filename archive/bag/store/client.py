"""Requests to object stores. What goes wrong is an `OSError`, as of a disk; credentials never get into one."""

from __future__ import annotations

import contextlib
import errno
import json
import os
from collections.abc import Iterator
from datetime import timedelta
from functools import lru_cache
from typing import IO, TYPE_CHECKING, Any
from urllib.parse import urlsplit

from archive.bag.store.place import LOOPBACK, StorePlace
from archive.bag.store.reasons import reason_of
from archive.errors import AlreadyThere, UsageProblem
from archive.installation import install_command

if TYPE_CHECKING:
    from obstore import UpdateVersion
    from obstore.store import ObjectStore

CONNECT = timedelta(seconds=10)
STALL = timedelta(seconds=30)
"""Without a byte: a store that is stopped rather than off accepts connections and says nothing."""

WHOLE = timedelta(seconds=600)
"""Of one request: a request reads at most a window of a file."""

REFUSED = "the store refuses access (HTTP 401 or 403); check the credentials and their rights"

CHANGED = "somebody else wrote to it meanwhile; run the same command again"

RETRIES = 3
RETRY_FOR = timedelta(seconds=30)

SINGLE_PUT = 64 << 20
"""Bytes up to which an object is written by one conditional request; larger ones go in parts."""

_ENDPOINTS = {
    "s3": ("AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL", "AWS_ENDPOINT"),
    "az": ("AZURE_STORAGE_ENDPOINT", "AZURE_ENDPOINT"),
}


@lru_cache(maxsize=64)
def connect(store_url: str) -> ObjectStore:
    """The store at a URL. Credentials and endpoints come from where the provider's own tools take them."""
    scheme = store_url.partition("://")[0]
    options: Any = {"connect_timeout": CONNECT, "read_timeout": STALL, "timeout": WHOLE}
    options["allow_http"] = _is_on_loopback(store_url)
    retry: Any = {"max_retries": RETRIES, "retry_timeout": RETRY_FOR}
    # S3 computes the digest again on arrival, and refuses what was altered on the way.
    config: Any = {"checksum_algorithm": "sha256"} if scheme == "s3" else None
    with _as_os_errors(store_url):
        from obstore.store import from_url

        return from_url(store_url, config=config, client_options=options, retry_config=retry)


def list_objects(place: StorePlace) -> Iterator[tuple[str, int]]:
    """Key below the place and octets of every object."""
    prefix = f"{place.key}/" if place.key else ""
    with _as_os_errors(place):
        import obstore

        for batch in obstore.list(connect(place.store_url), place.key or None, chunk_size=1000):
            for found in batch:
                if found["path"].startswith(prefix):
                    yield found["path"][len(prefix) :], found["size"]


def list_level(place: StorePlace) -> tuple[list[str], list[str]]:
    """Names of the folders and of the objects directly below a place."""
    prefix = f"{place.key}/" if place.key else ""
    with _as_os_errors(place):
        import obstore

        found = obstore.list_with_delimiter(connect(place.store_url), place.key or None)
    folders = [each[len(prefix) :].strip("/") for each in found["common_prefixes"] if each.startswith(prefix)]
    names = [each["path"][len(prefix) :] for each in found["objects"] if each["path"].startswith(prefix)]
    return sorted(folders), sorted(names)


def size_of(place: StorePlace) -> int:
    """Octets of an object. Raises `FileNotFoundError`."""
    with _as_os_errors(place):
        import obstore

        return int(obstore.head(connect(place.store_url), place.key)["size"])


def read_range(place: StorePlace, start: int, length: int) -> bytes:
    """Some bytes of an object."""
    with _as_os_errors(place):
        import obstore

        return bytes(obstore.get_range(connect(place.store_url), place.key, start=start, length=length))


def create(place: StorePlace, content: bytes | IO[bytes], size: int) -> None:
    """Write a new object. Raises `AlreadyThere`: nothing is ever written over."""
    if size > SINGLE_PUT:  # parts cannot be written on a condition: look first
        with contextlib.suppress(FileNotFoundError):
            size_of(place)
            raise AlreadyThere(f"{place}: there already; choose another place")
    with _as_os_errors(place):
        import obstore

        store = connect(place.store_url)
        if size > SINGLE_PUT:
            obstore.put(store, place.key, content, chunk_size=16 << 20, max_concurrency=4)
        else:
            data = content if isinstance(content, bytes) else content.read()
            obstore.put(store, place.key, data, mode="create", use_multipart=False)


def version_of(place: StorePlace) -> UpdateVersion | None:
    """What an object is at this moment, for a condition; None where there is none."""
    with contextlib.suppress(FileNotFoundError), _as_os_errors(place):
        import obstore

        found = obstore.head(connect(place.store_url), place.key)
        version: UpdateVersion = {}
        if found["e_tag"] is not None:
            version["e_tag"] = found["e_tag"]
        if found["version"] is not None:
            version["version"] = found["version"]
        return version
    return None


def move_aside(place: StorePlace, old: StorePlace) -> None:
    """Copy an object to another key, within the store. Raises `AlreadyThere`: nothing is ever written over."""
    if version_of(old) is not None:
        raise AlreadyThere(f"{old}: there already; wait a second and run the same command again")
    with _as_os_errors(place):
        import obstore

        obstore.copy(connect(place.store_url), place.key, old.key)


def replace_object(place: StorePlace, content: IO[bytes], size: int, version: UpdateVersion | None) -> None:
    """Write an object in the place of the one of this version. Raises `OSError` where another is there by now."""
    if version is None:
        create(place, content, size)
        return
    with _as_os_errors(place):
        import obstore

        store = connect(place.store_url)
        if size <= SINGLE_PUT:
            obstore.put(store, place.key, content.read(), mode=version, use_multipart=False)
            return
        if version_of(place) != version:  # parts cannot be written on a condition: look last
            raise OSError(errno.EBUSY, CHANGED, str(place))
        obstore.put(store, place.key, content, chunk_size=16 << 20, max_concurrency=4)


def delete(place: StorePlace) -> None:
    """Delete an object."""
    with _as_os_errors(place):
        import obstore

        obstore.delete(connect(place.store_url), place.key)


@contextlib.contextmanager
def _as_os_errors(place: object) -> Iterator[None]:
    try:
        from obstore import exceptions
    except ImportError as error:
        raise UsageProblem(f"object stores need obstore: {install_command('stores')}") from error
    try:
        yield
    except (exceptions.NotFoundError, FileNotFoundError) as error:
        raise FileNotFoundError(errno.ENOENT, "no such object", str(place)) from error
    except exceptions.AlreadyExistsError as error:
        raise AlreadyThere(f"{place}: there already; choose another place") from error
    except exceptions.PreconditionError as error:
        raise OSError(errno.EBUSY, CHANGED, str(place)) from error
    except (exceptions.PermissionDeniedError, exceptions.UnauthenticatedError) as error:
        raise PermissionError(errno.EACCES, REFUSED, str(place)) from error
    except exceptions.BaseError as error:
        raise OSError(errno.EIO, reason_of(error), str(place)) from error
    except ValueError as error:
        raise UsageProblem(f"{place}: {reason_of(error)}") from error


def _google_endpoints() -> list[str]:
    """Where the key of a service account leads, as it does for Google's own emulators; empty for Google itself."""
    with contextlib.suppress(ValueError, AttributeError):
        named = json.loads(os.environ.get("GOOGLE_SERVICE_ACCOUNT_KEY") or "{}").get("gcs_base_url")
        return [str(named)] if named else []
    return []


def _is_on_loopback(store_url: str) -> bool:
    """True where plain HTTP is meant for this machine: a test's store, or one behind a tunnel."""
    parts = urlsplit(store_url)
    if parts.scheme in ("http", "https"):
        return parts.scheme == "http" and parts.hostname in LOOPBACK
    endpoints = [os.environ[name] for name in _ENDPOINTS.get(parts.scheme, ()) if os.environ.get(name)]
    if parts.scheme == "gs":
        endpoints = _google_endpoints()
    return bool(endpoints) and all(urlsplit(each).hostname in LOOPBACK for each in endpoints)
