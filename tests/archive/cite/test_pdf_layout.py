"""Addresses that a page breaks, marks, columns or turns: read by where their glyphs stand."""

from __future__ import annotations

from pathlib import Path

import pytest
from pypdf import PdfReader, PdfWriter
from pypdf.generic import ArrayObject, DictionaryObject, FloatObject, NameObject, TextStringObject
from reportlab.pdfgen.canvas import Canvas

from archive.cite import CitedReport, read_report

A4 = (595, 842)


def page(path: Path, *strings: tuple[float, float, str], size: float = 10) -> CitedReport:
    """A report of these strings, each at its place; a string that starts with a form feed starts a page first."""
    canvas = Canvas(str(path / "R1.pdf"), pagesize=A4)
    canvas.setFont("Helvetica", size)
    for x, y, text in strings:
        if text.startswith("\f"):
            canvas.showPage()
            canvas.setFont("Helvetica", size)
        canvas.drawString(x, y, text.removeprefix("\f"))
    canvas.save()
    return read_report(path / "R1.pdf")


def first(report: CitedReport) -> list[str]:
    return [source.cited for source in report.sources]


def reading(report: CitedReport) -> tuple[str, tuple[str, ...], tuple[str, ...]]:
    (source,) = report.sources
    return source.cited, source.candidates, source.doubts


LONG = "See Somebody, Title of it, 2020, "
BROKEN = [
    # what stands on the two lines -> the first reading, the others, the doubts
    (("https://", "a.example.org/x.html and on"), ("https://a.example.org/x.html", (), ())),
    (
        (f"{LONG}https://www.example.org/blog/2019/04/30/536", "33 (last seen 3 May)."),
        (
            "https://www.example.org/blog/2019/04/30/536", ("https://www.example.org/blog/2019/04/30/53633",),
            ("break-in-segment",),
        ),
    ),
    (
        (f"{LONG}https://www.youtube.com/watch?v=ut0Du", "ECJLjs (last seen 3 May)."),
        (
            "https://www.youtube.com/watch?v=ut0DuECJLjs", ("https://www.youtube.com/watch?v=ut0Du",),
            ("break-in-segment",),
        ),
    ),
    (
        (f"{LONG}https://www.example.org/detention-in-", "syria-report.html, p. 4."),
        (
            "https://www.example.org/detention-in-syria-report.html",
            ("https://www.example.org/detention-in-", "https://www.example.org/detention-insyria-report.html"),
            ("line-break", "hyphen-at-break"),
        ),
    ),
    ((f"{LONG}https://www.example.org/blog/", "https://b.example.org/"), None),
    ((f"{LONG}https://www.example.org/report.pdf", "It says more."), ("https://www.example.org/report.pdf", (), ())),
]


@pytest.mark.parametrize(("lines", "expected"), BROKEN)
def test_an_address_is_followed_over_a_line_and_every_other_reading_is_named(
    tmp_path: Path, lines: tuple[str, str], expected: tuple[str, tuple[str, ...], tuple[str, ...]] | None
) -> None:
    report = page(tmp_path, (72, 780, lines[0]), (72, 766, lines[1]))
    if expected is None:
        assert first(report) == ["https://www.example.org/blog/", "https://b.example.org/"]
        assert [source.doubts for source in report.sources] == [(), ()]
    else:
        assert reading(report) == expected


def test_a_gap_that_the_rest_would_have_filled_ends_the_address(tmp_path: Path) -> None:
    report = page(
        tmp_path,
        (72, 780, "A line of the paragraph that shows how wide the column of the text on this page really is."),
        (72, 766, "It ends in https://x.example.org/blog/"), (72, 752, "syria and other words of another sentence, and on"),
    )
    assert reading(report) == ("https://x.example.org/blog/", (), ())


def test_columns_that_stand_on_one_line_are_not_spliced(tmp_path: Path) -> None:
    report = page(
        tmp_path,
        (72, 780, "Left column text begins and"), (320, 780, "Right column text begins and"),
        (72, 766, "cites https://left.example.org/long/"), (320, 766, "cites https://right.example.org/a/"),
        (72, 752, "path/left-document.html in it"), (320, 752, "right-document.html in it"),
    )
    assert first(report) == [
        "https://left.example.org/long/path/left-document.html", "https://right.example.org/a/right-document.html",
    ]


