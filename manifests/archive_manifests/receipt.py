"""The receipt of a handed-over bag: what was received, how it was judged, when and by whom. Signed by the receiver."""

from __future__ import annotations

from msgspec import Struct

from archive_manifests import canonical, signature_namespaces
from archive_manifests.errors import StatementError
from archive_manifests.seal import TagManifestDigests

SCHEMA = "archive.receipt/1"
NAMESPACE = signature_namespaces.RECEIPT
"""What a signature over a receipt is bound to: it can never stand for a seal. (PROTOCOL.sshsig, `namespace`)"""


class Package(Struct, frozen=True):
    """The received file."""

    name: str
    octets: int
    sha256: str
    encrypted: bool


class Answered(Struct, frozen=True):
    """One of verify's six answers, without the names by which the receiver knows signers."""

    state: str
    """`passed`, `failed`, `not-checked` or `absent`."""
    why: str | None = None
    keys: tuple[str, ...] = ()
    """Fingerprints of the keys whose signatures hold."""


class Receipt(Struct, frozen=True):
    """The document. Field order is the order in the file."""

    schema: str
    bag: str
    """The base directory's name."""
    bag_id: str | None
    tag_manifests: tuple[TagManifestDigests, ...]
    """By these the bag is recognised, and through them every byte of it."""
    files: int
    octets: int
    """Of the payload, counted as it was received."""
    events_head: str | None
    seal_sha256: str | None
    """Of `seal.json` as received."""
    custody_head: str | None
    """Hex sha256 of the last line of `custody.jsonl` as received."""
    packages: tuple[Package, ...]
    """One, or the parts of a bag that came in parts."""
    profile: str | None
    """The profile that it was checked against, besides BagIt itself."""
    answers: dict[str, Answered]
    complete: bool
    valid: bool
    """As RFC 8493, section 3, means both."""
    errors: int
    warnings: int
    received: str
    """When, in UTC, by the receiver's clock."""
    by: str | None
    """The receiver's pseudonym."""
    software: str


def document(receipt: Receipt) -> bytes:
    return canonical.document(receipt).encode()


def parse(content: bytes) -> Receipt:
    """Read a receipt. Raises `StatementError` for anything but the one spelling that `document` gives."""
    receipt = canonical.parse(content, Receipt, what="receipt")
    if receipt.schema != SCHEMA:
        raise StatementError(f"receipt: {receipt.schema!r} is not known here; expected {SCHEMA!r}")
    if document(receipt) != content:
        raise StatementError("receipt: not in its one spelling; it was edited or re-encoded")
    return receipt
