"""SURT keys: a URL turned round so that an index sorted by it keeps the pages of a site together.

The rules are those that indexes in the wild were written by (the Internet Archive's canonicalisation, in Heritrix,
OpenWayback, pywb and cdxj-indexer), since replay looks a URL up by computing the same key: `www.`, letter case, session
ids and the order of a query's parts do not count. The key is for finding; the line's `url` says what was asked for.
"""

from __future__ import annotations

import re
from functools import lru_cache

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*\Z")
_NOT_TYPED = re.compile(r"[\t\r\n]")
_WWW = re.compile(r"www\d*\.(?=.)")
_DIGITS = re.compile(r"\d+\Z")
_PERCENT = ord("%")
_HEX = frozenset(b"0123456789abcdefABCDEF")
_PLAIN = bytes(byte for byte in range(0x21, 0x7F) if byte not in b"#%")
"""What is not escaped."""
_PLAIN_URL = re.compile(
    r"(https?)://([a-z0-9.:-]+)(/|(?:/(?!\.)[!-\"$&-.0->@\[-~]+)+)"
    r"(?:\?([!\"$'-@\[-~]+))?\Z"
)
"""Nothing in upper case, no escape, no query of several parts, no dots and no empty part in the path."""
_DEFAULT_PORTS = {"http": "80", "https": "443"}
_DOTS = re.compile(r"\.+")
_SESSION_SEARCHED = 4096
"""Characters: in longer paths and queries no session id is looked for, which could take time by the square."""
_SESSIONS_IN_PATH = (
    re.compile(r"(.*/)\((?:[a-z]\([0-9a-z]{24}\))+\)/([^?]+\.aspx.*)\Z", re.DOTALL),
    re.compile(r"(.*/)\([0-9a-z]{24}\)/([^?]+\.aspx.*)\Z", re.DOTALL),
)
_MAY_BE_SESSION = re.compile("sid=|sessionid|cfid=")
_SESSIONS_IN_QUERY = (
    re.compile(r"(.*?)jsessionid=[0-9a-z]{32}(?:&(.*)|\Z)", re.DOTALL),
    re.compile(r"(.*?)phpsessid=[0-9a-z]{32}(?:&(.*)|\Z)", re.DOTALL),
    re.compile(r"(.*?)sid=[0-9a-z]{32}(?:&(.*)|\Z)", re.DOTALL),
    re.compile(r"(.*?)aspsessionid[a-z]{8}=[a-z]{24}(?:&(.*)|\Z)", re.DOTALL),
    re.compile(r"(.*?)cfid=[^&]+&cftoken=[^&]+(?:&(.*)|\Z)", re.DOTALL),
)


def key(url: str) -> str:
    """The SURT key of a URL: `https://www.sn4hr.org/A?b&a` gives `org,sn4hr)/a?a&b`."""
    plain = _PLAIN_URL.match(url)
    if plain is None or ".aspx" in plain[3] or (plain[4] and _MAY_BE_SESSION.search(plain[4])):
        return key_in_full(url)
    query = f"?{plain[4]}" if plain[4] else ""
    return f"{_turned(plain[2], plain[1])}){plain[3]}{query}"


def key_in_full(url: str) -> str:
    """The same by all the rules, which change nothing about the path of most URLs."""
    text = _NOT_TYPED.sub("", url.strip())
    scheme, colon, rest = text.partition(":")
    if not colon or not _SCHEME.match(scheme):
        return _folded(text)
    if not rest.startswith("//") or scheme.lower() == "file":
        return _opaque(scheme, rest)
    authority, rest = _split_authority(rest[2:])
    path, mark, query = rest.partition("#")[0].partition("?")
    return f"{_turned(authority, scheme.lower())}){_path(path)}{_query(query) if mark else ''}"


def _opaque(scheme: str, rest: str) -> str:
    """The key of a URI without an authority (`urn:…`, `dns:…`): itself, folded."""
    path, mark, query = rest.partition("#")[0].partition("?")
    path = re.sub(r"\A/{2,}", "/", _folded(path))
    return f"{scheme}:{_without_last_slash(path)}{_query(query) if mark else ''}"


