"""The contents of a package: the files of one folder in a fixed order, each with the source of its bytes."""

from __future__ import annotations

import hashlib
import re
import uuid
from array import array
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from itertools import chain
from operator import attrgetter
from typing import TypeVar

from msgspec import Struct

from archive.bag.interface import Bag, Broken, Entry
from archive.errors import ArchiveError, UsageProblem
from archive_manifests import layout
from archive_manifests.paths import BagPath
from archive_manifests.payload import ALGORITHMS, format_manifest, manifest_name
from archive_manifests.tags import DECLARATION, BagInfo, format_bag_info

EARLIEST = datetime(1980, 1, 1, tzinfo=UTC)
"""What a zip can date at the earliest; stands where a bag does not say when it was made. (APPNOTE 4.4.6)"""


class PackRefused(ArchiveError):
    """The package would not be one that a partner can rely on; nothing was left behind."""

    exit_code = 1


class Member(Struct, frozen=True):
    """One file of a package."""

    path: str
    """Relative to the one folder at the top."""
    size: int
    chunks: Callable[[], Iterator[bytes]]


class Contents(Struct, frozen=True):
    """All of a package: everything but its format."""

    name: str
    """Of the one folder at the top."""
    moment: datetime
    """The one time that every member carries: the day of bagging, so that packing again gives the same bytes."""
    members: Iterable[Member]
    """In the order of their paths' bytes, as often as they are wanted."""

    @property
    def octets(self) -> int:
        return sum(member.size for member in self.members)

    def folders(self) -> list[str]:
        """Every folder below the top, in order; a bag's `data` also where it is empty."""
        found = {"data"} if any(member.path == layout.DECLARATION for member in self.members) else set()
        for member in self.members:
            folder = member.path.rpartition("/")[0]
            while folder and folder not in found:
                found.add(folder)
                folder = folder.rpartition("/")[0]
        return sorted(found, key=_place)


def contents_of(
    bag: Bag, info: BagInfo | None, known: Iterable[str] = (), leave_out: Container[str] = ()
) -> Contents:
    """The contents of a bag as it is there. Raises `UsageProblem` for one that can only be read in order.

    `known` are paths that are in memory already and stay there: 100,000 long ones a second time are 30 MB. `leave_out`
    are paths of files that are no part of the bag.
    """
    if bag.reads_in_order:
        raise UsageProblem(f"{bag.location}: a .tar.gz can only be read in order; `archive receive` it first")
    return Contents(bag.name, moment_of(info), _Files(bag, {path: path for path in known}, leave_out))


class _Files:
    """The files of a bag in order, each made a member when it is reached: a bag may have a million of them."""

    __slots__ = ("_at", "_paths", "_reader", "_sizes")

    def __init__(self, bag: Bag, known: Mapping[str, str], leave_out: Container[str]) -> None:
        every = chain(bag.tag_entries(), bag.payload_entries())
        found = (entry for entry in every if entry.path not in leave_out)
        entries = in_order(entry._replace(path=known[entry.path]) if entry.path in known else entry for entry in found)
        self._reader = bag.reader()
        self._paths = [entry.path for entry in entries]
        self._sizes = array("q", [entry.size for entry in entries])
        self._at = array("q", [entry.at for entry in entries])

    def __iter__(self) -> Iterator[Member]:
        for path, size, at in zip(self._paths, self._sizes, self._at, strict=True):
            yield Member(path, size, partial(self._reader.chunks, Entry(path, size, at)))


class Below(Struct, frozen=True):
    """Those of many members that are below one folder."""

    folder: str
    """With its slash."""
    members: Iterable[Member]

    def __iter__(self) -> Iterator[Member]:
        return (one for one in self.members if one.path.startswith(self.folder))


class Around(Struct, frozen=True):
    """Many members below one folder, which are in order, and a few others before and after them."""

    others: Iterable[Member]
    """In order, none of them below the folder."""
    folder: str
    """With its slash."""
    many: Iterable[Member]

    def __iter__(self) -> Iterator[Member]:
        yield from (one for one in self.others if one.path < self.folder)
        yield from self.many
        yield from (one for one in self.others if one.path > self.folder)


_WithPath = TypeVar("_WithPath", Member, Entry)


