"""PDF reports: annotations with their anchors, text, and hostile files."""

from __future__ import annotations

import io
import sys
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader, PdfWriter
from pypdf.generic import ArrayObject, ByteStringObject, DictionaryObject, FloatObject, NameObject, TextStringObject
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import getSampleStyleSheet
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import PageBreak, Paragraph, SimpleDocTemplate

from archive.cite import CitedReport, isolate, read_report, read_report_stream
from archive.cite.extract import PassedOver
from archive.cite.pdf import read_pdf
from archive.cite.pdf.glyphs import Document
from archive.errors import ReportUnreadable
from archive_manifests.sources import Citation, Source

WEBTV = "http://webtv.un.org/watch/6245250053001/?term=&lan=original"
SESSION = (
    "Security Council special session on the humanitarian situation in Syria, held by video conference under the "
    "presidency of the United States, at which members of the Council heard three witnesses of the conflict"
)


def paragraphs(path: Path, *texts: str | None, title: str | None = None) -> Path:
    """A PDF of these paragraphs; None starts a page."""
    style = getSampleStyleSheet()["Normal"]
    document = SimpleDocTemplate(str(path), pagesize=A4, title=title)
    document.build([PageBreak() if text is None else Paragraph(text, style) for text in texts])
    return path


def annotated(path: Path, *actions: dict[str, Any], catalog: dict[str, Any] | None = None) -> Path:
    """A PDF of one page whose link annotations have these actions, ten points apart."""
    canvas = Canvas(str(path))
    for number in range(len(actions)):
        canvas.drawString(50, 700 - 30 * number, f"anchor {'abcdefghijkl'[number]}")
    canvas.save()
    writer = PdfWriter(clone_from=str(path))
    annotations = ArrayObject()
    for number, action in enumerate(actions):
        rect = [FloatObject(value) for value in (50, 696 - 30 * number, 130, 712 - 30 * number)]
        annotations.append(DictionaryObject({
            NameObject("/Type"): NameObject("/Annot"), NameObject("/Subtype"): NameObject("/Link"),
            NameObject("/Rect"): ArrayObject(rect), NameObject("/A"): pdf_object(action),
        }))
    writer.pages[0][NameObject("/Annots")] = annotations
    for key, value in (catalog or {}).items():
        writer.root_object[NameObject(key)] = pdf_object(value)
    writer.write(str(path))
    return path


def pdf_object(value: Any) -> Any:
    if isinstance(value, dict):
        return DictionaryObject({NameObject(key): pdf_object(inner) for key, inner in value.items()})
    if isinstance(value, list):
        return ArrayObject([pdf_object(inner) for inner in value])
    if isinstance(value, bytes):
        return ByteStringObject(value)
    return NameObject(value) if value.startswith("/") and value[1:].isalnum() else TextStringObject(value)


def uri(target: str | bytes) -> dict[str, Any]:
    return {"/S": "/URI", "/URI": target}


def places(report: CitedReport) -> list[tuple[str, int | None, str | None, str | None, str]]:
    return [(s.cited, c.page, c.anchor, c.context, c.found_by) for s in report.sources for c in s.citations]


def check_places(report: CitedReport) -> None:
    for source in report.sources:
        for place in source.citations:
            assert place.offset is not None and place.length is not None
            shown = report.text[place.offset : place.offset + place.length]
            assert "".join(shown.split()) == "".join((place.anchor or source.cited).split())
            assert place.line == report.text.count("\n", 0, place.offset) + 1


@pytest.fixture
def wrapped(tmp_path: Path) -> Path:
    link = WEBTV.replace("&", "&amp;")
    return paragraphs(
        tmp_path / "R210517.pdf",
        f'Before it. She spoke at the <a href="{link}">{SESSION}</a>, and was heard. After it.',
        'Plain https://x.org/text, and <a href="https://x.org/both">https://x.org/both</a> too.',
        'Truncated <a href="https://x.org/real/page">https://x.org/real…</a> here.',
        'Here <a href="https://x.org/twice">one</a> and <a href="https://x.org/twice">two</a>.',
        None,
        f'Again <a href="{link}">there</a>.',
    )


