"""1xx answers before the final one. (RFC 9110, section 15.2)"""

# ruff: noqa: E501 -- one case a line reads as a table

from __future__ import annotations

from tests.world.cases.lengths import length
from tests.world.faulty import FOREVER, Case, Endless, Expect
from tests.world.replies import Close, Pause

CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"
HINTS = b"HTTP/1.1 103 Early Hints\r\nLink: </style.css>; rel=preload; as=style\r\n\r\n"
_FINAL = length(5) + b"hello"
_SWITCH = b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\nConnection: Upgrade\r\n\r\n"


def _after(*interim: int) -> Expect:
    return Expect(body=b"hello", interim=interim)


CASES = (
    Case("100-in-one-segment", (CONTINUE + _FINAL,), _after(100)),
    Case("100-in-two-segments", (CONTINUE, Pause(0.1), _FINAL), _after(100)),
    Case("103-in-one-segment", (HINTS + _FINAL,), _after(103)),
    Case("103-in-two-segments", (HINTS, Pause(0.1), _FINAL), _after(103)),
    Case("103-cut-in-odd-places", (HINTS[:11], Pause(0.05), HINTS[11:-1], Pause(0.05), HINTS[-1:] + _FINAL[:9], Pause(0.05), _FINAL[9:]), _after(103)),
    Case("100-102-103-103", (CONTINUE + b"HTTP/1.1 102 Processing\r\n\r\n" + HINTS, Pause(0.05), HINTS + _FINAL), _after(100, 102, 103, 103)),
    Case("199-nobody-knows", (b"HTTP/1.1 199 Whatever\r\n\r\n" + _FINAL,), _after(199)),
    Case("103-with-a-content-length", (HINTS[:-2] + b"Content-Length: 500\r\n\r\n" + _FINAL,), _after(103)),
    Case("103-before-a-204", (HINTS + b"HTTP/1.1 204 No Content\r\n\r\n",), Expect(204, interim=(103,))),
    Case("103-before-a-cut", (HINTS + length(500) + b"hello", Close()), Expect(200, b"hello", False, "disconnect", False, interim=(103,))),
    Case("103-and-then-nothing", (HINTS, Close()), Expect(None, None, False, None, False, interim=(103,))),
    Case("103-and-then-silence", (HINTS, FOREVER), Expect(None, None, False, None, False, interim=(103,))),
    Case("100-flood", (CONTINUE * 2000 + _FINAL,), Expect(None, None, None, None, False, odd=True)),
    Case("100-flood-without-end", (Endless(CONTINUE),), Expect(None, None, None, None, False, odd=True)),
    Case("101-unasked", (_SWITCH + b"\0\0\x12\x04\0\0\0\0\0", Close()), Expect(101, None, None, None, False, odd=True), rule="RFC 9110 15.2.2"),
)  # fmt: skip
