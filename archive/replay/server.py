"""Serves a bag on loopback, read-only: the page at one origin, the captures at another.

Captures may be hostile. They get an origin of their own, apart from the page; no other host name reaches it, nothing
can be written, and each response states what its content may not do.
"""

from __future__ import annotations

import html
import os
import re
import secrets
import stat
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from msgspec import Struct
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from archive.posix import FilesBelow
from archive.replay.loopback import Loopback
from archive.replay.player import PlayerFiles
from archive.replay.wacz import Wacz
from archive_manifests import layout
from archive_manifests.paths import BagPath

if TYPE_CHECKING:
    from starlette.types import Receive, Scope, Send

_TYPES = {
    "png": "image/png",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "gif": "image/gif",
    "webp": "image/webp",
    "pdf": "application/pdf",
    "mp4": "video/mp4",
    "webm": "video/webm",
    "mp3": "audio/mpeg",
    "txt": "text/plain; charset=utf-8",
    "json": "text/plain; charset=utf-8",
    "jsonl": "text/plain; charset=utf-8",
    "toml": "text/plain; charset=utf-8",
    "vtt": "text/vtt",
}
"""What a browser may show; it saves everything else."""

_ALWAYS = (
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "no-referrer"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("X-Frame-Options", "SAMEORIGIN"),
    ("Cache-Control", "no-store"),
    ("X-DNS-Prefetch-Control", "off"),
    (
        "Permissions-Policy",
        "camera=(), microphone=(), geolocation=(), usb=(), serial=(), hid=(), payment=(), "
        "display-capture=(), midi=(), clipboard-read=(), screen-wake-lock=(), browsing-topics=()",
    ),
)
# `webrtc 'block'` closes what no fetch directive reaches. (CSP Level 3, section 6.4.1)
PAGE_POLICY = (
    "default-src 'none'; style-src 'self' 'unsafe-inline'; img-src 'self'; media-src 'self'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'; webrtc 'block'"
)
FILE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox; webrtc 'block'"
PLAYER_POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self' data:; media-src 'self' blob:; connect-src 'self' data: blob:; "
    "frame-src 'self' blob:; worker-src 'self'; object-src 'none'; base-uri 'none'; form-action 'none'; webrtc 'block'"
)
_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})\Z")


class ServedFile(Struct, frozen=True):
    """What is served for a path."""

    type: str
    size: int
    read: Callable[[int, int], Iterable[bytes]]
    """Bytes from first to last, both included."""
    policy: str
    more: tuple[tuple[str, str], ...] = ()


Find = Callable[[str], ServedFile | None]


class Server:
    """One origin on loopback, from `with` to the end of the block; everything lies below a path that nobody guesses.

    Other users of the machine can reach the port as well, and what was captured may put people at risk.
    """

    def __init__(self, find: Find) -> None:
        self._secret = secrets.token_hex(12)
        self._once: dict[str, str] = {}
        self._serving = Loopback(_Application(find, self._secret, self._once))
        self.port = self._serving.port

    @property
    def address(self) -> str:
        """Where the root of `find` is: it ends in a slash."""
        return f"http://127.0.0.1:{self.port}/{self._secret}/"

    def once(self, path: str = "") -> str:
        """An address that leads to `path` a single time: other users of the machine can read a command line."""
        code = secrets.token_hex(12)
        self._once[code] = f"/{self._secret}/{quote(path)}"
        return f"http://127.0.0.1:{self.port}/{code}"

    def __enter__(self) -> Server:
        self._serving.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._serving.end()


def page_files(base: Path) -> Find:
    """The files below a bag's `data/`: the page as a page, the rest sandboxed."""

    def find(path: str) -> ServedFile | None:
        inside = BagPath(f"{layout.PAYLOAD}{path}" if path else layout.PAGE)
        if not inside.is_inside:
            return None
        try:
            with FilesBelow(os.fspath(base)) as below:
                seen = below.look(inside.text)
                os.close(below.open(inside.text))
        except (OSError, ValueError):
            return None
        if not stat.S_ISREG(seen.st_mode):
            return None
        is_source_page = inside.text.startswith(layout.SOURCE_PAGES) and inside.text.endswith(".html")
        is_page = inside.text == layout.PAGE or is_source_page
        known = "text/html; charset=utf-8" if is_page else _TYPES.get(inside.text.rpartition(".")[2].lower())
        known = "text/css; charset=utf-8" if inside.text == layout.SOURCE_STYLE else known
        saved = () if known else (("Content-Disposition", "attachment"),)
        policy = PAGE_POLICY if is_page else FILE_POLICY
        return ServedFile(known or "application/octet-stream", seen.st_size, _reader(base, inside.text), policy, saved)

    return find


