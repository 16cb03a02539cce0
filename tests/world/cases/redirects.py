"""Redirects that lead in circles, nowhere, or where nobody should go. Each hop is an exchange of its own."""

# ruff: noqa: E501 -- one case a line reads as a table

from __future__ import annotations

from tests.world.faulty import Case, Expect

_GO = b"HTTP/1.1 302 Found\r\nContent-Length: 0\r\n"
_HOP = Expect(302)


def to(where: bytes) -> bytes:
    return _GO + b"Location: " + where + b"\r\n\r\n"


def _leading(name: str, where: bytes, expect: Expect = _HOP) -> Case:
    return Case(name, (to(where),), expect)


CASES = (
    _leading("redirect-to-itself", b"/"),
    Case("redirect-in-a-circle", (to(b"/a"),), _HOP, {"/a": (to(b"/b"),), "/b": (to(b"/"),)}),
    Case("redirect-forty-times", (to(b"/1"),), _HOP, {f"/{n}": (to(b"/%d" % (n + 1)),) for n in range(1, 41)}),
    Case("redirect-without-location", (_GO + b"\r\n",), _HOP),
    _leading("redirect-to-nothing", b""),
    Case("redirect-two-ways", (_GO + b"Location: /a\r\nLocation: /b\r\n\r\n",), Expect(302, odd=True)),
    _leading("redirect-in-raw-utf-8", "/تقرير".encode()),
    _leading("redirect-in-latin-1", b"/caf\xe9"),
    _leading("redirect-with-lower-case-escapes", b"/%d8%aa?a=%c3%a9"),
    _leading("redirect-with-spaces", b"  /a b  "),
    _leading("redirect-with-a-fragment", b"/page#part"),
    _leading("redirect-without-a-scheme", b"//faulty.example/over-there"),
    _leading("redirect-to-a-query", b"?x=1"),
    _leading("redirect-to-file", b"file:///etc/hostname"),
    _leading("redirect-to-javascript", b"javascript:alert(1)"),
    _leading("redirect-to-data", b"data:text/html,hello"),
    _leading("redirect-to-ftp", b"ftp://faulty.example/pub"),
    _leading("redirect-with-credentials", b"http://user:secret@faulty.example/in"),
    _leading("redirect-to-loopback", b"http://127.0.0.1:9/"),
    _leading("redirect-to-loopback-in-decimal", b"http://2130706433/"),
    _leading("redirect-to-metadata", b"http://169.254.169.254/latest/meta-data/"),
    _leading("redirect-to-a-mapped-address", b"http://[::ffff:10.0.0.1]/"),
    _leading("redirect-to-no-url", b"http://[::1"),
    _leading("redirect-to-a-long-url", b"/" + b"a" * 60_000),
    Case("redirect-with-a-body", (b"HTTP/1.1 301 Moved\r\nLocation: /there\r\nContent-Length: 5\r\n\r\nhello",), Expect(301, b"hello")),
    Case("redirect-by-refresh-field", (b"HTTP/1.1 200 OK\r\nRefresh: 0; url=/there\r\nContent-Length: 5\r\n\r\nhello",), Expect(body=b"hello")),
    Case("redirect-300", (b"HTTP/1.1 300 Multiple Choices\r\nLocation: /one\r\nContent-Length: 5\r\n\r\nhello",), Expect(300, b"hello")),
    Case("redirect-308", (b"HTTP/1.1 308 Permanent Redirect\r\nLocation: /one\r\nContent-Length: 0\r\n\r\n",), Expect(308)),
    Case("location-with-a-200", (b"HTTP/1.1 200 OK\r\nLocation: /elsewhere\r\nContent-Length: 5\r\n\r\nhello",), Expect(body=b"hello")),
)  # fmt: skip
