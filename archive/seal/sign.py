"""Sealing: `seal.json` is written once, and a signature for every signer. Sealing again only adds."""

from __future__ import annotations

from pathlib import Path

from archive.errors import StatementError
from archive.ssh import signature as sshsig
from archive.ssh.signature import Signer
from archive.trust import seal_folder
from archive.trust.seal_folder import FileRefused, SealUnwritable
from archive_manifests import seal as statements
from archive_manifests.seal import NAMESPACE, SealedFacts


def write_seal(folder: Path, facts: SealedFacts) -> bytes:
    """Write `seal.json` of these facts, if it is not there, and return it. Raises `SealUnwritable` for another one."""
    content = statements.document(facts)
    try:
        folder.mkdir(exist_ok=True)
    except FileExistsError:
        raise SealUnwritable(f"{folder}: something that is no folder lies there") from None
    listing = seal_folder.list_folder(folder)
    if listing is None:
        raise SealUnwritable(f"{folder}: not a folder")
    seal_folder.sweep(folder)
    if not listing.has_seal:
        seal_folder.write_file(folder, seal_folder.SEAL, content)
    elif (found := _read_existing(folder)) != content:
        raise SealUnwritable(f"{folder / seal_folder.SEAL}: {_difference(found, facts)}; nothing was sealed")
    return content


def _read_existing(folder: Path) -> bytes:
    try:
        return seal_folder.read_file(folder, seal_folder.SEAL)
    except FileRefused as error:
        raise SealUnwritable(f"{folder / seal_folder.SEAL}: {error}") from error


def _difference(found: bytes, facts: SealedFacts) -> str:
    try:
        names = [name for name, _, _ in statements.differences(statements.parse(found), facts)]
    except StatementError as error:
        return f"there already, and damaged ({error})"
    return f"there already, and another bag's ({', '.join(names)})"


def add_signature(folder: Path, content: bytes, signer: Signer) -> str:
    """Sign `seal.json` and return the signature's file name. The same key signs to the same bytes."""
    name = seal_folder.signature_name(signer.public_key.safe_name)
    signature = sshsig.sign(content, NAMESPACE, signer)
    try:
        if seal_folder.read_file(folder, name) != signature:
            raise SealUnwritable(f"{folder / name}: there already, and not this key's signature; move it away")
    except FileRefused:
        if (folder / name).exists():
            raise
        seal_folder.write_file(folder, name, signature)
    return name
