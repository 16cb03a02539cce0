"""What verifying returns: findings, and six answers. Nothing here is raised."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum

from msgspec import Struct, field

from archive_manifests.paths import BagPath

QUESTIONS = ("structure", "fixity", "warc", "coverage", "who", "when")
"""The six questions, in the order they are answered."""

ORIGIN = "origin"
"""The seventh, of a disclosure copy alone: what part of which sealed bag it is."""


class Severity(StrEnum):
    """An error makes the bag unsound; a warning does not."""

    ERROR = "error"
    WARNING = "warning"


class Kind(StrEnum):
    """What sort of thing is wrong. Only damage says that bytes are not what somebody stated."""

    DAMAGE = "damage"
    """Bytes are not what was stated, or cannot be read."""
    MISSING = "missing"
    """Something is listed, or must be there, and is not."""
    CONTRADICTION = "contradiction"
    """Two statements disagree, or a statement and the record that proves it."""
    NONCONFORMANCE = "nonconformance"
    """A rule is broken, and every stated digest holds."""
    CONDITION = "condition"
    """A circumstance of the capture, or of this check, that a reader must know; the bag is not at fault."""


class Outcome(StrEnum):
    """One word on a whole verification."""

    INTACT = "intact"
    INTACT_WITH_WARNINGS = "intact-with-warnings"
    DAMAGED = "damaged"
    CONTRADICTORY = "contradictory"
    INCOMPLETE = "incomplete"


class State(StrEnum):
    """The state of an answer. Not checked is never shown as passed."""

    PASSED = "passed"
    FAILED = "failed"
    NOT_CHECKED = "not-checked"
    ABSENT = "absent"


class Finding(Struct, frozen=True):
    """One thing that is wrong with a bag, or unwise about it."""

    code: str
    """`payload-altered`, `tag-file-missing`, `warc-digest`…: a closed catalogue, one row a code."""
    path: BagPath | None = None
    expected: str | None = None
    found: str | None = None
    rule: str | None = None
    """The section of the standard, or of our own profile, that says so."""
    severity: Severity = Severity.ERROR
    question: str = "structure"
    """Which of the six answers it belongs to."""
    source: str | None = None
    """Ids of the sources it concerns, `s01` or `s01,s04`."""
    record: str | None = None
    """Id of the WARC record it concerns."""
    line: int | None = None
    """From 1, in the file at `path`."""
    note: str | None = None
    """One plain sentence more, where the code and its catalogue text do not say enough."""
    kind: Kind = Kind.NONCONFORMANCE
    more: int | None = None
    """How many more there are of the same code and severity that are not listed: the last one listed says it."""

    @property
    def count(self) -> int:
        """How many findings this one stands for."""
        return 1 + (self.more or 0)


class Reason(Struct, frozen=True):
    """One thing that an answer rests on: a code of the catalogue of sentences, and its facts."""

    code: str
    facts: Mapping[str, object] = field(default_factory=dict)


class Answer(Struct, frozen=True):
    """The answer to one of the six questions."""

    state: State
    why: str | None = None
    """Why it was not checked, or what was found, in a few words."""
    facts: dict[str, object] = field(default_factory=dict)
    """What the answer rests on, ready for JSON: signers by name, authorities, `not_later_than`. Empty for most."""
    reasons: tuple[Reason, ...] = ()
    """`why` as values, which are rendered in the reader's language; empty where there is `why` alone."""

    def __eq__(self, other: object) -> bool:
        """True for the same answer, whether or not `why` is there as values too."""
        if not isinstance(other, Answer):
            return False
        return (self.state, self.why, self.facts) == (other.state, other.why, other.facts)


def place_of(finding: Finding) -> tuple[str, int, str, str]:
    """The key that sorts findings by path, then by line; those about the whole bag come first."""
    return (finding.path.text if finding.path else "", finding.line or 0, finding.code, finding.found or "")


def count_of(findings: Iterable[Finding], severity: Severity | None = None) -> int:
    """How many there are, those counted that are not listed; of one severity, or of both."""
    return sum(finding.count for finding in findings if severity in (None, finding.severity))


def outcome_of(findings: Iterable[Finding]) -> Outcome:
    """Sum up in one word: the worst kind of error decides; a condition is never worse than a warning."""
    kinds: set[Kind] = set()
    has_warnings = False
    for finding in findings:
        if finding.severity is Severity.ERROR and finding.kind is not Kind.CONDITION:
            kinds.add(finding.kind)
        else:
            has_warnings = True
    if Kind.DAMAGE in kinds:
        return Outcome.DAMAGED
    if Kind.MISSING in kinds:
        return Outcome.INCOMPLETE
    if kinds:
        return Outcome.CONTRADICTORY
    return Outcome.INTACT_WITH_WARNINGS if has_warnings else Outcome.INTACT
