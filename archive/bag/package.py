"""What packages have in common: the base directory in them, refused names, and limits of size.

RFC 8493 leaves packaging open; that a package holds one folder, the bag, is the last word of the drafts before it
(draft-kunze-bagit-14, section 4), and what partners ask for. What other packers do otherwise and harmlessly is a
warning: `docs/reference/other-writers.md` lists it.
"""

from __future__ import annotations

import copy
import zlib
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from isal import igzip, igzip_lib

from archive.bag.interface import Bag, Broken, Entry, stem
from archive.bag.system_files import is_macos_extra
from archive_manifests import layout
from archive_manifests.finding_codes import make_finding
from archive_manifests.findings import Severity
from archive_manifests.paths import BagPath

MEMBER_LIMIT = 2_000_000
"""Members of one package."""

RATIO_LIMIT = 100
"""Bytes out for one byte in, once more than `RATIO_FLOOR` came out."""

RATIO_FLOOR = 10 << 20

TOTAL_LIMIT = 16 << 40
"""Bytes that one package may unpack to."""

_ISAL_ERROR: Any = igzip_lib.IsalError  # its stub calls it a form, not a class
DAMAGED: tuple[type[Exception], ...] = (zlib.error, _ISAL_ERROR, igzip.BadGzipFile)
"""What decompressing damaged data raises."""


_EXTRAS_SHOWN = 3


def _folders_above(name: str) -> Iterator[str]:
    while "/" in name:
        name = name.rpartition("/")[0]
        yield name


def _leads_out_on_windows(name: str) -> bool:
    """True where a backslash, which POSIX takes for a letter, makes a path upwards or from a root on Windows."""
    parts = name.replace("\\", "/").split("/")
    return "\\" in name and (".." in parts or not parts[0] or ":" in name)