def _split_authority(rest: str) -> tuple[str, str]:
    end = re.search(r"[/?#]", rest)
    return (rest, "") if end is None else (rest[: end.start()], rest[end.start() :])


@lru_cache(maxsize=1024)
def _turned(authority: str, scheme: str) -> str:
    """The host, its labels from the top down, and a port that is not the scheme's own."""
    hostport = authority.rpartition("@")[2]
    host, colon, port = hostport.rpartition(":")
    if not colon or port.endswith("]"):
        host, port = hostport, ""
    port = f":{port}" if port.strip("0") and port != _DEFAULT_PORTS.get(scheme) else ""
    if host.startswith("["):
        return host.strip("[]").lower() + port
    host = _DOTS.sub(".", _bare(host).decode("utf-8", "replace")).strip(".").lower()
    if not host.isascii():
        host = _punycode(host)
    host = _dotted_quad(_WWW.sub("", host, count=1) if _WWW.match(host) else host)
    return ",".join(reversed(host.split("."))) + port


def _punycode(host: str) -> str:
    try:
        return host.encode("idna").decode("ascii")
    except UnicodeError:  # no registrable name; the key still has to be one
        return _escaped(host.encode())


def _dotted_quad(host: str) -> str:
    """An IPv4 address in any spelling that `inet_aton` takes, as four decimal numbers."""
    parts = host.split(".")
    if len(parts) > 4 or not all(_DIGITS.match(part) for part in parts):
        return host
    try:
        numbers = [int(part, 8) if part.startswith("0") else int(part) for part in parts]
    except ValueError:  # 08 and 09 are no octal numbers
        return host
    last = 4 - len(numbers) + 1
    if any(number > 255 for number in numbers[:-1]) or numbers[-1] >= 256**last:
        return host
    tail = numbers[-1].to_bytes(last, "big")
    return ".".join(map(str, [*numbers[:-1], *tail]))


def _path(path: str) -> str:
    bare = _bare(path)
    if b"/." in bare or b"//" in bare or not bare.startswith(b"/"):
        bare = _without_dots(bare)
    folded = _without_last_slash(_escaped(bare).lower())
    if ".aspx" in folded and len(folded) <= _SESSION_SEARCHED:
        for session in _SESSIONS_IN_PATH:
            if (found := session.match(folded)) is not None:
                folded = found[1] + found[2]
    return folded


def _without_dots(path: bytes) -> bytes:
    parts: list[bytes] = []
    for part in path.split(b"/")[1:]:
        if part == b".." and parts:  # one with nothing above it stays: so the keys in the wild have it
            parts.pop()
        elif part != b".":
            parts.append(part)
    return b"/" + b"/".join(filter(None, parts))


def _query(query: str) -> str:
    folded = _folded(query)
    if len(folded) <= _SESSION_SEARCHED and _MAY_BE_SESSION.search(folded) is not None:
        for session in _SESSIONS_IN_QUERY:
            if (found := session.match(folded)) is not None:
                folded = found[1] + (found[2] or "")
    if "&" in folded:
        folded = "&".join(sorted(folded.split("&"), key=lambda part: part.partition("=")))
    return f"?{folded}" if folded else ""


def _without_last_slash(path: str) -> str:
    return path[:-1] if path.endswith("/") and path != "/" else path


def _folded(text: str) -> str:
    return _escaped(_bare(text)).lower()


def _bare(text: str) -> bytes:
    """Percent-escapes undone, and those that come to light by it, until none is left.

    No two escapes overlap, so the order in which they are undone does not matter; one pass does it in linear time,
    where undoing all again and again would take a pass for each `25` of `%252525…`.
    """
    raw = text.encode("utf-8", "surrogatepass")
    if b"%" not in raw:
        return raw
    bare = bytearray()
    for byte in raw:
        bare.append(byte)
        while len(bare) > 2 and bare[-3] == _PERCENT and bare[-1] in _HEX and bare[-2] in _HEX:
            bare[-3:] = bytes.fromhex(bare[-2:].decode())
    return bytes(bare)


def _escaped(raw: bytes) -> str:
    if not raw.translate(None, _PLAIN):
        return raw.decode("ascii")
    return "".join(chr(byte) if byte in _PLAIN else f"%{byte:02X}" for byte in raw)
