"""The seal folder beside a bag: where it is, which files belong in it, safe reading, atomic writing."""

from __future__ import annotations

import os
import re
import stat
from pathlib import Path

from msgspec import Struct

from archive.bag.interface import stem
from archive.errors import ArchiveError
from archive.posix import FilesBelow, sync_folder

SEAL = "seal.json"
STATEMENT = "statement.html"
LOCK = ".lock"
"""The lock file of a writer, where the folder itself cannot be locked; it is never handed on."""

LARGEST = 1 << 20
"""Bytes of the largest file that is read from a seal folder; what we write there takes a few KB."""

LARGEST_LOG = 32 << 20
"""Bytes of the largest custody log that is read: some fifty thousand events."""

MOST_FILES = 1 << 17
"""Names of a seal folder that are read; a renewal a year for a century makes a few hundred."""

_KEY = r"SHA256-[A-Za-z0-9_-]{43}"
_SIGNATURE = re.compile(rf"({_KEY})\.sig\Z")
_STAMP = re.compile(rf"(?P<stem>seal|{_KEY}|renewal-\d{{2,4}})\.(?P<number>\d{{2,4}})\.(?P<kind>tsq|tsr)\Z")
_RENEWAL = re.compile(r"renewal-(\d{2,4})\.txt\Z")
_CUSTODY_SIGNATURE = re.compile(rf"custody-(\d{{4,6}})\.({_KEY})\.sig\Z")
_CUSTODY_COPY = re.compile(r"custody-(\d{4,6})\.jsonl\Z")
RECEIPTS = "receipts"
RECEIPT_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]{0,200}\.receipt(?:-\d{1,4})?\.(?:json|json\.sig|txt)\Z")
IDENTITY = "identity.age"
_OTHERS = frozenset({SEAL, STATEMENT, "custody.jsonl", RECEIPTS, IDENTITY})


class SealUnwritable(ArchiveError):
    """The seal cannot be written there, or what is there is another bag's."""


class FileRefused(Exception):
    """A file of the seal folder is not read: no plain file, too large, unreadable. The text says which."""


class Listing(Struct, frozen=True):
    """The names in a seal folder by kind, each in name order."""

    signatures: tuple[str, ...] = ()
    queries: tuple[str, ...] = ()
    replies: tuple[str, ...] = ()
    renewals: tuple[str, ...] = ()
    custody_signatures: tuple[str, ...] = ()
    custody_copies: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    has_seal: bool = False

    @property
    def is_empty(self) -> bool:
        return not (self.has_seal or self.signatures or self.replies)


def seal_folder(bag: Path) -> Path:
    """Where the seal of a bag is: `R210517.seal` beside `R210517`, `R210517.tar` and the like.

    Of a bag that is reached by a link, beside the link; where none is there, beside the bag itself.
    """
    place = bag if bag.name not in ("", "..") else bag.resolve()
    beside = place.with_name(f"{stem(place.name)}.seal")
    if place.is_symlink() and not os.path.lexists(beside):
        place = place.resolve()
        there = place.with_name(f"{stem(place.name)}.seal")
        return there if there.is_dir() else beside
    return beside


def list_folder(folder: Path) -> Listing | None:
    """What is in a seal folder; None where there is no folder. The folder may be a link, its files may not."""
    try:
        if not stat.S_ISDIR(folder.stat().st_mode):
            return None
        with os.scandir(folder) as entries:
            read = [entry for entry, _ in zip(entries, range(MOST_FILES), strict=False)]
    except FileNotFoundError:
        return None
    names = sorted(entry.name for entry in read if entry.name != LOCK)
    odd = {entry.name for entry in read if _is_of_another_kind(entry)}
    return Listing(
        signatures=tuple(name for name in names if _SIGNATURE.match(name)),
        queries=tuple(name for name in names if name.endswith(".tsq") and _STAMP.match(name)),
        replies=tuple(name for name in names if name.endswith(".tsr") and _STAMP.match(name)),
        renewals=tuple(name for name in names if _RENEWAL.match(name)),
        custody_signatures=tuple(name for name in names if _CUSTODY_SIGNATURE.match(name)),
        custody_copies=tuple(name for name in names if _CUSTODY_COPY.match(name)),
        unknown=(*(name for name in names if name in odd or not is_known(name)), *_unknown_receipts(folder, odd)),
        has_seal=SEAL in names,
    )


def _is_of_another_kind(entry: os.DirEntry[str]) -> bool:
    """True for a folder where a file belongs, and the reverse; what is read as a proof is reported there."""
    if entry.name == RECEIPTS:
        return not entry.is_dir(follow_symlinks=False)
    return (entry.name in _OTHERS or is_renewal(entry.name)) and entry.is_dir(follow_symlinks=False)


def _unknown_receipts(folder: Path, odd: set[str]) -> tuple[str, ...]:
    """Paths of what lies among the receipts and is none, and of their folder where nothing is in it."""
    place = folder / RECEIPTS
    if RECEIPTS in odd or not place.is_dir():
        return ()
    with os.scandir(place) as entries:
        read = [entry for entry, _ in zip(entries, range(MOST_FILES), strict=False)]
    strangers = (one.name for one in read if not RECEIPT_NAME.match(one.name) or one.is_dir(follow_symlinks=False))
    return tuple(f"{RECEIPTS}/{name}" for name in sorted(strangers))


