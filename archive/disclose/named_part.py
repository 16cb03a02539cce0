"""Which part of a bag somebody means by a path, a source's id, or the number of an exhibit."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from archive.annotate.entries import AnnotatedSource, evidence_of
from archive.annotate.exhibits.numbers import shown
from archive.disclose.original import Original
from archive.errors import StatementError, UsageProblem
from archive_manifests import layout
from archive_manifests.exhibits import DIGITS, Exhibit, ExhibitBook, from_json
from archive_manifests.ledger import SourceEntry
from archive_manifests.plain_text import plain_reason

BOOK = "exhibits.json"
Part = tuple[str, str]
"""`record` and its id, or `file` and its path in the bag."""


def named_part(original: Original, name: str, exhibits: Path | None) -> Part:
    """Find the part. Raises `UsageProblem` where there is none of this name.

    Of a source it is the record, or the supplied file, that shows it; of an exhibit, the file or record it was made of.
    """
    if name in original.stated:
        if name == layout.SEED or name.startswith(layout.ARCHIVE):
            raise UsageProblem(f"--exhibit {name}: no payload file that is disclosed on its own")
        return "file", name
    entry = next((entry for entry in original.ledger.sources if entry.id == name), None)
    if entry is not None:
        return _of_source(original, entry)
    if re.search(rf"[0-9]{{{DIGITS}}}\Z", name):
        return _of_exhibit(original, name, exhibits)
    raise UsageProblem(
        f"--exhibit {name}: expected a payload file such as data/media/s03/film.mp4, a source such as s03, "
        "or the number of an exhibit"
    )


def _of_source(original: Original, entry: SourceEntry) -> Part:
    log = {line.id: line for line in original.log}
    found = evidence_of(entry, AnnotatedSource(original.ledger, log, original.stated, original.seed))
    if found.kind not in ("record", "file"):
        raise UsageProblem(f"--exhibit {entry.id}: the bag has no record or file of this source")
    return found.kind, found.ref


def _of_exhibit(original: Original, number: str, exhibits: Path | None) -> Part:
    if exhibits is None:
        raise UsageProblem(f"--exhibit {number}: name the folder with its {BOOK} too, with --exhibits")
    book = _book(exhibits)
    exhibit = next((each for each in book.exhibits if _is_in(book, each, number)), None)
    if exhibit is None:
        raise UsageProblem(f"--exhibit {number}: {exhibits / BOOK} gives this number to nothing")
    entry = next((entry for entry in original.ledger.sources if entry.id == exhibit.source), None)
    if entry is None:
        raise UsageProblem(f"--exhibit {number}: is of {exhibit.source}, which this bag does not have")
    for part, digest in _shown_of(original, entry):
        if exhibit.of in (shown(entry.cited, digest, original.seed), shown(entry.cited, digest, None)):
            return part
    if exhibit.kind == "slip-sheet":
        return _of_source(original, entry)
    raise UsageProblem(
        f"--exhibit {number}: was made of something that this bag does not have; another bag's exhibits?"
    )


def _book(folder: Path) -> ExhibitBook:
    try:
        return from_json((folder / BOOK).read_bytes())
    except (OSError, StatementError) as error:
        raise UsageProblem(f"--exhibits {folder}: {plain_reason(error)}") from error


def _is_in(book: ExhibitBook, exhibit: Exhibit, number: str) -> bool:
    return number in map(book.number, range(exhibit.first, exhibit.last + 1))


def _shown_of(original: Original, entry: SourceEntry) -> Iterator[tuple[Part, str]]:
    """Parts of a source, each with the digest that its exhibit is known by."""
    for path, digest in original.stated.items():
        if path.startswith((layout.media_of(entry.id), layout.views_of(entry.id))):
            yield ("file", path), digest
    named = {record for copy in entry.copies for record in copy.records}
    for line in original.log:
        if line.id in named and line.type == "response":
            yield ("record", line.id), line.payload_sha256 or line.sha256
