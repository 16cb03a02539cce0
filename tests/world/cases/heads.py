"""Heads: line ends, odd fields, too many, too long. Whatever they are, they are stored as they came."""

# ruff: noqa: E501 -- one case a line reads as a table

from __future__ import annotations

from tests.world.cases.lengths import OK
from tests.world.faulty import FOREVER, Case, Drip, Endless, Expect
from tests.world.replies import Close, Pause

_END = b"Content-Length: 5\r\n\r\nhello"
_HELLO = Expect(body=b"hello")
_ODD = Expect(body=b"hello", keeps=None, odd=True)
_UNDECIDED = Expect(None, None, None, None, False, odd=True)
_ARABIC = "X-Title: تقرير".encode() + b"\r\n"


def fields(*lines: bytes) -> bytes:
    return OK + b"".join(line + b"\r\n" for line in lines) + _END


CASES = (
    Case("bare-lf", ((OK + _END).replace(b"\r\n", b"\n"),), _ODD, rule="RFC 9112 2.2"),
    Case("mixed-line-ends", (OK + b"Server: x\n" + b"Content-Type: text/plain\r\nContent-Length: 5\n\r\nhello",), _ODD),
    Case("lf-cr-lf-at-the-end", (OK + b"Content-Length: 5\n\r\nhello",), _ODD),
    Case("bare-cr", (OK + b"X-One: 1\rX-Two: 2\r\n" + _END,), _ODD, rule="RFC 9112 2.2"),
    Case("folded", (fields(b"X-Folded: one", b"  two", b"\tthree"),), _ODD, rule="RFC 9112 5.2"),
    Case("folded-content-length", (OK + b"Content-Length:\r\n 5\r\n\r\nhello",), _ODD),
    Case("fold-before-any-field", (OK + b"  X-First: folded\r\n" + _END,), _ODD),
    Case("line-without-colon", (fields(b"Server: x", b"this line has no colon", b"X-After: yes"),), _ODD),
    Case("empty-name", (fields(b": nameless"),), _ODD),
    Case("space-before-the-colon", (fields(b"X-Spaced : yes"),), _ODD, rule="RFC 9112 5.1"),
    Case("no-space-after-the-colon", (fields(b"X-Close:yes", b"X-Trailing: blanks   \t"),), _HELLO),
    Case("name-with-odd-characters", (fields(b"X-{Odd}(name): yes"),), _ODD),
    Case("non-ascii-reason", (b"HTTP/1.1 200 Trouv\xe9\r\n" + _END,), _HELLO),
    Case("utf-8-reason", ("HTTP/1.1 200 موجود\r\n".encode() + _END,), _HELLO),
    Case("non-ascii-values", (fields(b"X-Latin: caf\xe9", _ARABIC[:-2], "Content-Disposition: inline; filename=\"é.txt\"".encode()),), _HELLO),
    Case("control-characters", (fields(b"X-Nul: a\0b", b"X-Esc: \x1b[2J\x1b]0;title\x07", b"X-Del: \x7f"),), _ODD),
    Case("warc-text-in-a-field", (fields(b"WARC-Type: response", b"WARC-Target-URI: http://elsewhere.example/"),), _HELLO),
    Case("several-set-cookie", (fields(b"Set-Cookie: a=1", b"Set-Cookie: b=2; Path=/", b"set-cookie: c=3"),), _HELLO),
    Case("content-type-twice", (fields(b"Content-Type: text/html", b"Content-Type: text/plain"),), _HELLO),
    Case("no-fields", (b"HTTP/1.1 200 OK\r\n\r\nhello", Close()), Expect(body=b"hello", keeps=False)),
    Case("150-fields", (fields(*(b"X-Field-%03d: value" % n for n in range(150))),), _HELLO),
    Case("5000-fields", (fields(*(b"X-Field-%04d: value" % n for n in range(5000))),), Expect(body=b"hello", keeps=None)),
    Case("70-kb-field", (fields(b"X-Long: " + b"a" * 70_000),), _HELLO),
    Case("2-mb-head", (fields(*(b"X-Field: " + b"a" * 8000 for _ in range(250))), Close()), _UNDECIDED),
    Case("endless-head", (OK, Endless(b"X-Field: " + b"a" * 8000 + b"\r\n")), _UNDECIDED),
    Case("endless-field", (OK + b"X-Field: ", Endless(b"a" * 8000)), _UNDECIDED),
    Case("endless-status-line", (b"HTTP/1.1 200 ", Endless(b"a" * 8000)), _UNDECIDED),
    Case("head-cut", (OK + b"Content-Type: text/ht", Close()), Expect(None, None, False, None, False, odd=True)),
    Case("status-line-cut", (b"HTTP/1.1 20", Close()), Expect(None, None, False, None, False, odd=True)),
    Case("head-stalls", (OK + b"Content-Type: text/ht", FOREVER), Expect(None, None, False, None, False, odd=True)),
    Case("head-drips", (Drip(OK + b"X: " + b"y" * 4000), FOREVER), Expect(None, None, False, None, False, odd=True)),
    Case("head-in-many-segments", tuple(step for n in range(0, len(fields(b"X-A: b")), 7) for step in (fields(b"X-A: b")[n : n + 7], Pause(0.003))), _HELLO),
    Case("empty-lines-first", (b"\r\n\r\n" + fields(b"Server: x"),), _ODD, rule="RFC 9112 2.2"),
)  # fmt: skip
