"""A reader's copy without tools: the bag's page and the annotated report as a folder for a web server.

No script, no digest of a captured record, nothing that the page does not show: records, media and provenance stay in
the bag. Pictures stay covered as in the bag. Each page tells search engines to leave it out.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from archive.annotate.annotate import require_usable, staged, write_annotated
from archive.annotate.opened import OpenedBag, read_bag, require_sound
from archive.annotate.publishable import could_run, quiet_page
from archive.bag.open import open_bag
from archive.page.page import render_page
from archive.page.page_content import PageContent
from archive.page.source_pages import render_source_pages
from archive_manifests import layout
from archive_manifests.annotation import Annotation
from archive_manifests.ledger import Ledger, SourceEntry

ROBOTS = "User-agent: *\nDisallow: /\n"
_SHOWN = (".png", ".jpg", ".jpeg", ".webp", ".pdf")
_FOLDERS = ("report", "sources", "views")
"""Folders of a site that hold nothing but what a run writes."""
_NAMED = ("screenshot", "thumbnail", "page")


class SiteOrder(Struct, frozen=True):
    """What is wanted."""

    bag: Path
    target: Path
    language: str | None = None


class Site(Struct, frozen=True):
    """A finished folder."""

    folder: Path
    annotation: Annotation
    files: tuple[str, ...]
    has_report: bool
    """False where the report could run a program in the reader's browser, and is left out."""


def make_site(order: SiteOrder) -> Site:
    """Write the folder. Raises `NotAnnotatable`, `UsageProblem`, `BagUnreadable`, `ExtraMissing`, `OSError`."""
    require_usable(order.target)
    require_sound(order.bag)
    with open_bag(order.bag) as bag, staged(order.target) as folder:
        opened = read_bag(bag)
        annotation = write_annotated(opened, folder, order.language, False)
        report = _publish_report(folder, annotation)
        _write_pages(opened, folder, report, order.language)
        (folder / "robots.txt").write_text(ROBOTS, "ascii")
        files = tuple(sorted(place.relative_to(folder).as_posix() for place in folder.rglob("*") if place.is_file()))
    _remove_others(order.target, frozenset(files))
    return Site(order.target, annotation, files, report is not None)


def _remove_others(target: Path, files: frozenset[str]) -> None:
    """Remove what an earlier run wrote and this one did not: nobody wants it published any more."""
    for folder in _FOLDERS:
        for place in sorted((target / folder).rglob("*")):
            if (place.is_file() or place.is_symlink()) and place.relative_to(target).as_posix() not in files:
                place.unlink()


def _publish_report(folder: Path, annotation: Annotation) -> str | None:
    """Move the annotated report into its folder; return its path, or None for one that could run a program."""
    (folder / "report").mkdir()
    names = dict.fromkeys((annotation.file, annotation.report.name))
    shown = None
    for name in names:
        place = folder / name
        if not place.exists():
            continue
        if could_run(name, content := place.read_bytes()):
            place.unlink()
            continue
        if place.suffix.lower() in (".html", ".htm"):
            place.write_bytes(quiet_page(content))
        place.rename(folder / "report" / name)
        shown = shown or f"report/{name}"
    return shown


def _write_pages(opened: OpenedBag, folder: Path, report: str | None, language: str | None) -> None:
    """Write the page with what it shows: pictures and prints, each only where a browser rendered the page."""
    files: dict[str, int] = {}
    for path in _views(opened):
        place = folder / path.removeprefix(layout.PAYLOAD)
        place.parent.mkdir(parents=True, exist_ok=True)
        shown = b"".join(opened.chunks(path))
        if could_run(path, shown):
            continue  # a print keeps a page's links, and some lead to a program
        place.write_bytes(shown)
        files[path] = len(shown)
    ledger = published(opened.source.ledger, report)
    if ledger.report.path is not None:
        files[ledger.report.path] = (folder / str(report)).stat().st_size
    text = b"".join(opened.chunks(layout.REPORT_TEXT)) if layout.REPORT_TEXT in opened.entries else None
    words = None if text is None else text.decode("utf-8", "replace")
    content = PageContent(
        ledger=ledger, text=words, files=files, language=language, name=opened.bag.name, is_published=True
    )
    (folder / "index.html").write_text(render_page(content), "utf-8", newline="\n")
    for path, page in render_source_pages(content):
        place = folder / path.removeprefix(layout.PAYLOAD)
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(page, "utf-8", newline="\n")


def _views(opened: OpenedBag) -> Iterator[str]:
    for path in sorted(opened.entries):
        name = path.rpartition("/")[2]
        if path.startswith(layout.VIEWS) and name.startswith(_NAMED) and name.endswith(_SHOWN):
            yield path


def published(ledger: Ledger, report: str | None) -> Ledger:
    """What the public page says: verdicts and reasons, without the names of files in the bag.

    Lists of requests are left out: in their addresses a server may have echoed the documenter's own.
    """
    path = None if report is None else f"{layout.PAYLOAD}{report}"
    # The digest is of the report alone; the annex of the annotated one says what it is of.
    stated = replace(ledger.report.stated, sha256=None)
    name = None if report is None else report.rpartition("/")[2]
    entry = replace(ledger.report, stated=stated, path=path, name=name)
    return replace(ledger, report=entry, sources=tuple(map(_published_entry, ledger.sources)))


def _published_entry(entry: SourceEntry) -> SourceEntry:
    copies = tuple(replace(copy, files=(), records=()) for copy in entry.copies)
    return replace(entry, requisites=(), exchanges=(), submissions=(), copies=copies)
