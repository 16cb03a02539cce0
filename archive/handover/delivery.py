"""A delivery: a package, and the seal, checksum and list beside it or, encrypted, in one file with it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from msgspec import Struct

from archive import posix
from archive.bag.interface import Broken, stem
from archive.bag.open import open_bag
from archive.bag.tar import TarBag
from archive.errors import BagUnreadable, StatementError, UsageProblem
from archive.handover import encrypt
from archive.handover.package_check import PackageRefused, is_plain_name
from archive.handover.parts import whole_name
from archive.handover.seal_bag import SealRefused, read_seal_files
from archive.handover.transfer import CHECKSUM_LIMIT, TransferFile, parse_checksum, parse_transfer_list
from archive.handover.writing import Written, measured, require_space, write_entry
from archive.trust.seal_folder import LARGEST, is_seal_file
from archive_manifests import layout
from archive_manifests.finding_codes import make_finding
from archive_manifests.findings import Finding, Severity
from archive_manifests.paths import BagPath

WRAPPING = "transfer"
"""The one folder in an encrypted file: a name that says nothing."""

SEAL_MEMBERS = 4096
_LIST_LIMIT = 16 << 20


class Delivery(Struct, frozen=True):
    """What arrived as one file, not looked into yet."""

    packages: tuple[Path, ...]
    """One; the parts of a bag where these came encrypted together."""
    received_as: Written | None
    """The file as it arrived: the encrypted one where it was encrypted. None for a folder."""
    encrypted: bool
    seal: dict[str, bytes]
    """Files of the seal that was received with it, by their path in the seal folder."""


def read_delivery(path: Path, seal: Path | None, identities: Sequence[Any], folder: Path) -> Delivery:
    """Find what belongs to a package that arrived at `path`; what was encrypted is decrypted into `folder`.

    Raises `Refused` where what is beside it speaks of something else, `UsageProblem` where an identity is missing.
    """
    if not path.exists():
        raise BagUnreadable(f"{path}: no such file")
    if not encrypt.is_encrypted(path):
        written = None if path.is_dir() else measured(path)
        _compare_with_files_beside(path, written)
        return Delivery((path,), written, encrypted=False, seal=_seal_beside(path, seal))
    if not identities:
        raise UsageProblem(f"{path}: encrypted; give --identity a key file that opens it")
    received_as = measured(path)
    _compare_with_files_beside(path, received_as)
    require_space(folder, 2 * received_as.octets)
    plain = folder / "decrypted"
    encrypt.decrypt_file(path, plain, identities)
    packages = _unwrapped(plain, folder / WRAPPING) or (plain,)
    for package in packages:
        _compare_with_files_beside(package, measured(package))
    return Delivery(packages, received_as, encrypted=True, seal=_seal_beside(packages[0], seal))


def _compare_with_files_beside(path: Path, written: Written | None) -> None:
    """The checksum and the list beside a package, where they are there, must speak of this very file."""
    if written is None:
        return
    stated: list[tuple[str, str]] = []
    checksum = path.with_name(f"{path.name}.sha256")
    if checksum.is_file():
        digest = parse_checksum(_small(checksum, CHECKSUM_LIMIT), path.name)
        stated += [(checksum.name, digest)] if digest else []
    stated += [(name, one.sha256) for name, one in _listed(path) if one.name == path.name]
    wrong = [(name, digest) for name, digest in stated if digest != written.sha256]
    if wrong:
        found = f"sha256:{written.sha256}"
        place = BagPath(path.name)
        findings = (
            make_finding("package-differs", place, expected=f"sha256:{one}", found=found, note=name)
            for name, one in wrong
        )
        raise PackageRefused(findings)


def _listed(path: Path) -> list[tuple[str, TransferFile]]:
    place = path.with_name(f"{whole_name(stem(path.name))}.transfer.json")
    if not place.is_file():
        return []
    try:
        return [(place.name, one) for one in parse_transfer_list(_small(place, _LIST_LIMIT)).files]
    except StatementError as error:
        raise PackageRefused([make_finding("package-differs", BagPath(place.name), note=str(error))]) from error


def _small(path: Path, limit: int) -> bytes:
    with posix.open_file(path) as file:
        return file.read(limit)


def _seal_beside(package: Path, given: Path | None) -> dict[str, bytes]:
    """The seal: a folder, or the tar of one, that was named or is beside the package."""
    own, whole = (package.with_name(f"{name}.seal") for name in (stem(package.name), whole_name(stem(package.name))))
    is_own = own.is_dir() or own.with_name(f"{own.name}.tar").is_file()
    place = given or (own if is_own else whole)
    try:
        if place.is_dir():
            return read_seal_files(place)
        tar = place if given else place.with_name(f"{place.name}.tar")
        if given and not tar.is_file():
            raise UsageProblem(f"{given}: no such seal")
        return _seal_in_bag(tar) if tar.is_file() else {}
    except SealRefused as error:
        raise PackageRefused([make_finding("seal-refused", BagPath(place.name), note=str(error))]) from error


def _seal_in_bag(place: Path) -> dict[str, bytes]:
    """A seal that travelled as a small bag of its own: only what belongs into a seal is read."""
    try:
        with open_bag(place) as bag:
            wrong = [finding for finding in bag.findings if finding.severity is Severity.ERROR]
            if wrong:
                raise PackageRefused([_of_seal(place, wrong[0])])
            inside = [(entry.path.removeprefix(layout.PAYLOAD), entry) for entry in bag.payload_entries()]
            seal_entries = [(name, entry) for name, entry in inside if is_seal_file(name)]
            if len(seal_entries) > SEAL_MEMBERS or any(entry.size > LARGEST for _, entry in seal_entries):
                raise PackageRefused(
                    [make_finding("seal-refused", BagPath(place.name), note="more, or larger, than any seal")]
                )
            reader = bag.reader()
            return {name: b"".join(reader.chunks(entry)) for name, entry in seal_entries}
    except (Broken, BagUnreadable) as error:
        raise PackageRefused([make_finding("seal-refused", BagPath(place.name), note=str(error))]) from error


def _of_seal(place: Path, finding: Finding) -> Finding:
    description = " ".join(part for part in (finding.code, str(finding.path or ""), finding.note or "") if part)
    return make_finding("seal-refused", BagPath(place.name), note=description)


def _unwrapped(plain: Path, folder: Path) -> tuple[Path, ...]:
    """Write out what an encrypted file wraps, and say which of it are packages; none where it is a bag itself."""
    with open_bag(plain) as wrapping:
        entries = {entry.path: entry for entry in wrapping.tag_entries()}
        if wrapping.name != WRAPPING or layout.DECLARATION in entries or not isinstance(wrapping, TarBag):
            return ()
        wrong = [finding for finding in wrapping.findings if finding.severity is Severity.ERROR]
        strange = [name for name in entries if not _is_wrapped_name(name)]
        if wrong or strange or len({name.lower() for name in entries}) < len(entries) or len(entries) > SEAL_MEMBERS:
            note = wrong[0].code if wrong else ascii(strange[:3]) if strange else "names that some take for one"
            raise PackageRefused([make_finding("package-broken", note=f"not what is wrapped for a transfer: {note}")])
        reader = wrapping.reader()
        for name, entry in entries.items():
            write_entry(folder, name, entry.size, reader.chunks(entry))
    packages = sorted(name for name in entries if _is_package(name))
    if len({whole_name(stem(name)) for name in packages}) != 1:
        raise PackageRefused(
            [make_finding("package-broken", note=f"{len(packages)} packages that are not the parts of one bag")]
        )
    plain.unlink()
    return tuple(folder / name for name in packages)


def _is_wrapped_name(name: str) -> bool:
    parts = name.split("/")
    if len(parts) == 1:
        return is_plain_name(name)
    return is_plain_name(parts[0]) and parts[0].endswith(".seal") and is_seal_file("/".join(parts[1:]))


def _is_package(name: str) -> bool:
    return "/" not in name and stem(name) != name and not stem(name).endswith(".seal")
