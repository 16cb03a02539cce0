"""What `verify` advises to do next: the one command that helps further."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archive_cli.output import message
from archive_manifests.findings import Severity, State

if TYPE_CHECKING:
    from pathlib import Path

    from archive.verify.result.verification import Verification
    from archive_manifests.findings import Finding

_CUT = "package-broken"
_NO_BAG = {"declaration-missing", "manifest-missing", "payload-folder-missing"}
_STRIPPED = ("signature-missing", "stamp-missing")
_EXPLAINED_FIRST = ("payload-altered", "payload-missing")
"""Codes that say more about a damaged bag than the others: these name the file."""
_PACKED = (".tar", ".tar.gz", ".zip")


def is_no_bag(findings: tuple[Finding, ...]) -> bool:
    """Whether everything is missing that makes a folder a bag. (RFC 8493, section 2.1)"""
    return {finding.code for finding in findings} >= _NO_BAG


def bag_around_part(found: Verification) -> Path | None:
    """The bag of which a folder that is none is a part."""
    from archive.bag.open import bag_around

    return bag_around(found.bag) if is_no_bag(found.findings) and "://" not in str(found.bag) else None


def bag_below(folder: Path) -> Path | None:
    """The bag in a folder that is none itself, as where a person names the folder above it; the first by name."""
    if not folder.is_dir() or (folder / "bagit.txt").exists():
        return None
    return min((each.parent for each in folder.glob("*/bagit.txt")), default=None)


def first_explained(codes: list[str]) -> str:
    """The code of several that says most about what is wrong."""
    return next((code for code in codes if code in _EXPLAINED_FIRST), codes[0])


def renamed_seal(found: Verification) -> Path | None:
    """The seal of a bag that was renamed, beside it under the name that the bag had; None where no such seal is."""
    from archive.trust.renamed import seal_under_another_name

    if found.answers["who"].state is not State.ABSENT or found.tagmanifest is None or "://" in str(found.bag):
        return None
    return seal_under_another_name(found.bag, found.tagmanifest)


def next_step(found: Verification, findings: tuple[Finding, ...]) -> str:
    """The one command that helps further: the worst finding explained, else the seal or what takes such a file."""
    from archive.verify.result.headline import Headline
    from archive_cli.shell import shell_path

    errors = [finding.code for finding in findings if finding.severity is Severity.ERROR]
    if found.headline in (Headline.NOT_EXPECTED, Headline.NOT_EXPECTED_ALONE, Headline.NOT_EXPECTED_SEALED):
        return message("verify.next_not_expected")
    if _CUT in errors:
        return f"archive help {_CUT}"
    if (bag := bag_around_part(found)) is not None:
        return f"archive verify {shell_path(bag)}"
    if is_no_bag(findings) and "://" not in str(found.bag) and (bag := bag_below(found.bag)) is not None:
        return f"archive verify {shell_path(bag)}"
    if errors:
        return f"archive help {first_explained(errors)}"
    if stripped := next((finding.code for finding in findings if finding.code in _STRIPPED), None):
        return f"archive help {stripped}"
    if found.form in ("wacz", "warc"):
        file = shell_path(found.bag)
        return f"archive import {file} --report REPORT; archive supply BAG SOURCE {file} --how TEXT"
    if found.form == "seal":
        return _next_of_seal(found.bag)
    if found.form == "eark":
        return f"archive receive {shell_path(found.bag)}"
    if found.answers["who"].state is State.ABSENT:
        if (seal := renamed_seal(found)) is not None:
            return f"archive verify {shell_path(found.bag)} --seal {shell_path(seal)}"
        if "origin" in found.answers:
            return message("verify.next_copy")
        return f"archive sign {shell_path(found.bag)} --key KEY"
    if State.NOT_CHECKED in (found.answers["who"].state, found.answers["when"].state):
        if found.trust:
            return message("verify.next_trusted")
        return f"archive verify {shell_path(found.bag)} --trust FOLDER; archive help trust"
    return f"archive show {shell_path(found.bag)}"


def _next_of_seal(package: Path) -> str:
    """The bag of a seal that was packaged: a signature is checked with what it is over."""
    from archive.bag.interface import stem
    from archive_cli.shell import shell_path

    name = stem(package.name).removesuffix(".seal")
    beside = [place for place in (package.with_name(f"{name}{end}") for end in _PACKED) if place.is_file()]
    return f"archive receive {shell_path(beside[0] if beside else package.with_name(f'{name}.tar'))}"
