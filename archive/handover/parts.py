"""A bag in parts of a given size: new bags that name it, every file whole in one of them."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from msgspec import Struct

from archive.bag.contents import Contents, Member, PackRefused, exactly, identifier_of, in_order, new_bag
from archive.bag.derived import IDENTIFIER, LABEL, PREFIX, BagPart, part_of
from archive.bag.interface import Bag
from archive.bag.open import open_bag
from archive.bag.tagfiles import TagFiles, list_tag_files, read_tag_files
from archive.handover.package_check import PackageRefused, check_name
from archive.version import AGENT
from archive_manifests import layout
from archive_manifests.finding_codes import make_finding
from archive_manifests.findings import Finding
from archive_manifests.fixity import BAG_ALGORITHMS
from archive_manifests.paths import BagPath
from archive_manifests.payload import manifest_name, parse_manifest
from archive_manifests.seal import SealedFacts
from archive_manifests.tags import Oxum

SPREAD = (layout.ARCHIVE, layout.MEDIA, layout.VIEWS)
"""What of a bag of ours is spread over the parts; the rest, the report and the index first of all, is in part 1.

Of another bag the whole payload is spread.
"""

BASE = 32 << 10
"""Bytes of a part's own tag files, folders and end."""
OVERHEAD = 1536
"""Bytes of a member's header and padding, and of two digests."""

_PART_NAME = re.compile(r"\.b\d{2,6}\.of\d{2,6}\Z", re.ASCII)

GROUP = "Origin-Bag-Group-Identifier"


def split(whole: Contents, tags: TagFiles, facts: SealedFacts, size: int) -> list[Contents]:
    """The parts, each of at most `size` bytes as a tar or a zip.

    Raises `PackRefused` where a file, or what part 1 has to hold, is larger than a part.
    """
    origin = {member.path: member for member in whole.members if not member.path.startswith(layout.PAYLOAD)}
    below = SPREAD if tags.holds_evidence else (layout.PAYLOAD,)
    payload = [member for member in whole.members if member.path.startswith(layout.PAYLOAD)]
    first = [member for member in payload if not member.path.startswith(below)]
    spread = [member for member in payload if member.path.startswith(below)]
    tag_cost = sum(map(_cost, origin.values()))
    groups = _fill(first, spread, size, tag_cost)
    along = {f"{PREFIX}{path}": b"".join(exactly(member)) for path, member in origin.items()}
    stated = _stated(along)
    total = len(groups)
    return [_part(whole, tags, facts, group, number, total, stated, along) for number, group in enumerate(groups, 1)]


def part_name(name: str, number: int, total: int) -> str:
    """As archives name the parts of a bag: `R1.b01.of03`."""
    return f"{name}.b{number:02d}.of{total:02d}"


def whole_name(name: str) -> str:
    """The name of the bag that a part is named after; any other name as it is."""
    return _PART_NAME.sub("", name)


def _cost(member: Member) -> int:
    """Bytes that a member adds to a package: itself, its header and padding, its lines in the manifests."""
    return member.size + OVERHEAD + 4 * len(member.path)


def _octets(members: Iterable[Member]) -> int:
    return sum(member.size for member in members)


def _fill(first: list[Member], spread: list[Member], size: int, tag_cost: int) -> list[list[Member]]:
    """Members in their order, a new part where one would grow too large: what belongs together stays close."""
    groups, used = [first], BASE + sum(map(_cost, first)) + tag_cost
    if used > size:
        what = "the report, its index and the tag files" if first else "the tag files"
        raise PackRefused(f"{what} alone take {used:,} bytes; choose larger parts")
    for member in spread:
        if BASE + _cost(member) > size:
            raise PackRefused(f"{member.path}: {member.size:,} bytes, and no file is cut; choose larger parts")
        if used + _cost(member) > size:
            groups.append([])
            used = BASE
        groups[-1].append(member)
        used += _cost(member)
    return groups


def _stated(along: dict[str, bytes]) -> dict[str, dict[str, str]]:
    """What the whole bag states for its payload, by algorithm and path."""
    found = {}
    for algorithm in BAG_ALGORITHMS:
        text = along.get(f"{PREFIX}{manifest_name(algorithm)}")
        if text is not None:
            entries = parse_manifest(text, algorithm).entries
            found[algorithm] = {path.text: digest for path, digest in entries.items()}
    if not found:
        raise PackRefused("no sha256 or sha512 manifest, and parts are made of what these state; nothing was packed")
    return found


