"""Pages in the encodings of the Arabic web, declared, misdeclared and not declared."""

from __future__ import annotations

import codecs
import time

import pytest
from webencodings.labels import LABELS

from archive.capture.requisites import encoding, read_css, read_html
from archive.urls import parse

PAGE = parse("https://old.example.sy/news/")
ARABIC = "قُتل ما لا يقل عن ٤٣ مدنياً في مدينة دوما، بينهم أطفال، إثر هجوم كيميائي على المدينة"
WINDOWS = "قتل ما لا يقل عن 43 مدنيا في مدينة دوما، بينهم أطفال، إثر هجوم كيميائي على المدينة"


def text_of(body: bytes, charset: str | None = None) -> str:
    return read_html(body, url=PAGE, charset=charset).text


@pytest.mark.parametrize(
    "body",
    [
        f"<meta charset=windows-1256><p>{WINDOWS}".encode("cp1256"),
        f"<META HTTP-EQUIV='Content-Type' CONTENT='text/html; charset=windows-1256'><p>{WINDOWS}".encode("cp1256"),
        f"<!-- <meta charset=utf-8> --><meta charset='cp1256'><p>{WINDOWS}".encode("cp1256"),
        f"<p>{WINDOWS}".encode("cp1256"),
        f"<p>{WINDOWS}".encode("iso8859-6"),
        f"<p>{WINDOWS}".encode(),
        f"<meta charset=utf-16><p>{WINDOWS}".encode(),
        codecs.BOM_UTF16_LE + f"<p>{WINDOWS}".encode("utf-16-le"),
        codecs.BOM_UTF16_BE + f"<p>{WINDOWS}".encode("utf-16-be"),
        f"<html><head><title>x</title></head><p>{WINDOWS}".encode("utf-16-le"),
        codecs.BOM_UTF8 + f"<meta charset=windows-1256><p>{WINDOWS}".encode(),
        f"<?xml version='1.0' encoding='windows-1256'?><html><p>{WINDOWS}</p></html>".encode("cp1256"),
        f"<meta charset=unheard-of><p>{WINDOWS}".encode(),
    ],
)
def test_an_arabic_page_is_read_in_its_encoding(body: bytes) -> None:
    assert text_of(body) == WINDOWS


def test_http_wins_over_meta_and_the_byte_order_mark_over_both() -> None:
    assert text_of(f"<meta charset=utf-8><p>{WINDOWS}".encode("cp1256"), "Windows-1256") == WINDOWS
    assert text_of(codecs.BOM_UTF8 + f"<p>{ARABIC}".encode(), "windows-1256") == ARABIC
    assert text_of(f"<meta charset=windows-1256><p>{WINDOWS}".encode("cp1256"), "no-such-thing") == WINDOWS


def test_a_declaration_far_down_the_page_is_still_found() -> None:
    body = b"<script>" + b"x" * 5000 + b"</script><meta charset=windows-1256><p>" + WINDOWS.encode("cp1256")
    assert text_of(body) == WINDOWS


@pytest.mark.parametrize(
    ("text", "codec"),
    [
        ("Le rapport a été publié à Genève, où l’enquête a été menée", "cp1252"),
        ("По данным сети, в городе Дума погибли мирные жители", "cp1251"),
        ("Nothing but ASCII", "utf-8"),
    ],
)
def test_pages_that_say_nothing_are_guessed(text: str, codec: str) -> None:
    assert text_of(f"<p>{text}".encode(codec)) == text


def test_a_utf8_page_cut_inside_a_letter_is_still_utf8() -> None:
    assert encoding.of_html(("<p>" + ARABIC).encode()[:-1], None) == "utf-8"


def test_labels_mean_what_browsers_take_them_for() -> None:
    labels = ("latin1", " UTF8 ", "iso-8859-9", "gb2312", "shift_jis", "asmo-708", "utf-7", "hex", None)
    assert [encoding.codec_of(label) for label in labels] == [
        "cp1252", "utf-8", "cp1254", "gb18030", "cp932", "iso8859-6", None, None, None,
    ]  # fmt: skip


