"""What a corroboration says of each source of one bag, for whoever shows that bag: court drafts, audit, the desk."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from archive.bag.interface import stem
from archive.corroborate.countersign import read_folder
from archive.errors import StatementError
from archive.words import FALLBACK, load
from archive_manifests.corroboration import FILE, FOLDER_SUFFIX, CorroboratedSource, Corroboration

ABSENT = "absent"


@dataclass(frozen=True, slots=True)
class Standing:
    """The corroboration state of one source."""

    state: str
    """A `SourceState`, or `absent`."""
    seen: int = 0
    independent: int = 0
    address: str | None = None
    unseen: tuple[tuple[str, str], ...] = ()
    """The observers that saw nothing of it, each with what its bag says of the source."""

    def sentence(self, language: str = FALLBACK) -> str:
        """What a court is told: the state, and who saw nothing of the source."""
        words = load(language)
        found = words.sentence(f"corroboration.court.{self.state}", n=self.seen, independent=self.independent)
        if not (self.unseen and self.seen):
            return found
        who = "; ".join(f"{name}: {words.sentence(f'status.{status}.label')}" for name, status in self.unseen)
        facts = {"n": len(self.unseen), "all": len(self.unseen) + self.seen, "who": who}
        return f"{found} {words.sentence('corroboration.court.unseen', **facts)}"


NO_STANDING = Standing(ABSENT)


def corroboration_folder(bag: Path) -> Path:
    """Where the corroboration of a bag lies by default: `R210517.corroboration` beside `R210517`, `R210517.tar`…"""
    return bag.with_name(f"{stem(bag.name)}{FOLDER_SUFFIX}")


def find_corroboration(bag: Path) -> Corroboration | None:
    """The corroboration beside a bag; None where none is there. Raises `StatementError` for one that is damaged."""
    folder = corroboration_folder(bag)
    return read_folder(folder) if (folder / FILE).is_file() else None


def standings(document: Corroboration, tagmanifest: str) -> dict[str, Standing]:
    """The state of every source of the bag with this fingerprint (`sha256:…`), by the source's id in that bag.

    Empty where the document is not about that bag.
    """
    observer = next((one.name for one in document.observers if one.tagmanifest == tagmanifest), None)
    return {
        sighting.source: _standing(source)
        for source in document.sources
        for sighting in source.sightings
        if sighting.observer == observer
    }


def _standing(source: CorroboratedSource) -> Standing:
    unseen = tuple((one.observer, one.status) for one in source.sightings if not one.is_seen)
    return Standing(str(source.state), source.seen, source.independent, source.address, unseen)


def standings_beside(bag: Path, tagmanifest: str | None) -> Mapping[str, Standing]:
    """The same by what lies beside a bag; empty where nothing, or nothing readable, is there."""
    try:
        document = find_corroboration(bag)
    except StatementError:
        return {}
    return standings(document, tagmanifest) if document is not None and tagmanifest is not None else {}