def test_an_address_continues_at_the_top_of_the_next_page(tmp_path: Path) -> None:
    report = page(
        tmp_path,
        (72, 80, "1 See https://www.example.org/reports/2020/part-one/"),
        (72, 780, "\fpart-two/document.html, accessed 2 May."), (72, 752, "Body text of page two."),
    )
    assert reading(report) == (
        "https://www.example.org/reports/2020/part-one/part-two/document.html",
        ("https://www.example.org/reports/2020/part-one/",), ("page-break",),
    )
    (place,) = report.sources[0].citations
    assert place.page == 1 and place.offset is not None and place.length is not None
    assert report.text[place.offset : place.offset + place.length] == place.anchor


def test_page_numbers_and_notes_far_below_are_not_glued_on(tmp_path: Path) -> None:
    numbered = page(
        tmp_path,
        (72, 780, "See https://www.example.org/reports/2020/"), (300, 40, "17"), (72, 780, "\fSecond page."),
    )
    assert reading(numbered) == ("https://www.example.org/reports/2020/", (), ())
    noted = page(
        tmp_path, (72, 780, "Ends in https://www.example.org/reports/2020/"), (72, 100, "1"), (84, 100, "See Somebody."),
    )
    assert reading(noted) == ("https://www.example.org/reports/2020/", (), ())


def test_a_raised_mark_is_no_part_of_the_address_and_the_glued_reading_is_named(tmp_path: Path) -> None:
    canvas = Canvas(str(tmp_path / "R1.pdf"), pagesize=A4)
    canvas.setFont("Helvetica", 10)
    address = "See https://x.example.org/page"
    canvas.drawString(72, 780, address)
    end = 72 + canvas.stringWidth(address, "Helvetica", 10)
    canvas.drawString(end + 8, 780, "and more.")
    canvas.setFont("Helvetica", 6)
    canvas.drawString(end, 784, "12")
    canvas.save()
    assert reading(read_report(tmp_path / "R1.pdf")) == (
        "https://x.example.org/page", ("https://x.example.org/page12",), ("mark-behind",),
    )


def test_pieces_of_an_address_in_another_font_stand_on_one_line(tmp_path: Path) -> None:
    canvas = Canvas(str(tmp_path / "R1.pdf"), pagesize=A4)
    x = 72.0
    for font, text in (("Helvetica", "See https://"), ("Helvetica-Bold", "c.example.org"), ("Helvetica", "/x.html on")):
        canvas.setFont(font, 11)
        canvas.drawString(x, 700, text)
        x += canvas.stringWidth(text, font, 11)
    canvas.save()
    assert reading(read_report(tmp_path / "R1.pdf")) == ("https://c.example.org/x.html", (), ())


def test_an_underscore_that_is_drawn_as_a_rule_is_read(tmp_path: Path) -> None:
    canvas = Canvas(str(tmp_path / "R1.pdf"), pagesize=A4)
    canvas.setFont("Helvetica", 10)
    one, two = "See https://x.example.org/under", "line.html end"
    canvas.drawString(72, 700, one)
    end = 72 + canvas.stringWidth(one, "Helvetica", 10)
    canvas.rect(end + 0.4, 699, 4, 0.4, stroke=0, fill=1)
    canvas.drawString(end + 4.8, 700, two)
    canvas.save()
    assert first(read_report(tmp_path / "R1.pdf")) == ["https://x.example.org/under_line.html"]


@pytest.mark.parametrize("rotation", [90, 180, 270])
def test_a_turned_page_is_read_as_it_is_seen(tmp_path: Path, rotation: int) -> None:
    canvas = Canvas(str(tmp_path / "R1.pdf"), pagesize=(600, 600))
    canvas.translate(300, 300)
    canvas.rotate(rotation)
    canvas.drawString(-200, 100, "See https://x.example.org/turned/")
    canvas.drawString(-200, 86, "page/one.html and on")
    canvas.save()
    assert first(read_report(tmp_path / "R1.pdf")) == ["https://x.example.org/turned/page/one.html"]


