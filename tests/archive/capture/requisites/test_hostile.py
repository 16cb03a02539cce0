"""Pages that were made, or happened, to break their readers: all is read, in time that goes by their length."""

# ruff: noqa: E501 -- pages are as wide as their makers write them

from __future__ import annotations

import gc
import random
import weakref

import pytest

from archive.capture.requisites import PageReading, html, prose, read_html
from archive.urls import parse

PAGE = parse("https://snhr.org/")
LAST = b"<img src=last.png>"


def names(body: bytes) -> list[str]:
    return [one.url.href for one in read_html(body, url=PAGE, charset="utf-8").requisites]


@pytest.mark.parametrize(
    "body",
    [
        b"<div>" * 100_000,
        b"<div>" * 100_000 + b"</div>" * 100_000,
        b"<b>" * 20_000 + b"</i>" * 20_000,
        b"<table>" * 20_000,
        b"<a href=x><b><i>" * 20_000,
        b"<div " + b" ".join(b"a%d=1" % n for n in range(50_000)) + b">",
        b"<img alt='" + b"x" * 10_000_000 + b"'>",
        b"<p>" + b"A" * 10_000_000,
        b"<" * 300_000,
        b"&amp" * 300_000,
        b"<script>" + b"<" * 300_000 + b"</script>",
        b"</p>" * 100_000,
        b"<noscript>&lt;noscript&gt;&lt;p&gt;" * 1000,
        b"\0" * 100_000,
        b"<p>a\0b\xff\xfe</p>" * 1000,
        b"<svg><title>" * 1000 + b"</title></svg>" * 1000,
    ],
    ids=lambda body: f"{body[:24]!r}, {len(body)}",
)
def test_the_last_picture_is_found_behind_any_heap(body: bytes) -> None:
    assert names(body + LAST)[-1:] == ["https://snhr.org/last.png"]


@pytest.mark.parametrize(
    "body", [b"", b" ", b"\0", b"\xff\xfe<\0", b"<", b"<!", b"<!--", b"</", b"<img", b"%PDF-1.7", b"\x1f\x8b\x08\0\0"]
)
def test_what_is_hardly_a_page_is_read_silently(body: bytes) -> None:
    reading = read_html(body, url=PAGE, charset=None)
    assert (reading.requisites, reading.broken) == ((), ())


def test_depth_is_reported_and_all_is_read() -> None:
    reading = read_html(b"<div>" * 5000 + b"<img src=a.png>" + b"</div>" * 5000 + LAST, url=PAGE, charset=None)
    assert [one.url.path for one in reading.requisites] == ["/a.png", "/last.png"]
    assert reading.broken == ("its elements nest more than 1,000 deep",)


def test_more_urls_than_anybody_needs_are_cut_and_reported() -> None:
    reading = read_html(b"".join(b"<img src=%d.png>" % n for n in range(60_000)), url=PAGE, charset=None)
    assert [one.url.path for one in reading.requisites] == [f"/{n}.png" for n in range(50_000)]
    assert reading.broken == ("it names more than 50,000 different URLs; the others were not read",)


def test_a_page_longer_than_is_read_is_cut_and_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(html, "MOST_BYTES", 20)
    reading = read_html(b"<img src=a.png><p>more</p>", url=PAGE, charset=None)
    assert [one.url.path for one in reading.requisites] == ["/a.png"]
    assert reading.broken == ("only the first 20 of 26 bytes were read",)


def test_a_url_too_long_to_be_one_is_no_url() -> None:
    reading = read_html(b"<img src='/" + b"a" * 70_000 + b"'>" + LAST, url=PAGE, charset=None)
    assert [one.url.path for one in reading.requisites] == ["/last.png"]
    assert reading.unreadable_count == 1


PIECES = (
    b"<div>", b"</div>", b"<p>", b"</p>", b"<img src=a.png>", b"<img srcset='b.png 1x, c.png 2x'>", b"text ", "نص".encode(), b"<!-- <img src=no> -->",
    b"<script>if(a<b){'</div>'}</script>", b"<style>a{b:url(d.png)}</style>", b"<noscript><img src=e.png></noscript>", b"<a href=f.pdf>", b"</a>",
    b"<noscript>&lt;img src=g.png&gt;</noscript>", b"<textarea><img src=no></textarea>", b"<p title='a > b < c'>", b"<br/>", b"&amp;", b"<", b">", b"</b>",
    b"<iframe srcdoc='<img src=h.png>'></iframe>", b"<table><tr><td background=i.png>", b"<svg><use href=j.svg#k /></svg>", b"<title>t</title>",
)  # fmt: skip


def test_pieces_of_any_length_give_the_same_reading(monkeypatch: pytest.MonkeyPatch) -> None:
    """The parser is fed in pieces; where they end must not matter."""
    dice = random.Random(4)
    for _ in range(150):
        body = b"".join(dice.choice(PIECES) for _ in range(dice.randrange(1, 60)))
        readings: list[PageReading] = []
        for length in (1 << 20, 1, 7, 64):
            monkeypatch.setattr(html, "_CHUNK", length)
            readings.append(read_html(body, url=PAGE, charset="utf-8"))
        assert readings == [readings[0]] * 4, body


def test_a_text_put_together_in_small_parts_is_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    dice = random.Random(210517)
    parts = ("<p>", "<br>", "<b>", "</p>", "a", " ", "\n", "\r\n ", "\xa0", "\t\t", "\u2003", "word", "<script>x</script>")
    for _ in range(200):
        body = "".join(dice.choice(parts) for _ in range(dice.randrange(1, 60))).encode()
        whole = read_html(body, url=PAGE, charset="utf-8").text
        for name in ("_MOST_PARTS", "_MOST_WAITING"):
            with monkeypatch.context() as small:
                small.setattr(prose, name, dice.randrange(4))
                assert read_html(body, url=PAGE, charset="utf-8").text == whole, body


def test_a_long_text_without_a_tag_is_put_together_as_it_comes() -> None:
    text = prose.Prose()
    for _ in range(100):
        text.data("word " * 10_000)
    assert max(map(len, text._parts)) <= 50_000
    assert sum(map(len, text._parts)) <= prose._MOST_WAITING


def test_nothing_of_a_page_waits_for_a_collection(monkeypatch: pytest.MonkeyPatch) -> None:
    collected = list[weakref.ref[prose.Prose]]()

    class Watched(prose.Prose):
        def __init__(self) -> None:
            super().__init__()
            collected.append(weakref.ref(self))

    monkeypatch.setattr(html, "Prose", Watched)
    gc.disable()
    try:
        read_html(b"<p>words<iframe srcdoc='<p>more'></iframe><noscript>&lt;p>else</noscript>", url=PAGE, charset="utf-8")
        assert [each() for each in collected] == [None, None, None]
    finally:
        gc.enable()
