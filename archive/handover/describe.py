"""A bag as a partner's profile looks at it: from its tag files and its payload's names, nothing else."""

from __future__ import annotations

import re

from archive.bag.interface import Bag, Broken, stem
from archive.verify.catalogue import tell
from archive.verify.findings import Finding, Severity
from archive.verify.tagfiles import TEXT_LIMIT, TagFiles
from archive_manifests.paths import BagPath
from archive_manifests.profiles import BAG_INFO, Described, Profile, Shortcoming, shortcomings
from archive_manifests.tags import parse_bag_info

_ODD = re.compile(r"[^A-Za-z0-9._/-]|\.\Z")


def describe(bag: Bag, tags: TagFiles, profile: Profile, *, form: str | None, package: str | None) -> Described:
    """`form` and `package` are the format and the name of the file it comes in, None for a folder."""
    version = tags.declaration.version if tags.declaration else None
    octets, odd, folders = 0, [], set()
    for entry in bag.payload_entries():
        octets += entry.size
        folders.add("/".join(entry.path.split("/", 2)[:2]) if entry.path.count("/") > 1 else "data")
        if _ODD.search(entry.path):
            odd.append(entry.path)
    return Described(
        name=bag.name,
        form=form,
        package=package,
        version=f"{version[0]}.{version[1]}" if version else None,
        manifests=tuple(manifest.algorithm for manifest in tags.payload_manifests),
        tag_manifests=tuple(manifest.algorithm for manifest in tags.tag_manifests),
        fields={BAG_INFO: tags.info.fields if tags.info else (), **_other_fields(bag, tags, profile)},
        tag_files=tuple(tags.entries),
        octets=octets,
        has_fetch="fetch.txt" in tags.entries,
        odd_names=tuple(odd),
        payload_folders=frozenset(folders),
    )


def _other_fields(bag: Bag, tags: TagFiles, profile: Profile) -> dict[str, tuple[tuple[str, str], ...]]:
    found = {}
    for name in profile.other_tag_files:
        entry = tags.entries.get(name)
        if entry is not None and entry.size <= TEXT_LIMIT:
            try:
                found[name] = parse_bag_info(bag.reader().chunks(entry)).fields
            except Broken:  # told by whoever reads the tag files
                continue
    return found


def profile_findings(profile: Profile, described: Described) -> list[Finding]:
    """What a bag lacks of a profile, as findings: what is only recommended is a warning."""
    return [_told(profile, lack) for lack in shortcomings(profile, described)]


def _told(profile: Profile, lack: Shortcoming) -> Finding:
    severity = Severity.ERROR if lack.is_required else Severity.WARNING
    place, _, label = lack.what.partition(" ")
    where = BagPath(place) if "." in place or "/" in place else None
    said = f"{label or lack.what}: {lack.advice}"
    rule = profile.title
    return tell(
        "profile-lacks", where, expected=lack.expected, found=lack.found, note=said, rule=rule, severity=severity
    )


def form_of(name: str) -> str:
    """The format of a package by its name, as profiles spell it."""
    ending = name[len(stem(name)) + 1 :].lower()
    return "tar.gz" if ending == "tgz" else ending


def as_sentence(lack: Shortcoming) -> str:
    """One shortcoming for people: what, what is expected, what there is, what to do."""
    return f"{lack.what}: expected {lack.expected}, found {lack.found}; {lack.advice}"
