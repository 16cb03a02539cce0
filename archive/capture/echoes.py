"""What servers echoed of the documenter's address: kept as it was sent, found, and told to the documenter alone.

The choice is theirs: restrict the bag, leave the source out, or fetch again through a proxy.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator
from urllib.parse import unquote

from archive.capture.recorded import Recorded

_TEXTS = ("json", "xml", "javascript", "mpegurl")
_TOLD = re.compile(
    rb"(?:\"(?:remoteHost|remoteAddress|clientIp|client_ip|ip_address|ipAddress|userIp|visitorIp|yourIp|ip|origin)\"\s*:\s*\""
    rb"|[?&;](?:ip|clientip|client_ip|remote_addr|ipbits_ip)=|your ip(?: address)?(?: is)?:?\s*(?:<[^>]{1,40}>\s*)*"
    rb"|(?:\bip|client[-_ ]?ip|x-forwarded-for|x-real-ip|x-client-ip|remote[-_ ]addr(?:ess)?)\s*[:=]\s*[\"']?)"
    rb"([0-9a-fA-F.:%\[\]]{3,60})",
    re.IGNORECASE,
)


def echoes(recorded: Recorded, own: frozenset[str] = frozenset()) -> Iterator[str]:
    """Yield the addresses that an answer says its reader has: in its head, its URL, its decoded body.

    `own` are addresses already learned: they are looked for everywhere, not only where something says "your address".
    """
    head = "\n".join(f"{name}: {value}" for name, value in recorded.head.fields) if recorded.head else ""
    text = f"{recorded.url.href}\n{unquote(recorded.url.href)}\n{head}\n".encode("utf-8", "replace")
    body = recorded.content(4 << 20) if _is_text(recorded) else b""
    seen = set()
    for match in _TOLD.finditer(text + body):
        address = _address(match[1].decode("ascii", "replace"))
        if address is not None and address not in seen:
            seen.add(address)
            yield address
    for address in own - seen:
        if address.encode() in text or address.encode() in body:
            yield address


def _is_text(recorded: Recorded) -> bool:
    kind = recorded.media_type
    return not kind or kind.startswith("text/") or any(word in kind for word in _TEXTS)


def _address(text: str) -> str | None:
    try:
        return str(ipaddress.ip_address(unquote(text).strip("[]").rstrip(".:")))
    except ValueError:
        return None
