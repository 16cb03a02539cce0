"""The result of verifying a bag, and the findings and answers that the stages of a verification hand on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from msgspec import Struct, field
from msgspec.structs import replace

from archive.verify.result.basis import Basis
from archive.verify.result.headline import NOT_EXPECTED, Headline, findings_of_bag, headline_of
from archive.words.reasons import answer, few, reason
from archive_manifests.finding_codes import make_finding
from archive_manifests.findings import Answer, Finding, Outcome, Severity, State, count_of, outcome_of
from archive_manifests.fixity import Fixity

CHECK_FAILED = "check-failed"
"""Of a source at which the program itself failed: an error, for whoever causes it could hide all else there."""

UNCHECKED = frozenset({"warc-unchecked", "wacz-unchecked", "coverage-unchecked", "source-unread", CHECK_FAILED})
"""Findings that say that something could not be looked at: the answer is then not `passed`."""

NOT_READ = frozenset(
    {"payload-missing", "tag-file-missing", "fetch-hole", "package-path", "package-link", "package-header"}
    | {"package-damaged", "package-broken"}
)
"""Findings on files that are listed, or packed, and were not read whole: nobody compared their digests."""

CUT = "package-broken"
"""Of a package that cannot be read to its end: it did not arrive whole."""

BY_ANOTHER = frozenset({"read-otherwise", "generated-differs", "note-unknown", "key-unknown"})
"""Differences that another version of the program may explain, and that nothing here proves it does."""


class VerifiedForm(StrEnum):
    """What was verified: a bag, or a file with another structure, for which other commands are made."""

    BAG = "bag"
    WACZ = "wacz"
    EARK = "eark"
    WARC = "warc"
    SEAL = "seal"
    """The seal of a bag, packaged as a small bag of its own."""


class Verification(Struct, frozen=True):
    """What verifying a bag found."""

    bag: Path
    answers: Mapping[str, Answer]
    findings: tuple[Finding, ...]
    """In path order; those about the bag as a whole first."""
    is_complete: bool
    is_valid: bool
    """As RFC 8493, section 3, means both."""
    files: int
    octets: int
    """Everything that was read, tag files too."""
    payload_files: int
    payload_octets: int
    tagmanifest: Fixity | None
    """Of `tagmanifest-sha256.txt`, by which the bag is recognised."""
    basis: Basis = Basis.ALONE
    """What vouches for it, where no error was found."""
    trust: tuple[str, ...] = ()
    """What was read of the reader's trust folder, file by file; empty without one."""
    latest: datetime | None = None
    """The latest time of its own making that it states, where `wants_latest` was given."""
    form: VerifiedForm = VerifiedForm.BAG
    is_ours: bool = False
    """Made by this program, and no partner's version."""
    renderings: int = 0
    """Sources whose page a browser rendered: what it showed rests on the collector's word."""

    @property
    def of_bag(self) -> tuple[Finding, ...]:
        """The findings but for the errors of the seal beside the bag, which are none of the bag."""
        return findings_of_bag(self.findings, self.answers)

    @property
    def outcome(self) -> Outcome:
        """What was found of the bag, in one word."""
        return outcome_of(self.of_bag)

    @property
    def headline(self) -> Headline | None:
        """What is said first in the place of the outcome, where that says more."""
        return headline_of(self.of_bag, self.answers, is_ours=self.is_ours)

    @property
    def is_unlike_its_lists(self) -> bool:
        """True where files are altered or missing: a seal over the manifests then says nothing of these files."""
        errors = [finding for finding in self.findings if finding.severity is Severity.ERROR]
        # A fingerprint from elsewhere is no list of the bag's.
        differing = {each.code for each in errors if each.question == "fixity"} - UNCHECKED - {NOT_EXPECTED}
        return bool(differing) or any(each.code in NOT_READ for each in errors)

    @property
    def errors(self) -> int:
        return count_of(self.findings, Severity.ERROR)

    @property
    def is_unread(self) -> bool:
        """True where nothing is wrong but that the program itself failed while it checked something."""
        errors = {finding.code for finding in self.findings if finding.severity is Severity.ERROR}
        return errors == {CHECK_FAILED}

    @property
    def warnings(self) -> int:
        return count_of(self.findings, Severity.WARNING)


class StageResults(Struct, frozen=True):
    """The findings and answers of the stages so far. A stage takes one and returns the next."""

    findings: tuple[Finding, ...] = ()
    answers: Mapping[str, Answer] = field(default_factory=dict)

    def adding(self, findings: Iterable[Finding], *questions: str) -> StageResults:
        """With more findings, and with `questions` answered by all findings so far."""
        more = replace(self, findings=(*self.findings, *findings))
        return more.answering({question: more._answer(question) for question in questions})

    def answering(self, answers: Mapping[str, Answer]) -> StageResults:
        """With these answers in the place of earlier ones to the same questions."""
        return replace(self, answers={**self.answers, **answers})

    def _answer(self, question: str) -> Answer:
        about = [found for found in self.findings if found.question == question]
        wrong = count_of([found for found in about if found.code not in UNCHECKED], Severity.ERROR)
        if wrong:
            return answer(State.FAILED, reason("errors", n=wrong))
        unchecked = list(dict.fromkeys(str(found.path) for found in about if found.code in UNCHECKED))
        if unchecked:
            return answer(State.NOT_CHECKED, reason("unchecked-files", paths=few(unchecked)))
        others = sorted({str(found.path) for found in about if found.code in BY_ANOTHER})
        if others:
            return answer(State.NOT_CHECKED, reason("made-by-another", paths=few(others)))
        absent = count_of(found for found in self.findings if found.code in NOT_READ and found.path is not None)
        if question == "fixity" and absent:
            return answer(State.NOT_CHECKED, reason("not-read", n=absent))
        return Answer(State.PASSED)


def required_findings(answers: Mapping[str, Answer], required: tuple[str, ...]) -> Iterator[Finding]:
    """What the caller insists on, and is not so."""
    for question in required:
        given = answers.get(question, Answer(State.ABSENT))
        if given.state is not State.PASSED:
            found = f"{question} is {given.state}" + (f": {given.why}" if given.why else "")
            yield make_finding("required", question=question, expected="passed", found=found)
