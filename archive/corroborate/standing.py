"""What a corroboration says of each source of one bag, for whoever shows that bag: court drafts, audit, the desk."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from archive.bag.interface import stem
from archive.corroborate.consistency import inconsistencies
from archive.corroborate.countersign import read_document, read_folder
from archive.corroborate.signatures import read_signatures
from archive.errors import StatementError
from archive.words import FALLBACK, load
from archive_manifests.corroboration import FILE, FOLDER_SUFFIX, CorroboratedSource, Corroboration, from_json
from archive_manifests.findings import Severity

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


@dataclass(frozen=True, slots=True)
class SignedCorroboration:
    """A corroboration whose statements follow from each other, and how many of its observers signed it."""

    document: Corroboration
    signed: int
    """Observers with a valid signature over it by a key that signed their bag, whoever they are."""


def read_signed(folder: Path, now: datetime) -> SignedCorroboration:
    """The document in a folder, for whoever has none of its bags at hand.

    Raises `StatementError` for one that is damaged or altered: by itself alone, or by a signature that is not valid.
    """
    content = read_document(folder)
    document = from_json(content)
    wrong = next(iter(inconsistencies(document)), None)
    if wrong is not None:
        about = f"{wrong.about}: " if wrong.about else ""
        raise StatementError(
            f"{folder / FILE}: contradicts itself ({about}states {wrong.found}, and {wrong.expected} follows from the "
            "rest): somebody altered it; get it anew, or compare the bags again"
        )
    signatures, findings = read_signatures(folder, content, document, None, now)
    bad = next((one for one in findings if one.severity is Severity.ERROR), None)
    if bad is not None:
        raise StatementError(f"{folder / FILE}: {bad.note}; get it anew, or compare the bags again")
    return SignedCorroboration(document, len({name for one in signatures for name in one.observers}))


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
