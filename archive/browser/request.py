"""The requests of a page, and the responses that it gets."""

from __future__ import annotations

import base64
from collections.abc import Awaitable, Callable
from typing import Any

from msgspec import Struct


class PageRequest(Struct, frozen=True):
    """One request of a page, before anything was sent."""

    url: str
    method: str
    kind: str
    """The DevTools protocol's: `Document`, `Stylesheet`, `Image`, `Font`, `Script`, `XHR`, `Ping`, `Other`…"""
    headers: tuple[tuple[str, str], ...]
    body: bytes | None
    """None where it has one that the browser did not pass on."""
    is_main: bool = False
    """True for the page itself, frames aside."""

    def header(self, name: str) -> str:
        return next((value for key, value in self.headers if key.lower() == name.lower()), "")

    @property
    def is_for_another_origin(self) -> bool:
        """True where the page may read the response only if its headers permit it. (Fetch Standard, section 3.2)"""
        return bool(self.header("Origin"))


class PageResponse(Struct, frozen=True):
    """The response that the page gets."""

    status: int
    reason: str = ""
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    """Content coding undone."""
    load: Callable[[], bytes] | None = None
    """Loads the body, where it is large: one such at a time is in memory."""
    record: str | None = None
    """Id of the record that holds it."""
    note: str | None = None
    """What the page gets other than the record holds it, and why."""


class PageRefusal(Struct, frozen=True):
    """The page gets no response."""

    why: str
    error: str = "BlockedByClient"
    """The DevTools protocol's Network.ErrorReason."""
    record: str | None = None
    """Id of the record of the failed exchange, where there was one."""
    is_withheld: bool = True
    """False where it was requested and no response came."""


Responder = Callable[[PageRequest], Awaitable[PageResponse | PageRefusal]]
"""Responds to a request. It may take its time: other requests are handled meanwhile."""


def read_request(event: dict[str, Any], *, main_frame: str | None) -> PageRequest:
    """Read a `Fetch.requestPaused` event. (Chrome DevTools Protocol, Fetch domain)"""
    request = event["request"]
    return PageRequest(
        url=request["url"],
        method=request["method"],
        kind=event["resourceType"],
        headers=tuple(request.get("headers", {}).items()),
        body=_body(request),
        is_main=event["resourceType"] == "Document" and event.get("frameId") == main_frame,
    )


def _body(request: dict[str, Any]) -> bytes | None:
    entries = request.get("postDataEntries")
    if entries and all("bytes" in entry for entry in entries):
        return b"".join(base64.b64decode(entry["bytes"]) for entry in entries)
    return None if request.get("hasPostData") else b""
