"""Receives a package: judged, unpacked aside, verified, receipted, and then there by one rename, or not at all."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from archive.bag.open import Bag, Broken, open_bag, stem
from archive.errors import AlreadyThere
from archive.handover import custody_log
from archive.handover.custody_log import CustodyBroken, CustodyLog
from archive.handover.delivery import Delivery, take_in
from archive.handover.describe import describe, form_of, profile_findings
from archive.handover.judge import Refused, judge
from archive.handover.receipt import make_receipt, receipt_files
from archive.handover.seal_bag import RECEIPTS, write_seal_files
from archive.handover.unpack import sync_tree, unpack
from archive.handover.writing import put_in_place, require_space, stage
from archive.posix import sync_folder
from archive.progress import Progress
from archive.trust import folder as seal_folder
from archive.trust.facts import read_facts
from archive.trust.sshsig import Signer
from archive.trust.statement import as_html, make_statement
from archive.verify.catalogue import tell
from archive.verify.findings import Finding, Severity
from archive.verify.run import Verification, verify
from archive.verify.tagfiles import list_tag_files, read_tag_files
from archive_manifests.paths import BagPath
from archive_manifests.profiles import Profile
from archive_manifests.receipt import Package, Receipt
from archive_manifests.seal import SealedFacts


@dataclass(frozen=True, slots=True)
class ReceiveOrder:
    """How a package is to be received."""

    into: Path
    trust: Path | None = None
    profile: Profile | None = None
    """What it is held against, beside BagIt itself."""
    seal: Path | None = None
    """The seal, where it does not lie beside the package."""
    identities: tuple[Any, ...] = ()
    """Keys that open what was encrypted, as `archive.handover.encrypt` reads them."""
    signer: Signer | None = None
    """Who signs the receipt."""
    by: str | None = None
    """The receiver's pseudonym."""


@dataclass(frozen=True, slots=True)
class Received:
    """What became of a package."""

    package: Path
    bag: Path | None
    """Where the bag lies now; None where it was refused, and nothing of it lies anywhere."""
    findings: tuple[Finding, ...]
    verification: Verification | None = None
    receipt: Receipt | None = None
    receipt_files: tuple[Path, ...] = ()


def receive(path: Path, order: ReceiveOrder, now: datetime, progress: Progress | None = None) -> Received:
    """Receive one package. A refused one leaves nothing. Raises `BagUnreadable`, `AlreadyThere`, `NotEnoughSpace`."""
    into = order.into.absolute()
    into.mkdir(parents=True, exist_ok=True)
    with stage(into) as folder:
        try:
            return _receive(path, order, into, folder, now, progress)
        except Refused as refused:
            return Received(path.absolute(), None, refused.findings)
        except Broken as broken:
            return Received(path.absolute(), None, (tell(broken.code, note=broken.note),))


def _receive(
    path: Path, order: ReceiveOrder, into: Path, folder: Path, now: datetime, progress: Progress | None
) -> Received:
    delivery = take_in(path, order.seal, order.identities, folder)
    with open_bag(delivery.package) as bag:
        require_space(folder, judge(bag))
        name = bag.name
        lacks = _profile_findings(bag, delivery, order.profile)
        _require_free(into, name)
        base, seal = folder / name, folder / f"{name}.seal"
        unpack(bag, base)
    write_seal_files(seal, delivery.seal)
    found = verify(base, trust=order.trust, seal=seal, progress=progress, now=now)
    found = replace(found, findings=(*found.findings, *lacks))
    errors = [finding for finding in found.findings if finding.severity is Severity.ERROR]
    if errors:
        raise Refused(found.findings)
    with open_bag(base) as unpacked:
        facts = read_facts(unpacked)
    receipt, files = _write_beside(delivery, name, facts, found, seal, order, now)
    _place(folder, into, name)
    return Received(
        package=path.absolute(),
        bag=into / name,
        findings=found.findings,
        verification=replace(found, bag=into / name),
        receipt=receipt,
        receipt_files=tuple(into / seal.name / RECEIPTS / one for one in files),
    )


def _profile_findings(bag: Bag, delivery: Delivery, profile: Profile | None) -> list[Finding]:
    if profile is None:
        return []
    tags = list_tag_files(bag)
    read_tag_files(tags, bag.reader())
    form = None if delivery.written is None else form_of(delivery.package.name)
    package = None if delivery.written is None else stem(delivery.package.name)
    return profile_findings(profile, describe(bag, tags, profile, form=form, package=package))


def _require_free(into: Path, name: str) -> None:
    for place in (into / name, into / f"{name}.seal"):
        if place.exists() or place.is_symlink():
            raise AlreadyThere(f"{place}: there already; choose another --into, or move it away")


def _write_beside(
    delivery: Delivery,
    name: str,
    facts: SealedFacts,
    found: Verification,
    seal: Path,
    order: ReceiveOrder,
    now: datetime,
) -> tuple[Receipt, Sequence[str]]:
    """The receipt, the custody event that names it, and the page that says what the seal shows."""
    log = _log(seal, facts)
    came = delivery.came_as
    package = Package(
        came.path.name if came else delivery.package.name,
        came.octets if came else 0,
        came.sha256 if came else "",
        delivery.encrypted,
    )
    sealed = delivery.seal.get(seal_folder.SEAL)
    receipt = make_receipt(
        name,
        facts,
        package,
        found,
        seal_sha256=hashlib.sha256(sealed).hexdigest() if sealed else None,
        custody_head=log.head,
        profile=order.profile.id if order.profile else None,
        now=now,
        by=order.by,
    )
    taken = {one.rpartition("/")[2] for one in delivery.seal if one.startswith(f"{RECEIPTS}/")}
    files = receipt_files(receipt, taken, order.signer)
    write_seal_files(seal, {f"{RECEIPTS}/{one}": content for one, content in files.items()})
    told = {"receipt": hashlib.sha256(next(iter(files.values()))).hexdigest(), "package": package.sha256}
    event = custody_log.event("transfer", now, "the bag was received", "received", by=order.by, facts=told)
    custody_log.write_log(seal, log.with_event(event, facts.events_head))
    if sealed:
        statement = make_statement(name, facts, found.answers["who"], found.answers["when"])
        seal_folder.write_file(seal, seal_folder.STATEMENT, as_html(statement).encode())
    return receipt, list(files)


def _log(seal: Path, facts: SealedFacts) -> CustodyLog:
    try:
        return custody_log.read_log(seal, facts.events_head)
    except CustodyBroken as error:
        raise Refused([tell("custody-broken", BagPath(f"{seal.name}/{custody_log.NAME}"), note=str(error))]) from error


def _place(folder: Path, into: Path, name: str) -> None:
    """Everything is written and synced: the seal first, the bag by the one rename that counts."""
    sync_tree(folder / f"{name}.seal")
    sync_folder(folder)
    _require_free(into, name)
    placed = into / f"{name}.seal"
    put_in_place(folder / f"{name}.seal", placed)
    try:
        put_in_place(folder / name, into / name)
    except OSError:
        placed.rename(folder / f"{name}.seal")  # goes with the rest of the stage
        raise
