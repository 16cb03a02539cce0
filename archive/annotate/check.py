"""`archive annotate --check FILE BAG`: report and bag give the annotated file once more, and the two are compared."""

from __future__ import annotations

import hashlib
import io
import re
import tempfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from archive.annotate.annotate import write_annotated
from archive.annotate.differences import ReportDifference
from archive.annotate.entries import LAYOUT
from archive.annotate.opened import NotAnnotatable, OpenedBag, read_bag, require_sound
from archive.bag.open import open_bag
from archive.errors import UsageProblem
from archive.version import AGENT
from archive.words import languages
from archive_manifests.annotation import Annotation

_COMMENT = re.compile(
    rb"\A[\r\n]?%archive-annotate ([0-9]{1,4}) language=([a-z]{2,3}) digests=([01]) program=([ -~]{1,80})\n"
)
_LONGEST_COMMENT = 300
_WORD_MARK = re.compile(
    rb"<(?P<p>\w+):commentRangeStart [^<>]*/>|<(?P<q>\w+):commentRangeEnd [^<>]*/><(?P=q):r(?: [^<>]*)?>"
    rb"<(?P=q):commentReference [^<>]*/></(?P=q):r>"
)
_ODF_MARK = re.compile(rb"<o:annotation xmlns:o=.*?(?:</o:annotation>|\Z)", re.DOTALL)
_HTML_MARK = re.compile(rb' data-originalurl="[^"]*"(?: data-[a-z-]+="[^"]*")*')
_HTML_ANNEX = re.compile(rb'\n<section id="archive-annex".*?(?:</section>\n|\Z)', re.DOTALL)


@dataclass(frozen=True, slots=True)
class CheckedAnnotation:
    """The outcome of a check."""

    file: Path
    annotation: Annotation
    """What report and bag give."""
    differences: tuple[ReportDifference, ...]
    not_checked: str | None = None
    """The program that made the file, where another version may write it otherwise; None where all was compared."""

    @property
    def is_true(self) -> bool:
        return not self.differences and self.not_checked is None


def check_annotation(file: Path, bag: Path) -> CheckedAnnotation:
    """Compare an annotated report with its bag. Raises `UsageProblem`, `NotAnnotatable`, `BagUnreadable`, `OSError`."""
    if not file.is_file():
        raise UsageProblem(f"{file}: no such file; give the annotated report, then the bag")
    require_sound(bag)
    with open_bag(bag) as opened_bag, tempfile.TemporaryDirectory(prefix="archive-check-") as folder:
        opened = read_bag(opened_bag)
        return _checked(file, opened, Path(folder))


def _checked(file: Path, opened: OpenedBag, folder: Path) -> CheckedAnnotation:
    found = file.read_bytes()
    original = b"".join(opened.chunks(opened.report_path))
    if found == original:
        raise NotAnnotatable(f"{file}: is the report itself, without annex or marks")
    best: CheckedAnnotation | None = None
    for number, (language, digests, program) in enumerate(_ways(found, original)):
        work = folder / str(number)
        work.mkdir()
        annotation = write_annotated(opened, work, language, digests)
        expected = (work / annotation.file).read_bytes()
        differences = _differences(annotation, original, expected, found)
        is_other = program not in (None, AGENT) and not any(each.code == "report-altered" for each in differences)
        checked = CheckedAnnotation(file, annotation, tuple(differences))
        if differences and is_other:
            return CheckedAnnotation(file, annotation, (), program)
        if best is None or len(differences) < len(best.differences):
            best = checked
        if not differences:
            break
    assert best is not None
    return best


def _ways(found: bytes, original: bytes) -> Iterator[tuple[str, bool, str | None]]:
    """Yield language, digests and program of how the file may have been made: as its own comment says, or any."""
    stated = _COMMENT.match(found[len(original) : len(original) + _LONGEST_COMMENT])
    if stated and stated[2].decode() in languages():
        program = stated[4].decode() + ("" if int(stated[1]) == LAYOUT else f" (layout {int(stated[1])})")
        yield stated[2].decode(), stated[3] == b"1", program
        return
    for digests in (False, True):
        for language in languages():
            yield language, digests, None


