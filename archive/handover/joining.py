"""The parts of a bag put together again: their payload, under the tag files of the whole that part 1 carries."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from archive.bag.interface import Bag
from archive.bag.open import open_bag
from archive.handover.judge import Refused, check_name
from archive.handover.origin import PREFIX, Part, part_of
from archive.handover.parts import whole_name
from archive.verify.catalogue import tell
from archive.verify.findings import Finding
from archive.verify.tagfiles import list_tag_files, read_tag_files
from archive_manifests.paths import BagPath


@dataclass(frozen=True, slots=True)
class UnpackedPart:
    """One part, unpacked and verified."""

    base: Path
    part: Part


def is_part(base: Path) -> bool:
    with open_bag(base) as bag:
        return _part(bag) is not None


def _part(bag: Bag) -> Part | None:
    tags = list_tag_files(bag)
    read_tag_files(tags, bag.reader())
    return part_of(tags)


def require_part(bag: Bag) -> Part:
    """Which part a bag says it is. Raises `Refused` for one that is none."""
    part = _part(bag)
    if part is None:
        raise Refused([_told(bag.name, "a part of a bag", "a bag that is none")])
    return part


def join(parts: Sequence[UnpackedPart], folder: Path) -> Path:
    """Make the whole bag of its parts, which are used up. Raises `Refused` where they are not all of one bag's."""
    ordered = sorted(parts, key=lambda one: one.part.number)
    if wrong := [*_differences(ordered), *_gaps(ordered)]:
        raise Refused(wrong)
    name = whole_name(ordered[0].base.name)
    check_name(name)
    base = folder / name
    (base / "data").mkdir(parents=True)
    for one in ordered:
        _move(one.base / "data", base / "data", one.base.name)
    for place in sorted(ordered[0].base.iterdir()):
        if place.is_file() and place.name.startswith(PREFIX):
            place.rename(base / place.name.removeprefix(PREFIX))
    _require_stated(base, ordered[0].part)
    return base


def _differences(parts: Sequence[UnpackedPart]) -> list[Finding]:
    first = parts[0]
    names = (whole_name(first.base.name), first.part.group, first.part.total, first.part.tag_manifests)
    return [
        _told(one.base.name, f"a part of {first.part.group}", str(one.part))
        for one in parts
        if (whole_name(one.base.name), one.part.group, one.part.total, one.part.tag_manifests) != names
    ]


def _gaps(parts: Sequence[UnpackedPart]) -> list[Finding]:
    there, wanted = [one.part.number for one in parts], list(range(1, parts[0].part.total + 1))
    told = ", ".join(map(str, there))
    return [] if there == wanted else [_told(parts[0].base.name, f"parts 1 to {wanted[-1]}", f"parts {told}")]


def _told(name: str, expected: str, found: str) -> Finding:
    return tell("parts-differ", BagPath(name), expected=expected, found=found)


def _move(origin: Path, target: Path, name: str) -> None:
    for place in sorted(origin.rglob("*")):
        if place.is_file():
            there = target / place.relative_to(origin)
            if there.exists():
                raise Refused([_told(name, "each file in one part", f"data/{place.relative_to(origin)} once more")])
            there.parent.mkdir(parents=True, exist_ok=True)
            place.rename(there)


def _require_stated(base: Path, part: Part) -> None:
    """The tag manifests must be those that every part names."""
    for stated in part.tag_manifests:
        name, _, digest = stated.partition(" ")
        place = base / name
        content = place.read_bytes() if "/" not in name and place.is_file() else b""
        found = f"sha256:{hashlib.sha256(content).hexdigest()}"
        if found != digest:
            raise Refused([tell("parts-differ", BagPath(name), expected=digest, found=found)])