def test_an_anchor_over_three_lines_is_one_citation_with_its_words(wrapped: Path) -> None:
    assert len(PdfReader(wrapped).pages[0]["/Annots"]) == 7  # type: ignore[arg-type]  # three of them the first link's
    report = read_report(wrapped)
    assert places(report) == [
        (WEBTV, 1, SESSION, f"She spoke at the {SESSION}, and was heard.", "annotation"),
        (WEBTV, 2, "there", "Again there.", "annotation"),
        ("https://x.org/text", 1, None, "Plain https://x.org/text, and https://x.org/both too.", "text"),
        ("https://x.org/both", 1, None, "Plain https://x.org/text, and https://x.org/both too.", "both"),
        ("https://x.org/real/page", 1, "https://x.org/real", "Truncated https://x.org/real… here.", "both"),
        ("https://x.org/twice", 1, "one", "Here one and two.", "annotation"),
        ("https://x.org/twice", 1, "two", "Here one and two.", "annotation"),
    ]
    check_places(report)
    assert report.sources[3].candidates == ("https://x.org/real",)
    assert (report.pages, report.report.id, report.original_suffix) == (2, "R210517", ".pdf")
    assert report.extractor.startswith("PDFium ") and ", pypdf " in report.extractor
    assert report.text.split("\n\f")[1] == "Again there."


