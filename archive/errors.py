"""Errors: why we could not look, or could not finish. What is wrong with a bag is a finding, and is returned."""

from __future__ import annotations

from pathlib import Path

from archive_manifests.errors import ArchiveError, StatementError

__all__ = [
    "AlreadyThere",
    "ArchiveError",
    "BagUnreadable",
    "BagUnsupported",
    "FileChanged",
    "InUse",
    "Interrupted",
    "NoNetwork",
    "NotEnoughSpace",
    "NotSound",
    "NotWritable",
    "NothingCited",
    "ReportUnreadable",
    "StatementError",
    "UsageProblem",
    "WarcError",
]


class UsageProblem(ArchiveError):
    """What the user requested contradicts itself, or what is there already."""

    exit_code = 2


class AlreadyThere(UsageProblem):
    """The place where the bag should go is taken by something else."""


class ReportUnreadable(ArchiveError):
    """The report's file cannot be read as any format we know."""


class NothingCited(ReportUnreadable):
    """The report cites no address, so that there is nothing to capture."""


class BagUnreadable(ArchiveError):
    """No bag could be opened there: no such path, not readable."""


class BagUnsupported(BagUnreadable):
    """The file is encrypted, or of a format that is not read here: nothing can be said about what is in it."""

    def __init__(self, message: str, *, why: str = "") -> None:
        super().__init__(message)
        self.why = why or message
        """The message without the file's name."""


class FileChanged(ArchiveError):
    """A file that the user named is not what it was when it was read first."""


class WarcError(ArchiveError):
    """A record's start cannot be found."""


class NotEnoughSpace(ArchiveError):
    """The disk is full, or would be."""

    @classmethod
    def before(cls, place: Path, wanted: int, reserve: int, free: int, advice: str) -> NotEnoughSpace:
        """The error before anything is written: `wanted` bytes, and a reserve that is to stay free."""
        spare = f"a reserve of {_megabytes(reserve)}, which keeps the disk from filling up"
        needs = f"{_megabytes(wanted)} and {spare}" if wanted else spare
        return cls(f"{place}: needs {needs}; {free // 100_000 / 10:,.1f} MB are free; {advice}")


def _megabytes(octets: int) -> str:
    """Bytes as people read them; never less than there are to be written."""
    return f"{-(-octets // 100_000) / 10:,.1f} MB"


class NotWritable(ArchiveError):
    """Nothing can be written at a place, such as a disk that is read-only."""


class NotSound(ArchiveError):
    """What was to be finished does not verify: a fault of this program, whose work folder stays."""


class NoNetwork(ArchiveError):
    """Every exchange ended before a connection stood."""


class InUse(ArchiveError):
    """Another run works on the same work folder."""


class Interrupted(ArchiveError):
    """Stopped by the user; the work folder stays."""

    exit_code = 130
