from __future__ import annotations

import html

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from archive.page.markup import Renderer, escape_strictly, escape_text, relative_link, shortened
from archive.words import load
from tests.archive.page.sample_ledger import HOSTILE


def read_back(markup: str) -> str:
    """What a browser shows: the text without tags."""
    return "".join(etree.HTML(f"<div>{markup}</div>").find(".//div").itertext())


def test_markup_from_outside_is_text() -> None:
    assert str(escape_text('<a href="x">&amp;</a>')) == "&lt;a href=&#34;x&#34;&gt;&amp;amp;&lt;/a&gt;"


def test_what_would_hide_or_reorder_text_is_spelled_out() -> None:
    assert str(escape_text("a\u202eb")) == 'a<span class="hidden-sign">U+202E</span>b'
    assert read_back(escape_text("\x1b[31m\x00\u2066\u200b\ud800")) == "U+001B[31mU+0000U+2066U+200BU+D800"


def test_marks_that_good_arabic_needs_stay_in_a_text_and_show_in_a_url() -> None:
    text = "می\u200cخواهم\u200f!"
    assert read_back(escape_text(text)) == text
    assert read_back(escape_strictly("https://a/\u200f\n\tb")) == "https://a/U+200FU+000AU+0009b"


def test_line_ends_become_one_kind() -> None:
    assert str(escape_text("a\r\nb\rc\n")) == "a\nb\nc\n"


@given(st.text())
def test_nothing_of_a_text_is_lost(text: str) -> None:
    plain = html.unescape(str(escape_text(text)).replace('<span class="hidden-sign">', "[").replace("</span>", "]"))
    retained = [character for character in text.replace("\r\n", "\n").replace("\r", "\n") if character.isalnum()]
    assert [character for character in retained if character not in plain] == []
    etree.fromstring(f"<p>{escape_text(text.replace(chr(0xFFFE), ''))}</p>")


def test_a_hostile_text_leaves_well_formed_text() -> None:
    element = etree.fromstring(f"<p>{escape_text(HOSTILE)}</p>")
    assert {child.tag for child in element.iter()} == {"p", "span"}
    assert "<script>alert(1)</script>" in "".join(element.itertext())
    assert "\ue000" in "".join(element.itertext())


@pytest.mark.parametrize(
    ("path", "target"),
    [
        ("data/views/s01/page.pdf", "views/s01/page.pdf"),
        ("data/media/s01/a b%20؟.mp4", "media/s01/a%20b%2520%D8%9F.mp4"),
        ("manifest-sha256.txt", "../manifest-sha256.txt"),
        ("data/javascript:alert(1)//.png", None),
        ("data/javascript:alert(1).png", "javascript%3Aalert%281%29.png"),
        ("data/../../secret.txt", None),
        ("/etc/passwd.txt", None),
        ("data/media/s01/page.html", None),
        ("data/media/s01/drawing.svg", None),
        ("data/media/s01/no-ending", None),
        ("data/media/s01/\ud800.png", None),
    ],
)
def test_only_files_inside_the_bag_that_run_nothing_are_linked(path: str, target: str | None) -> None:
    assert relative_link(path) == target


def test_a_long_text_is_cut_with_a_sign() -> None:
    assert (shortened("abcdef", 6), shortened("abcdefg", 6)) == ("abcdef", "abcde…")


def test_parts_of_a_readable_address_stay_in_their_order() -> None:
    shown = Renderer(load("ar")).readable_address("https://a.example/سوريا/12?q=<b>")
    assert shown == (
        '<bdi dir="ltr" class="address"><bdi>https</bdi>://<bdi>a</bdi>.<bdi>example</bdi>/<bdi>سوريا</bdi>/'
        "<bdi>12</bdi>?<bdi>q</bdi>=<bdi>&lt;b&gt;</bdi></bdi>"
    )
