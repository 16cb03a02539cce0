"""Reports of many makes, and an annex about them that no bag is needed for."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from msgspec.structs import replace
from pypdf import PdfReader, PdfWriter
from pypdf.generic import ArrayObject, BooleanObject, DictionaryObject, NameObject, NumberObject, RectangleObject
from reportlab.lib.styles import getSampleStyleSheet
from reportlab.pdfgen import canvas
from reportlab.platypus import PageBreak, Paragraph, SimpleDocTemplate

from archive.annotate.entries import AnnexEntry, AnnexFacts, ReportEvidence, Sign
from archive.annotate.formats import Added, annotated_file
from archive.cite import CitedReport, read_report
from archive.words import load
from tests.office import convert

FINGERPRINT = "sha256:" + "ab" * 32
SIGNS = (Sign.CAPTURED, Sign.PARTIAL, Sign.GAP)


def facts_of(report: Path, cited: CitedReport, language: str = "en") -> AnnexFacts:
    """An annex in which copies, gaps and partial copies take turns."""
    words = load(language)
    entries = tuple(
        AnnexEntry(
            id=f"s{number:02d}",
            cited=source.cited,
            number=number,
            sign=SIGNS[number % 3],
            verdict=words.sentence("status.captured.label"),
            why=words.sentence("status.captured.sentence"),
            doubts=words.sentence("doubt.line-break") if source.doubts else None,
            time_key="annex.time",
            time=words.instant("2026-11-22T10:00:00Z"),
            instant="2026-11-22T10:00:00Z",
            evidence=ReportEvidence("record", "r", hashlib.sha256(source.cited.encode()).hexdigest(), "cd" * 32),
            places=(f"data/index.html#en-s{number:02d}",),
            public_copy=None,
            citations=source.citations,
        )
        for number, source in enumerate(cited.sources, start=1)
    )
    content = report.read_bytes()
    digest = hashlib.sha256(content).hexdigest()
    return AnnexFacts(words, "R1", FINGERPRINT, report.name, digest, len(content), entries)


def annotated_copy(report: Path, language: str = "en", **changes: object) -> tuple[Path, Added, AnnexFacts]:
    """A copy of the report, annotated."""
    cited = read_report(report)
    facts = replace(facts_of(report, cited, language), **changes)  # type: ignore[arg-type]
    folder = report.parent / f"annotated-{report.name}"
    folder.mkdir(exist_ok=True)
    added = annotated_file(Path(shutil.copy(report, folder / report.name)), facts, cited.text)
    return folder / added.file, added, facts


def program(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        pytest.skip(f"{name} is not installed")
    return found


def by_reportlab(folder: Path, pages: int = 2, links: int = 3, title: str = "A report") -> Path:
    place = folder / "report.pdf"
    style = getSampleStyleSheet()["Normal"]
    story: list[object] = []
    for page in range(1, pages + 1):
        for link in range(1, links + 1):
            at = f"{page}/{link}"
            words = "More words fill this line and the next one to its end. " * 2
            story.append(
                Paragraph(f"See https://example.org/plain/{at} or <a href='https://example.org/link/{at}'>this {at}</a>. {words}", style)
            )
        story.append(PageBreak())
    SimpleDocTemplate(str(place), title=title, invariant=1).build(story)
    return place


def poster(folder: Path) -> Path:
    """A sheet of A0."""
    place = folder / "poster.pdf"
    page = canvas.Canvas(str(place), pagesize=(2384, 3370), invariant=1)
    page.setFont("Helvetica", 60)
    for line in range(5):
        page.drawString(250, 3000 - 200 * line, f"Line {line}: https://example.org/poster/{line} here.")
    page.showPage()
    page.save()
    return place


def landscape(folder: Path) -> Path:
    place = folder / "landscape.pdf"
    page = canvas.Canvas(str(place), pagesize=(595, 842), invariant=1)
    page.setPageRotation(90)
    page.translate(595, 0)
    page.rotate(90)
    for line in range(8):
        page.drawString(60, 530 - 24 * line, f"Line {line} cites https://example.org/land/{line} here.")
    page.showPage()
    page.save()
    return place


def changed(source: Path, name: str, change: Callable[[PdfWriter], None]) -> Path:
    """The same PDF, rewritten with a change."""
    writer = PdfWriter(clone_from=PdfReader(BytesIO(source.read_bytes())))
    change(writer)
    place = source.with_name(name)
    writer.write(place)
    return place


def rotated(source: Path, degrees: int) -> Path:
    def turn(writer: PdfWriter) -> None:
        for page in writer.pages:
            page.rotate(degrees)

    return changed(source, f"rotated-{degrees}.pdf", turn)


def cropped(source: Path) -> Path:
    def crop(writer: PdfWriter) -> None:
        for page in writer.pages:
            page.cropbox = RectangleObject((60, 200, 560, 800))

    return changed(source, "cropped.pdf", crop)


def signed(source: Path, key: str = "signed") -> Path:
    """A PDF that says it is signed, certified, a form drawn again, or full of usage rights."""

    def sign(writer: PdfWriter) -> None:
        root = writer.root_object
        value = DictionaryObject({NameObject("/Type"): NameObject("/Sig")})
        if key == "certified":
            root[NameObject("/Perms")] = DictionaryObject({NameObject("/DocMDP"): writer._add_object(value)})
        elif key == "usage-rights":
            root[NameObject("/Perms")] = DictionaryObject({NameObject("/UR3"): writer._add_object(value)})
        elif key == "xfa":
            root[NameObject("/AcroForm")] = DictionaryObject({NameObject("/XFA"): ArrayObject()})
        else:
            field = DictionaryObject({NameObject("/FT"): NameObject("/Sig"), NameObject("/V"): value})
            form = DictionaryObject({NameObject("/Fields"): ArrayObject([writer._add_object(field)])})
            form[NameObject("/SigFlags")] = NumberObject(0)
            root[NameObject("/AcroForm")] = form

    return changed(source, f"{key}.pdf", sign)


def encrypted(source: Path) -> Path:
    return changed(source, "encrypted.pdf", lambda writer: writer.encrypt("", "owner", algorithm="RC4-128"))


PAGE = (
    "<!doctype html><html lang=en><meta charset=utf-8><title>Tagged</title><h1>Tagged</h1>"
    "<p>See <a href='https://example.org/tagged'>here</a> and https://example.org/plain as well.</p>"
)
ARABIC_PAGE = (
    "<!doctype html><html lang=ar dir=rtl><meta charset=utf-8><title>تقرير</title><h1>تقرير عن الانتهاكات</h1>"
    "<p>انظر <a href='https://example.org/tagged'>الصفحة الأولى</a> ثم https://example.org/plain هنا.</p>"
)


def by_writer(folder: Path) -> Path:
    """What LibreOffice exports."""
    page = folder / "writer.html"
    page.write_text(PAGE, "utf-8")
    return convert(program("soffice"), convert(program("soffice"), page, "odt", folder), "pdf", folder)


def by_tex(folder: Path) -> Path:
    """What pdfTeX writes: object streams, and a link in a note."""
    source = folder / "tex.tex"
    source.write_text(
        r"\documentclass{article}\usepackage{hyperref}\title{TeX}\begin{document}See \url{https://example.org/tex/one}"
        r" and \href{https://example.org/tex/two}{words}.\footnote{\url{https://example.org/tex/foot}}\end{document}"
    )
    command = [program("pdflatex"), "-interaction=batchmode", f"-output-directory={folder}", str(source)]
    done = subprocess.run(command, capture_output=True, timeout=120)
    if done.returncode:
        pytest.skip("this TeX lacks a package")
    return source.with_suffix(".pdf")


def tagged(folder: Path, content: str = PAGE) -> Path:
    """What Chromium prints: a structure tree, and marked content."""
    page = folder / "tagged.html"
    page.write_text(content, "utf-8")
    place = folder / "tagged.pdf"
    command = [program("chromium"), "--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer"]
    subprocess.run([*command, f"--print-to-pdf={place}", str(page)], capture_output=True, timeout=150, check=True)
    return place


def with_shared_annotations(source: Path) -> Path:
    """A PDF in which two pages have one list of annotations."""

    def share(writer: PdfWriter) -> None:
        listed = writer._add_object(ArrayObject(writer.pages[0]["/Annots"]))  # type: ignore[arg-type]
        for page in writer.pages[:2]:
            page[NameObject("/Annots")] = listed

    return changed(source, "shared.pdf", share)


def marked_as_tagged(source: Path) -> Path:
    """A PDF with the smallest structure tree."""

    def tag(writer: PdfWriter) -> None:
        root = writer.root_object
        tree = DictionaryObject({NameObject("/Type"): NameObject("/StructTreeRoot")})
        ref = writer._add_object(tree)
        document = DictionaryObject({NameObject("/Type"): NameObject("/StructElem"), NameObject("/S"): NameObject("/Document")})
        document[NameObject("/P")] = ref
        tree[NameObject("/K")] = writer._add_object(document)
        tree[NameObject("/ParentTree")] = DictionaryObject({NameObject("/Nums"): ArrayObject()})
        tree[NameObject("/ParentTreeNextKey")] = NumberObject(5)
        root[NameObject("/StructTreeRoot")] = ref
        root[NameObject("/MarkInfo")] = DictionaryObject({NameObject("/Marked"): BooleanObject(True)})

    return changed(source, "marked.pdf", tag)


def by_qpdf(source: Path, name: str, *options: str) -> Path:
    place = source.with_name(name)
    subprocess.run([program("qpdf"), *options, str(source), str(place)], check=True, timeout=60)
    return place


def hybrid(folder: Path) -> Path:
    """A table for old readers, and a cross-reference stream for what stands in an object stream. (7.5.8.4)"""
    body = bytearray(b"%PDF-1.5\n")
    offsets: dict[int, int] = {}
    text = b"BT /F1 12 Tf 72 700 Td (See https://example.org/hybrid/1 and more.) Tj ET"
    page = (
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>"
    )
    objects = {
        1: b"<< /Type /Catalog /Pages 2 0 R >>",
        2: b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        3: page,
        4: b"<< /Length %d >>\nstream\n%s\nendstream" % (len(text), text),
        5: b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    }
    for number, content in objects.items():
        offsets[number] = len(body)
        body += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    hidden = b"8 0 << /Producer (hybrid) >>"
    offsets[6] = len(body)
    body += b"6 0 obj\n<< /Type /ObjStm /N 1 /First 4 /Length %d >>\nstream\n%s\nendstream\nendobj\n" % (len(hidden), hidden)
    stream_at = len(body)
    rows = bytes([2, 0, 6, 0])
    body += (
        b"7 0 obj\n<< /Type /XRef /Size 9 /W [1 2 1] /Index [8 1] /Root 1 0 R /Length %d >>\nstream\n%s\nendstream\nendobj\n"
        % (len(rows), rows)
    )
    table_at = len(body)
    body += b"xref\n0 7\n0000000000 65535 f \n" + b"".join(b"%010d 00000 n \n" % offsets[n] for n in range(1, 7))
    body += b"trailer\n<< /Size 9 /Root 1 0 R /XRefStm %d /ID [<00> <01>] >>\nstartxref\n%d\n%%%%EOF\n" % (stream_at, table_at)
    place = folder / "hybrid.pdf"
    place.write_bytes(bytes(body))
    return place
