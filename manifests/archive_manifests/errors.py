"""The root of every expected error, and the one error of this floor."""


class ArchiveError(Exception):
    """Why the work could not be done, in one sentence that says what to do next.

    A command line that catches it prints the sentence and leaves with `exit_code`; no traceback is shown.
    """

    exit_code = 3


class StatementError(ArchiveError):
    """A text does not state what it should: a source manifest, a ledger, a tag file."""

    exit_code = 2

    def __init__(self, message: str, *, line: int | None = None) -> None:
        super().__init__(message)
        self.line = line
