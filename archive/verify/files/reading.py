"""Reads files once: all digests, the WARC parse and what is kept come from that one read. Runs in any process."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from msgspec import Struct, field

from archive.bag.interface import Broken, Entry, Reader
from archive.verify.files.control_files import control_file_limit, is_control_file, is_too_dense, is_warc, special_files
from archive_manifests.paths import BagPath

if TYPE_CHECKING:
    from archive.warc.report import WarcReport
from archive.digests import Hasher, hashers

SMALL = 1 << 18
"""Bytes up to which a file is read in one go."""

AHEAD = 4
"""Chunks that wait for a digest which is slower than the reading."""

WIDE = 8 << 20
"""Bytes from which a file's digests are computed side by side, where cores stand idle."""

WARC_COSTS = 12
"""How much more time an octet of a WARC takes than one that is only hashed, where records are small."""


class Batch(Struct):
    """Files that are read together, in one process."""

    paths: list[str] = field(default_factory=list)
    sizes: list[int] = field(default_factory=list)
    at: list[int] = field(default_factory=list)
    octets: int = 0
    is_wide: bool = False
    """True where cores stand idle: the digests of a large file are then computed side by side."""
    start: int = 0
    """Of a part of a large WARC, alone in its batch: where it starts. Only its records are read, nothing is hashed."""
    stop: int | None = None
    """Where the part of a large WARC ends; with `start` 0 the whole file is hashed nevertheless."""
    is_early: bool = False
    """True while it is not known whether a manifest lists the files: only those that cost little are read."""

    def add(self, entry: Entry) -> None:
        self.paths.append(entry.path)
        self.sizes.append(entry.size)
        self.at.append(entry.at)
        self.octets += entry.size * (WARC_COSTS if is_warc(entry.path) else 1)

    def entries(self) -> Iterator[Entry]:
        return map(Entry, self.paths, self.sizes, self.at)

    def __reduce__(self) -> tuple[object, ...]:
        # As one text: a path that is pickled itself holds its own UTF-8 from then on, which doubles it.
        rest = (self.sizes, self.at, self.octets, self.is_wide, self.start, self.stop, self.is_early)
        return _unpickled, ("\0".join(self.paths), *rest)


def _unpickled(paths: str, *rest: Any) -> Batch:
    return Batch(paths.split("\0"), *rest)


class BatchRead(Struct):
    """What reading a batch gave, file by file; the odd ones by their index."""

    digests: list[bytes] = field(default_factory=list)
    """All digests of a file end to end, in the order of the algorithms; empty where it could not be read."""
    sizes: list[int] = field(default_factory=list)
    problems: dict[int, tuple[str, str]] = field(default_factory=dict)
    """A code of the catalogue, and what was met."""
    control: dict[int, bytes] = field(default_factory=dict)
    too_large: list[int] = field(default_factory=list)
    reports: dict[int, WarcReport] = field(default_factory=dict)
    linked: list[str] = field(default_factory=list)
    """Files with another name elsewhere."""
    left: list[int] = field(default_factory=list)
    """Files that were not read, because it was early."""


def read_batch(reader: Reader, batch: Batch, algorithms: tuple[str, ...]) -> BatchRead:
    """Read every file of a batch."""
    if batch.start:
        return _read_part(reader, batch)
    read = BatchRead()
    makers = hashers(algorithms)
    only, digests, sizes = makers[0] if len(makers) == 1 else None, read.digests, read.sizes
    for index, data in enumerate(_each_small(reader, batch)):
        if isinstance(data, bytes):
            digests.append(only(data).digest() if only else b"".join([make(data).digest() for make in makers]))
            sizes.append(len(data))
        elif data is None and batch.is_early:
            digests.append(b"")
            sizes.append(0)
            read.left.append(index)
        elif data is None:
            entry = Entry(batch.paths[index], batch.sizes[index], batch.at[index])
            try:
                _read_large(reader.chunks(entry), entry, index, makers, read, is_wide=batch.is_wide, stop=batch.stop)
            except Broken as broken:
                read_broken(read, index, broken)
        else:
            read_broken(read, index, data)
    read.linked = reader.take_linked()
    return read


def _each_small(reader: Reader, batch: Batch) -> Iterator[bytes | Broken | None]:
    """The bytes of each file, None for one that is read in chunks, because it is large or a special one."""
    first = 0
    for index in special_files(batch.paths):
        yield from _stretch_of_small(reader, batch, first, index)
        yield None
        first = index + 1
    yield from _stretch_of_small(reader, batch, first, len(batch.paths))


