"""Receives a package: checks it, unpacks it aside, verifies it, writes a receipt, publishes all by one rename."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from archive.bag.eark import EarkPackage, find_eark
from archive.bag.interface import Bag, Broken, stem
from archive.bag.open import open_bag
from archive.bag.tagfiles import list_tag_files, read_tag_files
from archive.bag.wacz import WaczFile
from archive.errors import AlreadyThere, ArchiveError, BagUnsupported, UsageProblem
from archive.handover.delivery import Delivery, read_delivery
from archive.handover.package_check import PackageRefused, judge
from archive.handover.parts import UnpackedPart, is_part, join, require_part
from archive.handover.profile_match import describe, form_of, profile_findings
from archive.handover.receipt import make_receipt, receipt_files
from archive.handover.seal_bag import write_seal_files
from archive.handover.spool import MemberSpool
from archive.handover.store_transfer import fetched
from archive.handover.writing import made_for, put_in_place, require_space, stage, sync_tree, unpack
from archive.posix import sync_folder
from archive.progress import Progress
from archive.seal.evidence import gather
from archive.seal.facts import read_facts
from archive.seal.statement import as_html, make_statement
from archive.ssh.signature import Signer
from archive.trust import custody_log, seal_folder
from archive.trust.custody_log import CustodyBroken, CustodyLog
from archive.trust.custody_signatures import sign_log
from archive.trust.seal_folder import RECEIPTS, is_seal_file
from archive.verify.foreign.eark import check_eark
from archive.verify.result.verification import Verification
from archive.verify.run import verify
from archive_manifests import layout
from archive_manifests.bounded_findings import bounded
from archive_manifests.finding_codes import make_finding
from archive_manifests.findings import Finding, Severity
from archive_manifests.paths import BagPath
from archive_manifests.profiles import Profile
from archive_manifests.receipt import Package, Receipt
from archive_manifests.seal import SealedFacts

_OF_BAG = ("structure", "fixity", "warc", "coverage")
"""Questions of `verify` that no seal answers: what came as one was judged before."""
_SEAL_ADVICE = "the seal of a bag, and no bag; give the package of the bag: the seal beside it is taken along"
_WACZ_ADVICE = (
    "a WACZ, not a bag; `archive verify FILE` checks it, `archive import FILE --report REPORT` makes a bag of it and "
    "the report that cites it, `archive supply BAG SOURCE FILE --how TEXT` adds it to a bag"
)


class ReceiveOrder(Struct, frozen=True):
    """How a package is to be received."""

    into: Path
    trust: Path | None = None
    profile: Profile | None = None
    """What it is checked against, besides BagIt itself."""
    seal: Path | None = None
    """The seal, where it does not lie beside the package."""
    identities: tuple[Any, ...] = ()
    """Keys that open what was encrypted, as `archive.handover.encrypt` reads them."""
    signer: Signer | None = None
    """Who signs the receipt."""
    by: str | None = None
    """The receiver's pseudonym."""


class Received(Struct, frozen=True):
    """What became of a package."""

    package: Path
    bag: Path | None
    """Where the bag is now; None where it was refused, and nothing of it is anywhere."""
    findings: tuple[Finding, ...]
    verification: Verification | None = None
    receipt: Receipt | None = None
    receipt_files: tuple[Path, ...] = ()


def receive(
    paths: Path | Sequence[Path], order: ReceiveOrder, now: datetime, progress: Progress | None = None
) -> Received:
    """Receive one package, or a bag in parts. A refused one leaves nothing.

    Raises `BagUnreadable`, `AlreadyThere`, `NotEnoughSpace`, `UsageProblem`; then too nothing is left.
    """
    every = list(paths) if isinstance(paths, Sequence) else [paths]
    into = order.into.absolute()
    with made_for(into), stage(into) as folder, fetched(every, folder) as local:
        try:
            return replace(_receive(list(local), order, into, folder, now, progress), package=every[0].absolute())
        except PackageRefused as refused:
            return Received(every[0].absolute(), None, bounded(_all_of(refused, list(local), progress, now)))
        except Broken as broken:
            return Received(every[0].absolute(), None, (make_finding(broken.code, note=broken.note),))


