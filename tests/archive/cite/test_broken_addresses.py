"""URLs broken over lines."""

from __future__ import annotations

from pathlib import Path

import pytest

from archive.cite import CitedReport, read_report


def cite(folder: Path, text: str) -> CitedReport:
    (folder / "R1.txt").write_text(text, encoding="utf-8")
    return read_report(folder / "R1.txt")


BROKEN = [
    # A line of its own, broken where layouts break.
    ("https://x.org/2021/05/\n21/56247/\n", [("https://x.org/2021/05/21/56247/", ("https://x.org/2021/05/",))]),
    ("See https://x.org/a-\nb-c.html.\n", [
        ("https://x.org/a-b-c.html", ("https://x.org/a-", "https://x.org/ab-c.html")),
    ]),
    ("https://x.org/?\np=24105\n", [("https://x.org/?p=24105", ("https://x.org/",))]),
    ("https://x.org/a\n?p=1\n&q=2\n", [("https://x.org/a?p=1&q=2", ("https://x.org/a?p=1", "https://x.org/a"))]),
    ("https://x.org/report.\npdf\n", [("https://x.org/report.pdf", ("https://x.org/report",))]),
    ("https://x.org/2021/\u00ad\nmay\n", [("https://x.org/2021/may", ("https://x.org/2021/",))]),
    ("https://x.org/long\u00ad\nword1\n", [("https://x.org/longword1", ("https://x.org/long",))]),
    # The sentence continues after it.
    ("See https://x.org/very/\nlong/page.html, which\n", [
        ("https://x.org/very/long/page.html", ("https://x.org/very/",)),
    ]),
    ("انظر https://x.org/very/\nlong/page.html، ثم\n", [
        ("https://x.org/very/long/page.html", ("https://x.org/very/",)),
    ]),
    # No place where layouts break, but no word of a sentence either.
    ("https://x.org/abc\ndef/2.html\n", [("https://x.org/abcdef/2.html", ("https://x.org/abc",))]),
    # Nothing to join.
    ("https://x.org/a/\nhttps://x.org/b/\n", [("https://x.org/a/", ()), ("https://x.org/b/", ())]),
    ("https://x.org/a/\nHTTPS://x.org/b/\nwww.y.org/\n", [
        ("https://x.org/a/", ()), ("HTTPS://x.org/b/", ()),
        ("www.y.org/", ("https://www.y.org/", "http://www.y.org/")),
    ]),
    ("https://x.org/a/\nis the page.\n", [("https://x.org/a/", ())]),
    ("https://x.org/a.\nThe next sentence.\n", [("https://x.org/a", ())]),
    ("https://x.org/a/\n\nb.html\n", [("https://x.org/a/", ())]),
    # Over a page, where a note continues.
    ("https://x.org/a/\n\fb/c.html\n", [("https://x.org/a/b/c.html", ("https://x.org/a/",))]),
    ("https://x.org/a/\n\fChapter\n", [("https://x.org/a/", ())]),
    ("https://x.org/a/\n2. https://x.org/b\n", [("https://x.org/a/", ()), ("https://x.org/b", ())]),
    ("https://x.org/a/\n- b/c\n", [("https://x.org/a/", ())]),
    ("https://x.org/a/\nسوريا\n", [("https://x.org/a/", ())]),
    ("https://x.org/a/)\nb/c.html\n", [("https://x.org/a/", ())]),
]


@pytest.mark.parametrize(("text", "expected"), BROKEN)
def test_the_joined_reading_is_first_and_every_half_is_stored(
    tmp_path: Path, text: str, expected: list[tuple[str, tuple[str, ...]]]
) -> None:
    assert [(source.cited, source.candidates) for source in cite(tmp_path, text).sources] == expected


def test_the_place_of_a_broken_url_spans_its_lines_and_gives_it_without_white_space(tmp_path: Path) -> None:
    cited = cite(tmp_path, "As in (https://x.org/very/\n   long/page.html), they fled. Later\n")
    (place,) = cited.sources[0].citations
    assert place.offset is not None and place.length is not None
    shown = cited.text[place.offset : place.offset + place.length]
    assert "".join(shown.split()) == cited.sources[0].cited == "https://x.org/very/long/page.html"
    assert (place.line, place.anchor, place.context) == (
        1, None, "As in (https://x.org/very/ long/page.html), they fled.",
    )


def test_in_double_spaced_text_an_empty_line_breaks_no_url(tmp_path: Path) -> None:
    filler = "The regime has forced many to appear on television.\n\n" * 30
    cited = cite(tmp_path, f"{filler}They said so at https://x.org/2021/05/\n\n21/56247/ and elsewhere.\n\n{filler}")
    (source,) = cited.sources
    assert (source.cited, source.candidates) == ("https://x.org/2021/05/21/56247/", ("https://x.org/2021/05/",))
    assert source.citations[0].context == "They said so at https://x.org/2021/05/ 21/56247/ and elsewhere."
