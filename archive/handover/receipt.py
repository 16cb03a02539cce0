"""Receipts: made by whoever received a bag, checked by whoever sent it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from archive.bag.open import open_bag
from archive.errors import StatementError
from archive.seal.facts import NotSealable, read_facts
from archive.ssh import signature as sshsig
from archive.ssh.signature import BadSignature, Signer
from archive.trust import custody_log, seal_folder
from archive.trust.anchors import Anchors, load_anchors
from archive.trust.custody_log import CustodyBroken, read_log
from archive.trust.locking import locked
from archive.trust.seal_folder import FileRefused
from archive.verify.run import Verification
from archive.version import AGENT
from archive_manifests import receipt as receipts
from archive_manifests.custody import Event
from archive_manifests.finding_codes import make_finding
from archive_manifests.findings import Answer, Finding, Severity, State
from archive_manifests.moments import iso
from archive_manifests.paths import BagPath
from archive_manifests.receipt import NAMESPACE, Answered, Package, Receipt
from archive_manifests.seal import SealedFacts


def record_check(found: Verification, folder: Path, now: datetime, by: str | None = None) -> Event:
    """Enter a verification in the log of the seal folder `folder`. The bag itself is not touched.

    Raises `CustodyBroken`: on a log that does not hang together nothing is written.
    """
    head = _head(found.bag, folder)
    told = {question: str(answer.state) for question, answer in found.answers.items()}
    told |= {"tagmanifest": str(found.tagmanifest)} if found.tagmanifest else {}
    outcome = "pass" if not found.errors else f"fail: {found.errors} errors"
    event = custody_log.event("fixity check", now, "the bag was verified", outcome, by=by, facts=told)
    with locked(folder):
        log = custody_log.read_log(folder, head).with_event(event, head)
        custody_log.write_log(folder, log)
    return log.events[-1]


def _head(bag: Path, folder: Path) -> str | None:
    """What the log's first line follows; of a bag whose own events cannot be relied on, what the log says itself."""
    try:
        with open_bag(bag) as opened:
            return read_facts(opened).events_head
    except NotSealable:
        return custody_log.first_prev(folder)


_LARGEST_SIGNATURE = 1 << 16


def make_receipt(
    name: str,
    facts: SealedFacts,
    packages: tuple[Package, ...],
    found: Verification,
    *,
    seal_sha256: str | None,
    custody_head: str | None,
    profile: str | None,
    now: datetime,
    by: str | None,
) -> Receipt:
    return Receipt(
        schema=receipts.SCHEMA,
        bag=name,
        bag_id=facts.bag_id,
        tag_manifests=facts.tag_manifests,
        files=found.payload_files,
        octets=found.payload_octets,
        events_head=facts.events_head,
        seal_sha256=seal_sha256,
        custody_head=custody_head,
        packages=packages,
        profile=profile,
        answers=_answered(found.answers),
        complete=found.is_complete,
        valid=found.is_valid,
        errors=found.errors,
        warnings=found.warnings,
        received=iso(now),
        by=by,
        software=AGENT,
    )


def _answered(answers: Mapping[str, Answer]) -> dict[str, Answered]:
    """The answers as they may travel: what the receiver calls a signer stays with the receiver."""
    told = {}
    for question, answer in answers.items():
        keys = tuple(str(one["key"]) for one in _signers(answer) if one.get("key") and one.get("state") != "bad")
        told[question] = Answered(str(answer.state), None if question == "who" else answer.why, keys)
    return told


def _signers(answer: Answer) -> list[dict[str, object]]:
    listed = answer.facts.get("signers")
    return listed if isinstance(listed, list) else []


def as_text(receipt: Receipt) -> str:
    """The receipt as one page for people."""
    lines = [
        f"RECEIPT FOR THE BAG {receipt.bag}",
        "",
        f"received      {receipt.received}",
        f"by            {receipt.by or 'not stated'}",
        f"bag           {receipt.bag_id or 'without an identifier'}",
        *(f"{one.file}\n              sha256 {one.sha256}" for one in receipt.tag_manifests),
        f"payload       {receipt.files:,} files, {receipt.octets:,} bytes",
        *(_package_lines(package) for package in receipt.packages),
        *([f"profile       {receipt.profile}"] if receipt.profile else []),
        "",
        f"The bag is {'complete' if receipt.complete else 'NOT complete'} and"
        f" {'valid' if receipt.valid else 'NOT valid'} (RFC 8493, section 3):"
        f" {receipt.errors} errors, {receipt.warnings} warnings.",
        "",
        *(_line(question, answer) for question, answer in receipt.answers.items()),
        "",
        "This says what was received and how it was checked; it does not say that the content is true.",
        f"Checked with {receipt.software}. The same in machine's form, and its signature if there is one: beside this.",
        "The sender checks it with: archive verify BAG --receipt FILE.receipt.json",
        "",
    ]
    return "\n".join(lines)


def _package_lines(package: Package) -> str:
    told = f"{package.name}, {package.octets:,} bytes{', encrypted' if package.encrypted else ''}"
    return f"package       {told}\n              sha256 {package.sha256}"


def _line(question: str, answer: Answered) -> str:
    more = ", ".join(f"key {key}" for key in answer.keys) or answer.why or ""
    return f"{question:<13} {answer.state}{f' ({more})' if more else ''}"


