"""Pages as they are met: everything a page needs to be seen, and nothing that it only links."""

from __future__ import annotations

from archive.capture.requisites import read_html
from archive.urls import parse

PAGE = parse("https://snhr.org/blog/2019/04/30/53633/")


def found(markup: str) -> list[tuple[str, str]]:
    """Kind and URL of each requisite of a page with this markup, the page's own folder cut off."""
    reading = read_html(markup.encode(), url=PAGE, charset="utf-8")
    return [(one.kind, one.url.href.removeprefix("https://snhr.org/blog/2019/04/30/53633/")) for one in reading.requisites]


def test_every_source_of_a_picture_is_named() -> None:
    assert found(
        '<picture><source srcset="a.webp 1x, b.webp 2x"><img src=c.jpg lowsrc=d.jpg srcset="e.jpg 300w, f.jpg 600w"></picture>'
    ) == [("image", name) for name in ("a.webp", "b.webp", "c.jpg", "d.jpg", "e.jpg", "f.jpg")]


def test_commas_inside_a_photon_url_do_not_break_it() -> None:
    assert found('<img srcset="https://i0.wp.com/snhr.org/x,y.jpg?w=300,200&amp;ssl=1 300w, g.jpg 2x">') == [
        ("image", "https://i0.wp.com/snhr.org/x,y.jpg?w=300,200&ssl=1"),
        ("image", "g.jpg"),
    ]
