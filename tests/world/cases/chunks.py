"""Chunked bodies, sound and broken. (RFC 9112, section 7.1)"""

# ruff: noqa: E501 -- one case a line reads as a table

from __future__ import annotations

from tests.world.cases.lengths import BIG, OK, TEXT
from tests.world.faulty import FOREVER, Case, Expect
from tests.world.replies import Close, Pause

HEAD = OK + TEXT + b"Transfer-Encoding: chunked\r\n\r\n"
WHOLE = b"5\r\nhello\r\n7\r\n, world\r\n0\r\n\r\n"
_HELLO = Expect(body=b"hello, world")
_CUT = Expect(body=b"hello", complete=False, truncated="disconnect", keeps=False)
_BROKEN = Expect(body=b"hello", complete=False, truncated=None, keeps=False, odd=True)
_TINY = b"".join(b"1\r\n%c\r\n" % byte for byte in BIG[:2000])


def chunk(data: bytes) -> bytes:
    return b"%x\r\n%s\r\n" % (len(data), data)


CASES = (
    Case("chunked", (HEAD + WHOLE,), _HELLO),
    Case("chunked-big", (HEAD + chunk(BIG[:33_000]) + chunk(BIG[33_000:]) + b"0\r\n\r\n",), Expect(body=BIG)),
    Case("chunked-empty", (HEAD + b"0\r\n\r\n",)),
    Case(
        "chunked-extensions-and-trailers",
        (
            HEAD + b'5;name=value;quoted="a;b"\r\nhello\r\n7 ; spaced = yes\r\n, world\r\n0;last\r\n'
            b"X-Checksum: abc\r\nX-Second: \xc3\xa9\r\n\r\n",
        ),
        _HELLO,
    ),
    Case("chunked-upper-case-and-zeros", (HEAD + b"0005\r\nhello\r\n00000007\r\n, world\r\n000\r\n\r\n",), _HELLO),
    Case("chunked-hex-in-both-cases", (HEAD + b"A\r\n0123456789\r\na\r\nabcdefghij\r\n0\r\n\r\n",), Expect(body=b"0123456789abcdefghij")),
    Case("chunked-bare-lf", (HEAD + WHOLE.replace(b"\r\n", b"\n"),), Expect(body=b"hello, world", keeps=None)),
    Case("chunked-in-tiny-chunks", (HEAD + _TINY + b"0\r\n\r\n",), Expect(body=BIG[:2000])),
    Case("chunked-split-in-odd-places", (HEAD[:-6], *(step for byte in HEAD[-6:] + WHOLE for step in (bytes([byte]), Pause(0.004)))), _HELLO),
    Case("chunked-cut-mid-chunk", (HEAD + b"5\r\nhello\r\nff\r\nonly a part of it", Close()),
         Expect(body=b"helloonly a part of it", complete=False, truncated="disconnect", keeps=False)),
    Case("chunked-cut-between-chunks", (HEAD + b"5\r\nhello\r\n", Close()), _CUT),
    Case("chunked-cut-in-the-size", (HEAD + b"5\r\nhello\r\n1", Close()), _CUT),
    Case("chunked-cut-before-the-last-line", (HEAD + b"5\r\nhello\r\n0\r\n", Close()), _CUT),
    Case("chunked-stall", (HEAD + b"5\r\nhello\r\nff\r\n", FOREVER), Expect(body=b"hello", complete=False, truncated="time", keeps=False)),
    Case("chunked-bad-size", (HEAD + b"5\r\nhello\r\nzz\r\n, world\r\n0\r\n\r\n", Close()), _BROKEN),
    Case("chunked-negative-size", (HEAD + b"5\r\nhello\r\n-7\r\n, world\r\n0\r\n\r\n", Close()), _BROKEN),
    Case("chunked-0x-size", (HEAD + b"5\r\nhello\r\n0x7\r\n, world\r\n0\r\n\r\n", Close()), _BROKEN),
    Case("chunked-empty-size", (HEAD + b"5\r\nhello\r\n\r\n, world\r\n0\r\n\r\n", Close()), _BROKEN),
    Case("chunked-size-beyond-64-bits", (HEAD + b"5\r\nhello\r\n" + b"F" * 40 + b"\r\n, world", Close()), _BROKEN),
    Case("chunked-size-of-2-to-the-63", (HEAD + b"5\r\nhello\r\n7fffffffffffffff\r\n, world", Close()),
         Expect(body=b"hello, world", complete=False, truncated="disconnect", keeps=False)),
    Case("chunked-longer-than-its-size", (HEAD + b"5\r\nhello, world\r\n0\r\n\r\n", Close()), _BROKEN),
    Case("chunked-extension-of-70-kb", (HEAD + b"5;x=" + b"y" * 70_000 + b"\r\nhello\r\n0\r\n\r\n", Close()),
         Expect(body=None, complete=None, keeps=None, odd=True)),
    Case("chunked-trailers-of-1-mb", (HEAD + WHOLE[:-2] + b"X-T: 0123456789\r\n" * 62_000 + b"\r\n", Close()),
         Expect(body=b"hello, world", complete=None, keeps=None, odd=True)),
    Case("chunked-surplus", (HEAD + WHOLE + b"more",), Expect(body=b"hello, world", surplus=b"more", keeps=False, odd=True)),
    Case("chunked-in-http-1.0", (HEAD.replace(b"1.1", b"1.0") + WHOLE, Close()),
         Expect(body=None, complete=None, keeps=False, odd=True), rule="RFC 9112 6.1"),
    Case("transfer-encoding-twice", (OK + b"Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n" + WHOLE, Close()),
         Expect(body=None, complete=None, keeps=None, odd=True)),
    Case("transfer-encoding-unknown", (OK + b"Transfer-Encoding: carrier-pigeon\r\n\r\nhello", Close()),
         Expect(body=b"hello", complete=None, keeps=False, odd=True), rule="RFC 9112 6.3"),
    Case("transfer-encoding-in-capitals", (OK + b"TRANSFER-ENCODING: Chunked\r\n\r\n" + WHOLE,), _HELLO),
    Case("transfer-encoding-with-a-space-before-the-colon", (OK + b"Transfer-Encoding : chunked\r\n\r\n" + WHOLE, Close()),
         Expect(body=None, complete=None, keeps=None, odd=True), rule="RFC 9112 5.1"),
)  # fmt: skip