def test_where_pdfium_refuses_the_second_reader_gives_the_same_links_and_says_so(
    wrapped: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(self: Document, stream: object) -> None:
        raise ReportUnreadable("is a damaged PDF (PDFium error 3)")

    monkeypatch.setattr(Document, "__init__", refuse)
    with wrapped.open("rb") as stream:
        extracted = read_pdf(stream, ".pdf")
    assert extracted.extractor.startswith("pypdf ")
    assert extracted.passed_over == (PassedOver("second-reader", "is a damaged PDF (PDFium error 3)"),)
    assert [(link.target, link.page, link.anchor, link.offset) for link in extracted.links] == [
        (WEBTV, 1, None, None), ("https://x.org/both", 1, None, None), ("https://x.org/real/page", 1, None, None),
        ("https://x.org/twice", 1, None, None), ("https://x.org/twice", 1, None, None), (WEBTV, 2, None, None),
    ]


def test_a_url_broken_over_lines_is_united_with_its_annotation(tmp_path: Path) -> None:
    canvas = Canvas(str(tmp_path / "R1.pdf"))
    canvas.drawString(50, 700, "It was said at https://x.org/2021/05/")
    canvas.drawString(50, 686, "21/56247/ by all.")
    canvas.linkURL("https://x.org/2021/05/21/56247/", (120, 682, 250, 712))
    canvas.save()
    report = read_report(tmp_path / "R1.pdf")
    (source,) = report.sources
    assert (source.cited, source.candidates) == ("https://x.org/2021/05/21/56247/", ("https://x.org/2021/05/",))
    (place,) = source.citations
    assert (place.found_by, place.context) == ("both", "It was said at https://x.org/2021/05/ 21/56247/ by all.")


def test_targets_are_read_as_every_producer_writes_them(tmp_path: Path) -> None:
    report = read_report(annotated(
        tmp_path / "R1.pdf",
        uri("https://x.org/plain"),
        uri(b"\xfe\xff" + "https://x.org/سوريا".encode("utf-16-be")),
        uri("https://x.org/utf8/سوريا".encode()),
        uri("https://x.org/latin/é".encode("latin-1")),
        uri("page/one.html?a=1"),
        uri("www.x.org/a"),
        uri(" https://x.org/white\r\n space "),
        catalog={"/URI": {"/Base": "https://sn4hr.org/blog/"}},
    ))
    assert [(source.cited, source.citations[0].anchor) for source in report.sources] == [
        ("https://x.org/plain", "anchor a"),
        ("https://x.org/سوريا", "anchor b"),
        ("https://x.org/utf8/سوريا", "anchor c"),
        ("https://x.org/latin/é", "anchor d"),
        ("https://sn4hr.org/blog/page/one.html?a=1", "anchor e"),
        ("https://sn4hr.org/blog/www.x.org/a", "anchor f"),
        ("https://x.org/white space", "anchor g"),
    ]


def test_actions_that_open_files_or_run_code_are_listed_and_never_followed(tmp_path: Path) -> None:
    report = read_report(annotated(
        tmp_path / "R1.pdf",
        {"/S": "/GoToR", "/F": "other.pdf"},
        {"/S": "/Launch", "/F": {"/UF": "C:\\Windows\\calc.exe"}},
        {"/S": "/JavaScript", "/JS": "app.alert(1)", "/Next": [uri("https://x.org/next")]},
        {"/S": "/GoTo", "/D": "chapter"},
        uri("mailto:a@x.org"),
        uri("relative.html"),
        uri("file:///home/writer/a.pdf"),
        uri("www.x.org/a"),
        catalog={"/OpenAction": {"/S": "/JavaScript", "/JS": "app.alert(2)"}},
    ))
    assert [(source.cited, source.candidates) for source in report.sources] == [
        ("https://x.org/next", ()), ("www.x.org/a", ("https://www.x.org/a", "http://www.x.org/a")),
    ]
    assert [(passed.kind, passed.target, passed.page) for passed in report.passed_over] == [
        ("javascript", "", None), ("gotor", "other.pdf", 1), ("launch", "C:\\Windows\\calc.exe", 1),
        ("javascript", "", 1), ("mailto", "mailto:a@x.org", 1), ("relative", "relative.html", 1),
        ("file", "file:///home/writer/a.pdf", 1),
    ]


@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
def test_anchors_are_found_on_turned_pages_and_shifted_ones(tmp_path: Path, rotation: int) -> None:
    canvas = Canvas(str(tmp_path / "a.pdf"), pagesize=(600, 600))
    canvas.translate(300, 300)
    canvas.rotate(rotation)
    for height, letter in ((100, "a"), (80, "b")):
        canvas.drawString(-100, height, f"before anchor {letter} after")
        left = -100 + canvas.stringWidth("before ")
        canvas.linkURL(f"https://x.org/{letter}", (left, height - 3, left + 50, height + 11), relative=1)
    canvas.save()
    writer = PdfWriter(clone_from=str(tmp_path / "a.pdf"))
    writer.pages[0].mediabox.lower_left = (20, 10)
    writer.pages[0].rotate(rotation)  # the viewer turns it back: a landscape page
    writer.write(str(tmp_path / "R1.pdf"))
    with (tmp_path / "R1.pdf").open("rb") as stream:
        links = read_pdf(stream, ".pdf").links
    assert [(link.target, link.anchor) for link in links] == [
        ("https://x.org/a", "anchor a"), ("https://x.org/b", "anchor b"),
    ]


@pytest.mark.parametrize("algorithm", ["RC4-128", "AES-256"])
def test_a_pdf_that_opens_without_a_password_is_read(wrapped: Path, algorithm: str) -> None:
    writer = PdfWriter(clone_from=str(wrapped))
    writer.encrypt("", "owner", algorithm=algorithm)
    writer.write(str(wrapped))
    assert read_report(wrapped).links == 7


def test_a_pdf_behind_a_password_is_refused_in_a_sentence(wrapped: Path) -> None:
    writer = PdfWriter(clone_from=str(wrapped))
    writer.encrypt("secret", "owner", algorithm="RC4-128")
    writer.write(str(wrapped))
    with pytest.raises(ReportUnreadable) as observed:
        read_report(wrapped)
    assert str(observed.value) == "R210517.pdf: is protected by a password; save it without one"


def test_the_files_own_title_counts_only_if_its_first_page_says_it_too(tmp_path: Path) -> None:
    body = ("Families as Hostages", "Friday 21 May 2021", "Text.")
    assert read_report(paragraphs(tmp_path / "R1.pdf", *body, title="Families as hostages")).report.title == (
        "Families as hostages"
    )
    other = read_report(paragraphs(tmp_path / "R2.pdf", *body, title="Another report's template")).report
    assert (other.title, other.date) == (None, "2021-05-21")


def raw_pdf(objects: list[bytes]) -> bytes:
    """A PDF of these objects, the first its catalog."""
    out, places = io.BytesIO(b"%PDF-1.7\n"), []
    out.seek(0, io.SEEK_END)
    for number, content in enumerate(objects, 1):
        places.append(out.tell())
        out.write(b"%d 0 obj\n%s\nendobj\n" % (number, content))
    start = out.tell()
    out.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1))
    out.write(b"".join(b"%010d 00000 n \n" % place for place in places))
    out.write(b"trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start))
    return out.getvalue()


def stream_object(data: bytes, entries: bytes) -> bytes:
    return b"<<%s/Length %d>>\nstream\n%s\nendstream" % (entries, len(data), data)


def _bomb() -> bytes:
    content = zlib.compress(zlib.compress(b"(a) Tj " * (200 << 17)))
    return stream_object(content, b"/Filter[/FlateDecode/FlateDecode]")


PAGE = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]%s>>"
CATALOG, ONE_PAGE = b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[3 0 R]/Count 1>>"
HOSTILE: dict[str, Callable[[], bytes]] = {
    "cut off": lambda: raw_pdf([CATALOG, ONE_PAGE])[:60],
    "no pages": lambda: raw_pdf([b"<</Type/Catalog>>"]),
    "pages in a circle": lambda: raw_pdf([CATALOG, b"<</Type/Pages/Kids[2 0 R]/Count 1>>"]),
    "a million pages stated": lambda: raw_pdf([CATALOG, b"<</Type/Pages/Kids[]/Count 1000000>>"]),
    "annotations in a circle": lambda: raw_pdf([CATALOG, ONE_PAGE, PAGE % b"/Annots 4 0 R", b"4 0 R"]),
    "actions in a circle": lambda: raw_pdf(
        [CATALOG, ONE_PAGE, PAGE % b"/Annots[4 0 R]", b"<</Subtype/Link/A 5 0 R>>", b"<</S/Launch/Next 5 0 R>>"]
    ),
    "a bomb": lambda: raw_pdf([CATALOG, ONE_PAGE, PAGE % b"/Contents 4 0 R", _bomb()]),
    "a deep array": lambda: raw_pdf([CATALOG, ONE_PAGE, PAGE % (b"/Annots " + b"[" * 90_000 + b"]" * 90_000)]),
    "noise": lambda: b"%PDF-1.7\n" + bytes(range(256)) * 4000,
}


