"""The gate before every request of the desk: who may talk to it. Nothing else decides that.

Deny by default: another website in another tab, another program's page, another name that resolves to this machine,
and another user of the machine are refused before anything is routed.
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from msgspec import Struct, field

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

COOKIE = "archive-desk"
LARGEST_FORM = 1 << 20
"""Bytes of a body that is no upload."""
OPENING = frozenset(
    {("GET", "/open"), ("GET", "/open.js"), ("GET", "/open.css"), ("GET", "/favicon.ico"), ("POST", "/open")}
)
"""What is answered without the cookie: the page that trades the code of the link for it."""
_TYPED = frozenset({("GET", "/open"), ("HEAD", "/open")})
"""What another page may lead to: the file that the desk has the browser open is one, of the origin `null`."""
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


class Access(Struct, frozen=True):
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

    def __init__(
        self, app: ASGIApp, access: Access, explain: Callable[[str], bytes], noticed: Callable[[], None]
    ) -> None:
        """`explain` renders the page for a person who is not let in, given the languages that the browser accepts.

        `noticed` is called for each request that is let in.
        """
        self._app, self._access, self._explain, self._noticed = app, access, explain, noticed

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] != "http":
            raise RuntimeError("the desk speaks HTTP alone")
        refused = self.refusal(scope)
        if refused:
            accepted = ",".join(_all(scope["headers"], b"accept-language"))
            await _refuse(send, refused, self._explain(accepted) if self._is_person(scope) else b"")
            return

        self._noticed()

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
        if (method, path) in _TYPED and self._is_visit(headers):
            return 0
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

    def _is_visit(self, headers: list[tuple[bytes, bytes]]) -> bool:
        """Whether a tab is led here: not a frame, an image or a script of another page."""
        return set(_all(headers, b"sec-fetch-dest")) <= {"document"} and not _all(headers, b"origin")

    def _is_person(self, scope: Scope) -> bool:
        """Whether a refused request is a visit under a name of this machine that a person would type."""
        headers: list[tuple[bytes, bytes]] = scope["headers"]
        names = [self._access.host], [f"localhost:{self._access.port}"]
        is_tab = _all(headers, b"sec-fetch-dest") == ["document"] and not _all(headers, b"origin")
        return scope["method"] == "GET" and _all(headers, b"host") in names and is_tab

    def _has_cookie(self, headers: list[tuple[bytes, bytes]]) -> bool:
        """Whether our cookie is among those sent. Other programs' pages on this machine may have set any others.

        They are read one by one: `SimpleCookie` drops all of them where one is malformed, or of the same name.
        """
        pairs = [pair.strip().partition("=") for text in _all(headers, b"cookie") for pair in text.split(";")]
        values = [value for name, _, value in pairs if name == COOKIE]
        return any(hmac.compare_digest(value.encode(), self._access.cookie.encode()) for value in values)


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


async def _refuse(send: Send, status: int, body: bytes) -> None:
    """Refuse; the connection ends, so that a body that was refused is not read as the next request."""
    stated = [("Content-Length", str(len(body))), ("Connection", "close")]
    stated += [("Content-Type", "text/html; charset=utf-8")] if body else []
    await send({"type": "http.response.start", "status": status, "headers": _encoded((*_ALWAYS, *stated))})
    await send({"type": "http.response.body", "body": body})
