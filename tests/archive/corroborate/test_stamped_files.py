"""Files that a server makes anew for each visit: stamped PDFs, office documents, archives, and what a forger changes."""

from __future__ import annotations

import gzip
import io
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from pypdf import PdfReader, PdfWriter
from pypdf.annotations import Text
from pypdf.generic import DictionaryObject, NameObject, TextStringObject
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from archive.corroborate.compare.files import compare_files
from archive.corroborate.pages.evidence import CopyEvidence
from archive.corroborate.pages.file_digest import PDF, file_digest

VISIT = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
LATER = VISIT + timedelta(days=2, hours=3, minutes=11)
ORDER = ("ORDER of 3 October 2026", "The motion to dismiss is DENIED as to counts one to three.", "Count four is dismissed.")
SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def a_copy(body: bytes, visit: datetime, media_type: str = PDF) -> CopyEvidence:
    return CopyEvidence(
        "https://docket.example/31.pdf", visit, media_type, str(hash(body)),
        body_sha256=file_digest(body, media_type, visit), load=lambda: body,
    )  # fmt: skip


def found_in(one: bytes, other: bytes, media_type: str = PDF) -> set[tuple[str, bool]]:
    """What the copies of two visits differ in."""
    found = compare_files(a_copy(one, VISIT, media_type), a_copy(other, LATER, media_type))
    return {(each.what, each.is_substance) for each in found}


def stamp_of(visit: datetime, address: str = "203.0.113.7") -> str:
    return f"Downloaded on {visit:%d %B %Y at %H:%M} UTC by {address} from the docket"


def order(
    stamp: str = "", lines: tuple[str, ...] = ORDER, change: Callable[[Canvas], None] | None = None, title: str = "31",
    size: float = 8,
) -> bytes:  # fmt: skip
    """A PDF of one page with letters of a font that holds only those that are used, and a picture."""
    pdfmetrics.registerFont(TTFont("Vera", "Vera.ttf"))
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(595, 842), invariant=True)
    canvas.setTitle(title)
    canvas.setFont("Vera", 11)
    for at, line in enumerate(lines):
        canvas.drawString(60, 760 - 20 * at, line)
    canvas.drawImage(ImageReader(io.BytesIO(picture())), 60, 400, 200, 100)
    canvas.linkURL("https://docket.example/31", (60, 400, 260, 500))
    if change is not None:
        change(canvas)
    canvas.setFont("Vera", size)
    canvas.drawString(60, 30, stamp)
    canvas.showPage()
    canvas.save()
    return out.getvalue()


def picture() -> bytes:
    """A grey bar in the portable form that needs no library to write."""
    return b"P5 40 20 255 " + bytes(range(40)) * 20


def written(body: bytes, change: Callable[[PdfWriter], None]) -> bytes:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(body)))
    change(writer)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def with_attachment(writer: PdfWriter) -> None:
    writer.add_attachment("letter.txt", b"Another letter.")


def with_script(writer: PdfWriter) -> None:
    action = {"/S": NameObject("/JavaScript"), "/JS": TextStringObject("app.alert('withdrawn')")}
    writer.root_object[NameObject("/OpenAction")] = DictionaryObject(
        {NameObject(name): value for name, value in action.items()}
    )


def with_author(writer: PdfWriter) -> None:
    writer.add_metadata({"/Author": "Another clerk"})


def with_other_link(writer: PdfWriter) -> None:
    annotation = writer.pages[0]["/Annots"][0].get_object()  # type: ignore[index]
    annotation["/A"][NameObject("/URI")] = TextStringObject("https://evil.example/31")


def with_note(said: str) -> Callable[[PdfWriter], None]:
    def add(writer: PdfWriter) -> None:
        writer.add_annotation(0, Text(rect=(300, 300, 320, 320), text=said))

    return add


def test_a_stamp_of_the_visit_is_its_date() -> None:
    assert found_in(order(stamp_of(VISIT)), order(stamp_of(LATER, "198.51.100.23"))) == {
        ("date", False), ("layout", False),
    }  # fmt: skip


def test_a_stamp_of_the_visit_may_number_it() -> None:
    one, other = (f"{stamp_of(visit)}, request {number}" for visit, number in ((VISIT, "50fe3929"), (LATER, "cd06fc77")))
    assert found_in(order(one), order(other)) == {("date", False), ("layout", False)}
    same = f"{stamp_of(VISIT)}, request cd06fc77"
    assert ("file", True) in found_in(order(one), order(same))


