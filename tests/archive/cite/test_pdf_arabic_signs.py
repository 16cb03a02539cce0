"""Vowel signs that a producer places a little above their line do not part the line from the next."""

from __future__ import annotations

from archive.cite.pdf.pieces import Piece
from archive.cite.pdf.rows import rows_of


def piece(text: str, left: float, base: float, size: float = 10.0) -> Piece:
    width = 5.0
    return Piece(text, [left + width * at for at in range(len(text))], left + width * len(text), base, size, 0, 0)


def test_a_letter_with_its_sign_belongs_to_the_row_below_it() -> None:
    rows = rows_of([piece("متح", 100, 500), piece("ً", 94, 502.2), piece("ا", 90, 502.2), piece("رطس", 100, 480)])
    assert [[each.text for each in row] for row in rows] == [["ا", "ً", "متح"], ["رطس"]]


def test_a_letter_in_a_line_of_its_own_stays_there() -> None:
    rows = rows_of([piece("ا", 100, 512), piece("متح", 100, 500)])
    assert [[each.text for each in row] for row in rows] == [["ا"], ["متح"]]
