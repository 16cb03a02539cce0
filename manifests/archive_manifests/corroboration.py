"""A corroboration (`corroboration.json`): what the observers of one report saw of each source, pair by pair."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from archive_manifests import canonical, signature_namespaces
from archive_manifests.errors import StatementError

SCHEMA = "archive.corroboration/1"
NAMESPACE = signature_namespaces.CORROBORATION
"""What a signature over a corroboration is bound to. (PROTOCOL.sshsig, `namespace`)"""
FILE = "corroboration.json"
PAGE = "index.html"
FOLDER_SUFFIX = ".corroboration"
"""Beside a bag: `R210517.corroboration/`."""


class PairStatus(StrEnum):
    """What two observers' captures of one source are to each other."""

    CONTRADICTS = "contradicts"
    """Text, title, media, verdict or redirect target differ in substance."""
    SEEN_ALONE = "seen-alone"
    """One of the two saw the source, the other did not."""
    DIFFERS = "differs"
    """All that differs changes with every visit: an advertisement, a counter, a date, the layout."""
    SAME_MEDIA = "same-media"
    """Pictures, films or files are the same, and there is no text to compare."""
    SAME_TEXT = "same-text"
    """The visible text and the media are the same; the bytes are not."""
    SAME_BYTES = "same-bytes"
    """The server sent the same bytes."""


class SourceState(StrEnum):
    """What is known of a source by all observers together."""

    CONTRADICTED = "contradicted"
    """At least two observers contradict each other."""
    ONE_OBSERVER = "one-observer"
    """One observer alone saw it, or several that are not independent."""
    INDEPENDENCE_UNKNOWN = "independence-unknown"
    """Several saw it alike, and whether they are independent is not known."""
    CORROBORATED = "corroborated"
    """At least two independent observers saw it, and none contradicts another."""
    SEEN_GONE = "seen-gone"
    """At least two observers saw that it is gone or closed, and none saw what it was."""
    NOT_SEEN = "not-seen"
    """No observer saw it."""


class Independence(StrEnum):
    """Whether two observers are two."""

    INDEPENDENT = "independent"
    NOT_INDEPENDENT = "not-independent"
    UNKNOWN = "unknown"


CONDITIONS = (
    "demonstration", "connect-to", "added-ca", "accepted-certificate", "accepted-unsound-bag", "proxy", "cookies",
    "private-addresses", "no-bracket", "bracket-not-trusted", "no-round", "unsigned",
)  # fmt: skip
"""Conditions under which an observer counts, the gravest first."""
REASONS = (
    "same-bag", "same-key", "same-signer", "same-records", "same-closing-time", "follows", "different-signers",
    "different-keys", "unsigned",
)  # fmt: skip
"""Why two observers are independent, are not, or may be."""
SUBSTANCE = (
    "verdict", "address", "title", "text", "hidden-text", "data", "order", "link", "media", "file", "frame", "script",
    "style", "font", "rendered-text", "memento", "extract", "header",
)  # fmt: skip
"""What can contradict."""
VOLATILE = (
    "advertisement", "counter", "date", "token", "layout", "missing", "truncated", "not-compared", "normalisation",
)  # fmt: skip
"""What changes from visit to visit, or is only absent."""


@dataclass(frozen=True, slots=True)
class ReportFacts:
    """The report that the observers' bags are of."""

    id: str
    sha256: str | None
    title: str | None = None
    language: str | None = None


@dataclass(frozen=True, slots=True)
class ObserverFacts:
    """One sound bag of the report."""

    name: str
    """`o1`, `o2`… in the order of their fingerprints."""
    bag: str
    """The bag's name."""
    tagmanifest: str
    """`sha256:` and hex of `tagmanifest-sha256.txt`."""
    report: ReportFacts
    keys: tuple[str, ...]
    """Fingerprints of the keys whose signatures over the seal hold."""
    signers: tuple[str, ...]
    """What the reader's trust calls them; empty where none was given or none is trusted."""
    started: str
    ended: str
    not_earlier_than: str | None
    """By a timestamp that the reader trusts: when the log of records began at the earliest."""
    not_later_than: str | None
    authorities: tuple[str, ...]
    """Who stamped the run, trusted or not."""
    round: str | None
    conditions: tuple[str, ...]
    """Codes of `CONDITIONS`."""
    records_head: str | None
    """Hex sha256 of the last line of the records log."""


@dataclass(frozen=True, slots=True)
class RefusedBag:
    """A bag that does not count as an observer."""

    bag: str
    tagmanifest: str | None
    reason: str
    """`unsound`, `unreadable`, `same-bag`, `no-ledger`, `other-report`."""
    detail: str
    """The first finding, or what could not be read."""


