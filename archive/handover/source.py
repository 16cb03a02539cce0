"""The bag that is to be packed, looked at: what it states, what its seal covers, where its custody log ends."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from archive.bag.interface import Bag
from archive.errors import UsageProblem
from archive.handover import custody_log
from archive.handover.contents import PackRefused
from archive.handover.custody_log import CustodyLog
from archive.trust.facts import NotSealable, read_facts
from archive.trust.folder import seal_folder
from archive.verify.names import odd_names
from archive.verify.tagfiles import TagFiles, list_tag_files, read_tag_files
from archive_manifests.seal import SealedFacts


@dataclass(frozen=True, slots=True)
class Source:
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


def look(bag: Bag, seal: Path | None) -> Source:
    """Raises `PackRefused` for an unsound bag, `UsageProblem` for one whose name no partner takes."""
    for _, code, what in odd_names([bag.name]):
        raise UsageProblem(f"{bag.location}: {code}: {what}: partners refuse such a name; rename the bag's folder")
    try:
        facts = read_facts(bag)
    except NotSealable as error:
        raise PackRefused(str(error).replace("Nothing was sealed", "Nothing was packed")) from error
    tags = list_tag_files(bag)
    read_tag_files(tags, bag.reader())
    beside = seal or seal_folder(bag.location)
    return Source(bag, tags, facts, beside, custody_log.read_log(beside, facts.events_head))
