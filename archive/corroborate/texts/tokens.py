"""Identifiers of one request, and the reader's own address, in a line that a page shows."""

from __future__ import annotations

import re

from archive.corroborate.texts.align import Gap, gaps
from archive.corroborate.texts.folding import fold
from archive.corroborate.texts.machine import is_made

MASK = "[address]"
_SHORT = 14
"""Words of a line that is no prose."""
_LABELLED = re.compile(
    r"\b(?:request|session|ray|trace|transaction|visitor|correlation)\b|\b(?:token|nonce|csrf)\b", re.IGNORECASE
)
"""What an identifier of one request is called, if it looks made up. A case, an incident, a number plate is none."""
_SERVER = re.compile(r"\b(?:served by|backend|hostname|server|node|pod|cache|edge|pop|colo)\b", re.IGNORECASE)
_SERVER_NAME = re.compile(
    r"(?:web|app|www|srv|server|node|fe|be|host|cache|prod|php|varnish|mw|edge)[\w.-]*[0-9][\w.-]*"
    r"|[A-Z]{3}[0-9]{1,3}(?:-[A-Z]{1,2}[0-9]{1,3})?",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"(?:\d{1,3}\.){3}\d{1,3}|(?:[0-9a-fA-F]{1,4}:){3,7}[0-9a-fA-F:]{1,9}")
_READERS_ADDRESS = re.compile(
    r"\b(?:your|client|visitor|you are|remote|votre|vous|tu|su)\b|عنوانك|الخاص بك", re.IGNORECASE
)


_SERVED = re.compile(
    r"\W{0,3}(?:page )?(?:served|rendered|generated)"
    r"(?: (?:on |at )?20\d\d-\d\d-\d\d[T ][\d:.]+)?(?: in [\d.]+ ?(?:ms|s|secs?|seconds))? by (?:pid \d+ on )?"
    r"[\w.-]*\d[\w.-]*"
    r"(?: in [\d.]+ ?(?:ms|s|sec|seconds))?(?: at 20\d\d-\d\d-\d\d[T ][\d:.]+(?:Z|[+-]\d\d:\d\d)?)?"
    r"(?: running [0-9a-f]{6,40})?(?: country code: [a-z]{2})?\W?",
    re.IGNORECASE,
)
"""What a server says of itself: `Rendered by PID 61 on web-7f84`."""


def are_tokens(one: str, other: str) -> bool:
    """True where all that differs are identifiers of the request, or the reader's own address."""
    if _SERVED.fullmatch(one) and _SERVED.fullmatch(other):
        return True
    parts = one.split(), other.split()
    found = gaps([fold(part) for part in parts[0]], [fold(part) for part in parts[1]])
    if not found or max(map(len, parts)) > _SHORT:
        return False
    return all(_is_token(gap, parts) for gap in found)


def _is_token(gap: Gap, parts: tuple[list[str], list[str]]) -> bool:
    changed = " ".join(parts[0][gap.first : gap.first_end]), " ".join(parts[1][gap.second : gap.second_end])
    lines = [" ".join(part) for part in parts]
    if all(map(_ADDRESS.search, changed)) and _ADDRESS.sub("", changed[0]) == _ADDRESS.sub("", changed[1]):
        return all(map(_READERS_ADDRESS.search, lines))
    bare = [part.strip("#().,") for part in changed]
    if all(map(_SERVER.search, lines)) and all(map(_SERVER_NAME.fullmatch, bare)):
        return True
    return all(map(_LABELLED.search, lines)) and all(map(is_made, bare))


def is_server_name(text: str) -> bool:
    """True for the name of one of several servers: `web-03`."""
    return _SERVER_NAME.fullmatch(text) is not None


def without_addresses(text: str) -> str:
    return _ADDRESS.sub("", text)


def masked(text: str) -> str:
    """The text without addresses of networks: a page may state its reader's own."""
    return _ADDRESS.sub(MASK, text)
