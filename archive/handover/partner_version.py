"""A partner's version of a bag: the same payload, byte for byte, under a profile's manifests and fields."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from datetime import date

from msgspec.structs import replace

from archive.bag.compressed_bytes import Compressing
from archive.bag.contents import Below, Contents, Member, PackRefused, contents_of, exactly, new_bag
from archive.bag.derived import IDENTIFIER, LABEL, PREFIX, carried_along
from archive.bag.interface import Bag
from archive.bag.tagfiles import TagFiles
from archive.errors import StatementError
from archive.handover.organisation import Organisation
from archive.handover.profile_match import Filling, as_sentence, describe, read_ledger
from archive_manifests import layout
from archive_manifests.paths import BagPath
from archive_manifests.payload import ALGORITHMS, NAME, manifest_name
from archive_manifests.profiles import BAG_INFO, PROFILE_LABEL, Described, Profile, Shortcoming, shortcomings
from archive_manifests.seal import SealedFacts
from archive_manifests.tags import OLDER_DECLARATION, format_bag_info

ORIGIN_PROFILE = f"Origin-{PROFILE_LABEL}"

Pairs = list[tuple[str, str]]

_OLDER = "0.97"


def serialisation(
    bag: Bag, tags: TagFiles, facts: SealedFacts, profile: Profile, organisation: Organisation, form: str, today: date
) -> tuple[Contents, list[Shortcoming]]:
    """What to pack for a partner, and what the profile only recommends and is not there.

    The bag as it is, where that is enough. Raises `PackRefused` with everything that a version would still lack.
    """
    as_it_is = contents_of(bag, tags.info)
    described = describe(bag, tags, profile, form=form, package=bag.name)
    lacks = shortcomings(profile, described)
    if not any(lack.is_required for lack in lacks):
        return as_it_is, lacks
    sizes = [entry.size for entry in bag.payload_entries()]
    filling = Filling(bag.name, tags.info, read_ledger(bag), sum(sizes), len(sizes), today)
    fields = _fields(tags, facts, profile, organisation, filling)
    manifests, tag_manifests = _algorithms(profile, described)
    version = _bagit_version(profile, described, as_it_is)
    lacks = shortcomings(profile, _as_version(described, version, fields, manifests, tag_manifests))
    required = [as_sentence(lack) for lack in lacks if lack.is_required]
    if required:
        listed = "\n".join(f"  {sentence}" for sentence in required)
        raise PackRefused(f"{bag.location}: {profile.title} would refuse it; nothing was packed:\n{listed}")
    declaration = OLDER_DECLARATION.encode() if version == _OLDER != described.version else None
    return _version(bag, tags, as_it_is, fields, manifests, tag_manifests, declaration), lacks


def _bagit_version(profile: Profile, described: Described, as_it_is: Contents) -> str | None:
    """The version that the partner's bag declares: 0.97 where the profile has only that, and both mean the same.

    They do where no path needs encoding: only in 1.0 is a % spelled %25. (RFC 8493, 2.1.3)
    """
    is_wanted = described.version == "1.0" and "1.0" not in profile.bagit_versions and _OLDER in profile.bagit_versions
    if is_wanted and not any(set("%\r\n") & set(member.path) for member in as_it_is.members):
        return _OLDER
    return described.version


def _fields(
    tags: TagFiles, facts: SealedFacts, profile: Profile, organisation: Organisation, filling: Filling
) -> dict[str, Pairs]:
    """The fields of `bag-info.txt` and of the profile's other tag files."""
    own = _own_fields(tags, facts, profile)
    fields: dict[str, Pairs] = {}
    for file in (BAG_INFO, *profile.other_tag_files):
        pairs = own if file == BAG_INFO else []
        for label, values in organisation.values(file, profile.id).items():
            pairs = [pair for pair in pairs if pair[0].lower() != label.lower()] + [(label, value) for value in values]
        for wanted in profile.field:
            if wanted.file == file and not any(label.lower() == wanted.label.lower() for label, _ in pairs):
                value = filling.of(wanted)
                pairs += [(wanted.label, value)] if value else []
        fields[file] = pairs
    return fields


def _own_fields(tags: TagFiles, facts: SealedFacts, profile: Profile) -> Pairs:
    """The bag's own fields, where they come from, and the partner's profile instead of ours."""
    stated = tags.info.fields if tags.info else ()
    profiles = [value for label, value in stated if label.lower() == PROFILE_LABEL.lower()]
    replaced = {label.lower() for label in (PROFILE_LABEL, LABEL, IDENTIFIER)}
    pairs = [pair for pair in stated if pair[0].lower() not in replaced]
    pairs += [(ORIGIN_PROFILE, value) for value in profiles]
    pairs += [(PROFILE_LABEL, profile.identifier)] if profile.identifier else []
    pairs += [(IDENTIFIER, " ".join(facts.bag_id.split()))] if facts.bag_id else []
    return pairs + [(LABEL, f"{one.file} sha256:{one.sha256}") for one in facts.tag_manifests]


