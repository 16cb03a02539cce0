"""Bags of one short report in every format, captured from the loopback internet."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

from reportlab.lib.styles import getSampleStyleSheet
from reportlab.platypus import Paragraph, SimpleDocTemplate

from archive.fetch.fetch import fetch
from tests.archive.fetch.test_pilot import settings_for
from tests.world import World

FIRST, SECOND, GAP = "https://sn4hr.org/?p=24105", "https://sn4hr.org/?p=55768", "https://sn4hr.org/none/at-all"
LINES = (f"One: {FIRST} stands in the text.", f"Gone: {GAP} is a gap, and {FIRST} comes again.")
WORDS = "two words"


def pdf() -> bytes:
    out = io.BytesIO()
    style = getSampleStyleSheet()["Normal"]
    texts = (*LINES, f"Two: <a href='{SECOND}'>{WORDS}</a> carry a link.")
    SimpleDocTemplate(out, title="A report", invariant=1).build([Paragraph(text, style) for text in texts])
    return out.getvalue()


def package(parts: dict[str, str]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, text in parts.items():
            made.writestr(zipfile.ZipInfo(name, (2021, 5, 21, 0, 0, 0)), text)
    return out.getvalue()


W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PR = "http://schemas.openxmlformats.org/package/2006/relationships"
CT = "http://schemas.openxmlformats.org/package/2006/content-types"
WML = "application/vnd.openxmlformats-officedocument.wordprocessingml"


def docx(*, comments: bool = True) -> bytes:
    """With a tracked change, a field that links, a note that cites, and somebody's comment."""
    first, second = (f'<w:p><w:r><w:t xml:space="preserve">{line}</w:t></w:r></w:p>' for line in LINES)
    change = '<w:p><w:ins w:id="7" w:author="Editor"><w:r><w:t>An inserted word.</w:t></w:r></w:ins>'
    change += '<w:del w:id="8" w:author="Editor"><w:r><w:delText>A deleted one.</w:delText></w:r></w:del></w:p>'
    field = (
        f'<w:p><w:r><w:t xml:space="preserve">Two: </w:t></w:r><w:r><w:fldChar w:fldCharType="begin"/></w:r>'
        f'<w:r><w:instrText xml:space="preserve"> HYPERLINK "{SECOND}" </w:instrText></w:r>'
        f'<w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>{WORDS}</w:t></w:r>'
        f'<w:r><w:fldChar w:fldCharType="end"/></w:r><w:r><w:t xml:space="preserve"> end</w:t></w:r></w:p>'
    )
    comment = (
        '<w:p><w:commentRangeStart w:id="3"/><w:r><w:t>Discussed</w:t></w:r><w:commentRangeEnd w:id="3"/>'
        '<w:r><w:commentReference w:id="3"/></w:r></w:p>'
    )
    body = f'<w:document xmlns:w="{W}" xmlns:r="{R}"><w:body>{first}{change}{second}{field}{comment if comments else ""}</w:body></w:document>'
    relations = f'<Relationship Id="rId9" Type="{R}/comments" Target="comments.xml"/>' if comments else ""
    types = f'<Override PartName="/word/comments.xml" ContentType="{WML}.comments+xml"/>' if comments else ""
    parts = {
        "[Content_Types].xml": f'<?xml version="1.0" encoding="UTF-8"?><Types xmlns="{CT}"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/word/document.xml" ContentType="{WML}.document.main+xml"/>{types}</Types>',
        "_rels/.rels": f'<Relationships xmlns="{PR}"><Relationship Id="rId1" Type="{R}/officeDocument" Target="word/document.xml"/></Relationships>',
        "word/document.xml": f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n{body}',
        "word/_rels/document.xml.rels": f'<Relationships xmlns="{PR}">{relations}</Relationships>',
    }
    if comments:
        parts["word/comments.xml"] = (
            f'<w:comments xmlns:w="{W}"><w:comment w:id="3" w:author="Editor"><w:p><w:r><w:t>Is this so?</w:t></w:r></w:p>'
            "</w:comment></w:comments>"
        )
    return package(parts)


_ODF = (
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"'
    ' xmlns:xlink="http://www.w3.org/1999/xlink" office:version="1.3"'
)


def _odf_body() -> str:
    lines = "".join(f"<text:p>{line}</text:p>" for line in LINES)
    return f'<office:body><office:text>{lines}<text:p>Two: <text:a xlink:type="simple" xlink:href="{SECOND}">{WORDS}</text:a> end</text:p></office:text></office:body>'


def odt() -> bytes:
    kind = "application/vnd.oasis.opendocument.text"
    entries = f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{kind}"/><manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/>'
    manifest = f'<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" manifest:version="1.3">{entries}</manifest:manifest>'
    return package(
        {
            "mimetype": kind,
            "content.xml": f'<?xml version="1.0" encoding="UTF-8"?>\n<office:document-content {_ODF}>{_odf_body()}</office:document-content>',
            "META-INF/manifest.xml": manifest,
        }
    )


def fodt() -> bytes:
    kind = 'office:mimetype="application/vnd.oasis.opendocument.text"'
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<office:document {_ODF} {kind}>{_odf_body()}</office:document>\n'.encode()


def html() -> bytes:
    lines = "".join(f"<p>{line}</p>\n" for line in LINES)
    return (
        f"<!doctype html><meta charset=utf-8><title>تقرير</title><!-- <a href='{FIRST}'> -->\n{lines}"
        f"<p>Two: <A HREF='{SECOND}' title='a > b'>{WORDS}</A>, <a href=\"{GAP}\">gap</a> <a href='{SECOND}'><img src=p.png></a></p></body></html>\n"
    ).encode()


def markdown() -> bytes:
    return ("# A report\n\n" + "\n\n".join(LINES) + f"\n\nTwo: [{WORDS}]({SECOND})").encode()


def text() -> bytes:
    return ("تقرير\r\n" + "\r\n".join(LINES) + f"\r\nTwo: {SECOND}\r\n").encode()


def table() -> bytes:
    return f"place,address\nfirst,{FIRST}\nsecond,{SECOND}\ngap,{GAP}\n".encode()


REPORTS = {
    "pdf": pdf, "docx": docx, "odt": odt, "fodt": fodt, "html": html, "md": markdown, "txt": text, "csv": table,
}
"""Ending -> the report."""


def bag_of(folder: Path, ending: str) -> Path:
    """A bag of the report in that format."""
    report = folder / f"report.{ending}"
    report.write_bytes(REPORTS[ending]())
    with World() as world:
        return fetch(report, folder / "R1", settings_for(world, media=False)).bag
