"""`annotation.json`: what was added to a report, mark by mark."""

from __future__ import annotations

from msgspec import Struct

from archive_manifests import canonical
from archive_manifests.errors import StatementError

SCHEMA = "archive.annotation/1"


class AnnotatedReport(Struct, frozen=True):
    """The report as it was published."""

    name: str
    size: int
    """Bytes."""
    sha256: str


class AnnotatedBag(Struct, frozen=True):
    """The bag with the captured copies."""

    name: str
    fingerprint: str
    """`sha256:` of its tag manifest."""


class Mark(Struct, frozen=True):
    """One citation, and what was added for it."""

    source: str
    """`s01`."""
    citation: int
    """From 1, among the places of the source."""
    label: str
    """What the mark shows: the number in the annex, `~` for a copy with gaps, `×` for a gap, `?` for a doubt."""
    sign: str
    """`captured`, `partial` or `gap`."""
    uncertain: bool
    """True where the reading of the address is uncertain."""
    place: str
    """`margin` (a mark on the page), `comment`, `attribute`, or `annex` (no mark; the annex names the place)."""
    page: int | None = None
    """From 1."""
    rect: tuple[float, float, float, float] | None = None
    """Left, bottom, right, top in points of the page's own space, of a mark on a page."""
    leaf: str | None = None
    """Hex leaf of the record in the bag's disclosure tree."""


class Annotation(Struct, frozen=True):
    """The whole document."""

    schema: str
    program: str
    """Name and version of the program that wrote the file."""
    file: str
    """Name of the annotated file beside this one."""
    method: str
    """`incremental-update`, `appended`, `comments`, `attributes`, or `apart` (the report is unchanged)."""
    why_apart: str | None
    """A code such as `signed`, where the annex is a file of its own."""
    language: str
    digests: bool
    """True where raw digests are printed: they void a later withholding."""
    report: AnnotatedReport
    bag: AnnotatedBag
    marks: tuple[Mark, ...]


def to_json(annotation: Annotation) -> str:
    return canonical.document(annotation)


def from_json(text: str | bytes) -> Annotation:
    """Read the document strictly. Raises `StatementError`."""
    annotation = canonical.parse(text, Annotation, what="annotation.json")
    if annotation.schema != SCHEMA:
        raise StatementError(f"annotation.json: {annotation.schema!r} is not known; expected {SCHEMA!r}")
    return annotation
