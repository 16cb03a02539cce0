"""URLs as the WHATWG URL Standard reads and writes them: what is requested on the wire, no more rewritten than that."""

from __future__ import annotations

from functools import lru_cache
from sys import intern

import can_ada
from msgspec import Struct

from archive.errors import UsageProblem
from archive_manifests.errors import ArchiveError

DEFAULT_PORTS = {"http": 80, "https": 443}
LONGEST_URL = 65_536
"""Characters of an address that a report, a page or a server states; no server takes a longer one."""
LONGEST_REQUESTED = 4 * LONGEST_URL
"""Characters of any web address, such as one that holds another: the header of a record has room for it."""
_REMEMBERED = 1024
"""URLs that were read last: each step of a capture, and of its verification, reads the same ones."""


class UrlError(ArchiveError):
    """A string that no browser would take for a URL."""


class Url(Struct, frozen=True, order=True):
    """An absolute URL in WHATWG serialisation, without fragment.

    Escapes keep the case they were written in; queries are neither sorted nor trimmed.
    """

    href: str
    """What WARC-Target-URI says and the index holds."""
    scheme: str
    host: str
    """As in the Host header: lower case, punycode, IPv6 in brackets; empty for schemes without hosts."""
    port: int
    """The port to connect to; 0 for schemes that have none."""
    target: str
    """Path and query: the request target. (RFC 9112, section 3.2.1)"""
    has_credentials: bool = False

    def __str__(self) -> str:
        return self.href

    @property
    def is_web(self) -> bool:
        return self.scheme in DEFAULT_PORTS

    @property
    def authority(self) -> str:
        """The Host header's value: the port only where it is not the scheme's own. (RFC 9110, section 7.2)"""
        return self.host if DEFAULT_PORTS.get(self.scheme) == self.port else f"{self.host}:{self.port}"

    @property
    def hostname(self) -> str:
        """The host as resolvers and sockets take it: IPv6 without brackets."""
        return self.host.strip("[]")

    @property
    def origin(self) -> str:
        return f"{self.scheme}://{self.authority}"

    def without_credentials(self) -> Url:
        """The same URL without user name and password: they are nobody's to send."""
        return parse(f"{self.origin}{self.target}") if self.has_credentials else self

    @property
    def path(self) -> str:
        return self.target.partition("?")[0]


def host_name(text: str) -> str:
    """A host's name as it stands in certificates and on the wire: lower case, punycode. Raises `UsageProblem`."""
    try:
        host = parse(f"https://{text.strip()}/").hostname
    except UrlError as error:
        raise UsageProblem(f"{text!r} is no name of a host; write it without https:// and path") from error
    if any(mark in text for mark in "/?#@") or not host:
        raise UsageProblem(f"{text!r} is no name of a host; write it without https:// and path")
    return host


def parse(text: str, base: Url | str | None = None) -> Url:
    """Read a URL, relative to `base` where one is given. Raises `UrlError`."""
    return _parse(text, None if base is None else str(base))


def parse_stated(text: str, base: Url | str | None = None) -> Url:
    """Read an address that a report, a page or a server states. Raises `UrlError`, also for one that is too long."""
    url = parse(text, base)
    if len(url.href) > LONGEST_URL:
        raise UrlError(f"a URL of {len(url.href):,} characters")
    return url


@lru_cache(maxsize=_REMEMBERED)
def _parse(text: str, base: str | None) -> Url:
    try:
        parsed = can_ada.parse(base) + text if base is not None else can_ada.parse(text)
        parsed.hash = ""
    except (ValueError, UnicodeError, TypeError) as error:
        raise UrlError(f"not a URL: {text!r}") from error
    scheme = intern(parsed.protocol.rstrip(":"))
    href = parsed.href
    if len(href) > LONGEST_REQUESTED and scheme in DEFAULT_PORTS:
        raise UrlError(f"a URL of {len(href):,} characters")
    # Cut out of the href: `search` drops a lone "?", and that is another request.
    after = href.find("/", len(scheme) + 3) if href.startswith(f"{scheme}://") else -1
    return Url(
        href=href,
        scheme=scheme,
        host=intern(parsed.hostname),  # thousands of URLs of one host are in memory at once
        port=int(parsed.port) if parsed.port else DEFAULT_PORTS.get(scheme, 0),
        target=href[after:] if after >= 0 else "/",
        has_credentials=bool(parsed.username or parsed.password),
    )
