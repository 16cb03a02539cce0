"""What may be said of a bag, and which check of this run licenses each sentence.

A sentence is said where every check it rests on was made and passed in this run, and nowhere else. The sentences are
in the catalogue of words, under `claim`; docs/reference/claims.md lists them beside their checks.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum

from msgspec import Struct, field

from archive_manifests.findings import Answer, Finding, State


class ClaimCheck(StrEnum):
    """One thing that a run checked, and that was true."""

    FILES_MATCH = "files-match"
    """Every file was read, and is as the lists of the bag state: structure and fixity passed."""
    RECORDS_MATCH = "records-match"
    """Every WARC record was read, and is as the records log and its own digests state."""
    LEDGER_MATCHES = "ledger-matches"
    """What the ledger states of each source was derived again from the records."""
    SEAL_MATCHES = "seal-matches"
    """The seal states this bag's tag manifests."""
    EVERYTHING_SEALED = "everything-sealed"
    """The seal covers every tag file, and a strong list of the payload."""
    SIGNATURE_HOLDS = "signature-holds"
    """A signature over the seal is good; whose key it is may be unknown."""
    SIGNATURE_TRUSTED = "signature-trusted"
    """A good signature is by a key that the reader's trust folder names, valid at the time and not revoked."""
    STAMP_HOLDS = "stamp-holds"
    """A timestamp over the seal or a good signature holds together; its authority may be unknown."""
    STAMP_TRUSTED = "stamp-trusted"
    """A good timestamp leads to a root of the reader's trust folder, on a chain that is not revoked."""
    TIMES_AGREE = "times-agree"
    """No time that the bag states contradicts another one, or one that is proven."""
    TIMES_STATED = "times-stated"
    """The ledger states when the captures were made."""
    RUN_BEGUN = "run-begun"
    """The records log follows on a trusted timestamp."""
    RUN_ENDED = "run-ended"
    """A trusted timestamp is over the head of the records log."""
    EVENTS_CHAINED = "events-chained"
    """The bag's own events are there and each follows on the one before."""
    CUSTODY_CHAINED = "custody-chained"
    """The custody log beside the bag follows on the bag's own events, line by line."""
    CUSTODY_SIGNED = "custody-signed"
    """A trusted signer signed the custody log up to its last line."""
    PRODUCT_STATED = "product-stated"
    """The bag names the program that made it, and its version."""


CONTRADICTIONS = frozenset({"captured-before-bracket", "captured-after-stamp", "time-runs-backwards", "bracket-broken"})
"""Findings with which stated and proven times do not agree."""


class ClaimEvidence(Struct, frozen=True):
    """The checks of one run that were made and passed, and the facts that sentences name."""

    checks: frozenset[ClaimCheck]
    facts: Mapping[str, object] = field(default_factory=dict)

    def has(self, needed: Iterable[ClaimCheck]) -> bool:
        return self.checks.issuperset(needed)


class Claim(Struct, frozen=True):
    """One sentence of the catalogue, `claim.KEY`, and what licenses it."""

    key: str
    needs: frozenset[ClaimCheck]
    unless: frozenset[ClaimCheck] = frozenset()
    """A stronger sentence is said where these passed too."""
    otherwise: str | None = None
    """What is said among the things not shown where `needs` is not met."""


def _claim(key: str, *needs: ClaimCheck, unless: tuple[ClaimCheck, ...] = (), otherwise: str | None = None) -> Claim:
    return Claim(key, frozenset(needs), frozenset(unless), otherwise)


_C = ClaimCheck
STATEMENT = (
    _claim("files", _C.FILES_MATCH, otherwise="files_unknown"),
    _claim(
        *("unchanged", _C.FILES_MATCH, _C.SEAL_MATCHES, _C.EVERYTHING_SEALED, _C.STAMP_TRUSTED, _C.TIMES_AGREE),
        otherwise="unchanged_unknown",
    ),
    _claim(
        *("existed", _C.SEAL_MATCHES, _C.STAMP_TRUSTED),
        unless=(_C.FILES_MATCH, _C.EVERYTHING_SEALED, _C.TIMES_AGREE),
    ),
    _claim("stamped", _C.SEAL_MATCHES, _C.STAMP_HOLDS, unless=(_C.STAMP_TRUSTED,)),
    _claim("signed", _C.SEAL_MATCHES, _C.SIGNATURE_TRUSTED, otherwise="signer_unknown"),
    _claim("signed_by_key", _C.SEAL_MATCHES, _C.SIGNATURE_HOLDS, unless=(_C.SIGNATURE_TRUSTED,)),
    _claim("sources", _C.LEDGER_MATCHES, _C.RECORDS_MATCH, otherwise="sources_unknown"),
    _claim("run", _C.RUN_BEGUN, _C.RUN_ENDED, _C.TIMES_AGREE, otherwise="run_unknown"),
    _claim("stated_times", _C.STAMP_TRUSTED, _C.TIMES_STATED),
)
"""What the statement beside a seal may say, in its order."""

NEVER = ("others_received", "content_true", "collector_honest", "site_signed")
"""What no check of a bag shows: said in every statement."""

