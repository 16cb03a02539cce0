"""Requests the checksum that S3 keeps with an object: HEAD with `x-amz-checksum-mode`, which obstore cannot sign.

The store computed it when the object was written. Nobody reads the bytes for the response.
"""

from __future__ import annotations

import base64
import binascii
import contextlib
import errno
import os
import time
from collections.abc import Callable
from datetime import UTC, datetime
from urllib.parse import urlsplit

from msgspec import Struct

from archive.bag.store.client import REFUSED
from archive.bag.store.place import LOOPBACK, StorePlace
from archive.bag.store.sigv4 import AwsKeys, SigningScope, encoded_path, signed_fields
from archive.errors import UsageProblem
from archive.net import ClientSettings, Exchange, ExchangeLimits, HttpClient, Request
from archive.urls import Url, UrlError, parse

LIMITS = ExchangeLimits(head=30, stall=30, whole=60, body_size=1 << 20)

ENDPOINTS = ("AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL", "AWS_ENDPOINT")

REGIONS = ("AWS_REGION", "AWS_DEFAULT_REGION")

NO_KEYS = (
    "no AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY in the environment, which checksums of a store need: run"
    ' `eval "$(aws configure export-credentials --format env)"`, or read the copies in full (--method full-read)'
)

_FIELD = "x-amz-checksum-"


PAUSES = (0.2, 1.0)
"""Seconds before a request is repeated that gave no usable response."""


class StoreBusy(OSError):
    """No usable response this time."""


class StatedChecksum(Struct, frozen=True):
    """What a store states about one object."""

    sha256: str | None
    """Hex, of the whole object; None where the store states none."""
    others: tuple[str, ...] = ()
    """Names of other checksums that it states: comparable with no manifest."""


class S3Heads:
    """Makes the requests, with the keys of the environment."""

    def __init__(self, client: HttpClient, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._client = client
        self._now = now
        self._region = _first(REGIONS) or "us-east-1"
        self._endpoint = _endpoint(self._region)
        self._keys = _keys()

    def stated(self, place: StorePlace) -> StatedChecksum:
        """The checksums of one object. Raises `FileNotFoundError`, `PermissionError`, `OSError`."""
        for pause in PAUSES:
            with contextlib.suppress(StoreBusy):
                return self._once(place)
            time.sleep(pause)
        return self._once(place)

    def _once(self, place: StorePlace) -> StatedChecksum:
        path = encoded_path(place.container, place.key)
        url = _url(f"{self._endpoint}{path}")
        fields = {"Host": url.authority, "X-Amz-Checksum-Mode": "ENABLED"}
        if self._keys is not None:
            fields = signed_fields("HEAD", url.target, fields, self._keys, SigningScope(self._now(), self._region))
        request = Request(url, "HEAD", (*fields.items(), ("Accept-Encoding", "identity")))
        exchange = self._client.exchange(request)
        try:
            return _statement(exchange, place)
        finally:
            exchange.close()


def head_client() -> HttpClient:
    """A client for a store that the user named: it may be on a private network, as stores are."""
    return HttpClient(ClientSettings(limits=LIMITS, allow_private=True))


def _statement(exchange: Exchange, place: StorePlace) -> StatedChecksum:
    if exchange.head is None:
        why = exchange.failure.reason if exchange.failure is not None else "no response"
        raise StoreBusy(errno.EIO, f"no usable response ({why})", str(place))
    status = exchange.head.status
    if status == 404:
        raise FileNotFoundError(errno.ENOENT, "no such object", str(place))
    if status in (401, 403):
        raise PermissionError(errno.EACCES, REFUSED, str(place))
    if status != 200:
        raise (StoreBusy if status >= 500 else OSError)(errno.EIO, f"HTTP {status}", str(place))
    return read_statement({name.lower(): value for name, value in exchange.head.fields})


def read_statement(fields: dict[str, str]) -> StatedChecksum:
    """The checksums among the fields of a response, names in lower case. (API reference, HeadObject)"""
    stated = {name[len(_FIELD) :]: value.strip() for name, value in fields.items() if name.startswith(_FIELD)}
    kind = stated.pop("type", "FULL_OBJECT").upper()
    sha256 = _whole(stated["sha256"]) if "sha256" in stated and kind == "FULL_OBJECT" else None
    return StatedChecksum(sha256, tuple(sorted(name for name in stated if name != "sha256" or sha256 is None)))


def _whole(value: str) -> str | None:
    """The hex digest; None for a checksum over the checksums of parts, which ends in `-N`."""
    try:
        raw = base64.b64decode(value, validate=True)
    except (ValueError, binascii.Error):
        return None
    return raw.hex() if len(raw) == 32 else None


def _endpoint(region: str) -> str:
    given = _first(ENDPOINTS)
    if given is None:
        return f"https://s3.{region}.amazonaws.com"
    parts = urlsplit(given)
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in LOOPBACK):
        raise UsageProblem("the endpoint of the store: expected https://; http:// is for stores on this machine")
    return f"{parts.scheme}://{parts.netloc}{parts.path.rstrip('/')}"


def _keys() -> AwsKeys | None:
    """The keys of the environment; None where requests are not to be signed. Raises `UsageProblem`."""
    if os.environ.get("AWS_SKIP_SIGNATURE", "").lower() in ("true", "1"):
        return None
    access, secret = os.environ.get("AWS_ACCESS_KEY_ID"), os.environ.get("AWS_SECRET_ACCESS_KEY")
    if not access or not secret:
        raise UsageProblem(NO_KEYS)
    return AwsKeys(access, secret, os.environ.get("AWS_SESSION_TOKEN") or None)


def _first(names: tuple[str, ...]) -> str | None:
    return next((os.environ[name] for name in names if os.environ.get(name)), None)


def _url(text: str) -> Url:
    try:
        return parse(text)
    except UrlError as error:
        raise UsageProblem(f"the endpoint of the store is no URL: {error}") from error
