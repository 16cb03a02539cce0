"""Where an address leads, without what only the visit puts into it: scheme, `www.`, session, campaign, signature."""

from __future__ import annotations

import re
from functools import lru_cache

from archive.capture.classify.decoration import is_service, site_of
from archive.urls import UrlError, parse

_SESSION_PATH = re.compile(r";(?:jsessionid|phpsessid|sid)=[^/;]*|/\(S\([a-z0-9]{20,30}\)\)", re.IGNORECASE)
_PROTECTED_MAIL = "/cdn-cgi/l/email-protection"
_SESSION_NAME = re.compile(
    r"(?:php|j|asp)?sess(?:ion)?_?(?:id)?|sid|_?wpnonce|nonce|csrf\w*|xsrf\w*|_?token|authenticity_token|auth_?token"
    r"|sig|signature|hmac|x-amz-\w+|expires|form_build_id|utm_\w+|fbclid|gclid|msclkid|mc_[ce]id|_ga|_gl|_|cb|rnd|rand|cachebuster|cache_?bust",
    re.IGNORECASE,
)
_INSTANT = re.compile(r"1[5-9]\d{8}(?:\d{3})?")
"""Seconds or milliseconds since 1970, of these years."""
_SHARD = re.compile(r"(?<=[a-z])-?\d{1,2}(?=\.)|^\d{1,2}(?=\.)")
"""The number of one of several hosts that serve the same files."""

_LIBRARIES = re.compile(
    r"(?:^|\.)(?:cdnjs\.cloudflare\.com|jsdelivr\.net|unpkg\.com|bootstrapcdn\.com|googleapis\.com)\Z"
)
"""They serve the same file to everyone: a script from there that differs was changed."""


@lru_cache(maxsize=65_536)
def place_of_link(link: str) -> str:
    """Where a link leads: scheme and `www.` aside, and without the values of its query that are a session's."""
    try:
        url = parse(link)
    except UrlError:
        return link
    path, _, query = url.target.partition("?")
    path = _SESSION_PATH.sub("", path)
    fragment = "" if path == _PROTECTED_MAIL else link.partition("#")[2]
    names = "&".join(part.partition("=")[0] if _changes(part) else part for part in query.split("&"))
    return f"{url.host.removeprefix('www.')}{path}?{names}#{fragment}"


def _changes(part: str) -> bool:
    name, _, value = part.partition("=")
    return bool(_SESSION_NAME.fullmatch(name) or _INSTANT.fullmatch(value))


def place_of_file(url: str) -> str:
    """Where a picture or a script lies: its site and path. Which of its hosts served it is no part, nor the query."""
    if not url.startswith(("http:", "https:")):
        return url
    try:
        parsed = parse(url)
    except UrlError:
        return url.partition("?")[0].partition("#")[0]
    return f"{_SHARD.sub('', site_of(parsed.host))}{parsed.target.partition('?')[0]}"


def is_service_address(url: str) -> bool:
    """True for a host that counts, advertises or asks for consent on pages of others; not for one of libraries."""
    try:
        host = parse(url).host
    except UrlError:
        return False
    return is_service(host) and not _LIBRARIES.search(host)
