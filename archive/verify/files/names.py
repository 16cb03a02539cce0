"""Names that some system cannot keep, or that nobody can tell apart. (RFC 8493, sections 6.1.1 and 6.1.2)"""

from __future__ import annotations

import re
import string
import unicodedata
from array import array
from collections import Counter, defaultdict
from collections.abc import Callable, Generator, Iterable, Iterator
from itertools import islice

from archive.bag.interface import Entry
from archive.verify.files.inventory import Found
from archive_manifests.finding_codes import make_finding
from archive_manifests.findings import Finding
from archive_manifests.paths import BagPath

_PLAIN = (string.ascii_letters + string.digits + "._-+=@#$%&~,;'!(){}[]^` /\0").encode()
_FORBIDDEN = re.compile(r'[<>:"|?*\\\x00-\x1f\x7f]')
_RESERVED = re.compile(r"(?:con|prn|aux|nul|com[1-9]|lpt[1-9])(?:\..*)?\Z", re.IGNORECASE | re.DOTALL)
_DEVICE = re.compile("/(?:con|prn|aux|nul|com|lpt)")
_BLOCK = 4096
_LONGEST = 255


def odd_names(paths: Iterable[str]) -> Iterator[tuple[str, str, str]]:
    """Yield path, code and what is odd about it. Blocks of plain names are passed over at once."""
    waiting = iter(paths)
    while block := list(islice(waiting, _BLOCK)):
        if _plain_block(block) is None:
            for path in block:
                yield from _odd(path)


def _plain_block(block: list[str]) -> list[str] | None:
    """Plain names in lower case, a slash before each; None where one of them needs a closer look."""
    text = "/" + "\0/".join(block)
    encoded = text.encode("utf-8", "surrogateescape")
    if encoded.translate(None, _PLAIN) or len(max(block, key=len)) > _LONGEST:
        return None
    marks = ("./", ".\0", " /", " \0") if " " in text else ("./", ".\0")
    if any(mark in text for mark in marks) or text.endswith((".", " ")):
        return None
    lower = text.lower()
    names = lower.split("\0")
    return names if len(names) == len(block) and _DEVICE.search(lower) is None else None


def _odd(path: str) -> Iterator[tuple[str, str, str]]:
    unsafe = {part for part in path.split("/") if _is_unsafe(part)}
    if unsafe:
        yield path, "name-unsafe", min(unsafe)
    if not path.isascii():
        try:
            path.encode()
        except UnicodeEncodeError:
            yield path, "name-unencodable", ascii(path)
    hidden = [character for character in path if unicodedata.category(character) in ("Cc", "Cf", "Zl", "Zp")]
    if hidden:
        yield path, "name-control", " ".join(f"U+{ord(character):04X}" for character in hidden[:8])


def _is_unsafe(part: str) -> bool:
    return bool(_FORBIDDEN.search(part)) or part.endswith((".", " ")) or bool(_RESERVED.match(part)) or _is_long(part)


def _is_long(part: str) -> bool:
    return len(part) > _LONGEST


def normalised(path: str) -> str:
    """One spelling for all that look the same. (RFC 8493, 6.1.1.4)"""
    return path if path.isascii() else unicodedata.normalize("NFC", path)


def folded(path: str) -> str:
    """One spelling for all that macOS and Windows take for the same."""
    return path.lower() if path.isascii() else unicodedata.normalize("NFC", normalised(path).casefold())


def _all_folded(paths: list[str]) -> Iterable[str]:
    """The same for many: as one text where they are ASCII, as nearly all are."""
    text = "\0".join(paths)
    are_plain = text.isascii() and text.count("\0") == len(paths) - 1
    return text.lower().split("\0") if are_plain else map(folded, paths)


