"""Tag files round payload that is given: how the small bag of a seal, a partner's version and a part are made."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from archive.handover.contents import Contents, Member, contents, text_member
from archive_manifests.paths import BagPath
from archive_manifests.payload import format_manifest, manifest_name
from archive_manifests.tags import DECLARATION, format_bag_info

Fields = Sequence[tuple[str, str]]

_NAMESPACE = uuid.UUID("0c0f4a5e-3f3c-5f0e-8a63-7a4de0a6c0b7")
"""Under which such a bag's identifier is made from its payload manifest. (RFC 9562, section 5.5)"""


def identifier_of(digests: Mapping[str, str]) -> str:
    """The External-Identifier of a bag with this payload: the same payload is the same bag."""
    text = format_manifest({BagPath(path): digest for path, digest in digests.items()})
    return f"urn:uuid:{uuid.uuid5(_NAMESPACE, hashlib.sha256(text.encode('utf-8', 'surrogateescape')).hexdigest())}"


def new_bag(
    name: str,
    moment: datetime,
    payload: Iterable[Member],
    digests: Mapping[str, Mapping[str, str]],
    info: Fields,
    *,
    tag_algorithms: Sequence[str],
    more: Mapping[str, bytes] | None = None,
) -> Contents:
    """A bag of BagIt 1.0. `digests` are hex by algorithm and payload path; `more` are tag files that go along."""
    texts = {"bagit.txt": DECLARATION.encode(), "bag-info.txt": format_bag_info(info).encode(), **(more or {})}
    for algorithm, stated in digests.items():
        entries = {BagPath(path): digest for path, digest in stated.items()}
        texts[manifest_name(algorithm)] = format_manifest(entries).encode("utf-8", "surrogateescape")
    tagged = {}
    for algorithm in tag_algorithms:
        entries = {BagPath(path): hashlib.new(algorithm, text).hexdigest() for path, text in texts.items()}
        tagged[manifest_name(algorithm, tag=True)] = format_manifest(entries).encode()
    every = {**texts, **tagged}
    return contents(name, moment, [*payload, *(text_member(path, text) for path, text in every.items())])
