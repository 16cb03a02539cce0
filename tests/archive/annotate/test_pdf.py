"""The annotated PDF: the report's bytes, a mark beside every citation, an annex that leads back."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from PIL import Image, ImageChops
from pypdf import PdfReader
from reportlab.pdfgen.canvas import Canvas

from archive.annotate.entries import AnnexFacts
from archive.annotate.formats import Added
from archive.annotate.pdf.annex import annex_size
from archive.annotate.pdf.marks import PREFIX
from archive.annotate.pdf.sheets import A4
from archive.annotate.pdf.source import NotExtendable, ReportPdf
from archive.cite.isolate import places_isolated
from tests.archive.annotate import samples, signed_pdf

MAKERS: dict[str, Callable[[Path], Path]] = {
    "reportlab": samples.by_reportlab,
    "landscape": samples.landscape,
    "rotated-90": lambda folder: samples.rotated(samples.by_reportlab(folder), 90),
    "rotated-180": lambda folder: samples.rotated(samples.by_reportlab(folder), 180),
    "rotated-270": lambda folder: samples.rotated(samples.by_reportlab(folder), 270),
    "cropped": lambda folder: samples.cropped(samples.by_reportlab(folder)),
    "linearised": lambda folder: samples.by_qpdf(samples.by_reportlab(folder), "linear.pdf", "--linearize"),
    "object-streams": lambda folder: samples.by_qpdf(
        samples.by_reportlab(folder), "streams.pdf", "--object-streams=generate"
    ),
    "hybrid": samples.hybrid,
    "marked": lambda folder: samples.marked_as_tagged(samples.by_reportlab(folder)),
    "chromium-tagged": samples.tagged,
    "chromium-arabic": lambda folder: samples.tagged(folder, samples.ARABIC_PAGE),
    "writer": samples.by_writer,
    "tex": samples.by_tex,
    "poster": samples.poster,
    "no-line-feed": lambda folder: stripped(samples.by_reportlab(folder)),
}


def stripped(source: Path) -> Path:
    source.write_bytes(source.read_bytes().rstrip())
    return source


@dataclass(frozen=True)
class Made:
    """One report, annotated."""

    report: Path
    place: Path
    added: Added
    facts: AnnexFacts


@pytest.fixture(scope="module")
def made_by(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Made]:
    """Annotates the report of a maker, once."""

    @cache
    def made(maker: str) -> Made:
        report = MAKERS[maker](tmp_path_factory.mktemp(maker))
        return Made(report, *samples.annotated_copy(report))

    return made


def marks_of(reader: PdfReader) -> list[tuple[int, Any]]:
    """Page (from 0) and annotation of every mark."""
    found = []
    for number, page in enumerate(reader.pages):
        for reference in page.get("/Annots", ()):
            annotation = reference.get_object()
            if str(annotation.get("/NM", "")).startswith(PREFIX):
                found.append((number, annotation))
    return found


@pytest.mark.parametrize("maker", MAKERS)
def test_report_is_a_prefix_and_every_citation_has_a_mark_that_leads_to_its_entry(
    made_by: Callable[[str], Made], maker: str
) -> None:
    made = made_by(maker)
    original, content, added, facts = made.report.read_bytes(), made.place.read_bytes(), made.added, made.facts
    assert added.method == "incremental-update"
    assert content[: len(original)] == original and len(content) > len(original)

    reader, before = PdfReader(BytesIO(content)), PdfReader(BytesIO(original))
    assert len(reader.pages) > len(before.pages)
    wanted = {(entry.id, number) for entry in facts.entries for number in range(len(entry.citations))}
    assert set(added.places) == wanted and wanted
    marks = marks_of(reader)
    assert len(marks) == len(wanted)
    for _, mark in marks:
        page = next(n for n, one in enumerate(reader.pages) if one.indirect_reference == mark["/Dest"][0])
        assert page >= len(before.pages)
        text = reader.pages[page].extract_text()
        source = str(mark["/Contents"]).split()[1].rstrip(":")
        assert f"Source {source}:" in text
        cited = next(entry.cited for entry in facts.entries if entry.id == source)
        assert cited in "".join(text.split())
    assert reader.metadata == before.metadata
    assert reader.page_labels[-1].startswith("A-")
    if "/ID" in before.trailer:
        assert reader.trailer["/ID"][0] == before.trailer["/ID"][0]
        assert reader.trailer["/ID"][1] != before.trailer["/ID"][1]
    assert reader.outline[-1]["/Title"] == "Annex"


@pytest.mark.parametrize("maker", MAKERS)
def test_other_readers_find_no_fault(made_by: Callable[[str], Made], maker: str) -> None:
    made = made_by(maker).place
    checked = subprocess.run([samples.program("qpdf"), "--check", str(made)], capture_output=True, text=True, timeout=60)
    assert checked.returncode == 0, checked.stdout + checked.stderr
    if shutil.which("pdftotext"):
        read = subprocess.run(["pdftotext", str(made), "-"], capture_output=True, text=True, timeout=60)
        assert read.stderr == "" and "Annex: the captured copies" in read.stdout
    document = pypdfium2.PdfDocument(made)
    assert len(document) == len(PdfReader(made).pages)


def pictures(content: bytes, pages: int) -> list[Image.Image]:
    document = pypdfium2.PdfDocument(content)
    return [document[number].render(scale=1.5, may_draw_forms=False).to_pil().convert("L") for number in range(pages)]


@pytest.mark.parametrize("maker", ["reportlab", "landscape", "rotated-90", "rotated-270", "cropped", "poster"])
def test_a_page_differs_only_where_its_marks_are(made_by: Callable[[str], Made], maker: str) -> None:
    made, added, original = made_by(maker).place, made_by(maker).added, made_by(maker).report.read_bytes()
    reader = PdfReader(BytesIO(original))
    before, after = pictures(original, len(reader.pages)), pictures(made.read_bytes(), len(reader.pages))
    seen = 0
    for number, (one, other) in enumerate(zip(before, after, strict=True)):
        box = ImageChops.difference(one, other).getbbox()
        on_page = sum(1 for page, _ in marks_of(PdfReader(made)) if page == number)
        seen += on_page
        assert (box is not None) == (on_page > 0)
        # Where something changed there was blank paper: no mark lies on words.
        changed = ImageChops.difference(one, other).point(lambda value: 255 if value > 40 else 0)
        dark_before = one.point(lambda value: 255 if value < 128 else 0)
        assert ImageChops.multiply(changed, dark_before).getbbox() is None
    assert seen == len(added.places)


def test_same_report_and_bag_give_the_same_bytes(made_by: Callable[[str], Made]) -> None:
    first = made_by("reportlab").place.read_bytes()
    assert samples.annotated_copy(made_by("reportlab").report)[0].read_bytes() == first


def test_arabic_annex_is_text_that_can_be_extracted(tmp_path: Path) -> None:
    report = samples.by_reportlab(tmp_path)
    made, _, facts = samples.annotated_copy(report, "ar")
    text = "".join(page.extract_text() for page in PdfReader(made).pages[2:])
    assert "https://example.org/plain/1/1" in text
    assert facts.words.sentence("annex.short") in text
    assert "".join(facts.words.digits(str(len(report.read_bytes())))[:1]) in text


def test_marks_and_annex_of_a_tagged_report_are_in_its_structure(made_by: Callable[[str], Made]) -> None:
    reader, added = PdfReader(made_by("marked").place), made_by("marked").added
    root = reader.root_object["/StructTreeRoot"]
    listed = root["/ParentTree"]["/Nums"]
    keys = {int(key): value.get_object() for key, value in zip(listed[::2], listed[1::2], strict=True)}
    marks = marks_of(reader)
    assert len(marks) == len(added.places)
    for _, mark in marks:
        element = keys[int(mark["/StructParent"])]
        assert element["/S"] == "/Link" and element["/K"]["/Obj"].get_object() == mark
    for page in reader.pages[2:]:
        assert keys[int(page["/StructParents"])][0].get_object()["/S"] == "/P"
        assert page.get_contents().get_data().startswith(b"/P <</MCID 0>> BDC")  # type: ignore[union-attr]


def test_pages_that_share_a_list_of_annotations_get_marks_of_their_own(tmp_path: Path) -> None:
    report = samples.with_shared_annotations(samples.by_reportlab(tmp_path))
    made, added, _ = samples.annotated_copy(report)
    reader = PdfReader(made)
    marks = marks_of(reader)
    assert sorted(str(mark["/NM"]) for _, mark in marks) == sorted({str(mark["/NM"]) for _, mark in marks})
    assert len(marks) == len([place for place in added.places.values() if place[0] == "margin"])
    pages = [page.indirect_reference for page in reader.pages]
    assert all(mark.raw_get("/P") == pages[number] for number, mark in marks)


@pytest.mark.torture
def test_three_hundred_pages_are_annotated_whole(tmp_path: Path) -> None:
    report = samples.by_reportlab(tmp_path, pages=300, links=3)
    made, added, facts = samples.annotated_copy(report)
    assert len(added.places) == facts.citations == 1800
    checked = subprocess.run([samples.program("qpdf"), "--check", str(made)], capture_output=True, timeout=120)
    assert checked.returncode == 0, checked.stdout


@pytest.mark.parametrize("why", ["signed", "certified", "usage-rights", "xfa"])
def test_a_protected_report_stays_as_it_is(tmp_path: Path, why: str) -> None:
    report = samples.signed(samples.by_reportlab(tmp_path), why)
    with report.open("rb") as stream, pytest.raises(NotExtendable) as refused:
        ReportPdf(stream)
    assert refused.value.code == why


@pytest.mark.parametrize(
    ("damage", "why"),
    [
        (lambda content: b"junk\n" + content, "repaired"),
        (lambda content: content.replace(b"startxref\n", b"startxref\n9"), "repaired"),
        (lambda content: content[:-20], "repaired"),
        (lambda content: content.replace(b"/Kids", b"/Kidz"), "unreadable"),
    ],
)
def test_a_damaged_report_is_not_extended(tmp_path: Path, damage: Callable[[bytes], bytes], why: str) -> None:
    report = samples.by_reportlab(tmp_path)
    report.write_bytes(damage(report.read_bytes()))
    with report.open("rb") as stream, pytest.raises(NotExtendable) as refused:
        ReportPdf(stream)
    assert refused.value.code in (why, "unreadable")


def test_marks_grow_with_the_page(made_by: Callable[[str], Made]) -> None:
    heights = {}
    for maker in ("reportlab", "poster"):
        marks = marks_of(PdfReader(made_by(maker).place))
        heights[maker] = {round(float(mark["/Rect"][3]) - float(mark["/Rect"][1]), 1) for _, mark in marks}
    assert heights == {"reportlab": {7.5}, "poster": {29.2}}  # A0 is 3.9 times as wide as office paper


@pytest.mark.parametrize(("certifies", "why"), [(False, "signed"), (True, "certified")])
def test_a_really_signed_report_stays_as_it_was_signed(tmp_path: Path, certifies: bool, why: str) -> None:
    report = signed_pdf.really_signed(samples.by_reportlab(tmp_path), certifies=certifies)
    signature, covered = signed_pdf.signature_of(report.read_bytes())
    (tmp_path / "cms").write_bytes(signature)
    (tmp_path / "covered").write_bytes(covered)
    command = [samples.program("openssl"), "cms", "-verify", "-binary", "-inform", "DER", "-noverify", "-out", os.devnull]
    command += ["-in", str(tmp_path / "cms"), "-content", str(tmp_path / "covered")]
    assert subprocess.run(command, capture_output=True, timeout=60).returncode == 0
    before = report.read_bytes()
    with pytest.raises(NotExtendable) as refused:
        samples.annotated_copy(report)
    assert refused.value.code == why
    assert (tmp_path / f"annotated-{report.name}" / report.name).read_bytes() == before == report.read_bytes()


def test_a_field_that_nobody_has_signed_yet_keeps_no_report_from_its_marks(tmp_path: Path) -> None:
    report = signed_pdf.really_signed(samples.by_reportlab(tmp_path), is_empty=True)
    made, added, facts = samples.annotated_copy(report)
    assert added.method == "incremental-update" and len(added.places) == facts.citations
    assert made.read_bytes().startswith(report.read_bytes())


def test_an_encrypted_report_is_not_extended(tmp_path: Path) -> None:
    with samples.encrypted(samples.by_reportlab(tmp_path)).open("rb") as stream, pytest.raises(NotExtendable) as refused:
        ReportPdf(stream)
    assert refused.value.code == "encrypted"


def test_places_are_those_that_the_report_was_read_with(made_by: Callable[[str], Made]) -> None:
    report = made_by("reportlab").report
    cited = samples.read_report(report)
    with report.open("rb") as stream:
        placed = places_isolated(stream, report.name)
    assert placed.text == cited.text
    known = {(link.offset, link.length, link.target): link.rects for link in placed.links}
    for source in cited.sources:
        for citation in source.citations:
            assert known[citation.offset, citation.length, source.cited]


def test_digest_in_the_annex_is_that_of_the_first_bytes(made_by: Callable[[str], Made]) -> None:
    made, facts = made_by("reportlab").place, made_by("reportlab").facts
    text = "".join("".join(page.extract_text().split()) for page in PdfReader(made).pages[2:])
    digest = hashlib.sha256(made.read_bytes()[: facts.report_size]).hexdigest()
    assert digest in text and f"first{facts.report_size:,}bytes" in text


@pytest.mark.parametrize(
    ("pages", "annex"),
    [
        ([(612, 792)], (612, 792)),
        ([(792, 612)], (612, 792)),
        ([(612, 1008)], (612, 1008)),
        ([(595.28, 841.89), (595.28, 841.89), (612, 792)], A4),
        ([(2384, 3370)], A4),
        ([(298, 420)], A4),
        ([], A4),
    ],
)
def test_the_annex_has_the_size_of_the_reports_pages_where_it_fits(
    pages: list[tuple[float, float]], annex: tuple[float, float]
) -> None:
    assert annex_size(pages) == annex


def test_an_american_report_gets_an_annex_on_letter_paper(tmp_path: Path) -> None:
    place = tmp_path / "letter.pdf"
    page = Canvas(str(place), pagesize=(612, 792), invariant=1)
    page.drawString(72, 700, "See https://example.org/plain there.")
    page.save()
    annotated, added, _ = samples.annotated_copy(place)
    sizes = {(float(each.mediabox.width), float(each.mediabox.height)) for each in PdfReader(annotated).pages}
    assert sizes == {(612, 792)} and len(added.places) == 1
