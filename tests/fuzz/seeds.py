"""What mutation starts from: sound texts, tokens and packages, and a few that are nearly so."""

from __future__ import annotations

import io
import re
import tarfile
import tempfile
import zipfile
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from archive.seal.sealing import SealOrder, seal_bag
from archive.ssh import allowed_signers
from archive.ssh.allowed_signers import entry_line
from archive.ssh.encoding import string
from archive.timestamp.crl import parse_lists
from archive.timestamp.token import make_query
from archive.trust.anchors import Anchors
from archive_manifests import receipt as receipts
from archive_manifests import source_toml
from archive_manifests.seal import SealedFacts, TagManifestDigests
from archive_manifests.sources import Citation, Report, Source, SourceManifest, Supplied
from tests.archive.timestamp.test_trusted_list import GRANTED, service, trusted_list
from tests.archive.trust.test_revocation import crl
from tests.archive.verify import evidence_bag
from tests.archive.verify.sample_bags import make_bag
from tests.archive.warc import warc_bytes
from tests.world.sealed_bag import file_key, make_sealed_bag
from tests.world.time_authority import NOW, Chain, Way, make_chain, make_reply

MANIFEST = (
    b"%b  data/a.txt\n%b  data/100%%25.txt\n%b *data/%b\n%b ./data/x\n"
    % (b"0" * 64, b"A" * 64, b"1" * 64, "ج.txt".encode(), b"2" * 64)
)
BAG_INFO = (
    b"Source-Organization: A\nBagging-Date: 2026-11-22\nPayload-Oxum: 12.3\n"
    b"External-Description: folded\n  here\nBag-Count: 1 of 2\npayload-oxum: 12.3\nTitle: " + "شاهد".encode() + b"\n"
)
DECLARATION = b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
FETCH = b"https://example.org/a%20b 12 data/a.txt\nhttps://example.org/b - data/100%25.txt\n"


@lru_cache
def texts() -> dict[str, bytes]:
    """The control files of a small sound bag of ours, by path."""
    return evidence_bag.make()


def toml() -> bytes:
    source = Source(
        cited="https://sn4hr.org/a",
        citations=(Citation(page=1, line=2, offset=3, length=4, anchor="هنا", context="a\tb"),),
        candidates=("https://sn4hr.org/b",),
        successor="https://sn4hr.org/c",
        supplied=(Supplied("files/a.png", "screenshot", "A", "2026-11-22"),),
    )
    return source_toml.to_toml(SourceManifest(Report("R1", title="T", published=False), (source,))).encode()


@lru_cache
def sealed() -> dict[str, bytes]:
    """The files of a seal: `seal.json`, a signature, a query, a reply."""
    with tempfile.TemporaryDirectory() as folder:
        bag = make_sealed_bag(Path(folder) / "R1")
        signature = bag.sign(file_key(1))
        files = {"seal.json": bag.content, "sig": (bag.folder / signature).read_bytes()}
    query = make_query(files["sig"])
    reply = make_reply(query, make_chain("ec", "Loopback Time"), Way(time=datetime(2026, 11, 22, tzinfo=UTC)))
    return files | {"tsq": query, "tsr": reply}


def warcs() -> list[bytes]:
    """Sound files, plain and gzipped, and one of each kind of body."""
    chunked = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n"
    records = [*warc_bytes.sound(), warc_bytes.record("response", 9, chunked), *warc_bytes.sound("WARC/1.0")]
    return [b"".join(records), warc_bytes.zipped(records), warc_bytes.zipped(warc_bytes.sound()), warc_bytes.member(b"".join(records))]


@lru_cache
def folder_files() -> dict[str, bytes]:
    """Every file of a small bag with a ledger, a log and WARCs."""
    with tempfile.TemporaryDirectory() as folder:
        base = make_bag(Path(folder) / "R1", texts())
        return {str(place.relative_to(base)): place.read_bytes() for place in base.rglob("*") if place.is_file()}


@lru_cache
def packages() -> dict[str, bytes]:
    """A small bag as each kind of package."""
    files = small_bag()
    plain, packed, archive = io.BytesIO(), io.BytesIO(), io.BytesIO()
    for out, mode in ((plain, "w:"), (packed, "w:gz")):
        with tarfile.open(fileobj=out, mode=mode, format=tarfile.PAX_FORMAT) as tar:
            for name, data in files.items():
                entry = tarfile.TarInfo(f"bag/{name}")
                entry.size = len(data)
                tar.addfile(entry, io.BytesIO(data))
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as zipped:
        for name, data in files.items():
            zipped.writestr(f"bag/{name}", data)
    return {"tar": plain.getvalue(), "tar.gz": packed.getvalue(), "zip": archive.getvalue()}


