"""The disclosure commitment: a salted hash tree over everything in a bag, from which a part can be shown later.

Each record, payload file and half of a ledger entry is one leaf. A leaf's salt is derived from the bag's seed, so
nobody without the seed can test whether a withheld leaf holds what they guess. The root is in the tag file
`disclosure.txt`, which the tag manifests and through them every seal cover. (docs/reference/disclosure.md)
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache, partial
from typing import Any

import msgspec
from msgspec import Struct

from archive_manifests import canonical
from archive_manifests.errors import StatementError
from archive_manifests.layout import ARCHIVE, SEED
from archive_manifests.ledger import Ledger, SourceEntry
from archive_manifests.records import RecordLine

SCHEME = "archive-leaf/1"
SMALLEST_TREE = 256
"""Leaves of the smallest tree: a bag with few sources does not show how few."""
SEED_BYTES = 32
_LEAF = b"\x00" + SCHEME.encode() + b"\x00"

_CITATION_FIELDS = ("cited", "citations", "readings", "quotes")
"""What an entry says of the report; every other field says what was captured."""
_SEEDS = re.compile(rb"(?:[0-9a-f]{64}\n)+")
_COMMITMENT = re.compile(
    r"Disclosure-Scheme: (?P<scheme>[!-~]{1,40})\nDisclosure-Root: sha256:(?P<root>[0-9a-f]{64})\n"
    r"Disclosure-Size: (?P<size>[1-9][0-9]{0,11})\n"
)


class Item(Struct, frozen=True):
    """One thing that can be disclosed on its own."""

    kind: str
    """`record`, `file`, `citations`, `capture`, `report`, `passed-over` or `conditions`."""
    ref: str
    """Which one: a record id, a path in the bag, a source id; empty where there is only one of the kind."""
    sha256: bytes
    """Of its bytes: the stored WARC member, the file, the canonical line of the ledger's part."""


class Commitment(Struct, frozen=True):
    """What `disclosure.txt` and `seal.json` state: enough to check any leaf, not enough to guess one."""

    scheme: str
    root: str
    """Hex sha256."""
    size: int
    """Leaves of the tree with its padding, a power of two."""


class Tree:
    """A hash tree over sorted leaves. Node hashes are separated from leaf hashes. (RFC 9162, section 2.1.1)"""

    def __init__(self, leaves: Sequence[bytes]) -> None:
        """`leaves` are sorted hashes, a power of two of them."""
        if not leaves or len(leaves) & (len(leaves) - 1):
            raise ValueError(f"{len(leaves)} leaves; expected a power of two")
        self.levels: list[Sequence[bytes]] = [leaves]
        while len(self.levels[-1]) > 1:
            below, sha256 = self.levels[-1], hashlib.sha256
            # `_node`, without a call for each: a tree has hundreds of thousands.
            self.levels.append([sha256(b"\x01" + a + b).digest() for a, b in zip(below[::2], below[1::2], strict=True)])

    @property
    def root(self) -> bytes:
        return self.levels[-1][0]

    def path(self, index: int) -> list[bytes]:
        """The hashes beside the way from a leaf to the root, lowest first. (RFC 9162, section 2.1.3)"""
        return [level[(index >> depth) ^ 1] for depth, level in enumerate(self.levels[:-1])]


def root_of(leaf: bytes, index: int, path: Iterable[bytes]) -> bytes:
    """The root to which a leaf at `index` and its audit path lead."""
    for beside in path:
        leaf = _node(beside, leaf) if index & 1 else _node(leaf, beside)
        index >>= 1
    return leaf


def _node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def salt_of(seed: bytes, kind: str, ref: str) -> bytes:
    """The salt of one leaf: without the seed, independent of every other."""
    return _keyed(seed)(b"salt\x00%b\x00%b" % (kind.encode(), ref.encode("utf-8", "surrogatepass")))


@lru_cache(maxsize=4)
def _keyed(seed: bytes) -> Callable[[bytes], bytes]:
    """HMAC-SHA-256 with a seed as its key: `hmac.digest` hashes that again for each record of a bag. (RFC 2104)"""
    block_size = hashlib.sha256().block_size
    if len(seed) > block_size:
        return partial(hmac.digest, seed, digest="sha256")
    key = seed.ljust(block_size, b"\0")
    inner = hashlib.sha256(bytes(byte ^ 0x36 for byte in key)).copy
    outer = hashlib.sha256(bytes(byte ^ 0x5C for byte in key)).copy

    def digest(message: bytes) -> bytes:
        within, around = inner(), outer()
        within.update(message)
        around.update(within.digest())
        return around.digest()

    return digest


def leaf_of(salt: bytes, kind: str, sha256: bytes) -> bytes:
    """The hash of one leaf."""
    return hashlib.sha256(b"%b%b%b\x00%b" % (_LEAF, salt, kind.encode(), sha256)).digest()


def stated_leaf(seed: bytes, kind: str, ref: str, sha256: str) -> str:
    """A leaf as a record states it, over a thing with this hex digest: without the seed it confirms no guess."""
    return f"{SCHEME}:{leaf_of(salt_of(seed, kind, ref), kind, bytes.fromhex(sha256)).hex()}"


def nonce_of(seed: bytes) -> str:
    """The nonce of a bag's first custody event, in hex: without it the chain of events could be guessed."""
    return hmac.digest(seed, b"nonce", "sha256")[:16].hex()


