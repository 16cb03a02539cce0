"""Two small grammars of the HTML Standard."""

from __future__ import annotations

import pytest

from archive.capture.requisites import refresh_and_json_ld, srcset


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a.jpg", ("a.jpg",)),
        ("a.jpg 1x, b.jpg 2x", ("a.jpg", "b.jpg")),
        ("a.jpg 1x,b.jpg 2x", ("a.jpg", "b.jpg")),
        ("a.jpg, b.jpg", ("a.jpg", "b.jpg")),
        ("a.jpg,b.jpg 2x", ("a.jpg,b.jpg",)),
        (
            "https://i0.wp.com/x,y.jpg?resize=300,200 300w, z.jpg 600w",
            ("https://i0.wp.com/x,y.jpg?resize=300,200", "z.jpg"),
        ),
        (" ,\n, a.jpg ,, b.jpg\t2x ,", ("a.jpg", "b.jpg")),
        ("a.jpg calc(1x, 2x) 3w, b.jpg", ("a.jpg", "b.jpg")),
        ("a.jpg (never, closed", ("a.jpg",)),
        ("data:image/gif;base64,R0lG 1x, b.jpg 2x", ("data:image/gif;base64,R0lG", "b.jpg")),
        ("", ()),
        (" , ", ()),
        ("فيلم.jpg 1x", ("فيلم.jpg",)),
    ],
)
def test_a_srcset_is_split_as_browsers_split_it(text: str, expected: tuple[str, ...]) -> None:
    assert srcset.candidates(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("5", (5.0, "")),
        ("0;url=/a", (0.0, "/a")),
        (" 3 ; URL = '/a b' rest", (3.0, "/a b")),
        ('1, url="/a', (1.0, "/a")),
        ("2 /a", (2.0, "/a")),
        ("1.9; /a;b", (1.0, "/a;b")),
        (".5;url=a", (0.0, "a")),
        ("0;url=http://x/?url=y", (0.0, "http://x/?url=y")),
        ("9999999999999;/a", (999999999.0, "/a")),
        ("0;", (0.0, "")),
        ("", None),
        ("x;url=/a", None),
        ("-1;url=/a", None),
        ("1x;url=/a", None),
    ],
)
def test_a_refresh_is_read_as_browsers_read_it(text: str, expected: tuple[float, str] | None) -> None:
    assert refresh_and_json_ld.split(text) == expected
