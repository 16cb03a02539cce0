"""A receipt, compared by the sender with the sender's own bag: who signed it, which bag it is about, what it states."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from archive.bag.open import open_bag
from archive.errors import StatementError
from archive.seal.facts import read_facts
from archive.ssh import signature as sshsig
from archive.ssh.keys import PublicKey
from archive.ssh.signature import BadSignature
from archive.trust import seal_folder
from archive.trust.anchors import Anchors, load_anchors
from archive.trust.custody_log import CustodyBroken, CustodyLog, read_log
from archive.trust.proofs import check_signature, first_signatures
from archive.trust.seal_folder import FileRefused
from archive.words import FALLBACK, load
from archive_manifests import receipt as receipts
from archive_manifests.finding_codes import make_finding
from archive_manifests.findings import Finding, Severity, State
from archive_manifests.paths import BagPath
from archive_manifests.receipt import NAMESPACE, Receipt
from archive_manifests.seal import SealedFacts

_LARGEST_SIGNATURE = 1 << 16
_CLOCKS_APART = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class ReceiptCheck:
    """A receipt, and what the check of it found."""

    receipt: Receipt | None
    findings: tuple[Finding, ...]
    key: str | None = None
    """Fingerprint of the key that signed it; None where nobody did."""
    names: tuple[str, ...] = ()
    """Whose key that is, by the sender's trust, at the time that the receipt states."""
    is_trusted: bool = False
    """The signer is trusted for receipts, and is not who sealed the bag."""

    @property
    def signer(self) -> str | None:
        """Who signed it, by name and key, or by key alone; None where nobody did."""
        return f"{', '.join(self.names)} ({self.key})" if self.names else self.key

    @property
    def errors(self) -> int:
        return sum(finding.severity is Severity.ERROR for finding in self.findings)

    @property
    def as_facts(self) -> dict[str, object] | None:
        """What the receipt says, ready for JSON; None where it cannot be read."""
        if self.receipt is None:
            return None
        return {
            "received": self.receipt.received,
            "by": self.receipt.by,
            "signer": self.signer,
            "trusted": self.is_trusted,
            "packages": [{"name": one.name, "sha256": one.sha256} for one in self.receipt.packages],
            "answers": {question: answer.state for question, answer in self.receipt.answers.items()},
        }

    @property
    def code(self) -> str:
        """Which sentence of the catalogue the check licenses."""
        if self.receipt is None:
            return "unreadable"
        if self.errors:
            return "proves-nothing"
        if self.key is None:
            return "unsigned"
        return "received" if self.is_trusted else "unknown"

    @property
    def sentence(self) -> str:
        return self.sentence_in(FALLBACK)

    def sentence_in(self, language: str) -> str:
        receipt = self.receipt
        facts = {"time": receipt.received, "by": receipt.by or "-"} if receipt else {}
        return load(language).sentence(f"receipt.{self.code}", signer=self.signer or "-", **facts)


def check_receipt_of(bag: Path, path: Path, folder: Path, trust: Path | None, now: datetime) -> ReceiptCheck:
    """Check a receipt against the bag at `bag`, whose seal lies in `folder`. Raises `NotSealable`, `UsageProblem`."""
    anchors = load_anchors(trust) if trust else None
    with open_bag(bag) as opened:
        facts = read_facts(opened)
    return check_receipt(path, facts, anchors, now, folder)


def check_receipt(
    path: Path, facts: SealedFacts, anchors: Anchors | None, now: datetime, folder: Path | None = None
) -> ReceiptCheck:
    """Check a receipt at the sender's. `facts` come from the bag itself, `folder` is its seal."""
    try:
        content = seal_folder.read_file(path.absolute().parent, path.name)
        receipt = receipts.parse(content)
    except (FileRefused, StatementError) as error:
        finding = make_finding("receipt-unreadable", BagPath(path.name), note=str(error))
        return ReceiptCheck(None, (finding,))
    check = _signed(path, content, receipt, anchors)
    findings = [
        *_differences(path.name, receipt, facts),
        *_failures(path.name, receipt),
        *_packages(path.name, receipt),
        *_times(path.name, receipt, now),
        *check.findings,
    ]
    if folder is not None:
        findings += _against_seal(path.name, receipt, folder, facts)
        findings += _by_the_sender(path.name, check, folder, facts, anchors)
    is_own = any(one.code == "receipt-by-sender" for one in findings)
    return replace(check, findings=tuple(findings), is_trusted=check.is_trusted and not is_own)


@dataclass(frozen=True, slots=True)
class _Signer:
    key: PublicKey
    names: frozenset[str]


def _differences(name: str, receipt: Receipt, facts: SealedFacts) -> list[Finding]:
    parts = ("bag_id", "events_head")
    pairs = [(part, getattr(receipt, part), getattr(facts, part)) for part in parts]
    stated = {one.file: one for one in receipt.tag_manifests}
    ours = {one.file: one for one in facts.tag_manifests}
    pairs += [
        (file, stated[file].sha256 if file in stated else None, ours[file].sha256 if file in ours else None)
        for file in sorted({*stated, *ours})
        if stated.get(file) != ours.get(file)
    ]
    return [
        make_finding("receipt-mismatch", BagPath(name), expected=str(own), found=str(said), note=what)
        for what, said, own in pairs
        if said != own or what in {*stated, *ours}
    ]


