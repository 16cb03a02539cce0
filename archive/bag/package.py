"""What packages have in common: the one folder at their top, names that may not be, and how much is reasonable."""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from isal import igzip, igzip_lib

from archive.bag.interface import Bag, Broken, Entry, stem
from archive_manifests import layout
from archive_manifests.finding_codes import make_finding
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


class Package(Bag):
    """A bag in one file. `_members` maps each member's name in the package to its entry there."""

    def __init__(self, location: Path) -> None:
        super().__init__(location, stem(location.name))
        self._members: dict[str, Entry] = {}
        self._folders: set[str] = set()
        self._top = ""
        """The base directory with its slash, empty where the bag lies at the package's very top."""

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

    def _is_tag(self, name: str, data: str) -> bool:
        return name.startswith(self._top) and not name.startswith(data)

    def _inside(self, entry: Entry) -> Entry:
        return entry._replace(path=entry.path[len(self._top) :])

    def _add(self, name: str, kind: str, size: int, at: int, note: str | None = None) -> None:
        """Take a member in, or say why not. `kind` is `file`, `folder` or a code of the catalogue."""
        name = name[2:] if name.startswith("./") else name
        bare = name[:-1] if kind == "folder" and name.endswith("/") else name
        if not bare or bare == ".":
            if kind != "folder":  # its bytes would be in the package and in nobody's list
                self.findings.append(make_finding("package-path" if kind == "file" else kind, BagPath("."), note=note))
            return
        path = BagPath(bare)
        if not path.is_inside or "\\" in bare:
            self.findings.append(make_finding("package-path", path, note=note))
        elif bare in self._members or (kind != "folder" and bare in self._folders):
            self.findings.append(make_finding("package-duplicate", path))
        elif kind == "folder":
            self._folders.add(bare)
        elif kind == "file":
            self._members[bare] = Entry(bare, size, at)
            if len(self._members) + len(self._folders) > MEMBER_LIMIT:
                raise Broken("package-limit", f"over {MEMBER_LIMIT:,} members")
        else:
            self.findings.append(make_finding(kind, path, found=note))

    def _tell(self, broken: Broken) -> None:
        self.findings.append(make_finding(broken.code, note=broken.note))

    def _find_top(self) -> None:
        """Choose the base directory: the one folder with a `bagit.txt`, whatever lies beside it."""
        self._tell_files_that_are_folders()
        tops = {name.partition("/")[0] for name in (*self._members, *self._folders)}
        loose = sorted(name for name in self._members if "/" not in name)
        declared = sorted(top for top in tops if f"{top}/bagit.txt" in self._members)
        if layout.DECLARATION in self._members:
            self.findings.append(make_finding("package-top", BagPath(layout.DECLARATION), found="no folder at the top"))
            return
        if len(tops) != 1 or loose:
            found = f"{len(tops)} at the top: {', '.join(sorted(tops)[:5])}"[:200]
            self.findings.append(make_finding("package-top", found=found))
        chosen = declared[0] if declared else min(tops, default="")
        if chosen:
            self._top = f"{chosen}/"
            if chosen != self.name:
                self.findings.append(make_finding("package-name", expected=self.name, found=chosen))
            self.name = chosen

    def _tell_files_that_are_folders(self) -> None:
        above: set[str] = set()
        for name in self._members:
            folder = name.rpartition("/")[0]
            while folder and folder not in above:
                above.add(folder)
                folder = folder.rpartition("/")[0]
        self._folders |= above
        for name in sorted(self._folders & self._members.keys()):
            self.findings.append(make_finding("package-duplicate", BagPath(name), found="a file and a folder"))