def _differences(annotation: Annotation, original: bytes, expected: bytes, found: bytes) -> list[ReportDifference]:
    if annotation.method == "apart":
        return [] if _text_of(expected) == _text_of(found) else [ReportDifference("annex-changed")]
    if annotation.method in ("incremental-update", "appended"):
        if not found.startswith(original):
            stated = hashlib.sha256(found[: len(original)]).hexdigest()
            return [ReportDifference("report-altered", f"{len(original):,}", annotation.report.sha256, stated)]
        if annotation.method == "appended":
            return [] if found == expected else [ReportDifference("annex-changed")]
        from archive.annotate.pdf.compare import compare_pdf

        return compare_pdf(len(original), expected, found)
    if annotation.method == "comments" and original.startswith(b"PK"):
        return list(_packages(original, expected, found))
    return list(_markup("", original, expected, found))


def _text_of(content: bytes) -> bytes:
    """An annex apart without what a PDF states about its making."""
    return re.sub(rb"/(?:CreationDate|ModDate) \([^)]*\)|/ID \[.*?\]", b"", content, flags=re.DOTALL)


def _packages(original: bytes, expected: bytes, found: bytes) -> Iterator[ReportDifference]:
    """Yield what differs between two office packages, part by part."""
    try:
        ours, theirs, first = (_parts(each) for each in (expected, found, original))
    except (zipfile.BadZipFile, OSError, ValueError, RuntimeError, NotImplementedError) as error:
        yield ReportDifference("unreadable", found=str(error))
        return
    for name in sorted(set(ours) - set(theirs)):
        yield ReportDifference("part-missing", name)
    for name in sorted(set(theirs) - set(ours)):
        yield ReportDifference("part-added", name)
    for name in sorted(set(ours) & set(theirs)):
        if ours[name] == theirs[name]:
            continue
        if name.endswith(("/document.xml", "content.xml")) and name in first:
            yield from _markup(name, first[name], ours[name], theirs[name])
        elif "comments" in name:
            yield ReportDifference("mark-differs", name)
        else:
            yield ReportDifference("report-altered" if name in first else "annex-changed", name)


def _parts(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        names = package.namelist()
        if len(names) != len(set(names)):
            raise ValueError("two parts have one name")
        return {name: package.read(name) for name in names}


def _markup(place: str, original: bytes, expected: bytes, found: bytes) -> Iterator[ReportDifference]:
    """Yield whether the report's own markup is as it was, and if so, which of marks and annex are not."""
    if expected == found:
        return
    patterns = (_HTML_ANNEX, _HTML_MARK, _ODF_MARK, _WORD_MARK)
    if _without(found, patterns) != _without(original, patterns):
        yield ReportDifference("report-altered", place)
        return
    marks = [[match[0] for pattern in patterns[1:] for match in pattern.finditer(each)] for each in (expected, found)]
    if sorted(marks[0]) == sorted(marks[1]) and _HTML_ANNEX.findall(expected) == _HTML_ANNEX.findall(found):
        yield ReportDifference("mark-moved", place)
    elif len(marks[1]) > len(marks[0]):
        yield ReportDifference("mark-forged", place, f"{len(marks[0])}", f"{len(marks[1])}")
    elif len(marks[1]) < len(marks[0]):
        yield ReportDifference("mark-missing", place, f"{len(marks[0])}", f"{len(marks[1])}")
    elif marks[0] != marks[1]:
        yield ReportDifference("mark-differs", place)
    else:
        yield ReportDifference("annex-changed", place)


def _without(content: bytes, patterns: tuple[re.Pattern[bytes], ...]) -> bytes:
    for pattern in patterns:
        content = pattern.sub(b"", content)
    return content
