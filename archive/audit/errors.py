"""Why an audit could not look, or could not go on."""

from __future__ import annotations

from importlib.util import find_spec

from archive.errors import ArchiveError, InUse, UsageProblem
from archive.installation import install_command

__all__ = [
    "CatalogueInUse",
    "CatalogueProblem",
    "CatalogueRefused",
    "ChainBroken",
    "CopyUnknown",
    "EngineLost",
    "ExtraMissing",
    "NothingSelected",
    "RepairRefused",
    "check_installed",
]


class CatalogueProblem(ArchiveError):
    """The database could not be read or written."""


class CatalogueRefused(UsageProblem):
    """A catalogue cannot be at the named place."""


class CatalogueInUse(InUse):
    """Another command writes to the catalogue."""


class ChainBroken(ArchiveError):
    """An event of the catalogue was changed, left out or put in."""

    exit_code = 1


class CopyUnknown(UsageProblem):
    """The catalogue holds no such copy, or several that the words fit."""


class EngineLost(ArchiveError):
    """The workers, or what gives them work, are gone."""


class ExtraMissing(UsageProblem):
    """An optional part of the installation is needed and is not there."""


class NothingSelected(UsageProblem):
    """No copy of the catalogue is what the words of a run describe."""


class RepairRefused(ArchiveError):
    """No sound copy can be made from what is there."""


NEEDED = ("sqlalchemy", "alembic", "platformdirs")
"""What the catalogue is made with: the extra `[audit]`."""


def check_installed() -> None:
    """Raise `ExtraMissing` where the catalogue cannot be opened for want of a library."""
    missing = [name for name in NEEDED if find_spec(name) is None]
    if missing:
        raise ExtraMissing(f"the catalogue needs {', '.join(missing)}: {install_command('audit')}")
