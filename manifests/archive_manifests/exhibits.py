"""`exhibits.json`: the numbers that were given to exhibits, so that nobody ever gives them to something else."""

from __future__ import annotations

from msgspec import Struct

from archive_manifests import canonical
from archive_manifests.errors import StatementError

SCHEMA = "archive.exhibits/1"
DIGITS = 7


class Exhibit(Struct, frozen=True):
    """One document among the exhibits, with the numbers of its pages."""

    source: str
    """`s01`."""
    kind: str
    """`print`, `picture`, `slip-sheet` or `native`."""
    of: str
    """What the numbers were given to, in hex: the cited address and the file that is shown, keyed with the bag's seed,
    so that nobody without the bag can test a file; of a slip sheet sha256 over address and reason."""
    first: int
    """Number of its first page; a native file has one number."""
    last: int
    file: str
    """Name in the folder `exhibits/`."""
    is_current: bool = True
    """False for numbers that an earlier run gave to something that is not shown any more."""
    cited: str | None = None
    """The cited address; None in a book of an earlier version."""


class ExhibitBook(Struct, frozen=True):
    """All numbers that were given in one folder."""

    schema: str
    prefix: str
    next: int
    """The lowest number that was never given."""
    exhibits: tuple[Exhibit, ...]

    def number(self, at: int) -> str:
        """A number as it is printed: `R210517-0000001`."""
        return f"{self.prefix}{at:0{DIGITS}d}"


def to_json(book: ExhibitBook) -> str:
    return canonical.document(book)


def from_json(text: str | bytes) -> ExhibitBook:
    """Read the document strictly. Raises `StatementError`."""
    book = canonical.parse(text, ExhibitBook, what="exhibits.json")
    if book.schema != SCHEMA:
        raise StatementError(f"exhibits.json: {book.schema!r} is not known; expected {SCHEMA!r}")
    if any(not 0 < each.first <= each.last < book.next for each in book.exhibits):
        raise StatementError("exhibits.json: a number is not below `next`, or a range is empty")
    return book
