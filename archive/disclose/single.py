"""One record or one file of a bag alone, with the hashes that lead from its leaf to the sealed root."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path, PurePath

from msgspec import Struct

from archive.bag.open import open_bag
from archive.disclose.custody import enter_in_custody
from archive.disclose.named_part import named_part
from archive.disclose.original import NotDisclosable, Original, read_original
from archive.errors import StatementError, UsageProblem
from archive.trust import seal_folder
from archive.verify.run import verify
from archive_manifests import disclosure
from archive_manifests import seal as seals
from archive_manifests.audit_path import AuditPath, format_path, parse_path
from archive_manifests.disclosure_copy import is_reason
from archive_manifests.findings import Severity

PROOF = "proof.json"
README = """This folder holds one part of a bag, byte for byte: {name}. The rest of the bag is not here.

proof.json shows that it is a leaf of the hash tree whose root the bag's seal.json states, in the folder seal/:
  leaf = SHA-256(00 "archive-leaf/1" 00 salt kind 00 SHA-256(file))
  node = SHA-256(01 left right); the hashes in `path` stand beside the way up, lowest first; a bit of `index` that is 1,
  lowest first, says that the hash of `path` stands on the left.
Who sealed it, by your own list of keys; KEY is the name of a file in seal/:
  ssh-keygen -Y verify -f allowed_signers -I NAME -n archive-bag -s seal/KEY.sig < seal/seal.json
Since when, by the root certificate of the authority:
  openssl ts -verify -data seal/KEY.sig -in seal/KEY.01.tsr -CAfile ROOT.pem
Check it: archive disclose --check THIS-FOLDER
"""


class SingleOrder(Struct, frozen=True):
    """What is wanted."""

    bag: Path
    target: Path
    record: str | None = None
    """Id of a WARC record."""
    file: str | None = None
    """Path of a payload file (a print, a video, a supplied file), id of a source, or number of an exhibit."""
    exhibits: Path | None = None
    """The folder that gave the number."""
    because: str = "exhibit"
    by: str | None = None


class Single(Struct, frozen=True):
    """A folder with one part."""

    folder: Path
    file: str
    """Name of the part in the folder."""
    path: AuditPath


def disclose_one(order: SingleOrder, *, now: datetime) -> Single:
    """Write the folder. Raises `UsageProblem`, `NotDisclosable`, `BagUnreadable`, `OSError`."""
    if (order.record is None) == (order.file is None):
        raise UsageProblem("name one part: --record urn:uuid:… or --exhibit data/…")
    if not is_reason(order.because):
        raise UsageProblem(f"--because {order.because!r}: expected a code such as safety, consent, privacy or legal")
    if order.target.exists() or order.target.is_symlink():
        raise UsageProblem(f"{order.target}: something is there already; choose another name with -o")
    wrong = [each.code for each in verify(order.bag).findings if each.severity is Severity.ERROR]
    if wrong:
        raise NotDisclosable(f"{order.bag}: {wrong[0]}; see `archive verify`. Only a sound bag is disclosed in part")
    work = order.target.absolute().with_name(f".{order.target.name}.part")
    shutil.rmtree(work, ignore_errors=True)
    try:
        work.mkdir()
        with open_bag(order.bag) as bag:
            original = read_original(bag)
            name, path = _write(original, order, work)
            original.reader.close()
        _copy_seal(seal_folder.seal_folder(order.bag.absolute()), work / "seal")
        (work / PROOF).write_text(format_path(path), "utf-8")
        (work / "README.txt").write_text(README.format(name=name), "utf-8")
        work.rename(order.target)
    finally:
        shutil.rmtree(work, ignore_errors=True)
    enter_in_custody(order.bag, (path.ref,), order.because, order.by, {"root": path.root}, now)
    return Single(order.target, name, path)


def _write(original: Original, order: SingleOrder, work: Path) -> tuple[str, AuditPath]:
    kind, ref = named_part(original, order.file, order.exhibits) if order.file else ("record", order.record or "")
    if kind == "record":
        line = next((each for each in original.log if each.id == ref), None)
        if line is None:
            raise UsageProblem(f"--record {ref}: no such record in data/provenance/records.jsonl")
        name, pieces = "record.warc.gz", original.member(line)
    else:
        name, pieces = f"exhibit{PurePath(ref).suffix}", original.file(ref)
    digest = _written(work / name, pieces)
    return name, _path_of(original, kind, ref, digest)


def _written(place: Path, pieces: Iterator[bytes]) -> bytes:
    digest = hashlib.sha256()
    with place.open("wb") as file:
        for piece in pieces:
            digest.update(piece)
            file.write(piece)
    return digest.digest()


def _path_of(original: Original, kind: str, ref: str, sha256: bytes) -> AuditPath:
    salt = disclosure.salt_of(original.seed, kind, ref)
    leaf = disclosure.leaf_of(salt, kind, sha256)
    leaves = original.tree.levels[0]
    if leaf not in leaves:
        raise NotDisclosable(f"{ref}: its bytes are not those of the sealed bag; nothing was written")
    index = leaves.index(leaf)
    beside = tuple(each.hex() for each in original.tree.path(index))
    return AuditPath(
        "archive.audit-path/1",
        disclosure.SCHEME,
        kind,
        ref,
        salt.hex(),
        index,
        len(leaves),
        beside,
        original.tree.root.hex(),
    )


def _copy_seal(folder: Path, target: Path) -> None:
    """The seal and what speaks for it; no statement, custody log or receipt, which name other parts of the bag."""
    target.mkdir()
    if not folder.is_dir():
        return
    for place in sorted(folder.iterdir()):
        if place.is_file() and (place.name == seal_folder.SEAL or place.suffix in (".sig", ".tsq", ".tsr")):
            shutil.copyfile(place, target / place.name)


class CheckedSingle(Struct, frozen=True):
    """Whether one part is in the tree that its seal states."""

    path: AuditPath
    is_in_tree: bool
    """Its bytes lead to the root that proof.json states."""
    is_sealed: bool | None
    """seal.json states that root; None where there is no seal."""


def check_one(folder: Path) -> CheckedSingle:
    """Check a folder of `disclose_one`. Raises `UsageProblem`, `StatementError`, `OSError`."""
    place = folder / PROOF
    if not place.is_file():
        raise UsageProblem(f"{folder}: has no {PROOF}, so it is no part that `archive disclose --record` wrote")
    path = parse_path(place.read_bytes())
    parts = [each for each in folder.iterdir() if each.stem in ("record.warc", "exhibit") and each.is_file()]
    if len(parts) != 1:
        raise UsageProblem(f"{folder}: expected one file record.warc.gz or exhibit.*, found {len(parts)}")
    digest = hashlib.sha256()
    with parts[0].open("rb") as file:
        while piece := file.read(1 << 20):
            digest.update(piece)
    return CheckedSingle(path, path.leads_to_root(digest.digest()), _is_sealed(folder / "seal", path))


def _is_sealed(folder: Path, path: AuditPath) -> bool | None:
    place = folder / seal_folder.SEAL
    if not place.is_file():
        return None
    try:
        stated = seals.parse(place.read_bytes()).disclosure
    except StatementError:
        return False
    return stated == disclosure.Commitment(path.scheme, path.root, path.size)
