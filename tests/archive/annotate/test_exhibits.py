"""Exhibits: stamped prints with numbers that never change, and load files in which nothing is a formula."""

from __future__ import annotations

import csv
import io
import json
import shutil
import subprocess
from pathlib import Path

import jsonschema
import pypdfium2
import pytest
from msgspec.structs import replace
from PIL import ImageChops
from pypdf import PdfReader

from archive.annotate.annotate import AnnotationOrder, annotate
from archive.annotate.exhibits.load_files import ALL_COLUMNS, COLUMNS, csv_text, dat_text, harmless, read_columns
from archive.annotate.exhibits.numbers import Numbering, Wanted, prefix_of, shown
from archive.annotate.exhibits.stamp import BAND, ExhibitStamp, stamp_pdf
from archive.annotate.exhibits.write import ExhibitOrder
from archive.errors import UsageProblem
from archive.words import load
from archive_manifests import schemas
from archive_manifests.exhibits import from_json
from tests.archive.annotate import bags, samples
from tests.office import convert


@pytest.fixture(scope="module")
def bag(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return bags.bag_of(tmp_path_factory.mktemp("exhibits"), "txt")


def rows(folder: Path) -> list[dict[str, str]]:
    text = (folder / "exhibits.csv").read_bytes().decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_every_source_has_a_stamped_exhibit_with_its_number(bag: Path, tmp_path: Path) -> None:
    made = annotate(AnnotationOrder(bag, tmp_path / "out", exhibits=ExhibitOrder(prefix="X-", confidentiality="SEALED")))
    found = rows(made.folder)
    assert [row["CITEDURL"] for row in found] == [bags.FIRST, bags.GAP, bags.SECOND]
    assert [row["BEGBATES"] for row in found] == ["X-0000001", "X-0000002", "X-0000003"]
    jsonschema.validate(json.loads((made.folder / "exhibits.json").read_text()), json.loads(schemas.text("exhibits")))
    for row in found:
        reader = PdfReader(made.folder / "exhibits" / row["FILENAME"])
        assert len(reader.pages) == int(row["PAGECOUNT"])
        text = reader.pages[0].extract_text()
        for stamped in (row["BEGBATES"], row["CITEDURL"], row["WARCRECORD"], row["LEAF"], "page 1 of 1", "SEALED"):
            assert stamped in text
        assert row["SHA256HASH"] == "" and row["DOCTYPE"] == "slip-sheet"
    assert found[1]["VERDICT"] == "gone (not-found)" and found[1]["CAPTUREDUTC"] == ""
    assert found[1]["VERDICTMEANING"].startswith("The site responds, but the source was not there")
    assert "The server says, by its status or in its response, that nothing is at this address." in found[1]["VERDICTMEANING"]


def test_numbers_stay_over_reruns_and_are_never_given_twice(bag: Path, tmp_path: Path) -> None:
    order = AnnotationOrder(bag, tmp_path / "out", exhibits=ExhibitOrder(start=5))
    first = annotate(order)
    book = from_json((first.folder / "exhibits.json").read_bytes())
    assert [each.first for each in book.exhibits] == [5, 6, 7] and book.next == 8
    again = annotate(replace(order, exhibits=ExhibitOrder()))
    assert from_json((again.folder / "exhibits.json").read_bytes()) == book
    changed = replace(book.exhibits[1], of="0" * 64)
    retained = replace(book, exhibits=(book.exhibits[0], changed, book.exhibits[2]))
    numbering = Numbering.of(retained, None, 1, "")
    assert numbering.give(Wanted("s02", "slip-sheet", book.exhibits[1].of, 1, ".pdf")).first == 8
    assert [(each.first, each.is_current) for each in numbering.book().exhibits] == [(5, False), (6, False), (7, False), (8, True)]


def test_another_prefix_in_one_folder_and_a_broken_book_are_refused(bag: Path, tmp_path: Path) -> None:
    order = AnnotationOrder(bag, tmp_path / "out", exhibits=ExhibitOrder(prefix="A-"))
    annotate(order)
    with pytest.raises(UsageProblem, match="has the prefix 'A-'"):
        annotate(replace(order, exhibits=ExhibitOrder(prefix="B-")))
    (tmp_path / "out" / "exhibits.json").write_text("{}")
    with pytest.raises(UsageProblem, match="numbers could be given twice"):
        annotate(order)


def test_numbers_follow_what_is_shown_when_sources_are_added_or_removed() -> None:
    first = Numbering.of(None, "X-", 1, "")
    given = [first.give(Wanted(source, "native", of, 1, ".jpg")).first for source, of in (("s01", "a"), ("s02", "b"), ("s02", "b"))]
    assert given == [1, 2, 3]  # one file that is there twice has two numbers
    again = Numbering.of(first.book(), None, 1, "")
    # A source now comes before them all, and the first one is gone.
    listed = [("s01", "new"), ("s03", "b"), ("s03", "b"), ("s03", "b")]
    found = [again.give(Wanted(source, "native", of, 1, ".jpg")) for source, of in listed]
    assert [each.first for each in found] == [4, 2, 3, 5] and {each.source for each in found[1:]} == {"s03"}
    assert [(each.first, each.is_current) for each in again.book().exhibits] == [(1, False), *((at, True) for at in range(2, 6))]


@pytest.mark.parametrize("prefix", ["../x", "a/b", "a\\b", "=1", "a\nb", ".x", "x" * 61, "C:"])
def test_a_prefix_names_a_file_and_nothing_else(prefix: str) -> None:
    with pytest.raises(UsageProblem, match="names no file"):
        Numbering.of(None, prefix, 1, "")
    with pytest.raises(UsageProblem, match="names no file"):
        Numbering.of(replace(Numbering("E-", 1).book(), prefix=prefix), None, 1, "")
    assert Numbering.of(None, None, 1, prefix_of(prefix)).number(1).endswith("-0000001")
    assert Numbering.of(None, prefix_of(prefix), 1, "").prefix == prefix_of(prefix)


def test_bags_of_one_report_give_one_document_one_number_though_their_seeds_differ() -> None:
    def wanted(seed: bytes | None, digest: str, *, is_same: bool = False, cited: str = "https://one.example/") -> Wanted:
        of, plain = shown(cited, digest, seed), shown(cited, digest, None)
        return Wanted("s01", "native", of, 1, ".mp4", cited, plain, lambda known: is_same)

    first = Numbering.of(None, "X-", 1, "")
    assert first.give(wanted(b"1" * 32, "ab")).first == 1
    book = first.book()
    for same in (wanted(b"1" * 32, "ab"), wanted(b"2" * 32, "ab", is_same=True)):
        assert Numbering.of(book, None, 1, "").give(same).first == 1
    others = (wanted(b"2" * 32, "ab"), wanted(b"1" * 32, "cd"), wanted(b"2" * 32, "ab", is_same=True, cited="https://two.example/"))
    for other in others:
        assert Numbering.of(book, None, 1, "").give(other).first == 2
    old = Numbering.of(None, "X-", 1, "")
    old.give(wanted(None, "ab"))  # as an earlier version stated it
    again = Numbering.of(old.book(), None, 1, "")
    assert again.give(wanted(b"1" * 32, "ab")).first == 1
    assert again.book().exhibits[0].of == shown("https://one.example/", "ab", b"1" * 32)


def test_a_number_of_an_earlier_run_names_a_file_of_this_folder() -> None:
    earlier = Numbering.of(None, "X-", 1, "")
    earlier.give(Wanted("s01", "native", "a", 1, ".jpg"))
    book = earlier.book()
    forged = replace(book, exhibits=(replace(book.exhibits[0], file="../../outside.jpg"),))
    assert Numbering.of(forged, None, 1, "").give(Wanted("s01", "native", "a", 1, ".jpg")).file == "X-0000001.jpg"


def test_no_cell_begins_within_a_cell_where_semicolons_separate() -> None:
    text = csv_text([("A", "TITLE")], [{"TITLE": title} for title in ("x;=1+1;y", 'x";=1+1', "x; @a", "x;y", "https://a.example/;b=1")])
    read = [row[0] for row in csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""))][1:]
    assert read == ["x;'=1+1;y", "x\";'=1+1", "x; '@a", "x;y", "https://a.example/;b=1"]
    parted = [cell for line in text.splitlines() for cell in line.split(";")]
    assert not [cell for cell in parted if cell.strip(' "').startswith(("=", "+", "-", "@"))]