def _stretch_of_small(reader: Reader, batch: Batch, first: int, end: int) -> Iterator[bytes | Broken | None]:
    """The same of files beside each other, none of which is a special one."""
    if first < end:
        paths, sizes, at = batch.paths, batch.sizes, batch.at
        if end - first < len(paths):
            paths, sizes, at = paths[first:end], sizes[first:end], at[first:end]
        yield from reader.each_small(paths, sizes, at, SMALL)


def _read_part(reader: Reader, batch: Batch) -> BatchRead:
    """Read the records of a part of a WARC."""
    from archive.warc.scan import WarcScan

    read = BatchRead()
    (entry,) = batch.entries()
    scan = WarcScan(BagPath(entry.path), batch.start, batch.stop)
    try:
        for chunk in reader.chunks_from(entry, batch.start):
            scan.feed(chunk)
            if scan.is_done:
                break
        read.reports[0] = scan.close()
    except Broken as broken:
        read.problems[0] = (broken.code, broken.note)
    reader.take_linked()  # the hashing pass reports it
    return read


def read_stream(entry: Entry, chunks: Iterator[bytes], algorithms: tuple[str, ...]) -> BatchRead:
    """Read one file of a package that is read from front to back."""
    read = BatchRead()
    try:
        _read_large(chunks, entry, 0, hashers(algorithms), read, is_wide=True)
    except Broken as broken:
        read_broken(read, 0, broken)
    return read


def read_broken(read: BatchRead, index: int, broken: Broken) -> None:
    """Enter that a file could not be read."""
    read.problems[index] = (broken.code, broken.note)
    del read.digests[index:], read.sizes[index:]
    read.digests.append(b"")
    read.sizes.append(0)


def _read_large(
    chunks: Iterator[bytes],
    entry: Entry,
    index: int,
    makers: list[Callable[..., Hasher]],
    read: BatchRead,
    *,
    is_wide: bool,
    stop: int | None = None,
) -> None:
    """Read a file in chunks, each fed to the digests and to the other consumers."""
    path = entry.path
    scan = _warc_scan(path, stop) if is_warc(path) else None
    control: list[bytes] | None = [] if is_control_file(path) else None
    running = [make() for make in makers]
    size = 0
    feed = _SideBySide(running) if is_wide and entry.size >= WIDE else _OneByOne(running)
    with feed:
        for chunk in chunks:
            feed.update(chunk)
            size += len(chunk)
            if scan is not None and not scan.is_done:
                scan.feed(chunk)
            if control is not None:
                control.append(chunk)
                if size > control_file_limit(path):
                    control = None
                    read.too_large.append(index)
    read.digests.append(b"".join([hasher.digest() for hasher in running]))
    read.sizes.append(size)
    if scan is not None:
        read.reports[index] = scan.close()
    if control is not None:
        whole = b"".join(control)
        if is_too_dense(whole):
            read.too_large.append(index)
        else:
            read.control[index] = whole


def _warc_scan(path: str, stop: int | None) -> Any:
    from archive.warc.scan import WarcScan

    return WarcScan(BagPath(path), 0, stop)


class _OneByOne:
    """Feeds digests one after the other."""

    def __init__(self, running: list[Hasher]) -> None:
        self._running = running

    def update(self, chunk: bytes) -> None:
        for hasher in self._running:
            hasher.update(chunk)

    def __enter__(self) -> None: ...

    def __exit__(self, *_: object) -> None: ...


class _SideBySide(_OneByOne):
    """Feeds each digest in a thread of its own, so that all take no longer than the slowest alone."""

    def __init__(self, running: list[Hasher]) -> None:
        super().__init__([_InThread(hasher) for hasher in running])

    def __exit__(self, *_: object) -> None:
        for hasher in self._running:
            hasher.finish()


class _InThread:
    """A digest in a thread: hashlib lets go of the interpreter's lock. It may lag behind by a few chunks."""

    def __init__(self, hasher: Hasher) -> None:
        from queue import SimpleQueue

        self._chunks: SimpleQueue[bytes | None] = SimpleQueue()
        self._room = threading.Semaphore(AHEAD)
        self._thread = threading.Thread(target=self._run, args=(hasher.update,), daemon=True)
        self._thread.start()

    def update(self, chunk: bytes) -> None:
        self._room.acquire()
        self._chunks.put(chunk)

    def finish(self) -> None:
        self._chunks.put(None)
        self._thread.join()

    def _run(self, update: Callable[[bytes], None]) -> None:
        while (chunk := self._chunks.get()) is not None:
            update(chunk)
            self._room.release()
