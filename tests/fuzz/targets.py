"""What is fuzzed: each target takes any bytes, and nothing but an `ArchiveError` or findings may come of them."""

from __future__ import annotations

import contextlib
import importlib.util
import io
import shutil
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from types import ModuleType

from archive.bag.fetch_file import read_fetch_file
from archive.http import MessageReader
from archive.http.oddities import oddities_of
from archive.page.bag_info import info_fields
from archive.page.page import render_page
from archive.page.page_content import PageContent
from archive.ssh import allowed_signers
from archive.ssh import signature as sshsig
from archive.ssh.revoked_keys import parse_revoked
from archive.timestamp import cms, crl, token
from archive.timestamp.revocation import Revocations
from archive.timestamp.trusted_list import parse_trusted_list, qualification_at
from archive.trust import custody_log
from archive.trust.anchors import load_anchors
from archive.trust.custody_signatures import check_custody
from archive.verify.files.control_files import ControlFiles
from archive.verify.records.generated_texts import check_events
from archive.verify.records.warc_log import read_log
from archive.verify.run import verify
from archive.verify.seal.when import answer_when
from archive.verify.seal.who import answer_who
from archive.warc.reader import read_records
from archive.warc.report import Fault, ScannedRecord
from archive.warc.scan import WarcScan
from archive_manifests import canonical, cdxj, datapackage, pages, profiles, receipt, records, seal, source_toml, surt
from archive_manifests import ledger as ledgers
from archive_manifests.errors import ArchiveError
from archive_manifests.findings import State
from archive_manifests.paths import BagPath
from archive_manifests.payload import ALGORITHMS, parse_manifest
from archive_manifests.premis import premis_xml
from archive_manifests.tags import VERSIONS, Oxum, format_bag_info, parse_bag_info, parse_declaration, parse_oxum
from archive_manifests.tagtext import ENCODINGS
from tests.archive.verify import evidence_bag
from tests.fuzz import seeds
from tests.world.sealed_bag import file_key

Run = Callable[[bytes], None]

_VERSIONS = sorted(VERSIONS)
_ENCODINGS = sorted(ENCODINGS)


@dataclass(frozen=True)
class Target:
    """One parser, and what mutation of its input starts from."""

    name: str
    run: Run
    seeds: Callable[[], list[bytes]]


TARGETS: dict[str, Target] = {}


def target(name: str, seeds_of: Callable[[], list[bytes]]) -> Callable[[Run], Run]:
    def enter(run: Run) -> Run:
        TARGETS[name] = Target(name, run, seeds_of)
        return run

    return enter


def choice(data: bytes, at: int) -> int:
    return data[at] if len(data) > at else 0


# Tag files.


@target("manifest", lambda: [bytes([9, 5, 4, 0]) + seeds.MANIFEST, bytes([3, 0, 1, 1]) + seeds.MANIFEST])
def manifest(data: bytes) -> None:
    algorithm = sorted(ALGORITHMS)[choice(data, 0) % len(ALGORITHMS)]
    version = _VERSIONS[choice(data, 1) % len(_VERSIONS)]
    encoding = _ENCODINGS[choice(data, 2) % len(_ENCODINGS)]
    found = parse_manifest(data[4:], algorithm, tag=bool(choice(data, 3) & 1), version=version, encoding=encoding)
    in_drops = parse_manifest(
        [data[at : at + 3] for at in range(4, len(data), 3)],
        algorithm,
        tag=bool(choice(data, 3) & 1),
        version=version,
        encoding=encoding,
    )
    assert found == in_drops, "how the bytes come must not matter"
    for path in found.entries:
        path.encoded()


@target("declaration", lambda: [seeds.DECLARATION, b"\xef\xbb\xbf" + seeds.DECLARATION])
def declaration(data: bytes) -> None:
    parse_declaration(data)


@target("bag-info", lambda: [bytes([5, 4]) + seeds.BAG_INFO, bytes([0, 1]) + seeds.BAG_INFO])
def bag_info(data: bytes) -> None:
    version = _VERSIONS[choice(data, 0) % len(_VERSIONS)]
    info = parse_bag_info(data[2:], version=version, encoding=_ENCODINGS[choice(data, 1) % len(_ENCODINGS)])
    for _, value in info.fields:
        parse_oxum(value)


