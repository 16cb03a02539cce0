"""Cookies: the user's own, where a file of them was given, and those that responses set on the way to a source."""

from __future__ import annotations

import email.message
import http.cookiejar
import urllib.request
from collections import Counter
from pathlib import Path

from archive import posix
from archive.errors import UsageProblem
from archive.urls import Url
from archive.workfolder.recorded import Recorded
from archive_manifests.exchanges import Purpose

WITH_COOKIES: dict[str, str] = {"purpose": Purpose.COOKIES_OF_VISIT}
"""The note in the `metadata` record of such an exchange: it answers no other request of the address."""


LONGEST_COOKIE = 4096
"""Bytes of a `Set-Cookie` field."""
MOST_COOKIES_OF_DOMAIN, MOST_COOKIES = 180, 3000
"""Cookies of a visit, as browsers have them: further ones are not stored. (RFC 6265, section 6.1)"""
LONGEST_COOKIES = 64 << 10
"""Bytes of a Cookie field; servers take some 8 KiB."""


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
        self._policy = http.cookiejar.DefaultCookiePolicy(strict_ns_domain=strict)
        self._jar = http.cookiejar.CookieJar(self._policy)

    def store(self, recorded: Recorded) -> None:
        """Store what a response sets; what breaks the rules for its host is passed over."""
        if recorded.head is None or recorded.header("Set-Cookie") is None:
            return
        request, stored = _request(recorded.url), {_key(cookie) for cookie in self._jar}
        counts = Counter(domain for domain, _, _ in stored)
        for cookie in self._jar.make_cookies(_Response(recorded), request):  # type: ignore[arg-type]
            is_new = (key := _key(cookie)) not in stored
            if is_new and (counts[cookie.domain] >= MOST_COOKIES_OF_DOMAIN or len(stored) >= MOST_COOKIES):
                continue
            if self._policy.set_ok(cookie, request):
                self._jar.set_cookie(cookie)
                stored.add(key)
                counts[cookie.domain] += is_new

    def header(self, url: Url) -> str:
        """The value of the Cookie field for a request; empty where no cookie applies."""
        return _header_for(self._jar, url)


class _Response:
    """As much of a response as the cookie jar of the standard library needs."""

    def __init__(self, recorded: Recorded) -> None:
        self._message = email.message.Message()
        for name, value in recorded.head.fields if recorded.head is not None else ():
            if name.lower() == "set-cookie" and len(value) <= LONGEST_COOKIE:
                self._message.add_header("Set-Cookie", value)

    def info(self) -> email.message.Message:
        return self._message


def _header_for(jar: http.cookiejar.CookieJar, url: Url) -> str:
    request = _request(url)
    jar.add_cookie_header(request)
    value = request.get_header("Cookie") or ""
    return value if len(value) <= LONGEST_COOKIES else value[: LONGEST_COOKIES + 1].rpartition("; ")[0]


def _key(cookie: http.cookiejar.Cookie) -> tuple[str, str, str]:
    """What a cookie replaces another of. (RFC 6265, section 5.3)"""
    return cookie.domain, cookie.path, cookie.name


def _request(url: Url) -> urllib.request.Request:
    return urllib.request.Request(url.href)  # noqa: S310 -- never opened: the jar reads host and path off it
