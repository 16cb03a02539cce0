"""What goes to a worker and what comes back: plain values, so that any engine can carry them."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable
from enum import StrEnum

from msgspec import Struct, field
from msgspec.structs import replace

FULL_READ = "full-read"
"""Every byte was read and hashed."""

FINDINGS_LIMIT = 1_000
"""Findings of one copy that are carried and stored; all are counted."""

SHOWN = 50
"""Findings of one copy that the result of a run carries; the catalogue has more."""

BASELINE_LIMIT = 100_000
"""Findings of one copy that a baseline may hold. What is beyond them is new at every check."""

STALL = 600.0
"""Seconds without a byte: a disk that spins up, a tape that is fetched, needs minutes."""

STALLED = "reading-stalled"
"""The code of a copy that was given up."""

HARMLESS = frozenset({"nonconformance", "condition"})
"""Kinds of errors that leave every listed digest right: a copy that has had them since it was added is sound."""


BROKEN_FILE = frozenset(
    {
        *("payload-altered", "payload-missing", "unreadable", "file-changed", "file-vanished", "tag-file-altered"),
        *("manifest-altered", "tag-file-missing", "tag-file-changed", "seal-file-changed"),
    }
)
"""Findings that name a file whose bytes are wrong or gone; much else follows from them."""


class CopyOutcome(StrEnum):
    """How a copy was found."""

    SOUND = "sound"
    DAMAGED = "damaged"
    SUBSTITUTED = "substituted"
    """Valid, and not the bag that was added."""
    UNREADABLE = "unreadable"
    """Nobody could look."""


class CopyProblem(Struct, frozen=True):
    """One finding of an event."""

    code: str
    severity: str
    path: str | None = None
    expected: str | None = None
    found: str | None = None
    source: str | None = None
    """Ids of the sources it concerns, `s01` or `s01,s04`."""
    note: str | None = None
    kind: str | None = None
    """`damage`, `missing`, `contradiction`, `nonconformance`, `condition`."""
    is_new: bool = True
    """Not in the baseline of its copy."""


class Baseline(Struct, frozen=True):
    """The findings of a copy that are known, so that only others alarm."""

    keys: frozenset[str] = frozenset()
    is_failing: bool = False
    """True where the copy was damaged when the baseline was taken."""
    codes: dict[str, int] = field(default_factory=dict)
    """How many of each code, for people."""

    @classmethod
    def of(cls, found: Iterable[CopyProblem]) -> Baseline:
        keys: set[str] = set()
        codes: Counter[str] = Counter()
        is_failing = False
        for one in found:
            codes[one.code] += 1
            is_failing = is_failing or is_damage(one)
            if len(keys) < BASELINE_LIMIT:
                keys.add(key_of(one))
        return cls(frozenset(keys), is_failing, dict(sorted(codes.items())))

    def joined(self, other: Baseline) -> Baseline:
        """The findings of both baselines."""
        codes = {code: max(self.codes.get(code, 0), number) for code, number in (self.codes | other.codes).items()}
        return Baseline(self.keys | other.keys, self.is_failing or other.is_failing, codes)


class Pin(Struct, frozen=True):
    """A copy to look at, and what it was when it was added."""

    copy_id: str
    url: str
    fingerprint: str | None = None
    """None where the copy is not known yet."""
    content: str | None = None
    """The digest of all its bytes when it was last verified."""
    tags: dict[str, str] = field(default_factory=dict)
    """Hex sha256 of each tag file."""
    seal: str | None = None
    """The digest of the seal folder beside it."""
    baseline: Baseline = field(default_factory=Baseline)
    octets: int = 0
    attempt: int = 1
    store: str = ""
    """What fails together with it."""


class Rules(Struct, frozen=True):
    """How a worker looks."""

    bytes_per_second: float | None = None
    until: float | None = None
    """Seconds since 1970 after which no further copy is begun."""
    thorough: bool = False
    """Verify in full, even where every byte is as it was."""
    stall: float | None = STALL
    """Seconds without a byte after which a copy is given up."""
    stop_after: int | None = None
    """Unreadable copies of one store in a batch after which its others are left out."""


class BagFacts(Struct, frozen=True):
    """What the bag at a place says about itself, read when it is added."""

    name: str
    report: str | None = None
    external_identifier: str | None = None
    software: str | None = None
    citations: tuple[tuple[str, str, str | None, str, str], ...] = ()
    """Source, cited string, requested URL, pages, status."""


class SealDeadline(Struct, frozen=True):
    """Something about the seal of a copy that has to be done by a day."""

    kind: str
    subject: str
    due_at: str
    detail: str


class Look(Struct, frozen=True):
    """What looking at one copy gave."""

    copy_id: str
    outcome: CopyOutcome
    problems: tuple[CopyProblem, ...] = ()
    """New ones first, up to `FINDINGS_LIMIT`."""
    findings: int = 0
    new_findings: int = 0
    fingerprint: str | None = None
    content: str | None = None
    tags: dict[str, str] | None = None
    seal: str | None = None
    baseline: Baseline | None = None
    """All findings of this look; None where the bytes are those of the last verification."""
    octets: int = 0
    files: int = 0
    seconds: float = 0.0
    method: str = FULL_READ
    is_verified: bool = False
    """True where the whole verification ran, False where every byte was as it was."""
    facts: BagFacts | None = None
    deadlines: tuple[SealDeadline, ...] | None = None
    """Of the seal beside it; None where it was not read."""
    attempt: int = 1
    at: str = ""
    """When it came back; set by the coordinator, whose clock is the one that counts."""

    def shortened(self) -> Look:
        """The look without what only the catalogue needs: a run may find ten thousand copies damaged."""
        return replace(self, problems=self.problems[:SHOWN], tags=None, baseline=None, facts=None)


def is_damage(found: CopyProblem) -> bool:
    """True for an error which says that the bag is not what it states."""
    return found.severity == "error" and found.kind not in HARMLESS


def key_of(found: CopyProblem) -> str:
    """What a finding is recognised by at the next check."""
    said = "\0".join((found.code, found.path or "", found.expected or "", found.found or "", found.source or ""))
    return hashlib.sha256(said.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def fingerprint_of(tags: dict[str, str]) -> str | None:
    """What a bag is recognised by: the digest of its tag manifest, else of its manifests. None where it has neither."""
    for algorithm in ("sha256", "sha512", "sha384", "sha224", "sha1", "md5"):
        name = f"tagmanifest-{algorithm}.txt"
        if name in tags:
            return f"sha256:{tags[name]}" if algorithm == "sha256" else f"{name} sha256:{tags[name]}"
    manifests = sorted(name for name in tags if name.startswith("manifest-") and name.endswith(".txt"))
    return " ".join(f"{name} sha256:{tags[name]}" for name in manifests) or None
