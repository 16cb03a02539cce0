"""Writes the exhibits of a bag: stamped prints, native files, load files, and the book of their numbers."""

from __future__ import annotations

import hashlib
import io
import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path, PurePath

from msgspec import Struct, field

from archive.annotate.entries import AnnexEntry, AnnexFacts
from archive.annotate.exhibits.cited_file import CitedFile, cited_file
from archive.annotate.exhibits.load_files import ALL_COLUMNS, csv_text, dat_text
from archive.annotate.exhibits.numbers import Numbering, Wanted, prefix_of, shown
from archive.annotate.exhibits.prints import Print, print_of
from archive.annotate.exhibits.stamp import ExhibitStamp, stamp_pdf
from archive.annotate.opened import OpenedBag
from archive.words import FALLBACK, load
from archive_manifests import layout
from archive_manifests.exhibits import Exhibit, ExhibitBook, to_json
from archive_manifests.ledger import REASONS, SourceEntry, Status

FOLDER = "exhibits"
BOOK = "exhibits.json"
LARGEST_INFO = 8 << 20
"""Bytes of an info.json that is read."""
_NOT_NATIVE = (".info.json", ".json", ".vtt", ".srt", ".tmp")


class ExhibitOrder(Struct, frozen=True):
    """How the exhibits are numbered and described."""

    prefix: str | None = None
    """Before each number; None for the report's id, or what an earlier run used."""
    start: int = 1
    columns: tuple[tuple[str, str], ...] = ALL_COLUMNS
    custodian: str = ""
    """A pseudonym."""
    confidentiality: str = ""


