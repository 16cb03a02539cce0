"""Checks a package before anything of it is written: its members, their names, its size unpacked."""

from __future__ import annotations

import os
import re
from collections import defaultdict
from collections.abc import Iterable
from itertools import islice

from archive.bag.interface import Bag
from archive.bag.system_files import advice_on, unlisted_payload
from archive.bag.tagfiles import TagFiles, list_tag_files, read_tag_files
from archive.errors import ArchiveError
from archive.verify.files.fixity import check_tag_fixity
from archive.verify.files.names import folded, odd_names, twins
from archive.verify.files.structure import check_folders, check_oxum, check_structure
from archive_manifests import layout
from archive_manifests.finding_codes import make_finding
from archive_manifests.findings import Finding, Severity
from archive_manifests.paths import BagPath

DEPTH_LIMIT = 64
PATH_LIMIT = 4096
"""Bytes of a path."""

BLOCK = 4096
"""What a file takes on the disk at the least."""

MOST = 100
"""Files that are named one by one."""

_PLAIN = re.compile(r"\w[\w .@+(),&=\[\]'-]{0,199}\Z")
_NOT_PLAIN = re.compile(r"[^\w.@+-]+")


class PackageRefused(ArchiveError):
    """A package that is not taken in: `findings` say why."""

    exit_code = 1

    def __init__(self, findings: Iterable[Finding], *, is_whole: bool = False) -> None:
        """`is_whole`: these are the findings of a whole verification."""
        self.findings = tuple(findings)
        self.is_whole = is_whole
        first = self.findings[0]
        super().__init__(f"{first.code} {first.path or ''}".strip())


def judge(bag: Bag) -> int:
    """Bytes that the bag will take on the disk. Raises `Refused` with everything that speaks against unpacking it."""
    _refuse(_errors(bag.findings))  # a package that is broken or hostile is not looked at further
    entries = [*bag.tag_entries(), *bag.payload_entries()]
    paths, of_name = [entry.path for entry in entries], _of_name(bag.name)
    hostile = [*_of_paths(paths), *_twins(paths)]
    _refuse([*of_name, *hostile] if hostile else [])
    tags = list_tag_files(bag)
    read_tag_files(tags, bag.reader())
    check_structure(bag, tags)
    if tags.is_ours:
        check_folders(bag, tags)  # unpacked, it would be gone
    payload = {entry.path: entry.size for entry in entries if entry.path.startswith(layout.PAYLOAD)}
    holes = sorted(
        path for path in (tags.fetch.paths if tags.fetch else ()) if path not in payload and path in tags.table.row_of
    )
    of_system = {path: size for path, size in payload.items() if advice_on(path) and path not in tags.table.row_of}
    if not holes:  # else the payload is not all here, as the bag says itself
        check_oxum(tags, sum(payload.values()), len(payload), of_system)
    incomplete = [make_finding("fetch-hole", BagPath(path)) for path in holes[:MOST]]
    wrong = [*of_name, *_errors([*bag.findings, *tags.findings, *check_tag_fixity(tags)])]
    _refuse([*wrong, *incomplete, *_named(tags, payload, {*holes})] if wrong or holes or of_system else [])
    return sum(entry.size + -entry.size % BLOCK for entry in entries)


def _named(tags: TagFiles, payload: dict[str, int], holes: set[str]) -> list[Finding]:
    """Which files are missing or too many, where the package is refused anyway: a sum alone helps nobody."""
    stated = tags.table.row_of
    gone = (path for path in stated if path not in payload and path not in holes and tags.is_readable(path))
    missing = (make_finding("payload-missing", BagPath(path)) for path in gone)
    more = (path for path in payload if path not in stated and tags.is_readable(path))
    return [*islice(missing, MOST), *islice(map(unlisted_payload, more), MOST)]


def _errors(findings: Iterable[Finding]) -> list[Finding]:
    return [finding for finding in findings if finding.severity is Severity.ERROR]


def _refuse(findings: list[Finding]) -> None:
    if findings:
        raise PackageRefused(findings)


def check_name(name: str) -> None:
    """Raise `Refused` for a name that is not to become a folder here."""
    _refuse(_of_name(name))


def _of_name(name: str) -> list[Finding]:
    """The folder's name becomes a name here: no mark, no command's switch, nothing that this tool reads into a name."""
    wrong = None
    if not is_plain_name(name):
        wrong = "letters, digits, blanks and . _ - @ + ( ) [ ] , & = ' only, a letter or digit first"
    elif name.lower().endswith((".seal", ".part")):
        wrong = "a bag, not what lies beside one"
    if wrong is None:
        return []
    better = _NOT_PLAIN.sub("_", name.removesuffix(".seal").removesuffix(".part")).strip("._-")[:100] or "bag"
    note = f"no manifest states the folder's name: rename it, to {better} for example, and package it again"
    return [make_finding("package-folder-name", BagPath(name), expected=wrong, found=ascii(name), note=note)]


def is_plain_name(name: str) -> bool:
    """True for a name that may become that of a folder or file here."""
    return _PLAIN.match(name) is not None and not list(odd_names([name]))


def _of_paths(paths: list[str]) -> list[Finding]:
    found = [
        make_finding(
            "package-too-deep", BagPath(path[:200]), found=f"{path.count('/')} folders, {len(path):,} characters"
        )
        for path in paths
        if path.count("/") > DEPTH_LIMIT or len(os.fsencode(path)) > PATH_LIMIT
    ]
    codes = {"name-unencodable"} if os.name != "nt" else {"name-unencodable", "name-unsafe"}
    odd = ((path, code, what) for path, code, what in odd_names(paths) if code in codes)
    return found + [make_finding(code, BagPath(path), found=what, severity=Severity.ERROR) for path, code, what in odd]


def _twins(paths: list[str]) -> list[Finding]:
    """Files, or folders on their way, that macOS and Windows take for one."""
    folders: defaultdict[str, set[str]] = defaultdict(set)
    for path in paths:
        folder = path.rpartition("/")[0]
        while folder and folder not in folders[folded(folder)]:
            folders[folded(folder)].add(folder)
            folder = folder.rpartition("/")[0]
    groups = [*twins(paths), *(sorted(group) for group in folders.values() if len(group) > 1)]
    return [make_finding("package-twins", BagPath(group[0]), found=", ".join(group[1:])[:200]) for group in groups]