@lru_cache
def small_bag() -> dict[str, bytes]:
    with tempfile.TemporaryDirectory() as folder:
        base = make_bag(Path(folder) / "bag", {"data/a.txt": b"one\n", "data/ج.txt": b"two\n"})
        return {str(place.relative_to(base)): place.read_bytes() for place in base.rglob("*") if place.is_file()}


def receipt() -> bytes:
    """A receipt in its one spelling."""
    package = receipts.Package("R1.tar", 10_240, "0" * 64, encrypted=False)
    answers = {"structure": receipts.Answered("passed"), "who": receipts.Answered("absent", "no seal", ("SHA256:x",))}
    manifests = (TagManifestDigests("tagmanifest-sha256.txt", "1" * 64, "2" * 128),)
    return receipts.document(
        receipts.Receipt(
            *(receipts.SCHEMA, "R1", "urn:uuid:x", manifests, 3, 4, None, None, None, (package,), None, answers),
            *(True, True, 0, 1, "2026-11-22T10:00:00Z", None, "evidence-archive 0.1.0"),
        )
    )


HTTP = (
    b"HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\nHTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n"
    b"X-Folded: a\r\n b\r\nContent-Length: 5, 5\r\n\r\nhello"
)
HTTP_CHUNKED = (
    b"\r\nhttp/1.1 200\nTransfer-Encoding : gzip, chunked\r\nContent-Length: 3\r\n\r\n"
    b"5;a=b\r\nhello\r\n0003\nabc\r\n0\r\nTrailer: 1\r\n\r\nmore"
)


@lru_cache
def chain() -> Chain:
    return make_chain("ec", "Loopback Time")


def key_list() -> bytes:
    """A KRL with one key, by hand. (PROTOCOL.krl)"""
    section = string(file_key(1).public_key.blob)
    head = b"SSHKRL\n\0" + (1).to_bytes(4, "big") + bytes(24) + string(b"") + string(b"comment")
    return head + b"\2" + string(section)


def revocation_lists() -> list[bytes]:
    whole = crl(chain(), chain().leaf.serial_number, NOW, x509.ReasonFlags.certificate_hold)
    der = crl(chain(), chain().issuing.serial_number, NOW, by_root=True, form=Encoding.DER)
    return [whole, whole + whole, der]


def trusted_lists() -> list[bytes]:
    return [trusted_list(service(chain().issuing, GRANTED))]


def trust_files() -> list[bytes]:
    root = chain().root_pem
    return [root, chain().root.public_bytes(Encoding.DER), root + revocation_lists()[0], *trusted_lists()]


@dataclass(frozen=True)
class SealScene:
    """A seal folder that a trusted signer and a trusted authority stand behind."""

    files: dict[str, bytes]
    facts: SealedFacts
    anchors: Anchors
    signature: str
    not_later_than: str
    now: datetime


@lru_cache
def seal_scene() -> SealScene:
    with tempfile.TemporaryDirectory() as place:
        made = make_sealed_bag(Path(place) / "R1")
        made.stamp(made.sign(file_key(1)), chain())
        seal_bag(made.bag, made.folder, SealOrder((file_key(1),)), None, None, NOW)
        files = {path.name: path.read_bytes() for path in made.folder.iterdir()}
    line = entry_line("anna")(file_key(1).public_key)
    lists = parse_lists(crl(chain(), 7, NOW) + crl(chain(), 7, NOW, by_root=True), "a.crl")
    anchors = Anchors(allowed_signers.parse(f"{line}\n".encode()), (chain().root,), crls=lists)
    name = f"{file_key(1).public_key.safe_name}.sig"
    return SealScene(files, made.facts, anchors, name, "2026-11-22T10:00:01Z", NOW + timedelta(days=1))


def seal_folder_blob() -> bytes:
    """Every file of the seal as `name NUL length NUL content`, without the page for people."""
    files = {name: content for name, content in seal_scene().files.items() if name != "statement.html"}
    return b"".join(b"%b\0%d\0%b" % (name.encode(), len(content), content) for name, content in sorted(files.items()))


def unpack_blob(data: bytes, folder: Path) -> None:
    """The reverse, of any bytes: what makes no plain name is left out."""
    folder.mkdir()
    while data:
        name, _, rest = data.partition(b"\0")
        length, _, rest = rest.partition(b"\0")
        size = int(length) if length.isdigit() and len(length) < 7 else len(rest)
        text = name.decode("ascii", "replace")
        if re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]{0,100}", text):
            (folder / text).write_bytes(rest[:size])
        data = rest[size:]
