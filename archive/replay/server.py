"""Serves a bag on loopback, read-only: the page at one origin, the captures at another.

Captures may be hostile. They get an origin of their own, apart from the page; no other host name reaches it, nothing
can be written, and each response states what its content may not do.
"""

from __future__ import annotations

import html
import os
import re
import stat
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import quote, unquote

from archive.posix import FilesBelow
from archive.replay.player import PlayerFiles
from archive.replay.wacz import Wacz
from archive_manifests import layout
from archive_manifests.paths import BagPath

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


@dataclass(frozen=True, slots=True)
class ServedFile:
    """What is served for a path."""

    type: str
    size: int
    read: Callable[[int, int], Iterable[bytes]]
    """Bytes from first to last, both included."""
    policy: str
    more: tuple[tuple[str, str], ...] = ()


Find = Callable[[str], ServedFile | None]


class Server:
    """One origin on loopback, from `with` to the end of the block."""

    def __init__(self, find: Find) -> None:
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), _handler(find))
        self._http.daemon_threads = True
        self.port: int = self._http.server_port

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def __enter__(self) -> Server:
        threading.Thread(target=self._http.serve_forever, args=(0.1,), name="serve", daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._http.shutdown()
        self._http.server_close()


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
    index = _index("/bag.wacz", next(iter(pages), None)).encode()
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
            return _bytes("text/html; charset=utf-8", _index(f"/{quote(path[:-1])}", None).encode())
        return known.get(path) or supplied.get(path)

    return find


def recording_file(base: Path, path: str) -> ServedFile:
    """A recording of a bag as it lies there. Raises `OSError`."""
    with FilesBelow(os.fspath(base)) as below:
        size = below.look(path).st_size
    return ServedFile("application/octet-stream", size, _reader(base, path), FILE_POLICY)


def _index(source: str, first: tuple[str, str] | None) -> str:
    opened = f' url="{html.escape(first[0])}" ts="{html.escape(first[1])}"' if first is not None else ""
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Replay of captures</title>'
        "<style>html,body,replay-web-page{margin:0;height:100vh;display:block}</style>"
        f'<script src="/ui.js"></script></head><body><replay-web-page source="{source}" replayBase="/"{opened}>'
        "</replay-web-page></body></html>\n"
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


def _handler(find: Find) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        server_version = "archive"
        sys_version = ""
        timeout = 60

        def do_GET(self) -> None:
            self._respond(with_body=True)

        def do_HEAD(self) -> None:
            self._respond(with_body=False)

        def _respond(self, *, with_body: bool) -> None:
            port = self.server.server_port  # type: ignore[attr-defined]
            if self.headers.get("Host") not in (f"127.0.0.1:{port}", f"localhost:{port}"):
                self._refuse(421)  # a foreign host name that resolves to this machine (DNS rebinding)
                return
            found = find(unquote(self.path.partition("?")[0]).lstrip("/"))
            if found is None:
                self._refuse(404)
                return
            span = _span(self.headers.get("Range"), found.size)
            if span is None:
                self._refuse(416, (("Content-Range", f"bytes */{found.size}"),))
                return
            first, last, is_part = span
            self.send_response(206 if is_part else 200)
            for name, value in (*_ALWAYS, ("Content-Security-Policy", found.policy), *found.more):
                self.send_header(name, value)
            self.send_header("Content-Type", found.type)
            self.send_header("Accept-Ranges", "bytes")
            if is_part:
                self.send_header("Content-Range", f"bytes {first}-{last}/{found.size}")
            self.send_header("Content-Length", str(last + 1 - first))
            self.end_headers()
            for piece in found.read(first, last) if with_body else ():
                self.wfile.write(piece)

        def _refuse(self, status: int, more: tuple[tuple[str, str], ...] = ()) -> None:
            self.send_response(status)
            for name, value in (*_ALWAYS, ("Content-Security-Policy", FILE_POLICY), *more, ("Content-Length", "0")):
                self.send_header(name, value)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """No log: it would record what the reader opened."""

    return Handler


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