def test_every_label_of_the_standard_names_a_codec_that_python_has() -> None:
    for label in (label for label, name in LABELS.items() if name not in ("x-user-defined", "replacement")):
        codec = encoding.codec_of(f" {label.upper()} ")
        assert codec is not None
        assert "a" in encoding.decode(b"a", codec) or codec.startswith("utf-16")


def test_bytes_without_meaning_in_windows_encodings_are_controls() -> None:
    assert encoding.decode(b"a\x81b", "cp1252") == "a\x81b"
    assert encoding.decode(b"a\xffb", "utf-8") == "a\ufffdb"


@pytest.mark.parametrize(
    ("reference", "url"),
    [
        ("/صور/a.jpg?q=فيلم", "https://old.example.sy/%D8%B5%D9%88%D8%B1/a.jpg?q=%DD%ED%E1%E3"),
        ("?q=日&lang=ar", "https://old.example.sy/news/?q=%26%2326085%3B&lang=ar"),
        ("a.jpg?q=%D9%81'x", "https://old.example.sy/news/a.jpg?q=%D9%81%27x"),
    ],
)
def test_a_query_is_sent_in_the_pages_encoding_and_a_path_in_utf8(reference: str, url: str) -> None:
    entities = "".join(char if ord(char) < 0x600 or ord(char) < 0x700 else f"&#{ord(char)};" for char in reference)
    body = f'<meta charset=windows-1256><img src="{entities}">'.encode("cp1256")
    assert [one.url.href for one in read_html(body, url=PAGE, charset=None).requisites] == [url]


def test_a_query_of_a_utf8_page_is_sent_in_utf8() -> None:
    body = "<img src='a.jpg?q=فيلم'>".encode()
    assert [one.url.href for one in read_html(body, url=PAGE, charset=None).requisites] == [
        "https://old.example.sy/news/a.jpg?q=%D9%81%D9%8A%D9%84%D9%85"
    ]


@pytest.mark.parametrize(
    ("body", "charset", "referrer"),
    [
        ("a{b:url(صورة.png)}".encode("cp1256"), "windows-1256", None),
        ('@charset "windows-1256";a{b:url(صورة.png)}'.encode("cp1256"), None, "utf-8"),
        ("a{b:url(صورة.png)}".encode("cp1256"), None, "windows-1256"),
        ('@charset "utf-16";a{b:url(صورة.png)}'.encode(), None, None),
        (codecs.BOM_UTF8 + "a{b:url(صورة.png)}".encode(), "windows-1256", None),
        ("a{b:url(صورة.png)}".encode(), None, None),
    ],
)
def test_a_style_sheet_is_read_in_its_encoding(body: bytes, charset: str | None, referrer: str | None) -> None:
    assert [one.url.path for one in read_css(body, url=PAGE, charset=charset, referrer=referrer)] == [
        "/news/%D8%B5%D9%88%D8%B1%D8%A9.png"
    ]


@pytest.mark.parametrize(
    ("head", "codec"),
    [
        (b"<p title='<meta charset=koi8-r>'><meta charset=windows-1251>", "cp1251"),
        (b"<!--><meta charset=koi8-r>", "koi8-r"),
        (b"<?x <meta charset=koi8-r>?>", "utf-8"),
        (b"<meta name=description content='text/html; charset=koi8-r'>", "utf-8"),
        (b"<META HTTP-EQUIV='Content-Type' CONTENT='text/html; charset=\"koi8-r\"'>", "koi8-r"),
        (b"<meta/charset=koi8-r>", "koi8-r"),
        (b"<p>\x1b$B8=>l\x1b(B</p>", "iso2022_jp"),
    ],
)
def test_a_meta_states_an_encoding_where_a_browser_finds_it(head: bytes, codec: str) -> None:
    assert encoding.of_html(head, None) == codec


@pytest.mark.parametrize("unit", [b"<", b"<!--", b"<a x ", b"<a x=", b"<meta \"'", b"</", b"<a x=\""])
def test_a_hostile_head_is_scanned_in_linear_time(unit: bytes) -> None:
    began = time.process_time()
    encoding.of_html(unit * (65_536 // len(unit)), None)
    assert time.process_time() - began < 5
