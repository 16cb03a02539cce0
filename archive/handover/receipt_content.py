"""What a receipt states of the bag, its payload, its packages and its seal, compared with what the sender has."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

from archive.handover.receipt import as_text
from archive.handover.sent_bag import SentBag
from archive.trust import seal_folder
from archive.trust.seal_folder import FileRefused
from archive_manifests.finding_codes import make_finding
from archive_manifests.findings import Finding, State
from archive_manifests.paths import BagPath
from archive_manifests.receipt import Package, Receipt


def compare_page(path: Path, receipt: Receipt) -> Iterator[Finding]:
    """The page for people beside a receipt says what the receipt says: nobody signs the page."""
    page = path.with_suffix(".txt")
    try:
        found = seal_folder.read_file(page.absolute().parent, page.name)
    except FileRefused:
        return
    if found != as_text(receipt).encode():
        yield make_finding("receipt-text-differs", BagPath(page.name))


def compare_content(name: str, receipt: Receipt, sent: SentBag) -> Iterator[Finding]:
    """Yield everything in which a receipt differs from the bag that was sent, or that its receiver found wrong."""
    yield from _differences(name, receipt, sent)
    yield from _failures(name, receipt)
    yield from _packages(name, receipt, sent)
    yield from _against_seal(name, receipt, sent)


def _differences(name: str, receipt: Receipt, sent: SentBag) -> Iterator[Finding]:
    facts = sent.facts
    pairs: list[tuple[str, object, object]] = [
        ("bag_id", receipt.bag_id, facts.bag_id),
        ("events_head", receipt.events_head, facts.events_head),
        ("files", receipt.files, sent.files),
        ("octets", receipt.octets, sent.octets),
    ]
    stated = {one.file: one for one in receipt.tag_manifests}
    ours = {one.file: one for one in facts.tag_manifests}
    for file in sorted({*stated, *ours}):
        said, own = stated.get(file), ours.get(file)
        if said != own:
            pairs.append((file, said and f"{said.sha256} {said.sha512}", own and f"{own.sha256} {own.sha512}"))
    for what, said_of_it, own_of_it in pairs:
        if said_of_it != own_of_it:
            found = {"expected": str(own_of_it), "found": str(said_of_it)}
            yield make_finding("receipt-mismatch", BagPath(name), note=what, **found)


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


def _packages(name: str, receipt: Receipt, sent: SentBag) -> Iterator[Finding]:
    """The received files are files that were packed, as the custody log states them, or that are here."""
    if not receipt.packages:
        note = "it names no package, so it does not say what came in"
        yield make_finding("receipt-mismatch", BagPath(name), expected="a package", found="none", note=note)
    digests = frozenset(digest for listed in sent.packed.values() for digest in listed)
    for package in receipt.packages:
        if package.sha256 and package.sha256 not in digests:  # a folder that was handed over has no digest
            yield from _unknown_package(name, package, sent)


def _unknown_package(name: str, package: Package, sent: SentBag) -> Iterator[Finding]:
    stated = sorted(sent.packed.get(package.name, ()))
    here = stated[-1] if stated else sent.digest_of(package.name)
    if here is None:
        note = f"{package.name}: neither in the custody log here nor beside the bag, so its digest was not compared"
        yield make_finding("receipt-package-unknown", BagPath(name), found=f"sha256:{package.sha256}", note=note)
    elif here != package.sha256:
        facts = {"expected": f"sha256:{here}", "found": f"sha256:{package.sha256}", "note": package.name}
        yield make_finding("receipt-mismatch", BagPath(name), **facts)


def _against_seal(name: str, receipt: Receipt, sent: SentBag) -> Iterator[Finding]:
    """The received seal is the one here, and the received log is the beginning of the log here."""
    try:
        sealed = hashlib.sha256(seal_folder.read_file(sent.folder, seal_folder.SEAL)).hexdigest()
    except FileRefused:
        sealed = None
    if receipt.seal_sha256 is not None and receipt.seal_sha256 != sealed:
        found = {"expected": sealed or "no seal", "found": receipt.seal_sha256}
        yield make_finding("receipt-mismatch", BagPath(name), note=seal_folder.SEAL, **found)
    if sent.log is not None and receipt.custody_head is not None and receipt.custody_head not in sent.log.heads:
        yield make_finding("receipt-custody", BagPath(name))