@dataclass(frozen=True, slots=True)
class Relation:
    """Two observers, and whether they are two."""

    first: str
    second: str
    independence: Independence
    reasons: tuple[str, ...]
    """Codes of `REASONS`."""


@dataclass(frozen=True, slots=True)
class Sighting:
    """What one observer has of a source."""

    observer: str
    source: str
    """Its id in that bag."""
    cited: str
    status: str
    reason: str | None
    is_seen: bool
    """False where the observer saw nothing of the source: unreachable, a challenge, a login."""
    final_url: str | None = None
    title: str | None = None
    visited: str | None = None
    """When the server sent it (WARC-Date)."""
    payload_sha256: str | None = None
    text_sha256: str | None = None
    """Over the visible text, folded, a block a line."""
    media_sha256: str | None = None


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing in which two captures differ."""

    what: str
    """A code of `SUBSTANCE` or `VOLATILE`."""
    is_substance: bool
    first: str
    second: str
    """What the one and the other has; empty where it has nothing there. Cut to a line's length."""
    count: int = 1
    """How many alike there are."""


@dataclass(frozen=True, slots=True)
class Pair:
    """Two observers' captures of one source."""

    first: str
    second: str
    status: PairStatus
    independence: Independence
    reasons: tuple[str, ...]
    differences: tuple[Difference, ...]

    def has(self, what: str) -> bool:
        """True where the two differ in a kind of part."""
        return any(one.what == what for one in self.differences)


@dataclass(frozen=True, slots=True)
class ArchiveCopy:
    """A copy that another archive has, as an observer's bag holds it: an earlier observer."""

    archive: str
    """Its host, or its name where the bag states no address."""
    observer: str
    """Whose bag holds it."""
    url: str
    datetime: str | None
    payload_sha256: str | None
    text_sha256: str | None
    warning: str | None = None
    """A code of the list of archives that altered captures; None for all others."""


@dataclass(frozen=True, slots=True)
class ArchivePair:
    """An archive's copy beside a live capture, or beside another archive's copy."""

    first: str
    second: str
    """An archive, or an observer's name."""
    status: PairStatus
    differences: tuple[Difference, ...]


@dataclass(frozen=True, slots=True)
class ArchiveEvidence:
    """What archives had of a source before the observers came."""

    state: str
    """`none`, `one-archive` (one archive says), `several-archives`."""
    copies: tuple[ArchiveCopy, ...] = ()
    pairs: tuple[ArchivePair, ...] = ()


@dataclass(frozen=True, slots=True)
class CorroboratedSource:
    """One source, by its cited address."""

    address: str
    """As the URL Standard writes it; the cited string where that is no URL."""
    state: SourceState
    seen: int
    """Observers that saw it."""
    independent: int
    """How many of these are known to be independent of each other."""
    sightings: tuple[Sighting, ...]
    pairs: tuple[Pair, ...]
    archives: ArchiveEvidence

    @property
    def is_incomplete(self) -> bool:
        """True where it was seen alike, and one of two observers lacks a part of it."""
        is_alike = self.state in (SourceState.CORROBORATED, SourceState.INDEPENDENCE_UNKNOWN)
        return is_alike and any(pair.has("missing") or pair.has("truncated") for pair in self.pairs)


@dataclass(frozen=True, slots=True)
class Corroboration:
    """The whole document. Field order is the order in the file."""

    schema: str
    software: str
    report: ReportFacts
    observers: tuple[ObserverFacts, ...]
    refused: tuple[RefusedBag, ...]
    relations: tuple[Relation, ...]
    sources: tuple[CorroboratedSource, ...]
    """Contradicted ones first."""

    def observer(self, name: str) -> ObserverFacts:
        return next(one for one in self.observers if one.name == name)


ORDER = tuple(SourceState)
"""The order in which states are shown."""


def sorted_sources(sources: Iterable[CorroboratedSource]) -> tuple[CorroboratedSource, ...]:
    """Contradictions first, then what rests on one observer; within a state in the order given."""
    return tuple(sorted(sources, key=lambda one: ORDER.index(one.state)))


def to_json(document: Corroboration) -> str:
    return canonical.document(document)


def from_json(text: str | bytes) -> Corroboration:
    """Read a corroboration strictly. Raises `StatementError`, also for any spelling but `to_json`'s."""
    found = canonical.parse(text, Corroboration, what=FILE)
    if found.schema != SCHEMA:
        raise StatementError(f"{FILE}: {found.schema!r} is not known here; expected {SCHEMA!r}")
    data = text.encode() if isinstance(text, str) else text
    if to_json(found).encode() != data:
        raise StatementError(f"{FILE}: not in its one spelling; it was edited or re-encoded")
    return found