HOSTILE = ["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1+1", "\r=1", " =1+1", '","=1+1', "a\n=1+1", "＝1+1", "plain"]


def test_no_cell_is_a_formula_for_a_spreadsheet(tmp_path: Path) -> None:
    text = csv_text([("TITLE", "TITLE"), ("N", "EXHIBIT")], [{"TITLE": title, "EXHIBIT": "1"} for title in HOSTILE])
    read = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline="")))
    assert all(len(row) == 2 for row in read) and len(read) == len(HOSTILE) + 1
    assert not [cell for row in read for cell in row if cell.lstrip()[:1] in ("=", "+", "-", "@", "＝")]
    assert harmless("plain") == "plain" and text.startswith("\ufeff") and text.count("\r\n") == len(read)
    office = shutil.which("soffice")
    if office is None:
        pytest.skip("LibreOffice is not installed")
    (tmp_path / "x.csv").write_bytes(text.encode())
    convert(office, tmp_path / "x.csv", "fods", tmp_path)
    if not (tmp_path / "x.fods").exists():
        pytest.skip("LibreOffice has no Calc")
    assert b"table:formula" not in (tmp_path / "x.fods").read_bytes()


def test_load_file_separates_quotes_and_folds_lines() -> None:
    text = dat_text([("A", "TITLE"), ("B", "EXHIBIT")], [{"TITLE": "one\r\ntwo þ \u0014 ®", "EXHIBIT": "1"}])
    head, row, rest = text.removeprefix("\ufeff").split("\r\n")
    assert rest == "" and head == "\u00feA\u00fe\u0014\u00feB\u00fe"
    assert row == "\u00feone\u00aetwo th   (R)\u00fe\u0014\u00fe1\u00fe"


