"""One document, and the pilot, as several programs lay them out: every printed address is read as it is printed."""

from __future__ import annotations

import html
import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
from reportlab.lib.enums import TA_JUSTIFY
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.platypus import Paragraph, SimpleDocTemplate

from archive.cite import CitedReport, read_report
from tests.archive.cite.test_pilot import GROUND_TRUTH, PILOT
from tests.office import convert

DATA = Path(__file__).parents[2] / "data" / "producers"
ADDRESSES = (DATA / "addresses.txt").read_text("utf-8").split()
"""What a reader of the page sees, in the order of their numbers."""


def program(*names: str) -> str:
    """The path of the first of these programs that is there; the test is skipped where none is."""
    found = next((path for name in names if (path := shutil.which(name))), None)
    if found is None:
        pytest.skip(f"{' or '.join(names)} is not installed: no file of this producer can be made")
    return found


@cache
def _odt_of(name: str, content: bytes) -> bytes:
    """What LibreOffice makes of a page, once for all formats that come of it."""
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder, name)
        source.write_bytes(content)
        return convert(program("soffice", "libreoffice"), source, "odt", source.parent).read_bytes()


def by_writer(source: Path, folder: Path, kind: str) -> Path:
    opened = folder / f"{source.stem}.odt"
    opened.write_bytes(_odt_of(source.name, source.read_bytes()))
    return opened if kind == "odt" else convert(program("soffice", "libreoffice"), opened, kind, folder)


def by_chromium(source: Path, folder: Path) -> Path:
    browser = program("chromium", "google-chrome", "chromium-browser")
    target = folder / f"{source.stem}-chromium.pdf"
    command = [browser, "--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer"]
    subprocess.run([*command, f"--print-to-pdf={target}", str(source)], capture_output=True, timeout=150, check=True)
    return target


PRODUCERS: dict[str, Callable[[Path, Path], Path]] = {
    "html": lambda source, folder: source,
    "writer-odt": lambda source, folder: by_writer(source, folder, "odt"),
    "writer-flat-odt": lambda source, folder: by_writer(source, folder, "fodt"),
    "writer-docx": lambda source, folder: by_writer(source, folder, "docx"),
    "writer-pdf": lambda source, folder: by_writer(source, folder, "pdf"),
    "chromium-pdf": by_chromium,
}


@pytest.mark.parametrize("producer", PRODUCERS)
def test_every_printed_address_is_the_first_reading(tmp_path: Path, producer: str) -> None:
    source = tmp_path / "layout.html"
    source.write_bytes((DATA / "layout.html").read_bytes())
    cited = read_report(PRODUCERS[producer](source, tmp_path))
    assert {source.cited for source in cited.sources} == set(ADDRESSES)


def pilot_paragraphs() -> list[str]:
    """The pilot's paragraphs, each link target of a page on a line of its own."""
    text = PILOT.read_text("utf-8").replace("\f", "\n\n")
    lines = [re.sub(r"\A ", "", line) for line in text.split("\n")]
    return [line for line in lines if line.strip()]


def check_pilot(cited: CitedReport) -> None:
    assert [source.cited for source in cited.sources] == [url for url, _ in GROUND_TRUTH]
    assert cited.links == 12


@pytest.mark.parametrize("producer", PRODUCERS)
def test_the_pilot_has_nine_sources_and_twelve_citations_in_every_format(tmp_path: Path, producer: str) -> None:
    body = "".join(f"<p>{html.escape(paragraph)}</p>\n" for paragraph in pilot_paragraphs())
    source = tmp_path / "R210517.html"
    source.write_text(
        "<html><head><meta charset='utf-8'><style>p { overflow-wrap: anywhere }</style></head>"
        f"<body>{body}</body></html>",
        encoding="utf-8",
    )
    check_pilot(read_report(PRODUCERS[producer](source, tmp_path)))


def test_the_pilot_set_by_reportlab(tmp_path: Path) -> None:
    style = ParagraphStyle("body", fontName="Helvetica", fontSize=10, leading=13, alignment=TA_JUSTIFY, splitLongWords=1)
    document = SimpleDocTemplate(str(tmp_path / "R210517.pdf"), pagesize=A4)
    document.build([Paragraph(html.escape(paragraph), style) for paragraph in pilot_paragraphs()])
    check_pilot(read_report(tmp_path / "R210517.pdf"))


def test_the_pilot_set_by_tex(tmp_path: Path) -> None:
    latex = program("pdflatex")
    special = {character: f"\\{character}" for character in "#$%&_{}"} | {
        "\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}",
    }
    paragraphs = [
        rf"\url{{{line}}}" if re.match(r"https?://\S+\Z", line)
        else "".join(special.get(character, character) for character in line if ord(character) < 128)
        for line in map(str.strip, pilot_paragraphs())
    ]
    head = r"\documentclass{article}\usepackage[T1]{fontenc}\usepackage{url}\begin{document}"
    (tmp_path / "R210517.tex").write_text("\n\n".join([head, *paragraphs, r"\end{document}"]), encoding="utf-8")
    command = [latex, "-interaction=nonstopmode", "R210517.tex"]
    subprocess.run(command, cwd=tmp_path, capture_output=True, timeout=120, check=False)
    check_pilot(read_report(tmp_path / "R210517.pdf"))
