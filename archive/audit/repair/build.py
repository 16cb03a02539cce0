"""Rebuilds a bag file by file, from any copy with the right bytes: damaged copies may make a sound one."""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path

from msgspec import Struct

from archive.audit.errors import RepairRefused
from archive.audit.repair.sources import SourceCopy
from archive.errors import NotEnoughSpace, StatementError
from archive.posix import sync_folder
from archive_manifests.paths import BagPath
from archive_manifests.payload import ALGORITHMS, Manifest, manifest_name, parse_manifest

SPARE = 64 << 20
"""Bytes that stay free."""

NO_RESPONSE = " (given up: it does not respond)"

LISTED = 5
"""Files that no copy has right that a message names."""


class Built(Struct, frozen=True):
    """A bag that was built from pieces."""

    place: Path
    files: int
    octets: int
    taken: dict[str, int]
    """Copy -> how many files came from it."""


def build(into: Path, tags: Mapping[str, str], sources: Sequence[SourceCopy], octets: int) -> Built:
    """Write the bag whose tag files have these sha256 digests into a new folder. Raises `RepairRefused`.

    The tag files are known from the catalogue; what the payload has to be, its manifests state.
    """
    free = shutil.disk_usage(into.parent).free
    if free < octets + SPARE:
        raise NotEnoughSpace.before(into.parent, octets, SPARE, free, "make room and run it again")
    into.mkdir()
    missing = [path for path, digest in sorted(tags.items()) if not put_file(into, path, {"sha256": digest}, sources)]
    if missing:
        raise RepairRefused(lost_files(missing, sources))
    payload = payload_digests(into)
    missing = [path for path, digests in sorted(payload.items()) if not put_file(into, path, digests, sources)]
    if missing:
        raise RepairRefused(lost_files(missing, sources))
    for folder, _, _ in os.walk(into):
        sync_folder(Path(folder))
    size = sum((into / path).stat().st_size for path in (*tags, *payload))
    return Built(into, len(tags) + len(payload), size, {str(one.place): one.taken for one in sources})


def put_file(into: Path, path: str, digests: Mapping[str, str], sources: Sequence[SourceCopy]) -> bool:
    """Take a file from the first copy that has it right."""
    place = into / path
    place.parent.mkdir(parents=True, exist_ok=True)
    for source in sources:
        if not source.holds(path):
            continue
        with place.open("wb") as file:
            is_right = source.copy(path, digests, file)
            file.flush()
            os.fsync(file.fileno())
        if is_right:
            return True
    place.unlink(missing_ok=True)
    return False


def payload_digests(folder: Path) -> dict[str, dict[str, str]]:
    """What every payload file has to be, by all manifests: path -> algorithm -> hex digest. Raises `RepairRefused`."""
    expected: dict[str, dict[str, str]] = {}
    for algorithm in ALGORITHMS:
        place = folder / manifest_name(algorithm)
        if place.is_file():
            for path, digest in _entries(place, algorithm).entries.items():
                if not path.is_inside or not path.is_payload:
                    raise RepairRefused(f"{place.name}: lists {path}, which is no payload file; repair it by hand")
                expected.setdefault(path.text, {})[_hashlib_name(algorithm)] = digest
    if not expected:
        raise RepairRefused("the bag has no payload manifest; nothing says what its files have to be")
    return expected


def _entries(place: Path, algorithm: str) -> Manifest:
    with contextlib.suppress(StatementError):
        return parse_manifest(place.read_bytes(), algorithm)
    raise RepairRefused(f"{place.name}: cannot be read as a manifest; repair it by hand")


def _hashlib_name(algorithm: str) -> str:
    return ALGORITHMS[algorithm][0]


def lost_files(missing: Sequence[str], sources: Sequence[SourceCopy]) -> str:
    names = ", ".join(BagPath(path).encoded() for path in missing[:LISTED])
    more = f" and {len(missing) - LISTED:,} more" if len(missing) > LISTED else ""
    copies = ", ".join(f"{source.place}{NO_RESPONSE if source.is_given_up else ''}" for source in sources)
    return f"no copy has the right bytes of {names}{more}; looked into {copies}; add another copy with --from"
