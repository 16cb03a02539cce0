"""Addresses that go on over the end of a page, on page after page: each is read, and no other is lost for it."""

from __future__ import annotations

from pathlib import Path

from reportlab.pdfgen.canvas import Canvas

from archive.cite import read_report

PAGES, BETWEEN = 40, 6
"""So many that what is in memory of a page takes the place of what was of an earlier one."""


def test_addresses_over_every_page_break_hide_no_other(tmp_path: Path) -> None:
    canvas = Canvas(str(tmp_path / "R1.pdf"), pagesize=(400, 400))
    expected = []
    for page in range(PAGES):
        canvas.setFont("Helvetica", 9)
        if page:
            canvas.drawString(40, 360 + 2 * (page % 7), f"site{page - 1}.example/reports/statement_{page - 1}.html")
        for number in range(BETWEEN):
            expected.append(f"https://site{page}.example/p{number}/a.html")
            canvas.drawString(40, 330 - 20 * number, f"See {expected[-1]} for more.")
        if page < PAGES - 1:
            expected.append(f"https://site{page}.example/reports/statement_{page}.html")
            canvas.drawString(40, 40 + 2 * (page % 7), "The whole of it is at https://")
        canvas.showPage()
    canvas.save()
    cited = read_report(tmp_path / "R1.pdf")
    assert [source.cited for source in cited.sources] == expected
