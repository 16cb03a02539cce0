"""The HTTP message in a block: what the recorder saw on the wire is what the reader finds in the record."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from archive.http.body import framer_for
from archive.http.head import head_length, parse_head
from archive.http.message import LONGEST_HEAD, HttpReader, media_type

LINES = st.sampled_from(
    [
        b"Content-Type: text/html; charset=utf-8",
        b"content-type:IMAGE/PNG",
        b"Content-Type: a b",
        b"Content-Length: 5",
        b"Content-Length: 5, 5",
        b"Content-Length: 7",
        b"Content-Length : 3",
        b"Content-Length: x",
        b"Content-Length: -1",
        b"Transfer-Encoding: chunked",
        b"Transfer-Encoding: gzip, Chunked",
        b"Transfer-Encoding: gzip",
        b"transfer-encoding:\tchunked",
        b"X-Content-Length: 2",
        b"X: Content-Length: 2",
        b" folded: 1",
        b"\tContent-Length: 4",
        b"no colon",
        b"Contenu: \xe9t\xe9",
        b"X:",
    ]
)
STARTS = st.sampled_from(
    [b"HTTP/1.1 200 OK", b"HTTP/1.0 200 OK", b"http/1.1 404", b"HTTP/1.1 204 x", b"HTTP/1.1 304", b"HTTP/2 200", b"ICY 200"]
)
ENDS = st.sampled_from([b"\r\n", b"\r\n", b"\r\n", b"\n"])
BODIES = st.sampled_from(
    [
        b"", b"hello", b"hello world", b"5\r\nhello\r\n0\r\n\r\n", b"5;a=b\r\nhello\r\n3\nabc\r\n0\r\nT: 1\r\n\r\n",
        b"5\r\nhel", b"zz\r\nhello", b"5\r\nhello!\r\n0\r\n\r\n", b"0\r\n\r\nmore", b"FFFFFFFFFFFFFFFFF\r\n",
    ]
)  # fmt: skip


@st.composite
def answers(draw: st.DrawFn) -> bytes:
    end = draw(ENDS)
    lines = [draw(STARTS), *draw(st.lists(LINES, max_size=4))]
    before = draw(st.sampled_from([b"", b"", b"\r\n", b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n"]))
    return before + end.join(lines) + end * 2 + draw(BODIES)


def seen_on_the_wire(data: bytes) -> tuple[int | None, bytes]:
    """Status and payload, as the recorder takes them."""
    at = 0
    while True:
        length = head_length(data[at:])
        if length is None:
            return None, b""
        head = parse_head(data[at : at + length])
        if head is None:
            return None, b""
        at += length
        if not 100 <= head.status < 200:
            return head.status, b"".join(framer_for("GET", head).feed(data[at:])[1])


def read(data: bytes, step: int) -> tuple[HttpReader, bytes]:
    payload = bytearray()
    reader = HttpReader(payload.extend, lambda _: None, lambda _: True)
    for at in range(0, len(data), step):
        reader.feed(data[at : at + step])
    return reader, bytes(payload)


@settings(max_examples=300, deadline=None)
@given(answers(), st.sampled_from([1, 3, 1000]))
@example(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello world", 1000)
def test_the_payload_in_the_record_is_the_payload_on_the_wire(data: bytes, step: int) -> None:
    status, payload = seen_on_the_wire(data)
    reader, found = read(data, step)
    assert (reader.status if reader.has_head else None, found) == (status, payload)


def test_a_head_that_does_not_end_is_given_up() -> None:
    reader, _ = read(b"HTTP/1.1 200 OK\r\nX: " + b"x" * (LONGEST_HEAD + 10), 1 << 18)
    assert (reader.has_head, reader.is_lost) == (False, True)
    reader.feed(b"\r\n\r\nbody")
    assert (reader.has_head, reader.is_undone) == (False, False)


def test_chunks_are_undone_as_long_as_they_may_be() -> None:
    left = [2]

    def spend(steps: int) -> bool:
        left[0] -= steps
        return left[0] >= 0

    payload = bytearray()
    reader = HttpReader(payload.extend, lambda _: None, spend)
    reader.feed(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + b"1\r\nx\r\n" * 5)
    assert (bytes(payload), reader.is_undone, reader.is_whole) == (b"xx", False, None)


@pytest.mark.parametrize(
    ("stated", "name"),
    [(b"Text/HTML; charset=x", "text/html"), (b"", None), (b";", None), (b"a b", None), (b"\xe9/x", None), (b"a/b", "a/b")],
)
def test_a_media_type_is_without_its_parameters(stated: bytes, name: str | None) -> None:
    assert media_type(stated) == name
