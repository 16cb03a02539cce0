"""What `archive sign` does to one bag: seal, sign, stamp, queue queries, import responses, renew, state it."""

from __future__ import annotations

import hashlib
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from archive.bag.interface import Bag
from archive.bag.open import open_bag
from archive.errors import UsageProblem
from archive.seal.evidence import gather_for_seal
from archive.seal.facts import NotSealable, read_facts, require_sealable
from archive.seal.sign import add_signature, write_seal
from archive.seal.stamping import Attempt, find_targets, import_replies, make_renewal, queue, stamp
from archive.seal.statement import Statement, as_html, make_statement
from archive.ssh.signature import Signer
from archive.trust import custody_log, seal_folder
from archive.trust.anchors import Anchors
from archive.trust.custody_signatures import sign_log
from archive.trust.locking import locked
from archive.verify.result.error_list import as_text, errors_in
from archive.verify.result.verification import Verification
from archive.verify.run import verify
from archive.verify.seal.when import answer_when
from archive.verify.seal.who import answer_who
from archive_manifests.findings import Answer, Finding
from archive_manifests.seal import SealedFacts

if TYPE_CHECKING:
    from archive.net import HttpClient


class SealOrder(Struct, frozen=True):
    """What is to be done."""

    signers: tuple[Signer, ...] = ()
    urls: tuple[str, ...] = ()
    """Authorities to request timestamps from, or to queue for."""
    queue: bool = False
    """Write queries and use no network."""
    replies: tuple[tuple[str, bytes], ...] = ()
    """Responses that were imported: (name for messages, bytes)."""
    check_content: bool = True
    """Verify the bag before anything is added: nobody is to vouch for files that were not read."""
    renew: bool = False
    """Stamp every file of the seal again, instead of the signatures."""

    @property
    def wants_stamps(self) -> bool:
        return bool(self.urls) or self.queue

    def check(self) -> None:
        """Raise `UsageProblem` where nothing is to be done, or things exclude each other."""
        if not (self.signers or self.wants_stamps or self.replies):
            raise UsageProblem(
                "nothing to do; give --key to sign, --tsa or --queue to stamp, --import to add responses"
            )
        if self.renew and not self.wants_stamps:
            raise UsageProblem("--renew stamps anew, so it needs an authority: give --tsa URL, or --queue")


class Sealed(Struct, frozen=True):
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
    bag: Path, folder: Path, order: SealOrder, anchors: Anchors | None, wire: HttpClient | None, now: datetime
) -> Sealed:
    """Carry out an order on one bag. `anchors` are what the caller trusts; with roots, other authorities are refused,
    and with revocation lists whoever was revoked.

    Raises `NotSealable`, `SealUnwritable`, `UsageProblem`; an authority that fails is an attempt with a problem.
    """
    order.check()
    with open_bag(bag) as opened:
        try:
            facts = read_facts(opened)
        except NotSealable:
            if order.check_content:
                _verified(bag, folder, now)  # it names the files, where a sum alone differs
            raise
        require_sealable(opened, facts)
        content = _verified(bag, folder, now) if order.check_content else None
        with locked(folder):
            done = _carry_out(folder, facts, order, anchors, wire, now)
            return _finished(opened, folder, facts, content, done, order, anchors, now)


def _verified(bag: Path, folder: Path, now: datetime) -> Verification:
    """Read every file of a bag. Raises `NotSealable` where that finds an error."""
    found = verify(bag, seal=folder.with_name(f".{folder.name}.none"), now=now, wants_latest=True)
    if errors := errors_in(found.findings):
        raise NotSealable(f"{bag}: nothing was sealed: {as_text(errors)}")
    return found


class _Done(Struct, frozen=True):
    """What an order added to a seal folder."""

    log: custody_log.CustodyLog
    added: tuple[str, ...]
    """Names of signatures and timestamps."""
    attempts: tuple[Attempt, ...]
    queued: tuple[str, ...]


def _carry_out(
    folder: Path,
    facts: SealedFacts,
    order: SealOrder,
    anchors: Anchors | None,
    wire: HttpClient | None,
    now: datetime,
) -> _Done:
    log, before = custody_log.read_log(folder, facts.log_root), _proofs(folder)
    content = write_seal(folder, facts)
    names = [add_signature(folder, content, signer) for signer in order.signers]
    attempts = import_replies(folder, order.replies, now, anchors)
    queued: list[str] = []
    if order.wants_stamps:
        targets = [make_renewal(folder)] if order.renew else find_targets(folder, content, names)
        if order.queue:
            queued = queue(folder, targets, max(len(order.urls), 1))
        else:
            assert wire is not None
            attempts += stamp(folder, targets, order.urls, wire, now, anchors)
    return _Done(log, tuple(sorted(_proofs(folder) - before)), tuple(attempts), tuple(queued))


def _proofs(folder: Path) -> set[str]:
    listing = seal_folder.list_folder(folder)
    return {*listing.signatures, *listing.replies} if listing else set()


def _finished(
    bag: Bag,
    folder: Path,
    facts: SealedFacts,
    content: Verification | None,
    done: _Done,
    order: SealOrder,
    anchors: Anchors | None,
    now: datetime,
) -> Sealed:
    """Write the statement and enter what was added in the custody log, signed with the key of the seal."""
    who, about_who = answer_who(folder, facts, anchors, now)
    when, about_when = answer_when(folder, facts, anchors, now)
    statement = make_statement(bag.name, facts, who, when, gather_for_seal(bag, content, who, when))
    page = as_html(statement).encode()
    seal_folder.write_file(folder, seal_folder.STATEMENT, page)
    log = _entered(done.log, done.added, page, facts, now)
    if log is not done.log:
        custody_log.write_log(folder, log)
    for signer in order.signers if log.events else ():
        sign_log(folder, log, signer)
    return Sealed(
        bag=bag.location,
        folder=folder,
        facts=facts,
        signed=tuple(signer.public_key.fingerprint for signer in order.signers),
        attempts=done.attempts,
        queued=done.queued,
        who=who,
        when=when,
        findings=(*about_who, *about_when),
        statement=statement,
    )


def _entered(
    log: custody_log.CustodyLog, added: tuple[str, ...], page: bytes, facts: SealedFacts, now: datetime
) -> custody_log.CustodyLog:
    """The log with an event that binds what was added and the statement; the same log where both are as before."""
    digest = hashlib.sha256(page).hexdigest()
    if not added and custody_log.statement_digest(log) == digest:
        return log
    event = custody_log.event(
        *("digital signature generation", now, "signatures or timestamps were added to the seal", "sealed"),
        objects=added,
        facts={custody_log.STATEMENT_FACT: digest},
    )
    return log.with_event(event, facts.log_root)
