"""Folders of Google Drive: the list for pages that embed a folder, and the files on it.

Only scripts render the folder's own page. The list needs neither account nor key; it is not documented, and files that
it omits stay unknown.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import chain
from typing import cast
from urllib.parse import parse_qs

from lxml import etree, html
from msgspec import Struct

from archive.capture.page import is_html
from archive.capture.visit import Visit, VisitOutcome
from archive.urls import Url, UrlError, parse
from archive.workfolder.recorded import Recorded
from archive_manifests.ledger import Facet, Status, Verdict
from archive_manifests.notes import Note, note

FILES_AT_MOST = 200
"""Files of one folder, including those in its subfolders."""
FOLDERS_AT_MOST = 20
DEPTH = 3
_PROBLEMS_LISTED = 8
_HOST = "drive.google.com"
_PATH = re.compile(r"(?:/a/[^/]+)?/drive/(?:u/\d+/|mobile/)?folders/([\w-]{10,})")
_BY_QUERY = ("/folderview", "/embeddedfolderview", "/drive/folderview")
_ID = re.compile(r"[\w-]{10,}\Z")
_READ_AT_MOST = 8 << 20


class Folder(Struct, frozen=True):
    """A folder at a Drive address."""

    id: str
    resource_key: str | None = None
    depth: int = 0

    @property
    def listing(self) -> Url:
        key = f"&resourcekey={self.resource_key}" if self.resource_key else ""
        return parse(f"https://{_HOST}/embeddedfolderview?id={self.id}{key}")


class FolderItem(Struct, frozen=True):
    """One item of a folder's list."""

    title: str
    url: Url


Fetch = Callable[[str, FolderItem], Verdict | None]
"""Downloads one item into files with this stem; None for what is not on Drive."""


def folder_at(url: Url, depth: int = 0) -> Folder | None:
    """The folder at an address; None for any other address."""
    if url.host != _HOST:
        return None
    query = parse_qs(url.target.partition("?")[2])
    key = next((value for value in query.get("resourcekey", []) if re.fullmatch(r"[\w-]{1,100}", value)), None)
    by_path = _PATH.match(url.path)
    if by_path is not None:
        return Folder(by_path[1], key, depth)
    by_query = next((value for value in query.get("id", []) if _ID.match(value)), None)
    return Folder(by_query, key, depth) if by_query is not None and url.path in _BY_QUERY else None


def read_listing(recorded: Recorded) -> list[FolderItem] | None:
    """The items of a folder's list, in its order; None where the response is no list."""
    if recorded.status != 200 or not is_html(recorded):
        return None
    try:
        page = cast(html.HtmlElement, html.document_fromstring(recorded.content(_READ_AT_MOST)))
    except (etree.LxmlError, ValueError):
        return None
    entries = page.find_class("flip-entry")
    if not entries and not page.find_class("flip-entries") and not page.find_class("folderview"):
        return None
    return [each for entry in entries if (each := _parse_item(entry, recorded.url)) is not None]


def _parse_item(entry: html.HtmlElement, base: Url) -> FolderItem | None:
    titles = entry.find_class("flip-entry-title")
    anchor = next(chain(entry.iter("a"), entry.iterancestors("a")), None)
    try:
        url = parse(anchor.get("href") or "", base) if anchor is not None else None
    except UrlError:
        return None
    title = " ".join(titles[0].text_content().split())[:300] if titles else ""
    return FolderItem(title, url) if url is not None and url.is_web else None


def fetch_folder(visit: Visit, outcome: VisitOutcome, folder: Folder, fetch: Fetch) -> None:
    """Download the files of a folder; the verdict is theirs."""
    lost: list[Note] = []
    number = 0
    walk = _FolderWalk(visit, outcome)
    for listed in walk.files(folder):
        if number == FILES_AT_MOST:
            walk.more = True
            break
        verdict = fetch(f"file-{number + 1:03d}", listed)
        if verdict is None:
            lost.append(note("folder-leads-out", name=listed.title, host=listed.url.host))
            continue
        number += 1
        if verdict.status is not Status.CAPTURED:
            lost.append(
                note(
                    "folder-item",
                    name=listed.title,
                    why=verdict.detail or note("source-is", verdict=str(verdict.status)),
                )
            )
    _judge(outcome, walk, number, lost)


def _judge(outcome: VisitOutcome, walk: _FolderWalk, number: int, lost: list[Note]) -> None:
    problems = [*walk.problems, *lost]
    files_written = len(outcome.files)
    if not number and problems:
        outcome.verdict = Verdict(Status.PARTIAL, "media", note("drive-folder-missing", why=problems[0]))
    elif not number:
        outcome.verdict = Verdict(Status.PARTIAL, "media", note("drive-folder-empty"))
    elif problems:
        partly = note("drive-folder-partly", n=files_written, all=len(problems), why=tuple(problems[:_PROBLEMS_LISTED]))
        outcome.verdict = Verdict(Status.PARTIAL, "media", partly)
    elif walk.more:
        more = note("drive-folder-more", n=FILES_AT_MOST, all=FOLDERS_AT_MOST)
        outcome.verdict = Verdict(Status.PARTIAL, "policy", more)
    else:
        outcome.verdict = Verdict(Status.CAPTURED, None, note("drive-folder", n=number))
    outcome.media = Facet(bool(files_written), None if files_written else outcome.verdict.detail)


class _FolderWalk:
    """Walks through a folder and its subfolders: each is requested once, within limits."""

    def __init__(self, visit: Visit, outcome: VisitOutcome) -> None:
        self._visit, self._outcome = visit, outcome
        self.problems: list[Note] = []
        self.more = False

    def files(self, first: Folder) -> Iterator[FolderItem]:
        waiting, visited = [first], set[str]()
        while waiting:
            folder = waiting.pop(0)
            if folder.id in visited:
                continue
            if len(visited) == FOLDERS_AT_MOST or folder.depth > DEPTH:
                self.more = True
                continue
            visited.add(folder.id)
            for listed in self._list(folder):
                inner = folder_at(listed.url, folder.depth + 1)
                if inner is None:
                    yield listed
                else:
                    waiting.append(inner)

    def _list(self, folder: Folder) -> list[FolderItem]:
        trail = self._visit.follow(folder.listing)
        self._outcome.extra_records += trail.records
        listed = read_listing(trail.final) if trail.broke is None else None
        if listed is None:
            why = (trail.broke.detail if trail.broke is not None else None) or _no_list(trail.final)
            self.problems.append(note("drive-folder-no-list", name=folder.id, why=why))
        return listed or []


def _no_list(recorded: Recorded) -> Note:
    return note("drive-no-list", status=recorded.status or 0)
