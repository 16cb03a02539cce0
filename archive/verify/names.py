"""Names that some system cannot keep, or that nobody can tell apart. (RFC 8493, sections 6.1.1 and 6.1.2)"""

from __future__ import annotations

import re
import string
import unicodedata
from array import array
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from itertools import islice

_PLAIN = (string.ascii_letters + string.digits + "._-+=@#$%&~,;'!(){}[]^` /\0").encode()
_FORBIDDEN = re.compile(r'[<>:"|?*\\\x00-\x1f\x7f]')
_RESERVED = re.compile(r"(?:con|prn|aux|nul|com[1-9]|lpt[1-9])(?:\..*)?\Z", re.IGNORECASE | re.DOTALL)
_DEVICES = ("/con", "/prn", "/aux", "/nul", "/com", "/lpt")
_BLOCK = 4096
_LONGEST = 255


def odd_names(paths: Iterable[str]) -> Iterator[tuple[str, str, str]]:
    """Yield path, code and what is odd about it. Blocks of plain names are passed over at once."""
    waiting = iter(paths)
    while block := list(islice(waiting, _BLOCK)):
        if not _is_plain_block(block):
            for path in block:
                yield from _odd(path)


def _is_plain_block(block: list[str]) -> bool:
    text = "/" + "\0/".join(block) + "\0"
    encoded = text.encode("utf-8", "surrogateescape")
    if encoded.translate(None, _PLAIN) or len(max(block, key=len)) > _LONGEST:
        return False
    if any(mark in text for mark in ("./", " /", ".\0", " \0")):
        return False
    lower = text.lower()
    return not any(device in lower for device in _DEVICES)


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


def twins(paths: Iterable[str]) -> list[list[str]]:
    """Groups of paths that differ in case or normalisation alone."""
    every = list(paths)
    # Numbers first: they tell that there are no twins, which is nearly always so, at a tenth of the memory.
    numbers = array("q", (hash(folded(path)) for path in every))
    shares = 1 + len(numbers) // _SHARE
    repeated = {number for share in range(shares) for number in _repeated(numbers, share, shares)}
    if not repeated:
        return []
    groups: defaultdict[str, list[str]] = defaultdict(list)
    for path, number in zip(every, numbers, strict=True):
        if number in repeated:
            groups[folded(path)].append(path)
    return [sorted(group) for group in groups.values() if len(group) > 1]


_SHARE = 100_000
"""How many numbers are looked at together, so that the set of them stays small."""


def _repeated(numbers: array[int], share: int, shares: int) -> set[int]:
    """The numbers of one part that are there more than once."""
    part = [number for number in numbers if number % shares == share]
    if len(set(part)) == len(part):
        return set()
    counted = Counter(part)
    return {number for number in part if counted[number] > 1}