@target("fetch", lambda: [bytes([5, 4]) + seeds.FETCH])
def fetch(data: bytes) -> None:
    version = _VERSIONS[choice(data, 0) % len(_VERSIONS)]
    read_fetch_file([data[2:]], version=version, encoding=_ENCODINGS[choice(data, 1) % len(_ENCODINGS)])


# What we state.


@target("ledger", lambda: [seeds.texts()["data/sources.json"]])
def ledger(data: bytes) -> None:
    ledgers.from_json(data)
    files = seeds.texts() | {"data/sources.json": data}
    evidence_bag.coverage_findings(files)
    evidence_bag.warc_findings(files)


@target("generated", lambda: [seeds.texts()["data/sources.json"]])
def generated(data: bytes) -> None:
    """What verifying makes again from a ledger that anybody may have written."""
    stated = ledgers.from_json(data)
    text = seeds.texts()["data/report/text.txt"].decode()
    lines = evidence_bag.log_of(evidence_bag.warcs())
    files = {path: len(content) for path, content in seeds.texts().items()}
    content = PageContent(ledger=stated, text=text, records=lines, events=evidence_bag.events(), files=files)
    page = render_page(content)
    page.encode("utf-8", "surrogatepass")
    premis_xml(stated, evidence_bag.events(), [(path, 1, "a", "b") for path in files]).encode("utf-8", "surrogatepass")
    with contextlib.suppress(ArchiveError):
        format_bag_info(info_fields(stated, Oxum(1, 1), "0" * 64, "2026-11-22"))


@target("toml", lambda: [seeds.toml()])
def toml(data: bytes) -> None:
    stated = source_toml.from_toml(data.decode("utf-8", "replace"))
    assert source_toml.from_toml(source_toml.to_toml(stated)) == stated


@target("profile", lambda: [b'id = "x"\ntitle = "X"\n'])
def profile(data: bytes) -> None:
    profiles.parse(data.decode("utf-8", "replace"), "a profile")


@target("records", lambda: [seeds.texts()["data/provenance/records.jsonl"]])
def records_log(data: bytes) -> None:
    path = BagPath("data/provenance/records.jsonl")
    log, _ = read_log(ControlFiles(contents={path: data}, sizes={path.text: len(data)}))
    assert log is not None
    for line in log:
        cdxj.index_line(line)
    evidence_bag.warc_findings(seeds.texts() | {path.text: data})


@target("record-line", lambda: seeds.texts()["data/provenance/records.jsonl"].splitlines(keepends=True)[:2])
def record_line(data: bytes) -> None:
    records.parse_line(data, 1)


@target("cdxj", lambda: [seeds.texts()["data/indexes/index.cdx"]])
def index(data: bytes) -> None:
    list(cdxj.parse_index(data.decode("utf-8", "replace")))


@target("surt", lambda: [b"https://www.sn4hr.org:443/A/../b?b&a;sid=0123456789abcdef0123456789abcdef#c"])
def surt_key(data: bytes) -> None:
    surt.key(data.decode("utf-8", "surrogateescape"))


@target("pages", lambda: [seeds.texts()["data/pages/pages.jsonl"]])
def pages_list(data: bytes) -> None:
    pages.parse_pages(data)


@target("datapackage", lambda: [seeds.texts()["data/datapackage.json"]])
def package_list(data: bytes) -> None:
    evidence_bag.warc_findings(seeds.texts() | {"data/datapackage.json": data})
    datapackage.parse_datapackage(data)


@target("events", lambda: [seeds.texts()["data/provenance/events.jsonl"]])
def events(data: bytes) -> None:
    list(check_events(data))


@target("canonical", lambda: [b'{"a": [1, "b"]}'])
def canonical_json(data: bytes) -> None:
    canonical.is_document(data)
    canonical.is_line(data)


# The seal and what lies beside it.


@target("seal", lambda: [seeds.sealed()["seal.json"]])
def seal_json(data: bytes) -> None:
    assert seal.document(seal.parse(data)) == data


@target("receipt", lambda: [seeds.receipt()])
def receipt_json(data: bytes) -> None:
    assert receipt.document(receipt.parse(data)) == data


@target("custody", lambda: [seeds.texts()["data/provenance/events.jsonl"]])
def custody(data: bytes) -> None:
    assert custody_log.parse_log(data, None).text == data


@target("sshsig", lambda: [seeds.sealed()["sig"]])
def signature(data: bytes) -> None:
    with contextlib.suppress(sshsig.BadSignature):
        assert sshsig.armoured(sshsig.parse(data)) == data


