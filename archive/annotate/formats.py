"""Which way a report is annotated: by its format, and by what the file allows."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path, PurePath

from msgspec import Struct, field

from archive.annotate.entries import AnnexFacts
from archive.annotate.html import annotate_html
from archive.annotate.office import annotate_docx, annotate_flat_odt, annotate_odt
from archive.annotate.opened import OpenedBag
from archive.annotate.pdf.source import NotExtendable
from archive.annotate.plain import annex_text, annotate_text
from archive.annotate.spliced import Spliced
from archive.cite.extract import Rect
from archive.cite.isolate import places_isolated
from archive.cite.readers import kind_of
from archive.errors import ReportUnreadable


class Added(Struct, frozen=True):
    """What was written for a report."""

    file: str
    """Name of the annotated file, or of the annex beside the report."""
    method: str
    """As in `Annotation.method`."""
    why_apart: str | None = None
    places: dict[tuple[str, int], tuple[str, Rect | None]] = field(default_factory=dict)
    """Source and citation (from 0) -> kind of place, and the box of a mark on a page."""


SPLICERS: dict[str, tuple[str, Callable[[Path, AnnexFacts, str], Spliced]]] = {
    "docx": ("comments", annotate_docx),
    "odt": ("comments", annotate_odt),
    "flat-odt": ("comments", annotate_flat_odt),
    "html": ("attributes", annotate_html),
    "markdown": ("appended", annotate_text),
    "plain": ("appended", annotate_text),
}
"""Kind of report -> the method, and what makes the annotated bytes of it."""


def annotated(opened: OpenedBag, facts: AnnexFacts, folder: Path) -> Added:
    """Write the annotated copy of the report into a folder."""
    report = folder / facts.report_name
    with report.open("wb") as file:
        for chunk in opened.chunks(opened.report_path):
            file.write(chunk)
    text = b"".join(opened.chunks(layout_text)) if (layout_text := _text_path(opened)) else b""
    try:
        return annotated_file(report, facts, text.decode("utf-8", "replace"))
    except NotExtendable as apart:
        return _apart(report, facts, apart.code)


def _text_path(opened: OpenedBag) -> str | None:
    from archive_manifests.layout import REPORT_TEXT

    return REPORT_TEXT if REPORT_TEXT in opened.entries else None


def report_kind(report: Path) -> str:
    """The kind of a report's file. Raises `NotExtendable` for one that nobody can read."""
    with report.open("rb") as file:
        head = file.read(1024)
    try:
        kind = kind_of(head, PurePath(report.name).suffix.lower())
    except ReportUnreadable as error:
        raise NotExtendable("unreadable") from error
    if kind != "zipped":
        return kind
    import zipfile

    try:
        with zipfile.ZipFile(report) as package:
            names = package.namelist()
    except (zipfile.BadZipFile, OSError, ValueError) as error:
        raise NotExtendable("unreadable") from error
    return "docx" if any(name.startswith("word/") for name in names) else "odt"


def annotated_file(report: Path, facts: AnnexFacts, text: str) -> Added:
    """Turn the copy of the report into `NAME.annotated.EXT`. Raises `NotExtendable`; the copy is then as it was.

    `text` is what the bag states as the report's text: places count in it.
    """
    kind = report_kind(report)
    target = report.with_name(f"{report.stem}.annotated{report.suffix}")
    if kind == "pdf":
        return _annotated_pdf(report, facts, target)
    if kind not in SPLICERS:
        raise NotExtendable("no-annotation")
    method, make = SPLICERS[kind]
    spliced = make(report, facts, text)
    target.write_bytes(spliced.content)
    report.unlink()
    return Added(target.name, method, None, dict.fromkeys(spliced.marked, (spliced.kind, None)))


def _annotated_pdf(report: Path, facts: AnnexFacts, target: Path) -> Added:
    from archive.annotate.font import require_extra
    from archive.annotate.pdf import annotate_pdf
    from archive.annotate.pdf.source import ReportPdf

    require_extra()
    with report.open("rb") as stream:
        ReportPdf(stream)  # before its places are read: what is refused need not be read
        stream.seek(0)
        try:
            places = places_isolated(stream, report.name)
        except ReportUnreadable as error:
            raise NotExtendable("unreadable") from error
        made = annotate_pdf(stream, facts, places)
    with report.open("ab") as file:
        file.write(made.tail)
    report.rename(target)
    marked = {(mark.source, mark.citation): ("margin", mark.rect) for mark in made.marks if mark.rect is not None}
    return Added(target.name, "incremental-update", None, dict(marked))


def _apart(report: Path, facts: AnnexFacts, why: str) -> Added:
    """Write the annex beside the report, which stays as it is: as PDF, or as text beside a table or a text."""
    kind = "plain" if why == "no-annotation" else "pdf"
    if kind == "plain":
        target = report.with_name(f"{report.stem}.annex.txt")
        target.write_text(annex_text(facts, why), "utf-8", newline="\n")
    else:
        from archive.annotate.pdf import annex_pdf

        target = report.with_name(f"{report.stem}.annex.pdf")
        target.write_bytes(annex_pdf(facts, why))
    return Added(target.name, "apart", why)
