"""Cookies: the user's own, where a file of them was given, and those that responses set on the way to a source."""

from __future__ import annotations

import email.message
import http.cookiejar
import urllib.request
from pathlib import Path

from archive import posix
from archive.errors import UsageProblem
from archive.urls import Url
from archive.workfolder.recorded import Recorded
from archive_manifests.exchanges import Purpose

WITH_COOKIES: dict[str, str] = {"purpose": Purpose.COOKIES_OF_VISIT}
"""The note in the `metadata` record of such an exchange: it answers no other request of the address."""


class UserCookies:
    """Cookies of a Netscape-format file. Servers cannot add to them. `header` is used on the event loop alone."""

    def __init__(self, path: Path | None) -> None:
        self._jar: http.cookiejar.MozillaCookieJar | None = None
        if path is not None:
            # Otherwise a host's own cookies go to every host below it too. (RFC 6265, section 5.4: host-only-flag)
            strict = http.cookiejar.DefaultCookiePolicy.DomainStrictNonDomain
            policy = http.cookiejar.DefaultCookiePolicy(strict_ns_domain=strict)
            self._jar = http.cookiejar.MozillaCookieJar(path, policy=policy)
            try:
                posix.open_file(path).close()  # a pipe would keep the jar waiting
                self._jar.load(ignore_discard=True, ignore_expires=True)
            except (OSError, http.cookiejar.LoadError, UnicodeDecodeError) as error:
                raise UsageProblem(f"--cookies {path}: not a cookie file in Netscape format") from error
            for cookie in self._jar:
                if cookie.expires == 0:  # how browsers' exports write "until the browser is closed", not 1970
                    cookie.expires, cookie.discard = None, True

    def jar(self) -> http.cookiejar.CookieJar:
        """All of them, for a guest that keeps cookies of its own."""
        return self._jar if self._jar is not None else http.cookiejar.CookieJar()

    def header(self, url: Url) -> tuple[tuple[str, str], ...]:
        """The Cookie field for a request, or nothing. (RFC 6265, section 5.4)"""
        if self._jar is None:
            return ()
        value = _header_for(self._jar, url)
        return (("Cookie", value),) if value else ()


class VisitCookies:
    """The cookies that responses set on the way to one source. They end with the visit. (RFC 6265, section 5.3)"""

    def __init__(self) -> None:
        strict = http.cookiejar.DefaultCookiePolicy.DomainStrictNonDomain
        self._jar = http.cookiejar.CookieJar(http.cookiejar.DefaultCookiePolicy(strict_ns_domain=strict))

    def store(self, recorded: Recorded) -> None:
        """Store what a response sets; what breaks the rules for its host is passed over."""
        if recorded.head is None or recorded.header("Set-Cookie") is None:
            return
        self._jar.extract_cookies(_Response(recorded), _request(recorded.url))  # type: ignore[arg-type]

    def header(self, url: Url) -> str:
        """The value of the Cookie field for a request; empty where no cookie applies."""
        return _header_for(self._jar, url)


class _Response:
    """As much of a response as the cookie jar of the standard library needs."""

    def __init__(self, recorded: Recorded) -> None:
        self._message = email.message.Message()
        for name, value in recorded.head.fields if recorded.head is not None else ():
            if name.lower() == "set-cookie":
                self._message.add_header("Set-Cookie", value)

    def info(self) -> email.message.Message:
        return self._message


def _header_for(jar: http.cookiejar.CookieJar, url: Url) -> str:
    request = _request(url)
    jar.add_cookie_header(request)
    return request.get_header("Cookie") or ""


def _request(url: Url) -> urllib.request.Request:
    return urllib.request.Request(url.href)  # noqa: S310 -- never opened: the jar reads host and path off it