class _Writing(Struct):
    """Exhibits on their way into a folder."""

    opened: OpenedBag
    facts: AnnexFacts
    folder: Path
    order: ExhibitOrder
    numbering: Numbering
    earlier: Path
    """The folder of an earlier run's exhibits."""
    rows: list[dict[str, str]] = field(default_factory=list)

    def write(self, entry: SourceEntry, annex: AnnexEntry) -> None:
        """One source: its print, then its native files."""
        file = cited_file(self.opened, entry)
        made = print_of(self.opened, self.facts, entry, annex, file)
        first = self.numbering.give(self._wanted_print(entry, made))
        (self.folder / FOLDER / first.file).write_bytes(self._stamped(made, first, annex))
        natives = [*self._cited(entry, file), *self._natives(entry)]
        last = natives[-1][0] if natives else first
        attached = {"BEGATTACH": self._number(first.first), "ENDATTACH": self._number(last.last)} if natives else {}
        text = self._text(entry, first)
        about = self._about(entry, annex)
        for exhibit, path in [(first, ""), *natives]:
            size = (self.folder / FOLDER / exhibit.file).stat().st_size
            row = {**about, **attached, **self._numbers(exhibit), "FILESIZE": str(size)}
            row["FILENAME"] = exhibit.file
            if exhibit is first:
                row["TEXTPATH"] = text
            else:
                row["NATIVEPATH"] = f"{FOLDER}/{exhibit.file}"
            row |= self._proof(annex, path)
            if not path and exhibit is not first and self.facts.shows_digests:  # the leaf is its record's
                row["SHA256HASH"] = digest_of(self.folder / FOLDER / exhibit.file)
            self.rows.append(row)

    def _wanted_print(self, entry: SourceEntry, made: Print) -> Wanted:
        of, plain = self._of(entry, made.what), shown(entry.cited, made.what, None)
        if made.kind == "slip-sheet":
            return Wanted(entry.id, made.kind, plain, made.pages, ".pdf", entry.cited)

        def begins(known: Exhibit) -> bool:
            return begins_with(self._earlier_file(known), [made.content])

        return Wanted(entry.id, made.kind, of, made.pages, ".pdf", entry.cited, plain, begins)

    def _wanted_file(
        self, entry: SourceEntry, digest: str, suffix: str, pieces: Callable[[], Iterable[bytes]]
    ) -> Wanted:
        def is_same(known: Exhibit) -> bool:
            return begins_with(self._earlier_file(known), pieces(), is_all=True)

        of, plain = self._of(entry, digest), shown(entry.cited, digest, None)
        return Wanted(entry.id, "native", of, 1, suffix, entry.cited, plain, is_same)

    def _earlier_file(self, known: Exhibit) -> Path:
        return self.earlier / PurePath(known.file).name

    def _of(self, entry: SourceEntry, what: str) -> str:
        return shown(entry.cited, what, self.opened.source.seed)

    def _number(self, at: int) -> str:
        return self.numbering.number(at)

    def _numbers(self, exhibit: Exhibit) -> dict[str, str]:
        begin, end = self._number(exhibit.first), self._number(exhibit.last)
        pages = "" if exhibit.kind == "native" else str(exhibit.last - exhibit.first + 1)
        return {"EXHIBIT": begin, "BEGBATES": begin, "ENDBATES": end, "PAGECOUNT": pages, "DOCTYPE": exhibit.kind}

    def _stamped(self, made: Print, exhibit: Exhibit, annex: AnnexEntry) -> bytes:
        """The print with a stamp on each page, its own bytes first."""
        words = self.facts.words
        record = annex.evidence
        time = f"{words.sentence(annex.time_key)}: {annex.time}" if annex.time else annex.verdict
        where = f"{record.kind} {record.ref}"
        leaf = f"leaf {record.leaf}" if record.leaf else ""
        if self.facts.shows_digests and record.sha256:
            leaf = f"sha256 {record.sha256} {leaf}"
        lines = (annex.cited, " · ".join(filter(None, (time, where, self.order.confidentiality))), leaf)
        stamps = [
            ExhibitStamp(
                self._number(exhibit.first + at), lines, words.sentence("exhibit.page_of", n=at + 1, all=made.pages)
            )
            for at in range(made.pages)
        ]
        return made.content + stamp_pdf(io.BytesIO(made.content), stamps, words)

    def _cited(self, entry: SourceEntry, file: CitedFile | None) -> Iterator[tuple[Exhibit, str]]:
        """Write a cited file beside its sheet, as its record holds it."""
        if file is None:
            return
        digest = file.line.payload_sha256 or file.line.sha256
        exhibit = self.numbering.give(self._wanted_file(entry, digest, file.suffix, file.pieces))
        self._store(exhibit, file.pieces())
        yield exhibit, ""

    def _store(self, exhibit: Exhibit, pieces: Iterable[bytes]) -> None:
        with (self.folder / FOLDER / exhibit.file).open("wb") as file:
            for piece in pieces:
                file.write(piece)

    def _natives(self, entry: SourceEntry) -> Iterator[tuple[Exhibit, str]]:
        """Write videos, documents and supplied files beside the print, each with a number, byte for byte."""
        folder = layout.media_of(entry.id)
        supplied = {path for copy in entry.copies if copy.kind == "supplied" for path in copy.files}
        paths = sorted(path for path in self.opened.entries if path.startswith(folder) or path in supplied)
        for path in paths:
            if path.endswith(_NOT_NATIVE) and path not in supplied:
                continue
            digest = self.opened.source.files[path]
            pieces = partial(self.opened.chunks, path)
            exhibit = self.numbering.give(self._wanted_file(entry, digest, _suffix(path), pieces))
            self._store(exhibit, self.opened.chunks(path))
            yield exhibit, path

    def _text(self, entry: SourceEntry, exhibit: Exhibit) -> str:
        """Write the visible words of the page beside its print; return their path, or nothing."""
        folder = layout.views_of(entry.id)
        texts = sorted(path for path in self.opened.entries if path.startswith(folder) and path.endswith(".txt"))
        if not texts:
            return ""
        name = PurePath(exhibit.file).with_suffix(".txt").name
        with (self.folder / FOLDER / name).open("wb") as file:
            for chunk in self.opened.chunks(texts[0]):
                file.write(chunk)
        return f"{FOLDER}/{name}"

    def _about(self, entry: SourceEntry, annex: AnnexEntry) -> dict[str, str]:
        """What all documents of a source share."""
        day, author = self._claimed(entry)
        pages = dict.fromkeys(str(place.page) for place in entry.citations if place.page is not None)
        return {
            "TITLE": entry.title or "",
            "CITEDURL": entry.cited,
            "FINALURL": entry.final_url or "",
            "VERDICT": f"{entry.status}{f' ({entry.reason})' if entry.reason else ''}",
            "VERDICTMEANING": meaning_of(entry.status, entry.reason),
            "CAPTUREDUTC": annex.instant or "",
            "CLAIMEDDATE": day,
            "CLAIMEDAUTHOR": author,
            "CUSTODIAN": self.order.custodian,
            "LANGUAGE": "",
            "CONFIDENTIALITY": self.order.confidentiality,
            "REDACTED": "no",
            "CITEDON": "; ".join(pages),
            "BAG": self.facts.fingerprint,
        }

    def _claimed(self, entry: SourceEntry) -> tuple[str, str]:
        """Day and author that a video's page claims, as its extractor noted them."""
        folder = layout.media_of(entry.id)
        for path in sorted(self.opened.entries):
            is_info = path.startswith(folder) and path.endswith(".info.json")
            if is_info and self.opened.entries[path].size < LARGEST_INFO:
                try:
                    info = json.loads(b"".join(self.opened.chunks(path)))
                except (ValueError, RecursionError):
                    continue
                if isinstance(info, dict):
                    day = re.sub(r"\A([0-9]{4})([0-9]{2})([0-9]{2})\Z", r"\1-\2-\3", str(info.get("upload_date") or ""))
                    return day, str(info.get("uploader") or info.get("channel") or "")
        return "", ""

    def _proof(self, annex: AnnexEntry, path: str) -> dict[str, str]:
        record = annex.evidence
        leaf, digest = (record.leaf, record.sha256) if not path else self._file_proof(path)
        shows = self.facts.shows_digests
        return {"LEAF": leaf or "", "SHA256HASH": (digest or "") if shows else "", "WARCRECORD": record.ref}

    def _file_proof(self, path: str) -> tuple[str | None, str]:
        from archive_manifests import disclosure

        digest, seed = self.opened.source.files[path], self.opened.source.seed
        if seed is None:
            return None, digest
        salt = disclosure.salt_of(seed, "file", path)
        return disclosure.leaf_of(salt, "file", bytes.fromhex(digest)).hex(), digest


