"""All that `archive sign` does to one bag: seal, sign, stamp, queue or bring answers, renew, tell what it shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from archive.bag.open import open_bag
from archive.errors import UsageProblem
from archive.seal.facts import read_facts, require_sealable
from archive.seal.sign import add_signature, write_seal
from archive.seal.stamping import Attempt, bring, find_targets, make_renewal, queue, stamp
from archive.seal.statement import Statement, as_html, make_statement
from archive.ssh.signature import Signer
from archive.trust import custody_log, seal_folder
from archive.trust.anchors import Anchors
from archive.trust.custody_signatures import sign_log
from archive.trust.locking import locked
from archive.verify.when import answer_when
from archive.verify.who import answer_who
from archive_manifests.findings import Answer, Finding
from archive_manifests.seal import SealedFacts

if TYPE_CHECKING:
    from archive.net import HttpClient


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be done."""

    signers: tuple[Signer, ...] = ()
    urls: tuple[str, ...] = ()
    """Authorities to ask, or to queue for."""
    queue: bool = False
    """Write queries and ask nobody."""
    replies: tuple[tuple[str, bytes], ...] = ()
    """Answers that were brought: (name for messages, bytes)."""
    renew: bool = False
    """Stamp everything there is anew, instead of the signatures."""

    @property
    def wants_stamps(self) -> bool:
        return bool(self.urls) or self.queue

    def check(self) -> None:
        """Raise `UsageProblem` where nothing is asked for, or things that exclude each other."""
        if not (self.signers or self.wants_stamps or self.replies):
            raise UsageProblem(
                "nothing to do; give --key to sign, --tsa or --queue to stamp, --import to bring answers"
            )
        if self.renew and not self.wants_stamps:
            raise UsageProblem("--renew stamps anew, so it needs an authority: give --tsa URL, or --queue")


@dataclass(frozen=True, slots=True)
class Sealed:
    """What was done, and what the seal shows now."""

    bag: Path
    folder: Path
    facts: SealedFacts
    signed: tuple[str, ...]
    """Fingerprint of every key that signed now."""
    attempts: tuple[Attempt, ...]
    queued: tuple[str, ...]
    """Names of the queries that wait for answers."""
    who: Answer
    when: Answer
    findings: tuple[Finding, ...]
    statement: Statement

    @property
    def is_done(self) -> bool:
        return all(attempt.problem is None for attempt in self.attempts)


def seal_bag(
    bag: Path, folder: Path, order: Order, anchors: Anchors | None, wire: HttpClient | None, now: datetime
) -> Sealed:
    """Carry out an order on one bag. `anchors` are what the caller trusts; with roots, other authorities are refused,
    and with revocation lists whoever was revoked.

    Raises `NotSealable`, `SealUnwritable`, `UsageProblem`; an authority that fails is an attempt with a problem.
    """
    order.check()
    with open_bag(bag) as opened:
        facts = read_facts(opened)
        require_sealable(opened, facts)
        name = opened.name
    with locked(folder):
        return _carry_out(bag, name, folder, facts, order, anchors, wire, now)


def _carry_out(
    bag: Path,
    name: str,
    folder: Path,
    facts: SealedFacts,
    order: Order,
    anchors: Anchors | None,
    wire: HttpClient | None,
    now: datetime,
) -> Sealed:
    log, before = custody_log.read_log(folder, facts.events_head), _proofs(folder)
    content = write_seal(folder, facts)
    names = [add_signature(folder, content, signer) for signer in order.signers]
    attempts = bring(folder, order.replies, anchors)
    queued: list[str] = []
    if order.wants_stamps:
        targets = [make_renewal(folder)] if order.renew else find_targets(folder, content, names)
        if order.queue:
            queued = queue(folder, targets, max(len(order.urls), 1))
        else:
            assert wire is not None
            attempts += stamp(folder, targets, order.urls, wire, anchors)
    signed = [signer.public_key.fingerprint for signer in order.signers]
    if new := sorted(_proofs(folder) - before):
        log = _enter(folder, log, new, facts, now)
    if log.events:
        for signer in order.signers:
            sign_log(folder, log, signer)
    return _told(bag, name, folder, facts, anchors, now, signed, attempts, queued)


def _proofs(folder: Path) -> set[str]:
    listing = seal_folder.list_folder(folder)
    return {*listing.signatures, *listing.replies} if listing else set()


def _enter(
    folder: Path, log: custody_log.CustodyLog, new: list[str], facts: SealedFacts, now: datetime
) -> custody_log.CustodyLog:
    """The custody log with an event for what was added to the seal; sealing again, with nothing new, adds none."""
    told = custody_log.event(
        *("digital signature generation", now, "signatures or timestamps were added to the seal", "sealed"),
        objects=new,
    )
    log = log.with_event(told, facts.events_head)
    custody_log.write_log(folder, log)
    return log


def _told(
    bag: Path,
    name: str,
    folder: Path,
    facts: SealedFacts,
    anchors: Anchors | None,
    now: datetime,
    signed: Sequence[str],
    attempts: Sequence[Attempt],
    queued: Sequence[str],
) -> Sealed:
    who, about_who = answer_who(folder, facts, anchors, now)
    when, about_when = answer_when(folder, facts, anchors, now)
    statement = make_statement(name, facts, who, when)
    seal_folder.write_file(folder, seal_folder.STATEMENT, as_html(statement).encode())
    return Sealed(
        bag=bag,
        folder=folder,
        facts=facts,
        signed=tuple(signed),
        attempts=tuple(attempts),
        queued=tuple(queued),
        who=who,
        when=when,
        findings=(*about_who, *about_when),
        statement=statement,
    )
