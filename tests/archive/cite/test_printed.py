"""Addresses broken at every kind of place by several programs: read exactly, or among the candidates with a warning."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest
from reportlab.pdfgen.canvas import Canvas

from archive.cite import CitedReport, read_report
from tests.archive.cite.printed import LATIN, LAYOUTS, SHAPES, numbers, page, problems
from tests.archive.cite.test_producers import by_chromium, by_writer, program

_MOVED = ("soft-hyphen", "wbr", "break-all")
"""Breaks at every few characters of a right-to-left line move signs that the page then shows in no order at all."""
BY_WRITER = ("anywhere", "justified", "letter-spaced", "zero-width-space", "soft-hyphen", "wide-lines", "bold")
"""Layouts that Writer knows; it has its own for the others."""


def written(folder: Path, layouts: tuple[str, ...], *, arabic: bool) -> tuple[Path, list[str]]:
    text, truth = page(layouts, arabic=arabic)
    source = folder / "report.html"
    source.write_text(text, encoding="utf-8")
    return source, truth


@pytest.mark.parametrize("arabic", [False, True], ids=["latin", "arabic"])
def test_every_break_of_chromium_is_read_or_doubted(tmp_path: Path, *, arabic: bool) -> None:
    layouts = tuple(name for name in LAYOUTS if name not in ("wide-lines", *(_MOVED if arabic else ())))
    source, truth = written(tmp_path, layouts, arabic=arabic)
    assert problems(read_report(by_chromium(source, tmp_path)), truth) == []


@pytest.mark.parametrize("arabic", [False, True], ids=["latin", "arabic"])
@pytest.mark.parametrize("kind", ["pdf", "docx"])
def test_every_break_of_writer_is_read_or_doubted(tmp_path: Path, kind: str, *, arabic: bool) -> None:
    source, truth = written(tmp_path, BY_WRITER, arabic=arabic)
    assert problems(read_report(by_writer(source, tmp_path, kind)), truth) == []


def set_by_tex(folder: Path, options: str, head: str, body: str) -> CitedReport:
    latex = program("pdflatex")
    lines = [rf"\documentclass[{options}]{{article}}\usepackage[T1]{{fontenc}}{head}\begin{{document}}", body]
    (folder / "report.tex").write_text("\n".join([*lines, r"\end{document}"]), encoding="utf-8")
    command = [latex, "-interaction=nonstopmode", "report.tex"]
    subprocess.run(command, cwd=folder, capture_output=True, timeout=120, check=False)
    return read_report(folder / "report.pdf")


@pytest.mark.parametrize("options", ["10pt", "10pt,twocolumn"])
@pytest.mark.parametrize(
    "head", [r"\usepackage{url}", r"\usepackage[hyphens]{url}", r"\usepackage{url}\urlstyle{same}"]
)
def test_every_break_of_tex_is_read_or_doubted(tmp_path: Path, options: str, head: str) -> None:
    truth = [shape.format(n=number) for number, shape in enumerate(SHAPES * 2, 1)]
    body = "\n\n".join(rf"{LATIN[: 9 + 3 * number]} \url{{{address}}} {LATIN}" for number, address in enumerate(truth))
    cited = set_by_tex(tmp_path, options, head, body)
    assert problems(cited, truth) == []


def test_sixty_endnotes_of_tex_are_sixty_sources(tmp_path: Path) -> None:
    truth = [SHAPES[number % 3].format(n=number + 1) for number in range(60)]
    items = "".join(rf"\bibitem{{k{number}}} Report, \url{{{address}}}." for number, address in enumerate(truth))
    cited = set_by_tex(
        tmp_path, "10pt", r"\usepackage{url}", rf"\begin{{thebibliography}}{{99}}{items}\end{{thebibliography}}"
    )
    assert problems(cited, truth) == []
    assert len(cited.sources) == 60


@pytest.mark.parametrize("arabic", [False, True], ids=["latin", "arabic"])
def test_sixty_endnotes_of_chromium_are_sixty_sources(tmp_path: Path, *, arabic: bool) -> None:
    truth = [SHAPES[number % len(SHAPES)].format(n=number + 1) for number in range(60)]
    direction = "rtl" if arabic else "ltr"
    items = "".join(f"<li>{address.replace('&', '&amp;')}</li>" for address in truth)
    source = tmp_path / "notes.html"
    source.write_text(
        f"<meta charset='utf-8'><body dir={direction} style='font:9pt sans-serif;columns:2;overflow-wrap:anywhere'>"
        f"<ol>{items}</ol>", encoding="utf-8",
    )
    cited = read_report(by_chromium(source, tmp_path))
    assert problems(cited, truth) == []
    assert numbers(cited) == [str(number) for number in range(1, 61)]


def drawn(folder: Path) -> tuple[Canvas, Path]:
    target = folder / "drawn.pdf"
    canvas = Canvas(str(target), pagesize=(300, 400))
    canvas.setFont("Helvetica", 10)
    return canvas, target


def readings(path: Path) -> list[tuple[str, tuple[str, ...], tuple[str, ...]]]:
    return [(source.cited, source.candidates, source.doubts) for source in read_report(path).sources]


def test_what_the_edge_of_the_page_hides_is_a_candidate(tmp_path: Path) -> None:
    canvas, target = drawn(tmp_path)
    canvas.drawString(20, 380, "See the address https://s1.example.org/en/documents/reports/2020/the-long-name.html")
    canvas.save()
    assert readings(target) == [(
        "https://s1.example.org/en/documents/reports/2",
        ("https://s1.example.org/en/documents/reports/2020/the-long-name.html",), ("cut-off",),
    )]


def test_what_a_cell_cuts_off_is_a_candidate_and_what_fits_is_certain(tmp_path: Path) -> None:
    canvas, target = drawn(tmp_path)
    for height, address in ((340, "https://s2.example.org/en/documents/2020/x.html"), (300, "https://s3.example.org/ab")):
        canvas.saveState()
        cell = canvas.beginPath()
        cell.rect(20, height, 120, 20)
        canvas.clipPath(cell, stroke=0)
        canvas.drawString(22, height + 5, address)
        canvas.restoreState()
    canvas.save()
    assert readings(target) == [
        ("https://s2.example.org/en/d", ("https://s2.example.org/en/documents/2020/x.html",), ("cut-off",)),
        ("https://s3.example.org/ab", (), ()),
    ]


def test_an_edge_right_behind_an_address_that_states_none_is_a_doubt(tmp_path: Path) -> None:
    canvas, target = drawn(tmp_path)
    whole = "https://s3.example.org/abc"
    canvas.saveState()
    cell = canvas.beginPath()
    cell.rect(20, 340, 3 + canvas.stringWidth(whole), 20)
    canvas.clipPath(cell, stroke=0)
    canvas.drawString(22, 345, "https://s2.example.org/en/documents/2020/x.html")
    canvas.restoreState()
    canvas.drawString(22, 300, whole)
    canvas.drawString(22, 260, "https://s4.example.org/")
    canvas.save()
    assert [(cited, doubts) for cited, _, doubts in readings(target)][1:] == [
        (whole, ("cut-off",)), ("https://s4.example.org/", ()),
    ]


def test_a_cell_of_chromium_that_cuts_addresses_off_makes_none_certain(tmp_path: Path) -> None:
    cells = "".join(
        f"<p>See <span style='display:inline-block;width:150px;overflow:hidden;white-space:nowrap;"
        f"vertical-align:bottom'>{shape.format(n=number).replace('&', '&amp;')}</span></p>"
        for number, shape in enumerate(SHAPES)
    )
    source = tmp_path / "cells.html"
    source.write_text(f"<meta charset='utf-8'><body style='font:11pt sans-serif'>{cells}", encoding="utf-8")
    cited = read_report(by_chromium(source, tmp_path))
    certain = [found.cited for found in cited.sources if not found.is_uncertain]
    assert len(cited.sources) >= len(SHAPES) - 1  # two beginnings may be alike
    assert certain == []


def test_text_that_is_printed_over_an_address_hides_no_reading(tmp_path: Path) -> None:
    canvas, target = drawn(tmp_path)
    canvas.drawString(20, 380, "https://s1.example.org/en/documents/2020/the-long-name.html")
    canvas.drawString(20, 350, "The words that follow in this column.")
    canvas.drawString(20, 320, "Words of the other column,")
    canvas.drawString(141, 380, "words of another column")
    canvas.save()
    assert problems(read_report(target), ["https://s1.example.org/en/documents/2020/the-long-name.html"]) == []


def test_an_inner_address_after_a_broken_outer_one_is_no_source(tmp_path: Path) -> None:
    canvas, target = drawn(tmp_path)
    canvas.drawString(20, 380, "As https://web.archive.org/web/20210304050607/")
    canvas.drawString(20, 368, "http://example.org/a-b_c.html shows.")
    canvas.save()
    assert readings(target) == [(
        "https://web.archive.org/web/20210304050607/http://example.org/a-b_c.html",
        ("https://web.archive.org/web/20210304050607/", "http://example.org/a-b_c.html"), ("line-break",),
    )]


def test_a_number_at_one_height_on_two_pages_may_end_an_address(tmp_path: Path) -> None:
    canvas, target = drawn(tmp_path)
    for number in (1, 2):
        canvas.setFont("Helvetica", 10)
        canvas.drawString(20, 52, f"[{number}] https://s{number}.example.org/2021/05/21/")
        canvas.drawString(20, 40, "56247/")
        canvas.showPage()
    canvas.save()
    assert all(f"https://s{n}.example.org/2021/05/21/56247/" in (cited, *others)
               for n, (cited, others, _) in enumerate(readings(target), 1))
    assert re.search("56247", readings(target)[0][0] + "".join(readings(target)[0][1]))
