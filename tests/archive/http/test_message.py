"""One parser for the wire and for stored records: what it reads depends on the bytes, never on their pieces."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from archive.http import MAX_HEAD, MAX_INTERIM, MessageReader, payload_of
from archive.http.chunked import MAX_LINE
from archive.http.head import media_type
from archive_manifests.notes import note

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


def read(data: bytes, step: int) -> tuple[MessageReader, bytes]:
    payload = bytearray()
    reader = MessageReader(payload.extend)
    for at in range(0, len(data), step):
        taken = reader.feed(data[at : at + step])
        if taken < min(step, len(data) - at):
            break
    return reader, bytes(payload)


def facts(reader: MessageReader) -> tuple[object, ...]:
    return (
        *(reader.head, reader.raw_head, reader.interim, reader.head_size, reader.body_size, reader.problem),
        *(reader.framing, reader.fault, reader.is_complete, reader.may_end_here, reader.is_whole, reader.small_chunks),
    )


@settings(max_examples=300, deadline=None)
@given(answers(), st.sampled_from([1, 2, 3, 7]))
@example(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello world", 1)
def test_what_is_read_does_not_depend_on_the_pieces(data: bytes, step: int) -> None:
    whole, payload = read(data, len(data))
    reader, found = read(data, step)
    assert (facts(reader), found) == (facts(whole), payload)


@settings(max_examples=300, deadline=None)
@given(answers())
def test_the_payload_of_a_stored_body_is_the_payload_on_the_wire(data: bytes) -> None:
    reader, payload = read(data, len(data))
    body = data[reader.head_size : reader.head_size + reader.body_size]
    if reader.head is not None:
        assert b"".join(payload_of(reader.framing, [body[:4], body[4:]])) == payload


@pytest.mark.parametrize("step", [1 << 18, MAX_HEAD * 2])
def test_a_head_longer_than_the_limit_is_given_up_however_it_comes(step: int) -> None:
    data = b"HTTP/1.1 200 OK\r\nX: " + b"x" * (MAX_HEAD + 10) + b"\r\n\r\nbody"
    reader, payload = read(data, step)
    assert (reader.head, reader.problem, payload) == (None, "head-too-long", b"")
    assert reader.feed(b"\r\n\r\nbody") == 8
    assert (reader.head, reader.has_payload) == (None, False)


@pytest.mark.parametrize(("count", "problem"), [(MAX_INTERIM, None), (MAX_INTERIM + 1, "too-many-interim")])
def test_interim_heads_are_read_over_up_to_a_limit(count: int, problem: str | None) -> None:
    data = b"HTTP/1.1 102 Processing\r\n\r\n" * count + b"HTTP/1.1 204 No Content\r\n\r\n"
    reader, _ = read(data, len(data))
    assert (reader.problem, reader.interim) == (problem, count)


@pytest.mark.parametrize("step", [1000, 1 << 20])
def test_a_line_between_chunks_is_too_long_however_it_comes(step: int) -> None:
    start = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n1;"
    longest, longer = (b"x" * (MAX_LINE - 4 + more) + b"\r\nc\r\n0\r\n\r\n" for more in (0, 1))
    reader, payload = read(start + longest, step)
    assert (payload, reader.is_complete, reader.fault) == (b"abc", True, None)
    reader, payload = read(start + longer, step)
    assert (payload, reader.is_complete, reader.fault) == (b"ab", False, note("chunk-line-too-long"))


def test_chunks_are_undone_as_long_as_they_may_be() -> None:
    left = [2]

    def spend(steps: int) -> bool:
        left[0] -= steps
        return left[0] >= 0

    payload = bytearray()
    reader = MessageReader(payload.extend, spend=spend)
    reader.feed(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
    for _ in range(5):
        reader.feed(b"1\r\nx\r\n")
    assert (bytes(payload), reader.has_payload, reader.is_whole) == (b"xxx", False, None)


HOSTILE = {
    "folded lines": b"HTTP/1.1 200 OK\r\nX: a\r\n%s\r\n" % (b" b\r\n" * 50_000),
    "empty lines": b"\r\n" * 130_000 + b"HTTP/1.1 200 OK\r\n\r\n",
    "spaces in the status line": b"HTTP/1.1 200%sx\ry\r\n\r\n" % (b" " * 230_000),
    "fields": b"HTTP/1.1 200 OK\r\n%s\r\n" % (b"Content-Length: 1\r\n" * 13_000),
    "fields without a colon": b"HTTP/1.1 200 OK\r\n%s\r\n" % (b"content-length\r\n" * 13_000),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_head_is_read_in_pieces_as_small_as_can_be(name: str) -> None:
    """Nothing here takes time for each pair of lines or pieces; where something does, this test does not end."""
    data = HOSTILE[name]
    reader, _ = read(data, 1)
    assert reader.head is not None
    assert reader.raw_head == data


@pytest.mark.parametrize(
    ("stated", "name"),
    [("Text/HTML; charset=x", "text/html"), ("", None), (";", None), ("a b", None), ("\xe9/x", None), ("a/b", "a/b")],
)
def test_a_media_type_is_without_its_parameters(stated: str, name: str | None) -> None:
    assert media_type(stated) == name