@target("signers", lambda: [b'a@b namespaces="archive-bag",valid-after="20260101" ssh-ed25519 AAAA\n'])
def signers(data: bytes) -> None:
    allowed_signers.parse(data)


@target("revoked", lambda: [file_key(1).public_key.text.encode() + b" lost\n", seeds.key_list()])
def revoked(data: bytes) -> None:
    parse_revoked(data).holds(file_key(1).public_key)


@target("crl", seeds.revocation_lists)
def revocation_lists(data: bytes) -> None:
    chain = seeds.chain()
    lists = crl.parse_lists(data, "a.crl")
    certificates = (chain.leaf, chain.issuing, chain.root)
    now = datetime(2026, 11, 22, tzinfo=UTC)
    revocations = Revocations(lists, (chain.root,), certificates, now)
    revocations.why_revoked([certificates], now)
    list(revocations.newest([certificates]))
    list(revocations.unusable([certificates]))


@target("trusted-list", seeds.trusted_lists)
def trusted_list(data: bytes) -> None:
    chain = seeds.chain()
    found = parse_trusted_list(data, "a.xml")
    qualification_at((chain.leaf, chain.issuing), datetime(2026, 11, 22, tzinfo=UTC), [found])


@target("trust-folder", seeds.trust_files)
def trust_folder(data: bytes) -> None:
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        (folder / "tsa").mkdir()
        (folder / "tsa" / "any").write_bytes(data)
        (folder / "allowed_signers").write_bytes(b"anna " + file_key(1).public_key.text.encode() + b"\n")
        load_anchors(folder)


@target("seal-folder", lambda: [seeds.seal_folder_blob()])
def seal_files(data: bytes) -> None:
    """Whatever lies in a seal folder: no signer and no earlier time comes of it than was there."""
    scene = seeds.seal_scene()
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "R1.seal"
        seeds.unpack_blob(data, folder)
        who, _ = answer_who(folder, scene.facts, scene.anchors, scene.now)
        when, _ = answer_when(folder, scene.facts, scene.anchors, scene.now)
        check_custody(folder, scene.facts.events_head, scene.anchors, scene.now)
        if who.state is State.PASSED:
            assert (folder / scene.signature).read_bytes() == scene.files[scene.signature]
            assert (folder / "seal.json").read_bytes() == scene.files["seal.json"]
        if when.state is State.PASSED:
            assert when.facts["not_later_than"] == scene.not_later_than


@target("timestamp", lambda: [seeds.sealed()["tsr"]])
def reply(data: bytes) -> None:
    with contextlib.suppress(cms.BrokenToken):
        stamp = token.read_reply(data)
        token.check_covers(stamp, b"x")


@target("query", lambda: [seeds.sealed()["tsq"]])
def query(data: bytes) -> None:
    token.read_query(data)


# WARCs.


def _scan(data: bytes, step: int, name: str) -> tuple[list[ScannedRecord], list[Fault]]:
    scan = WarcScan(BagPath(f"data/archive/{name}"))
    for at in range(0, len(data), step):
        scan.feed(data[at : at + step])
    report = scan.close()
    return list(report.records()), list(report.faults)


@target("http", lambda: [seeds.HTTP, seeds.HTTP_CHUNKED])
def http(data: bytes) -> None:
    """A response as the network client and the WARC reader read it: whole, and byte by byte."""
    seen = []
    for step in (max(len(data), 1), 1):
        payload = bytearray()
        reader = MessageReader(payload.extend)
        for at in range(0, len(data), step):
            if reader.feed(data[at : at + step]) < min(step, len(data) - at):
                break
        head = reader.head
        seen.append((head, reader.head_size, reader.body_size, reader.framing, reader.is_whole, bytes(payload)))
        if head is not None:
            oddities_of(reader.raw_head, head)
    assert seen[0] == seen[1], "how the bytes come must not matter"


@target("warc", lambda: [seeds.warcs()[0]])
def warc_plain(data: bytes) -> None:
    _read_warc(data, "s01.warc")


@target("warc-gz", lambda: seeds.warcs()[1:])
def warc_gz(data: bytes) -> None:
    _read_warc(data, "s01.warc.gz")


@target("warc-member", lambda: [seeds.warcs()[0]])
def warc_member(data: bytes) -> None:
    """The content of a gzip member that is sound itself: mutation would never get past a CRC."""
    from tests.archive.warc.warc_bytes import member

    _read_warc(member(data, 1), "s01.warc.gz")