def test_columns_are_those_of_the_file(tmp_path: Path) -> None:
    place = tmp_path / "court.toml"
    place.write_text('columns = ["TITLE", {name = "Doc ID", value = "BEGBATES"}]')
    assert read_columns(place) == (("TITLE", "TITLE"), ("Doc ID", "BEGBATES"))
    assert len(ALL_COLUMNS) == len(COLUMNS)
    for wrong in ('columns = ["NOPE"]', "columns = []", "columns = [1]", "x = ", 'columns = [{name = "x"}]'):
        place.write_text(wrong)
        with pytest.raises(UsageProblem, match=r"court\.toml"):
            read_columns(place)


@pytest.mark.parametrize("maker", ["cropped", "landscape"])
def test_stamp_stands_below_the_page_and_changes_nothing_of_it(tmp_path: Path, maker: str) -> None:
    # Both are whole points high, so that the pictures of both fall on the same grid.
    source = samples.cropped(samples.by_reportlab(tmp_path)) if maker == "cropped" else samples.landscape(tmp_path)
    original = source.read_bytes()
    before = pypdfium2.PdfDocument(original)
    address = "https://example.org/" + "x" * 300
    stamps = [ExhibitStamp(f"E-{at + 1:07d}", (address, "two"), f"page {at + 1} of 2") for at in range(len(before))]
    stamped = original + stamp_pdf(io.BytesIO(original), stamps, load("en"))
    (tmp_path / "stamped.pdf").write_bytes(stamped)
    checked = subprocess.run([samples.program("qpdf"), "--check", str(tmp_path / "stamped.pdf")], capture_output=True, timeout=60)
    assert checked.returncode == 0, checked.stdout
    after = pypdfium2.PdfDocument(stamped)
    for number in range(len(before)):
        assert after[number].get_height() == pytest.approx(before[number].get_height() + BAND, abs=0.1)
        one, other = before[number].render(scale=1).to_pil(), after[number].render(scale=1).to_pil()
        assert ImageChops.difference(one, other.crop((0, 0, *one.size))).point(lambda v: 255 if v > 60 else 0).getbbox() is None
        text = after[number].get_textpage().get_text_range()
        assert f"E-{number + 1:07d}" in text and f"page {number + 1} of 2" in text
