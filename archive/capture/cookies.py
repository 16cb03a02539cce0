"""The user's own cookies, where a file of them was given."""

from __future__ import annotations

import http.cookiejar
import threading
import urllib.request
from pathlib import Path

from archive.errors import UsageProblem
from archive.urls import Url


class UserCookies:
    """Cookies of a Netscape-format file. Servers cannot add to them."""

    def __init__(self, path: Path | None) -> None:
        self._jar: http.cookiejar.MozillaCookieJar | None = None
        self._lock = threading.Lock()
        if path is not None:
            # Otherwise a host's own cookies go to every host below it too. (RFC 6265, section 5.4: host-only-flag)
            strict = http.cookiejar.DefaultCookiePolicy.DomainStrictNonDomain
            policy = http.cookiejar.DefaultCookiePolicy(strict_ns_domain=strict)
            self._jar = http.cookiejar.MozillaCookieJar(path, policy=policy)
            try:
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
        request = urllib.request.Request(url.href)  # noqa: S310 -- never opened: only asked which cookies it would carry
        with self._lock:
            self._jar.add_cookie_header(request)
        value = request.get_header("Cookie")
        return (("Cookie", value),) if value else ()