def test_a_file_that_is_written_in_another_way_is_the_same() -> None:
    body = order(stamp_of(VISIT))
    assert found_in(body, written(body, lambda writer: writer.compress_identical_objects())) == {("layout", False)}


def over(canvas: Canvas) -> None:
    canvas.setFillGray(1)
    canvas.rect(58, 735, 320, 16, stroke=0, fill=1)


FORGED = {
    "a word": (order(stamp_of(LATER), (ORDER[0], ORDER[1].replace("DENIED", "GRANTED"), ORDER[2])), "text"),
    "a line less": (order(stamp_of(LATER), ORDER[:2]), "text"),
    "a line that is covered": (order(stamp_of(LATER), change=over), ""),
    "a line drawn through": (order(stamp_of(LATER), change=lambda canvas: canvas.line(60, 744, 300, 744)), ""),
    "another date than that of the visit": (order(stamp_of(LATER + timedelta(days=9))), "text"),
    "a stamp with another case": (order(f"{stamp_of(LATER)} of case 2021-117"), "text"),
    "a stamp that says more": (order(f"{stamp_of(LATER)}: not authentic"), "text"),
    "a stamp in large letters": (order(stamp_of(LATER), size=15), ""),
    "a title": (order(stamp_of(LATER), title="32"), ""),
    "a word that nobody sees": (
        order(stamp_of(LATER), change=lambda canvas: canvas.drawString(60, 600, "withdrawn", mode=3)), "text",
    ),
    "an attachment": (written(order(stamp_of(LATER)), with_attachment), ""),
    "a script": (written(order(stamp_of(LATER)), with_script), ""),
    "an author": (written(order(stamp_of(LATER)), with_author), ""),
    "where a link leads": (written(order(stamp_of(LATER)), with_other_link), ""),
    "no PDF": (b"%PDF-1.7 and nothing more", ""),
}  # fmt: skip


@pytest.mark.parametrize("name", FORGED)
def test_what_a_stamp_does_not_explain_contradicts(name: str) -> None:
    body, what = FORGED[name]
    found = found_in(order(stamp_of(VISIT)), body)
    assert ("file", True) in found
    assert ("text", True) in found if what else ("text", True) not in found


def test_what_a_note_on_a_page_says_is_compared() -> None:
    one, other = (written(order(stamp_of(visit)), with_note("Served on counsel")) for visit in (VISIT, LATER))
    assert ("file", True) not in found_in(one, other)
    assert ("file", True) in found_in(one, written(order(stamp_of(LATER)), with_note("Never served on counsel")))


def sheet(made: datetime, cell: str = "24", **members: str) -> bytes:
    """An office document as a program writes it for each request."""
    parts = {
        "[Content_Types].xml": "<Types/>",
        "docProps/core.xml": f'<cp:coreProperties><dcterms:created xsi:type="dcterms:W3CDTF">{made:%Y-%m-%dT%H:%M:%SZ}'
        "</dcterms:created><dc:creator>Registry</dc:creator></cp:coreProperties>",
        "xl/worksheets/sheet1.xml": f"<worksheet><c><v>{cell}</v></c></worksheet>",
        **members,
    }
    return packed(parts, made)


def packed(parts: dict[str, str], made: datetime) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(zipfile.ZipInfo(name, made.timetuple()[:6]), content)
    return out.getvalue()


@pytest.mark.parametrize(
    ("other", "found"),
    [
        (sheet(LATER), {("date", False)}),
        (sheet(LATER, "2"), {("file", True)}),
        (sheet(LATER, more="x"), {("file", True)}),
        (sheet(datetime(2025, 5, 1, tzinfo=UTC)), {("file", True)}),
        (sheet(LATER)[:-30], {("file", True)}),
    ],
)
def test_a_document_that_is_written_for_each_visit_is_compared_by_what_it_holds(
    other: bytes, found: set[tuple[str, bool]]
) -> None:
    assert found_in(sheet(VISIT), other, SHEET) == found


def test_a_gzip_file_is_compared_without_the_time_of_its_visit() -> None:
    def zipped(text: bytes, made: datetime) -> bytes:
        return gzip.compress(text, mtime=int(made.timestamp()))

    assert found_in(zipped(b"x", VISIT), zipped(b"x", LATER), "application/gzip") == {("date", False)}
    assert found_in(zipped(b"x", VISIT), zipped(b"y", LATER), "application/gzip") == {("file", True)}
    long_ago = LATER - timedelta(days=300)
    assert found_in(zipped(b"x", VISIT), zipped(b"x", long_ago), "application/gzip") == {("file", True)}
