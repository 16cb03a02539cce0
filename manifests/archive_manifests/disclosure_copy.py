"""The documents of a disclosure copy: the leaves of the tree, a proof for each part, what is withheld."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import pairwise

from msgspec import Struct

from archive_manifests import canonical, layout
from archive_manifests.disclosure import SCHEME, Tree, leaf_of
from archive_manifests.errors import StatementError
from archive_manifests.sources import Report
from archive_manifests.tags import Oxum

Fields = list[tuple[str, str]]

FOLDER = "data/disclosure/"
LEAVES = layout.COPY_LEAVES
PROOFS = layout.COPY_PROOFS
RECORD_LEAVES = f"{FOLDER}records.txt"
"""The leaves of the tree over the records alone, which the run's closing timestamp covers; only where that is in it."""
WITHHELD = layout.COPY_WITHHELD
REDACTED = "data/report/redacted.txt"
"""The report's text without the citations of what is withheld: derived, proven by nothing."""
LEDGER_FOLDER = "data/ledger/"
"""The canonical bytes of each disclosed part of the original's ledger."""
PROFILE = "https://evidence-archive.org/profiles/disclosure-copy-1.json"
"""The `BagIt-Profile-Identifier` of a disclosure copy."""

README = """This is a disclosure copy: a part of a larger bag, whose other parts are withheld.

Every file outside the list "derived" of data/disclosure/withheld.json is byte for byte a part of the original. Each has
a line in data/disclosure/proofs.jsonl, which shows that it is a leaf of the hash tree in data/disclosure/leaves.txt.
The root of that tree is in the original's seal.json, in the folder with the ending .seal beside this copy; signatures
and timestamps over that seal are beside it. The files named "derived" were made for this copy and prove nothing.

Check it: archive verify THIS-FOLDER, or verify.py THIS-FOLDER, or by hand as docs/reference/disclosure.md describes.
"""
"""The text of its README, the same in every copy."""
LABELS = (
    "External-Description",
    "Bagging-Date",
    "Payload-Oxum",
    "Bag-Group-Identifier",
    "BagIt-Profile-Identifier",
    "Bag-Software-Agent",
    "Access",
)
"""The labels of its `bag-info.txt`. What they state is the word of whoever made the copy."""


def described(title: str, access: str, ident: str, disclosed: int) -> Fields:
    """What `bag-info.txt` of a copy says of its content: `verify` says it again and compares."""
    return [
        ("External-Description", f"Disclosure copy: {disclosed} of the sources cited by {' '.join(title.split())}"),
        ("Bag-Group-Identifier", ident),
        ("Access", access),
    ]


def info_fields(report: Report, title: str, disclosed: int, payload: Oxum, day: str, agent: str) -> Fields:
    """All of `bag-info.txt` of a copy, in order; `day` is when it was made, `2026-11-22`."""
    description, group, access = described(title, report.access, report.id, disclosed)
    return [
        description,
        ("Bagging-Date", day),
        ("Payload-Oxum", str(payload)),
        group,
        ("BagIt-Profile-Identifier", PROFILE),
        ("Bag-Software-Agent", agent),
        access,
    ]


REASONS = ("safety", "consent", "privacy", "legal")
"""Why something is withheld; a court may have a code of its own."""
_REASON = re.compile(r"[a-z][a-z0-9-]{0,39}\Z")
_LEAVES = re.compile(rb"(?:[0-9a-f]{64}\n)+\Z")


class Proof(Struct, frozen=True):
    """That one thing in the copy is a leaf of the original's tree."""

    kind: str
    ref: str
    salt: str
    """Hex. It opens this leaf and no other."""
    path: str
    """Where the copy has the bytes."""
    offset: int | None = None
    """Of a record: bytes from the start of its file to the stored member."""
    length: int | None = None
    """Of a record: bytes of the stored member."""

    def leaf(self, sha256: bytes) -> bytes:
        """The leaf hash over bytes with this digest."""
        return leaf_of(bytes.fromhex(self.salt), self.kind, sha256)


class Withheld(Struct, frozen=True):
    """What the copy leaves out, as far as its maker says."""

    schema: str
    scheme: str
    because: str
    disclosed: tuple[str, ...]
    """Ids of the sources that are in the copy."""
    sources: int | None
    """How many sources of the original are not in the copy; None where the maker does not say."""
    derived: tuple[str, ...]
    """Payload files that were made for the copy, so that nothing proves them."""


def is_reason(text: str) -> bool:
    """True for a code such as `safety`."""
    return _REASON.match(text) is not None


def least_withheld(disclosed: Iterable[str]) -> int:
    """How many sources a copy withholds at least: ids count up from `s01`, and a copy withholds one."""
    numbers = [int(ident[1:]) for ident in disclosed if re.fullmatch(r"s[0-9]{2,6}", ident)]
    return max(1, max(numbers, default=0) - len(numbers))


def withheld_document(withheld: Withheld) -> str:
    """The text of `withheld.json`."""
    return canonical.document(withheld)


def parse_withheld(content: bytes) -> Withheld:
    """Read `withheld.json`. Raises `StatementError`."""
    withheld = canonical.parse(content, Withheld, what="withheld.json")
    if (withheld.schema, withheld.scheme) != ("archive.disclosure/1", SCHEME):
        raise StatementError(f"withheld.json: {withheld.schema!r} with {withheld.scheme!r} is not known here")
    return withheld


def leaves_text(tree: Tree) -> str:
    """The text of `leaves.txt`."""
    return "".join(f"{leaf.hex()}\n" for leaf in tree.levels[0])


def parse_leaves(content: bytes) -> Tree:
    """Read `leaves.txt`. Raises `StatementError` where it is not sorted, or not a power of two of distinct leaves."""
    if _LEAVES.match(content) is None:
        raise StatementError("leaves.txt: expected 64 lower-case hex digits on each line")
    leaves = [bytes.fromhex(line.decode()) for line in content.split()]
    if len(leaves) & (len(leaves) - 1):
        raise StatementError(f"leaves.txt: {len(leaves):,} leaves; expected a power of two")
    if any(one >= other for one, other in pairwise(leaves)):
        raise StatementError("leaves.txt: the leaves are not sorted, or one is there twice")
    return Tree(leaves)


def proof_lines(proofs: Iterable[Proof]) -> Iterator[str]:
    """The lines of `proofs.jsonl`."""
    return (canonical.line(proof) for proof in proofs)


def parse_proofs(content: bytes) -> list[Proof]:
    """Read `proofs.jsonl`. Raises `StatementError`."""
    proofs = []
    for number, line in enumerate(content.splitlines(keepends=True), start=1):
        proof = canonical.parse(line, Proof, what="proofs.jsonl", at_line=number)
        if re.fullmatch(r"[0-9a-f]{64}", proof.salt) is None:
            raise StatementError(f"proofs.jsonl line {number}: a salt is 64 lower-case hex digits", line=number)
        proofs.append(proof)
    return proofs


def ledger_path(kind: str, ref: str) -> str:
    """Where a part of the ledger is in the copy: `data/ledger/s01.capture.json`, `data/ledger/report.json`."""
    return f"{LEDGER_FOLDER}{ref}.{kind}.json" if ref else f"{LEDGER_FOLDER}{kind}.json"
