"""How responses end, or do not: close-delimited, keep-alive, cut, dripped, endless."""

# ruff: noqa: E501 -- one case a line reads as a table

from __future__ import annotations

from tests.world.cases.chunks import HEAD as CHUNKED
from tests.world.cases.chunks import chunk
from tests.world.cases.lengths import BIG, OK, TEXT, length
from tests.world.faulty import FOREVER, Case, Drip, Endless, Expect, Vanish
from tests.world.replies import Close, Pause, Reset

_TO_CLOSE = OK + TEXT + b"\r\n"
_OLD = b"HTTP/1.0 200 OK\r\n"
_NOTHING = Expect(None, None, False, None, False)
_GAVE_UP = Expect(body=None, complete=False, truncated="time", keeps=False)
_CAPPED = Expect(body=None, complete=False, truncated="length", keeps=False)

CASES = (
    Case("close-delimited", (_TO_CLOSE + BIG, Close()), Expect(body=BIG, keeps=False)),
    Case("close-delimited-empty", (_TO_CLOSE, Close()), Expect(keeps=False)),
    Case("close-delimited-reset", (_TO_CLOSE + BIG[:20_000], Pause(0.2), Reset()),
         Expect(body=BIG[:20_000], complete=False, truncated="disconnect", keeps=False)),
    Case("close-delimited-stall", (_TO_CLOSE + b"hello", FOREVER), Expect(body=b"hello", complete=False, truncated="time", keeps=False)),
    # In plain complete; over TLS it may have been cut by anybody on the way, and is `disconnect`.
    Case("close-delimited-without-goodbye", (_TO_CLOSE + BIG, Vanish()), Expect(body=BIG, complete=None, keeps=False), rule="RFC 9112 9.8"),
    Case("a-length-and-no-goodbye", (length(5) + b"hello", Vanish()), Expect(body=b"hello", keeps=None), rule="RFC 9112 9.8"),
    Case("1.0", (_OLD + TEXT + b"\r\nhello", Close()), Expect(body=b"hello", keeps=False)),
    Case("1.0-with-a-length", (_OLD + b"Content-Length: 5\r\n\r\nhello", Close()), Expect(body=b"hello", keeps=False)),
    Case("1.0-keep-alive", (_OLD + b"Connection: keep-alive\r\nContent-Length: 5\r\n\r\nhello",), Expect(body=b"hello", keeps=None), rule="RFC 9112 9.3"),
    Case("1.0-keep-alive-without-a-length", (_OLD + b"Connection: keep-alive\r\n\r\nhello", Close()), Expect(body=b"hello", keeps=False)),
    Case("1.0-says-nothing-and-stays", (_OLD + b"Content-Length: 5\r\n\r\nhello", FOREVER), Expect(body=b"hello", keeps=False)),
    Case("says-close-and-stays", (OK + b"Connection: close\r\nContent-Length: 5\r\n\r\nhello", FOREVER), Expect(body=b"hello", keeps=False)),
    Case("says-keep-alive-and-closes", (OK + b"Connection: keep-alive\r\nContent-Length: 5\r\n\r\nhello", Close()), Expect(body=b"hello", keeps=None)),
    Case("closes-after-a-moment", (length(5) + b"hello", Pause(0.05), Close()), Expect(body=b"hello", keeps=None)),
    Case("resets-after-the-answer", (length(5) + b"hello", Pause(0.1), Reset()), Expect(body=b"hello", keeps=None)),
    Case("nothing-then-close", (Close(),), _NOTHING),
    Case("closes-at-once", (Close(),), _NOTHING, eager=True),
    Case("resets-at-once", (Reset(),), _NOTHING),
    Case("resets-before-the-request", (Reset(),), _NOTHING, eager=True),
    Case("resets-in-the-head", (OK[:9], Pause(0.2), Reset()), Expect(None, None, False, None, False, odd=True)),
    Case("silence", (FOREVER,), _NOTHING),
    Case("silence-before-the-request", (FOREVER,), _NOTHING, eager=True),
    Case("speaks-first", (length(5) + b"hello", Close()), Expect(body=None, complete=None, keeps=False), eager=True),
    Case("body-drips", (length(4000), Drip(BIG[:4000])), _GAVE_UP),
    Case("chunks-drip", (CHUNKED, *(step for byte in BIG[:400] for step in (chunk(bytes([byte])), Pause(0.5)))), _GAVE_UP),
    Case("slow-and-honest", (length(2000), *(step for at in range(0, 2000, 100) for step in (BIG[at : at + 100], Pause(0.05)))),
         Expect(body=BIG[:2000])),
    Case("pauses-and-goes-on", (length(600) + BIG[:300], Pause(1.0), BIG[300:600]), Expect(body=BIG[:600])),
    Case("endless-chunks", (CHUNKED, Endless(chunk(BIG))), _CAPPED),
    Case("endless-to-close", (_TO_CLOSE, Endless(BIG)), _CAPPED),
    Case("a-length-beyond-every-bound", (length(1 << 50), Endless(BIG)), _CAPPED),
)  # fmt: skip
