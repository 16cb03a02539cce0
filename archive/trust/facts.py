"""What a seal states of a bag, computed from the bag itself, wherever it lies. Payload is counted, not read."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from archive.bag.open import Bag, Broken, Entry
from archive.errors import UsageProblem
from archive_manifests.paths import BagPath
from archive_manifests.seal import EVENTS, SealedFacts, TagManifestDigests

_TAG_MANIFEST = re.compile(r"tagmanifest-([a-z0-9]+)\.txt\Z")
_STRONG = ("sha256", "sha512")
_LARGEST_TAG_FILE = 256 << 20
_LINE = re.compile(r"([0-9A-Fa-f]+)[ \t]+\*?([^\r\n]+)")
_IDENTIFIER = re.compile(r"^External-Identifier[ \t]*:[ \t]*(.*?)[ \t]*$", re.IGNORECASE | re.MULTILINE)


class NotSealable(UsageProblem):
    """What lies there is no bag that a seal could speak for."""


@dataclass(slots=True)
class _Read:
    """What one pass over a bag has gathered."""

    tags: dict[str, dict[str, str]] = field(default_factory=dict)
    """Path of every tag file -> its digests."""
    texts: dict[str, bytes] = field(default_factory=dict)
    files: int = 0
    octets: int = 0
    events_head: str | None = None


def read_facts(bag: Bag) -> SealedFacts:
    """Compute what a seal states. Raises `NotSealable` where the bag has no strong tag manifest, or breaks one.

    Every tag file is compared with the tag manifests: whoever signs vouches at least for a bag whose lists agree.
    """
    try:
        read = _read(bag)
    except Broken as broken:
        raise NotSealable(f"{bag.location}: cannot be read to its end ({broken.note})") from broken
    manifests = tuple(
        TagManifestDigests(path, digests["sha256"], digests["sha512"])
        for path, digests in sorted(read.tags.items())
        if _TAG_MANIFEST.match(path)
    )
    if not any(_algorithm(one.file) in _STRONG for one in manifests):
        raise NotSealable(f"{bag.location}: no tagmanifest-sha256.txt or -sha512.txt, so a seal would cover nothing")
    for one in manifests:
        _check_manifest(bag, read, one.file)
    found = _IDENTIFIER.search(read.texts.get("bag-info.txt", b"").decode("utf-8", "replace"))
    return SealedFacts(found[1] if found else None, manifests, read.files, read.octets, read.events_head)


def _read(bag: Bag) -> _Read:
    read = _Read()
    for entry, chunks in bag.stream():
        if entry.path.startswith("data/"):
            read.files += 1
            read.octets += entry.size
            if entry.path == EVENTS:
                read.events_head = _last_line(chunks)
        else:
            _read_tag_file(read, entry, chunks)
    return read


def _read_tag_file(read: _Read, entry: Entry, chunks: Iterator[bytes]) -> None:
    if entry.size > _LARGEST_TAG_FILE:
        raise NotSealable(f"{entry.path}: {entry.size:,} bytes are too much for a tag file")
    content = b"".join(chunks)
    read.tags[entry.path] = {name: hashlib.new(name, content).hexdigest() for name in _STRONG}
    if entry.path == "bag-info.txt" or _TAG_MANIFEST.match(entry.path):
        read.texts[entry.path] = content


def _last_line(chunks: Iterator[bytes]) -> str | None:
    """Hex sha256 of the last line with its LF; memory holds one line and one chunk."""
    last, line = b"", b""
    for chunk in chunks:
        *whole, line_start = (line + chunk).splitlines(keepends=True) or [b""]
        if line_start.endswith(b"\n"):
            last, line = line_start, b""
        else:
            last, line = (whole[-1] if whole else last), line_start
    final = line or last
    return hashlib.sha256(final).hexdigest() if final else None


def _check_manifest(bag: Bag, read: _Read, name: str) -> None:
    """Compare what a tag manifest states with the tag files. Paths that are payload are `verify`'s business."""
    algorithm = _algorithm(name)
    if algorithm not in _STRONG:
        return
    for line in read.texts[name].decode("utf-8", "replace").splitlines():
        found = _LINE.fullmatch(line)
        if found is None:
            continue
        path = BagPath.decoded(found[2]).text
        if not path.startswith("data/") and read.tags.get(path, {}).get(algorithm) != found[1].lower():
            raise NotSealable(
                f"{bag.location}: {path} is not what {name} states; `archive verify` says more. Nothing was sealed"
            )


def _algorithm(name: str) -> str:
    found = _TAG_MANIFEST.match(name)
    return found[1] if found else ""