def _read_warc(data: bytes, name: str) -> None:
    """Two readers, and one of them in drops, must agree on what is sound; where it is, on what is in it too."""
    found, faults = _scan(data, 1 << 20, name)
    in_drops, observed = _scan(data, 7 if len(data) < 4096 else 97, name)
    assert bool(faults) == bool(observed)
    if not faults:
        assert found == in_drops
    read = []
    try:
        for record in read_records(io.BytesIO(data)):
            read.append(record)
            for _ in record.payload():
                pass
    except ArchiveError:
        assert faults, "what one reader refuses the other one says is sound"
    if not faults:
        assert [record.id for record in read if not record.truncated] == [record.id for record in found]


# Packages, folders, and the program that stands alone.


@lru_cache
def _place() -> Path:
    base = Path("/dev/shm") if Path("/dev/shm").is_dir() else None  # noqa: S108 -- a folder of its own is made in it
    return Path(tempfile.mkdtemp(prefix="fuzz-", dir=base))


def _verify_package(data: bytes, name: str) -> None:
    place = _place() / name
    place.write_bytes(data)
    verify(place, jobs=1)


@target("tar", lambda: [seeds.packages()["tar"]])
def tar(data: bytes) -> None:
    _verify_package(data, "bag.tar")


@target("tar-gz", lambda: [seeds.packages()["tar.gz"]])
def tar_gz(data: bytes) -> None:
    _verify_package(data, "bag.tar.gz")


@target("tar-in-gz", lambda: [seeds.packages()["tar"]])
def tar_in_gz(data: bytes) -> None:
    from tests.archive.warc.warc_bytes import member

    _verify_package(member(data, 1), "bag.tgz")


@target("zip", lambda: [seeds.packages()["zip"]])
def zipped(data: bytes) -> None:
    _verify_package(data, "bag.zip")


def patched(data: bytes, files: dict[str, bytes]) -> dict[str, bytes]:
    """The files with the changes that the bytes spell: which file, where, how many bytes go, what comes instead."""
    changed, names, at = dict(files), sorted(files), 0
    while at + 6 <= len(data):
        which, place, goes, comes = data[at], int.from_bytes(data[at + 1 : at + 3], "big"), data[at + 3], data[at + 4]
        name, at = names[which % len(names)], at + 5
        old = changed[name]
        place = min(place, len(old))
        changed[name] = old[:place] + data[at : at + comes] + old[place + goes :]
        at += comes
    return changed


def _lay_down(files: dict[str, bytes], name: str) -> Path:
    base = _place() / name
    shutil.rmtree(base, ignore_errors=True)
    for path, content in files.items():
        place = base / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content)
    return base


def _retagged(files: dict[str, bytes]) -> dict[str, bytes]:
    """Manifests made right again for the payload: else a broken digest is all that is ever seen."""
    import hashlib

    stated = "".join(
        f"{hashlib.sha256(data).hexdigest()}  {name}\n" for name, data in sorted(files.items()) if name[:5] == "data/"
    )
    retained = {name: data for name, data in files.items() if "sha512" not in name and not name.startswith("tagmanifest")}
    return retained | {"manifest-sha256.txt": stated.encode()}


def _patches() -> list[bytes]:
    return [bytes([which, 0, 20, 1, 2]) + b"ab" for which in range(0, 16, 3)]


@target("folder", _patches)
def folder(data: bytes) -> None:
    files = patched(data[1:], seeds.folder_files())
    verify(_lay_down(_retagged(files) if choice(data, 0) & 1 else files, "R1"), jobs=1)


@lru_cache
def _alone() -> ModuleType:
    path = Path(__file__).parents[2] / "archive/verify/alone/verify.py"
    spec = importlib.util.spec_from_file_location("alone_verify", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@target("alone", _patches)
def alone(data: bytes) -> None:
    files = patched(data[1:], seeds.folder_files())
    base = _lay_down(_retagged(files) if choice(data, 0) & 1 else files, "R2")
    requested, sys.argv = sys.argv, ["verify.py", str(base)]
    try:
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
            assert _alone().main() in (0, 1, 3)
    finally:
        sys.argv = requested


def run(name: str, data: bytes) -> None:
    """Run one target. Any other exception than an expected one is what is looked for."""
    with contextlib.suppress(ArchiveError):
        TARGETS[name].run(data)


from tests.fuzz import served_targets  # noqa: E402, F401 -- enters its targets into the table
