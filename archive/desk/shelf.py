"""What lies in the desk's folder: bags, packages, unfinished work, reports in preparation. Read again each time."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

from msgspec import Struct

from archive.desk.draft import ReportDraft, drafts
from archive.errors import ArchiveError
from archive.replay.contents import read_contents
from archive.trust.custody_log import CustodyBroken, first_prev, read_log
from archive.trust.seal_folder import RECEIPTS, list_folder, seal_folder
from archive_manifests.ledger import Ledger

_MARKS = {"work": "journal.jsonl", "bag": "bagit.txt"}
"""The file by which a folder is known."""
_PACKAGES = (".tar", ".tar.gz", ".zip", ".wacz")


class ShelfItem(Struct, frozen=True):
    """One report or bag on the shelf."""

    id: str
    """What stands for it in addresses: it says nothing in a browser's history, and is no path."""
    name: str
    draft: ReportDraft | None = None
    work: Path | None = None
    """The work folder, where one is there."""
    bag: Path | None = None
    package: Path | None = None

    @property
    def place(self) -> Path | None:
        """What can be read of captures: the bag, else the package, else the work folder."""
        return self.bag or self.package or self.work

    @property
    def stage(self) -> str:
        """How far it is: `bag`, `package`, `work`, `draft`."""
        if self.bag is not None:
            return "bag"
        if self.package is not None:
            return "package"
        return "work" if self.work is not None else "draft"


class SealState(Struct, frozen=True):
    """What lies beside a bag; nothing of it is checked here."""

    signatures: int = 0
    timestamps: int = 0
    queries: int = 0
    """Timestamp queries without a reply."""
    receipts: int = 0
    packed: tuple[str, ...] = ()
    """Names of the packages that were handed over, as the custody log has them."""


class Shelf:
    """The folder that the desk was started with, and nothing outside."""

    def __init__(self, root: Path, key: bytes) -> None:
        self.root, self._key = root, key

    def items(self) -> list[ShelfItem]:
        """Everything, by name."""
        return sorted(self._items(), key=lambda item: item.name)

    def find(self, ident: str) -> ShelfItem:
        """The item with this id. Raises `LookupError`."""
        for item in self._items():
            if item.id == ident:
                return item
        raise LookupError(ident)

    def item_of(self, draft: ReportDraft) -> ShelfItem:
        return self.find(self._id(draft.name))

    def named(self, name: str) -> ShelfItem:
        """The item of that name. Raises `LookupError`."""
        return self.find(self._id(name))

    def _id(self, name: str) -> str:
        return hashlib.blake2b(name.encode("utf-8", "surrogateescape"), key=self._key, digest_size=8).hexdigest()

    def _items(self) -> Iterator[ShelfItem]:
        by_name = {draft.name: draft for draft in drafts(self.root)}
        works, bags, packages = {}, {}, {}
        for place in self.root.iterdir():
            if place.is_symlink() or place.name == "outbox" or place.name.startswith("."):
                continue
            match _kind(place):
                case "work":
                    works[place.name.removesuffix(".part")] = place
                case "bag":
                    bags[place.name] = place
                case "package":
                    packages[place.name] = place
        for name in {*by_name, *works, *bags, *packages}:
            found = by_name.get(name), works.get(name), bags.get(name), packages.get(name)
            yield ShelfItem(self._id(name), name, *found)


def _kind(place: Path) -> str | None:
    """`work`, `bag`, `package`; None for anything else, and for a folder that this user may not open."""
    try:
        if place.is_dir():
            return next((kind for kind, file in _MARKS.items() if (place / file).is_file()), None)
        is_package = place.name.endswith(_PACKAGES) and not place.name.endswith(".seal.tar")
        return "package" if is_package and place.is_file() else None
    except OSError:
        return None


def ledger_of(item: ShelfItem) -> Ledger | None:
    """What a bag, or the work so far, states of its sources; None where nothing can be read."""
    if item.place is None:
        return None
    try:
        return read_contents(item.place).ledger
    except (ArchiveError, OSError):
        return None


def seal_state(bag: Path) -> SealState:
    folder = seal_folder(bag)
    listing = list_folder(folder)
    if listing is None:
        return SealState()
    receipts = folder / RECEIPTS
    received = sum(place.name.endswith(".json") for place in receipts.iterdir()) if receipts.is_dir() else 0
    waiting = {name.rpartition(".")[0] for name in listing.queries} - {n.rpartition(".")[0] for n in listing.replies}
    return SealState(len(listing.signatures), len(listing.replies), len(waiting), received, _packed(folder))


def _packed(folder: Path) -> tuple[str, ...]:
    try:
        events = read_log(folder, first_prev(folder)).events
    except (CustodyBroken, OSError):
        return ()
    return tuple(str(event.facts["file"]) for event in events if event.type == "packing" and "file" in event.facts)
