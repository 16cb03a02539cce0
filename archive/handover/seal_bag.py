"""The seal as a small bag in a tar, for partners who take one file at a time and drop what is beside it."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from archive.bag.contents import Contents, identifier_of, in_order, new_bag, text_member
from archive.errors import ArchiveError
from archive.trust import seal_folder
from archive.trust.seal_folder import RECEIPT_NAME, RECEIPTS, FileRefused, is_seal_file
from archive.version import AGENT
from archive_manifests.fixity import BAG_ALGORITHMS
from archive_manifests.seal import SealedFacts
from archive_manifests.tags import Oxum

TOTAL_LIMIT = 64 << 20
"""Bytes of one seal, all files together: a renewal a year for a century is a hundredth of it."""


class SealRefused(ArchiveError):
    """A seal folder holds what cannot be handed on."""

    exit_code = 1


def read_seal_files(folder: Path) -> dict[str, bytes]:
    """Every file of a seal folder by its path there; strangers are left behind. Raises `SealRefused`."""
    listing = seal_folder.list_folder(folder)
    if listing is None:
        return {}
    names = [name for name in _names(folder) if is_seal_file(name)]
    names += [f"{RECEIPTS}/{name}" for name in _names(folder / RECEIPTS) if RECEIPT_NAME.match(name)]
    found: dict[str, bytes] = {}
    left = TOTAL_LIMIT
    for name in names:
        try:
            found[name] = seal_folder.read_file(folder, name)
        except FileRefused as error:
            raise SealRefused(f"{folder / name}: {error}; move it away") from error
        left -= len(found[name])
        if left < 0:
            raise SealRefused(f"{folder}: over {TOTAL_LIMIT:,} bytes, more than any seal; move away what is not of it")
    return found


def _names(folder: Path) -> list[str]:
    try:
        with os.scandir(folder) as entries:
            names = [entry.name for entry, _ in zip(entries, range(seal_folder.MOST_FILES), strict=False)]
    except (FileNotFoundError, NotADirectoryError):
        return []
    return sorted(names)


def write_seal_files(folder: Path, files: Mapping[str, bytes]) -> None:
    """Have these files in a seal folder, each whole or as it was."""
    folder.mkdir(exist_ok=True)
    for name, content in files.items():
        place = folder / name
        place.parent.mkdir(exist_ok=True)
        seal_folder.write_file(place.parent, place.name, content)


def seal_bag_contents(name: str, files: dict[str, bytes], facts: SealedFacts, moment: datetime) -> Contents:
    """The bag `NAME.seal` that holds a seal's files as its payload."""
    payload = {f"data/{path}": content for path, content in files.items()}
    digests = {
        algorithm: {path: hashlib.new(algorithm, content).hexdigest() for path, content in payload.items()}
        for algorithm in BAG_ALGORITHMS
    }
    return new_bag(
        f"{name}.seal",
        moment,
        in_order(text_member(path, content) for path, content in payload.items()),
        digests,
        [
            ("External-Description", f"Signatures, timestamps, receipts and custody of the bag {name}"),
            ("External-Identifier", identifier_of(digests["sha256"])),
            ("Bagging-Date", moment.date().isoformat()),
            ("Payload-Oxum", str(Oxum(sum(map(len, payload.values())), len(payload)))),
            ("Bag-Software-Agent", AGENT),
            *((("Sealed-Bag-Identifier", " ".join(facts.bag_id.split())),) if facts.bag_id else ()),
            *(("Sealed-Bag-Tagmanifest", f"{one.file} sha256:{one.sha256}") for one in facts.tag_manifests),
        ],
        tag_algorithms=BAG_ALGORITHMS,
    )
