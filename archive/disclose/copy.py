"""Writes a disclosure copy: the disclosed bytes as they are, a proof for each, and a page of its own."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path

from msgspec import Struct, field
from msgspec.structs import replace

from archive.disclose.original import NotDisclosable, Original
from archive.disclose.selection import Selection
from archive.page.page import render_page
from archive.page.page_content import PageContent
from archive.page.source_pages import render_source_pages
from archive.version import AGENT
from archive.workfolder.events import FileAdded
from archive.workfolder.files import write_file
from archive_manifests import cdxj, disclosure, layout
from archive_manifests.datapackage import datapackage_json, title_of
from archive_manifests.disclosed_ledger import NO_REPORT
from archive_manifests.disclosure_copy import (
    FOLDER,
    LEAVES,
    PROOFS,
    README,
    RECORD_LEAVES,
    REDACTED,
    WITHHELD,
    Proof,
    Withheld,
    info_fields,
    leaves_text,
    ledger_path,
    proof_lines,
    withheld_document,
)
from archive_manifests.fixity import BAG_ALGORITHMS, Fixity
from archive_manifests.ledger import Ledger
from archive_manifests.moments import iso
from archive_manifests.pages import pages_jsonl
from archive_manifests.paths import BagPath
from archive_manifests.payload import format_manifest, manifest_name
from archive_manifests.records import RecordLine
from archive_manifests.tags import DECLARATION, Oxum, format_bag_info

LARGEST_WARC = 1 << 30
"""Bytes after which a WARC of the copy is followed by another."""


class CopyWriter(Struct):
    """Lays a copy down in a folder that is not its last place yet."""

    base: Path
    original: Original
    chosen: Selection
    because: str
    shows_count: bool
    now: datetime
    text: str | None = None
    """The report's text, redacted, where it goes along."""
    files: dict[str, FileAdded] = field(default_factory=dict)
    proofs: list[Proof] = field(default_factory=list)
    lines: list[RecordLine] = field(default_factory=list)
    """The disclosed records at their places in the copy."""
    derived: list[str] = field(default_factory=list)

    def write(self, name: str) -> Fixity:
        """Write all of it; return the digest of its tag manifest. `name` is the copy's folder."""
        self._write_records()
        for path in self.chosen.files:
            self._add(path, self.original.file(path))
            self._require(path, self.original.stated[path], self.files[path].sha256)
            self._prove("file", path, path)
        self._write_ledger()
        self._write_derived(name)
        self._write_proofs()
        return self._write_tag_files()

    @property
    def ledger(self) -> Ledger:
        """The ledger as the copy's page shows it: the disclosed entries, no passed-over passages."""
        report = self.original.ledger.report if self.chosen.names_report else NO_REPORT
        return replace(self.original.ledger, report=report, sources=self.chosen.entries, passed_over=())

    def _add(self, path: str, source: bytes | str | Iterable[bytes]) -> None:
        self.files[path] = write_file(self.base, path, source)

    def _require(self, what: str, expected: str, found: str) -> None:
        if expected != found:
            raise NotDisclosable(f"{what}: sha256 expected {expected}, found {found}; no copy was made")

    def _prove(self, kind: str, ref: str, path: str, offset: int | None = None, length: int | None = None) -> None:
        salt = disclosure.salt_of(self.original.seed, kind, ref).hex()
        self.proofs.append(Proof(kind, ref, salt, path, offset, length))

    def _write_records(self) -> None:
        for number, group in enumerate(_by_size(self.chosen.records), start=1):
            path = f"{layout.ARCHIVE}d{number:02d}.warc.gz"
            self._add(path, self._members(group))
            offset = 0
            for line in group:
                self.lines.append(replace(line, file=path, offset=offset, prev=None))
                self._prove("record", line.id, path, offset, line.length)
                offset += line.length

    def _members(self, group: Iterable[RecordLine]) -> Iterator[bytes]:
        for line in group:
            digest = hashlib.sha256()
            for piece in self.original.member(line):
                digest.update(piece)
                yield piece
            self._require(f"{line.file} at {line.offset:,}", line.sha256, digest.hexdigest())

    def _write_ledger(self) -> None:
        parts = [(kind, "", part) for kind, part in self.chosen.head_parts(self.original.ledger)]
        for entry in self.chosen.entries:
            parts += [("citations", entry.id, disclosure.citations_half(entry))]
            parts += [("capture", entry.id, disclosure.capture_half(entry))]
        for kind, ref, part in parts:
            path = ledger_path(kind, ref)
            self._add(path, part)
            self._prove(kind, ref, path)

    @property
    def _withheld(self) -> Withheld:
        ids = tuple(entry.id for entry in self.chosen.entries)
        count = len(self.chosen.withheld) if self.shows_count else None
        derived = tuple(sorted(self.derived))
        return Withheld("archive.disclosure/1", disclosure.SCHEME, self.because, ids, count, derived)

    def _write_derived(self, name: str) -> None:
        """What another tool needs to read the copy, made from the disclosed part alone."""
        log = sorted(self.lines, key=lambda line: (line.file, line.offset))
        self._derive(layout.INDEX, cdxj.index_cdx(log))
        self._derive(layout.PAGES, pages_jsonl(self.ledger, log))
        parts = ("archive", "indexes", "pages")
        within = [each for path, each in sorted(self.files.items()) if path.split("/")[1] in parts]
        resources = [
            (each.path.rpartition("/")[2].lower(), each.path.removeprefix("data/"), each.size, each.sha256)
            for each in within
        ]
        self._derive(layout.DATA_PACKAGE, datapackage_json(title_of(self.ledger), iso(self.now), AGENT, resources))
        if self.text is not None:
            self._derive(REDACTED, self.text)
        sizes = {path: each.size for path, each in self.files.items()}
        content = PageContent(ledger=self.ledger, records=log, files=sizes, name=name, withheld=self._withheld)
        for path, page in render_source_pages(content):
            self._derive(path, page)
        self._derive(layout.PAGE, render_page(content))

    def _derive(self, path: str, text: str) -> None:
        self._add(path, text)
        self.derived.append(path)

    def _write_proofs(self) -> None:
        self._add(LEAVES, leaves_text(self.original.tree))
        if layout.ENDED in self.chosen.files:
            self._add(RECORD_LEAVES, leaves_text(self.original.record_tree()))
        self._add(PROOFS, "".join(proof_lines(self.proofs)))
        self._add(WITHHELD, withheld_document(self._withheld))
        assert all(path.startswith(FOLDER) for path in (LEAVES, PROOFS, WITHHELD))

    def _write_tag_files(self) -> Fixity:
        payload = sorted(self.files.values(), key=lambda each: each.path)
        for algorithm in BAG_ALGORITHMS:
            stated = {BagPath(each.path): getattr(each, algorithm) for each in payload}
            self._add(manifest_name(algorithm), format_manifest(stated))
        oxum = Oxum(sum(each.size for each in payload), len(payload))
        self._add(layout.BAG_INFO, format_bag_info(self._fields(oxum)))
        self._add(layout.README, README)
        self._add(layout.DECLARATION, DECLARATION)
        tags = [each for path, each in sorted(self.files.items()) if not path.startswith(layout.PAYLOAD)]
        for algorithm in BAG_ALGORITHMS:
            stated = {BagPath(each.path): getattr(each, algorithm) for each in tags}
            self._add(manifest_name(algorithm, tag=True), format_manifest(stated))
        return Fixity("sha256", self.files[manifest_name("sha256", tag=True)].sha256)

    def _fields(self, oxum: Oxum) -> list[tuple[str, str]]:
        title, day = title_of(self.ledger), self.now.date().isoformat()
        return info_fields(self.ledger.report.stated, title, len(self.chosen.entries), oxum, day, AGENT)


def _by_size(lines: Iterable[RecordLine]) -> Iterator[list[RecordLine]]:
    """Records in groups, each small enough for one WARC file."""
    group: list[RecordLine] = []
    size = 0
    for line in lines:
        if group and size + line.length > LARGEST_WARC:
            yield group
            group, size = [], 0
        group.append(line)
        size += line.length
    if group:
        yield group