def _all_of(
    refused: PackageRefused, local: list[Path], progress: Progress | None, now: datetime
) -> tuple[Finding, ...]:
    """Why a package is refused, with every error that `verify` finds in it where it is: nothing is unpacked.

    One that is broken or hostile as a package is not looked at further.
    """
    is_hostile = any(one.code.startswith("package-") for one in refused.findings)
    if refused.is_whole or is_hostile or len(local) != 1:
        return refused.findings
    try:
        found = verify(local[0], progress=progress, now=now)
    except ArchiveError:  # encrypted, or of another format
        return refused.findings
    known = {(one.code, one.path) for one in refused.findings}
    errors = (one for one in found.findings if one.severity is Severity.ERROR and one.question in _OF_BAG)
    return (*refused.findings, *(one for one in errors if (one.code, one.path) not in known))


def _receive(
    paths: list[Path], order: ReceiveOrder, into: Path, folder: Path, now: datetime, progress: Progress | None
) -> Received:
    deliveries = []
    for number, path in enumerate(paths):
        aside = folder / f"delivery-{number}"
        aside.mkdir()
        deliveries.append(read_delivery(path, order.seal, order.identities, aside))
    packages = [package for delivery in deliveries for package in delivery.packages]
    if len(packages) == 1:
        base, lacks = _unpacked(packages[0], order.profile, into, folder)
    else:
        base, lacks = _joined(packages, order, folder, progress), []
    _require_free(into, base.name)
    seal = folder / f"{base.name}.seal"
    # The seal is the whole bag's: of a part that stays alone it says nothing.
    is_part_alone = len(packages) == 1 and is_part(base)
    delivered_seal = next((one.seal for one in deliveries if one.seal and not is_part_alone), {})
    write_seal_files(seal, delivered_seal)
    found = verify(base, trust=order.trust, seal=seal, progress=progress, now=now)
    found = replace(found, findings=(*found.findings, *lacks))
    if any(finding.severity is Severity.ERROR for finding in found.findings):
        raise PackageRefused(found.findings, is_whole=True)
    receipt, files = _write_beside(deliveries, delivered_seal, found, seal, order, now)
    _place(folder, into, base.name)
    return Received(
        package=paths[0].absolute(),
        bag=into / base.name,
        findings=found.findings,
        verification=replace(found, bag=into / base.name),
        receipt=receipt,
        receipt_files=tuple(into / seal.name / RECEIPTS / one for one in files),
    )


def _unpacked(package: Path, profile: Profile | None, into: Path, folder: Path) -> tuple[Path, list[Finding]]:
    """Unpack one package once it was judged; with what it lacks of a profile."""
    with MemberSpool(folder) as spool, open_bag(package, spool) as bag:
        if isinstance(bag, WaczFile):
            raise BagUnsupported(f"{package}: {_WACZ_ADVICE}", why=_WACZ_ADVICE)
        if bag.name.lower().endswith(".seal") and _is_seal(bag):
            raise BagUnsupported(f"{package}: {_SEAL_ADVICE}", why=_SEAL_ADVICE)
        eark = find_eark(bag)
        if eark is not None:
            return _unpacked_eark(eark, package, into, folder, spool)
        require_space(folder, judge(bag) - spool.octets)
        _require_free(into, bag.name)
        # What is unpacked no longer shows what was odd about the package.
        odd = [] if package.is_dir() else list(bag.findings)
        lacks = odd + _profile_findings(bag, package, profile)
        if any(finding.severity is Severity.ERROR for finding in lacks):
            raise PackageRefused(lacks)
        base = folder / bag.name
        unpack(bag, base, spool)
    return base, lacks


def _is_seal(bag: Bag) -> bool:
    """True for the seal of a bag as `pack` packages it: its payload is a seal's files and nothing else."""
    payload = [entry.path.removeprefix(layout.PAYLOAD) for entry in bag.payload_entries()]
    return bool(payload) and all(map(is_seal_file, payload))


def _unpacked_eark(
    eark: EarkPackage, package: Path, into: Path, folder: Path, spool: MemberSpool
) -> tuple[Path, list[Finding]]:
    """Unpack the bag that an E-ARK package holds, once everything is what the METS files state."""
    check = check_eark(eark)
    if check.errors:
        raise PackageRefused(check.findings)
    if len(eark.bags) != 1:
        raise BagUnsupported(
            f"{package}: an E-ARK package with {len(eark.bags)} bags in it; `archive verify` compares it with its METS "
            "files; unpack it, and receive each bag alone"
        )
    with eark.open_bag(eark.bags[0]) as bag:
        require_space(folder, judge(bag) - spool.octets)
        _require_free(into, bag.name)
        base = folder / bag.name
        unpack(bag, base, spool)
    return base, check.findings


