"""What a page asks for, and what it is told."""

from __future__ import annotations

import base64
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Asked:
    """One request of a page, before anything was sent."""

    url: str
    method: str
    kind: str
    """The DevTools protocol's: `Document`, `Stylesheet`, `Image`, `Font`, `Script`, `XHR`, `Ping`, `Other`…"""
    headers: tuple[tuple[str, str], ...]
    body: bytes | None
    """None where it has one that was not handed over."""
    is_main: bool = False
    """True for the page itself, frames aside."""

    def header(self, name: str) -> str:
        return next((value for key, value in self.headers if key.lower() == name.lower()), "")

    @property
    def is_for_another_origin(self) -> bool:
        """True where the browser will want the answer's leave before the page may read it. (Fetch Standard, 3.2)"""
        return bool(self.header("Origin"))


@dataclass(frozen=True, slots=True)
class Answer:
    """What the page gets."""

    status: int
    reason: str = ""
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    """Content coding undone."""
    load: Callable[[], bytes] | None = None
    """Brings the body, where it is large: one such at a time is in the memory."""
    record: str | None = None
    """Id of the record that holds it."""
    note: str | None = None
    """What the page does not get as the record holds it, and why."""


@dataclass(frozen=True, slots=True)
class Refused:
    """The page gets no answer."""

    why: str
    error: str = "BlockedByClient"
    """The DevTools protocol's Network.ErrorReason."""
    record: str | None = None
    """Of the failed exchange, where one was tried."""
    is_withheld: bool = True
    """False where it was asked for and did not come."""


Answers = Callable[[Asked], Awaitable[Answer | Refused]]
"""Whoever answers. May take its time: other requests are answered meanwhile."""


def asked(event: dict[str, Any], *, main_frame: str | None) -> Asked:
    """Read a `Fetch.requestPaused` event. (Chrome DevTools Protocol, Fetch domain)"""
    request = event["request"]
    return Asked(
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
