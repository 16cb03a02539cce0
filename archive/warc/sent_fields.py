"""What the head of a recorded request says of how it was sent. (RFC 9110)"""

from __future__ import annotations

import hashlib
import re

LONGEST_HEAD = 1 << 20
"""Bytes of a head of which the fields are read."""
_LONGEST_VALUE = 256
"""Characters of a value that stand for themselves; a longer one is known by its digest."""
_FIELD = re.compile(rb"\n(user-agent|cookie|range|host|authorization)[ \t]*:[ \t]*([^\r\n]*)", re.IGNORECASE)

Sent = tuple[str | None, str | None, str | None, str | None, bool]
"""User-Agent, Cookie and Range, as `shortened` has them, None for a field that was not sent; the request's own address
where that is not the record's, else None; and whether Authorization was sent."""
NOTHING: Sent = (None, None, None, "no head of a request", False)


def sent_fields(head: bytes, uri: str | None) -> Sent:
    """Read the fields off a head, its last line end included; the values of one that is repeated are joined.

    `uri` is the record's target. Our requests have the origin form, through a proxy too. (RFC 9112, 3.2.1) A user name
    and password in it are sent nowhere: neither in the request line or Host, nor as Authorization.
    """
    found: dict[bytes, str] = {}
    for name, value in _FIELD.findall(head):
        key, text = name.lower(), value.decode("latin-1").strip(" \t")
        found[key] = f"{found[key]}, {text}" if key in found else text
    agent, cookie, part = found.get(b"user-agent"), found.get(b"cookie"), found.get(b"range")
    other = _other_address(head, found.get(b"host"), uri or "")
    return shortened(agent), shortened(cookie), shortened(part), other, b"authorization" in found


def _other_address(head: bytes, host: str | None, uri: str) -> str | None:
    """What a request line and Host state, where it is not the target of the record; None where it is."""
    place = uri.find("/", uri.find("://") + 3)
    authority = uri[uri.find("://") + 3 : place].rpartition("@")[2]
    expected = f" {uri[place:]} HTTP/1.1\r\n".encode()
    if place > 0 and host == authority and head.startswith(expected, head.find(b" ")):
        return None
    stated = head[: head.find(b"\r\n")].decode("latin-1").partition(" ")[2]
    return shortened(f"{host} {stated}")


def shortened(value: str | None) -> str | None:
    """A value, or its digest where it is long: a million requests may each have a long one."""
    if value is None or len(value) <= _LONGEST_VALUE:
        return value
    return f"sha256:{hashlib.sha256(value.encode()).hexdigest()}"


def security_of(protocols: tuple[str, ...], cipher: str | None) -> str | None:
    """What secured a connection, by WARC-Protocol and WARC-Cipher-Suite: `tls/1.3 TLS_AES_128_GCM_SHA256`."""
    stated = [each for each in protocols if not each.startswith("http/")]
    return " ".join([*stated, *([cipher] if cipher else [])]) or None