def write_exhibits(
    opened: OpenedBag, facts: AnnexFacts, folder: Path, order: ExhibitOrder, earlier: ExhibitBook | None, before: Path
) -> ExhibitBook:
    """Write everything into a folder; `earlier` are the numbers that a run before this one gave in `before`."""
    (folder / FOLDER).mkdir()
    prefix = prefix_of(opened.source.ledger.report.stated.id)
    numbering = Numbering.of(earlier, order.prefix, order.start, prefix)
    writing = _Writing(opened, facts, folder, order, numbering, before / FOLDER)
    for entry, annex in zip(opened.source.ledger.sources, facts.entries, strict=True):
        writing.write(entry, annex)
    _write_load_files(folder, order.columns, writing.rows)
    book = numbering.book()
    (folder / BOOK).write_text(to_json(book), "utf-8")
    return book


def _write_load_files(folder: Path, columns: Sequence[tuple[str, str]], rows: list[dict[str, str]]) -> None:
    for name, text in (("exhibits.csv", csv_text(columns, rows)), ("exhibits.dat", dat_text(columns, rows))):
        (folder / name).write_bytes(text.encode("utf-8", "replace"))


def meaning_of(status: Status, reason: str | None) -> str:
    """A verdict in English words, for whoever has the table and not the bag."""
    said = load(FALLBACK).sentence(f"status.{status}.sentence")
    return f"{said} {load(FALLBACK).sentence(f'reason.{status}.{reason}')}" if reason in REASONS[status] else said


def begins_with(place: Path, pieces: Iterable[bytes], *, is_all: bool = False) -> bool:
    """True where a file begins with these bytes; with `is_all`, where it holds nothing else."""
    try:
        with place.open("rb") as file:
            if not all(file.read(len(piece)) == piece for piece in pieces):
                return False
            return not is_all or not file.read(1)
    except OSError:
        return False


def digest_of(place: Path) -> str:
    """Hex sha256 of a file."""
    with place.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _suffix(path: str) -> str:
    suffix = PurePath(path).suffix.lower()
    return suffix if 1 < len(suffix) <= 10 and suffix[1:].isascii() and suffix[1:].isalnum() else ".bin"
