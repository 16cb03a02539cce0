"""One request to one cited address, and what it says about whether the thing is still there."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from typing import Any

from msgspec import Struct, to_builtins

from archive.net import Exchange, ExchangeLimits, HttpClient, Request
from archive.urls import parse

RESPONDS, GONE, REFUSED, UNREACHABLE = "responds", "gone", "refused", "unreachable"

CHANGED, BACK = "changed", "back"

MOST = 4 << 20
"""Bytes of a response that are read."""

_GONE = (404, 410)
_TITLE = re.compile(rb"<title[^>]*>(.{0,2000}?)</title", re.IGNORECASE | re.DOTALL)
_TITLE_WITHIN = 1 << 18


class Seen(Struct, frozen=True):
    """What a visit saw. Nothing of it is stored but this: a capture is what `archive fetch` makes."""

    state: str
    """`responds`, `gone`, `refused` (the server keeps us out: nothing is known) or `unreachable`."""
    status: int | None = None
    location: str | None = None
    """Where a redirect leads; it is not followed."""
    title: str | None = None
    sha256: str | None = None
    """Of what is no web page: a page differs at every visit."""
    reason: str | None = None

    def facts(self) -> dict[str, Any]:
        return {name: value for name, value in to_builtins(self).items() if value is not None}


def watch_limits() -> ExchangeLimits:
    """Bounds of one visit."""
    return ExchangeLimits(head=60, stall=30, whole=180, body_size=MOST)


def visit(client: HttpClient, url: str) -> Seen:
    """Make the one request. Raises nothing: what fails is what was seen."""
    exchange = client.exchange(Request(parse(url), "GET", (("Accept", "*/*"), ("Accept-Encoding", "identity"))))
    try:
        return _seen(exchange)
    finally:
        exchange.close()


def change_between(before: dict[str, Any] | None, seen: Seen) -> str | None:
    """`gone`, `back` or `changed`; None where nothing is new, or nothing is known."""
    if before is None or seen.state not in (RESPONDS, GONE):
        return None
    if before.get("state") != seen.state:
        return GONE if seen.state == GONE else BACK
    if seen.state == GONE or "status" not in before:
        return None
    now = seen.facts()
    compared = ("location", "title", "sha256")
    return CHANGED if any(before.get(name) != now.get(name) for name in compared) else None


def _seen(exchange: Exchange) -> Seen:
    status = exchange.status
    if status is None:
        reason = exchange.failure.reason if exchange.failure else "no response"
        return Seen(UNREACHABLE, reason=str(reason))
    if status in _GONE:
        return Seen(GONE, status)
    assert exchange.head is not None
    location = exchange.head.get("Location") if 300 <= status < 400 else None
    if location is None and not 200 <= status < 300:
        return Seen(REFUSED, status)
    kind = (exchange.head.get("Content-Type") or "").partition(";")[0].strip().lower()
    if kind in ("text/html", "application/xhtml+xml"):
        return Seen(RESPONDS, status, location, _title(exchange.payload()))
    digest = exchange.payload_sha256 if exchange.is_complete and location is None else None
    return Seen(RESPONDS, status, location, sha256=digest)


def _title(pieces: Iterator[bytes]) -> str | None:
    begin = b""
    for piece in pieces:
        begin += piece
        if len(begin) >= _TITLE_WITHIN:
            break
    found = _TITLE.search(begin[:_TITLE_WITHIN])
    return " ".join(html.unescape(found[1].decode("utf-8", "replace")).split()) if found else None
