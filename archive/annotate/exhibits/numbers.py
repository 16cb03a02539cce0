"""Gives numbers to exhibits: the same ones in every run, never one twice."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field, replace

from archive.errors import UsageProblem
from archive_manifests.exhibits import SCHEMA, Exhibit, ExhibitBook

_PREFIX = re.compile(r"(?:\w[\w .()-]{0,59})?")


def prefix_of(report: str) -> str:
    """The prefix that a report's id gives: the id, as far as a file can be named by it."""
    usable = re.sub(r"[^\w.()-]", "-", report).strip(".-")[:50]
    return f"{usable or 'E'}-"


@dataclass(slots=True)
class Numbering:
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

    def give(self, source: str, kind: str, of: str, pages: int, suffix: str) -> Exhibit:
        """The numbers of one document: those it had before, or the next ones that are free."""
        taken = {each.first for each in self.given}
        free = (known for known in self.earlier if known.first not in taken)
        same = [known for known in free if (known.kind, known.of, known.last - known.first + 1) == (kind, of, pages)]
        if same:
            # A source has another id once the report cites another one before it; what it is stays the same.
            known = min(same, key=lambda each: (each.source != source, each.first))
            exhibit = replace(known, source=source, file=self.number(known.first) + suffix, is_current=True)
        else:
            last = self.next + pages - 1
            exhibit = Exhibit(source, kind, of, self.next, last, self.number(self.next) + suffix)
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


def shown(cited: str, what: str) -> str:
    """Hex sha256 of what gets a number: the address, and the digest of a file or a reason."""
    return hashlib.sha256(f"{cited}\0{what}".encode("utf-8", "surrogatepass")).hexdigest()