def _part(
    whole: Contents,
    tags: TagFiles,
    facts: SealedFacts,
    group: list[Member],
    number: int,
    total: int,
    stated: dict[str, dict[str, str]],
    along: dict[str, bytes],
) -> Contents:
    digests = {one: {member.path: entries[member.path] for member in group} for one, entries in stated.items()}
    return new_bag(
        part_name(whole.name, number, total),
        whole.moment,
        in_order(group),
        digests,
        _fields(whole, tags, facts, group, number, total, identifier_of(next(iter(digests.values())))),
        tag_algorithms=tuple(stated),
        more=along if number == 1 else None,
    )


def _fields(
    whole: Contents, tags: TagFiles, facts: SealedFacts, group: list[Member], number: int, total: int, identity: str
) -> list[tuple[str, str]]:
    """The set is the bag that was split: its identifier is the group's. (RFC 8493, 2.2.2)"""
    bag_id = " ".join(facts.bag_id.split()) if facts.bag_id else f"{whole.name} {facts.tag_manifests[0].sha256}"
    groups = tags.info.values("Bag-Group-Identifier") if tags.info else ()
    access = tags.info.values("Access") if tags.info else ()
    return [
        ("External-Description", f"Part {number} of {total} of the bag {whole.name}"),
        ("External-Identifier", identity),
        ("Bagging-Date", whole.moment.date().isoformat()),
        ("Payload-Oxum", str(Oxum(_octets(group), len(group)))),
        ("Bag-Group-Identifier", bag_id),
        ("Bag-Count", f"{number} of {total}"),
        ("Bag-Software-Agent", AGENT),
        *(("Access", value) for value in access),
        (IDENTIFIER, bag_id),
        *((LABEL, f"{one.file} sha256:{one.sha256}") for one in facts.tag_manifests),
        *((GROUP, value) for value in groups),
    ]


class UnpackedPart(Struct, frozen=True):
    """One part, unpacked and verified."""

    base: Path
    part: BagPart


def is_part(base: Path) -> bool:
    with open_bag(base) as bag:
        return _joining_part(bag) is not None


def _joining_part(bag: Bag) -> BagPart | None:
    tags = list_tag_files(bag)
    read_tag_files(tags, bag.reader())
    return part_of(tags)


def require_part(bag: Bag) -> BagPart:
    """Which part a bag says it is. Raises `Refused` for one that is none."""
    part = _joining_part(bag)
    if part is None:
        raise PackageRefused([_parts_differ(bag.name, "a part of a bag", "a bag that is none")])
    return part


def join(parts: Sequence[UnpackedPart], folder: Path) -> Path:
    """Make the whole bag of its parts, which are used up. Raises `Refused` where they are not all of one bag's."""
    ordered = sorted(parts, key=lambda one: one.part.number)
    if wrong := [*_differences(ordered), *_gaps(ordered)]:
        raise PackageRefused(wrong)
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
        _parts_differ(one.base.name, f"a part of {first.part.group}", str(one.part))
        for one in parts
        if (whole_name(one.base.name), one.part.group, one.part.total, one.part.tag_manifests) != names
    ]


def _gaps(parts: Sequence[UnpackedPart]) -> list[Finding]:
    there, wanted = [one.part.number for one in parts], list(range(1, parts[0].part.total + 1))
    numbers = ", ".join(map(str, there))
    if there == wanted:
        return []
    return [_parts_differ(parts[0].base.name, f"parts 1 to {wanted[-1]}", f"parts {numbers}")]


def _parts_differ(name: str, expected: str, found: str) -> Finding:
    return make_finding("parts-differ", BagPath(name), expected=expected, found=found)


def _move(origin: Path, target: Path, name: str) -> None:
    for place in sorted(origin.rglob("*")):
        if place.is_file():
            there = target / place.relative_to(origin)
            if there.exists():
                found = f"data/{place.relative_to(origin)} once more"
                raise PackageRefused([_parts_differ(name, "each file in one part", found)])
            there.parent.mkdir(parents=True, exist_ok=True)
            place.rename(there)


def _require_stated(base: Path, part: BagPart) -> None:
    """The tag manifests must be those that every part names."""
    for stated in part.tag_manifests:
        name, _, digest = stated.partition(" ")
        place = base / name
        content = place.read_bytes() if "/" not in name and place.is_file() else b""
        found = f"sha256:{hashlib.sha256(content).hexdigest()}"
        if found != digest:
            raise PackageRefused([make_finding("parts-differ", BagPath(name), expected=digest, found=found)])