COURT = (
    _claim("court_record", _C.LEDGER_MATCHES, _C.RECORDS_MATCH, otherwise="court_record_stated"),
    _claim("court_program", _C.PRODUCT_STATED, otherwise="court_program_unknown"),
    _claim("court_stored", _C.RECORDS_MATCH, otherwise="court_stored_unknown"),
    _claim("court_files", _C.FILES_MATCH, otherwise="court_files_differ"),
    _claim("court_digests", _C.RECORDS_MATCH, _C.FILES_MATCH, otherwise="court_digests_unknown"),
    _claim("court_events", _C.EVENTS_CHAINED, otherwise="court_events_unknown"),
    _claim("court_custody_signed", _C.CUSTODY_CHAINED, _C.CUSTODY_SIGNED),
    _claim(
        "court_custody_unsigned", _C.CUSTODY_CHAINED, unless=(_C.CUSTODY_SIGNED,), otherwise="court_custody_unknown"
    ),
    _claim("court_persons", _C.CUSTODY_CHAINED, _C.CUSTODY_SIGNED, otherwise="court_persons_unsigned"),
    _claim("court_sources", _C.RECORDS_MATCH, _C.LEDGER_MATCHES, otherwise="court_sources_stated"),
    _claim("court_unaltered", _C.RECORDS_MATCH, _C.LEDGER_MATCHES, otherwise="court_unaltered_unknown"),
)
"""What the drafts for a court may say."""


def licensed(claims: Iterable[Claim], evidence: ClaimEvidence) -> tuple[list[str], list[str]]:
    """Keys of the sentences that may be said, and of those that say what is not shown."""
    said: list[str] = []
    not_said: list[str] = []
    for claim in claims:
        if not evidence.has(claim.needs):
            not_said += [claim.otherwise] if claim.otherwise else []
        elif not claim.unless or not evidence.has(claim.unless):
            said.append(claim.key)
    return said, not_said


def evidence_of(
    answers: Mapping[str, Answer], findings: Iterable[Finding] = (), facts: Mapping[str, object] | None = None
) -> ClaimEvidence:
    """The checks that a verification made and that passed. A question without an answer was not checked."""
    codes = {finding.code for finding in findings}
    return ClaimEvidence(frozenset(_passed(answers, codes)), {**_facts(answers), **(facts or {})})


def _passed(answers: Mapping[str, Answer], codes: set[str]) -> Iterator[ClaimCheck]:
    absent = Answer(State.ABSENT)
    who, when = answers.get("who", absent), answers.get("when", absent)
    states = {question: answer.state for question, answer in answers.items()}
    holds = (State.PASSED, State.NOT_CHECKED)
    if states.get("structure") is State.PASSED and states.get("fixity") is State.PASSED:
        yield ClaimCheck.FILES_MATCH
    if states.get("warc") is State.PASSED:
        yield ClaimCheck.RECORDS_MATCH
    if states.get("coverage") is State.PASSED:
        yield ClaimCheck.LEDGER_MATCHES
    if who.state in holds or when.state in holds:
        yield ClaimCheck.SEAL_MATCHES
        if not who.facts.get("not_sealed") and "seal-rests-on-weak" not in codes:
            yield ClaimCheck.EVERYTHING_SEALED
    for answer, good, trusted in (
        (who, ClaimCheck.SIGNATURE_HOLDS, ClaimCheck.SIGNATURE_TRUSTED),
        (when, ClaimCheck.STAMP_HOLDS, ClaimCheck.STAMP_TRUSTED),
    ):
        if answer.state in holds:
            yield good
        if answer.state is State.PASSED:
            yield trusted
    yield from _about_time_and_custody(who, when, codes)


def _about_time_and_custody(who: Answer, when: Answer, codes: set[str]) -> Iterator[ClaimCheck]:
    if codes.isdisjoint(CONTRADICTIONS):
        yield ClaimCheck.TIMES_AGREE
    if "stated" in when.facts:
        yield ClaimCheck.TIMES_STATED
    if "not_earlier_than" in when.facts:
        yield ClaimCheck.RUN_BEGUN
    if "log_not_later_than" in when.facts:
        yield ClaimCheck.RUN_ENDED
    custody = who.facts.get("custody")
    state = custody.get("state") if isinstance(custody, dict) else None
    if state not in (None, "absent", "broken"):
        yield ClaimCheck.CUSTODY_CHAINED
    if state == "signed":
        yield ClaimCheck.CUSTODY_SIGNED


def _facts(answers: Mapping[str, Answer]) -> dict[str, object]:
    who, when = answers.get("who"), answers.get("when")
    stated = when.facts.get("stated") if when else None
    facts: dict[str, object] = {
        "who": who or Answer(State.ABSENT, "-"),
        "when": when or Answer(State.ABSENT, "-"),
        "not_later_than": when.facts.get("not_later_than", "-") if when else "-",
        "run_begun": when.facts.get("not_earlier_than", "-") if when else "-",
        "run_ended": when.facts.get("log_not_later_than", "-") if when else "-",
    }
    if isinstance(stated, dict):
        facts |= {"started": stated.get("started"), "ended": stated.get("ended")}
    custody = who.facts.get("custody") if who else None
    if isinstance(custody, dict):
        facts |= {"events_beside": custody.get("events", 0), "signers": ", ".join(custody.get("signers") or [])}
    return facts
