"""Compares the digests that were read with those that the manifests state."""

from __future__ import annotations

from collections.abc import Iterator

from archive.bag.tagfiles import ManifestFile, TagFiles
from archive.verify.files.structure import strongest_first
from archive_manifests.finding_codes import make_finding
from archive_manifests.findings import Finding
from archive_manifests.fixity import Fixity
from archive_manifests.paths import BagPath
from archive_manifests.payload import WEAK, manifest_name


def check_tag_fixity(tags: TagFiles) -> list[Finding]:
    """Hold every tag file against every tag manifest that lists it, and against payload manifests that do."""
    findings = [found for manifest in tags.payload_manifests for found in _listed_by(tags, manifest)]
    for path, found in tags.digests.items():
        stated = {
            manifest.algorithm: tags.tag_stated[manifest.name][path]
            for manifest in tags.tag_manifests
            if path in tags.tag_stated.get(manifest.name, ())
        }
        findings += compare(path, stated, found, is_tag=True)
    return findings


def _listed_by(tags: TagFiles, manifest: ManifestFile) -> Iterator[Finding]:
    """Tag files that a payload manifest lists, as some writers did before 1.0."""
    for path, stated in tags.tag_stated.get(manifest.name, {}).items():
        found = tags.digests.get(path, {}).get(manifest.algorithm, stated)
        if found != stated:
            facts = {"expected": f"{manifest.algorithm}:{stated}", "found": f"{manifest.algorithm}:{found}"}
            yield make_finding("tag-file-altered", BagPath(path), **facts, note=f"listed in {manifest.name}")


def compare(path: str, stated: dict[str, str], found: dict[str, str], *, is_tag: bool) -> list[Finding]:
    """The findings on one file. Where a strong digest agrees, it is the manifest that was altered."""
    wrong = strongest_first(algorithm for algorithm in stated if stated[algorithm] != found[algorithm])
    right = strongest_first(stated.keys() - wrong)
    if not wrong:
        return []
    if any(algorithm not in WEAK for algorithm in right):
        return [_blamed(manifest_name(one, is_tag), path, Fixity(one, stated[one]), right[0]) for one in wrong]
    code = "tag-file-altered" if is_tag else "payload-altered"
    facts = {"expected": str(Fixity(wrong[0], stated[wrong[0]])), "found": str(Fixity(wrong[0], found[wrong[0]]))}
    return [make_finding(code, BagPath(path), **facts)]


def _blamed(manifest: str, path: str, stated: Fixity, agreeing: str) -> Finding:
    note = f"the {agreeing} stated for {path} is right: the manifest was altered, not the file"
    return make_finding("manifest-altered", BagPath(manifest), found=f"{stated} for {path}", note=note)
