"""A report in every format: what stays of it, what is added, and whether a change of either is found."""

from __future__ import annotations

import io
import json
import re
import shutil
import zipfile
from collections.abc import Callable
from functools import cache
from pathlib import Path

import docx
import jsonschema
import pytest
from lxml import etree
from msgspec.structs import replace

from archive.annotate.annotate import Annotated, AnnotationOrder, annotate
from archive.annotate.check import check_annotation
from archive.annotate.entries import AnnexFacts
from archive.annotate.opened import NotAnnotatable, OpenedBag
from archive.cite import read_report
from archive.errors import UsageProblem
from archive_manifests import schemas
from tests.archive.annotate import bags, samples
from tests.office import convert

BagMaker = Callable[[str], tuple[Path, Annotated]]


@pytest.fixture(scope="module")
def annotated(tmp_path_factory: pytest.TempPathFactory) -> BagMaker:
    """Makes the bag of a format, once, and annotates its report."""

    @cache
    def made(ending: str) -> tuple[Path, Annotated]:
        folder = tmp_path_factory.mktemp(ending)
        bag = bags.bag_of(folder, ending)
        return bag, annotate(AnnotationOrder(bag, folder / "out"))

    return made


def content(made: Annotated) -> bytes:
    return (made.folder / made.annotation.file).read_bytes()


def codes(bag: Path, folder: Path, name: str, changed: bytes) -> list[str]:
    place = folder / name
    place.write_bytes(changed)
    return [each.code for each in check_annotation(place, bag).differences]


@pytest.mark.parametrize("ending", bags.REPORTS)
def test_annotation_list_follows_its_schema_and_the_file_is_true(annotated: BagMaker, ending: str) -> None:
    bag, made = annotated(ending)
    stated = json.loads((made.folder / "annotation.json").read_text("utf-8"))
    jsonschema.validate(stated, json.loads(schemas.text("annotation")))
    assert {mark["source"]: mark["sign"] for mark in stated["marks"]} == {"s01": "captured", "s02": "gap", "s03": "captured"} or (
        ending in ("html", "csv") and len(stated["marks"]) >= 3
    )
    checked = check_annotation(made.folder / made.annotation.file, bag)
    assert checked.differences == () and checked.not_checked is None


@pytest.mark.parametrize("ending", ["pdf", "md", "txt"])
def test_the_report_is_the_beginning_of_the_file(annotated: BagMaker, ending: str) -> None:
    _, made = annotated(ending)
    original = bags.REPORTS[ending]()
    assert content(made)[: len(original)] == original and len(content(made)) > len(original)


def test_text_has_an_annex_in_its_own_line_ends(annotated: BagMaker) -> None:
    _, made = annotated("txt")
    added = content(made)[len(bags.text()) :].decode()
    assert "\n" not in added.replace("\r\n", "")
    assert bags.GAP in added and "Gone" in added and "2×" in added


def parts(package: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(package)) as opened:
        return {name: opened.read(name) for name in opened.namelist()}


def test_word_document_changes_in_comments_alone(annotated: BagMaker) -> None:
    _, made = annotated("docx")
    before, after = parts(bags.docx()), parts(content(made))
    assert [name for name in after if after[name] != before.get(name)] == ["word/document.xml", "word/comments.xml"]
    document = docx.Document(io.BytesIO(content(made)))
    texts = {comment.comment_id: comment.text for comment in document.comments}
    assert texts[3] == "Is this so?" and len(texts) == 5
    assert sum("Gone" in text for text in texts.values()) == 1
    xml = after["word/document.xml"].decode()
    for survives in ('<w:ins w:id="7"', '<w:del w:id="8"', "<w:delText>A deleted one.", '<w:commentRangeStart w:id="3"/>'):
        assert survives in xml


def test_comment_on_a_field_surrounds_the_whole_field(annotated: BagMaker) -> None:
    _, made = annotated("docx")
    xml = parts(content(made))["word/document.xml"].decode()
    field = re.search(r'<w:commentRangeStart w:id="(\d)"/><w:r><w:fldChar w:fldCharType="begin"/>', xml)
    assert field is not None
    assert f'<w:fldChar w:fldCharType="end"/></w:r><w:commentRangeEnd w:id="{field[1]}"/>' in xml


