"""A small sound bag of ours made by hand, and ways to seal it, for what is tried on seals alone."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from archive.bag.open import open_bag
from archive.seal.facts import read_facts
from archive.seal.sign import add_signature, write_seal
from archive.ssh.keys import FileKey
from archive.timestamp.token import make_query
from archive.trust.seal_folder import list_folder, next_stamp, write_file
from archive_manifests.disclosure import commit, format_commitment
from archive_manifests.layout import DISCLOSURE, README
from archive_manifests.seal import SealedFacts
from tests.world.time_authority import Chain, Way, make_reply

PAYLOAD = {
    "data/report/original.pdf": b"%PDF-1.7 a report\n",
    "data/report/text.txt": "شهادة — a testimony\n".encode(),
    "data/media/s01/clip.mp4": bytes(range(256)) * 8,
    "data/provenance/events.jsonl": b'{"seq":1}\n{"seq":2}\n',
}


def make_bag(folder: Path, payload: dict[str, bytes] | None = None) -> Path:
    """Write a valid bag of BagIt 1.0 at `folder`."""
    files = dict(PAYLOAD if payload is None else payload)
    octets = sum(len(content) for content in files.values())
    tags = {
        "bagit.txt": b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n",
        "bag-info.txt": f"External-Identifier: urn:uuid:{folder.name}\nPayload-Oxum: {octets}.{len(files)}\n".encode(),
        DISCLOSURE: format_commitment(commit(bytes(32), [])).encode(),
        README: b"How to check this bag.\n",
    }
    for algorithm in ("sha256", "sha512"):
        tags[f"manifest-{algorithm}.txt"] = _manifest(files, algorithm)
    tag_manifests = {f"tagmanifest-{algorithm}.txt": _manifest(tags, algorithm) for algorithm in ("sha256", "sha512")}
    for path, content in (files | tags | tag_manifests).items():
        place = folder / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content)
    return folder


def _manifest(files: dict[str, bytes], algorithm: str) -> bytes:
    lines = [f"{hashlib.new(algorithm, content).hexdigest()}  {path}\n" for path, content in sorted(files.items())]
    return "".join(lines).encode()


def facts_of(bag: Path) -> SealedFacts:
    with open_bag(bag) as opened:
        return read_facts(opened)


def file_key(seed: int) -> FileKey:
    """A key that is the same in every run."""
    return FileKey(Ed25519PrivateKey.from_private_bytes(bytes([seed]) * 32))


@dataclass(frozen=True)
class SealedBag:
    """A bag with its seal folder beside it."""

    bag: Path
    folder: Path
    facts: SealedFacts
    content: bytes

    def sign(self, key: FileKey) -> str:
        return add_signature(self.folder, self.content, key)

    def stamp(self, target: str, chain: Chain, way: Way | None = None, time: datetime | None = None) -> str:
        """Store a reply made by hand, unchecked, over a file of the seal; return its name."""
        query = make_query((self.folder / target).read_bytes())
        if time is not None:
            way = Way(time=time)
        return self.store(target, query, make_reply(query, chain, way or Way()))

    def store(self, target: str, query: bytes, reply: bytes) -> str:
        listing = list_folder(self.folder)
        assert listing is not None
        stem = next_stamp(listing, target)
        write_file(self.folder, f"{stem}.tsq", query)
        write_file(self.folder, f"{stem}.tsr", reply)
        return f"{stem}.tsr"


def make_sealed_bag(folder: Path, payload: dict[str, bytes] | None = None) -> SealedBag:
    """A bag with a `seal.json` and nothing else in its seal."""
    bag = make_bag(folder, payload)
    beside = folder.with_name(f"{folder.name}.seal")
    facts = facts_of(bag)
    return SealedBag(bag, beside, facts, write_seal(beside, facts))
