"""The audit path of one part of a bag: the hashes between its leaf and the root. (RFC 9162, section 2.1.3)"""

from __future__ import annotations

import re

from msgspec import Struct

from archive_manifests import canonical
from archive_manifests.disclosure import SCHEME, leaf_of, root_of
from archive_manifests.errors import StatementError

SCHEMA = "archive.audit-path/1"
_HASH = re.compile(r"[0-9a-f]{64}")


class AuditPath(Struct, frozen=True):
    """That one part is a leaf of a bag's disclosure tree."""

    schema: str
    scheme: str
    kind: str
    """`record` or `file`."""
    ref: str
    """The record's id, or the path of the file in the bag."""
    salt: str
    """Hex. It opens this leaf and no other."""
    index: int
    """Of the leaf among the sorted leaves, from 0."""
    size: int
    """Leaves of the tree, a power of two."""
    path: tuple[str, ...]
    """Hex hashes beside the way to the root, lowest first."""
    root: str
    """Hex."""

    def leads_to_root(self, sha256: bytes) -> bool:
        """True where bytes with this digest are the leaf from which the path leads to the root."""
        leaf = leaf_of(bytes.fromhex(self.salt), self.kind, sha256)
        return root_of(leaf, self.index, map(bytes.fromhex, self.path)).hex() == self.root


def format_path(path: AuditPath) -> str:
    return canonical.document(path)


def parse_path(content: bytes) -> AuditPath:
    """Read `proof.json` strictly. Raises `StatementError`."""
    path = canonical.parse(content, AuditPath, what="proof.json")
    if (path.schema, path.scheme) != (SCHEMA, SCHEME):
        raise StatementError(f"proof.json: {path.schema!r} with {path.scheme!r} is not known here")
    if any(_HASH.fullmatch(each) is None for each in (path.salt, path.root, *path.path)):
        raise StatementError("proof.json: salt, root and path are hashes of 64 lower-case hex digits")
    if path.size != 1 << len(path.path) or not 0 <= path.index < path.size:
        raise StatementError("proof.json: `size`, `index` and the length of `path` contradict each other")
    return path
