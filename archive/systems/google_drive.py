"""Google Drive: a viewer without content, and the file behind it. Only the file itself is a capture.

The viewer's status does not describe the file: a failed download has status 200 and a page. A file is a response with
Content-Disposition that is no page. (gdown, download.py, and yt-dlp, googledrive.py, do the same.)
"""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlencode

from lxml import etree, html
from msgspec import Struct

from archive.capture.classify import is_page_named_as_file, judge
from archive.capture.classify.beginnings import READ_AT_MOST
from archive.capture.page import answer_of, capture_trail, is_html, onward, read, request_beside
from archive.capture.redirects import Trail
from archive.capture.visit import System, Visit, VisitOutcome
from archive.http.coding import CodingError
from archive.systems.drive_folder import FolderItem, fetch_folder, folder_at
from archive.systems.filenames import path_in_bag, stated_name
from archive.urls import Url, UrlError, parse
from archive.workfolder.recorded import Recorded
from archive_manifests.ledger import Facet, Status, Verdict
from archive_manifests.notes import Note, note
from archive_manifests.plain_text import excerpt

HOSTS = ("drive.google.com", "docs.google.com", "drive.usercontent.google.com")
_FILE_PATH = re.compile(r"(?:/a/[^/]+)?(?:/u/\d+)?/file/(?:u/\d+/)?d/([\w-]{10,})")
_DOCUMENT = re.compile(r"(?:/a/[^/]+)?/(document|spreadsheets|presentation)/(?:u/\d+/)?d/(?!e/)([\w-]{10,})")
_EXPORTS = {"document": ("pdf", "docx"), "spreadsheets": ("pdf", "xlsx"), "presentation": ("pdf", "pptx")}
"""The export formats of each kind of document: one that anybody can read, one in the format of its kind."""
_QUOTA = re.compile(r"quota exceeded|too many users have (?:viewed|downloaded)|download quota", re.IGNORECASE)
_CAPTION = re.compile(r'<p class="uc-error-(?:sub)?caption">(.{1,400}?)</p>', re.DOTALL)
_FORMS_AT_MOST = 2


class DriveFile(Struct, frozen=True):
    """A file or document at a Drive address."""

    id: str
    kind: str
    """`file`, or a kind of document: `document`, `spreadsheets`, `presentation`."""
    resource_key: str | None = None
    """Files shared before September 2021 may open only with it."""

    def downloads(self) -> list[tuple[str, Url]]:
        """The downloads, each with the stem of its file in the bag."""
        key = f"&resourcekey={self.resource_key}" if self.resource_key else ""
        if self.kind == "file":
            return [("file", parse(f"https://drive.google.com/uc?export=download&id={self.id}{key}"))]
        base = f"https://docs.google.com/{self.kind}/d/{self.id}/export?format="
        return [(f"export-{fmt}", parse(f"{base}{fmt}{key}")) for fmt in _EXPORTS[self.kind]]


def drive_file_at(url: Url) -> DriveFile | None:
    """The file or document at an address; None for a folder, a published page, or any other address of these hosts."""
    if url.host not in HOSTS:
        return None
    query = parse_qs(url.target.partition("?")[2])
    key = next((value for value in query.get("resourcekey", []) if re.fullmatch(r"[\w-]{1,100}", value)), None)
    document = _DOCUMENT.match(url.path)
    if document is not None and url.host == "docs.google.com":
        return DriveFile(document[2], document[1], key)
    by_path = _FILE_PATH.match(url.path)
    if by_path is not None:
        return DriveFile(by_path[1], "file", key)
    by_query = next((value for value in query.get("id", []) if re.fullmatch(r"[\w-]{10,}", value)), None)
    if by_query is not None and url.path in ("/open", "/uc", "/download", "/file", "/u/0/uc", "/u/0/open"):
        return DriveFile(by_query, "file", key)
    return None


class GoogleDrive(System):
    """The view page as cited, then the file itself; documents by export."""

    name = "google-drive"

    def claims(self, url: Url) -> bool:
        return drive_file_at(url) is not None or folder_at(url) is not None

    def other_addresses(self, url: Url) -> list[tuple[Url, Note]]:
        drive_file, folder = drive_file_at(url), folder_at(url)
        if folder is not None:
            return [(folder.listing, note("form-folder-list"))]
        return [(download, note("form-file")) for _, download in drive_file.downloads()] if drive_file else []

    def capture(self, visit: Visit) -> VisitOutcome:
        trail = visit.follow(visit.url, onward=onward)
        if is_file(trail.final):
            outcome = VisitOutcome(Verdict(Status.CAPTURED), trail)
            _write_file(visit, outcome, "file", trail.final)
            return outcome
        outcome = capture_trail(visit, trail)
        request_beside(visit, outcome)
        if outcome.verdict.status not in (Status.CAPTURED, Status.PARTIAL):
            return outcome
        # `open?id=` redirects to an address that shows the kind of file.
        folder = folder_at(trail.final.url) or folder_at(visit.url)
        drive_file = drive_file_at(trail.final.url) or drive_file_at(visit.url)
        if folder is not None:
            fetch_folder(visit, outcome, folder, lambda stem, item: _fetch_item(visit, outcome, stem, item))
        elif drive_file is not None:
            _fetch_files(visit, outcome, drive_file)
        return outcome


def _fetch_item(visit: Visit, outcome: VisitOutcome, stem: str, item: FolderItem) -> Verdict | None:
    """Download one item of a folder's list, in each of its formats; None where it is not on Drive."""
    drive_file = drive_file_at(item.url)
    if drive_file is None:
        return None
    verdicts = [
        _fetch(visit, outcome, stem if form == "file" else f"{stem}-{form.removeprefix('export-')}", url)
        for form, url in drive_file.downloads()
    ]
    return next((verdict for verdict in verdicts if verdict.status is not Status.CAPTURED), verdicts[0])


