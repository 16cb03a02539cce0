"""Content codings: stored as sent, true or not. (RFC 9110, section 8.4)"""

# ruff: noqa: E501 -- one case a line reads as a table

from __future__ import annotations

import functools
import gzip
import zlib

from tests.world.cases.chunks import chunk
from tests.world.cases.lengths import BIG, OK
from tests.world.faulty import Case, Expect
from tests.world.replies import Close

_TEXT = "شهادات الأهالي في دوما. ".encode() * 400
PACKED = gzip.compress(_TEXT, mtime=0)
_HTML = b"Content-Type: text/html; charset=utf-8\r\n"


def coded(coding: bytes, body: bytes) -> bytes:
    return OK + _HTML + b"Content-Encoding: " + coding + b"\r\nContent-Length: %d\r\n\r\n" % len(body) + body


@functools.cache
def bomb() -> bytes:
    """256 MiB of nothing in some 250 KB."""
    squeeze = zlib.compressobj(9, zlib.DEFLATED, 31)
    nothing = bytes(1 << 20)
    return b"".join([*(squeeze.compress(nothing) for _ in range(256)), squeeze.flush()])


_RAW = zlib.compressobj(9, zlib.DEFLATED, -15)
RAW_DEFLATE = _RAW.compress(_TEXT) + _RAW.flush()
_CHUNKED = OK + _HTML + b"Content-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n"
_PLAIN = b"<p>this was never squeezed</p>"
_WARC = b"WARC/1.1\r\nWARC-Type: response\r\nContent-Length: 0\r\n\r\n\r\n\r\n"

CASES = (
    Case("gzip", (coded(b"gzip", PACKED),), Expect(body=PACKED)),
    Case("gzip-chunked", (_CHUNKED + chunk(PACKED[:100]) + chunk(PACKED[100:]) + b"0\r\n\r\n",), Expect(body=PACKED)),
    Case("gzip-chunked-cut", (_CHUNKED + chunk(PACKED[:100]), Close()),
         Expect(body=PACKED[:100], complete=False, truncated="disconnect", keeps=False)),
    Case("gzip-lie", (coded(b"gzip", _PLAIN),), Expect(body=_PLAIN)),
    Case("gzip-cut-inside", (coded(b"gzip", PACKED[:-40]),), Expect(body=PACKED[:-40])),
    Case("gzip-with-a-tail", (coded(b"gzip", PACKED + b"\0" * 8 + b"tail"),), Expect(body=PACKED + b"\0" * 8 + b"tail")),
    Case("gzip-in-two-members", (coded(b"gzip", PACKED + PACKED),), Expect(body=PACKED + PACKED)),
    Case("gzip-broken-checksum", (coded(b"gzip", PACKED[:-8] + bytes(8)),), Expect(body=PACKED[:-8] + bytes(8))),
    Case("gzip-twice", (coded(b"gzip, gzip", gzip.compress(PACKED, mtime=0)),), Expect(body=gzip.compress(PACKED, mtime=0))),
    Case("gzip-of-nothing", (coded(b"gzip", b""),)),
    Case("gzip-bomb", (coded(b"gzip", bomb()),), Expect(body=bomb())),
    Case("x-gzip", (coded(b"x-gzip", PACKED),), Expect(body=PACKED)),
    Case("deflate", (coded(b"deflate", zlib.compress(_TEXT)),), Expect(body=zlib.compress(_TEXT))),
    Case("deflate-raw", (coded(b"deflate", RAW_DEFLATE),), Expect(body=RAW_DEFLATE)),
    Case("brotli-unasked", (coded(b"br", b"\x0b\x02\x80hello\x03"),), Expect(body=b"\x0b\x02\x80hello\x03")),
    Case("coding-unknown", (coded(b"rot13", b"uryyb"),), Expect(body=b"uryyb")),
    Case("coding-identity", (coded(b"identity", b"hello"),), Expect(body=b"hello")),
    Case("transfer-encoding-gzip-chunked", (OK + b"Transfer-Encoding: gzip, chunked\r\n\r\n" + chunk(PACKED) + b"0\r\n\r\n",),
         Expect(body=None, keeps=None)),
    Case("body-like-a-warc", (OK + b"Content-Length: %d\r\n\r\n" % len(_WARC) + _WARC,), Expect(body=_WARC)),
    Case("body-like-an-answer", (OK + b"Content-Length: %d\r\n\r\n" % len(OK * 3) + OK * 3,), Expect(body=OK * 3)),
    Case("body-of-random-bytes", (OK + b"Content-Length: %d\r\n\r\n" % len(BIG) + BIG,), Expect(body=BIG)),
)  # fmt: skip
