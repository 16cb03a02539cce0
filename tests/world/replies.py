"""Requests to the loopback internet, and its responses: exact bytes, pauses and cuts."""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from http import HTTPStatus
from urllib.parse import parse_qsl

DATE = "Sun, 22 Nov 2026 10:00:00 GMT"
"""One moment for every Date header, so that the same question gets the same bytes."""


@dataclass(frozen=True, slots=True)
class Pause:
    """Nothing is sent for so many seconds."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Close:
    """The connection ends here, in order (FIN)."""


@dataclass(frozen=True, slots=True)
class Reset:
    """The connection ends here, out of order (RST)."""


Step = bytes | Pause | Close | Reset


@dataclass(frozen=True, slots=True)
class Request:
    """One request as it came over the wire."""

    scheme: str
    host: str
    """Of the Host header, lower case, without port."""
    method: str
    target: str
    headers: tuple[tuple[str, str], ...]
    body: bytes = b""
    peer: str = "127.0.0.1"

    def header(self, name: str, otherwise: str = "") -> str:
        return next((value for key, value in self.headers if key.lower() == name.lower()), otherwise)

    @property
    def url(self) -> str:
        return f"{self.scheme}://{self.host}{self.target}"

    @property
    def path(self) -> str:
        return self.target.partition("?")[0]

    @property
    def params(self) -> dict[str, str]:
        return dict(parse_qsl(self.target.partition("?")[2], keep_blank_values=True))

    @property
    def takes_gzip(self) -> bool:
        return "gzip" in self.header("Accept-Encoding")

    @property
    def range(self) -> tuple[int, int | None] | None:
        """First and last byte of a plain `bytes=a-b`; None for any other form."""
        first, dash, last = self.header("Range").removeprefix("bytes=").partition("-")
        if not dash or not first.isdigit() or not (last == "" or last.isdigit()):
            return None
        return int(first), int(last) if last else None


@dataclass(frozen=True, slots=True)
class Answer:
    """What goes over the wire, step by step."""

    steps: Iterable[Step]
    keeps: bool = True
    """Whether the connection stays open for the next request."""


@dataclass(frozen=True, slots=True)
class Reply:
    """A well-formed HTTP answer, before it becomes bytes."""

    status: int = 200
    body: bytes = b""
    type: str | None = None
    headers: tuple[tuple[str, str], ...] = ()
    framing: str = "length"
    """`length`, `chunked`, `close`, or `none` (no body at all: 204, 304)."""
    squeeze: bool = False
    """Whether the body is sent gzipped to those who take it."""
    reason: str | None = None
    server: tuple[tuple[str, str], ...] = field(default=())
    """What the host says in every answer: Server and the like."""

    def to_answer(self, request: Request) -> Answer:
        body, coding = self.body, []
        if self.squeeze and request.takes_gzip:
            body, coding = gzip.compress(body, 6, mtime=0), [("Content-Encoding", "gzip"), ("Vary", "Accept-Encoding")]
        fields = [("Date", DATE), *self.server]
        if self.type is not None:
            fields.append(("Content-Type", self.type))
        fields += [*self.headers, *coding, *self._framing_fields(len(body))]
        keeps = self.framing != "close" and request.header("Connection").lower() != "close"
        if not keeps:
            fields.append(("Connection", "close"))
        reason = HTTPStatus(self.status).phrase if self.reason is None else self.reason
        head = f"HTTP/1.1 {self.status} {reason}\r\n" + "".join(f"{name}: {value}\r\n" for name, value in fields)
        payload = b"" if request.method == "HEAD" else self._framed(body, request.target)
        return Answer((head.encode("utf-8") + b"\r\n" + payload,), keeps)

    def _framing_fields(self, size: int) -> list[tuple[str, str]]:
        if self.framing == "length":
            return [("Content-Length", str(size))]
        return [("Transfer-Encoding", "chunked")] if self.framing == "chunked" else []

    def _framed(self, body: bytes, target: str) -> bytes:
        if self.framing == "none":
            return b""
        return chunked(body, seed=target) if self.framing == "chunked" else body


def chunked(body: bytes, seed: str) -> bytes:
    """`body` in chunks of uneven sizes that depend on `seed` alone, sizes in either case of hex. (RFC 9112, 7.1)"""
    out, at, turn = bytearray(), 0, hashlib.sha256(seed.encode()).digest()
    for step in range(len(body) + 1):
        size = min(len(body) - at, 700 + 37 * turn[step % len(turn)])
        if size == 0:
            break
        out += (b"%x\r\n" if turn[step % len(turn)] % 2 else b"%X\r\n") % size
        out += body[at : at + size] + b"\r\n"
        at += size
    return bytes(out + b"0\r\n\r\n")


def partial(request: Request, body: bytes, type: str, headers: tuple[tuple[str, str], ...] = ()) -> Reply:
    """`body`, or the part of it that Range requests. (RFC 9110, section 14)"""
    accepts = (("Accept-Ranges", "bytes"), *headers)
    wanted = request.range
    if wanted is None:
        return Reply(200, body, type, accepts)
    first, last = wanted
    if first >= len(body):
        return Reply(416, b"", type, (*accepts, ("Content-Range", f"bytes */{len(body)}")))
    last = min(len(body) - 1, last if last is not None else len(body) - 1)
    span = ("Content-Range", f"bytes {first}-{last}/{len(body)}")
    return Reply(206, body[first : last + 1], type, (*accepts, span))
