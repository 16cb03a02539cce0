"""Files beside a package: its checksum as coreutils write it, and the transfer list."""

from __future__ import annotations

import re
from collections.abc import Iterable

from msgspec import Struct

from archive.errors import StatementError
from archive.handover.writing import Written
from archive.version import AGENT
from archive_manifests import canonical
from archive_manifests.seal import SealedFacts, TagManifestDigests

SCHEMA = "archive.transfer/1"
CHECKSUM_LIMIT = 1 << 20

_CHECKSUM = re.compile(r"([0-9a-fA-F]{64}) [ *](.+)\Z")


class TransferFile(Struct, frozen=True):
    """One file that was handed over."""

    name: str
    octets: int
    sha256: str
    what: str
    """`bag`, `part 1 of 3`, `seal`, `web archive`."""


class TransferList(Struct, frozen=True):
    """The document. Field order is the order in the file."""

    schema: str
    bag: str
    bag_id: str | None
    tag_manifests: tuple[TagManifestDigests, ...]
    """Of the bag as it was sealed, also where a partner's version of it travels."""
    profile: str | None
    packed: str
    """When, in UTC."""
    by: str | None
    """The sender's pseudonym."""
    software: str
    files: tuple[TransferFile, ...]


def transfer_list(
    name: str, facts: SealedFacts, profile: str | None, packed: str, by: str | None, files: Iterable[TransferFile]
) -> str:
    listed = TransferList(SCHEMA, name, facts.bag_id, facts.tag_manifests, profile, packed, by, AGENT, tuple(files))
    return canonical.document(listed)


def parse_transfer_list(content: bytes) -> TransferList:
    """Read a transfer list. Raises `StatementError`."""
    listed = canonical.parse(content, TransferList, what="transfer list")
    if listed.schema != SCHEMA:
        raise StatementError(f"transfer list: {listed.schema!r} is not known here; expected {SCHEMA!r}")
    return listed


def checksum_line(written: Written, name: str) -> str:
    """As `sha256sum` writes it and `sha256sum -c` reads it. (coreutils, sha2 utilities)"""
    return f"{written.sha256}  {name}\n"


def parse_checksum(content: bytes, name: str) -> str | None:
    """The digest that a checksum file states for `name`, None where it does not speak of it."""
    for line in content.decode("utf-8", "surrogateescape").splitlines():
        found = _CHECKSUM.match(line)
        if found and found[2].rpartition("/")[2] == name:
            return found[1].lower()
    return None