def test_first_comment_of_a_word_document_adds_relation_and_type(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(bags.REPORTS, "docx", lambda: bags.docx(comments=False))
    bag = bags.bag_of(tmp_path, "docx")
    made = annotate(AnnotationOrder(bag, tmp_path / "out"))
    before, after = parts(bags.docx(comments=False)), parts(content(made))
    changed = {name for name in after if after[name] != before.get(name)}
    assert changed == {"word/document.xml", "word/comments.xml", "word/_rels/document.xml.rels", "[Content_Types].xml"}
    assert len(list(docx.Document(io.BytesIO(content(made))).comments)) == 4
    assert check_annotation(made.folder / made.annotation.file, bag).is_true


@pytest.mark.parametrize("ending", ["docx", "odt", "fodt"])
def test_report_reads_as_before_and_office_opens_it(annotated: BagMaker, tmp_path: Path, ending: str) -> None:
    _, made = annotated(ending)
    copy = Path(shutil.copy(made.folder / made.annotation.file, tmp_path / f"report.{ending}"))
    cited = read_report(copy)
    assert {source.cited for source in cited.sources} >= {bags.FIRST, bags.SECOND, bags.GAP}
    office = shutil.which("soffice")
    if office is None:
        pytest.skip("LibreOffice is not installed")
    tree = etree.parse(convert(office, copy, "fodt", tmp_path / "o")).getroot()
    creators = [one.text for one in tree.iter("{http://purl.org/dc/elements/1.1/}creator")]
    assert creators.count("evidence-archive") == 4


def test_page_gains_attributes_and_annex_and_nothing_else(annotated: BagMaker) -> None:
    _, made = annotated("html")
    page = content(made)
    without = re.sub(rb'\n<section id="archive-annex".*</section>\n', b"", page, flags=re.DOTALL)
    without = re.sub(rb' data-[a-z-]+="[^"]*"', b"", without)
    assert without == bags.html()
    assert page.count(b"data-originalurl") == 3
    assert b"<!-- <a href='" + bags.FIRST.encode() in page  # what a comment holds is no link
    assert b"data-versionurl" not in page


def test_a_table_stays_as_it_is_with_its_annex_beside_it(annotated: BagMaker) -> None:
    _, made = annotated("csv")
    assert made.annotation.method == "apart" and made.annotation.why_apart == "no-annotation"
    assert (made.folder / "report.csv").read_bytes() == bags.table()
    assert bags.GAP in content(made).decode()


def test_a_signed_report_stays_as_it_is_with_its_annex_beside_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "plain.pdf").write_bytes(bags.pdf())
    signed = samples.signed(tmp_path / "plain.pdf").read_bytes()
    monkeypatch.setitem(bags.REPORTS, "pdf", lambda: signed)
    bag = bags.bag_of(tmp_path, "pdf")
    made = annotate(AnnotationOrder(bag, tmp_path / "out"))
    assert (made.annotation.method, made.annotation.why_apart) == ("apart", "signed")
    assert (tmp_path / "out/report.pdf").read_bytes() == signed
    assert made.annotation.file == "report.annex.pdf" and check_annotation(tmp_path / "out/report.annex.pdf", bag).is_true
    changed = content(made).replace(b"/Title", b"/Titel") if b"/Title" in content(made) else content(made)[:-9]
    assert codes(bag, tmp_path, "forged.pdf", changed) == ["annex-changed"]


def forged(ending: str, content: bytes) -> dict[str, bytes]:
    """Name of a forgery -> the file."""
    if ending == "pdf":
        rect = re.search(rb"/Rect \[ ?([0-9.]+)", content[len(bags.pdf()) :])
        assert rect is not None
        at = len(bags.pdf())
        return {
            "mark-moved": content[:at] + content[at:].replace(rect[0], rect[0][:-1] + b"9", 1),
            "report-altered": content.replace(b"A report", b"A REPORT", 1),
        }
    if ending == "docx":
        return {
            "report-altered": repacked(content, "word/document.xml", b"An inserted word", b"An unheard word"),
            "mark-moved": repacked(content, "word/document.xml", b'<w:commentRangeStart w:id="4"/><w:r>', b'<w:r><w:commentRangeStart w:id="4"/>'),
            "mark-differs": repacked(content, "word/comments.xml", b"Captured", b"Invented"),
            "part-added": content_with(content, "word/extra.xml"),
        }
    if ending == "odt":
        return {
            "report-altered": repacked(content, "content.xml", b"stands in the text", b"stands in the test"),
            "mark-differs": repacked(content, "content.xml", b"Captured", b"Invented"),
        }
    if ending == "html":
        return {
            "report-altered": content.replace(b"is a gap", b"is a gem"),
            "mark-differs": content.replace(b'data-archive-sign="gap"', b'data-archive-sign="captured"'),
            "annex-changed": content.replace(b": Gone<", b": Kept<"),
        }
    return {"annex-changed": content.replace(b"2\xc3\x97", b"2"), "report-altered": content.replace(b"One", b"Eno", 1)}


def repacked(package: bytes, name: str, old: bytes, new: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(package)) as opened, zipfile.ZipFile(out, "w") as made:
        for info in opened.infolist():
            data = opened.read(info)
            assert info.filename != name or old in data
            made.writestr(info, data.replace(old, new, 1) if info.filename == name else data)
    return out.getvalue()


def content_with(package: bytes, name: str) -> bytes:
    out = io.BytesIO(package)
    with zipfile.ZipFile(out, "a") as made:
        made.writestr(name, "<x/>")
    return out.getvalue()