def _failures(name: str, receipt: Receipt) -> Iterator[Finding]:
    """What the receiver found wrong, also where the receipt says it in one place and not in another."""
    for question, answer in receipt.answers.items():
        if answer.state == State.FAILED:
            yield make_finding("receipt-answer", BagPath(name), found=f"{question} failed", note=answer.why)
    for word, is_so in (("complete", receipt.complete), ("valid", receipt.valid)):
        if not is_so:
            yield make_finding("receipt-answer", BagPath(name), found=f"not {word}")
    if receipt.errors:
        yield make_finding("receipt-answer", BagPath(name), found=f"{receipt.errors:,} errors")
    states = {question: answer.state for question, answer in receipt.answers.items()}
    for question in ("structure", "fixity"):
        if states.get(question) not in (State.PASSED, State.FAILED):
            yield make_finding("receipt-answer", BagPath(name), found=f"{question} not passed")


def _packages(name: str, receipt: Receipt) -> Iterator[Finding]:
    if not receipt.packages:
        note = "it names no package, so it does not say what came in"
        yield make_finding("receipt-mismatch", BagPath(name), expected="a package", found="none", note=note)


def _times(name: str, receipt: Receipt, now: datetime) -> Iterator[Finding]:
    received = _moment(receipt.received)
    if received is None:
        yield make_finding("receipt-time", BagPath(name), found=receipt.received[:100], note="no time")
    elif received > now + _CLOCKS_APART:
        yield make_finding("receipt-time", BagPath(name), found=receipt.received, note="a time that is still to come")


def _moment(text: str) -> datetime | None:
    try:
        read = datetime.fromisoformat(text)
        return read.astimezone(UTC) if read.tzinfo else None
    except (ValueError, OverflowError):
        return None


def _signed(path: Path, content: bytes, receipt: Receipt, anchors: Anchors | None) -> ReceiptCheck:
    """Judge the signature beside a receipt, its key at the time that the receipt states."""
    name = f"{path.name}.sig"
    if not path.with_name(name).exists():
        finding = make_finding("receipt-unsigned", BagPath(path.name))
        return ReceiptCheck(receipt, (finding,))
    try:
        signature = sshsig.parse(seal_folder.read_file(path.absolute().parent, name, _LARGEST_SIGNATURE))
        signature.check(content, NAMESPACE)
    except (FileRefused, BadSignature) as error:
        finding = make_finding("receipt-signature-bad", BagPath(name), note=str(error))
        return ReceiptCheck(receipt, (finding,))
    key, when = signature.public_key, _moment(receipt.received)
    entries = anchors.entries_for(key, NAMESPACE) if anchors else ()
    is_revoked = anchors is not None and anchors.revoked.holds(key)
    valid = [one.principals for one in entries if when and one.is_valid_at(when) and not is_revoked]
    if valid:
        return ReceiptCheck(receipt, (), key.fingerprint, tuple(dict.fromkeys(valid)), is_trusted=True)
    if anchors is None:
        why = "no --trust"
    else:
        why = "revoked" if is_revoked else f"not trusted for {NAMESPACE} at the time that the receipt states"
    finding = make_finding("receipt-signer-unknown", BagPath(name), note=f"key {key.fingerprint}: {why}")
    return ReceiptCheck(receipt, (finding,), key.fingerprint)


def _against_seal(name: str, receipt: Receipt, folder: Path, facts: SealedFacts) -> Iterator[Finding]:
    """The seal that came along is the one here, and the log that came along is the beginning of the one here."""
    try:
        sealed = hashlib.sha256(seal_folder.read_file(folder, seal_folder.SEAL)).hexdigest()
    except FileRefused:
        sealed = None
    if receipt.seal_sha256 is not None and receipt.seal_sha256 != sealed:
        found = {"expected": sealed or "no seal", "found": receipt.seal_sha256}
        yield make_finding("receipt-mismatch", BagPath(name), note=seal_folder.SEAL, **found)
    try:
        log = read_log(folder, facts.events_head)
    except CustodyBroken:
        return  # reported by whoever verifies the bag
    if receipt.custody_head is not None and receipt.custody_head not in log.heads:
        yield make_finding("receipt-custody", BagPath(name))
    yield from _before_it_was_sent(name, receipt, log)


def _before_it_was_sent(name: str, receipt: Receipt, log: CustodyLog) -> Iterator[Finding]:
    """A bag is not received before the event that its receiver's log goes on from."""
    received = _moment(receipt.received)
    events = dict(zip(log.heads, log.events, strict=True))
    last = events.get(receipt.custody_head or "")
    sent = _moment(last.time) if last else None
    if received is not None and sent is not None and received < sent - _CLOCKS_APART:
        found = {"expected": f"after {last.time}" if last else None, "found": receipt.received}
        yield make_finding("receipt-time", BagPath(name), note="earlier than the bag was sent", **found)


def _by_the_sender(
    name: str, check: ReceiptCheck, folder: Path, facts: SealedFacts, anchors: Anchors | None
) -> Iterator[Finding]:
    """A receipt that the sender signed is nobody's word but the sender's own."""
    for sender in _sealers(folder, facts, anchors):
        names = {name for listed in check.names for name in listed.split(",")}
        if sender.key.fingerprint == check.key or sender.names & names:
            note = f"{check.signer} signed the seal of this bag as well"
            yield make_finding("receipt-by-sender", BagPath(f"{name}.sig"), note=note)
            return


def _sealers(folder: Path, facts: SealedFacts, anchors: Anchors | None) -> Iterator[_Signer]:
    """Whoever signed the seal."""
    from archive_manifests import seal as statements

    listing = seal_folder.list_folder(folder)
    content = statements.document(facts)
    for name in first_signatures(listing, anchors) if listing else ():
        try:
            key, _ = check_signature(folder, name, content)
        except (BadSignature, FileRefused):
            continue
        entries = anchors.entries_for(key, statements.NAMESPACE) if anchors else ()
        yield _Signer(key, frozenset(name for one in entries for name in one.principals.split(",")))
