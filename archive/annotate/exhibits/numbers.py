"""Gives numbers to exhibits: the same ones in every run, never one twice."""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Callable

from msgspec import Struct, field
from msgspec.structs import replace

from archive.errors import UsageProblem
from archive_manifests.exhibits import SCHEMA, Exhibit, ExhibitBook

_PREFIX = re.compile(r"(?:\w[\w .()-]{0,59})?")


def prefix_of(report: str) -> str:
    """The prefix that a report's id gives: the id, as far as a file can be named by it."""
    usable = re.sub(r"[^\w.()-]", "-", report).strip(".-")[:50]
    return f"{usable or 'E'}-"


def _in_no_file(_: Exhibit) -> bool:
    return False


class Wanted(Struct, frozen=True):
    """A document that wants a number."""

    source: str
    kind: str
    of: str
    """As `Exhibit.of`."""
    pages: int
    suffix: str
    cited: str | None = None
    earlier_of: str | None = None
    """The same as an earlier version of this program stated it."""
    has_content: Callable[[Exhibit], bool] = _in_no_file
    """Whether the file of an earlier exhibit holds this document: bags of one report have different seeds."""

    def _has_form(self, known: Exhibit) -> bool:
        return (known.kind, known.last - known.first + 1) == (self.kind, self.pages)

    def is_known_as(self, known: Exhibit) -> bool:
        return self._has_form(known) and known.of in (self.of, self.earlier_of)

    def is_stored_as(self, known: Exhibit) -> bool:
        """True where another bag's run gave the numbers to the same document of the same address."""
        is_of_address = self.cited is not None and known.cited == self.cited
        return is_of_address and self._has_form(known) and self.has_content(known)


class Numbering(Struct):
    """The numbers of one folder."""

    prefix: str
    next: int
    earlier: tuple[Exhibit, ...] = ()
    given: list[Exhibit] = field(default_factory=list)

    @classmethod
    def of(cls, book: ExhibitBook | None, prefix: str | None, start: int, default_prefix: str) -> Numbering:
        """Go on where an earlier run ended. Raises `UsageProblem` for a prefix that differs from its."""
        for each in (prefix, book.prefix if book is not None else None):
            if each is not None and _PREFIX.fullmatch(each) is None:
                raise UsageProblem(
                    f"the prefix {each!r} of exhibits names no file; expected a letter or digit, then up to 59 "
                    "letters, digits, spaces, dots, hyphens, underscores and brackets"
                )
        if book is None:
            return cls(default_prefix if prefix is None else prefix, start)
        if prefix is not None and prefix != book.prefix:
            raise UsageProblem(
                f"--prefix {prefix}: exhibits.json in this folder has the prefix {book.prefix!r}; "
                "leave the option out, or write to another folder"
            )
        return cls(book.prefix, max(book.next, start), book.exhibits)

    def give(self, wanted: Wanted) -> Exhibit:
        """The numbers of one document: those it had before, or the next ones that are free."""
        taken = {each.first for each in self.given}
        free = [known for known in self.earlier if known.first not in taken]
        same = [known for known in free if wanted.is_known_as(known)]
        same = same or [known for known in free if wanted.is_stored_as(known)]
        source, suffix = wanted.source, wanted.suffix
        if same:
            # A source has another id once the report cites another one before it; what it is stays the same.
            known = min(same, key=lambda each: (each.source != source, each.first))
            file = self.number(known.first) + suffix
            exhibit = replace(
                known, source=source, of=wanted.of, file=file, is_current=True, cited=wanted.cited or known.cited
            )
        else:
            last, file = self.next + wanted.pages - 1, self.number(self.next) + suffix
            exhibit = Exhibit(source, wanted.kind, wanted.of, self.next, last, file, cited=wanted.cited)
            self.next = last + 1
        self.given.append(exhibit)
        return exhibit

    def number(self, at: int) -> str:
        return ExhibitBook(SCHEMA, self.prefix, self.next, ()).number(at)

    def book(self) -> ExhibitBook:
        """What is stored: also the numbers of what is not shown any more."""
        current = {each.first for each in self.given}
        old = [replace(each, is_current=False) for each in self.earlier if each.first not in current]
        exhibits = tuple(sorted([*old, *self.given], key=lambda each: each.first))
        return ExhibitBook(SCHEMA, self.prefix, self.next, exhibits)


def shown(cited: str, what: str, seed: bytes | None) -> str:
    """What gets a number, in hex: the address, and the digest of a file or a reason.

    With the bag's seed nobody but a holder of the bag can tell whether it is of a file that they have.
    """
    text = f"{cited}\0{what}".encode("utf-8", "surrogatepass")
    if seed is None:
        return hashlib.sha256(text).hexdigest()
    return hmac.digest(seed, b"exhibit\0" + text, "sha256").hex()
