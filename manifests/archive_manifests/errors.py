"""The root of every expected error, and the one error of this floor."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Self


class SentenceKey(str):
    """A fact of an error that is a sentence of the catalogue itself."""

    __slots__ = ()


class ArchiveError(Exception):
    """Why the work could not be done, in one sentence that says what to do next.

    A command line that catches it prints the sentence and leaves with `exit_code`; no traceback is shown.
    """

    exit_code = 3
    sentence: str | None = None
    """Key of the sentence that says the same in other languages, below `cli.error.said`; None where there is none."""
    facts: Mapping[str, str] = {}
    """What fills it in."""

    def worded(self, sentence: str, **facts: str) -> Self:
        """The same error, with its sentence in the catalogue."""
        self.sentence, self.facts = sentence, facts
        return self


class StatementError(ArchiveError):
    """A text does not state what it should: a source manifest, a ledger, a tag file."""

    exit_code = 2

    def __init__(self, message: str, *, line: int | None = None) -> None:
        super().__init__(message)
        self.line = line