def _fetch_files(visit: Visit, outcome: VisitOutcome, drive_file: DriveFile) -> None:
    """Download the file of a viewer page; the verdict is the file's."""
    verdicts = [_fetch(visit, outcome, stem, url) for stem, url in drive_file.downloads()]
    good = [verdict for verdict in verdicts if verdict.status is Status.CAPTURED]
    lost = [verdict for verdict in verdicts if verdict.status is not Status.CAPTURED]
    if good and not lost:
        outcome.verdict, outcome.media = Verdict(Status.CAPTURED), Facet(True)
    elif good:
        detail = note("drive-form-missing", n=len(verdicts), why=_why(lost[0]))
        outcome.verdict, outcome.media = Verdict(Status.PARTIAL, "media", detail), Facet(True)
    else:
        outcome.verdict = _without_the_file(lost[0])
        outcome.media = Facet(False, note("drive-file-missing", why=_why(lost[0])))


def _why(verdict: Verdict) -> Note:
    return verdict.detail or note("source-is", verdict=str(verdict.status))


def _without_the_file(verdict: Verdict) -> Verdict:
    """The verdict on a viewer page without its file: the cause where it is known, else that the file is missing."""
    if verdict.status is Status.BLOCKED or verdict.reason == "not-found":
        return verdict
    return Verdict(Status.PARTIAL, "media", note("drive-viewer-only", why=_why(verdict)))


def _fetch(visit: Visit, outcome: VisitOutcome, stem: str, url: Url) -> Verdict:
    """Download a file through the forms before it; returns the verdict."""
    for _ in range(_FORMS_AT_MOST + 1):
        trail = visit.follow(url)
        outcome.extra_records += trail.records
        if is_file(trail.final):
            return _write_file(visit, outcome, stem, trail.final)
        confirmed = confirmation(trail.final)
        if confirmed is None or confirmed.href == url.href:
            return _why_no_file(trail, url)
        outcome.notes.append(note("drive-scan-form"))
        url = confirmed
    return Verdict(Status.PARTIAL, "media", note("drive-forms"))


def is_file(recorded: Recorded) -> bool:
    """True for the response with the file itself, not a page about it."""
    return recorded.status == 200 and recorded.header("Content-Disposition") is not None and not _is_page(recorded)


def _is_page(recorded: Recorded) -> bool:
    disposition = (recorded.header("Content-Disposition") or "").lstrip().lower()
    if not disposition.startswith("attachment"):
        return is_html(recorded)
    suffix = (stated_name(recorded) or "").rpartition(".")[2].lower()
    return is_page_named_as_file(recorded.content(READ_AT_MOST), suffix)  # a sign-in page sent as `report.pdf`


def _write_file(visit: Visit, outcome: VisitOutcome, stem: str, recorded: Recorded) -> Verdict:
    """Write the file beside the records as well, for readers without a WARC tool."""
    name = stated_name(recorded)
    if name is not None:
        outcome.notes.append(note("file-name", detail=name))
    if modified := excerpt(recorded.header("Last-Modified"), 40):
        outcome.notes.append(note("file-changed", detail=modified))
    if recorded.is_cut:
        return Verdict(Status.PARTIAL, "truncated", note("file-cut"))
    path = path_in_bag(visit.id, stem, name, recorded.media_type)
    try:
        visit.derived.save_payload(path, recorded, visit.settings.max_size)
    except CodingError as error:
        outcome.notes.append(note("file-only-in-record", detail=str(error)))
    else:
        outcome.files.append(path)
    outcome.media = Facet(True)
    return Verdict(Status.CAPTURED)


def confirmation(recorded: Recorded) -> Url | None:
    """The target of the form that confirms a download without a virus scan, with all of its hidden fields."""
    if recorded.status != 200 or not is_html(recorded):
        return None
    try:
        page = html.fromstring(recorded.content(1 << 20))
    except (etree.LxmlError, ValueError):
        return None
    for form in page.iter("form"):
        action = form.get("action") or ""
        fields = [(f.get("name"), f.get("value") or "") for f in form.iter("input") if f.get("type") == "hidden"]
        named = [(name, value) for name, value in fields if name]
        target = _target_of(action, recorded.url)
        if target is not None and ("confirm" in dict(named) or form.get("id") == "download-form"):
            before = target.target.partition("?")[2]
            query = "&".join(part for part in (before, urlencode(named)) if part)
            return parse(f"{target.origin}{target.path}?{query}")
    return None


def _target_of(action: str, base: Url) -> Url | None:
    """A form's target, where it is on Drive."""
    try:
        target = parse(action, base)
    except UrlError:
        return None
    return target if target.host in HOSTS and target.scheme == "https" else None


def _why_no_file(trail: Trail, url: Url) -> Verdict:
    """The verdict on a response that is not the file."""
    if trail.broke is not None:
        return trail.broke
    final = trail.final
    content = final.content(1 << 20).decode("utf-8", "replace")
    said = " ".join(" ".join(_CAPTION.findall(content)).split())[:300]
    if _QUOTA.search(content):
        return Verdict(Status.BLOCKED, "rate", note("drive-quota-says", detail=said) if said else note("drive-quota"))
    verdict = judge(answer_of(trail, read(final)), cited=url)
    if verdict.status in (Status.CAPTURED, Status.PARTIAL):
        return Verdict(Status.PARTIAL, "media", note("drive-other-says", detail=said) if said else note("drive-other"))
    return verdict
