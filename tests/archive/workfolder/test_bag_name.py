"""Names that no text of a bag can print: the message names the character, and says why."""

from __future__ import annotations

from pathlib import Path

import pytest

from archive.errors import UsageProblem
from archive.workfolder.bag_name import require_name


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("a\u202eb", "the character U+202E (RIGHT-TO-LEFT OVERRIDE), which is not shown and can show what follows in another"),
        ("a\u200fb", "the character U+200F (RIGHT-TO-LEFT MARK), which is not shown and can show what follows in another"),
        ("a\x1b[31mb", "the control character U+001B, which a terminal obeys and does not show"),
        ("a\tb", "the control character U+0009, which a terminal obeys"),
        ("a\nb", "the line end U+000A, which would break the lines"),
        ("a\u2028b", "the line end U+2028 (LINE SEPARATOR), which would break"),
        ("a\u00a0b", "the character U+00A0 (NO-BREAK SPACE), which is not shown or looks like another"),
        ("a\ufeffb", "the character U+FEFF (ZERO WIDTH NO-BREAK SPACE), which is not shown or looks like another"),
        ("a\udcffb", "bytes that are not UTF-8"),
    ],
)
def test_a_name_that_cannot_be_printed_is_refused_with_its_character(name: str, why: str) -> None:
    with pytest.raises(UsageProblem) as raised:
        require_name(Path("x") / name)
    said = str(raised.value)
    assert why in said
    assert said.isprintable() and said.isascii()


@pytest.mark.parametrize("name", ["R210517", "تقرير ٢٠٢١", "Bericht Nr. 5 (neu)", "报告", "R'1"])
def test_other_names_are_fit(name: str) -> None:
    assert require_name(Path(name)) == Path(name)
