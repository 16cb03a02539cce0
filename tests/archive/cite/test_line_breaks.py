"""Line breaks that an author sets within a paragraph: an address continues in the next line."""

from __future__ import annotations

from pathlib import Path

import pytest

from archive.cite import read_report
from tests.archive.cite.office_files import docx

FIRST, REST = "https://x.org/2020/05/", "long-name/page.html"
BROKEN = {
    "R1.html": f"<p>See {FIRST}<br>{REST} for more.</p>",
    "R1.md": f"See {FIRST}\n{REST} for more.\n",
    "R1.fodt": (
        '<?xml version="1.0"?><office:document xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
        'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:text>'
        f"<text:p>See {FIRST}<text:line-break/>{REST} for more.</text:p>"
        "</office:text></office:body></office:document>"
    ),
}


@pytest.mark.parametrize("name", BROKEN)
def test_an_address_goes_on_over_a_line_break(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text(BROKEN[name], encoding="utf-8")
    (source,) = read_report(tmp_path / name).sources
    assert (source.cited, source.candidates) == (FIRST + REST, (FIRST,))
    assert source.is_uncertain


def test_an_address_goes_on_over_a_line_break_of_word_and_not_over_a_page_break(tmp_path: Path) -> None:
    one = docx(tmp_path / "R1.docx", f"<w:p><w:r><w:t>{FIRST}</w:t><w:br/><w:t>{REST} for more.</w:t></w:r></w:p>")
    other = docx(tmp_path / "R2.docx", f'<w:p><w:r><w:t>{FIRST}</w:t><w:br w:type="page"/><w:t>{REST}</w:t></w:r></w:p>')
    assert [source.cited for source in read_report(one).sources] == [FIRST + REST]
    assert [source.cited for source in read_report(other).sources] == [FIRST]


def test_an_address_ends_at_the_end_of_its_paragraph(tmp_path: Path) -> None:
    (tmp_path / "R1.html").write_text(f"<p>See {FIRST}</p><p>{REST} is a name.</p>", encoding="utf-8")
    (source,) = read_report(tmp_path / "R1.html").sources
    assert (source.cited, source.candidates, source.doubts) == (FIRST, (), ())
