"""Is it a bag: the rules of RFC 8493 on what is there and what the tag files say, as findings."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from msgspec.structs import replace

from archive.bag.interface import Bag
from archive.bag.system_files import advice_on
from archive.bag.tagfiles import ManifestFile, TagFiles
from archive.verify.result.no_bag import hint_on
from archive_manifests import layout
from archive_manifests.bounded_findings import BoundedFindings
from archive_manifests.errors import StatementError
from archive_manifests.finding_codes import make_finding
from archive_manifests.findings import Finding, Severity
from archive_manifests.fixity import BAG_ALGORITHMS
from archive_manifests.paths import BagPath
from archive_manifests.payload import ALGORITHMS, NAME, WEAK, format_manifest
from archive_manifests.tags import DECLARATION, ONCE, Oxum, format_bag_info, parse_oxum

_ANY_CASE_NAME = re.compile(r"(?:tag)?manifest-[^/]+\Z", re.IGNORECASE)


def check_structure(bag: Bag, tags: TagFiles) -> None:
    """Everything that can be said before the payload is read; findings go to `tags`."""
    if layout.DECLARATION not in tags.entries:
        tags.add_finding("declaration-missing", layout.DECLARATION, note=hint_on(tags))
    if not bag.has_payload_folder:
        tags.add_finding("payload-folder-missing", "data")
    _check_manifest_names(tags)
    _check_weakness(tags)
    _check_info(tags)
    _check_tag_manifests(tags)
    _check_package_end(bag, tags)
    _check_same_lists(tags)
    _check_fetch(tags)


def _check_manifest_names(tags: TagFiles) -> None:
    if not tags.payload_manifests:
        tags.add_finding("manifest-missing", None, note="none is there in an algorithm that is known")
    known = {manifest.name for manifest in (*tags.payload_manifests, *tags.tag_manifests)}
    for name in tags.entries:
        if not _ANY_CASE_NAME.match(name):
            continue
        match = NAME.match(name)
        if name in known:
            if match and not re.fullmatch(r"[a-z0-9]+", match["algorithm"]):
                tags.add_finding("manifest-name", name, note="not as RFC 8493, 2.4, spells it; it was read")
        elif match and re.fullmatch(r"[a-z0-9]+", match["algorithm"]):
            tags.add_finding("algorithm-unknown", name, found=match["algorithm"])
        else:
            tags.add_finding("manifest-name", name)


def _check_weakness(tags: TagFiles) -> None:
    if tags.payload_manifests and all(manifest.algorithm in WEAK for manifest in tags.payload_manifests):
        found = ", ".join(manifest.algorithm for manifest in tags.payload_manifests)
        tags.add_finding("algorithm-weak", tags.payload_manifests[-1].name, found=found)


def _check_info(tags: TagFiles) -> None:
    """Fields that may not be there twice, and their forms. (RFC 8493, 2.2.2)"""
    if tags.info is None:
        return
    labels = [label.lower() for label, _ in tags.info.fields]
    for label in sorted(ONCE):
        if labels.count(label) > 1:
            tags.add_finding("bag-info-repeats", tags.info_name, found=label)
    if "bag-count" in labels and "bag-group-identifier" not in labels:
        tags.add_finding("bag-info-group", tags.info_name)
    stated = tags.info.values("Payload-Oxum")
    if len(stated) > 1:
        tags.add_finding("oxum-repeats", tags.info_name, found=", ".join(stated)[:200])
    for text in stated:
        if parse_oxum(text) is None:
            tags.add_finding("oxum-form", tags.info_name, found=text[:200])


def check_oxum(tags: TagFiles, octets: int, streams: int, system_files: Mapping[str, int]) -> None:
    """Compare the payload as it was found with what Payload-Oxum says.

    `system_files`: what an operating system put there and no manifest lists, path -> octets: findings of their own.
    """
    found = Oxum(octets, streams)
    alone = Oxum(octets - sum(system_files.values()), streams - len(system_files))
    for text in tags.info.values("Payload-Oxum") if tags.info else ():
        stated = parse_oxum(text)
        if stated is not None and stated not in (found, alone):
            tags.add_finding("oxum-differs", tags.info_name, expected=text, found=str(found))


def _check_tag_manifests(tags: TagFiles) -> None:
    """What each may and must list. (RFC 8493, 2.2.1)"""
    if not tags.tag_manifests:
        tags.add_finding("tagmanifest-absent", None)
        return
    others = {name for name in tags.entries if not _is_tag_manifest(name)}
    listed = {manifest.name: _listed(tags, manifest) for manifest in tags.tag_manifests}
    for path in sorted(set().union(*listed.values()) - others):
        names = ", ".join(name for name in listed if path in listed[name])
        tags.add_finding("tag-file-missing", path[:1000], note=f"listed in {names}")
    for manifest in tags.tag_manifests:
        for name in sorted(_payload_manifest_names(tags.entries) - listed[manifest.name]):
            tags.add_finding("tagmanifest-omits", manifest.name, found=name, **_should(tags))
    for name in sorted(others - set().union(*listed.values())):
        if name not in _payload_manifest_names(tags.entries):
            advice = advice_on(name)
            tags.add_finding("tag-file-unlisted" if advice is None else "system-file", name, note=advice)
    for manifest in tags.tag_manifests:
        for name in sorted((set().union(*listed.values()) - listed[manifest.name]) & others):
            if name not in _payload_manifest_names(tags.entries):
                tags.add_finding("tagmanifest-differ", manifest.name, found=name)


def _check_package_end(bag: Bag, tags: TagFiles) -> None:
    """A tar without its end may be one that was cut off. Payload manifests show that no payload file is missing; that
    no tag file is, only a tag manifest can, and where there is none the reader is to know.
    """
    if not tags.tag_manifests:
        bag.findings[:] = [
            replace(found, note=f"{found.note}; no tag manifest shows that no tag file is missing")
            if found.code == "package-unterminated"
            else found
            for found in bag.findings
        ]


_OF_A_CUT = frozenset(
    {"manifest-missing", "declaration-missing", "tagmanifest-absent", "payload-folder-missing", "not-canonical"}
    | {"oxum-differs", "disclosure-missing"}
)
"""What is found of a bag whose files lie behind the end of a package that was cut off: no fault of the bag."""


def is_cut(bag: Bag) -> bool:
    """True of a package that ends before its last file."""
    return any(found.code == "package-broken" and found.path is None for found in bag.findings)


def but_for_the_cut(tags: TagFiles, findings: Iterable[Finding]) -> Iterator[Finding]:
    """The findings on a package that was cut off which do not follow from that."""
    has_lists = bool(tags.payload_manifests) and all(one.name in tags.digests for one in tags.payload_manifests)
    codes = _OF_A_CUT if has_lists else _OF_A_CUT | {"payload-unlisted"}
    return (found for found in findings if found.code not in codes)


def _should(tags: TagFiles) -> dict[str, Severity]:
    """The severity of what version 1.0 is the first to demand."""
    return {"severity": Severity.WARNING} if tags.is_old else {}


def _listed(tags: TagFiles, manifest: ManifestFile) -> set[str]:
    """The tag files that a tag manifest lists; an entry that it may not have is reported."""
    listed = set()
    for path in tags.tag_stated.get(manifest.name, ()):
        if not BagPath(path).is_inside:
            tags.add_finding("path-unsafe", manifest.name, found=path[:200])
        elif path.startswith(layout.PAYLOAD) or _is_tag_manifest(path):
            tags.add_finding("tagmanifest-lists", manifest.name, found=path[:200])
        else:
            listed.add(path)
    return listed


def _is_tag_manifest(name: str) -> bool:
    match = NAME.match(name)
    return bool(match and match["tag"]) and "/" not in name


def _payload_manifest_names(names: Iterable[str]) -> set[str]:
    matches = {name: NAME.match(name) for name in names if "/" not in name}
    return {name for name, match in matches.items() if match and not match["tag"] and _is_algorithm(match["algorithm"])}


def _is_algorithm(name: str) -> bool:
    return name in ALGORITHMS or name.isalnum()


def _check_same_lists(tags: TagFiles) -> None:
    """Every payload manifest lists every payload file: from 1.0 on. (RFC 8493, 2.1.3 and 3)"""
    if tags.is_old:
        return
    for column, manifest in enumerate(tags.payload_manifests):
        if not tags.table.lists_all(column):
            found = f"{manifest.name} does not list it"
            unlisted = tags.table.unlisted(column)
            tags.findings += BoundedFindings(
                make_finding("manifest-incomplete", BagPath(path), found=found) for path in unlisted
            )


def _check_fetch(tags: TagFiles) -> None:
    """Every path is payload that every manifest lists. (RFC 8493, 2.2.3)"""
    if tags.fetch is None:
        return
    tags.add_problems("fetch.txt", tags.fetch.problems)
    for path, line in tags.fetch.paths.items():
        row = tags.table.row_of.get(path)
        for column, manifest in enumerate(tags.payload_manifests):
            if row is None or (not tags.is_old and not tags.table.lists(column, row)):
                facts = {"line": line, "found": path[:200], "note": f"not in {manifest.name}", **_should(tags)}
                tags.add_finding("fetch-unlisted", "fetch.txt", **facts)


_OURS = frozenset({layout.DECLARATION, layout.BAG_INFO, layout.README, layout.DISCLOSURE})
"""Tag files of our bags beside the manifests."""


def check_canonical(tags: TagFiles) -> None:
    """Our own bags: the exact text that we write, flat tag files, all of them listed. (our profile)"""
    _check_exact(tags, layout.DECLARATION, DECLARATION)
    if tags.info is None or tags.info_name is None:
        tags.add_finding("not-canonical", layout.BAG_INFO, expected="a file that every bag of ours has", found="none")
    else:
        _check_exact(tags, tags.info_name, _written(tags))
    if tags.has_ledger and layout.README not in tags.entries and not tags.is_version:
        tags.add_finding("not-canonical", layout.README, expected="a file that every bag of ours has", found="none")
    wanted = tuple(BAG_ALGORITHMS)
    for manifests, kind in ((tags.payload_manifests, "manifest"), (tags.tag_manifests, "tagmanifest")):
        found = tuple(manifest.algorithm for manifest in manifests)
        if found != wanted:
            tags.add_finding(
                "not-canonical", None, expected=f"{kind}: {', '.join(wanted)}", found=", ".join(found) or "none"
            )
    for manifest in tags.tag_manifests:
        stated = tags.tag_stated.get(manifest.name, {})
        _check_exact(tags, manifest.name, format_manifest((BagPath(path), value) for path, value in stated.items()))
        _check_lists_all(tags, manifest, set(stated))
    for name in tags.entries:
        is_ours = "/" not in name and (tags.is_version or name in _OURS or _is_our_manifest(name))
        if not is_ours and not is_left_by_system(tags, name):
            tags.add_finding("not-canonical", name, found="a file that our bags do not have")
    for name in sorted(tags.loose):
        if name in tags.digests and not _is_tag_manifest(name):
            tags.add_finding("not-canonical", name)


def check_folders(bag: Bag, tags: TagFiles) -> None:
    """No manifest states an empty folder (RFC 8493, 2.1.3), and our own bags have none. (our profile)"""
    for folder in bag.empty_folders():
        if advice := advice_on(f"{folder}/"):
            tags.add_finding("system-file", folder[:1000], note=advice)
        else:
            tags.add_finding("not-canonical", folder[:1000], found="an empty folder, which our bags do not have")


def is_left_by_system(tags: TagFiles, name: str) -> bool:
    """True for a tag file that an operating system adds to folders by itself, and that no tag manifest lists."""
    return advice_on(name) is not None and not any(name in listed for listed in tags.tag_stated.values())


def _is_our_manifest(name: str) -> bool:
    match = NAME.match(name)
    return match is not None and match["algorithm"] in BAG_ALGORITHMS


def _written(tags: TagFiles) -> str | None:
    assert tags.info is not None
    try:
        return format_bag_info(tags.info.fields)
    except StatementError:
        return None


def _check_exact(tags: TagFiles, name: str, text: str | None) -> None:
    if name in tags.texts and (text is None or tags.texts[name] != text.encode("utf-8", "surrogateescape")):
        tags.add_finding("not-canonical", name)


def _check_lists_all(tags: TagFiles, manifest: ManifestFile, stated: set[str]) -> None:
    wanted = {name for name in tags.entries if not _is_tag_manifest(name) and not is_left_by_system(tags, name)}
    for name in sorted(wanted ^ stated):
        found = f"does not list {name}" if name in wanted else f"lists {name[:200]}"
        tags.add_finding("not-canonical", manifest.name, found=found)


def strongest_first(algorithms: Iterable[str]) -> list[str]:
    """Algorithms from the one that is hardest to forge down."""
    return sorted(algorithms, key=list(ALGORITHMS).index, reverse=True)
