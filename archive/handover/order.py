"""What `pack` is asked for, and what it handed out."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from archive.errors import UsageProblem
from archive.handover.organisation import Organisation
from archive.handover.transfer import Listed
from archive_manifests.profiles import Profile
from archive_manifests.seal import SealedFacts

FORMS = ("tar", "tar.gz", "zip", "wacz")
"""What a package may be."""


@dataclass(frozen=True, slots=True)
class PackOrder:
    """What is asked for."""

    into: Path | None = None
    """Where the files go; beside the bag where None."""
    form: str | None = None
    """One of `FORMS`; the profile's first where None, else `tar`."""
    profile: Profile | None = None
    organisation: Organisation = field(default_factory=Organisation)
    recipients: tuple[Any, ...] = ()
    """Who can open it, as `archive.handover.encrypt` reads them; nobody else then."""
    part_size: int | None = None
    """Bytes of a part at most."""
    by: str | None = None
    """The sender's pseudonym, for the custody log and the transfer list."""
    seal: Path | None = None
    identity: bytes | None = None
    """Who collected, for those alone who `annex_to` names."""
    annex_to: tuple[Any, ...] = ()
    court: bool = False
    """Write drafts for a court beside the package."""

    @property
    def chosen_form(self) -> str:
        return self.form or (self.profile.formats[0] if self.profile else "tar")

    def check(self) -> None:
        """Raise `UsageProblem` where things exclude each other."""
        if self.chosen_form == "wacz" and (self.profile or self.part_size):
            raise UsageProblem("a WACZ is no bag: --as wacz excludes --profile and --size")
        if self.profile and self.part_size:
            raise UsageProblem("--profile and --size exclude each other; pack the parts, then each for the profile")


@dataclass(frozen=True, slots=True)
class Packed:
    """What was handed out."""

    bag: Path
    facts: SealedFacts
    files: tuple[Listed, ...]
    """The packages and the seal, as the transfer list has them."""
    places: tuple[Path, ...]
    """Everything that lies in the folder now, package first."""
    profile: str | None
    is_as_it_was: bool
    """True where the packed bag is the sealed one, tag file by tag file."""
    recommended: tuple[str, ...]
    """What the profile recommends and the bag has not, in sentences."""
