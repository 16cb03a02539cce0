"""What of a bag a seal over its tag manifests covers: every tag file, and whether the payload with it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping

from msgspec import Struct

from archive.bag.derived import PREFIX, origin_tag_manifests
from archive.bag.interface import Bag
from archive.bag.system_files import advice_on
from archive.bag.tagfiles import TagFiles
from archive_manifests import disclosure_copy
from archive_manifests.layout import BAG_INFO, DECLARATION, README
from archive_manifests.payload import ALGORITHMS, NAME, WEAK, manifest_name, parse_manifest
from archive_manifests.seal import SealedFacts

Stated = Mapping[str, Mapping[str, str]]
"""Algorithm -> path -> digest, of the tag manifests that the seal covers."""


class NotSealed(Struct, frozen=True):
    """A tag file that the seal does not cover: the person who packed this copy added or replaced it."""

    name: str
    replaces: bool
    """The sealed bag has a file of this name, with other content."""


def not_sealed(bag: Bag, tags: TagFiles, facts: SealedFacts) -> list[NotSealed]:
    """The tag files that a seal of these facts does not cover, in name order.

    Manifests in known algorithms are left out: what they list was compared with what is there.
    """
    stated, is_version = _stated(bag, tags)
    names = {path for listed in stated.values() for path in listed}
    itself = set() if is_version else {one.file for one in facts.tag_manifests}
    return [
        NotSealed(name, name in names)
        for name in sorted(tags.entries.keys() - itself)
        if not _is_checked_list(name) and not _is_covered(tags, name, stated, is_version=is_version)
        and advice_on(name) is None  # an operating system put it there: a finding of its own
    ]


def added_to_copy(tags: TagFiles) -> list[NotSealed]:
    """The tag files of a disclosure copy that are not of the kind which every copy has, in name order.

    No seal covers the tag files of a copy: what somebody added to them must not pass for a part of the original.
    """
    added = [
        NotSealed(name, replaces=False)
        for name in tags.entries
        if name not in (DECLARATION, BAG_INFO, README) and not _is_checked_list(name) and advice_on(name) is None
    ]
    readme = tags.digests.get(README, {}).get("sha256")
    if readme is not None and readme != hashlib.sha256(disclosure_copy.README.encode()).hexdigest():
        added.append(NotSealed(README, replaces=True))
    labels = [label.lower() for label, _ in tags.info.fields] if tags.info is not None else []
    if len(set(labels)) < len(labels) or not {one.lower() for one in disclosure_copy.LABELS}.issuperset(labels):
        added.append(NotSealed(BAG_INFO, replaces=True))
    return sorted(added, key=lambda one: one.name)


def covers_payload(bag: Bag, tags: TagFiles, facts: SealedFacts) -> bool:
    """True where strong payload manifests that the seal covers list every payload file.

    MD5 and SHA-1 do not show that a file was replaced: a collision is made in minutes.
    """
    stated, is_version = _stated(bag, tags)
    itself = set() if is_version else {one.file for one in facts.tag_manifests}
    columns = [
        tags.table.column(one.algorithm)
        for one in tags.payload_manifests
        if one.algorithm not in WEAK and (one.name in itself or _is_stated(tags, one.name, one.name, stated))
    ]
    if any(tags.table.lists_all(column) for column in columns):
        return True
    rows = tags.table.row_of.values()
    return bool(columns) and all(any(tags.table.lists(column, row) for column in columns) for row in rows)


def _stated(bag: Bag, tags: TagFiles) -> tuple[Stated, bool]:
    """What the sealed tag manifests state, the strong ones alone; and whether they are those of an original."""
    origin = origin_tag_manifests(bag, tags)
    if origin is None:
        own = {one.algorithm: tags.tag_stated.get(one.name, {}) for one in tags.tag_manifests}
        return {algorithm: stated for algorithm, stated in own.items() if algorithm not in WEAK}, False
    return dict(_read(origin)), True


def _read(origin: Mapping[str, bytes]) -> Iterator[tuple[str, dict[str, str]]]:
    for algorithm in ALGORITHMS:
        text = origin.get(manifest_name(algorithm, tag=True))
        if text is not None and algorithm not in WEAK:
            entries = parse_manifest(text, algorithm, tag=True).entries
            yield algorithm, {path.text: digest for path, digest in entries.items()}


def _is_covered(tags: TagFiles, name: str, stated: Stated, *, is_version: bool) -> bool:
    if _is_stated(tags, name, name, stated):
        return True
    original = name.removeprefix(PREFIX)
    if not is_version or original == name:
        return False
    return bool((found := NAME.match(original)) and found["tag"]) or _is_stated(tags, name, original, stated)


def _is_stated(tags: TagFiles, place: str, name: str, stated: Stated) -> bool:
    found = tags.digests.get(place, {})
    return any(found.get(algorithm) == listed[name] for algorithm, listed in stated.items() if name in listed)


def _is_checked_list(name: str) -> bool:
    found = NAME.match(name)
    return bool(found and found["algorithm"] in ALGORITHMS)