def is_seal_file(name: str) -> bool:
    """True for a path that belongs into a seal folder, by its name alone."""
    folder, _, last = name.rpartition("/")
    if folder:
        return folder == RECEIPTS and RECEIPT_NAME.match(last) is not None
    return name != RECEIPTS and is_known(name)


def is_known(name: str) -> bool:
    """True for a name that may be in a seal folder, at its top."""
    patterns = (_SIGNATURE, _STAMP, _RENEWAL, _CUSTODY_SIGNATURE, _CUSTODY_COPY)
    return name in _OTHERS or any(pattern.match(name) for pattern in patterns)


def custody_signature_name(lines: int, safe_fingerprint: str) -> str:
    """The signature over the first `lines` lines of the custody log, by one key."""
    return f"custody-{lines:04d}.{safe_fingerprint}.sig"


def custody_signature_parts(name: str) -> tuple[int, str]:
    """The reverse: how many lines, and whose key."""
    found = _CUSTODY_SIGNATURE.match(name)
    assert found is not None
    return int(found[1]), found[2]


def custody_copy_name(lines: int) -> str:
    """A copy of the first `lines` lines of the custody log."""
    return f"custody-{lines:04d}.jsonl"


def custody_copy_lines(name: str) -> int:
    """The reverse: how many lines."""
    found = _CUSTODY_COPY.match(name)
    assert found is not None
    return int(found[1])


def more_files(folder: Path) -> list[str]:
    """Paths of what else vouches for a bag: receipts, and who collected it."""
    receipts = folder / RECEIPTS
    names = sorted(one.name for one in receipts.iterdir()) if receipts.is_dir() else []
    found = [f"{RECEIPTS}/{name}" for name in names if RECEIPT_NAME.match(name)]
    return found + ([IDENTITY] if (folder / IDENTITY).exists() else [])


def signature_name(safe_fingerprint: str) -> str:
    return f"{safe_fingerprint}.sig"


def target_of(stamp: str) -> str:
    """The file that a `.tsq` or `.tsr` is about, by its name: `renewal-01.02.tsr` is about `renewal-01.txt`."""
    found = _STAMP.match(stamp)
    assert found is not None
    stem = found["stem"]
    if stem == "seal":
        return SEAL
    return f"{stem}.txt" if stem.startswith("renewal-") else f"{stem}.sig"


def stamp_stem(target: str) -> str:
    """The reverse of `target_of`, without number and ending."""
    return target.rpartition(".")[0]


def next_stamp(listing: Listing, target: str, taken: int = 0) -> str:
    """A free name, without ending, for one more stamp of `target`; `taken` names were used since the listing."""
    stem = stamp_stem(target)
    numbers = [
        int(found["number"])
        for name in (*listing.queries, *listing.replies)
        if (found := _STAMP.match(name)) and found["stem"] == stem
    ]
    return f"{stem}.{max(numbers, default=0) + 1 + taken:02d}"


def is_renewal(name: str) -> bool:
    return _RENEWAL.match(name) is not None


def next_renewal(listing: Listing) -> str:
    numbers = [int(found[1]) for name in listing.renewals if (found := _RENEWAL.match(name))]
    return f"renewal-{max(numbers, default=0) + 1:02d}.txt"


def limit_of(name: str) -> int:
    """Bytes of a file of the seal folder that are read at the most."""
    return LARGEST_LOG if name.startswith("custody") and name.endswith(".jsonl") else LARGEST


def read_file(folder: Path, name: str, largest: int | None = None) -> bytes:
    """The bytes of one file of a seal folder. Raises `FileRefused` for a link, a pipe, a file that is too large."""
    largest = limit_of(name) if largest is None else largest
    try:
        with FilesBelow(os.fspath(folder)) as below, os.fdopen(below.open(name), "rb") as stream:
            if not stat.S_ISREG(os.fstat(stream.fileno()).st_mode):
                raise FileRefused("not a plain file")
            content = stream.read(largest + 1)
    except OSError as error:
        raise FileRefused(error.strerror or "unreadable") from error
    if len(content) > largest:
        raise FileRefused(f"larger than {largest:,} bytes")
    return content


def sweep(folder: Path) -> None:
    """Remove what an interrupted write has left: parts of our files, which nothing refers to."""
    listing = list_folder(folder)
    for name in listing.unknown if listing else ():
        if name.startswith(".") and name.endswith(".part") and is_known(name[1 : -len(".part")]):
            (folder / name).unlink()


def write_file(folder: Path, name: str, content: bytes) -> None:
    """Write a file whole or not at all: beside it first, synced, then renamed over. A full disk leaves nothing."""
    partial = folder / f".{name}.part"
    try:
        with partial.open("wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        partial.replace(folder / name)
    except OSError:
        partial.unlink(missing_ok=True)
        raise
    sync_folder(folder)
