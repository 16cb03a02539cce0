"""Plain words in a row are one piece of a page: its lines, columns and note marks are as those of single words."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas

from archive.cite.pdf.glyphs import Document
from archive.cite.pdf.lines import Line, lay_out
from archive.cite.pdf.pieces import Piece, Rect

PLAIN = "The Commission heard the witnesses of that day"
Drawn = tuple[float, float, float, str]
"""Left, height, size of the font, words."""


def drawn(path: Path, *strings: Drawn) -> Document:
    canvas = Canvas(str(path / "page.pdf"), pagesize=(595, 842))
    for x, y, size, text in strings:
        canvas.setFont("Helvetica", size)
        canvas.drawString(x, y, text)
    canvas.save()
    return Document((path / "page.pdf").open("rb"))


def pieces_and_lines(document: Document) -> tuple[list[Piece], list[Line]]:
    page = document.page(1)
    assert page is not None
    return list(page.pieces), lay_out(page, 1).lines


def test_plain_words_are_one_piece_and_each_word_knows_its_place(tmp_path: Path) -> None:
    (piece,), (line,) = pieces_and_lines(drawn(tmp_path, (50, 700, 10, f"{PLAIN}.")))
    assert line.text == f"{PLAIN}."
    assert [word.text for word in piece.words()] == line.text.split(" ")
    assert [word.index for word in piece.words()] == [0, 4, 15, 21, 25, 35, 38, 43]
    # Helvetica, in thousandths of the font's size: T 611, h 556, e 556, blank 278
    assert [line.places[at] for at in (0, 2, 4)] == pytest.approx([50, 50 + 11.67, 50 + 17.23 + 2.78], abs=0.02)
    assert line.places[-1] == pytest.approx(line.right - 2.78, abs=0.02)  # the full stop


MIXED: dict[str, tuple[tuple[Drawn, ...], list[str]]] = {
    "an address ends the run": (
        ((50, 700, 10, f"{PLAIN} https://x.org/a and all that was said"),),
        [f"{PLAIN} https://x.org/a and all that was said"],
    ),
    "columns in one line of the file": (
        tuple((x, 700 - 12 * n, 10, PLAIN) for n in range(4) for x in (50, 300)),
        [PLAIN] * 8,
    ),
    "printed twice to look bold": (((50, 700, 10, PLAIN), (50.3, 700, 10, PLAIN)), [PLAIN]),
    "a mark that the file has last": (
        ((50, 700, 10, f"{PLAIN} said"), (50 + stringWidth(f"{PLAIN} said", "Helvetica", 10), 704, 5, "7")),
        [f"{PLAIN} said7"],
    ),
}


@pytest.mark.parametrize("name", MIXED)
def test_lines_are_those_of_single_words(tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    strings, expected = MIXED[name]
    document = drawn(tmp_path, *strings)
    _, lines = pieces_and_lines(document)
    monkeypatch.setattr("archive.cite.pdf.pieces._PLAIN_WORDS", re.compile("(?!)"))
    _, single = pieces_and_lines(document)
    assert [line.text for line in single] == expected
    assert [(line.text, line.marks, line.base) for line in lines] == [(o.text, o.marks, o.base) for o in single]


def test_wide_blanks_part_a_run(tmp_path: Path) -> None:
    canvas = Canvas(str(tmp_path / "page.pdf"), pagesize=(595, 842))
    canvas.setFont("Helvetica", 10)
    text = canvas.beginText(50, 700)
    text.setWordSpace(4)
    text.textLine(PLAIN)
    canvas.drawText(text)
    canvas.save()
    pieces, (line,) = pieces_and_lines(Document((tmp_path / "page.pdf").open("rb")))
    assert line.text == PLAIN
    assert [piece.text for piece in pieces] == PLAIN.split()


HEX = "the 3rd a1b2c3d4 of 0f9e8d7c and H2O"


def readings(document: Document, links: tuple[Rect, ...] = ()) -> list[tuple[list[str], list[Line]]]:
    """The words and lines of the page where the links are known, and where the place of every glyph counts."""
    found = []
    for known in (links, None):
        page = document.page(1, known)
        assert page is not None
        found.append(([piece.text for piece in page.pieces], lay_out(page, 1).lines))
    return found


def test_words_of_letters_and_digits_are_one_piece_where_one_operator_draws_them(tmp_path: Path) -> None:
    (run, lines), (single, exact) = readings(drawn(tmp_path, (50, 700, 10, HEX)))
    assert run == [HEX]
    assert single == HEX.split()
    assert [(line.text, line.left, line.right, line.base) for line in lines] == [
        (line.text, line.left, line.right, line.base) for line in exact
    ]


def test_a_raised_mark_inside_such_words_is_a_mark(tmp_path: Path) -> None:
    end = 50 + stringWidth("a1b2 c3d4 e5f", "Helvetica", 10)
    strings = (50, 700, 10, "a1b2 c3d4 e5f"), (end, 704, 5, "7"), (end + 3, 700, 10, "8g9 h1i2 j3k4")
    (_, (line,)), (_, (exact,)) = readings(drawn(tmp_path, *strings))
    assert (line.text, line.marks) == (exact.text, exact.marks) == ("a1b2 c3d4 e5f78g9 h1i2 j3k4", frozenset({13}))


def test_under_a_link_every_glyph_of_such_words_has_its_own_place(tmp_path: Path) -> None:
    under = (60.0, 698.0, 90.0, 710.0)
    (run, (line,)), (_, (exact,)) = readings(drawn(tmp_path, (50, 700, 10, HEX)), (under,))
    assert run == HEX.split()
    assert line.places == exact.places
