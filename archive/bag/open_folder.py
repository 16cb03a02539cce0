"""A bag that is a folder."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterator
from pathlib import Path

from archive.bag.open import CHUNK, Bag, Broken, Entry, Reader
from archive.errors import BagUnreadable
from archive.posix import FilesBelow
from archive.verify.catalogue import tell
from archive_manifests.paths import BagPath

DEPTH = 128
"""Folders within folders that are walked."""


class FolderBag(Bag):
    """Walks with open folders and without following links; every look is relative to the folder looked at before."""

    def __init__(self, location: Path) -> None:
        super().__init__(location, location.resolve().name)
        self._root = os.fspath(location)
        self._tags: list[Entry] | None = None
        self._data_is_folder = False
        self._linked = 0

    def tag_entries(self) -> list[Entry]:
        if self._tags is None:
            try:
                self._tags = list(self._walk("", leave_out="data"))
            except OSError as error:
                raise BagUnreadable(f"{self.location}: {error.strerror or error}") from error
        return self._tags

    def payload_entries(self) -> Iterator[Entry]:
        self.tag_entries()
        if self._data_is_folder:
            yield from self._walk("data")
        self._tell_hard_links()

    @property
    def has_payload_folder(self) -> bool:
        self.tag_entries()
        return self._data_is_folder

    def reader(self) -> FolderReader:
        return FolderReader(self._root)

    def _walk(self, start: str, leave_out: str | None = None) -> Iterator[Entry]:
        """Yield the files below `start`, folder by folder; the odd things become findings."""
        waiting = [start]
        with FilesBelow(self._root) as below:
            while waiting:
                folder = waiting.pop()
                prefix = f"{folder}/" if folder else ""
                try:
                    listing = os.scandir(below.listed(folder))
                except OSError as error:
                    if not folder:
                        raise
                    self._tell_refused(folder, error)
                    continue
                with listing:
                    for found in listing:
                        path = prefix + found.name
                        try:
                            looked = found.stat(follow_symlinks=False)
                        except OSError as error:
                            self._tell_refused(path, error)
                            continue
                        if stat.S_ISREG(looked.st_mode):
                            if looked.st_nlink > 1:
                                self._note_hard_link(path)
                            yield Entry(path, looked.st_size, 0)
                        elif stat.S_ISDIR(looked.st_mode):
                            if path == leave_out:
                                self._data_is_folder = True
                            elif path.count("/") >= DEPTH:
                                self.findings.append(tell("folder-limit", BagPath(path), found=f"over {DEPTH} deep"))
                            else:
                                waiting.append(path)
                        else:
                            self._tell_odd(path, looked.st_mode)

    def _tell_odd(self, path: str, mode: int) -> None:
        if stat.S_ISLNK(mode):
            self.findings.append(tell("link", BagPath(path)))
        else:
            self.findings.append(tell("special-file", BagPath(path), found=_kind(mode)))

    def _tell_refused(self, path: str, error: OSError) -> None:
        code = _code(error)
        self.findings.append(tell(code, BagPath(path), found=error.strerror))

    def _note_hard_link(self, path: str) -> None:
        self._linked += 1
        if self._linked == 1:
            self._first_linked = path

    def _tell_hard_links(self) -> None:
        """One finding for all: a bag copied with hard links has them on every file."""
        if self._linked:
            note = f"and {self._linked - 1:,} more" if self._linked > 1 else None
            self.findings.append(tell("hard-link", BagPath(self._first_linked), note=note))
            self._linked = 0


class FolderReader(Reader):
    """Reads files of a folder, each through the descriptor that was looked at."""

    def __init__(self, root: str) -> None:
        self._root = root
        self._below: FilesBelow | None = None

    def __reduce__(self) -> tuple[type[FolderReader], tuple[str]]:
        return FolderReader, (self._root,)

    def whole(self, entry: Entry) -> bytes:
        handle, before = self._opened(entry)
        try:
            # One byte more than there was: a file that grew shows.
            data = os.read(handle, before.st_size + 1)
            while 0 < len(data) < before.st_size:
                more = os.read(handle, before.st_size + 1 - len(data))
                if not more:
                    break
                data += more
            self._unchanged(handle, before, len(data))
        except OSError as error:
            raise Broken("unreadable", error.strerror or str(error)) from error
        finally:
            os.close(handle)
        return data

    def chunks(self, entry: Entry) -> Iterator[bytes]:
        handle, before = self._opened(entry)
        count = 0
        try:
            while count <= before.st_size:
                data = os.read(handle, CHUNK)
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

    def _opened(self, entry: Entry) -> tuple[int, os.stat_result]:
        if self._below is None:
            self._below = FilesBelow(self._root)
        try:
            handle = self._below.open(entry.path)
        except OSError as error:
            raise Broken(_code(error), error.strerror or str(error)) from error
        looked = os.fstat(handle)
        if not stat.S_ISREG(looked.st_mode):
            os.close(handle)
            raise Broken("special-file", _kind(looked.st_mode))
        return handle, looked

    @staticmethod
    def _unchanged(handle: int, before: os.stat_result, count: int) -> None:
        after = os.fstat(handle)
        if count != before.st_size or after.st_size != count or after.st_mtime_ns != before.st_mtime_ns:
            raise Broken("file-changed", f"{before.st_size:,} bytes at first, {max(count, after.st_size):,} at the end")


_KINDS = ((stat.S_ISFIFO, "pipe"), (stat.S_ISSOCK, "socket"), (stat.S_ISCHR, "device"), (stat.S_ISBLK, "device"))


def _kind(mode: int) -> str:
    return next((name for is_kind, name in _KINDS if is_kind(mode)), "folder" if stat.S_ISDIR(mode) else "no file")


def _code(error: OSError) -> str:
    if error.errno in (errno.ELOOP, errno.ENOTDIR):
        return "link"
    return "file-vanished" if error.errno == errno.ENOENT else "unreadable"
