"""The bag that is annotated: verified, opened once, and read for what annex and exhibits need."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path, PurePath

from msgspec import Struct

from archive.annotate.entries import AnnexFacts, AnnotatedSource, annex_entries, language_of
from archive.bag.interface import Bag, Broken, Entry, Reader
from archive.errors import ArchiveError, BagUnreadable, StatementError
from archive.verify.run import verify
from archive_manifests import disclosure, layout, records
from archive_manifests import ledger as ledgers
from archive_manifests.findings import Severity
from archive_manifests.paths import BagPath
from archive_manifests.payload import manifest_name, parse_manifest


class NotAnnotatable(ArchiveError):
    """The bag, or its report, cannot be annotated; nothing was written."""

    exit_code = 1


class OpenedBag(Struct, frozen=True):
    """What annex and exhibits are made of."""

    bag: Bag
    source: AnnotatedSource
    fingerprint: str
    entries: dict[str, Entry]
    """Payload path -> where it lies."""
    reader: Reader
    """One for all files: each reader of a folder keeps a descriptor open."""

    def chunks(self, path: str) -> Iterator[bytes]:
        """Yield the bytes of a payload file. Raises `NotAnnotatable`."""
        try:
            yield from self.reader.chunks(self.entries[path])
        except Broken as broken:
            raise NotAnnotatable(f"{path}: {broken.note}; nothing was written") from broken

    def chunks_from(self, path: str, start: int) -> Iterator[bytes]:
        """Yield the bytes of a payload file from one on. Raises `Broken`."""
        entry = self.entries.get(path)
        if entry is None:
            raise Broken("file-vanished", f"{path} is not there")
        return self.reader.chunks_from(entry, start)

    @property
    def report_path(self) -> str:
        """Where the report is. Raises `NotAnnotatable` for a bag without one."""
        path = self.source.ledger.report.path
        if path is None or path not in self.entries:
            raise NotAnnotatable(f"{self.bag.location}: the bag does not contain the report; nothing can be annotated")
        return path

    @property
    def report_name(self) -> str:
        """The name of the report's file, as it was given, or else as the bag has it; never a path."""
        given = PurePath((self.source.ledger.report.name or "").replace("\\", "/")).name
        usable = given.isprintable() and not given.startswith(".") and len(given.encode()) < 200
        return given if given and usable else PurePath(self.report_path).name

    def facts(self, language: str | None, shows_digests: bool) -> AnnexFacts:
        """What the annex says."""
        words = language_of(self.source.ledger, language)
        path = self.report_path
        return AnnexFacts(
            words=words,
            bag=self.bag.name,
            fingerprint=self.fingerprint,
            report_name=self.report_name,
            report_sha256=self.source.files[path],
            report_size=self.entries[path].size,
            entries=annex_entries(self.source, words),
            shows_digests=shows_digests,
            title=self.source.ledger.report.stated.title,
            doubtful=self.source.ledger.conditions.doubtful,
        )


def require_sound(bag: Path) -> None:
    """Raise `NotAnnotatable` for a bag with an error: what is shown to others has to be true."""
    wrong = [finding for finding in verify(bag).findings if finding.severity is Severity.ERROR]
    if wrong:
        raise NotAnnotatable(f"{bag}: {wrong[0].code}; see `archive verify`. Only a sound bag is annotated")


def read_bag(bag: Bag) -> OpenedBag:
    """Read what is needed. Raises `NotAnnotatable` for a bag that is not of this program."""
    if bag.reads_in_order:
        raise NotAnnotatable(f"{bag.location}: unpack it first; a report is annotated from a folder, a tar or a zip")
    try:
        ledger = ledgers.from_json(_whole(bag, layout.LEDGER))
        lines = _whole(bag, layout.RECORDS).splitlines(keepends=True)
        log = [records.parse_line(line, number) for number, line in enumerate(lines, start=1)]
        listed = parse_manifest(_whole(bag, manifest_name("sha256")), "sha256")
        fingerprint = hashlib.sha256(_whole(bag, layout.TAG_MANIFEST)).hexdigest()
    except (BagUnreadable, StatementError) as error:
        raise NotAnnotatable(f"{bag.location}: {error}; only a bag of this program can be annotated") from error
    files = {path.text: digest for path, digest in listed.entries.items()}
    source = AnnotatedSource(ledger, {line.id: line for line in log}, files, _seed(bag, files))
    entries = {entry.path: entry for entry in bag.payload_entries()}
    return OpenedBag(bag, source, f"sha256:{fingerprint}", entries, bag.reader())


def _seed(bag: Bag, files: dict[str, str]) -> bytes | None:
    return disclosure.parse_seed(_whole(bag, layout.SEED)) if layout.SEED in files else None


def _whole(bag: Bag, path: str) -> bytes:
    with bag.open(BagPath(path)) as stream:
        return stream.read()
