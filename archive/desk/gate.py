"""The gate before every request of the desk: who may talk to it. Nothing else decides that.

Deny by default: another website in another tab, another program's page, another name that resolves to this machine,
and another user of the machine are refused before anything is routed.
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field
from http.cookies import CookieError, SimpleCookie
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

COOKIE = "archive-desk"
LARGEST_FORM = 1 << 20
"""Bytes of a body that is no upload."""
OPENING = frozenset(
    {("GET", "/open"), ("GET", "/open.js"), ("GET", "/open.css"), ("GET", "/favicon.ico"), ("POST", "/open")}
)
"""What is answered without the cookie: the page that trades the code of the link for it."""
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT"})
_CHANGING = frozenset({"POST", "PUT"})

# `same-origin` and not `no-referrer`: with that one, browsers send `Origin: null` with our own forms. (Fetch, 3.2)
_ALWAYS = (
    ("Content-Security-Policy",
     "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self';"
     " base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
    ("Referrer-Policy", "same-origin"),
    ("X-Content-Type-Options", "nosniff"),
    ("X-Frame-Options", "DENY"),
    ("X-DNS-Prefetch-Control", "off"),
    ("Cache-Control", "no-store"),
    ("Permissions-Policy", "camera=(), microphone=(), geolocation=(), usb=(), serial=(), hid=(), payment=(),"
     " display-capture=(), midi=(), clipboard-read=(), browsing-topics=()"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Access:
    """The secrets of one run of the desk: they live in memory, and in the browser that was let in."""

    port: int
    path: str = field(default_factory=lambda: secrets.token_hex(12))
    """The first part of every path: 96 bits. The cookie is sent below it only, since cookies know no ports."""
    cookie: str = field(default_factory=lambda: secrets.token_urlsafe(32))

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.port}"

    @property
    def origin(self) -> str:
        return f"http://{self.host}"

    @property
    def set_cookie(self) -> str:
        """The header that lets a browser in. (RFC 6265bis: never sent along with another site's request)"""
        return f"{COOKIE}={self.cookie}; Path=/{self.path}/; HttpOnly; SameSite=Strict"


class Gate:
    """The outermost ASGI application. It refuses, or passes on with headers that bind the browser."""

    def __init__(self, app: ASGIApp, access: Access) -> None:
        self._app, self._access = app, access

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] != "http":
            raise RuntimeError("the desk speaks HTTP alone")
        refused = self.refusal(scope)
        if refused:
            await _refuse(send, refused)
            return

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*_without_ours(message.get("headers", ())), *_encoded(_ALWAYS)]
            await send(message)

        await self._app(scope, receive, guarded)

    def refusal(self, scope: Scope) -> int:
        """The status with which a request is refused; 0 where it may pass."""
        headers: list[tuple[bytes, bytes]] = scope["headers"]
        method, path = scope["method"], scope["path"]
        if _all(headers, b"host") != [self._access.host]:
            return 421  # another name that resolves to this machine (DNS rebinding); `localhost` too
        if method not in _METHODS:
            return 405
        if not self._is_from_us(headers, method):
            return 403
        if (method, path) in OPENING:
            return 0
        first = path.lstrip("/").partition("/")[0]
        if not hmac.compare_digest(first.encode(), self._access.path.encode()):
            return 404
        if not self._has_cookie(headers):
            return 403
        return 413 if method == "POST" and _length(headers) > LARGEST_FORM else 0

    def _is_from_us(self, headers: list[tuple[bytes, bytes]], method: str) -> bool:
        """Whether the page that sent the request is our own, or nobody's: an address that a person typed."""
        origins, sites = _all(headers, b"origin"), _all(headers, b"sec-fetch-site")
        if any(site not in ("none", "same-origin") for site in sites):
            return False  # `same-site` is another port of this machine
        if method in _CHANGING:
            return origins == [self._access.origin]
        return all(origin == self._access.origin for origin in origins)

    def _has_cookie(self, headers: list[tuple[bytes, bytes]]) -> bool:
        found = []
        for text in _all(headers, b"cookie"):
            try:
                jar = SimpleCookie(text)
            except CookieError:
                return False
            found += [jar[COOKIE].value] if COOKIE in jar else []
        return any(hmac.compare_digest(value.encode(), self._access.cookie.encode()) for value in found)


def _all(headers: Iterable[tuple[bytes, bytes]], name: bytes) -> list[str]:
    return [value.decode("latin-1") for key, value in headers if key.lower() == name]


def _length(headers: Iterable[tuple[bytes, bytes]]) -> int:
    """The stated length of the body; without one, more than any form has."""
    stated = _all(headers, b"content-length")
    return int(stated[0]) if len(stated) == 1 and stated[0].isdecimal() else LARGEST_FORM + 1


def _encoded(headers: Iterable[tuple[str, str]]) -> list[tuple[bytes, bytes]]:
    return [(name.lower().encode(), value.encode()) for name, value in headers]


def _without_ours(headers: Iterable[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    ours = {name.lower().encode() for name, _ in _ALWAYS}
    return [(name, value) for name, value in headers if name.lower() not in ours]


async def _refuse(send: Send, status: int) -> None:
    """An empty answer; the connection ends, so that a body that was refused is not read as the next request."""
    headers = [*_encoded(_ALWAYS), (b"content-length", b"0"), (b"connection", b"close")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": b""})
