"""The one way in which an older bag is read to make a new one of it: verified first, then byte for byte as stated.

Files are opened by descriptor below the bag, never through a link, and only regular files; every byte that is taken is
compared with the digest that the older bag states for it. What does not verify makes no new bag.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Collection, Iterator
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from msgspec import Struct

from archive.bag.interface import Bag, Broken, Entry
from archive.bag.open import open_bag
from archive.bag.tagfiles import TagFiles, list_tag_files, read_tag_files
from archive.errors import BagUnreadable, UsageProblem
from archive_manifests import canonical, custody, disclosure, layout, records
from archive_manifests import ledger as ledgers
from archive_manifests.errors import StatementError
from archive_manifests.findings import Severity
from archive_manifests.fixity import Fixity
from archive_manifests.ledger import AcceptedBag, Ledger
from archive_manifests.records import RecordLine

if TYPE_CHECKING:
    from archive.verify.result.verification import Verification

ANEW = "`archive fetch --again --all` captures everything anew"
_MOST_WRONG = 1000
READ_AT_MOST = 256 << 20
"""Bytes of one file of an older bag that are read into memory: its ledger, its log."""


class Predecessor(Struct, frozen=True):
    """What a new bag states of the one that it follows."""

    path: Path
    ledger: Ledger
    tagmanifest: Fixity
    source_manifest: bytes
    seeds: tuple[bytes, ...]
    """Of the bag and of those that it follows; none of a bag of an early version."""


class OlderBag:
    """A finished bag of ours, opened to be read as its manifests state it."""

    def __init__(self, path: Path) -> None:
        """Raises `BagUnreadable` where no bag of ours lies there."""
        if not path.is_dir():
            raise BagUnreadable(f"{path}: not a finished bag of ours (no such folder); `archive fetch` makes one")
        self.path = path
        self._bag: Bag = open_bag(path)
        self._reader = self._bag.reader()
        self._tags: TagFiles = list_tag_files(self._bag)
        read_tag_files(self._tags, self._reader)

    def __enter__(self) -> OlderBag:
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self._reader.close()
        self._bag.close()

    @property
    def tagmanifest(self) -> Fixity | None:
        """The digest that identifies the bag."""
        digest = self._tags.digests.get(layout.TAG_MANIFEST, {}).get("sha256")
        return Fixity("sha256", digest) if digest is not None else None

    def states(self, path: str) -> bool:
        """True where the payload manifest lists a file."""
        return self._stated(path) is not None

    def files_below(self, folder: str) -> list[str]:
        """The payload files below a folder, as the manifest lists them."""
        return sorted(path for path in self._tags.table.row_of if path.startswith(folder))

    def chunks(self, path: str) -> Iterator[bytes]:
        """Yield a payload file's bytes. Raises `UsageProblem` where they are not what the manifest states."""
        stated, digest = self._stated(path), hashlib.sha256()
        if stated is None:
            raise UsageProblem(f"{self.path}: its manifest does not list {path}; nothing is taken over from this bag")
        try:
            for chunk in self._reader.chunks(Entry(path, 0, 0)):
                digest.update(chunk)
                yield chunk
        except Broken as broken:
            raise UsageProblem(f"{self.path / path}: {broken.note}; nothing is taken over from this bag") from broken
        if digest.hexdigest() != stated:
            raise UsageProblem(
                f"{self.path / path}: sha256 stated {stated}, found {digest.hexdigest()}; the older bag is damaged: "
                f"nothing is taken over from it; {ANEW}"
            )

    def read(self, path: str) -> bytes:
        """A payload file whole. Raises `UsageProblem`, `BagUnreadable`."""
        parts, size = [], 0
        for chunk in self.chunks(path):
            parts.append(chunk)
            size += len(chunk)
            if size > READ_AT_MOST:
                raise BagUnreadable(f"{self.path / path}: larger than {READ_AT_MOST:,} bytes, the most that is read")
        return b"".join(parts)

    def _stated(self, path: str) -> str | None:
        table = self._tags.table
        row = table.row_of.get(path)
        if row is None or "sha256" not in table.algorithms:
            return None
        column = table.column("sha256")
        return table.digest(column, row).hex() if table.lists(column, row) else None

    def predecessor(self) -> Predecessor:
        """What a new bag states of this one. Raises `BagUnreadable` where this is no bag of ours."""
        try:
            ledger = ledgers.from_json(self.read(layout.LEDGER))
            manifest = self.read(layout.SOURCE_MANIFEST)
        except (StatementError, UsageProblem) as error:
            message = f"{self.path}: not a finished bag of ours ({error}); `archive fetch` makes one"
            raise BagUnreadable(message) from error
        if self.tagmanifest is None:
            raise BagUnreadable(f"{self.path}: not a finished bag of ours (no {layout.TAG_MANIFEST})")
        return Predecessor(self.path, ledger, self.tagmanifest, manifest, self._seeds())

    def _seeds(self) -> tuple[bytes, ...]:
        """Its seed, and those of the bags that it follows; none where they cannot be read, which `verify` reports."""
        try:
            return disclosure.parse_seeds(self.read(layout.SEED)) if self.states(layout.SEED) else ()
        except (StatementError, UsageProblem):
            return ()

    def records(self) -> list[RecordLine]:
        """The records log."""
        lines = self.read(layout.RECORDS).splitlines(keepends=True)
        try:
            return [records.parse_line(line, number) for number, line in enumerate(lines, start=1)]
        except StatementError as error:
            raise BagUnreadable(f"{self.path}: {error}") from error

    def resumed(self) -> list[tuple[str, int]]:
        """When its captures, or those that it took over, were resumed, and with how many records.

        None of that is taken from events that were altered: the new bag writes its own.
        """
        try:
            lines = self.read(layout.EVENTS).splitlines(keepends=True) if self.states(layout.EVENTS) else []
        except UsageProblem:
            return []
        try:
            return list(custody.resumed_of(custody.parse_line(line, n) for n, line in enumerate(lines, start=1)))
        except StatementError as error:
            raise BagUnreadable(f"{self.path}: {error}") from error

    def extractor(self) -> str | None:
        """What made the text of the report, as the bag's list of software says."""
        try:
            stated = canonical.parse(self.read(layout.SOFTWARE), dict[str, object], what="software.json")
        except StatementError:
            return None
        extractor = stated.get("report_text_by")
        return extractor if isinstance(extractor, str) else None


