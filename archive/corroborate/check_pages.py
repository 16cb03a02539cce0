"""The pages of a corroboration compared with its document."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from msgspec.structs import replace

from archive.corroborate.page import SOURCES, render_corroboration, render_source_pages
from archive.trust import seal_folder
from archive.trust.seal_folder import FileRefused
from archive.version import AGENT
from archive.words import languages
from archive_manifests.corroboration import PAGE, Corroboration
from archive_manifests.finding_codes import make_finding
from archive_manifests.findings import Finding, Severity
from archive_manifests.paths import BagPath

LARGEST_PAGE = 64 << 20
_PAGES = (".html", ".htm", ".xhtml", ".svg", ".mht", ".mhtml")
_MOST_SHOWN = 20
"""Findings of one folder: one page each."""


def check_pages(folder: Path, document: Corroboration) -> Iterator[Finding]:
    """Every page in the folder is what the document gives in one of the languages: nobody signs pages.

    One that is not there misleads nobody. Another one, which the document does not give, is a finding like one that
    was altered.
    """
    wrong = _there(folder)
    for code in languages():
        for name, text in _given(document, code) if wrong else ():
            if name in wrong and _content(folder, name) == text.encode():
                del wrong[name]
    for name in sorted(wrong)[:_MOST_SHOWN]:
        found = make_finding("corroboration-page", BagPath(f"{folder.name}/{name}"), note=wrong[name])
        # Another version may word and lay out the same result otherwise.
        may_differ = document.software != AGENT and not wrong[name]
        yield replace(found, severity=Severity.WARNING, note=document.software) if may_differ else found


def _there(folder: Path) -> dict[str, str]:
    """The pages that lie in the folder; to each, why it cannot be read, where it cannot."""
    names = [one.name for one in folder.iterdir() if one.suffix.lower() in _PAGES]
    place = folder / SOURCES
    if place.is_dir() and not place.is_symlink():
        names += [f"{SOURCES}{one.name}" for one in place.iterdir()]
    elif os.path.lexists(place):
        names.append(SOURCES.rstrip("/"))
    names += _deeper(folder)
    found = {}
    for name in names:
        content = _content(folder, name)
        found[name] = str(content) if isinstance(content, FileRefused) else ""
    return found


def _deeper(folder: Path) -> list[str]:
    """Pages in other folders below, where no page of ours is; links are not followed."""
    found = []
    for root, folders, files in os.walk(folder):
        if Path(root) == folder:
            folders[:] = [name for name in folders if f"{name}/" != SOURCES]
            continue
        here = Path(root).relative_to(folder).as_posix()
        found += [f"{here}/{name}" for name in files if Path(name).suffix.lower() in _PAGES]
    return found


def _content(folder: Path, name: str) -> bytes | FileRefused:
    try:
        return seal_folder.read_file(folder, name, LARGEST_PAGE)
    except FileRefused as error:
        return error


def _given(document: Corroboration, language: str) -> Iterator[tuple[str, str]]:
    yield PAGE, render_corroboration(document, language)
    for name, text in render_source_pages(document, language):
        yield f"{SOURCES}{name}", text
