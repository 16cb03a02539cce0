"""What a bag, or an unfinished work folder, contains, without judging it."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Container, Iterable, Iterator
from functools import partial
from pathlib import Path

from msgspec import Struct

from archive.bag.interface import Bag, stem
from archive.bag.open import open_bag
from archive.errors import BagUnreadable, StatementError
from archive.posix import FilesBelow
from archive.workfolder.unfinished import find_unfinished
from archive_manifests import layout
from archive_manifests import ledger as ledgers
from archive_manifests.disclosed_ledger import disclosed_ledger
from archive_manifests.disclosure_copy import LEDGER_FOLDER, WITHHELD, Withheld, parse_withheld
from archive_manifests.ledger import Ledger
from archive_manifests.paths import BagPath

LARGEST = 512 << 20
"""The most bytes of a ledger or a page that are read: a thousand times what a large report needs."""

# The start of every page of ours. The policy stands first, so it binds whatever follows: no program, no network.
_GUARDED = re.compile(
    rb'<!doctype html>\n<html lang="[a-z-]+" dir="(?:ltr|rtl)">\n<head>\n<meta charset="utf-8">\n'
    rb"<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
    rb"style-src (?:'sha256-[A-Za-z0-9+/=]+'|'self');"
    rb" img-src 'self'; media-src 'self'; base-uri 'none'; form-action 'none'\">\n"
)


class ReplayContents(Struct, frozen=True):
    """What a bag, or a work folder so far, states about its sources."""

    path: Path
    name: str
    ledger: Ledger
    is_finished: bool
    continue_with: str | None = None
    """Of a work folder: the command that continues."""
    withheld: Withheld | None = None
    """Of a disclosure copy: what it leaves out."""
    cited: int | None = None
    """Of a work folder: how many sources are to be captured, those without a verdict among them."""

    @property
    def counts(self) -> dict[str, int]:
        return ledgers.counts(source.status for source in self.ledger.sources)


def read_contents(path: Path) -> ReplayContents:
    """Read the sources of a bag at `path`: a folder, a tar, a zip, or a work folder. Raises `BagUnreadable`."""
    unfinished = find_unfinished(path)
    if unfinished is not None:
        ledger, command = unfinished.ledger(), unfinished.command
        return ReplayContents(unfinished.path, unfinished.name, ledger, False, command, cited=unfinished.cited)
    try:
        ledger, withheld = _ledger(path)
    except StatementError as error:
        raise BagUnreadable(f"{path}: {error}; see: archive verify {path}") from error
    return ReplayContents(path, stem(path.resolve().name), ledger, is_finished=True, withheld=withheld)


def _ledger(path: Path) -> tuple[Ledger, Withheld | None]:
    """The ledger, of a copy its part, and what that withholds. Raises `BagUnreadable`, `StatementError`."""
    try:
        content = _read(path, layout.LEDGER)
    except BagUnreadable as missing:
        try:
            document = _read(path, WITHHELD)
        except BagUnreadable:
            raise missing from None
        withheld = parse_withheld(document)
        if path.is_dir():
            return disclosed_ledger(withheld, partial(_read, path)), withheld
        with open_bag(path) as bag:
            return disclosed_ledger(withheld, _parts(bag, path).__getitem__), withheld
    return ledgers.from_json(content), None


def _parts(bag: Bag, path: Path) -> dict[str, bytes]:
    """The parts of a copy's ledger in a package, which is read once. Raises `BagUnreadable`."""
    found, left = _Parts(path), LARGEST
    for entry, chunks in bag.stream():
        if entry.path.startswith(LEDGER_FOLDER):
            content = b"".join(chunks)
            left -= len(content)
            if left < 0:
                raise BagUnreadable(f"{path / LEDGER_FOLDER}: over {LARGEST:,} bytes")
            found[entry.path] = content
    return found


class _Parts(dict[str, bytes]):
    """Files of a package by path."""

    def __init__(self, package: Path) -> None:
        super().__init__()
        self._package = package

    def __missing__(self, path: str) -> bytes:
        raise BagUnreadable(f"{self._package}: contains no {path}; see: archive verify {self._package}")


def find_page(path: Path) -> Path:
    """The page of the bag at `path`, once opening it can do no harm. Raises `BagUnreadable`.

    It is the file that the bag lists, and it begins with the policy that excludes programs and the network.
    """
    unfinished = find_unfinished(path)
    base = unfinished.path / "bag" if unfinished is not None else path
    if not base.exists():
        raise BagUnreadable(f"{path}: no such path").worded("no-path", path=str(path))
    if not base.is_dir():
        from archive.bag.open import open_bag

        open_bag(path).close()  # raises what is wrong with a file that is no package
        raise BagUnreadable(f"{path}: a package, not a folder; unpack it first, or use: archive show {path}")
    if unfinished is not None and not (base / layout.PAGE).is_file():
        raise BagUnreadable(f"{path}: not finished, so it has no page yet; continue with: {unfinished.command}")
    _read(base, layout.PAGE)  # a folder that has no page is said to have none, whatever else it lacks
    listed = frozenset(_read(base, layout.PAYLOAD_MANIFEST).splitlines()) if unfinished is None else None
    for page in [layout.PAGE, *_source_pages(listed or ())]:
        _check_page(base, page, listed)
    return base.resolve() / layout.PAGE


def _source_pages(listed: Iterable[bytes]) -> Iterator[str]:
    """The pages of sources that the manifest lists: the page leads to them."""
    for line in listed:
        path = line[66:].decode("utf-8", "replace")  # a SHA-256, two blanks, the path
        if path.startswith(layout.SOURCE_PAGES) and path.endswith(".html"):
            yield path


def _check_page(base: Path, path: str, listed: Container[bytes] | None) -> None:
    """A page that is opened is guarded, and as the manifest lists it where there is one. Raises `BagUnreadable`."""
    content = _read(base, path)
    if not _GUARDED.match(content):
        raise BagUnreadable(f"{base / path}: not a page of this program, and it could run others; not opened")
    if listed is not None and f"{hashlib.sha256(content).hexdigest()}  {path}".encode() not in listed:
        raise BagUnreadable(f"{base / path}: not as {layout.PAYLOAD_MANIFEST} lists it; see: archive verify {base}")


def _read(base: Path, path: str) -> bytes:
    if base.is_dir():
        return _read_below(base, path)
    with open_bag(base) as bag, bag.open(BagPath(path)) as file:
        return _bounded(file.read(LARGEST + 1), base, path)


def _read_below(base: Path, path: str) -> bytes:
    """A file of a folder, without following a link."""
    try:
        with FilesBelow(os.fspath(base)) as below, open(below.open(path), "rb") as file:  # noqa: PTH123 -- a descriptor
            return _bounded(file.read(LARGEST + 1), base, path)
    except FileNotFoundError as error:
        text = f"{base}: contains no {path}; archive verify checks bags of any origin"
        raise BagUnreadable(text).worded("not-ours", base=str(base), path=str(path)) from error
    except OSError as error:
        raise BagUnreadable(f"{base / path}: {error.strerror or error}") from error


def _bounded(content: bytes, base: Path, path: str) -> bytes:
    if len(content) > LARGEST:
        raise BagUnreadable(f"{base / path}: over {LARGEST:,} bytes")
    return content