def in_order(files: Iterable[_WithPath]) -> list[_WithPath]:
    """The files of a package in their one order."""
    ordered = list(files)
    if any(_has_odd_bytes(one.path) for one in ordered):
        ordered.sort(key=lambda one: _place(one.path))  # as text, odd bytes of a name have another order
    else:
        ordered.sort(key=attrgetter("path"))  # the order of code points is that of their bytes in UTF-8
    return ordered


def contents(name: str, moment: datetime, members: Iterable[Member]) -> Contents:
    """The members in their one order."""
    return Contents(name, moment, in_order(members))


def text_member(path: str, text: str | bytes) -> Member:
    """A member with this text."""
    data = text.encode() if isinstance(text, str) else text
    return Member(path, len(data), lambda: iter((data,)))


def moment_of(info: BagInfo | None) -> datetime:
    """Midnight UTC of the Bagging-Date. (RFC 8493, 2.2.2)"""
    for stated in info.values("Bagging-Date") if info else ():
        try:
            return max(datetime.strptime(stated[:10], "%Y-%m-%d").replace(tzinfo=UTC), EARLIEST)
        except ValueError:
            continue
    return EARLIEST


def exactly(member: Member) -> Iterator[bytes]:
    """The bytes of a member, as many as its header says. Raises `PackRefused`."""
    count = 0
    try:
        for chunk in member.chunks():
            count += len(chunk)
            yield chunk
    except Broken as broken:
        raise PackRefused(f"{member.path}: {broken.code}: {broken.note}; nothing was packed") from broken
    if count != member.size:
        raise PackRefused(f"{member.path}: {member.size:,} bytes at first, {count:,} when packed; nothing was packed")


def sha256_of(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _has_odd_bytes(path: str) -> bool:
    """True for a name that is not UTF-8 on the disk."""
    return not path.isascii() and _ODD_BYTE.search(path) is not None


_ODD_BYTE = re.compile("[\udc80-\udcff]")


def _place(path: str) -> bytes:
    return path.encode("utf-8", "surrogateescape")


Fields = Sequence[tuple[str, str]]

_NAMESPACE = uuid.UUID("0c0f4a5e-3f3c-5f0e-8a63-7a4de0a6c0b7")
"""Under which such a bag's identifier is made from its payload manifest. (RFC 9562, section 5.5)"""


def identifier_of(digests: Mapping[str, str]) -> str:
    """The External-Identifier of a bag with this payload: the same payload is the same bag."""
    text = format_manifest({BagPath(path): digest for path, digest in digests.items()})
    return f"urn:uuid:{uuid.uuid5(_NAMESPACE, hashlib.sha256(text.encode('utf-8', 'surrogateescape')).hexdigest())}"


def new_bag(
    name: str,
    moment: datetime,
    payload: Iterable[Member],
    digests: Mapping[str, Mapping[str, str]],
    info: Fields,
    *,
    tag_algorithms: Sequence[str],
    more: Mapping[str, bytes] | None = None,
    streamed: Sequence[Member] = (),
) -> Contents:
    """A bag of BagIt 1.0. `digests` are hex by algorithm and payload path; `more` are tag files that go along.

    So are `streamed`, which are too long to be held. `payload` is in order, and iterated as often as it is wanted.
    """
    texts = {layout.DECLARATION: DECLARATION.encode(), layout.BAG_INFO: format_bag_info(info).encode(), **(more or {})}
    for algorithm, stated in digests.items():
        entries = {BagPath(path): digest for path, digest in stated.items()}
        texts[manifest_name(algorithm)] = format_manifest(entries).encode("utf-8", "surrogateescape")
    tag_files = [*(text_member(path, text) for path, text in texts.items()), *streamed]
    stated_of = {member.path: _digests_of(member, tag_algorithms) for member in tag_files}
    for algorithm in tag_algorithms:
        entries = {BagPath(path): digests_of[algorithm] for path, digests_of in stated_of.items()}
        tag_files.append(text_member(manifest_name(algorithm, tag=True), format_manifest(entries)))
    return Contents(name, moment, Around(in_order(tag_files), layout.PAYLOAD, payload))


def _digests_of(member: Member, algorithms: Sequence[str]) -> dict[str, str]:
    """Hex by algorithm, from one read of a file."""
    running = {algorithm: hashlib.new(ALGORITHMS[algorithm][0], usedforsecurity=False) for algorithm in algorithms}
    for chunk in exactly(member):
        for digest in running.values():
            digest.update(chunk)
    return {algorithm: digest.hexdigest() for algorithm, digest in running.items()}
