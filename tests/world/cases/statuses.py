"""Status lines, and statuses that change what a body is."""

# ruff: noqa: E501 -- one case a line reads as a table

from __future__ import annotations

from tests.world.faulty import Case, Expect
from tests.world.replies import Close

_END = b"Content-Length: 5\r\n\r\nhello"
_HELLO = Expect(body=b"hello")
_NOT_HTTP = Expect(None, None, None, None, False, is_http=False, odd=True)
_STRETCHED = Expect(None, None, None, None, None, odd=True)
_RANGE = b"Content-Range: bytes 0-4/50\r\nContent-Length: 5\r\n\r\nhello"

CASES = (
    Case("204", (b"HTTP/1.1 204 No Content\r\n\r\n",), Expect(204)),
    Case("204-with-a-length", (b"HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\n",), Expect(204, keeps=None)),
    Case("204-with-a-body", (b"HTTP/1.1 204 No Content\r\n" + _END,), Expect(204, surplus=b"hello", keeps=False, odd=True)),
    Case("304", (b"HTTP/1.1 304 Not Modified\r\nETag: \"x\"\r\n\r\n",), Expect(304)),
    Case("304-with-a-length", (b"HTTP/1.1 304 Not Modified\r\nContent-Length: 5000\r\n\r\n",), Expect(304), rule="RFC 9110 15.4.5"),
    Case("304-with-a-body", (b"HTTP/1.1 304 Not Modified\r\n" + _END,), Expect(304, surplus=b"hello", keeps=False, odd=True)),
    Case("205-with-a-body", (b"HTTP/1.1 205 Reset Content\r\n" + _END,), Expect(205, b"hello")),
    Case("206-unasked", (b"HTTP/1.1 206 Partial Content\r\n" + _RANGE,), Expect(206, b"hello")),
    Case("404-with-a-page", (b"HTTP/1.1 404 Not Found\r\n" + _END,), Expect(404, b"hello")),
    Case("407-unasked", (b"HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic\r\n" + _END,), Expect(407, b"hello")),
    Case("999", (b"HTTP/1.1 999 Request denied\r\n" + _END,), Expect(999, b"hello")),
    Case("000", (b"HTTP/1.1 000 Nothing\r\n" + _END, Close()), _STRETCHED),
    Case("two-digit-status", (b"HTTP/1.1 20 OK\r\n" + _END, Close()), _STRETCHED),
    Case("four-digit-status", (b"HTTP/1.1 2000 OK\r\n" + _END, Close()), _STRETCHED),
    Case("no-status", (b"HTTP/1.1 OK\r\n" + _END, Close()), _STRETCHED),
    Case("no-reason", (b"HTTP/1.1 200\r\n" + _END,), Expect(body=b"hello", keeps=None)),
    Case("no-reason-but-its-space", (b"HTTP/1.1 200 \r\n" + _END,), _HELLO, rule="RFC 9112 4"),
    Case("two-spaces-in-the-status-line", (b"HTTP/1.1  200  OK\r\n" + _END,), Expect(body=b"hello", keeps=None)),
    Case("lower-case-http", (b"http/1.1 200 ok\r\n" + _END,), Expect(body=b"hello", keeps=None)),
    Case("http-2.0", (b"HTTP/2.0 200 OK\r\n" + _END,), Expect(body=b"hello", keeps=None)),
    Case("http-2-without-minor", (b"HTTP/2 200\r\n" + _END,), Expect(body=b"hello", keeps=None)),
    Case("http-1.2", (b"HTTP/1.2 200 OK\r\n" + _END,), Expect(body=b"hello", keeps=None)),
    Case("http-0.9", (b"<html><body>An answer of 1991</body></html>\n", Close()), _NOT_HTTP),
    Case("icy", (b"ICY 200 OK\r\nicy-name: radio\r\n\r\n\xff\xfb\x90\x64", Close()), _NOT_HTTP),
    Case("garbage", (b"\x00\x01\x02 what is this\n\n\xff\xfe", Close()), _NOT_HTTP),
    Case("garbage-of-1-mb-without-line-ends", (b"\xa5" * (1 << 20), Close()), _NOT_HTTP),
    Case("tls-alert-in-plain", (b"\x15\x03\x03\x00\x02\x02\x28", Close()), _NOT_HTTP),
    Case("ssh-banner", (b"SSH-2.0-OpenSSH_9.6\r\n", Close()), _NOT_HTTP),
    Case("ftp-banner", (b"220 FTP server ready\r\n", Close()), _NOT_HTTP),
    Case("http-2-frames", (b"\x00\x00\x12\x04\x00\x00\x00\x00\x00" + bytes(18), Close()), _NOT_HTTP),
)  # fmt: skip