@pytest.mark.usefixtures("real_starts")
@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_pdf_ends_in_an_answer_or_a_sentence(tmp_path: Path, name: str) -> None:
    (tmp_path / "R1.pdf").write_bytes(HOSTILE[name]())
    try:
        report = read_report(tmp_path / "R1.pdf")
        assert report.sources == ()
    except ReportUnreadable as observed:
        assert str(observed).startswith("R1.pdf: ")
        assert "\n" not in str(observed) and len(str(observed)) < 400


def test_a_reader_that_hangs_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(isolate, "WALL_SECONDS", 0.3)
    monkeypatch.setattr(isolate, "_START", "import time; time.sleep(3600)")
    with pytest.raises(ReportUnreadable, match=r"R1\.pdf: reading it took more than"):
        read_report(paragraphs(tmp_path / "R1.pdf", "x"))


def test_where_the_first_reader_aborts_the_second_reads_what_it_can_and_says_so(
    wrapped: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    abort = "import os, sys\nif sys.argv[1] == 'pdf': os.abort()\n"
    monkeypatch.setattr(isolate, "_START", abort + isolate._START)
    for report in (read_report(wrapped), read_report_stream(io.BytesIO(wrapped.read_bytes()), wrapped.name)):
        assert report.links == 7
        assert [one.kind for one in report.passed_over] == ["second-reader"]


@pytest.mark.parametrize(
    ("code", "complaint"),
    [
        ("import socket; socket.create_connection(('127.0.0.1', 9))", "socket."),
        ("import subprocess, sys; subprocess.run([sys.executable])", "subprocess.Popen"),
        ("import os; os.system('true')", "os.system"),
        ("open('{folder}/written', 'w')", "to write"),
        ("import os; os.open('{folder}/written', os.O_CREAT | os.O_WRONLY)", "to write"),
        ("bytearray(4 << 30)", "takes more than 1,536 MiB of memory"),
    ],
)
@pytest.mark.skipif(sys.platform != "linux", reason="address space is bounded on Linux alone")
def test_a_reader_that_was_taken_over_reaches_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: str, complaint: str
) -> None:
    """The reader is replaced by hostile code, as if a parser's flaw had let it in."""
    start = (
        "import archive.cite.readers as r, archive.cite.worker as w\n"
        f"def taken(stream, suffix): exec({code.format(folder=tmp_path)!r})\n"
        "import socket, subprocess; r.READERS['pdf'] = lambda: taken; w.main()"
    )
    monkeypatch.setattr(isolate, "_START", start)
    with pytest.raises(ReportUnreadable) as observed:
        read_report(paragraphs(tmp_path / "R1.pdf", "x"))
    assert complaint in str(observed.value)
    assert not (tmp_path / "written").exists()


def test_an_answer_without_end_is_cut(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(isolate, "LARGEST_ANSWER", 1 << 20)
    monkeypatch.setattr(isolate, "_START", "import sys\nwhile True: sys.stdout.write('x' * 65536)")
    with pytest.raises(ReportUnreadable, match="broke its reader"):
        read_report(paragraphs(tmp_path / "R1.pdf", "x"))


def test_a_link_without_words_stands_on_its_page_in_order(tmp_path: Path) -> None:
    canvas = Canvas(str(tmp_path / "R1.pdf"))
    canvas.drawString(50, 700, "See https://x.org/1")
    canvas.showPage()
    canvas.linkURL("https://x.org/2", (300, 300, 400, 400))
    canvas.drawString(50, 700, "then https://x.org/3")
    canvas.save()
    report = read_report(tmp_path / "R1.pdf")
    assert [source.cited for source in report.sources] == ["https://x.org/1", "https://x.org/2", "https://x.org/3"]
    assert report.sources[1] == Source("https://x.org/2", (Citation(page=2, found_by="annotation"),))
