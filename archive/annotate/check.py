"""`archive annotate --check FILE BAG`: report and bag give the annotated file once more, and the two are compared."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from archive.annotate.annotate import LIST, write_annotated
from archive.annotate.differences import ReportDifference
from archive.annotate.markup_marks import compare_markup
from archive.annotate.opened import NotAnnotatable, OpenedBag, read_bag, require_sound
from archive.annotate.packages import compare_packages
from archive.annotate.publishable import without_quiet_head
from archive.bag.open import open_bag
from archive.errors import StatementError, UsageProblem
from archive.words import languages
from archive_manifests.annotation import AnnotatedBag, Annotation, from_json

if TYPE_CHECKING:
    from archive.annotate.entries import AnnexFacts
    from archive.annotate.pdf.making import Making


class CheckedAnnotation(Struct, frozen=True):
    """The outcome of a check."""

    file: Path
    annotation: Annotation
    """What report and bag give."""
    differences: tuple[ReportDifference, ...]
    not_checked: str | None = None
    """The program that made the file, where another version may write it otherwise; None where all was compared."""

    other_bag: AnnotatedBag | None = None
    """The bag that the list beside the file names, where that is another one."""

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
        checked = _checked(file, opened, Path(folder))
    return checked if checked.is_true else replace(checked, other_bag=_other_bag(file, opened.fingerprint))


def _other_bag(file: Path, fingerprint: str) -> AnnotatedBag | None:
    """The bag that `annotation.json` beside the file names, if it is about this file and names another."""
    try:
        listed = from_json((file.parent / LIST).read_bytes())
    except (OSError, StatementError):
        return None
    return listed.bag if listed.file == file.name and listed.bag.fingerprint != fingerprint else None


def _checked(file: Path, opened: OpenedBag, folder: Path) -> CheckedAnnotation:
    found = file.read_bytes()
    original = b"".join(opened.chunks(opened.report_path))
    if found == original:
        raise NotAnnotatable(f"{file}: is the report itself, without annex or marks")
    making = _stated(found, original)
    best: CheckedAnnotation | None = None
    for number, (language, digests) in enumerate(_ways(making)):
        work = folder / str(number)
        work.mkdir()
        annotation = write_annotated(opened, work, language, digests)
        expected = (work / annotation.file).read_bytes()
        differences = _differences(annotation, original, expected, found)
        checked = CheckedAnnotation(file, annotation, tuple(differences))
        if differences and making is not None and not making.is_ours:
            return _by_another(checked, making, opened.facts(language, digests), original, expected, found)
        if best is None or len(differences) < len(best.differences):
            best = checked
        if not differences:
            break
    assert best is not None
    return best


def _stated(found: bytes, original: bytes) -> Making | None:
    """How a PDF says that it was made; other formats make no such statement, and nothing in them is taken for one."""
    if not found.startswith(b"%PDF-"):
        return None
    from archive.annotate.pdf.making import stated_making

    making = stated_making(found, len(original) if found.startswith(original) else len(found))
    return making if making is not None and making.language in languages() else None


def _ways(making: Making | None) -> Iterator[tuple[str, bool]]:
    """Yield language and digests of how the file may have been made: as it says itself, or any."""
    if making is not None:
        yield making.language, making.digests
        return
    for digests in (False, True):
        for language in languages():
            yield language, digests


def _by_another(
    checked: CheckedAnnotation, making: Making, facts: AnnexFacts, original: bytes, expected: bytes, found: bytes
) -> CheckedAnnotation:
    """What can be said of a file that another version lays out otherwise: what no version does is a difference."""
    from archive.annotate.pdf.annex_facts import contradicted_facts
    from archive.annotate.pdf.invariants import broken_invariants, says_otherwise

    altered = [each for each in checked.differences if each.code == "report-altered"]
    if altered:
        return replace(checked, differences=tuple(altered))
    size = 0 if checked.annotation.method == "apart" else len(original)
    broken = broken_invariants(size, original, found, len(checked.annotation.marks)) if size else []
    broken = broken or contradicted_facts(original if size else None, expected, found, facts)
    if not broken and making.is_our_version and says_otherwise(expected, found):
        broken = [ReportDifference("annex-changed")]
    return replace(checked, differences=tuple(broken), not_checked=None if broken else making.described)


def _differences(annotation: Annotation, original: bytes, expected: bytes, found: bytes) -> list[ReportDifference]:
    if annotation.method == "apart":
        return [] if expected == found else [ReportDifference("annex-changed")]
    if annotation.method in ("incremental-update", "appended"):
        if not found.startswith(original):
            stated = hashlib.sha256(found[: len(original)]).hexdigest()
            return [ReportDifference("report-altered", f"{len(original):,}", annotation.report.sha256, stated)]
        if annotation.method == "appended":
            return [] if found == expected else [ReportDifference("annex-changed")]
        from archive.annotate.pdf.compare import compare_pdf

        return compare_pdf(len(original), expected, found)
    if annotation.method == "comments" and original.startswith(b"PK"):
        return list(compare_packages(original, expected, found))
    return list(compare_markup("", original, expected, without_quiet_head(found)))
