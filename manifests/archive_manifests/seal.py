"""The seal (`BAG.seal/seal.json`): what a finished bag is, in the few lines that are signed and timestamped.

It has no count and no size: a copy that withholds a part carries the seal along, and must not show how much is missing.
"""

from __future__ import annotations

import hashlib

from msgspec import Struct
from msgspec.structs import fields

from archive_manifests import canonical, layout, signature_namespaces
from archive_manifests.disclosure import Commitment
from archive_manifests.errors import StatementError

SCHEMA = "archive.seal/2"
PURPOSE = "archive-bag-seal"
NAMESPACE = signature_namespaces.SEAL
"""What a signature over a seal is bound to, so that it can stand for nothing else. (PROTOCOL.sshsig, `namespace`)"""

EVENTS = layout.EVENTS


class TagManifestDigests(Struct, frozen=True):
    """The digests of one tag manifest's own bytes: each covers every tag file, and through them every payload file.

    Of a bag without one in SHA-256 or SHA-512: of one tag file of its root.
    """

    file: str
    """`tagmanifest-sha256.txt`."""
    sha256: str
    sha512: str


class SealedFacts(Struct, frozen=True):
    """What a seal states of a bag: computed at sealing, and again at verification."""

    bag_id: str | None
    """External-Identifier of `bag-info.txt`, the first where there are several; None where there is none."""
    tag_manifests: tuple[TagManifestDigests, ...]
    """Every `tagmanifest-*.txt` of the root, or every tag file where none of these is strong, in name order."""
    events_head: str | None
    """Hex sha256 of the last line of `data/provenance/events.jsonl` with its LF; None where that file is not there."""
    disclosure: Commitment | None
    """What `disclosure.txt` states; None where it is not there or cannot be read."""

    @property
    def log_root(self) -> str:
        """What the first line of the custody log beside the bag follows: the bag's own last event, else its seal.

        Hex sha256. A log that followed on nothing could be laid beside any other bag without events.
        """
        return self.events_head or hashlib.sha256(document(self)).hexdigest()


class Seal(Struct, frozen=True):
    """The document. Field order is the order in the file."""

    schema: str
    purpose: str
    bag_id: str | None
    tag_manifests: tuple[TagManifestDigests, ...]
    events_head: str | None
    disclosure: Commitment | None


def document(facts: SealedFacts) -> bytes:
    """The bytes of `seal.json`: a pure function of the finished bag, so that sealing again changes nothing."""
    stated = {field.name: getattr(facts, field.name) for field in fields(SealedFacts)}
    return canonical.document(Seal(schema=SCHEMA, purpose=PURPOSE, **stated)).encode()


def parse(content: bytes) -> SealedFacts:
    """Read `seal.json`. Raises `StatementError` for anything but the one spelling that `document` gives."""
    seal = canonical.parse(content, Seal, what="seal.json")
    if (seal.schema, seal.purpose) != (SCHEMA, PURPOSE):
        raise StatementError(
            f"seal.json: {seal.schema!r} for {seal.purpose!r} is not known here; expected {SCHEMA!r} for {PURPOSE!r}"
        )
    facts = SealedFacts(**{field.name: getattr(seal, field.name) for field in fields(SealedFacts)})
    if document(facts) != content:
        raise StatementError("seal.json: not in its one spelling; it was edited or re-encoded after sealing")
    return facts


def differences(stated: SealedFacts, found: SealedFacts) -> list[tuple[str, str, str]]:
    """What a seal states and the bag is not: (name, stated, found), in the seal's order."""
    pairs = [(field.name, getattr(stated, field.name), getattr(found, field.name)) for field in fields(SealedFacts)]
    return [(name, _describe(one), _describe(other)) for name, one, other in pairs if one != other]


def _describe(value: object) -> str:
    if isinstance(value, tuple):
        return ", ".join(f"{entry.file} sha256:{entry.sha256}" for entry in value) or "none"
    if isinstance(value, Commitment):
        return f"sha256:{value.root} over {value.size} leaves ({value.scheme})"
    return "none" if value is None else str(value)
