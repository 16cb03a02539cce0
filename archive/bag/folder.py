"""A bag that is a folder."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterator, Sequence
from pathlib import Path

from archive.bag.interface import CHUNK, Bag, Broken, Entry, FileStretch, Reader
from archive.errors import BagUnreadable
from archive.posix import FilesBelow
from archive_manifests.finding_codes import make_finding
from archive_manifests.paths import BagPath

PIECE = 1 << 18
"""Bytes of a file that are read at once, so that they stay in a processor's cache; of a compressed one `CHUNK`: whoever
inflates it begins anew behind each."""

DEPTH = 128
"""Folders within folders that are walked."""


class FolderBag(Bag):
    """Walks with open folders and without following links; every lookup is relative to an open folder."""

    def __init__(self, location: Path) -> None:
        super().__init__(location, location.resolve().name)
        self._root = os.fspath(location)
        self._tags: list[Entry] | None = None
        self._data_is_folder = False
        self._empty: set[str] = set()

    def tag_entries(self) -> list[Entry]:
        if self._tags is None:
            try:
                self._tags = list(self._walk("", leave_out="data"))
            except OSError as error:
                raise BagUnreadable(f"{self.location}: {error.strerror or error}") from error
        return self._tags

    def payload_entries(self) -> Iterator[Entry]:
        self.tag_entries()
        return self._walk("data") if self._data_is_folder else iter(())

    def payload_names(self) -> Iterator[list[str]]:
        self.tag_entries()
        return self._files_by_folder("data") if self._data_is_folder else iter(())

    def measured(self, entry: Entry) -> Entry:
        with FilesBelow(self._root) as below:
            try:
                return entry._replace(size=below.look(entry.path).st_size)
            except OSError:
                return entry._replace(size=0)

    def find(self, path: BagPath) -> Entry | None:
        """The file, where its folder lists it under just this name: no other folder is looked into."""
        if not path.is_inside:
            return None
        folder, _, name = path.text.rpartition("/")
        with FilesBelow(self._root) as below:
            try:
                with os.scandir(below.listed(folder)) as listing:
                    if not any(entry.name == name and entry.is_file(follow_symlinks=False) for entry in listing):
                        return None
                return Entry(path.text, below.look(path.text).st_size, 0)
            except OSError:
                return None

    @property
    def has_payload_folder(self) -> bool:
        self.tag_entries()
        return self._data_is_folder

    def empty_folders(self) -> list[str]:
        return sorted(self._empty)

    def reader(self) -> FolderReader:
        return FolderReader(self._root)

    def stretch_of(self, entry: Entry) -> FileStretch | None:
        return FileStretch(self.location / entry.path, 0, entry.size)

    def _walk(self, start: str, leave_out: str | None = None) -> Iterator[Entry]:
        """Yield the files below `start` with their sizes; the odd things become findings."""
        with FilesBelow(self._root) as below:
            for names in self._files_by_folder(start, leave_out):
                for path in names:
                    try:
                        size = below.look(path).st_size
                    except OSError as error:
                        self._report_refused(path, error)
                    else:
                        yield Entry(path, size, 0)

    def _files_by_folder(self, start: str, leave_out: str | None = None) -> Iterator[list[str]]:
        """Yield the paths of the files in each folder. What the listing says of its entries costs no further look."""
        waiting = [start]
        with FilesBelow(self._root) as below:
            while waiting:
                folder = waiting.pop()
                try:
                    with os.scandir(below.listed(folder)) as listing:
                        entries = list(listing)
                except OSError as error:
                    if not folder:
                        raise
                    self._report_refused(folder, error)
                    continue
                if not entries and folder:
                    self._empty.add(folder)
                prefix = f"{folder}/" if folder else ""
                files = [prefix + entry.name for entry in entries if entry.is_file(follow_symlinks=False)]
                if len(files) < len(entries):
                    others = (entry for entry in entries if not entry.is_file(follow_symlinks=False))
                    paths = ((prefix + entry.name, entry) for entry in others)
                    waiting += [path for path, entry in paths if self._is_folder_to_enter(path, entry, leave_out)]
                yield files

    def _is_folder_to_enter(self, path: str, entry: os.DirEntry[str], leave_out: str | None) -> bool:
        if not entry.is_dir(follow_symlinks=False):
            try:
                self._report_odd(path, entry.stat(follow_symlinks=False).st_mode)
            except OSError as error:
                self._report_refused(path, error)
            return False
        if path == leave_out:
            self._data_is_folder = True
            return False
        if path.count("/") >= DEPTH:
            self.findings.append(make_finding("folder-limit", BagPath(path), found=f"over {DEPTH} deep"))
            return False
        return True

    def _report_odd(self, path: str, mode: int) -> None:
        if stat.S_ISLNK(mode):
            self.findings.append(make_finding("link", BagPath(path)))
        else:
            self.findings.append(make_finding("special-file", BagPath(path), found=_kind(mode)))

    def _report_refused(self, path: str, error: OSError) -> None:
        code = _code(error)
        self.findings.append(make_finding(code, BagPath(path), found=error.strerror))


class FolderReader(Reader):
    """Reads files of a folder, each through the descriptor that was looked at."""

    def __init__(self, root: str) -> None:
        self._root = root
        self._below: FilesBelow | None = None
        self._linked: list[str] = []

    def __reduce__(self) -> tuple[type[FolderReader], tuple[str]]:
        return FolderReader, (self._root,)

    def small(self, entry: Entry, limit: int) -> bytes | None:
        (data,) = self.each_small((entry.path,), (), (), limit)
        if isinstance(data, Broken):
            raise data
        return data

    def each_small(
        self, paths: Sequence[str], sizes: Sequence[int], at: Sequence[int], limit: int
    ) -> Iterator[bytes | Broken | None]:
        # One loop with the system calls in it: it runs for each file of a bag.
        below, fstat, read, close = self._files_below(), os.fstat, os.read, os.close
        for path in paths:
            try:
                handle = below.open(path)
            except OSError as error:
                yield _broken(error)
                continue
            looked = fstat(handle)
            size = looked.st_size
            try:
                if not stat.S_ISREG(looked.st_mode):
                    found: bytes | Broken | None = Broken("special-file", _kind(looked.st_mode))
                elif size > limit:
                    found = None
                else:
                    # One byte more than there was: a file that grew shows.
                    found = read(handle, size + 1)
                    if len(found) != size:
                        found = _continued(handle, found, size)
                    if looked.st_nlink > 1:
                        self._linked.append(path)
            except OSError as error:
                found = Broken("unreadable", error.strerror or str(error))
            finally:
                close(handle)
            yield found

    def take_linked(self) -> list[str]:
        linked, self._linked = self._linked, []
        return linked

    def chunks(self, entry: Entry) -> Iterator[bytes]:
        return self.chunks_from(entry, 0)

    def chunks_from(self, entry: Entry, start: int) -> Iterator[bytes]:
        handle, before = self._opened(entry)
        count, most = start, CHUNK if entry.path.endswith(".gz") else PIECE
        try:
            os.lseek(handle, start, os.SEEK_SET)
            while count <= before.st_size:
                data = os.read(handle, min(most, before.st_size - count + 1))
                if not data:
                    break
                count += len(data)
                yield data
            self._unchanged(handle, before, count)
        except OSError as error:
            raise Broken("unreadable", error.strerror or str(error)) from error
        finally:
            os.close(handle)

    def close(self) -> None:
        if self._below is not None:
            self._below.close()
            self._below = None

    def _files_below(self) -> FilesBelow:
        if self._below is None:
            self._below = FilesBelow(self._root)
        return self._below

    def _opened(self, entry: Entry) -> tuple[int, os.stat_result]:
        try:
            handle = self._files_below().open(entry.path)
        except OSError as error:
            raise _broken(error) from error
        looked = os.fstat(handle)
        if not stat.S_ISREG(looked.st_mode):
            os.close(handle)
            raise Broken("special-file", _kind(looked.st_mode))
        if looked.st_nlink > 1:
            self._linked.append(entry.path)
        return handle, looked

    @staticmethod
    def _unchanged(handle: int, before: os.stat_result, count: int) -> None:
        after = os.fstat(handle)
        if count != before.st_size or after.st_size != count or after.st_mtime_ns != before.st_mtime_ns:
            raise Broken("file-changed", f"{before.st_size:,} bytes at first, {max(count, after.st_size):,} at the end")


def _continued(handle: int, data: bytes, size: int) -> bytes | Broken:
    """All of a file of which one read gave another number of bytes than it had before."""
    while 0 < len(data) < size:
        more = os.read(handle, size + 1 - len(data))
        if not more:
            break
        data += more
    if len(data) != size:
        return Broken("file-changed", f"{size:,} bytes at first, {len(data):,} when read")
    return data


_KINDS = ((stat.S_ISFIFO, "pipe"), (stat.S_ISSOCK, "socket"), (stat.S_ISCHR, "device"), (stat.S_ISBLK, "device"))


def _kind(mode: int) -> str:
    return next((name for is_kind, name in _KINDS if is_kind(mode)), "folder" if stat.S_ISDIR(mode) else "no file")


_OF_MACHINE = frozenset({errno.EMFILE, errno.ENFILE, errno.ENOMEM})
"""Errors that say something of this machine, and nothing of the bag."""


def _broken(error: OSError) -> Broken:
    """What it means that a file cannot be opened. Raises `BagUnreadable`."""
    return Broken(_code(error), error.strerror or str(error))


def _code(error: OSError) -> str:
    """The code of the finding. Raises `BagUnreadable` where the machine, not the bag, is why it could not be read."""
    if error.errno in _OF_MACHINE:
        why = f"{error.filename or 'the bag'}: {error.strerror}; close other programs or raise `ulimit -n`, and repeat"
        raise BagUnreadable(why) from error
    if error.errno in (errno.ELOOP, errno.ENOTDIR):
        return "link"
    return "file-vanished" if error.errno == errno.ENOENT else "unreadable"
