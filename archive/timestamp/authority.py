"""Requests to a timestamp authority: one query, one response, by the one HTTP client. (RFC 3161, 3.4)"""

from __future__ import annotations

from typing import TYPE_CHECKING

from archive.errors import ArchiveError, UsageProblem
from archive.timestamp.token import LARGEST_REPLY

if TYPE_CHECKING:
    from archive.net import Exchange, ExchangeLimits, HttpClient
    from archive.urls import Url

_HEADERS = (
    ("Content-Type", "application/timestamp-query"),
    ("Accept", "application/timestamp-reply"),
    ("Accept-Encoding", "identity"),
)


class AuthorityFailed(ArchiveError):
    """An authority gave no timestamp; the text says how it failed."""


def patient_limits() -> ExchangeLimits:
    """The bounds of one query: a stamp is small and quick, the line to it may be bad, a reply that drips must end."""
    from archive.net import ExchangeLimits

    return ExchangeLimits(head=60, stall=30, slowest=16, window=30, whole=120, body_size=LARGEST_REPLY)


class UnknownAuthority(UsageProblem):
    """A name that no known timestamp authority has."""

    def __init__(self, name: str, known: tuple[str, ...]) -> None:
        self.name, self.known = name, ", ".join(known)
        super().__init__(f"{name}: no authority of this name; there are {self.known}, or give an http(s) address")


def read_url(text: str) -> Url:
    """The address of an authority, given itself or by a name of `presets`. Raises `UsageProblem`."""
    from archive.timestamp.presets import presets, url_of
    from archive.urls import UrlError, parse

    if "://" not in text and text.lower() not in presets():
        raise UnknownAuthority(text, tuple(presets()))
    try:
        url = parse(url_of(text))
    except UrlError:
        known = ", ".join(presets())
        raise UsageProblem(f"{text}: no web address; write https://HOST/PATH, or a name: {known}") from None
    if not url.is_web or not url.host:
        raise UsageProblem(f"{text}: an authority has an http or https address")
    if url.has_credentials:
        raise UsageProblem(f"{url.origin}: takes no user name or password in its address; use --queue and --import")
    return url


def request_timestamp(url: Url, query: bytes, wire: HttpClient) -> bytes:
    """Post a query and return the reply's bytes, unchecked. Raises `AuthorityFailed`; a redirect is not followed."""
    from archive.net import Request

    exchange = wire.exchange(Request(url, "POST", _HEADERS, query))
    try:
        return _body(url, exchange)
    finally:
        exchange.close()


def _body(url: Url, exchange: Exchange) -> bytes:
    if exchange.failure is not None:
        raise AuthorityFailed(f"{url}: {exchange.failure.message}")
    if exchange.status != 200:
        redirected = " and leads elsewhere, which is not followed" if 300 <= (exchange.status or 0) < 400 else ""
        raise AuthorityFailed(f"{url}: responded with {exchange.status}{redirected}")
    if exchange.truncated == "length":
        raise AuthorityFailed(f"{url}: its response is larger than {LARGEST_REPLY:,} bytes, which no timestamp is")
    if exchange.truncated is not None:
        raise AuthorityFailed(f"{url}: its response was cut ({exchange.truncated})")
    assert exchange.head is not None
    kind = (exchange.head.get("Content-Type") or "").partition(";")[0].strip().lower()
    if kind.startswith("text/"):
        raise AuthorityFailed(f"{url}: responded with {kind}, a page for people; is it the right address?")
    return b"".join(exchange.payload())
