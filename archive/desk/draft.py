"""A report on its way to a bag: the file that was dropped, what a person reviewed of it, and the choices for the run.

FOLDER/.desk/NAME/
report/         the report under its own name
reading.json    what the program read in it
sources.toml    the source manifest, as reviewed
choices.json    proxy, browser, and the like
job.json        what the last run was started with      events.jsonl    what it reported
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
from pathlib import Path

import msgspec
from msgspec.structs import replace

from archive.cite import CitedReport, read_report, source_manifest
from archive.desk.choices import Choices
from archive.errors import StatementError, UsageProblem
from archive_manifests.source_toml import from_toml, to_toml
from archive_manifests.sources import SourceManifest

FOLDER = ".desk"
LARGEST_REPORT = 1 << 30
_UNSAFE = re.compile(r'[\x00-\x1f\x7f-\x9f/\\:*?"<>|\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]')
_RESERVED = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|\Z)", re.IGNORECASE)
_TAKEN = frozenset({"outbox", "uploads", "pictures"})
"""Names in the folder that are the desk's own."""
_MEANING_SUFFIXES = (".part", ".seal", ".tar", ".gz", ".zip", ".wacz", ".toml")
"""Ends of names that say what something is: a bag that is called so would be taken for it."""
_MANIFEST, _READING, _CHOICES = "sources.toml", "reading.json", "choices.json"


def safe_name(given: str) -> str:
    """A file's name as a browser gave it, made safe as a name in a folder: no path, no hidden file, no device."""
    name = _UNSAFE.sub("_", re.split(r"[/\\]", given)[-1]).strip(" .")
    stem, dot, suffix = name.rpartition(".")
    name = f"{_within(stem, 180)}{dot}{_within(suffix, 40)}" if dot else _within(name, 180)
    return f"_{name}" if not name or _RESERVED.match(name) else name


def _within(text: str, octets: int) -> str:
    """The beginning of a text, in so many bytes: file systems count bytes, and take 255 of them."""
    return text.encode()[:octets].decode("utf-8", "ignore")


class ReportDraft:
    """One report in preparation. Every change is on the disk when a method returns."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @property
    def name(self) -> str:
        """The name of the bag that it becomes."""
        return self.folder.name

    @property
    def bag(self) -> Path:
        return self.folder.parents[1] / self.name

    @property
    def work(self) -> Path:
        return self.bag.with_name(f"{self.name}.part")

    @property
    def sources_file(self) -> Path:
        return self.folder / _MANIFEST

    @property
    def report(self) -> Path | None:
        """The report's file; None where only a source manifest was given."""
        folder = self.folder / "report"
        return next((place for place in folder.iterdir() if place.is_file()), None) if folder.is_dir() else None

    def reading(self) -> CitedReport | None:
        """What was read in the report."""
        try:
            return msgspec.json.decode((self.folder / _READING).read_bytes(), type=CitedReport)
        except (OSError, msgspec.MsgspecError):
            return None

    def manifest(self) -> SourceManifest:
        """The source manifest as reviewed so far. Raises `StatementError`, `OSError`."""
        return from_toml(self.sources_file.read_text("utf-8"))

    def write_manifest(self, manifest: SourceManifest) -> None:
        _replace(self.sources_file, to_toml(manifest).encode())

    def choices(self) -> Choices:
        try:
            return msgspec.json.decode((self.folder / _CHOICES).read_bytes(), type=Choices)
        except (OSError, msgspec.MsgspecError):
            return Choices()

    def write_choices(self, choices: Choices) -> None:
        _replace(self.folder / _CHOICES, msgspec.json.encode(choices))

    def set_published(self, published: bool | None) -> None:
        manifest = self.manifest()
        self.write_manifest(replace(manifest, report=replace(manifest.report, published=published)))

    def discard(self) -> None:
        """Remove the draft, and its copy of the report."""
        shutil.rmtree(self.folder)

    @property
    def is_begun(self) -> bool:
        """True once a run was started: its sources stay as they are from then on."""
        return self.work.is_dir() or self.bag.exists()