def twins(paths: Iterable[str]) -> list[list[str]]:
    """Groups of paths that differ in case or normalisation alone."""
    every = list(paths)
    # Numbers first: they tell that there are no twins, which is nearly always so, at a tenth of the memory.
    numbers = array("q")
    for start in range(0, len(every), _BLOCK):
        numbers.extend(map(hash, _all_folded(every[start : start + _BLOCK])))
    shares = 1 + len(numbers) // _SHARE
    repeated = {number for share in range(shares) for number in _repeated(numbers, share, shares)}
    if not repeated:
        return []
    groups: defaultdict[str, list[str]] = defaultdict(list)
    for path, number in zip(every, numbers, strict=True):
        if number in repeated:
            groups[folded(path)].append(path)
    return [sorted(group) for group in groups.values() if len(group) > 1]


def looked_at(names: list[str]) -> Generator[None, None, bool]:
    """Look at names block by block; True, at the end, where nothing is odd about any, and none is another's twin.

    False also where a closer look is needed, or where there are too many for one look.
    """
    if len(names) > _SHARE:
        return False
    seen: set[int] = set()
    for start in range(0, len(names), _BLOCK):
        plain = _plain_block(names[start : start + _BLOCK])
        if plain is None:
            return False
        seen.update(map(hash, plain))
        yield
    return len(seen) == len(names)


_SHARE = 200_000
"""How many numbers are looked at together, so that the set of them stays small."""


def _repeated(numbers: array[int], share: int, shares: int) -> set[int]:
    """The numbers of one part that are there more than once."""
    part = [number for number in numbers if number % shares == share] if shares > 1 else numbers
    if len(set(part)) == len(part):
        return set()
    counted = Counter(part)
    return {number for number in part if counted[number] > 1}


ReadAs = Callable[[str, Entry], Iterable[Finding]]
"""Reads a file and holds it against what is stated for another spelling of its name."""


def tolerate_spellings(found: Found, read_as: ReadAs, *, is_old: bool) -> Iterator[Finding]:
    """Look for listed files that are missing under another spelling of their names. (RFC 8493, 6.1.1)"""
    missing = [path for path in found.missing() if not path.isascii() or any(mark in path for mark in "%\r\n")]
    if not missing:
        return
    others = {normalised(path): path for path in found.unlisted}
    there = {normalised(path): path for path in found.stated.row_of if not path.isascii() and found.is_there(path)}
    for path in missing:
        other, twin = others.get(normalised(path)), there.get(normalised(path))
        decoded, encoded = BagPath.decoded(path).text, BagPath(path).encoded()
        if is_old and decoded in found.unlisted:
            # Bags before 1.0 were written both ways: with encoded line ends and without.
            yield from _taken(found, path, decoded, read_as)
        elif not is_old and encoded in found.unlisted:
            # bagit.py and Fedora's tools write names as they are, and call the bag 1.0 (bagit-python #157).
            yield from _taken(found, path, encoded, read_as)
            yield make_finding("name-percent", BagPath(encoded), expected=path)
        elif other in found.unlisted:
            yield from _taken(found, path, other, read_as)
            yield make_finding("name-normalised", BagPath(other), expected=path)
        elif twin is not None and found.digests(path) == found.digests(twin):
            # Listed in two spellings, there in one: right where both state the same.
            found.account_for(path)
            yield make_finding("name-normalised", BagPath(twin), expected=path)


def _taken(found: Found, path: str, other: str, read_as: ReadAs) -> Iterable[Finding]:
    entry = found.unlisted.pop(other)
    found.account_for(path)
    found.otherwise_named[other] = entry.size
    return read_as(path, entry)


def name_findings(found: Found, tag_files: Iterable[str]) -> Iterator[Finding]:
    """Twins, and names that do not travel, among all files that are there."""
    names = [*found.sizes(), *tag_files]
    for path, code, what in odd_names(names):
        yield make_finding(code, BagPath(path), found=what)
    for group in twins(names):
        for path in group[1:]:
            yield _twin(found, group[0], path)


def _twin(found: Found, first: str, path: str) -> Finding:
    """Twins by case get lost on some systems; twins by normalisation nobody can tell apart."""
    if normalised(first) != normalised(path):
        return make_finding("name-case-twins", BagPath(path), found=first)
    are_listed = first in found.stated.row_of and path in found.stated.row_of
    is_same = are_listed and found.digests(first) == found.digests(path)
    return make_finding("name-twins" if is_same else "name-twins-differ", BagPath(path), found=first)
