"""A bag that is another bag's payload under more tag files, and still holds that bag whole.

A partner may ask for manifests and fields that a sealed bag has not. Its version then carries the bag's own tag files
along: unchanged ones under their name, others as `origin-NAME`. Stripping that gives the sealed bag back, byte for
byte, so its seal still speaks: what is checked is that nothing of it is missing or changed.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

from msgspec import Struct

from archive.bag.interface import Bag, Broken
from archive.bag.tagfiles import ORIGIN_LABEL, TEXT_LIMIT, TagFiles
from archive_manifests import layout
from archive_manifests.fixity import BAG_ALGORITHMS
from archive_manifests.payload import manifest_name, parse_manifest
from archive_manifests.tags import BagInfo, parse_bag_info

if TYPE_CHECKING:
    from archive_manifests.seal import SealedFacts

PREFIX = "origin-"
LABEL = ORIGIN_LABEL

IDENTIFIER = "Origin-Bag-Identifier"


_COUNT = re.compile(r"(\d{1,6}) of (\d{1,6})\Z", re.ASCII)


class BagPart(Struct, frozen=True):
    """Which part of which bag a bag says it is."""

    number: int
    total: int
    group: str
    """The identifier of the whole bag."""
    tag_manifests: tuple[str, ...]
    """Of the whole bag, as `tagmanifest-sha256.txt sha256:HEX`."""

    def __str__(self) -> str:
        return f"part {self.number} of {self.total} of {self.group}"


def part_of(tags: TagFiles) -> BagPart | None:
    """The part that a bag says it is; None for any other bag."""
    if tags.info is None or tags.is_ours or not tags.info.values(LABEL):
        return None
    counts = [found for value in tags.info.values("Bag-Count") if (found := _COUNT.match(value))]
    groups = {*tags.info.values("Bag-Group-Identifier")} & {*tags.info.values(IDENTIFIER)}
    if len(counts) != 1 or not groups:
        return None
    return BagPart(int(counts[0][1]), int(counts[0][2]), min(groups), tags.info.values(LABEL))


def origin_facts(bag: Bag, tags: TagFiles, own: SealedFacts) -> SealedFacts | None:
    """What a seal of the original states, from this version of it; None where it is no such version, or not whole.

    `own` is what a seal of the version itself would state: its payload is counted there already.
    """
    if not tags.info or not tags.info.values(LABEL):
        return None
    from archive_manifests.seal import SealedFacts, TagManifestDigests

    texts = origin_tag_manifests(bag, tags)
    if texts is None:
        return None
    digests = [
        TagManifestDigests(name, *(hashlib.new(algorithm, text).hexdigest() for algorithm in BAG_ALGORITHMS))
        for name, text in sorted(texts.items())
    ]
    return SealedFacts(_bag_id(bag, tags), tuple(digests), own.events_head, own.disclosure)


def origin_tag_manifests(bag: Bag, tags: TagFiles) -> dict[str, bytes] | None:
    """The tag manifests of the original that a bag is a version of, by name; None where it is not whole in it."""
    if not tags.info or not tags.info.values(LABEL):
        return None
    texts = _read_tag_manifests(bag, tags)
    strong = [(manifest_name(one, tag=True), one) for one in BAG_ALGORITHMS if manifest_name(one, tag=True) in texts]
    is_whole = strong and all(_is_whole(tags, texts[name], algorithm) for name, algorithm in strong)
    return texts if is_whole else None


def _read_tag_manifests(bag: Bag, tags: TagFiles) -> dict[str, bytes]:
    names = [name for name in tags.entries if name.startswith(f"{PREFIX}tagmanifest-")]
    read = {name.removeprefix(PREFIX): _small(bag, tags, name) for name in names}
    return {name: text for name, text in read.items() if text is not None}


def _is_whole(tags: TagFiles, text: bytes, algorithm: str) -> bool:
    """True where every tag file of the original is here with its digest, a strong payload manifest as one of ours."""
    stated = parse_manifest(text, algorithm, tag=True)
    if stated.problems:
        return False
    entries = {path.text: digest for path, digest in stated.entries.items()}
    here = {path: path if _is(tags, path, algorithm, digest) else f"{PREFIX}{path}" for path, digest in entries.items()}
    is_here = all(_is(tags, place, algorithm, entries[path]) for path, place in here.items())
    # The payload was compared with the manifests under their own names: one of these must be the original's.
    return is_here and any(here.get(one) == one for one in map(manifest_name, BAG_ALGORITHMS))


def _is(tags: TagFiles, place: str, algorithm: str, digest: str) -> bool:
    return tags.digests.get(place, {}).get(algorithm) == digest


def original_info(bag: Bag, tags: TagFiles) -> BagInfo | None:
    """The fields of `bag-info.txt`; of a partner's version, of the original's, which came along."""
    name = f"{PREFIX}bag-info.txt"
    if not tags.is_version or name not in tags.entries:
        return tags.info
    text = _small(bag, tags, name)
    return parse_bag_info(text) if text is not None else None


def _bag_id(bag: Bag, tags: TagFiles) -> str | None:
    text = _small(bag, tags, f"{PREFIX}bag-info.txt") or _small(bag, tags, layout.BAG_INFO)
    ids = parse_bag_info(text).values("External-Identifier") if text else ()
    return ids[0] if ids else None


def _small(bag: Bag, tags: TagFiles, name: str) -> bytes | None:
    entry = tags.entries.get(name)
    if entry is None or entry.size > TEXT_LIMIT:
        return None
    try:
        return b"".join(bag.reader().chunks(entry))
    except Broken:
        return None


def carried_along(
    origin: Mapping[str, bytes], version: Mapping[str, bytes], *, is_version: bool = False
) -> dict[str, bytes]:
    """The tag files of a bag that its version has otherwise, under the names they travel by.

    A bag that is a version itself has its original's along already; of its own only payload manifests may be missed.
    """
    changed = {name: text for name, text in origin.items() if version.get(name) != text}
    along = {f"{PREFIX}{name}": text for name, text in changed.items() if not name.startswith(PREFIX)}
    if is_version:
        return {name: text for name, text in along.items() if name.startswith(f"{PREFIX}manifest-")}
    return along
