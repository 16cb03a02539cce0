"""Where comments stand in Word and OpenDocument: at their own citation, and where the programs take them."""

from __future__ import annotations

import re
import zipfile
from io import BytesIO
from pathlib import Path

import docx
import pytest
from lxml import etree

from tests.archive.annotate import bags, samples

SITE = "https://example.org/"


def odt_of(folder: Path, paragraphs: str) -> str:
    """The annotated content of a text with these paragraphs."""
    report = folder / "report.odt"
    change = {bags.LINES[0]: "x", bags.LINES[1]: f"</text:p>{paragraphs}<text:p>", bags.SECOND: f"{SITE}link"}
    parts = {}
    with zipfile.ZipFile(BytesIO(bags.odt())) as package:
        for name in package.namelist():
            text = package.read(name).decode()
            for old, new in change.items():
                text = text.replace(old, new)
            parts[name] = text
    report.write_bytes(bags.package(parts))
    made, added, facts = samples.annotated_copy(report)
    assert len(added.places) == facts.citations
    with zipfile.ZipFile(made) as package:
        content = package.read("content.xml").decode()
    etree.fromstring(content.encode())
    return re.sub(r"<o:annotation .*?</o:annotation>", lambda found: f"[{cited_in(found[0])}]", content, flags=re.DOTALL)


def cited_in(annotation: str) -> str:
    return annotation.partition(SITE)[2].partition("<")[0]


@pytest.mark.parametrize(
    ("paragraph", "marked"),
    [
        (f"{SITE}c, {SITE}c.", f"[c]{SITE}c, [c]{SITE}c."),
        (f"{SITE}cd then {SITE}c.", f"[cd]{SITE}cd then [c]{SITE}c."),
        (
            f'See <text:text-input text:description="">{SITE}field</text:text-input> there.',
            f'See [field]<text:text-input text:description="">{SITE}field</text:text-input> there.',
        ),
        (f"A <text:span>{SITE}span</text:span> it is.", f"A <text:span>[span]{SITE}span</text:span> it is."),
        (
            f'<text:change-start text:change-id="c1"/>{SITE}new<text:change-end text:change-id="c1"/>',
            f'<text:change-start text:change-id="c1"/>[new]{SITE}new<text:change-end text:change-id="c1"/>',
        ),
    ],
    ids=["twice", "beginning of another", "in a field", "in a span", "tracked"],
)
def test_an_annotation_stands_before_its_own_citation(tmp_path: Path, paragraph: str, marked: str) -> None:
    assert f"<text:p>{marked}</text:p>" in odt_of(tmp_path, f"<text:p>{paragraph}</text:p>")


BOX = (
    '<w:r><w:pict><v:shape xmlns:v="urn:schemas-microsoft-com:vml"><v:textbox><w:txbxContent>'
    f"<w:p><w:r><w:t>{SITE}box</w:t></w:r></w:p></w:txbxContent></v:textbox></v:shape></w:pict></w:r>"
)
DOCX = {
    "text box": (f"<w:p>{BOX}</w:p>", f"<w:p>[{BOX}]</w:p>"),
    "inserted": (
        f'<w:p><w:ins w:id="7" w:author="E"><w:r><w:t>{SITE}ins</w:t></w:r></w:ins></w:p>',
        f'<w:p>[<w:ins w:id="7" w:author="E"><w:r><w:t>{SITE}ins</w:t></w:r></w:ins>]</w:p>',
    ),
    "two in one run": (f"<w:p><w:r><w:t>{SITE}a {SITE}b</w:t></w:r></w:p>", f"<w:p>[[<w:r><w:t>{SITE}a {SITE}b</w:t></w:r>]]</w:p>"),
    "simple field": (
        f'<w:p><w:fldSimple w:instr=" HYPERLINK &quot;{SITE}fs&quot; "><w:r><w:t>words</w:t></w:r></w:fldSimple></w:p>',
        f'<w:p>[<w:fldSimple w:instr=" HYPERLINK &quot;{SITE}fs&quot; "><w:r><w:t>words</w:t></w:r></w:fldSimple>]</w:p>',
    ),
}


@pytest.mark.parametrize("case", DOCX)
def test_a_comment_surrounds_its_citation_where_word_takes_it(tmp_path: Path, case: str) -> None:
    paragraph, marked = DOCX[case]
    parts = {}
    with zipfile.ZipFile(BytesIO(bags.docx())) as package:
        for name in package.namelist():
            parts[name] = package.read(name).decode()
    parts["word/document.xml"] = re.sub("<w:body>.*</w:body>", f"<w:body>{paragraph}</w:body>", parts["word/document.xml"])
    report = tmp_path / "report.docx"
    report.write_bytes(bags.package(parts))
    made, added, facts = samples.annotated_copy(report)
    with zipfile.ZipFile(made) as package:
        xml = package.read("word/document.xml").decode()
    shown = re.sub(r'<w:commentRangeStart w:id="\d+"/>', "[", xml)
    shown = re.sub(r'<w:commentRangeEnd w:id="\d+"/><w:r><w:commentReference w:id="\d+"/></w:r>', "]", shown)
    assert f"<w:body>{marked}</w:body>" in shown
    comments = list(docx.Document(made).comments)
    assert len(comments) == 1 + facts.citations == 1 + len(added.places)
    assert len({comment.comment_id for comment in comments}) == len(comments)
