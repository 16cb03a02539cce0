"""Any subset of sources: whoever owns all that is withheld finds nothing of it in the copy.

The control is the same bag with the withheld files deleted: that leaks.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import re
import shutil
import tempfile
import zlib
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.bag.open import open_bag
from archive.disclose.disclose import DisclosureOrder, disclose
from archive.fetch.fetch import fetch
from archive.fetch.input import read_order
from archive.seal.facts import read_facts
from archive.seal.sign import add_signature, write_seal
from archive.trust.seal_folder import seal_folder
from archive.verify.run import verify
from archive_manifests import disclosure, layout
from archive_manifests.disclosure_copy import LEAVES, PROOFS
from archive_manifests.findings import State
from tests.archive.disclose.test_disclose import trusting
from tests.archive.fetch.test_pilot import settings_for
from tests.world import World, media_bytes
from tests.world.sealed_bag import file_key
from tests.world.site import Page, Site, file, html, redirect

NOW = datetime(2026, 11, 30, tzinfo=UTC)
WORDS = "<p>" + "What happened that day in the town. " * 30
HOSTS = ("north.example", "south.example", "pictures.example")
PATHS = (
    "https://north.example/market.html", "https://north.example/annex.pdf", "https://south.example/zipped",
    "https://south.example/short", "https://pictures.example/square.png", "https://south.example/none",
    "https://north.example/other.html",
)  # fmt: skip
IDS = [f"s{number:02d}" for number in range(1, len(PATHS) + 1)]


class Sites(Site):
    """Pages that share a picture, one of which is cited; a page in gzip, a short address, a file, a gap."""

    hosts = HOSTS

    def pages(self, host: str) -> Mapping[str, Page]:
        square = '<img src="https://pictures.example/square.png">'
        zipped = gzip.compress(f"<title>Zipped</title>{square}{WORDS}".encode(), mtime=0)
        coded = (("Content-Encoding", "gzip"),)
        pages: dict[str, dict[str, Page]] = {
            "north.example": {
                "/market.html": html(f"<title>The market</title>{square}<img src=/stall.png>{WORDS}"),
                "/stall.png": file(media_bytes.png("stall", 30, 20), "image/png"),
                "/annex.pdf": file(media_bytes.pdf("Annex", 2), "application/pdf"),
                "/other.html": html(f"<title>Another page</title>{WORDS}"),
            },
            "south.example": {
                "/zipped": file(zipped, "text/html; charset=utf-8", coded),
                "/short": redirect("https://north.example/market.html"),
            },
            "pictures.example": {"/square.png": file(media_bytes.png("square", 40, 40), "image/png")},
        }
        return pages[host]


@pytest.fixture(scope="module")
def bag(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("random")
    (folder / "report.txt").write_text("A report.\n" + "".join(f"{WORDS[3:]}\nSee {url} there.\n" for url in PATHS))
    with World([Sites()]) as world:
        made = fetch(folder / "report.txt", folder / "R1", settings_for(world, media=False)).bag
    with open_bag(made) as opened:
        facts = read_facts(opened)
    add_signature(seal_folder(made), write_seal(seal_folder(made), facts), file_key(1))
    trusting(folder / "trust")
    return made


def log_of(bag: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (bag / layout.RECORDS).read_bytes().splitlines()]


def contents(bag: Path, line: dict[str, Any]) -> Iterator[bytes]:
    """Yield what a holder of a record may compute a digest of: member, block, payload, payload decoded."""
    member = (bag / line["file"]).read_bytes()[line["offset"] : line["offset"] + line["length"]]
    block = gzip.decompress(member).partition(b"\r\n\r\n")[2][:-4]
    yield from (member, block)
    if block.startswith(b"HTTP/"):
        payload = block.partition(b"\r\n\r\n")[2]
        yield payload
        if payload.startswith(b"\x1f\x8b"):
            yield gzip.decompress(payload)


def digests(parts: Iterable[bytes]) -> set[bytes]:
    return {hashlib.new(name, part).digest() for part in parts for name in ("md5", "sha1", "sha256", "sha512") if part}


def spellings(digest: bytes) -> tuple[bytes, ...]:
    """A digest raw, in hex, base64 and base32, and cut off."""
    return digest[:12], digest.hex()[:24].encode(), base64.b64encode(digest)[:18], base64.b32encode(digest)[:20]


def everything(folder: Path) -> bytes:
    """All bytes of a folder, with the records and their bodies unpacked."""
    parts: list[bytes] = []
    for place in sorted(place for place in folder.rglob("*") if place.is_file()):
        data = place.read_bytes()
        data = gzip.decompress(data) if place.suffix == ".gz" else data
        inner = [zlib.decompressobj(31).decompress(data[found.start() :]) for found in re.finditer(b"\x1f\x8b\x08\0", data)]
        parts += [str(place).encode(), data, *inner]
    return b"\n".join(parts)


def found_in(there: bytes, needles: Iterable[bytes]) -> list[bytes]:
    """The needles that occur; one pass over the bytes tells most of them apart."""
    begins = {there[at : at + 8] for at in range(len(there))}
    return [needle for needle in needles if needle[:8] in begins and needle in there]


def secrets_of(bag: Path, shown: set[str], files: set[str]) -> tuple[set[bytes], set[bytes]]:
    """Digests and ids of what is withheld; what a disclosed part holds as well is no secret."""
    log = log_of(bag)
    hidden = [line for line in log if line["id"] not in shown]
    own = {path.relative_to(bag).as_posix() for path in bag.rglob("*") if path.is_file() and path.suffix != ".gz"}
    # The copy says of which report it is: its digest, unless --no-report. Its declaration is that of every bag.
    own -= {layout.DECLARATION, "data/report/original.txt", layout.REPORT_TEXT}
    of_hidden = digests(part for line in hidden for part in contents(bag, line))
    of_hidden |= digests((bag / path).read_bytes() for path in own - files)
    of_shown = digests(part for line in log if line["id"] in shown for part in contents(bag, line))
    # A request or a description that stays behind is named by the id of its answer's header: a random number.
    return of_hidden - of_shown, {line["id"].encode() for line in hidden if line["type"] == "response"}


def sealed_digests(seal: Path) -> set[bytes]:
    """Of the tag manifests: over everything with the seed, so that nobody can guess at a part."""
    stated = json.loads((seal / "seal.json").read_bytes())["tag_manifests"]
    return {bytes.fromhex(each[name]) for each in stated for name in ("sha256", "sha512")}


def leaf_guesses(copy: Path, secrets: set[bytes]) -> Iterator[bytes]:
    """Every leaf that the salts of the copy make of a digest that the attacker knows."""
    proofs = [json.loads(line) for line in (copy / PROOFS).read_bytes().splitlines()]
    for salt in {bytes.fromhex(proof["salt"]) for proof in proofs} | {b"", bytes(32)}:
        for kind in ("record", "file"):
            yield from (disclosure.leaf_of(salt, kind, digest) for digest in secrets if len(digest) == 32)


@settings(max_examples=6)
@given(
    st.sets(st.sampled_from(IDS), min_size=1, max_size=len(IDS) - 1),
    st.booleans(), st.sampled_from(("plain", "text", "no report")),
)  # fmt: skip
def test_whoever_owns_all_that_is_withheld_finds_nothing_of_it(bag: Path, withheld: set[str], counts: bool, how: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        order = DisclosureOrder(
            bag, Path(folder) / "copy", frozenset(withheld), "safety", shows_count=counts, accepts_names=True,
            with_text=how == "text", names_report=how != "no report",
        )  # fmt: skip
        copy = disclose(order, now=NOW).path
        found = verify(copy, trust=bag.with_name("trust"), jobs=1)
        assert found.answers["origin"].state is State.PASSED and found.errors == 0
        assert "WARC-Warcinfo-ID alone" not in {each.found for each in found.findings}
        proofs = [json.loads(line) for line in (copy / PROOFS).read_bytes().splitlines()]
        shown, files = ({proof["ref"] for proof in proofs if proof["kind"] == kind} for kind in ("record", "file"))
        secrets, ids = secrets_of(bag, shown, files)
        secrets -= digests([(copy / layout.PAGES).read_bytes()])  # the same where what is withheld has no page
        assert secrets
        seal = copy.with_name("copy.seal")
        there = everything(copy) + everything(seal)
        needles = {spelled for digest in secrets - sealed_digests(seal) for spelled in spellings(digest)} | ids
        if how == "no report":
            needles |= {spelled for each in digests([(bag / "data/report/original.txt").read_bytes()]) for spelled in spellings(each)}
        assert found_in(there, needles) == []
        leaves = set(map(bytes.fromhex, (copy / LEAVES).read_text().split()))
        assert leaves.isdisjoint(leaf_guesses(copy, secrets))


def test_a_copy_made_by_deleting_files_confirms_what_was_deleted(bag: Path, tmp_path: Path) -> None:
    control = Path(shutil.copytree(bag, tmp_path / "control"))
    (control / "data/archive/s02.warc.gz").unlink()
    shown = {line["id"] for line in log_of(bag) if line["file"] != "data/archive/s02.warc.gz"}
    secrets, ids = secrets_of(bag, shown, {path.relative_to(bag).as_posix() for path in bag.rglob("*")})
    there = everything(control)
    assert found_in(there, [spelled for digest in secrets for spelled in spellings(digest)])
    assert found_in(there, ids)


def test_a_warcinfo_with_a_digest_of_all_sources_stays_behind(bag: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Bags of earlier versions have one: it confirms to whoever guesses the list of sources that they are right."""
    monkeypatch.setattr("archive.disclose.original.Original.confirms_guesses", lambda original, line: line.type == "warcinfo")
    copy = disclose(DisclosureOrder(bag, tmp_path / "copy", frozenset({"s02"}), "safety"), now=NOW).path
    refs = {json.loads(line)["ref"] for line in (copy / PROOFS).read_bytes().splitlines()}
    assert not [line for line in log_of(bag) if line["type"] == "warcinfo" and line["id"] in refs]
    found = verify(copy, jobs=1)
    assert found.errors == 0 and "WARC-Warcinfo-ID alone" not in {each.found for each in found.findings}


def test_records_state_a_leaf_of_the_source_manifest_and_never_its_digest(bag: Path) -> None:
    seed = disclosure.parse_seed((bag / layout.SEED).read_bytes())
    digest = hashlib.sha256((bag / layout.SOURCE_MANIFEST).read_bytes()).hexdigest()
    records = b"".join(gzip.decompress(place.read_bytes()) for place in (bag / "data/archive").iterdir())
    stated = disclosure.stated_leaf(seed, "file", layout.SOURCE_MANIFEST, digest)
    assert digest.encode() not in records and f"source-manifest: {stated}".encode() in records


def test_the_id_of_a_list_of_addresses_confirms_no_address() -> None:
    one, two = (read_order(("https://north.example/market.html", other)) for other in (PATHS[1], PATHS[2]))
    assert one.name != two.name and one.name.startswith("web-north.example-")
    assert one.manifest.report.id == two.manifest.report.id == one.report.stated.id == "web-north.example"
