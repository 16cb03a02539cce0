"""The chains from a stamp's certificate to roots that the reader trusts, each validated by itself. (RFC 5280, 6)"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from msgspec import Struct

from archive.timestamp import cms
from archive.timestamp.crl import RevocationList
from archive.timestamp.revocation import NewestList, Revocations, is_issued_by
from archive.timestamp.token import Stamp

if TYPE_CHECKING:
    from cryptography.x509 import Certificate

MOST_STEPS = 256
"""Certificates tried while chains are built. A token carries three or four; one with more is made to confuse."""

_LONGEST = 10


class Authority(Struct, frozen=True):
    """What the reader's roots and revocation lists say of the authority that made a stamp."""

    is_trusted: bool
    """A chain leads to a trusted root, valid at the stamp's time, and is not revoked."""
    revoked: str | None
    """Why its certificate no longer counts."""
    ends: datetime
    """When the first certificate of its chain ends, root included: the day to have renewed by."""
    lists: tuple[NewestList, ...] = ()
    """The newest revocation list of every issuer in its chains."""
    chain: tuple[Certificate, ...] = ()
    """A chain to a trusted root, else one that the stamp's own certificates make."""
    unusable: tuple[tuple[RevocationList, str], ...] = ()
    """Lists that are about an issuer in its chains and were not used, or not as a whole, each with why."""


def judge_authority(
    stamp: Stamp,
    roots: Sequence[Certificate],
    lists: Sequence[RevocationList] = (),
    now: datetime | None = None,
) -> Authority:
    """Judge a stamp's authority. Revocation is checked on the very chains that were validated.

    Without a trusted chain, the chains that the stamp's own certificates make are compared with the lists: a revoked
    authority is refused also by who names no roots. `now`, else the clock, is what lists are compared with: one that is
    still to come lifts nothing.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # cryptography warns the terminal of odd names and serials in certificates
        return _judge(stamp, roots, lists, now or datetime.now(UTC))


def _judge(stamp: Stamp, roots: Sequence[Certificate], lists: Sequence[RevocationList], now: datetime) -> Authority:
    candidates = _chains(stamp, roots)
    trusted = [chain for chain in candidates if chain[-1] in roots and _is_valid(stamp, chain)]
    judged = trusted or candidates or [(stamp.certificate,)]
    known = tuple(dict.fromkeys((*roots, *stamp.carried)))
    revocations = Revocations(tuple(lists), tuple(roots), known, now)
    revoked = revocations.why_revoked(judged, stamp.not_later_than) if lists else None
    ends = max(min(certificate.not_valid_after_utc for certificate in chain) for chain in judged)
    return Authority(
        is_trusted=bool(trusted) and revoked is None,
        revoked=revoked,
        ends=ends,
        lists=tuple(revocations.newest(judged)) if lists else (),
        chain=judged[0],
        unusable=tuple(revocations.unusable(judged)) if lists else (),
    )


def is_vouched_for(stamp: Stamp, roots: Sequence[Certificate]) -> bool:
    """True where a chain leads from the stamp's certificate to a root, all of it valid at the stamp's time."""
    return judge_authority(stamp, roots).is_trusted


def _chains(stamp: Stamp, roots: Sequence[Certificate]) -> list[tuple[Certificate, ...]]:
    """Every chain of certificates whose names and signatures follow on each other, up to a root or to an end.

    None at all where a reply carries so many that look alike that not every chain can be judged.
    """
    known = tuple(dict.fromkeys((*roots, *stamp.carried)))
    waiting: list[tuple[Certificate, ...]] = [(stamp.certificate,)]
    issued: dict[tuple[int, int], bool] = {}
    found: list[tuple[Certificate, ...]] = []
    for _ in range(MOST_STEPS):
        if not waiting:
            return found
        chain = waiting.pop()
        above = [other for other in known if other not in chain and _issued(chain[-1], other, issued)]
        if chain[-1] in roots or not above or len(chain) == _LONGEST:
            found.append(chain)
        if len(chain) < _LONGEST:
            waiting += [(*chain, other) for other in reversed(above)]
    return []


def _issued(certificate: Certificate, issuer: Certificate, known: dict[tuple[int, int], bool]) -> bool:
    key = id(certificate), id(issuer)
    if key not in known:
        known[key] = is_issued_by(certificate, issuer)
    return known[key]


def _is_valid(stamp: Stamp, chain: Sequence[Certificate]) -> bool:
    """Have OpenSSL validate this chain and no other: it is given the chain's certificates and its root alone.

    rfc3161-client puts what it is given as intermediates among the roots, so the certificates go into the reply, where
    no signature covers them; and it shares lists between builders, so it is given new ones.
    """
    from cryptography.hazmat.primitives.serialization import Encoding
    from cryptography.x509 import InvalidVersion
    from rfc3161_client import VerificationError, VerifierBuilder, decode_timestamp_response

    *carried, root = chain if len(chain) > 1 else (chain[0], chain[0])
    content = cms.with_certificates(stamp.reply, [one.public_bytes(Encoding.DER) for one in carried])
    try:
        return VerifierBuilder(roots=[root]).build().verify(decode_timestamp_response(content), stamp.imprint)
    except (VerificationError, ValueError, InvalidVersion):
        return False
