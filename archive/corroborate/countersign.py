"""A corroboration as a folder: written once, then countersigned by every observer who comes to the same result."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from archive.bag.open import bag_around
from archive.corroborate.agreement import disagreement
from archive.corroborate.check_pages import check_pages
from archive.corroborate.page import SOURCES, render_corroboration, render_source_pages
from archive.errors import AlreadyThere, StatementError, UsageProblem
from archive.posix import sync_folder
from archive.seal.stamping import Attempt, Target, stamp
from archive.ssh import signature as sshsig
from archive.ssh.signature import Signer
from archive.trust import seal_folder
from archive.trust.anchors import Anchors
from archive.trust.seal_folder import FileRefused
from archive_manifests.corroboration import FILE, NAMESPACE, PAGE, Corroboration, from_json, to_json
from archive_manifests.findings import Severity

if TYPE_CHECKING:
    from datetime import datetime

    from archive.net import HttpClient

LARGEST = 256 << 20


@dataclass(frozen=True, slots=True)
class CountersignedFiles:
    """What lies in the folder now."""

    folder: Path
    document: Corroboration
    is_new: bool
    """False where the same result was there already."""
    signed: tuple[str, ...] = ()
    """Fingerprints of the keys that signed now."""
    attempts: tuple[Attempt, ...] = ()


def write_corroboration(document: Corroboration, folder: Path, language: str) -> CountersignedFiles:
    """Write document and page into a new folder; where one is, it and its page have to state the same.

    Raises `AlreadyThere` where another result, or something else, is there, and inside a bag.
    """
    check_place(folder)
    if (folder / FILE).is_file():
        there = read_folder(folder)
        if found := disagreement(there, document):
            raise AlreadyThere(
                f"{folder / FILE}: states something else ({found}); choose another -o, and compare the two"
            )
        _check_its_pages(folder, there)
        return CountersignedFiles(folder, there, is_new=False)
    folder.parent.mkdir(parents=True, exist_ok=True)
    place = folder.absolute()
    partial = place.with_name(f".{place.name}.part")
    shutil.rmtree(partial, ignore_errors=True)  # of a process that was killed
    try:
        _write_files(document, partial, language)
        _put_in_place(partial, folder)
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    sync_folder(folder.parent)
    return CountersignedFiles(folder, document, is_new=True)


def _check_its_pages(folder: Path, document: Corroboration) -> None:
    """Raise `AlreadyThere` for a page that the document does not give: whoever signs hands it on with the document."""
    wrong = [one.path for one in check_pages(folder, document) if one.severity is Severity.ERROR and one.path]
    if wrong:
        name = wrong[0].text.rpartition("/")[2]
        raise AlreadyThere(
            f"{folder / name}: not the page that {FILE} gives; choose another -o, and do not rely on this page"
        )


def check_place(folder: Path) -> None:
    """Raise `AlreadyThere` for a place where no corroboration can be written: a bag never changes.

    Raises `PermissionError` where nothing may be written beside it.
    """
    bag = bag_around(folder)
    if bag is not None:
        why = "which would no longer be what its manifests state"
        raise AlreadyThere(f"{folder}: inside the bag {bag}, {why}; choose another -o")
    if folder.exists() and (not folder.is_dir() or (any(folder.iterdir()) and not (folder / FILE).is_file())):
        raise AlreadyThere(f"{folder}: something else is there already; choose another -o")
    beside = next(one for one in folder.absolute().parents if one.exists())
    if not (folder / FILE).is_file() and not os.access(beside, os.W_OK | os.X_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(beside))


def _put_in_place(partial: Path, folder: Path) -> None:
    """Give a whole folder its name, or, where an empty one is there, put its files into that: the document last."""
    if not folder.exists():
        partial.rename(folder)
        return
    for made in sorted(partial.iterdir(), key=lambda one: one.name == FILE):
        made.rename(folder / made.name)


def _write_files(document: Corroboration, folder: Path, language: str) -> None:
    folder.mkdir()
    seal_folder.write_file(folder, PAGE, render_corroboration(document, language).encode())
    for name, text in render_source_pages(document, language):
        (folder / SOURCES).mkdir(exist_ok=True)
        seal_folder.write_file(folder / SOURCES, name, text.encode())
    seal_folder.write_file(folder, FILE, to_json(document).encode())


def read_folder(folder: Path) -> Corroboration:
    """The document in a folder. Raises `StatementError`."""
    return from_json(read_document(folder))


def read_document(folder: Path) -> bytes:
    """Its bytes. Raises `StatementError`."""
    try:
        return seal_folder.read_file(folder, FILE, LARGEST)
    except FileRefused as error:
        raise StatementError(f"{folder / FILE}: {error}") from error


def countersign(
    written: CountersignedFiles,
    signers: Sequence[Signer],
    urls: Sequence[str],
    wire: HttpClient | None,
    anchors: Anchors | None,
    now: datetime,
) -> CountersignedFiles:
    """Sign the document with each key and have each signature timestamped. Signing again adds nothing.

    Raises `UsageProblem` for timestamps without a key.
    """
    if urls and not signers:
        raise UsageProblem("--tsa stamps a signature, so it needs --key")
    content = read_document(written.folder)
    targets = [_signed(written.folder, content, signer) for signer in signers]
    attempts = stamp(written.folder, targets, urls, wire, now, anchors) if urls and wire is not None else []
    fingerprints = tuple(signer.public_key.fingerprint for signer in signers)
    return replace(written, signed=fingerprints, attempts=tuple(attempts))


def _signed(folder: Path, content: bytes, signer: Signer) -> Target:
    name = seal_folder.signature_name(signer.public_key.safe_name)
    signature = sshsig.sign(content, NAMESPACE, signer)
    if not (folder / name).exists():
        seal_folder.write_file(folder, name, signature)
    elif seal_folder.read_file(folder, name) != signature:
        raise AlreadyThere(f"{folder / name}: there already, and not this key's signature; move it away")
    return Target(name, signature)