def captures(
    player: PlayerFiles,
    wacz: Wacz,
    pages: Iterable[tuple[str, str]],
    recordings: Mapping[str, ServedFile] | None = None,
) -> Find:
    """The player, and the captures as the one file that it reads. `pages` are URL and moment of what it opens first.

    Each of the `recordings` that a person supplied is served at its path, and in the player at that path and a slash.
    """
    index = _index("bag.wacz", "", next(iter(pages), None)).encode()
    worker = (("Service-Worker-Allowed", "/"),)
    script = "text/javascript; charset=utf-8"
    known = {
        "": _bytes("text/html; charset=utf-8", index),
        "ui.js": _bytes(script, player.ui),
        "sw.js": _bytes(script, player.sw, worker),
        "bag.wacz": ServedFile("application/wacz", wacz.size, wacz.read, FILE_POLICY),
    }
    supplied = recordings or {}

    def find(path: str) -> ServedFile | None:
        if path.endswith("/") and path[:-1] in supplied:
            up = "../" * path.count("/")
            return _bytes("text/html; charset=utf-8", _index(f"{up}{quote(path[:-1])}", up, None).encode())
        return known.get(path) or supplied.get(path)

    return find


def recording_file(base: Path, path: str) -> ServedFile:
    """A recording of a bag as it lies there. Raises `OSError`."""
    with FilesBelow(os.fspath(base)) as below:
        size = below.look(path).st_size
    return ServedFile("application/octet-stream", size, _reader(base, path), FILE_POLICY)


def _index(source: str, up: str, first: tuple[str, str] | None) -> str:
    """The player's page; `up` leads from it to the root, below which alone its service worker is in charge."""
    opened = f' url="{html.escape(first[0])}" ts="{html.escape(first[1])}"' if first is not None else ""
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Replay of captures</title>'
        "<style>html,body,replay-web-page{margin:0;height:100vh;display:block}</style>"
        f'<script src="{up}ui.js"></script></head><body><replay-web-page source="{source}"'
        f' replayBase="{up or "./"}"{opened}></replay-web-page></body></html>\n'
    )


def _bytes(type_: str, data: bytes, more: tuple[tuple[str, str], ...] = ()) -> ServedFile:
    return ServedFile(type_, len(data), lambda first, last: [data[first : last + 1]], PLAYER_POLICY, more)


def _reader(base: Path, path: str) -> Callable[[int, int], Iterator[bytes]]:
    def read(first: int, last: int) -> Iterator[bytes]:
        with FilesBelow(os.fspath(base)) as below, open(below.open(path), "rb") as file:  # noqa: PTH123 -- a descriptor
            file.seek(first)
            left = last + 1 - first
            while left > 0 and (piece := file.read(min(1 << 20, left))):
                left -= len(piece)
                yield piece

    return read


class _Application:
    """Answers GET and HEAD below the secret path, to no other name than this machine's own."""

    def __init__(self, find: Find, secret: str, once: dict[str, str]) -> None:
        self._find, self._secret, self._once = find, secret, once

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        response = await run_in_threadpool(self._respond, Request(scope))
        for name, value in _ALWAYS:
            response.headers[name] = value
        await response(scope, receive, send)

    def _respond(self, request: Request) -> Response:
        port, hosts = (request.scope["server"] or ("", 0))[1], request.headers.getlist("host")
        if hosts not in ([f"127.0.0.1:{port}"], [f"localhost:{port}"]):
            return _refused(421)  # a foreign host name that resolves to this machine (DNS rebinding)
        if request.method not in ("GET", "HEAD"):
            return _refused(405)
        first, slash, path = request.scope["path"].removeprefix("/").partition("/")
        if not slash and request.method == "GET" and (target := self._once.pop(first, None)) is not None:
            return _refused(303, {"Location": target})
        is_below = slash and secrets.compare_digest(first.encode("utf-8", "replace"), self._secret.encode())
        found = self._find(path.lstrip("/")) if is_below else None
        if found is None:
            return _refused(404)
        span = _span(request.headers.get("range"), found.size)
        if span is None:
            return _refused(416, {"Content-Range": f"bytes */{found.size}"})
        return _answered(found, *span, with_body=request.method == "GET")


def _answered(found: ServedFile, first: int, last: int, is_part: bool, *, with_body: bool) -> Response:
    headers = {"Content-Security-Policy": found.policy, "Content-Type": found.type, "Accept-Ranges": "bytes"}
    headers |= dict(found.more) | {"Content-Length": str(last + 1 - first)}
    if is_part:
        headers["Content-Range"] = f"bytes {first}-{last}/{found.size}"
    pieces = found.read(first, last) if with_body else ()
    return StreamingResponse(pieces, 206 if is_part else 200, headers)


def _refused(status: int, more: Mapping[str, str] | None = None) -> Response:
    """An empty answer; the connection ends, so that a body that came along is not read as the next request."""
    headers = {"Content-Security-Policy": FILE_POLICY, "Connection": "close", **(more or {})}
    return Response(status_code=status, headers=headers)


def _span(stated: str | None, size: int) -> tuple[int, int, bool] | None:
    """First and last byte that are wanted, and whether that is a part; None where there is none. (RFC 9110, 14.2)"""
    wanted = _RANGE.match(stated or "")
    if wanted is None or wanted[1] == wanted[2] == "":
        return 0, size - 1, False
    if wanted[1] == "":
        first, last = max(0, size - int(wanted[2])), size - 1
    else:
        first, last = int(wanted[1]), min(int(wanted[2]) if wanted[2] else size - 1, size - 1)
    return (first, last, True) if first <= last else None
