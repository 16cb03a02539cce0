"""How a browser is let in: a link with a code that works once, in a file that only this user can read.

The code stands in the fragment of the address: a browser does not send it, so a preview of the link uses nothing up.
The page at the link posts it and gets the cookie.
"""

from __future__ import annotations

import contextlib
import functools
import hmac
import html
import os
import secrets
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from starlette.concurrency import run_in_threadpool
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from archive.desk.gate import Access
from archive.desk.state import Desk
from archive.desk.static import static_file
from archive.desk.web import desk_sentence, environment, renderer
from archive.words import languages

if TYPE_CHECKING:
    from starlette.requests import Request

SECONDS = 300.0
"""How long a code works."""
_MOST_TRIES = 50


class Codes:
    """Codes that each let one browser in, once, for five minutes."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._codes: dict[str, float] = {}
        self._tries = 0

    def new(self) -> str:
        self._tries = 0  # a person at this machine wanted it
        code = secrets.token_urlsafe(24)
        self._codes[code] = self._clock() + SECONDS
        return code

    def use(self, given: str) -> bool:
        """True where the code is good; it is used up then."""
        self._tries += 1
        if self._tries > _MOST_TRIES:
            self._codes.clear()  # somebody guesses
        now = self._clock()
        for code, until in list(self._codes.items()):
            if hmac.compare_digest(code.encode(), given.encode()):
                del self._codes[code]
                return until >= now
        return False


def link(access: Access, code: str) -> str:
    return f"{access.origin}/open#{code}"


def write_redirect(place: Path, address: str) -> None:
    """Write the file that the browser opens: the link then stands in no command line that other users could read."""
    place.unlink(missing_ok=True)
    handle = os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600)
    shown = html.escape(address)
    text = f'<!doctype html><meta charset="utf-8"><meta http-equiv="refresh" content="0;url={shown}"><a href="{shown}">'
    with os.fdopen(handle, "wb") as file:
        file.write(f"{text}archive desk</a>\n".encode())


def outside_page(accepted: str, fallback: str, *, is_opening: bool) -> bytes:
    """A page for whoever is not let in: it trades the link's code, or says how to get one. No secret is in it."""
    html = renderer(preferred_language(accepted, fallback))
    return environment().get_template("outside.html").render(
        html=html, s=functools.partial(desk_sentence, html), is_opening=is_opening
    ).encode()  # fmt: skip


def preferred_language(accepted: str, fallback: str) -> str:
    """The first language of an Accept-Language header that the desk speaks. (RFC 9110, 12.5.4)"""
    wanted = []
    for part in accepted.split(",")[:20]:
        tag, _, weight = part.partition(";q=")
        with contextlib.suppress(ValueError):
            wanted.append((-float(weight or 1), tag.strip().partition("-")[0].lower()))
    known = languages()
    return next((tag for weight, tag in sorted(wanted, key=lambda one: one[0]) if tag in known and weight), fallback)


def routes(desk: Desk, codes: Codes) -> list[Route]:
    access = desk.access

    async def page(request: Request) -> Response:
        accepted = request.headers.get("accept-language", "")
        return HTMLResponse(outside_page(accepted, desk.language, is_opening=True))

    async def script(_: Request) -> Response:
        return await run_in_threadpool(static_file, "open.js")

    async def style(_: Request) -> Response:
        return await run_in_threadpool(static_file, "desk.css")

    async def icon(_: Request) -> Response:
        return await run_in_threadpool(static_file, "icon.svg")

    async def enter(request: Request) -> Response:
        given = b""
        async for piece in request.stream():
            given += piece
            if len(given) > 200:
                return Response(status_code=413)
        if not codes.use(given.decode("utf-8", "replace").strip()):
            return Response(status_code=403)
        if desk.language_is_open:  # nobody has chosen one: the browser's is likelier than English
            desk.language = preferred_language(request.headers.get("accept-language", ""), desk.language)
            desk.language_is_open = False
        return JSONResponse({"next": f"/{access.path}/"}, headers={"Set-Cookie": access.set_cookie})

    return [
        Route("/open", page, methods=["GET"]),
        Route("/open", enter, methods=["POST"]),
        Route("/open.js", script, methods=["GET"]),
        Route("/open.css", style, methods=["GET"]),
        Route("/favicon.ico", icon, methods=["GET"]),
    ]
