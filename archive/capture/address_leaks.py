"""What servers echoed of the documenter's address: stored as it was sent, found, and reported to the documenter alone.

The choice is theirs: restrict the bag, leave the source out, or fetch again through a proxy.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from urllib.parse import unquote_to_bytes

from archive.workfolder.recorded import Recorded

LOOKED_AT = 4 << 20
"""Bytes of a body that are looked through."""

_TEXTS = ("json", "xml", "javascript", "mpegurl")
_ADDRESS = re.compile(
    rb"(?<![\w.:])(?:\d{1,3}(?:\.\d{1,3}){3}(?!\.?\d)"
    rb"|(?=[0-9a-f:]*:[0-9a-f:]*:)[0-9a-f:]{2,39}(?![\w:]))",
    re.IGNORECASE,
)
_PARTS_OF_ADDRESSES = (
    re.compile(rb"\.\d{1,3}\.\d{1,3}\."),
    re.compile(rb"::"),
    re.compile(rb":[0-9a-f]{1,4}:[0-9a-f]{1,4}:[0-9a-f]{1,4}:", re.IGNORECASE),
)
"""One of these is in every address, and none of them in most texts: they are looked for in a tenth of the time."""
_BEFORE = 120
"""Bytes before an address in which its name stands."""
_NAME = re.compile(
    rb"(?:^|[^a-z0-9])"
    rb"(?:remote[-_ ]?(?:host|addr(?:ess)?|ip)|(?:client|user|visitor|your|real|public)[-_ ]?(?:ip|addr(?:ess)?)"
    rb"(?:[-_ ]?addr(?:ess)?)?|ip[-_ ]?addr(?:ess)?|x-forwarded-for|forwarded|for|origin|ip)"
    rb"[\"'\\]*\s*(?:[:=>]|\bis\b)\s*(?:<[^>]{0,80}>\s*)*[\"'\\\[(]*$",
    re.IGNORECASE,
)
_ESCAPES = re.compile(rb"\\u0026|&amp;|&#38;|\\/|\\\"", re.IGNORECASE)
_MEANT = {b"\\u0026": b"&", b"&amp;": b"&", b"&#38;": b"&", b"\\/": b"/", b'\\"': b'"'}
# Nobody can be found by these; that a server sits in such a network is its own affair.
_NOBODY = [
    ipaddress.ip_network(block)
    for block in (
        *("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12"),
        *("192.168.0.0/16", "224.0.0.0/3", "::/96", "fc00::/7", "fe80::/10", "ff00::/8"),
    )
]


def echoes(recorded: Recorded, own: frozenset[str] = frozenset()) -> Iterator[str]:
    """Yield the addresses that an answer says its reader has: in its head, its URL, its decoded body.

    `own` are addresses already learned: they are looked for everywhere, not only where something says "your address".
    """
    head = "\n".join([f"{name}: {value}" for name, value in recorded.head.fields]) if recorded.head else ""
    text = f"{recorded.url.href}\n{head}\n".encode("utf-8", "replace")
    is_text = _is_text(recorded.media_type)
    body = recorded.content(LOOKED_AT) if is_text or own else b""
    meant = _meant(text + body if is_text else text)
    found = dict.fromkeys(_named_addresses(meant))
    yield from found
    for address in sorted(own - set(found)) if own else ():
        if _holds(address, (meant, b"" if is_text else body)):
            yield address


def _named_addresses(text: bytes) -> Iterator[str]:
    """Addresses that stand behind a name such as `remoteHost` or `ip=`."""
    if not any(part.search(text) for part in _PARTS_OF_ADDRESSES):
        return
    for match in _ADDRESS.finditer(text):
        if _NAME.search(text, max(0, match.start() - _BEFORE), match.start()) is None:
            continue
        address = _address(match[0].decode("ascii"))
        if address is not None:
            yield address


def _meant(text: bytes) -> bytes:
    """The text with escapes of JSON, HTML and URLs undone, nested ones too: they hide `&ip=` and colons."""
    for _ in range(2):
        before = text
        if b"%" in text:
            text = unquote_to_bytes(text)
        if b"\\" in text or b"&" in text:
            text = _ESCAPES.sub(lambda match: _MEANT[match[0].lower()], text)
        if text == before:
            break
    return text


def _holds(address: str, texts: Iterable[bytes]) -> bool:
    """Say whether an address stands there, in any way that it is usually written."""
    parsed = ipaddress.ip_address(address)
    written = {str(parsed), parsed.exploded, str(parsed).replace(".", "-")}
    pattern = rb"(?<![\d.])(?:" + b"|".join(re.escape(each.encode()) for each in written) + rb")(?!\.?\d)"
    return any(re.search(pattern, text, re.IGNORECASE) is not None for text in texts)


@lru_cache(maxsize=256)
def _is_text(kind: str | None) -> bool:
    """Whether a body of this media type is looked through."""
    return not kind or kind.startswith("text/") or any(word in kind for word in _TEXTS)


def _address(text: str) -> str | None:
    try:
        address = ipaddress.ip_address(text.strip("."))
    except ValueError:
        return None
    if any(address in block for block in _NOBODY if block.version == address.version):
        return None
    return str(address)
