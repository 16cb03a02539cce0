"""DOCX and ODT reports."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from archive.cite import CitedReport, read_report
from archive.errors import ReportUnreadable
from archive_manifests.sources import Citation, PassedOver
from tests.archive.cite.office_files import docx, odt, office, outside, run, word


def cited(report: CitedReport) -> list[tuple[str, str | None, str | None, str]]:
    return [(s.cited, c.anchor, c.context, c.found_by) for s in report.sources for c in s.citations]


def check_places(report: CitedReport) -> None:
    for source in report.sources:
        for place in source.citations:
            assert place.offset is not None and place.length is not None
            shown = report.text[place.offset : place.offset + place.length]
            if place.length:
                assert "".join(shown.split()) == "".join((place.anchor or source.cited).split())


DOCX_BODY = (
    f"<w:p>{run('He was arrested, ')}"
    f'<w:hyperlink r:id="rId1" w:history="1">{run("says ")}{run("SNHR")}</w:hyperlink>{run(". Then")}'
    '<w:r><w:footnoteReference w:id="2"/></w:r></w:p>'
    # A complex field whose instruction Word has cut in two.
    '<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText> HYPERLINK "https://x.org/fie</w:instrText></w:r>'
    '<w:r><w:instrText>ld?a=1&amp;b=2" \\l "part" \\o "tip" </w:instrText></w:r>'
    '<w:r><w:fldChar w:fldCharType="separate"/></w:r>'
    f"{run('the field')}<w:r><w:fldChar w:fldCharType=\"end\"/></w:r></w:p>"
    f'<w:p><w:fldSimple w:instr=" HYPERLINK https://x.org/simple ">{run("simple")}</w:fldSimple></w:p>'
    f'<w:p><w:hyperlink r:id="rId2">{run("https://x.org/shown")}</w:hyperlink>{run(" and https://x.org/text/")}</w:p>'
    # The next paragraph must not be joined to that URL.
    f"<w:p>{run('56247/')}</w:p>"
    f'<w:p><w:hyperlink w:anchor="_Toc1">{run("Contents")}</w:hyperlink>'
    f'<w:hyperlink r:id="rId3">{run("write")}</w:hyperlink>'
    f'<w:del><w:hyperlink r:id="rId1">{run("gone")}</w:hyperlink></w:del></w:p>'
    '<w:p><w:r><w:drawing><a:hlinkClick r:id="rId4"/></w:drawing></w:r></w:p>'
    f"<w:p><mc:AlternateContent><mc:Choice>{run('box https://x.org/box')}</mc:Choice>"
    f"<mc:Fallback>{run('box https://x.org/box')}</mc:Fallback></mc:AlternateContent></w:p>"
)


def test_a_docx_gives_its_links_however_word_keeps_them(tmp_path: Path) -> None:
    footnotes = word(
        "footnotes",
        f'<w:footnote w:id="2"><w:p><w:r><w:footnoteRef/></w:r>{run("See ")}'
        f'<w:hyperlink r:id="rId1">{run("the note")}</w:hyperlink>{run(".")}</w:p></w:footnote>',
    )
    report = read_report(docx(
        tmp_path / "R1.docx", DOCX_BODY,
        {"rId1": "https://x.org/rel", "rId2": "https://x.org/shown", "rId3": "mailto:a@x.org", "rId4": "https://x.org/pic"},
        footnotes=footnotes, footnotes__rels=outside({"rId1": "https://x.org/note"}),
        header1=word("hdr", f"<w:p>{run('www.snhr.org')}</w:p>"),
        core='<c xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>Families as hostages</dc:title></c>',
    ))
    assert cited(report) == [
        ("https://x.org/rel", "says SNHR", "He was arrested, says SNHR.", "markup"),
        ("https://x.org/field?a=1&b=2#part", "the field", None, "markup"),
        ("https://x.org/simple", "simple", None, "markup"),
        ("https://x.org/shown", None, "https://x.org/shown and https://x.org/text/", "both"),
        ("https://x.org/text/", None, "https://x.org/shown and https://x.org/text/", "text"),
        ("https://x.org/pic", None, None, "markup"),
        ("https://x.org/box", None, "box https://x.org/box", "text"),
        ("https://x.org/note", "the note", "[2] See the note.", "markup"),
        ("www.snhr.org", None, None, "text"),
    ]
    check_places(report)
    assert [(passed.kind, passed.target) for passed in report.passed_over] == [("mailto", "mailto:a@x.org")]
    assert report.text.split("\n")[0] == "He was arrested, says SNHR. Then[2]"
    assert (report.report.title, report.pages, report.original_suffix) == ("Families as hostages", None, ".docx")


def test_an_arabic_docx_keeps_the_order_of_its_letters(tmp_path: Path) -> None:
    body = f'<w:p>{run("وقالت ")}<w:hyperlink r:id="r">{run("الشبكة السورية")}</w:hyperlink>{run("، إنه اعتقل.")}</w:p>'
    report = read_report(docx(tmp_path / "تقرير.docx", body, {"r": "https://sn4hr.org/arabic/?p=1"}))
    assert cited(report) == [
        ("https://sn4hr.org/arabic/?p=1", "الشبكة السورية", "وقالت الشبكة السورية، إنه اعتقل.", "markup"),
    ]
    check_places(report)


ODT_BODY = (
    '<office:text><text:tracked-changes><text:p>deleted https://x.org/deleted</text:p></text:tracked-changes>'
    '<text:h>Heading</text:h><text:p>He <text:span>was<text:s text:c="2"/>arrested</text:span>, '
    '<text:a xlink:href="https://x.org/a">says <text:span>SNHR</text:span></text:a><text:note>'
    '<text:note-citation>1</text:note-citation><text:note-body><text:p>See '
    '<text:a xlink:href="https://x.org/note">it</text:a>.</text:p></text:note-body></text:note>. Then</text:p>\n  '
    '<text:p><draw:a xlink:href="https://x.org/frame"><draw:frame/></draw:a><text:a xlink:href="#bookmark">up</text:a>'
    '<text:a xlink:href="../photos/a.jpg">photo</text:a> https://x.org/text.</text:p></office:text>'
)


def test_an_odt_gives_its_links_with_notes_after_the_body(tmp_path: Path) -> None:
    styles = office(
        "document-styles",
        '<office:master-styles><style:master-page><style:footer><text:p><text:a xlink:href="https://snhr.org/">SNHR'
        "</text:a></text:p></style:footer></style:master-page></office:master-styles>",
    )
    meta = office("document-meta", "<office:meta><dc:title>Hostages</dc:title></office:meta>")
    report = read_report(odt(tmp_path / "R1.odt", ODT_BODY, styles=styles, meta=meta))
    assert cited(report) == [
        ("https://x.org/a", "says SNHR", "He was arrested, says SNHR[1].", "markup"),
        ("https://x.org/frame", None, "upphoto https://x.org/text.", "markup"),
        ("https://x.org/text", None, "upphoto https://x.org/text.", "text"),
        ("https://x.org/note", "it", "[1] See it.", "markup"),
        ("https://snhr.org/", "SNHR", None, "markup"),
    ]
    check_places(report)
    assert [(passed.kind, passed.target) for passed in report.passed_over] == [("relative", "../photos/a.jpg")]
    assert report.text.startswith("Heading\nHe was  arrested, says SNHR[1]. Then\n")
    assert report.report.title == "Hostages"


BOMB = b"<w:p>" + b" " * (80 << 20)
HOSTILE = [
    ("bomb", {"word/document.xml": BOMB}, "word/document.xml in it unpacks to more than a document can need"),
    ("not xml", {"word/document.xml": b"<w:p"}, "word/document.xml in it is not well-formed XML"),
    ("no parts", {"word/other.xml": b"<a/>"}, "is no DOCX: it names no document part"),
    (
        "entities",
        {"word/document.xml": b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>'},
        "word/document.xml in it declares a document type",
    ),
    (
        "laughs",
        {"content.xml": b'<!DOCTYPE a [<!ENTITY b "xxxxxxxxx"><!ENTITY c "' + b"&b;" * 99_999 + b'">]><a>&c;</a>'},
        "content.xml in it ",
    ),
    (
        "encrypted",
        {"content.xml": b"<a/>", "META-INF/manifest.xml": b"<m:encryption-data/>"},
        "is protected by a password",
    ),
    ("sheet", {"xl/workbook.xml": b"<a/>"}, "is a ZIP file, but neither DOCX nor ODT"),
]


@pytest.mark.parametrize(("name", "parts", "complaint"), HOSTILE, ids=[case[0] for case in HOSTILE])
def test_a_hostile_office_file_is_refused_in_a_sentence(
    tmp_path: Path, name: str, parts: dict[str, bytes], complaint: str
) -> None:
    with zipfile.ZipFile(tmp_path / "R1.docx", "w", zipfile.ZIP_DEFLATED) as file:
        for part, data in parts.items():
            file.writestr(part, data)
    with pytest.raises(ReportUnreadable) as observed:
        read_report(tmp_path / "R1.docx")
    assert str(observed.value).startswith(f"R1.docx: {complaint}")


def test_a_truncated_zip_is_refused_in_a_sentence(tmp_path: Path) -> None:
    whole = docx(tmp_path / "R1.docx", DOCX_BODY)
    whole.write_bytes(whole.read_bytes()[:-40])
    with pytest.raises(ReportUnreadable, match=r"R1\.docx: is a damaged DOCX or ODT file: .*; copy or download it again"):
        read_report(whole)


@pytest.mark.parametrize(("name", "suffix"), [("R1.pdf", ".docx"), ("R1.docx", ".docx"), ("R1.dat", ".dat")])
def test_a_document_with_the_suffix_of_another_format_is_named_and_gets_its_own(
    tmp_path: Path, name: str, suffix: str
) -> None:
    report = read_report(docx(tmp_path / name, f"<w:p>{run('https://x.org/a')}</w:p>"))
    assert report.original_suffix == suffix
    misnamed = [PassedOver("misnamed", ".pdf: .docx")] if name == "R1.pdf" else []
    assert [one for one in report.passed_over if one.kind == "misnamed"] == misnamed


def test_deep_nesting_is_no_way_out_of_the_bounds(tmp_path: Path) -> None:
    deep = "<w:sdt>" * 100_000 + run("https://x.org/deep") + "</w:sdt>" * 100_000
    with pytest.raises(ReportUnreadable, match=r"document\.xml in it is not well-formed XML: .*[Dd]epth"):
        read_report(docx(tmp_path / "R1.docx", deep))


def test_the_place_of_a_linked_picture_is_a_point_in_the_text(tmp_path: Path) -> None:
    body = f'<w:p>{run("ab")}<w:r><w:drawing><a:hlinkClick r:id="r"/></w:drawing></w:r>{run("cd")}</w:p>'
    report = read_report(docx(tmp_path / "R1.docx", body, {"r": "https://x.org/pic"}))
    assert report.sources[0].citations == (
        Citation(line=1, offset=2, length=0, context="abcd", found_by="markup"),
    )


def test_a_link_that_word_keeps_twice_is_one_citation(tmp_path: Path) -> None:
    inner = f'<w:fldSimple w:instr=" HYPERLINK &quot;https://x.org/a&quot; ">{run("the words")}</w:fldSimple>'
    report = read_report(docx(
        tmp_path / "R1.docx", f'<w:p><w:hyperlink r:id="r">{inner}</w:hyperlink></w:p>', {"r": "https://x.org/a"}
    ))
    assert report.sources[0].citations == (Citation(line=1, offset=0, length=9, anchor="the words", found_by="markup"),)
