"""How a bag is to be packed, what was packed, and the bag itself: its statements, seal and custody log."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from msgspec import Struct, field

from archive.bag.contents import PackRefused
from archive.bag.interface import Bag
from archive.bag.store.place import StorePlace
from archive.bag.tagfiles import TagFiles, list_tag_files, read_tag_files
from archive.errors import UsageProblem
from archive.handover import gate, par2
from archive.handover.organisation import Organisation
from archive.handover.transfer import TransferFile
from archive.seal.facts import NotSealable, read_facts
from archive.trust import custody_log
from archive.trust.custody_log import CustodyLog
from archive.trust.seal_folder import seal_folder
from archive.verify.files.names import odd_names
from archive_manifests.profiles import Profile
from archive_manifests.seal import SealedFacts

FORMS = ("tar", "tar.gz", "zip", "wacz", "eark")
"""What a package may be."""


class PackOrder(Struct, frozen=True):
    """How a bag is to be packed."""

    into: Path | StorePlace | None = None
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
    par2: int | None = None
    """Percent of recovery data to write beside each package."""

    @property
    def chosen_form(self) -> str:
        return self.form or (self.profile.formats[0] if self.profile else "tar")

    def check(self) -> None:
        """Raise `UsageProblem` where things exclude each other."""
        if self.chosen_form in ("wacz", "eark") and (self.profile or self.part_size):
            raise UsageProblem(f"the package is no bag: --as {self.chosen_form} excludes --profile and --size")
        if self.profile and self.part_size:
            raise UsageProblem("--profile and --size exclude each other; pack the parts, then each for the profile")
        if self.par2 is not None:
            par2.require_program()


class Packed(Struct, frozen=True):
    """What was handed out."""

    bag: Path
    facts: SealedFacts
    files: tuple[TransferFile, ...]
    """The packages and the seal, as the transfer list has them."""
    places: tuple[Path, ...]
    """Everything that is in the folder now, package first."""
    profile: str | None
    is_as_it_was: bool
    """True where the packed bag is the sealed one, tag file by tag file."""
    recommended: tuple[str, ...]
    """What the profile recommends and the bag has not, in sentences."""
    left_out: tuple[str, ...] = ()
    """Files that somebody supplied and that a package of this form cannot hold, each with why."""
    is_logged: bool = True
    """False where the seal beside the bag is on a read-only disk: only the package's custody log has the event."""


class PackSource(Struct, frozen=True):
    """A bag without fault in what can be seen before its payload is read."""

    bag: Bag
    tags: TagFiles
    facts: SealedFacts
    seal: Path
    log: CustodyLog

    @property
    def folder(self) -> Path | None:
        """The bag where it is a folder."""
        return self.bag.location.absolute() if self.bag.location.is_dir() else None


def look(bag: Bag, seal: Path | None) -> PackSource:
    """Raises `PackRefused` for an unsound bag, `UsageProblem` for one whose name no partner takes."""
    for _, code, what in odd_names([bag.name]):
        raise UsageProblem(f"{bag.location}: {code}: {what}: partners refuse such a name; rename the bag's folder")
    try:
        facts = read_facts(bag)
    except NotSealable as error:
        if bag.location.exists():
            gate.require_sound(bag.location, seal or seal_folder(bag.location))  # it names the files
        raise PackRefused(str(error).replace("nothing was sealed", "nothing was packed")) from error
    tags = list_tag_files(bag)
    read_tag_files(tags, bag.reader())
    beside = seal or seal_folder(bag.location)
    return PackSource(bag, tags, facts, beside, custody_log.read_log(beside, facts.log_root))
