"""What the first sentence about a verified bag says: of the bag, whatever is wrong with the seal beside it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum

from archive_manifests.findings import Answer, Finding, Outcome, Severity, State, outcome_of

NOT_EXPECTED = "not-expected"

CHANGED = "changed-since-sealed"
"""The reason where a good signature is over the bag as it was before somebody changed it."""

SEAL_OF_ANOTHER = "seal-of-another-bag"
"""The reason where the seal states the identifier of another bag."""

SEAL_ALTERED = "seal-altered"
"""The reason where the seal does not match the bag, and none of its signatures is over it as it is."""

SEAL_UNREAD = "seal-not-read"
"""The reason where `seal.json` is missing or cannot be read, so that nothing could be compared with it."""

PROOF_UNREAD = "proof-not-read"
"""The reason where no signature, or no timestamp, could be read with what it is over."""

OTHER_SEAL_STAMPED = "another-seal-stamped"
"""The reason where the seal under the timestamp does not match the bag."""

UNSIGNED = "signed-by-nobody"
"""The reason where a seal has no signature."""

_SHOWN_AS = {UNSIGNED: State.ABSENT} | {
    code: code for code in (CHANGED, SEAL_OF_ANOTHER, SEAL_UNREAD, PROOF_UNREAD, OTHER_SEAL_STAMPED)
}

_SEAL_FILES = frozenset(
    {"seal-unreadable", "seal-rests-on-weak", "signature-bad", "signature-missing", "signer-revoked"}
    | {"signer-out-of-period", "custody-broken", "custody-signature-bad", "custody-time", "statement-altered"}
    | {"stamp-bad", "stamp-missing", "stamp-unbound", "stamp-in-future", "stamp-authority-revoked", "renewal-mismatch"}
)
"""Codes of what is wrong with the files of the seal folder: the bag may be as it was."""

_SEAL_MISMATCH = "seal-mismatch"


SYSTEM_FILE = "payload-system-file"


class Headline(StrEnum):
    """A first sentence in the place of the outcome's."""

    NOT_EXPECTED = "not_expected"
    """The bag is not the one with the given fingerprint."""
    NOT_EXPECTED_ALONE = "not_expected_alone"
    """The same, and nothing else is wrong: no seal vouches for the bag."""
    NOT_EXPECTED_SEALED = "not_expected_sealed"
    """The same, and nothing else is wrong: the files agree with the bag's manifests, and these with the seal."""
    CHANGED = "changed"
    """A good signature is over the bag as it was; somebody changed it since."""
    REMOVED = "removed"
    """Something is missing, and the manifests hold without it: whoever removed it wrote them again."""
    SYSTEM_FILES = "system_files"
    """The only errors are files that an operating system put into the payload by itself."""


def errors_of_seal(findings: Iterable[Finding], answers: Mapping[str, Answer]) -> list[Finding]:
    """The errors that are the seal's own, and none of the bag."""
    who = answers.get("who", Answer(State.ABSENT))
    is_its_own = any(reason.code in (SEAL_OF_ANOTHER, SEAL_ALTERED) for reason in who.reasons)
    codes = _SEAL_FILES | ({_SEAL_MISMATCH} if is_its_own else set())
    return [one for one in findings if one.code in codes and one.severity is Severity.ERROR]


def findings_of_bag(findings: Iterable[Finding], answers: Mapping[str, Answer]) -> tuple[Finding, ...]:
    """All findings but the errors of the seal."""
    every = tuple(findings)
    others = {id(one) for one in errors_of_seal(every, answers)}
    return tuple(one for one in every if id(one) not in others)


def changed_since(answers: Mapping[str, Answer]) -> str | None:
    """Who sealed the bag as it was before somebody changed it: names, or keys; None where nothing shows that."""
    who = answers.get("who", Answer(State.ABSENT))
    return next((str(reason.facts["names"]) for reason in who.reasons if reason.code == CHANGED), None)


def shown_state(given: Answer, *, of_lists: bool = False) -> str:
    """The state of an answer about the seal, or why it is no: nothing is called invalid that could not be checked.

    A seal is over the manifests. `of_lists`: the files are not what these list, so it says nothing of the files.
    """
    codes = {reason.code for reason in given.reasons}
    for code, shown in _SHOWN_AS.items():
        if code in codes:
            return str(shown)
    is_seal = given.state in (State.PASSED, State.NOT_CHECKED)
    return f"{given.state}-of-lists" if of_lists and is_seal else str(given.state)


def _not_expected(errors: set[str], answers: Mapping[str, Answer]) -> Headline:
    """What is said of a bag with another fingerprint than was given: whether only this differs."""
    if errors != {NOT_EXPECTED}:
        return Headline.NOT_EXPECTED
    who = shown_state(answers.get("who", Answer(State.ABSENT)))
    is_sealed = who in (State.PASSED, State.NOT_CHECKED)
    return Headline.NOT_EXPECTED_SEALED if is_sealed else Headline.NOT_EXPECTED_ALONE


def headline_of(findings: tuple[Finding, ...], answers: Mapping[str, Answer], *, is_ours: bool) -> Headline | None:
    """The sentence that says more than the outcome; None where that says all."""
    errors = {one.code for one in findings if one.severity is Severity.ERROR}
    outcome = outcome_of(findings)
    if outcome is Outcome.DAMAGED:
        return None
    reads_whole = answers.get("structure", Answer(State.ABSENT)).state is State.PASSED
    if NOT_EXPECTED in errors and (reads_whole or outcome is not Outcome.INCOMPLETE):
        return _not_expected(errors, answers)
    if changed_since(answers) is not None:
        return Headline.CHANGED
    if errors == {SYSTEM_FILE}:
        return Headline.SYSTEM_FILES
    fixity = answers.get("fixity")
    is_listed = fixity is not None and fixity.state is State.PASSED
    return Headline.REMOVED if outcome is Outcome.INCOMPLETE and is_ours and reads_whole and is_listed else None
