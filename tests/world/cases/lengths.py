"""Bodies whose length is stated: rightly, wrongly, twice. (RFC 9112, section 6)"""

# ruff: noqa: E501 -- one case a line reads as a table

from __future__ import annotations

import random

from tests.world.faulty import FOREVER, Case, Expect
from tests.world.replies import Close, Pause, Reset

OK = b"HTTP/1.1 200 OK\r\n"
TEXT = b"Content-Type: text/plain\r\n"
BIG = random.Random("lengths").randbytes(50_000)
_EVIL = b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil"


def length(stated: bytes | int) -> bytes:
    return OK + TEXT + b"Content-Length: " + (stated if isinstance(stated, bytes) else b"%d" % stated) + b"\r\n\r\n"


_INVALID = Expect(body=None, complete=None, keeps=False, odd=True)

CASES = (
    Case("content-length", (length(5) + b"hello",), Expect(body=b"hello")),
    Case("content-length-zero", (length(0),)),
    Case("content-length-in-pieces", (length(5)[:20], Pause(0.05), length(5)[20:] + b"he", Pause(0.05), b"llo"), Expect(body=b"hello")),
    Case("content-length-leading-zeros", (length(b"0005") + b"hello",), Expect(body=b"hello")),
    Case("content-length-big", (length(len(BIG)) + BIG,), Expect(body=BIG)),
    Case("content-length-plus-sign", (length(b"+5") + b"hello", Close()), _INVALID, rule="RFC 9110 8.6"),
    Case("content-length-negative", (length(b"-5") + b"hello", Close()), _INVALID),
    Case("content-length-not-a-number", (length(b"five") + b"hello", Close()), _INVALID),
    Case("content-length-empty", (length(b"") + b"hello", Close()), _INVALID),
    Case("content-length-beyond-64-bits", (length(b"9" * 30) + b"hello", Close()), Expect(200, None, False, None, False, odd=True)),
    Case("content-lengths-same", (OK + b"Content-Length: 5\r\nContent-Length: 5\r\n\r\nhello",), Expect(body=b"hello", keeps=None), rule="RFC 9110 8.6"),
    Case("content-lengths-same-in-one-line", (OK + b"Content-Length: 5, 5\r\n\r\nhello",), Expect(body=b"hello", keeps=None), rule="RFC 9110 8.6"),
    Case("content-lengths-differ", (OK + b"Content-Length: 3\r\nContent-Length: 5\r\n\r\nhello", Close()), _INVALID, rule="RFC 9112 6.3"),
    Case(
        "content-length-and-chunked",
        (OK + b"Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n", Close()),
        Expect(body=b"hello", keeps=False, odd=True),
        rule="RFC 9112 6.3",
    ),
    Case("truncated", (length(50_000) + BIG[:20_000], Close()), Expect(body=BIG[:20_000], complete=False, truncated="disconnect", keeps=False)),
    Case("truncated-before-the-body", (length(50_000), Close()), Expect(body=b"", complete=False, truncated="disconnect", keeps=False)),
    Case(
        "truncated-by-reset",
        (length(50_000) + BIG[:20_000], Pause(0.2), Reset()),  # the pause lets the bytes be read before the RST drops them
        Expect(body=BIG[:20_000], complete=False, truncated="disconnect", keeps=False),
    ),
    Case("stall-in-body", (length(1000) + BIG[:300], FOREVER), Expect(body=BIG[:300], complete=False, truncated="time", keeps=False)),
    Case("surplus", (length(5) + b"hello, and more",), Expect(body=b"hello", surplus=b", and more", keeps=False, odd=True)),
    Case("surplus-is-an-answer", (length(5) + b"hello" + _EVIL,), Expect(body=b"hello", surplus=_EVIL, keeps=False, odd=True)),
    Case(
        # Read as the next answer by whoever takes the connection again without looking.
        "surplus-comes-late",
        (length(5) + b"hello", Pause(0.15), _EVIL),
        Expect(body=b"hello", surplus=_EVIL, keeps=None),
    ),
)  # fmt: skip