@pytest.mark.parametrize("ending", ["pdf", "docx", "odt", "html", "txt"])
def test_every_forgery_is_found_and_named(annotated: BagMaker, tmp_path: Path, ending: str) -> None:
    bag, made = annotated(ending)
    name = f"forged.{ending}"
    found = {code: codes(bag, tmp_path, name, changed) for code, changed in forged(ending, content(made)).items()}
    assert found == {code: [code] for code in found}


def test_folder_with_files_of_others_is_not_written(annotated: BagMaker, tmp_path: Path) -> None:
    bag, _ = annotated("txt")
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(UsageProblem, match="files that this program did not write"):
        annotate(AnnotationOrder(bag, tmp_path))
    assert [place.name for place in tmp_path.iterdir()] == ["mine.txt"]


def test_damaged_bag_is_not_annotated(annotated: BagMaker, tmp_path: Path) -> None:
    bag, _ = annotated("txt")
    broken = Path(shutil.copytree(bag, tmp_path / "R1"))
    (broken / "data/report/original.txt").write_text("another report")
    with pytest.raises(NotAnnotatable, match="Only a sound bag is annotated"):
        annotate(AnnotationOrder(broken, tmp_path / "out"))
    assert not (tmp_path / "out").exists()


def test_annex_prints_leaves_and_no_raw_digest_unless_it_is_wanted(annotated: BagMaker, tmp_path: Path) -> None:
    bag, made = annotated("txt")
    digests = {json.loads(line)["sha256"] for line in (bag / "data/provenance/records.jsonl").read_text().splitlines()}
    assert not [digest for digest in digests if digest.encode() in content(made)]
    raw = annotate(AnnotationOrder(bag, tmp_path / "raw", shows_digests=True))
    assert [digest for digest in digests if digest.encode() in content(raw)]
    assert check_annotation(raw.folder / raw.annotation.file, bag).is_true


def test_a_file_in_an_older_layout_is_not_called_forged(annotated: BagMaker, tmp_path: Path) -> None:
    bag, made = annotated("pdf")
    older = content(made).replace(b"%archive-annotate 3 ", b"%archive-annotate 1 ", 1).replace(b"/XYZ", b"/XYz", 1)
    (tmp_path / "older.pdf").write_bytes(older)
    found = check_annotation(tmp_path / "older.pdf", bag)
    assert found.differences == () and (found.not_checked or "").endswith("(layout 1)")
    (tmp_path / "older.pdf").write_bytes(older.replace(b"A report", b"A REPORT", 1))
    assert [each.code for each in check_annotation(tmp_path / "older.pdf", bag).differences] == ["report-altered"]


def _of_first(facts: AnnexFacts, **changes: object) -> AnnexFacts:
    return replace(facts, entries=(replace(facts.entries[0], **changes), *facts.entries[1:]))  # type: ignore[arg-type]


def _exchange_leaves(facts: AnnexFacts) -> AnnexFacts:
    one, other, *rest = facts.entries
    return replace(facts, entries=(replace(one, evidence=other.evidence), replace(other, evidence=one.evidence), *rest))


def _other_leaf(facts: AnnexFacts) -> AnnexFacts:
    evidence = facts.entries[0].evidence
    return _of_first(facts, evidence=replace(evidence, leaf="0" * 64))


OF_ANOTHER: dict[str, tuple[Callable[[AnnexFacts], AnnexFacts], bool]] = {
    "other words": (lambda facts: _of_first(facts, verdict="Kept", why="It is kept.", time="today"), True),
    "another leaf": (_other_leaf, False),
    "leaves exchanged": (_exchange_leaves, False),
    "a leaf left out": (lambda facts: _of_first(facts, evidence=replace(facts.entries[0].evidence, leaf=None)), False),
    "another bag": (lambda facts: replace(facts, fingerprint="sha256:" + "0" * 64), False),
    "another report": (lambda facts: replace(facts, report_sha256="0" * 64), False),
    "another address": (lambda facts: _of_first(facts, cited="https://sn4hr.org/?p=1"), False),
    "a public copy": (lambda facts: _of_first(facts, public_copy=("https://archive.example/" + "a" * 64, "today")), False),
}


@pytest.mark.parametrize("case", OF_ANOTHER)
def test_of_a_file_of_another_version_all_but_the_wording_is_checked(
    annotated: BagMaker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, case: str
) -> None:
    bag, _ = annotated("pdf")
    change, is_worded = OF_ANOTHER[case]
    facts = OpenedBag.facts
    with monkeypatch.context() as patch:
        patch.setattr("archive.annotate.pdf.making.AGENT", "evidence-archive 9.0")
        patch.setattr(OpenedBag, "facts", lambda opened, *wanted: change(facts(opened, *wanted)))
        made = annotate(AnnotationOrder(bag, tmp_path / "other"))
    found = check_annotation(made.folder / made.annotation.file, bag)
    if is_worded:
        assert found.differences == () and found.not_checked == "evidence-archive 9.0"
    else:
        assert found.differences and found.not_checked is None
