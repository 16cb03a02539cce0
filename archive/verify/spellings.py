"""Names that are spelled in two ways: the same letters on disk and in a manifest, or in two files."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from archive.bag.interface import Entry
from archive.verify.catalogue import tell
from archive.verify.findings import Finding
from archive.verify.found import Found
from archive.verify.names import normalised, odd_names, twins
from archive_manifests.paths import BagPath

ReadAs = Callable[[str, Entry], Iterable[Finding]]
"""Reads a file and holds it against what is stated for another spelling of its name."""


def tolerate_spellings(found: Found, read_as: ReadAs, *, is_old: bool) -> Iterator[Finding]:
    """Look for listed files that are missing under another spelling of their names. (RFC 8493, 6.1.1)"""
    missing = [path for path in found.missing() if not path.isascii() or (is_old and "%" in path)]
    if not missing:
        return
    others = {normalised(path): path for path in found.unlisted}
    there = {normalised(path): path for path in found.stated.row_of if not path.isascii() and found.is_there(path)}
    for path in missing:
        other, twin = others.get(normalised(path)), there.get(normalised(path))
        decoded = BagPath.decoded(path).text
        if is_old and decoded in found.unlisted:
            # Bags before 1.0 were written both ways: with encoded line ends and without.
            yield from _taken(found, path, decoded, read_as)
        elif other in found.unlisted:
            yield from _taken(found, path, other, read_as)
            yield tell("name-normalised", BagPath(other), expected=path)
        elif twin is not None and found.digests(path) == found.digests(twin):
            # Listed in two spellings, there in one: right where both state the same.
            found.account_for(path)
            yield tell("name-normalised", BagPath(twin), expected=path)


def _taken(found: Found, path: str, other: str, read_as: ReadAs) -> Iterable[Finding]:
    entry = found.unlisted.pop(other)
    found.account_for(path)
    found.otherwise_named[other] = entry.size
    return read_as(path, entry)


def name_findings(found: Found, tag_files: Iterable[str]) -> Iterator[Finding]:
    """Twins, and names that do not travel, among all files that are there."""
    names = [*found.sizes(), *tag_files]
    for path, code, what in odd_names(names):
        yield tell(code, BagPath(path), found=what)
    for group in twins(names):
        for path in group[1:]:
            yield _twin(found, group[0], path)


def _twin(found: Found, first: str, path: str) -> Finding:
    """Twins by case get lost on some systems; twins by normalisation nobody can tell apart."""
    if normalised(first) != normalised(path):
        return tell("name-case-twins", BagPath(path), found=first)
    are_listed = first in found.stated.row_of and path in found.stated.row_of
    is_same = are_listed and found.digests(first) == found.digests(path)
    return tell("name-twins" if is_same else "name-twins-differ", BagPath(path), found=first)