def require_sound(
    before: Predecessor, taken: Collection[str], when: str, *, accept_unsound: bool = False
) -> tuple[AcceptedBag, ...]:
    """Verify an older bag before anything is taken from it; return it if it is accepted, after those before it.

    `taken` are the payload files that are taken over; a fault in one of them would be a fault of the new bag, and is
    never accepted. Raises `UsageProblem` for one, where the bag does not verify and is not accepted, and where it is
    another bag than the one that was opened.
    """
    from archive.verify.run import verify  # late: most runs follow no older bag

    path, accepted = before.path, before.ledger.conditions.accepted_bags
    found = verify(path)
    if found.tagmanifest != before.tagmanifest:
        raise UsageProblem(f"{path}: it changed while it was read; leave it alone and try again")
    if not found.errors:
        return accepted
    wrong = summary_of(found)
    if not accept_unsound:
        raise UsageProblem(
            f"{path}: does not verify ({wrong}), so nothing is taken over from it; see `archive verify`, or repeat "
            "with --accept-unsound to make a bag that says so"
        )
    errors = [one for one in found.findings if one.severity is Severity.ERROR]
    if lost := [one for one in errors if one.source is not None or (one.path is not None and one.path.text in taken)]:
        first = lost[0]
        place = f"{first.code} in {first.path}" + (f", source {first.source}" if first.source else "")
        raise UsageProblem(
            f"{path}: does not verify ({wrong}), and --accept-unsound does not go as far as this: what the new bag "
            f"would take over is wrong itself ({place}), so that bag would not verify either; {ANEW}"
        )
    return (*accepted, AcceptedBag(str(before.tagmanifest), wrong[:_MOST_WRONG], when))


def summary_of(found: Verification) -> str:
    """The errors of a verification, counted by code."""
    counts = Counter(finding.code for finding in found.findings if finding.severity is Severity.ERROR)
    return ", ".join(f"{code} {count:,} times" if count > 1 else code for code, count in sorted(counts.items()))
