"""What the first sentence about a bag without error rests on: it claims what this run proved, and nothing more."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from archive_manifests.findings import ORIGIN, Answer, State


class Basis(StrEnum):
    """What vouches for a bag in which nothing is wrong. Each has a sentence of the catalogue, `cli.basis`."""

    EXPECTED = "expected"
    """The bag has the fingerprint that the caller gave."""
    SEALED = "sealed"
    """A trusted signer or a trusted timestamp is over the seal: unchanged since it was sealed, and of before it says
    nothing."""
    PART = "part"
    """A disclosure copy: what it takes from the sealed bag has not changed."""
    OTHERS = "others"
    """What the trusted seal covers has not changed; it leaves tag files out, which somebody else added or replaced."""
    OTHERS_UNCHECKED = "others-unchecked"
    """The same, by a seal that was not checked."""
    UNCHECKED = "unchecked"
    """The files agree with the bag's own lists and with its seal, whose maker was not checked."""
    ALONE = "alone"
    """The files agree with the bag's own manifests, for which nothing outside vouches: a second line says so."""
    COPY = "copy"
    """The same of a disclosure copy; that it is a part of the sealed bag was not checked."""
    RECORDS = "records"
    """A WARC in no bag: each record agrees with what it states itself. A second line says what nobody could check."""


def basis_of(answers: Mapping[str, Answer], *, is_expected: bool) -> Basis:
    """What a verification rests on. `is_expected`: the caller gave the bag's fingerprint, and it is that."""
    absent = Answer(State.ABSENT)
    who, when = answers.get("who", absent), answers.get("when", absent)
    states = {who.state, when.state}
    if is_expected:
        return Basis.EXPECTED
    if who.facts.get("not_sealed"):
        return Basis.OTHERS if State.PASSED in states else Basis.OTHERS_UNCHECKED
    if answers.get(ORIGIN, absent).state is State.PASSED:
        return Basis.PART
    if State.PASSED in states:
        return Basis.SEALED
    if State.NOT_CHECKED in states:
        return Basis.UNCHECKED
    return Basis.COPY if ORIGIN in answers else Basis.ALONE
