"""Looks at a bag, or at a work folder that is not one yet, without judging it."""

from __future__ import annotations

import hashlib
import os
import re
from dataclasses import dataclass
from pathlib import Path

from archive.bag.interface import stem
from archive.bag.open import open_bag
from archive.errors import BagUnreadable, StatementError, UsageProblem
from archive.posix import FilesBelow
from archive_manifests import layout
from archive_manifests import ledger as ledgers
from archive_manifests.ledger import Ledger
from archive_manifests.paths import BagPath

LEDGER = layout.LEDGER
PAGE = layout.PAGE
JOURNAL = "journal.jsonl"
LARGEST = 512 << 20
"""Octets of a ledger or a page that are read: a thousand times what a large report needs."""

# The start of every page of ours. A policy that stands first holds whatever follows it: no program, no network.
_GUARDED = re.compile(
    rb'<!doctype html>\n<html lang="[a-z-]+" dir="(?:ltr|rtl)">\n<head>\n<meta charset="utf-8">\n'
    rb"<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'sha256-[A-Za-z0-9+/=]+';"
    rb" img-src 'self'; media-src 'self'; base-uri 'none'; form-action 'none'\">\n"
)


@dataclass(frozen=True, slots=True)
class Looked:
    """What a bag, or a work folder so far, says of its sources."""

    path: Path
    name: str
    ledger: Ledger
    is_finished: bool

    @property
    def counts(self) -> dict[str, int]:
        return ledgers.counts(source.status for source in self.ledger.sources)


def look(path: Path) -> Looked:
    """The sources of the bag at `path`: a folder, a tar, a zip, or a work folder. Raises `BagUnreadable`."""
    place = _place(path)
    if (place / JOURNAL).is_file():
        return _look_at_work(place)
    try:
        ledger = ledgers.from_json(_read(place, LEDGER))
    except StatementError as error:
        raise BagUnreadable(f"{place}: {error}; see: archive verify {place}") from error
    return Looked(place, stem(place.resolve().name), ledger, is_finished=True)


def page(path: Path) -> Path:
    """The page of the bag at `path`, once it is sure that opening it does no harm. Raises `BagUnreadable`.

    It is the file that the bag lists, and begins with the policy that keeps programs and network out of it.
    """
    place = _place(path)
    if not place.exists():
        raise BagUnreadable(f"{place}: no such path")
    if not place.is_dir():
        raise BagUnreadable(f"{place}: a package, not a folder; unpack it first, or use: archive show {place}")
    base = place / "bag" if (place / JOURNAL).is_file() else place
    content = _read(base, PAGE)
    if not _GUARDED.match(content):
        raise BagUnreadable(f"{base / PAGE}: not a page of this program, and it could run others; not opened")
    if place == base:
        _check_listed(base, content)
    return base.resolve() / PAGE


def _check_listed(base: Path, content: bytes) -> None:
    listed = _read(base, layout.PAYLOAD_MANIFEST)
    line = f"{hashlib.sha256(content).hexdigest()}  {PAGE}".encode()
    if line not in listed.splitlines():
        raise BagUnreadable(f"{base / PAGE}: not as manifest-sha256.txt lists it; see: archive verify {base}")


def _place(path: Path) -> Path:
    """The path, or its work folder where only that is there."""
    work = path.with_name(f"{path.name}.part")
    return work if not path.exists() and work.is_dir() else path


def _look_at_work(place: Path) -> Looked:
    from archive.workfolder.journal import read_journal
    from archive.workfolder.state import fold

    try:
        ledger = fold(read_journal(place / JOURNAL), place).ledger()
    except UsageProblem as error:
        raise BagUnreadable(f"{place / JOURNAL}: not the journal of a work folder") from error
    return Looked(place, place.resolve().name.removesuffix(".part"), ledger, is_finished=False)


def _read(base: Path, path: str) -> bytes:
    if base.is_dir():
        return _read_below(base, path)
    with open_bag(base) as bag, bag.open(BagPath(path)) as file:
        return _bounded(file.read(LARGEST + 1), base, path)


def _read_below(base: Path, path: str) -> bytes:
    """A file of a folder, no link followed."""
    try:
        with FilesBelow(os.fspath(base)) as below, open(below.open(path), "rb") as file:  # noqa: PTH123 -- a descriptor
            return _bounded(file.read(LARGEST + 1), base, path)
    except FileNotFoundError as error:
        raise BagUnreadable(f"{base}: holds no {path}; archive verify judges bags of any origin") from error
    except OSError as error:
        raise BagUnreadable(f"{base / path}: {error.strerror or error}") from error


def _bounded(content: bytes, base: Path, path: str) -> bytes:
    if len(content) > LARGEST:
        raise BagUnreadable(f"{base / path}: over {LARGEST:,} bytes")
    return content
