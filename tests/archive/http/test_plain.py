"""The heads that are read quickly: what a shape accepts is what reading field by field finds, and nothing else."""

from __future__ import annotations

import pytest

from archive.http import plain

HEAD = b"http/1.1 200 ok\r\ndate: mon\r\ncontent-type: text/html; charset=utf-8\r\ncontent-length: 12\r\nserver: nginx\r\n"
READ = (200, "text/html", 12)


@pytest.fixture(autouse=True)
def shapes(monkeypatch: pytest.MonkeyPatch) -> plain._ResponseShapes:
    """Shapes that have learnt one."""
    learnt = plain._ResponseShapes()
    monkeypatch.setattr(plain, "_shapes", learnt)
    assert [plain.plain_response(HEAD) for _ in range(3)] == [READ] * 3
    return learnt


def test_the_second_head_of_a_kind_makes_a_shape(shapes: plain._ResponseShapes) -> None:
    assert shapes.read(HEAD.replace(b"200 ok", b"404 not found").replace(b"12", b"7")) == (404, "text/html", 7)
    assert shapes.read(b"http/1.0 200 ok\r\ncontent-type: text/html\r\n") is None


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"200", b"204"),
        (b"200", b"304"),
        (b"200", b"199"),
        (b"http/1.1", b"http/2.0"),
        (b"ok", b"o\nk"),
        (b"date: mon", b"transfer-encoding: chunked"),
        (b"date: mon", b"content-length: 12"),
        (b"date: mon", b"date: m\ron"),
        (b"date: mon", b"date: m\non"),
        (b"date: mon", b"date: mon\r\n tuesday"),
        (b"length: 12", b"length: 1 2"),
        (b"length: 12", b"length: +12"),
        (b"length: 12", b"length: "),
        (b"length: 12", b"length: 1234567890123456789"),
        (b"length: 12", b"length : 12"),
        (b"server: nginx", b"content-length: 12"),
        (b"server: nginx", b" folded: nginx"),
        (b"server: nginx\r\n", b"server: nginx\n"),
    ],
)
def test_a_head_that_is_not_plain_fits_no_shape(shapes: plain._ResponseShapes, old: bytes, new: bytes) -> None:
    head = HEAD.replace(old, new)
    assert head != HEAD
    assert shapes.read(head) is None
    assert plain.plain_response(head) is None


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"length: 12", b"length:12 "),
        (b"text/html; charset=utf-8", b""),
        (b"text/html; charset=utf-8", b"no type at all"),
        (b"date: mon", b"date:"),
        (b"200 ok", b"200"),
        (b"server: nginx", b"content-type: image/png"),
    ],
)
def test_a_shape_reads_what_reading_field_by_field_finds(
    shapes: plain._ResponseShapes, old: bytes, new: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    head = HEAD.replace(old, new)
    quickly = [plain.plain_response(head) for _ in range(3)]
    monkeypatch.setattr(plain, "_shapes", plain._ResponseShapes())
    assert quickly == [plain.plain_response(head)] * 3
    assert quickly[0] is not None


def test_shapes_are_bounded(shapes: plain._ResponseShapes) -> None:
    for number in range(200):
        head = b"http/1.1 200 ok\r\n" + b"".join(b"x-%d: 1\r\n" % (number + each) for each in range(number % 70))
        assert [plain.plain_response(head) for _ in range(3)] == [(200, None, None)] * 3
    assert shapes._count == shapes._MOST
    assert max(map(len, shapes._by_lines.values())) <= shapes._MOST_OF_A_LENGTH