def new_draft(root: Path, given: Path) -> ReportDraft:
    """Make a draft of a report, or of a source manifest, that lies in a folder of its own; it is moved in.

    The same file again gives the draft that is there. Raises `ReportUnreadable`, `StatementError`, `OSError`.
    """
    if given.suffix.lower() == ".toml":
        return _of_manifest(root, given)
    cited = read_report(given)
    manifest = source_manifest(cited)
    for draft in drafts(root):
        if draft.report is not None and not draft.is_begun and _digest(draft.report) == manifest.report.sha256:
            return draft
    draft = _make(root, manifest, _short_stem(given, manifest))
    (draft.folder / "report").mkdir(mode=0o700)
    shutil.move(given, draft.folder / "report" / given.name)
    _replace(draft.folder / _READING, msgspec.json.encode(cited))
    return draft


def _of_manifest(root: Path, given: Path) -> ReportDraft:
    try:
        manifest = from_toml(given.read_text("utf-8"))
    except UnicodeDecodeError as error:
        raise StatementError(f"{given.name}: not UTF-8; a source manifest is TOML in UTF-8") from error
    if any(source.supplied for source in manifest.sources):
        raise UsageProblem(f"{given.name}: it supplies files, which did not come along; use `archive fetch` for it")
    return _make(root, manifest)


def copy_draft(draft: ReportDraft) -> ReportDraft:
    """A draft of the same report under a free name: what was begun stays, and the new one can be changed."""
    root = draft.folder.parents[1]
    other = _make(root, draft.manifest())
    if draft.report is not None:
        shutil.copytree(draft.folder / "report", other.folder / "report")
        shutil.copy(draft.folder / _READING, other.folder / _READING)
    other.write_choices(draft.choices())
    return other


def drafts(root: Path) -> list[ReportDraft]:
    """The drafts of a folder, by name. One with links in it came from elsewhere, and is left alone."""
    folder = root / FOLDER
    if not folder.is_dir():
        return []
    return [ReportDraft(place) for place in sorted(folder.iterdir()) if _is_draft(place)]


def _is_draft(place: Path) -> bool:
    try:
        if place.is_symlink() or not (place / _MANIFEST).is_file():
            return False
        return not any(inside.is_symlink() for inside in place.iterdir())
    except OSError:
        return False


def _short_stem(given: Path, manifest: SourceManifest) -> str | None:
    """The stem of a file's name that is too short for a report's id, and says more than a digest."""
    ident, digest = manifest.report.id, manifest.report.sha256 or "-"
    has_none = ident.startswith("report-") and ident.endswith(digest[:8])
    return given.stem if has_none and re.fullmatch(r"[A-Za-z0-9]+", given.stem) else None


def _make(root: Path, manifest: SourceManifest, name: str | None = None) -> ReportDraft:
    """A folder for a draft, under the report's id or the next free name."""
    (root / FOLDER).mkdir(mode=0o700, exist_ok=True)
    name, number = name or manifest.report.id, 1
    if name.lower() in _TAKEN or name.lower().endswith(_MEANING_SUFFIXES) or _RESERVED.match(name):
        name = f"{name.replace('.', '-')}-report"
    stem = name
    while any(place.exists() for place in (root / name, root / f"{name}.part", root / FOLDER / name)):
        number += 1
        name = f"{stem}-{number}"
    draft = ReportDraft(root / FOLDER / name)
    draft.folder.mkdir(mode=0o700)
    draft.write_manifest(manifest)
    return draft


def _digest(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _replace(place: Path, content: bytes) -> None:
    """Write a file whole or not at all."""
    partial = place.with_name(f".{place.name}.new")
    with partial.open("wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())
    partial.replace(place)
