"""Receipts as the receiver of a bag makes them. How the sender checks one is in `receipt_check`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from archive.bag.open import open_bag
from archive.seal.facts import NotSealable, read_facts
from archive.ssh import signature as sshsig
from archive.ssh.signature import Signer
from archive.trust import custody_log
from archive.trust.locking import locked
from archive.verify.result.verification import Verification
from archive.version import AGENT
from archive_manifests import receipt as receipts
from archive_manifests.custody import Event
from archive_manifests.findings import Answer
from archive_manifests.moments import iso
from archive_manifests.plain_text import one_line
from archive_manifests.receipt import NAMESPACE, Answered, Package, Receipt
from archive_manifests.seal import SealedFacts

_NOT_PLAIN = re.compile(r"[^A-Za-z0-9._-]+")


def record_check(found: Verification, folder: Path, now: datetime, by: str | None = None) -> Event:
    """Enter a verification in the log of the seal folder `folder`. The bag itself is not touched.

    Raises `CustodyBroken`: on a log that does not hang together nothing is written.
    """
    head = _head(found.bag, folder)
    facts = {question: str(answer.state) for question, answer in found.answers.items()}
    facts |= {"tagmanifest": str(found.tagmanifest)} if found.tagmanifest else {}
    outcome = "pass" if not found.errors else f"fail: {found.errors} errors"
    event = custody_log.event("fixity check", now, "the bag was verified", outcome, by=by, facts=facts)
    with locked(folder):
        log = custody_log.read_log(folder, head).with_event(event, head)
        custody_log.write_log(folder, log)
    return log.events[-1]


def _head(bag: Path, folder: Path) -> str | None:
    """What the log's first line follows; of a bag whose own events cannot be relied on, what the log says itself."""
    try:
        with open_bag(bag) as opened:
            return read_facts(opened).log_root
    except NotSealable:
        return custody_log.first_prev(folder)


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
    answered = {}
    for question, answer in answers.items():
        keys = tuple(str(one["key"]) for one in _signers(answer) if one.get("key") and one.get("state") != "bad")
        answered[question] = Answered(str(answer.state), None if question == "who" else answer.why, keys)
    return answered


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
        *(line for one in receipt.tag_manifests for line in (one.file, f"              sha256 {one.sha256}")),
        f"payload       {receipt.files:,} files, {receipt.octets:,} bytes",
        *(line for package in receipt.packages for line in _package_lines(package)),
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
    return "\n".join(map(one_line, lines))


def _package_lines(package: Package) -> tuple[str, str]:
    text = f"{package.name}, {package.octets:,} bytes{', encrypted' if package.encrypted else ''}"
    return f"package       {text}", f"              sha256 {package.sha256}"


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
    plain = _NOT_PLAIN.sub("_", name)  # what a seal folder may hold is named in ASCII
    stem, number = f"{plain}.receipt", 1
    while f"{stem}.json" in taken:
        number += 1
        stem = f"{plain}.receipt-{number}"
    return stem