def _algorithms(profile: Profile, described: Described) -> tuple[list[str], list[str]]:
    """Algorithms of the version's payload manifests and tag manifests, in the catalogue's order."""
    there = described.manifests
    manifests = {*there, *profile.manifests_required, *_one_of(profile.manifests_any, there)}
    manifests = {one for one in manifests if one in (profile.manifests_allowed or manifests)}
    tagged = {*manifests, *profile.tag_manifests_required}
    tagged = {one for one in tagged if one in (profile.tag_manifests_allowed or tagged)}
    return [one for one in ALGORITHMS if one in manifests], [one for one in ALGORITHMS if one in tagged]


def _one_of(wanted: tuple[str, ...], there: tuple[str, ...]) -> tuple[str, ...]:
    return () if not wanted or set(wanted) & set(there) else wanted[-1:]


def _as_version(
    described: Described,
    version: str | None,
    fields: Mapping[str, Pairs],
    manifests: list[str],
    tag_manifests: list[str],
) -> Described:
    return replace(
        described,
        version=version,
        fields={file: tuple(pairs) for file, pairs in fields.items()},
        manifests=tuple(manifests),
        tag_manifests=tuple(tag_manifests),
    )


def _version(
    bag: Bag,
    tags: TagFiles,
    as_it_is: Contents,
    fields: Mapping[str, Pairs],
    manifests: list[str],
    tagged: list[str],
    declaration: bytes | None,
) -> Contents:
    payload = Below(layout.PAYLOAD, as_it_is.members)
    tag_members = [member for member in as_it_is.members if not member.path.startswith(layout.PAYLOAD)]
    lists = [member for member in tag_members if _is_list(member.path)]
    origin = {member.path: b"".join(exactly(member)) for member in tag_members if not _is_list(member.path)}
    unchanged = {name: text for name, text in origin.items() if _is_unchanged(name, manifests)}
    try:
        others = {file: format_bag_info(pairs).encode() for file, pairs in fields.items() if file != BAG_INFO}
        info = format_bag_info(fields[BAG_INFO]).encode()
    except StatementError as error:
        raise PackRefused(f"{bag.location}: {error}; nothing was packed") from error
    texts = {**unchanged, **others, BAG_INFO: info} | ({layout.DECLARATION: declaration} if declaration else {})
    along = carried_along(origin, texts, is_version=bool(tags.info and tags.info.values(LABEL)))
    there = {member.path for member in lists}
    made = _manifests(payload, [one for one in manifests if manifest_name(one) not in there])
    return new_bag(
        bag.name,
        as_it_is.moment,
        payload,
        {},
        fields[BAG_INFO],
        tag_algorithms=tagged,
        more={**texts, **along},
        streamed=[*made, *(one if _is_unchanged(one.path, manifests) else _moved_along(one) for one in lists)],
    )


def _is_list(name: str) -> bool:
    """True for a payload manifest, of the bag or of the one that it is a version of: these are as long as the payload
    has files, so they are never held as text.
    """
    match = NAME.match(name.removeprefix(PREFIX))
    return match is not None and not match["tag"]


def _moved_along(member: Member) -> Member:
    return Member(f"{PREFIX}{member.path}", member.size, member.chunks)


def _is_unchanged(name: str, manifests: list[str]) -> bool:
    """True for a tag file that the version has unchanged: all but tag manifests and manifests it may not have."""
    match = NAME.match(name)
    return not match or (not match["tag"] and match["algorithm"] in manifests)


def _manifests(payload: Iterable[Member], algorithms: list[str]) -> list[Member]:
    """Manifests that the bag does not have, from one more read of its payload, which is in the order of its paths.

    They grow as compressed text: of 100,000 files the digests and paths as values would take ten times as much.
    """
    texts = {algorithm: Compressing() for algorithm in algorithms}
    for member in payload if algorithms else ():
        running = {one: hashlib.new(ALGORITHMS[one][0], usedforsecurity=False) for one in algorithms}
        for chunk in exactly(member):
            for digest in running.values():
                digest.update(chunk)
        path = BagPath(member.path).encoded().encode("utf-8", "surrogateescape")
        for one, digest in running.items():
            texts[one].add(b"%s  %s\n" % (digest.hexdigest().encode(), path))
    made = {manifest_name(one): text.finish() for one, text in texts.items()}
    return [Member(name, text.size, text.chunks) for name, text in made.items()]
