"""Forged annotated reports: each is found, whatever it says of the program that made it."""

from __future__ import annotations

import io
import re
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from archive.annotate.formats import annotated_file
from archive.annotate.packages import compare_packages
from archive.annotate.pdf.invariants import broken_invariants, says_otherwise
from archive.annotate.pdf.making import libraries, stated_making
from archive.cite import read_report
from archive.version import AGENT
from tests.archive.annotate import bags, samples


@pytest.fixture(scope="module", params=["plain", "streams"])
def pdf(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[bytes, bytes]:
    """A report with a table of objects, or with a stream of them, and its annotated copy."""
    folder = tmp_path_factory.mktemp("forged")
    report = samples.by_reportlab(folder, pages=1)
    if request.param == "streams":
        report = samples.by_qpdf(report, "streams.pdf", "--object-streams=generate")
    made, _, _ = samples.annotated_copy(report)
    return report.read_bytes(), made.read_bytes()


def updated(content: bytes, objects: dict[int, bytes]) -> bytes:
    """The file with one more update."""
    out = bytearray(content)
    rows = b""
    for number, value in objects.items():
        rows += b"%d 1\n%010d 00000 n\r\n" % (number, len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, value)
    previous, root = re.findall(rb"startxref\s+(\d+)", content)[-1], re.findall(rb"/Root (\d+ 0 R)", content)[-1]
    at = len(out)
    out += b"xref\n%strailer\n<< /Size 9999 /Root %s /Prev %s >>\nstartxref\n%d\n%%%%EOF\n" % (rows, root, previous, at)
    return bytes(out)


def test_a_true_file_of_any_program_breaks_no_rule(pdf: tuple[bytes, bytes]) -> None:
    original, made = pdf
    assert broken_invariants(len(original), original, made, 6) == []
    assert not says_otherwise(made, made)
    making = stated_making(made, len(original))
    assert making is not None and making.is_ours
    assert (making.program, making.libraries) == (AGENT, libraries())


PDF_FORGERIES: dict[str, tuple[Callable[[bytes, bytes], bytes], set[str]]] = {
    "a second update that draws a page anew": (lambda _, made: updated(made, {4: b"<< >>"}), {"update-differs"}),
    "words behind the end": (lambda _, made: made + b"% more\n", {"update-differs"}),
    "an empty update": (lambda _, made: updated(made, {9000: b"<< >>"}), {"update-differs"}),
    "the end of the report as the end of all": (
        lambda report, made: re.sub(
            rb"startxref\n\d+(?=\n%%EOF\n\Z)", b"startxref\n" + re.findall(rb"startxref\s+(\d+)", report)[-1], made
        ),
        {"update-differs"},
    ),
    "a mark that nobody sees": (lambda at, made: behind(at, made, rb"/F 4", b"/F 2"), {"mark-forged"}),
    "a mark that leads to the web": (
        lambda at, made: behind(at, made, rb"/Border \[ 0 0 0 \]", b"/A << /URI () >> "), {"object-added", "mark-forged"},
    ),
    "a mark as large as a page": (lambda at, made: behind(at, made, rb"/Rect \[ [\d.]{3}", b"/Rect [ 1.0"), {"mark-forged"}),
    "a page turned": (lambda at, made: behind(at, made, rb"/Rotate 0", b"/Rotate 9"), {"object-changed"}),
    "the report's own links dropped": (
        lambda at, made: behind(at, made, rb"/Annots \[ \d+ 0 R", b"/Annots ["), {"object-changed"},
    ),
}


def behind(report: bytes, made: bytes, old: bytes, new: bytes) -> bytes:
    """The file with what the pattern `old` finds replaced, once, behind the report, at the same length."""
    tail = made[len(report) :]
    found = re.search(old, tail)
    assert found is not None and len(new) <= len(found[0])
    return made[: len(report)] + tail.replace(found[0], new.ljust(len(found[0])), 1)


@pytest.mark.parametrize("forgery", PDF_FORGERIES)
def test_what_no_version_writes_is_found(pdf: tuple[bytes, bytes], forgery: str) -> None:
    original, made = pdf
    change, codes = PDF_FORGERIES[forgery]
    forged = change(original, made)
    assert forged != made
    assert {each.code for each in broken_invariants(len(original), original, forged, 6)} == codes


def test_more_marks_than_citations_and_other_targets_are_found(pdf: tuple[bytes, bytes]) -> None:
    original, made = pdf
    assert {each.code for each in broken_invariants(len(original), original, made, 5)} == {"mark-forged"}
    target = re.search(rb"/XYZ 0.0 (\d{3})\.\d\d? ", made[len(original) :])
    assert target is not None
    other = b"111" if target[1] != b"111" else b"222"
    forged = behind(original, made, re.escape(target[0]), target[0].replace(target[1], other, 1))
    assert says_otherwise(made, forged)


@pytest.fixture(scope="module")
def word(tmp_path_factory: pytest.TempPathFactory) -> tuple[bytes, bytes]:
    folder = tmp_path_factory.mktemp("word")
    report = folder / "report.docx"
    report.write_bytes(bags.docx())
    cited = read_report(report)
    facts = samples.facts_of(report, cited)
    added = annotated_file(Path(shutil.copy(report, folder / "copy.docx")), facts, cited.text)
    return report.read_bytes(), (folder / added.file).read_bytes()


def packed_again(package: bytes, change: Callable[[str, bytes], bytes], comment: bytes = b"") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(package)) as opened, zipfile.ZipFile(out, "w") as made:
        for info in opened.infolist():
            made.writestr(info, change(info.filename, opened.read(info)))
        made.comment = comment
    return out.getvalue()


def same(_: str, content: bytes) -> bytes:
    return content


def test_a_package_that_only_another_program_packed_is_the_same(word: tuple[bytes, bytes]) -> None:
    original, made = word
    assert list(compare_packages(original, made, packed_again(made, same))) == []


@pytest.mark.parametrize(
    ("forge", "code"),
    [
        (lambda made: packed_again(made, same, b"words"), "bytes-hidden"),
        (lambda made: b"MZ" + made, "bytes-hidden"),
        (lambda made: made + made, "bytes-hidden"),
        (lambda made: made.replace(b"word/document.xml", b"word/dokument.xml", 1), "unreadable"),
        (lambda made: packed_again(made, lambda _, part: part.replace(b"Is this so?", b"It is so.")), "report-altered"),
        (lambda made: packed_again(made, lambda _, part: part.replace(b"Captured", b"Invented")), "mark-differs"),
        (lambda made: packed_again(made, lambda _, part: part + b" " * 17_000_000), "unreadable"),
        (lambda made: b"%PDF-1.4\n", "report-altered"),
    ],
    ids=["comment", "before", "twice", "two names", "author's comment", "our comment", "bomb", "other kind"],
)
def test_a_package_that_readers_read_differently_is_found(
    word: tuple[bytes, bytes], forge: Callable[[bytes], bytes], code: str
) -> None:
    original, made = word
    assert {each.code for each in compare_packages(original, made, forge(made))} == {code}
