"""`archive annotate`: the report with a mark at each citation, an annex, and the list of both."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from msgspec import Struct

from archive.annotate.exhibits.write import BOOK, ExhibitOrder, write_exhibits
from archive.annotate.formats import Added, annotated
from archive.annotate.opened import OpenedBag, read_bag, require_sound
from archive.bag.open import open_bag
from archive.errors import StatementError, UsageProblem
from archive.version import AGENT
from archive_manifests.annotation import SCHEMA, AnnotatedBag, AnnotatedReport, Annotation, Mark, to_json
from archive_manifests.exhibits import ExhibitBook, from_json

LIST = "annotation.json"


class AnnotationOrder(Struct, frozen=True):
    """What is wanted."""

    bag: Path
    target: Path
    """The folder; what this program wrote there before is replaced."""
    language: str | None = None
    """Of the annex; None for the report's own."""
    shows_digests: bool = False
    exhibits: ExhibitOrder | None = None
    """None for no exhibits."""


class Annotated(Struct, frozen=True):
    """What was written."""

    folder: Path
    annotation: Annotation
    files: tuple[str, ...] = ()
    """Names in the folder."""
    exhibits: int = 0
    """How many documents have a number."""


def annotate(order: AnnotationOrder) -> Annotated:
    """Annotate the report. Raises `NotAnnotatable`,
    `UsageProblem`, `BagUnreadable`, `AnnotateExtraMissing`, `OSError`.
    """
    require_usable(order.target)
    earlier = _earlier(order.target / BOOK) if order.exhibits is not None else None
    require_sound(order.bag)
    with open_bag(order.bag) as bag, staged(order.target) as folder:
        opened = read_bag(bag)
        annotation = write_annotated(opened, folder, order.language, order.shows_digests)
        exhibits = 0
        if order.exhibits is not None:
            facts = opened.facts(order.language, order.shows_digests)
            book = write_exhibits(opened, facts, folder, order.exhibits, earlier, order.target)
            exhibits = sum(each.is_current for each in book.exhibits)
        names = tuple(sorted(place.relative_to(folder).as_posix() for place in folder.rglob("*") if place.is_file()))
    return Annotated(order.target, annotation, names, exhibits)


def _earlier(place: Path) -> ExhibitBook | None:
    """The numbers that a run before this one gave. Raises `UsageProblem` for a book that cannot be read."""
    if not place.exists():
        return None
    try:
        return from_json(place.read_bytes())
    except StatementError as error:
        raise UsageProblem(f"{place}: {error}; without it numbers could be given twice") from error


def write_annotated(opened: OpenedBag, folder: Path, language: str | None, shows_digests: bool) -> Annotation:
    """Write the annotated report, or the report and an annex beside it, and the list of marks."""
    facts = opened.facts(language, shows_digests)
    added = annotated(opened, facts, folder)
    annotation = Annotation(
        schema=SCHEMA,
        program=AGENT,
        file=added.file,
        method=added.method,
        why_apart=added.why_apart,
        language=facts.words.code,
        digests=shows_digests,
        report=AnnotatedReport(facts.report_name, facts.report_size, facts.report_sha256),
        bag=AnnotatedBag(facts.bag, facts.fingerprint),
        marks=tuple(_marks(opened, added, language, shows_digests)),
    )
    (folder / LIST).write_text(to_json(annotation), "utf-8")
    return annotation


def _marks(opened: OpenedBag, added: Added, language: str | None, shows_digests: bool) -> Iterator[Mark]:
    """Yield every citation, in the order of the ledger."""
    for entry in opened.facts(language, shows_digests).entries:
        for number, citation in enumerate(entry.citations):
            place, rect = added.places.get((entry.id, number), ("annex", None))
            yield Mark(
                source=entry.id,
                citation=number + 1,
                label=entry.label,
                sign=str(entry.sign),
                uncertain=bool(entry.doubts),
                place=place,
                page=citation.page,
                rect=rect and (round(rect[0], 2), round(rect[1], 2), round(rect[2], 2), round(rect[3], 2)),
                leaf=entry.evidence.leaf,
            )


def require_usable(target: Path) -> None:
    """Raise `UsageProblem` where the folder cannot be written."""
    if target.is_symlink() or (target.exists() and not target.is_dir()):
        raise UsageProblem(f"{target}: is there already and is no folder; choose another name with -o")
    if not target.absolute().parent.is_dir():
        raise UsageProblem(f"{target.parent}: no such folder; make it, or choose another name with -o")
    if target.is_dir() and any(target.iterdir()) and not (target / LIST).is_file():
        raise UsageProblem(f"{target}: has files that this program did not write there; choose another name with -o")


@contextmanager
def staged(target: Path) -> Iterator[Path]:
    """A folder beside the target, whose files move there once all of them are written."""
    work = target.absolute().with_name(f".{target.name}.part")
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir()
    try:
        yield work
        target.mkdir(exist_ok=True)
        for place in sorted(work.rglob("*")):
            there = target / place.relative_to(work)
            if place.is_dir():
                there.mkdir(exist_ok=True)
            else:
                place.replace(there)
    finally:
        shutil.rmtree(work, ignore_errors=True)
