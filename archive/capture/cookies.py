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
            self._jar = http.cookiejar.MozillaCookieJar(path)
            try:
                self._jar.load(ignore_discard=True, ignore_expires=True)
            except (OSError, http.cookiejar.LoadError, UnicodeDecodeError) as error:
                raise UsageProblem(f"--cookies {path}: not a cookie file in Netscape format") from error

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