def linked(path: Path, shown: str, target: str, *, width: float = 400) -> CitedReport:
    """A report of one line, with a link on the first `width` points of it."""
    canvas = Canvas(str(path / "R1.pdf"), pagesize=A4)
    for number, line in enumerate(shown.split("\n")):
        canvas.drawString(50, 700 - 14 * number, line)
    canvas.linkURL(target, (50, 696, 50 + width, 712))
    canvas.save()
    return read_report(path / "R1.pdf")


@pytest.mark.parametrize(
    ("shown", "target", "expected"),
    [
        ("https://x.org/a-b", "https://x.org/a-b", ("https://x.org/a-b", (), ())),
        ("www.x.org/a", "http://www.x.org/a", ("http://www.x.org/a", ("https://www.x.org/a",), ())),
        ("https://x.org/a-b", "https://x.org/ab", ("https://x.org/a-b", ("https://x.org/ab",), ("link-differs",))),
        ("https://x.org/long…", "https://x.org/long/er", ("https://x.org/long/er", ("https://x.org/long",), ())),
        (
            "https://x.org/a", "https://www.google.com/url?q=https%3A%2F%2Fx.org%2Fa",
            ("https://x.org/a", ("https://www.google.com/url?q=https%3A%2F%2Fx.org%2Fa",), ("redirect-wrapper",)),
        ),
        (
            "words", "https://www.google.com/url?q=https%3A%2F%2Fx.org%2Fa",
            ("https://www.google.com/url?q=https%3A%2F%2Fx.org%2Fa", ("https://x.org/a",), ("redirect-wrapper",)),
        ),
    ],
)
def test_a_link_and_the_words_under_it_are_one_citation(
    tmp_path: Path, shown: str, target: str, expected: tuple[str, tuple[str, ...], tuple[str, ...]]
) -> None:
    report = linked(tmp_path, shown, target)
    assert (reading(report), report.links) == (expected, 1)


def test_a_link_that_a_program_made_of_the_first_line_alone_is_doubted(tmp_path: Path) -> None:
    report = linked(tmp_path, "https://x.org/2021/05/\n21/56247/", "https://x.org/2021/05/", width=150)
    assert reading(report) == ("https://x.org/2021/05/21/56247/", ("https://x.org/2021/05/",), ("line-break", "link-ends-early"))


def test_a_typed_note_over_the_page_is_read(tmp_path: Path) -> None:
    page(tmp_path, (72, 700, "Body."))
    writer = PdfWriter(clone_from=PdfReader(tmp_path / "R1.pdf"))
    note = DictionaryObject({
        NameObject("/Type"): NameObject("/Annot"), NameObject("/Subtype"): NameObject("/FreeText"),
        NameObject("/Rect"): ArrayObject([FloatObject(value) for value in (10, 10, 200, 40)]),
        NameObject("/Contents"): TextStringObject("See https://x.example.org/note"),
    })
    writer.pages[0][NameObject("/Annots")] = ArrayObject([note])
    writer.write(str(tmp_path / "R1.pdf"))
    assert first(read_report(tmp_path / "R1.pdf")) == ["https://x.example.org/note"]


def test_a_scan_is_distinguished_from_a_text_and_a_page_of_pictures_is_named(tmp_path: Path) -> None:
    from PIL import Image

    Image.new("L", (20, 20)).save(tmp_path / "scan.png")
    canvas = Canvas(str(tmp_path / "R1.pdf"), pagesize=A4)
    canvas.drawImage(str(tmp_path / "scan.png"), 0, 0, 500, 500)
    canvas.showPage()
    canvas.save()
    report = read_report(tmp_path / "R1.pdf")
    assert (report.sources, report.nothing) == ((), "scan")
    assert [(one.kind, one.page) for one in report.passed_over] == [("page-without-text", 1)]


def test_sixty_endnotes_are_sixty_sources(tmp_path: Path) -> None:
    notes = [(72.0, 800.0 - 12 * n, f"{n + 1} See https://x.example.org/{n}/page-{n}.html, accessed.") for n in range(60)]
    report = page(tmp_path, *notes, size=8)
    assert first(report) == [f"https://x.example.org/{n}/page-{n}.html" for n in range(60)]
    assert [source.doubts for source in report.sources] == [()] * 60
