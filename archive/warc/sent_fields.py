"""What the head of a recorded request says of how it was sent. (RFC 9110)"""

from __future__ import annotations

import hashlib
from functools import lru_cache

from archive.http.request_fields import ACCEPT_ANYTHING, ACCEPT_PAGE

LONGEST_HEAD = 1 << 20
"""Bytes of a head of which the fields are read."""
_LONGEST_VALUE = 256
"""Characters of a value that stand for themselves; a longer one is known by its digest."""
_LONGEST_LINE = 80
"""Bytes of a line that stand in a form."""
_LONGEST_KNOWN = 1024
"""Bytes of fields that are read once for all requests that have them."""

Sent = tuple[str | None, str | None, str | None, str | None, bool, str]
"""User-Agent, Cookie and Range, as `shortened` has them, None for a field that was not sent; the request's own address
where that is not the record's, else None; whether Authorization was sent; and the form: a letter for each field behind
Host, in their order."""
NOTHING: Sent = (None, None, None, "no head of a request", False, "")

_LINES = {
    b"Accept-Encoding: gzip": "g",
    b"Connection: keep-alive": "k",
    f"Accept: {ACCEPT_ANYTHING}".encode(): "a",
    f"Accept: {ACCEPT_PAGE}".encode(): "p",
    b"Content-Type: application/x-www-form-urlencoded": "t",
}
_NAMES = {
    b"User-Agent": "u",
    b"Accept": "A",
    b"Cookie": "c",
    b"Range": "r",
    b"If-Range": "i",
    b"Content-Length": "l",
}
"""The letters of fields whose value varies, or is compared elsewhere. Any other line stands itself, in brackets."""
BODY = "+"
"""Ends the form of a request with a body."""


def sent_fields(head: bytes, uri: str | None, *, has_body: bool = False) -> Sent:
    """Read the fields off a head, its last line end included; the values of one that is repeated are joined.

    `uri` is the record's target. Our requests have the origin form, through a proxy too. (RFC 9112, 3.2.1) A user name
    and password in it are sent nowhere: neither in the request line or Host, nor as Authorization.
    """
    target = uri or ""
    begin = target.find("://") + 3
    place = target.find("/", begin)
    authority = target[begin:place].rpartition("@")[2]
    start = f" {target[place:]} HTTP/1.1\r\nHost: {authority}\r\n".encode()
    at = head.find(b" ")
    other = None
    is_plain = place > 0 and head.startswith(start, at)
    agent, cookie, part, host, is_authorized, form = _known(head[at + len(start) :]) if is_plain else NOTHING
    if not is_plain or host is not None:
        line, _, fields = head.partition(b"\r\n")
        agent, cookie, part, host, is_authorized, form = _known(fields)
        _, _, stated = line.decode("latin-1").partition(" ")
        if place < 1 or host != authority or stated != f"{target[place:]} HTTP/1.1":
            other = shortened(f"{host} {stated}")
    return agent, cookie, part, other, is_authorized, form + BODY if has_body else form


def _known(fields: bytes) -> Sent:
    return _cached(fields) if len(fields) <= _LONGEST_KNOWN else _read(fields)


def _read(fields: bytes) -> Sent:
    """The same of the lines of a head behind its first one; in the place of the address what Host states."""
    found: dict[bytes, str] = {}
    form = []
    for line in fields.split(b"\r\n")[:-1]:
        letter = _LINES.get(line)
        name, _, value = line.partition(b":")
        if letter is None:
            is_usual = value[:1] == b" " and value[1:] == value.strip(b" \t")
            letter = _NAMES.get(name) if is_usual and b"\n" not in line and b"\r" not in line else None
        form.append(letter or f"[{line[:_LONGEST_LINE].decode('latin-1')}]")
        key, text = name.strip(b" \t").lower(), value.decode("latin-1").strip(" \t")
        found[key] = f"{found[key]}, {text}" if key in found else text
    values = [shortened(found.get(key)) for key in (b"user-agent", b"cookie", b"range", b"host")]
    return *values, b"authorization" in found, _bounded("".join(form))  # type: ignore[return-value]


def _bounded(form: str) -> str:
    """A form without its middle, where it is long: its first and its last letters tell who sent the request."""
    return form if len(form) <= _LONGEST_VALUE else f"{form[: _LONGEST_VALUE - 2]}…{form[-1]}"


_cached = lru_cache(maxsize=4096)(_read)  # a crawler sends the same fields over and over


def shortened(value: str | None) -> str | None:
    """A value, or its digest where it is long: a million requests may each have a long one."""
    if value is None or len(value) <= _LONGEST_VALUE:
        return value
    return f"sha256:{hashlib.sha256(value.encode()).hexdigest()}"


def security_of(protocols: tuple[str, ...], cipher: str | None) -> str | None:
    """What secured a connection, by WARC-Protocol and WARC-Cipher-Suite: `tls/1.3 TLS_AES_128_GCM_SHA256`."""
    stated = [each for each in protocols if not each.startswith("http/")]
    return " ".join([*stated, *([cipher] if cipher else [])]) or None