class PackageFile(Bag):
    """A bag in one file. `_members` maps each member's name in the package to its entry there."""

    def __init__(self, location: Path) -> None:
        super().__init__(location, stem(location.name))
        self._members: dict[str, Entry] = {}
        self._folders: set[str] = set()
        self._top = ""
        """The base directory with its slash; empty where members are called by their paths in it."""
        self._cut = ""
        """What is cut off members' names while they are listed: the folder of the first, nearly always the one of all.

        A path is then in memory once, as the bag's own. Any other folder's members begin with a slash meanwhile.
        """
        self._extras: list[str] = []
        """Members that macOS added, left out."""
        self._absolute: list[str] = []
        """Members whose names begin at a root."""

    @property
    def is_unlisted(self) -> bool:
        return not self._members and any(found.severity is Severity.ERROR for found in self.findings)

    def take_out(self, folder: str) -> PackageFile:
        """A bag in a folder of this package, which no longer lists it: a path is then in memory once.

        What is odd about the package stays here.
        """
        inner, above = copy.copy(self), f"{self._top}{folder}/"
        inner.findings, inner._extras, inner._members = [], [], {}
        inner._top, inner.name = "", folder.rpartition("/")[2]
        inner._folders = {one[len(above) :] for one in self._folders if one.startswith(above)}
        listed, self._members = self._members, {}
        while listed:  # each goes as it comes, the last one first
            name, entry = listed.popitem()
            if name.startswith(above):
                path = name[len(above) :]
                inner._members[path] = entry._replace(path=path)
            else:
                self._members[name] = entry
        inner._members = dict(reversed(inner._members.items()))
        self._members = dict(reversed(self._members.items()))
        return inner

    def holds(self, path: str) -> bool:
        """True where there is a file with this path in the base directory."""
        return f"{self._top}{path}" in self._members

    def find(self, path: BagPath) -> Entry | None:
        entry = self._members.get(f"{self._top}{path}")
        return None if entry is None else self._inside(entry)

    def tag_entries(self) -> Iterable[Entry]:
        data = f"{self._top}data/"
        return [self._inside(entry) for name, entry in self._members.items() if self._is_tag(name, data)]

    def payload_entries(self) -> Iterable[Entry]:
        data = f"{self._top}data/"
        return (self._inside(entry) for name, entry in self._members.items() if name.startswith(data))

    @property
    def has_payload_folder(self) -> bool:
        data = f"{self._top}data"
        return data in self._folders or any(name.startswith(f"{data}/") for name in self._members)

    def empty_folders(self) -> list[str]:
        named = {folder for folder in self._folders if folder.startswith(self._top) and folder != self._top[:-1]}
        if not named:
            return []
        full = {above for name in (*self._members, *named) for above in _folders_above(name)}
        return sorted(folder[len(self._top) :] for folder in named - full)

    def _is_tag(self, name: str, data: str) -> bool:
        return name.startswith(self._top) and not name.startswith(data)

    def _inside(self, entry: Entry) -> Entry:
        return entry._replace(path=entry.path[len(self._top) :]) if self._top else entry

    def shared_paths(self, paths: Sequence[str]) -> Sequence[str]:
        if self._top:
            return paths
        listed = self._members.get
        return [path if (entry := listed(path)) is None else entry.path for path in paths]

    def _add(self, name: str, kind: str, size: int, at: int, note: str | None = None) -> None:
        """List a member, or report why not. `kind` is `file`, `folder` or a code of the catalogue."""
        name = name[2:] if name.startswith("./") else name
        if self._is_extra(name, kind):
            self._extras.append(name)
            return
        bare = name[:-1] if kind == "folder" and name.endswith("/") else name
        if not bare or bare == ".":
            if kind != "folder":  # its bytes would be in the package and in nobody's list
                self.findings.append(make_finding("package-path" if kind == "file" else kind, BagPath("."), note=note))
            return
        path = BagPath(bare)
        if not self._members and not self._folders:
            self._cut = bare.partition("/")[0] + "/" if kind == "folder" or "/" in bare else ""
        short = self._shortened(bare)
        if bare.startswith("/"):
            self._absolute.append(bare)
        elif not path.is_inside or _leads_out_on_windows(bare):
            self.findings.append(make_finding("package-path", path, note=note))
        elif short in self._members or (kind != "folder" and bare in self._folders):
            self.findings.append(make_finding("package-duplicate", path))
        elif kind == "folder":
            self._folders.add(bare)
        elif kind == "file":
            self._members[short] = Entry(short, size, at)
            if len(self._members) + len(self._folders) > MEMBER_LIMIT:
                raise Broken("package-limit", f"over {MEMBER_LIMIT:,} members")
        else:
            self.findings.append(make_finding(kind, path, found=note))

    def _shortened(self, name: str) -> str:
        if name.startswith(self._cut):
            return name[len(self._cut) :]
        return f"/{name}"

    def _lengthened(self, name: str) -> str:
        if not self._cut:
            return name
        return name[1:] if name.startswith("/") else f"{self._cut}{name}"

    def _lengthen(self) -> None:
        """Call members by their whole names again."""
        if self._cut:
            named = ((self._lengthened(name), entry) for name, entry in self._members.items())
            self._members, self._cut = {name: entry._replace(path=name) for name, entry in named}, ""

    def _is_whole_in_cut(self) -> bool:
        """True where every member is in the one folder whose name was cut off: a bag or an E-ARK package."""
        is_known = bool(self._cut) and any(name in self._members for name in (layout.DECLARATION, layout.METS))
        return is_known and not any(name.startswith("/") for name in self._members)

    @staticmethod
    def _is_extra(name: str, kind: str) -> bool:
        is_at_top = "/" not in name.rstrip("/") or name.startswith("__MACOSX/")
        return kind in ("file", "folder") and is_at_top and is_macos_extra(name if kind == "file" else f"{name}/")

    def _report(self, broken: Broken) -> None:
        self.findings.append(make_finding(broken.code, note=broken.note))

    def _find_top(self) -> None:
        """Choose the base directory: the one folder with a `bagit.txt`, else the package's top itself."""
        self._report_files_that_are_folders()
        self._report_extras()
        self._report_absolute()
        if self._is_whole_in_cut() and all(f"{folder}/".startswith(self._cut) for folder in self._folders):
            self._choose(self._cut[:-1])
            cut, self._top, self._cut = len(self._cut), "", ""
            self._folders = {folder[cut:] for folder in self._folders if len(folder) > cut}
            return
        self._lengthen()
        if layout.DECLARATION in self._members:
            self.findings.append(make_finding("package-no-folder", BagPath(layout.DECLARATION)))
            return
        if self.is_unlisted:
            return
        tops = {name.partition("/")[0] for name in (*self._members, *self._folders)}
        loose = sorted(name for name in self._members if "/" not in name)
        declared = sorted(top for top in tops if f"{top}/bagit.txt" in self._members)
        if not declared and self._take_deeper():
            return
        if not tops:
            self.findings.append(make_finding("package-top", found="no file at all", note="get it again"))
        elif len(tops) != 1 or loose:
            found = f"{len(tops)} at the top: {', '.join(sorted(tops)[:5])}"[:200]
            self.findings.append(make_finding("package-top", found=found, note=self._advice(declared, loose)))
        chosen = declared[0] if declared else min(tops, default="")
        if chosen:
            self._choose(chosen)

    def _choose(self, folder: str) -> None:
        name = folder.rpartition("/")[2]
        if name != self.name:
            self.findings.append(make_finding("package-name", expected=self.name, found=name))
        self._top, self.name = f"{folder}/", name

    def _take_deeper(self) -> bool:
        """True where the bag is in folders that hold nothing else, which is harmless: that folder is taken."""
        ending = f"/{layout.DECLARATION}"
        declared = (name.removesuffix(ending) for name in self._members if name.endswith(ending))
        folder = min(declared, key=len, default="")
        if not folder or not all(name.startswith(f"{folder}/") for name in self._members):
            return False
        note = f"the bag lies deeper, in {folder[:120]}; it was taken from there"
        self.findings.append(make_finding("package-top", found=note, severity=Severity.WARNING))
        self._choose(folder)
        return True

    def _advice(self, declared: list[str], loose: list[str]) -> str | None:
        """What to do about a package with something else at its top than one bag."""
        if len(declared) > 1:
            return f"{len(declared)} bags; package each alone"
        if declared:
            beside = f" without {loose[0][:80]}" if loose else ""
            return f"package the folder {declared[0][:80]} alone{beside}"
        deeper = min((name for name in self._members if name.endswith("/bagit.txt")), default=None)
        return f"the bag lies deeper, in {deeper[:-10][:120]}; package that folder alone" if deeper else None

    def _report_extras(self) -> None:
        if self._extras:
            shown = ", ".join(self._extras[:_EXTRAS_SHOWN])[:200]
            self.findings.append(make_finding("package-extras", found=f"{len(self._extras):,} members: {shown}"))

    def _report_absolute(self) -> None:
        if self._absolute:
            note = "begins at a root; package the folder anew with names below it: tar -C PARENT -cf NAME.tar FOLDER"
            count = f"{len(self._absolute):,} members"
            path = BagPath(self._absolute[0])
            self.findings.append(make_finding("package-path", path, found=count, note=note))

    def _report_files_that_are_folders(self) -> None:
        above: set[str] = set()
        for name in self._members:
            folder = name.rpartition("/")[0]
            while folder and folder not in above:
                above.add(folder)
                folder = folder.rpartition("/")[0]
        self._folders |= {self._lengthened(folder) for folder in above}
        for folder in sorted(self._folders):
            if self._shortened(folder) in self._members:
                self.findings.append(make_finding("package-duplicate", BagPath(folder), found="a file and a folder"))