def receipt_files(receipt: Receipt, taken: set[str], signer: Signer | None) -> dict[str, bytes]:
    """The files of a receipt by name; `taken` are names that are given away already."""
    content = receipts.document(receipt)
    stem = _free_stem(receipt.bag, taken)
    files = {f"{stem}.json": content, f"{stem}.txt": as_text(receipt).encode()}
    if signer is not None:
        files[f"{stem}.json.sig"] = sshsig.sign(content, NAMESPACE, signer)
    return files


def _free_stem(name: str, taken: set[str]) -> str:
    stem, number = f"{name}.receipt", 1
    while f"{stem}.json" in taken:
        number += 1
        stem = f"{name}.receipt-{number}"
    return stem


@dataclass(frozen=True, slots=True)
class ReceiptCheck:
    """A receipt, held against the sender's own bag."""

    receipt: Receipt | None
    signer: str | None
    """Whose key signed it, by the sender's trust, else its fingerprint; None where nobody did."""
    findings: tuple[Finding, ...]

    @property
    def errors(self) -> int:
        return sum(finding.severity is Severity.ERROR for finding in self.findings)

    @property
    def told(self) -> dict[str, object] | None:
        """What the receipt says, ready for JSON; None where it cannot be read."""
        if self.receipt is None:
            return None
        return {
            "received": self.receipt.received,
            "by": self.receipt.by,
            "signer": self.signer,
            "packages": [{"name": one.name, "sha256": one.sha256} for one in self.receipt.packages],
            "answers": {question: answer.state for question, answer in self.receipt.answers.items()},
        }

    @property
    def sentence(self) -> str:
        if self.receipt is None:
            return "cannot be read"
        if self.errors:
            return "proves nothing for this bag"
        signed = f"signed with the key of {self.signer}" if self.signer else "signed by nobody"
        return f"this bag was received {self.receipt.received} by {self.receipt.by or 'somebody unnamed'}, {signed}"


def check_receipt_of(bag: Path, path: Path, folder: Path, trust: Path | None, now: datetime) -> ReceiptCheck:
    """Check a receipt against the bag at `bag`, whose seal lies in `folder`. Raises `NotSealable`, `UsageProblem`."""
    anchors = load_anchors(trust) if trust else None
    with open_bag(bag) as opened:
        facts = read_facts(opened)
    found = check_receipt(path, facts, anchors, now)
    return replace(found, findings=(*found.findings, *_custody(path.name, found.receipt, folder, facts)))


def _custody(name: str, receipt: Receipt | None, folder: Path, facts: SealedFacts) -> list[Finding]:
    """The log that went along must be the beginning of the one here: nothing was taken out of it since."""
    if receipt is None or receipt.custody_head is None:
        return []
    try:
        heads = read_log(folder, facts.events_head).heads
    except CustodyBroken:
        return []  # told by whoever verifies the bag
    return [] if receipt.custody_head in heads else [make_finding("receipt-custody", BagPath(name))]


def check_receipt(path: Path, facts: SealedFacts, anchors: Anchors | None, now: datetime) -> ReceiptCheck:
    """Check a receipt at the sender's: is it this bag's, whose signature is it. `facts` come from the bag itself."""
    try:
        content = seal_folder.read_file(path.absolute().parent, path.name)
        receipt = receipts.parse(content)
    except (FileRefused, StatementError) as error:
        return ReceiptCheck(None, None, (make_finding("receipt-unreadable", BagPath(path.name), note=str(error)),))
    signer, about = _signature(path, content, anchors, now)
    findings = (*_differences(path.name, receipt, facts), *_failures(path.name, receipt), *about)
    return ReceiptCheck(receipt, signer, findings)


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
        if said != own or what.startswith("tagmanifest")
    ]


def _failures(name: str, receipt: Receipt) -> list[Finding]:
    return [
        make_finding("receipt-answer", BagPath(name), found=f"{question} failed", note=answer.why)
        for question, answer in receipt.answers.items()
        if answer.state == State.FAILED
    ]


def _signature(path: Path, content: bytes, anchors: Anchors | None, now: datetime) -> tuple[str | None, list[Finding]]:
    name = f"{path.name}.sig"
    if not path.with_name(name).exists():
        return None, [make_finding("receipt-unsigned", BagPath(path.name))]
    try:
        signature = sshsig.parse(seal_folder.read_file(path.absolute().parent, name, _LARGEST_SIGNATURE))
        signature.check(content, NAMESPACE)
    except (FileRefused, BadSignature) as error:
        return None, [make_finding("receipt-signature-bad", BagPath(name), note=str(error))]
    key = signature.public_key
    entries = anchors.entries_for(key, NAMESPACE) if anchors else ()
    is_revoked = anchors is not None and anchors.revoked.holds(key)
    valid = [entry.principals for entry in entries if entry.is_valid_at(now) and not is_revoked]
    if valid:
        return f"{', '.join(dict.fromkeys(valid))} ({key.fingerprint})", []
    why = "no --trust" if anchors is None else "revoked" if is_revoked else f"not trusted for {NAMESPACE} now"
    note = f"key {key.fingerprint}: {why}"
    return key.fingerprint, [make_finding("receipt-signer-unknown", BagPath(name), note=note)]