def tree_of(seed: bytes, items: Iterable[Item], leaves: Iterable[bytes] = ()) -> Tree:
    """The tree over all items, padded with leaves that stand for nothing and look like any other.

    `leaves` are those of further items.
    """
    leaves = [*leaves, *(leaf_of(salt_of(seed, item.kind, item.ref), item.kind, item.sha256) for item in items)]
    size = SMALLEST_TREE
    while size < len(leaves):
        size *= 2
    keyed = _keyed(seed)
    leaves += [keyed(b"padding\x00%d" % number) for number in range(size - len(leaves))]
    return Tree(sorted(leaves))


def commit(seed: bytes, items: Iterable[Item], leaves: Iterable[bytes] = ()) -> Commitment:
    """The commitment to all items of a bag; `leaves` are those of further items."""
    tree = tree_of(seed, items, leaves)
    return Commitment(SCHEME, tree.root.hex(), len(tree.levels[0]))


def record_leaf(seed: bytes, line: RecordLine) -> bytes:
    """The leaf of one WARC record."""
    return leaf_of(salt_of(seed, "record", line.id), "record", bytes.fromhex(line.sha256))


def record_items(lines: Iterable[RecordLine]) -> Iterator[Item]:
    """One item for each WARC record, by the digest of its stored member."""
    for line in lines:
        yield Item("record", line.id, bytes.fromhex(line.sha256))


def items_of(lines: Iterable[RecordLine], files: Iterable[tuple[str, str]], ledger: Ledger) -> Iterator[Item]:
    """Everything in a bag that can be disclosed on its own; `files` are paths and hex sha256 of the payload."""
    yield from record_items(lines)
    yield from file_items(files)
    yield from ledger_items(ledger)


def file_items(files: Iterable[tuple[str, str]]) -> Iterator[Item]:
    """One item for each payload file (path, hex sha256) but the seed and the WARCs, whose records are items."""
    for path, sha256 in files:
        if path != SEED and not path.startswith(ARCHIVE):
            yield Item("file", path, bytes.fromhex(sha256))


def ledger_items(ledger: Ledger) -> Iterator[Item]:
    """Both halves of every entry, and the parts of the ledger's head."""
    for entry in ledger.sources:
        yield from entry_items(entry)
    for kind, part in head_parts(ledger):
        yield Item(kind, "", hashlib.sha256(part).digest())


def entry_items(entry: SourceEntry) -> Iterator[Item]:
    """Both halves of an entry."""
    for kind, part in (("citations", citations_half(entry)), ("capture", capture_half(entry))):
        yield Item(kind, entry.id, hashlib.sha256(part).digest())


def citations_half(entry: SourceEntry) -> bytes:
    """The canonical bytes of what an entry says of the report: the cited string, its places and readings."""
    fields = msgspec.to_builtins(entry)
    return _canonical({name: fields[name] for name in ("id", *_CITATION_FIELDS) if name in fields})


def capture_half(entry: SourceEntry) -> bytes:
    """The canonical bytes of what an entry says of the capture: every field that is not in the other half."""
    fields = msgspec.to_builtins(entry)
    return _canonical({name: value for name, value in fields.items() if name not in _CITATION_FIELDS})


def head_parts(ledger: Ledger) -> Iterator[tuple[str, bytes]]:
    """The kind and canonical bytes of each part of the ledger's head."""
    fields = msgspec.to_builtins(ledger)
    del fields["sources"]
    yield "report", _canonical(fields.pop("report"))
    if "passed_over" in fields:
        yield "passed-over", _canonical(fields.pop("passed_over"))
    if not fields["conditions"]["accepted_bags"]:
        del fields["conditions"]["accepted_bags"]  # as bags that were made before there was this condition
    yield "conditions", _canonical(fields)


def _canonical(value: Any) -> bytes:
    return canonical.line(value).encode("utf-8", "surrogatepass")


def format_seeds(seeds: Iterable[bytes]) -> str:
    """The text of the seed's file: lower-case hex and LF; the bag's own, then those of the bags that it follows."""
    return "".join(f"{seed.hex()}\n" for seed in seeds)


def parse_seeds(content: bytes) -> tuple[bytes, ...]:
    """Read the seed's file: the bag's own seed, then those of older bags, whose WARCs state leaves that they salt.

    Raises `StatementError`.
    """
    if _SEEDS.fullmatch(content) is None:
        raise StatementError("seed.txt: expected 64 lower-case hex digits and a line feed, for each seed")
    return tuple(map(bytes.fromhex, content.decode().split()))


def parse_seed(content: bytes) -> bytes:
    """The bag's own seed, from the seed's file. Raises `StatementError`."""
    return parse_seeds(content)[0]


def format_commitment(commitment: Commitment) -> str:
    """The text of `disclosure.txt`."""
    return (
        f"Disclosure-Scheme: {commitment.scheme}\n"
        f"Disclosure-Root: sha256:{commitment.root}\n"
        f"Disclosure-Size: {commitment.size}\n"
    )


def parse_commitment(content: bytes) -> Commitment:
    """Read `disclosure.txt`. Raises `StatementError` for anything but the one form that `format_commitment` gives."""
    found = _COMMITMENT.fullmatch(content.decode("ascii", "replace"))
    if found is None:
        raise StatementError("disclosure.txt: expected the lines Disclosure-Scheme, -Root and -Size, in this order")
    if found["scheme"] != SCHEME:
        raise StatementError(f"disclosure.txt: scheme {found['scheme']!r} is not known; expected {SCHEME!r}")
    return Commitment(found["scheme"], found["root"], int(found["size"]))
