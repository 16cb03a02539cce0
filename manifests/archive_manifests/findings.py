"""What verifying returns: findings, and six answers. Nothing here is raised."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from archive_manifests.paths import BagPath

QUESTIONS = ("structure", "fixity", "warc", "coverage", "who", "when")
"""The six questions, in the order they are answered."""


class Severity(StrEnum):
    """An error makes the bag unsound; a warning does not."""

    ERROR = "error"
    WARNING = "warning"


class State(StrEnum):
    """The state of an answer. Not checked is never shown as passed."""

    PASSED = "passed"
    FAILED = "failed"
    NOT_CHECKED = "not-checked"
    ABSENT = "absent"


@dataclass(frozen=True, slots=True)
class Finding:
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
    """Which of the six answers it bears on."""
    source: str | None = None
    """Ids of the sources it concerns, `s01` or `s01,s04`."""
    record: str | None = None
    """Id of the WARC record it concerns."""
    line: int | None = None
    """From 1, in the file at `path`."""
    note: str | None = None
    """One plain sentence more, where the code and its catalogue text do not say enough."""


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to one of the six questions."""

    state: State
    why: str | None = None
    """Why it was not checked, or what was found, in a few words."""
    facts: dict[str, object] = field(default_factory=dict)
    """What the answer rests on, ready for JSON: signers by name, authorities, `not_later_than`. Empty for most."""