def _joined(packages: list[Path], order: ReceiveOrder, folder: Path, progress: Progress | None) -> Path:
    """Unpack and verify each part, and put them together."""
    if order.profile is not None:
        raise UsageProblem("--profile is for one package; a bag in parts is put together first")
    parts, aside = [], folder / "parts"
    for package in packages:
        with MemberSpool(folder) as spool, open_bag(package, spool) as bag:
            require_space(folder, judge(bag) - spool.octets)
            part = require_part(bag)
            if (aside / bag.name).exists():
                raise PackageRefused(
                    [make_finding("parts-differ", BagPath(bag.name), expected="each part once", found="twice")]
                )
            unpack(bag, aside / bag.name, spool)
        found = verify(aside / bag.name, seal=aside / "none", progress=progress)
        if any(finding.severity is Severity.ERROR for finding in found.findings):
            raise PackageRefused(found.findings, is_whole=True)
        parts.append(UnpackedPart(aside / bag.name, part))
    base = join(parts, folder)
    sync_tree(base)
    return base


def _profile_findings(bag: Bag, package: Path, profile: Profile | None) -> list[Finding]:
    if profile is None:
        return []
    tags = list_tag_files(bag)
    read_tag_files(tags, bag.reader())
    form, name = (None, None) if package.is_dir() else (form_of(package.name), stem(package.name))
    return profile_findings(profile, describe(bag, tags, profile, form=form, package=name))


def _require_free(into: Path, name: str) -> None:
    for place in (into / name, into / f"{name}.seal"):
        if place.exists() or place.is_symlink():
            raise AlreadyThere(f"{place}: there already; choose another --into, or move it away")


def _write_beside(
    deliveries: Sequence[Delivery],
    delivered_seal: Mapping[str, bytes],
    found: Verification,
    seal: Path,
    order: ReceiveOrder,
    now: datetime,
) -> tuple[Receipt, Sequence[str]]:
    """The receipt, the custody event that names it, and the page that says what the seal shows."""
    with open_bag(found.bag) as unpacked:
        facts, name = read_facts(unpacked), unpacked.name
    log = _log(seal, facts)
    sealed = delivered_seal.get(seal_folder.SEAL)
    receipt = make_receipt(
        name,
        facts,
        tuple(_package(delivery) for delivery in deliveries),
        found,
        seal_sha256=hashlib.sha256(sealed).hexdigest() if sealed else None,
        custody_head=log.head,
        profile=order.profile.id if order.profile else None,
        now=now,
        by=order.by,
    )
    taken = {one.rpartition("/")[2] for one in delivered_seal if one.startswith(f"{RECEIPTS}/")}
    files = receipt_files(receipt, taken, order.signer)
    write_seal_files(seal, {f"{RECEIPTS}/{one}": content for one, content in files.items()})
    named = {"receipt": hashlib.sha256(next(iter(files.values()))).hexdigest()}
    named |= {"package": ", ".join(one.sha256 for one in receipt.packages)}
    if sealed:
        with open_bag(found.bag) as unpacked:
            evidence = gather(unpacked, found)
        page = as_html(make_statement(name, facts, found.answers["who"], found.answers["when"], evidence)).encode()
        seal_folder.write_file(seal, seal_folder.STATEMENT, page)
        named[custody_log.STATEMENT_FACT] = hashlib.sha256(page).hexdigest()
    event = custody_log.event("transfer", now, "the bag was received", "received", by=order.by, facts=named)
    log = log.with_event(event, facts.log_root)
    custody_log.write_log(seal, log)
    if order.signer is not None:
        sign_log(seal, log, order.signer)
    return receipt, list(files)


def _package(delivery: Delivery) -> Package:
    received_file = delivery.received_as
    if received_file is None:
        return Package(delivery.packages[0].name, 0, "", encrypted=False)
    return Package(received_file.path.name, received_file.octets, received_file.sha256, delivery.encrypted)


def _log(seal: Path, facts: SealedFacts) -> CustodyLog:
    try:
        return custody_log.read_log(seal, facts.log_root)
    except CustodyBroken as error:
        raise PackageRefused(
            [make_finding("custody-broken", BagPath(f"{seal.name}/{custody_log.NAME}"), note=str(error))]
        ) from error


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
