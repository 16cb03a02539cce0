"""A list of sixty endnotes gives sixty sources, in Latin and in Arabic script."""

from __future__ import annotations

import html
from pathlib import Path

import pytest
from reportlab.lib.pagesizes import A4
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from archive.cite import read_report
from tests.archive.cite.printed import SHAPES, numbers, problems
from tests.archive.cite.test_producers import program
from tests.office import convert

TRUTH = [SHAPES[number % len(SHAPES)].format(n=number + 1) for number in range(60)]
LATIN, ARABIC = "Report of the Commission", "تقرير اللجنة المستقلة"
FONTS = [Path("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf"), Path("/usr/share/fonts/TTF/DejaVuSans.ttf")]
SCRIPTS = pytest.mark.parametrize("arabic", [False, True], ids=["latin", "arabic"])
_NAMESPACE = "urn:oasis:names:tc:opendocument:xmlns"


def text_with_endnotes(*, arabic: bool) -> str:
    """A flat OpenDocument text whose one paragraph cites sixty endnotes."""
    words, mode = (ARABIC, "rl-tb") if arabic else (LATIN, "lr-tb")
    notes = "".join(
        f'{words} <text:note text:id="n{number}" text:note-class="endnote"><text:note-citation>{number}'
        f"</text:note-citation><text:note-body><text:p text:style-name='R'>{words}, {html.escape(address)}.</text:p>"
        "</text:note-body></text:note> "
        for number, address in enumerate(TRUTH, 1)
    )
    return (
        f'<?xml version="1.0"?><office:document xmlns:office="{_NAMESPACE}:office:1.0" '
        f'xmlns:text="{_NAMESPACE}:text:1.0" xmlns:style="{_NAMESPACE}:style:1.0" office:version="1.3" '
        'office:mimetype="application/vnd.oasis.opendocument.text"><office:automatic-styles>'
        '<style:style style:name="R" style:family="paragraph"><style:paragraph-properties '
        f'style:writing-mode="{mode}"/></style:style></office:automatic-styles>'
        f'<office:body><office:text><text:p text:style-name="R">{notes}</text:p></office:text></office:body>'
        "</office:document>"
    )


@SCRIPTS
@pytest.mark.parametrize("kind", ["pdf", "docx"])
def test_sixty_endnotes_of_writer_are_sixty_sources(tmp_path: Path, kind: str, *, arabic: bool) -> None:
    source = tmp_path / "notes.fodt"
    source.write_text(text_with_endnotes(arabic=arabic), "utf-8")
    cited = read_report(convert(program("soffice", "libreoffice"), source, kind, tmp_path))
    assert problems(cited, TRUTH) == []
    assert len(cited.sources) == 60


@SCRIPTS
def test_sixty_endnotes_of_reportlab_are_sixty_sources(tmp_path: Path, *, arabic: bool) -> None:
    font = "Helvetica"
    if arabic:
        path = next((path for path in FONTS if path.is_file()), None)
        if path is None:
            pytest.skip("DejaVu Sans is not installed: reportlab has no font of its own with Arabic letters")
        pdfmetrics.registerFont(TTFont("DejaVu", str(path)))
        font = "DejaVu"
    canvas = Canvas(str(tmp_path / "notes.pdf"), pagesize=A4)
    for number, address in enumerate(TRUTH):
        if number % 30 == 0:
            canvas.showPage()
            canvas.setFont(font, 8)
        height = 780 - 24 * (number % 30)
        if arabic:  # as a page shows it, from left to right: the letters of Arabic backwards
            canvas.drawRightString(560, height, f"{address} {ARABIC[::-1]} .{number + 1}")
        else:
            canvas.drawString(40, height, f"{number + 1}. {LATIN}, {address}.")
    canvas.save()
    cited = read_report(tmp_path / "notes.pdf")
    assert problems(cited, TRUTH) == []
    assert numbers(cited) == [str(number) for number in range(1, 61)]
