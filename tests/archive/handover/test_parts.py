"""A bag in parts: each a bag that partners' tools take, all of them together the sealed one again."""

from __future__ import annotations

import os
import shutil
import tarfile
from datetime import UTC, datetime
from pathlib import Path

import bagit
import pyrage
import pytest

from archive.bag.contents import PackRefused
from archive.bag.derived import BagPart
from archive.errors import UsageProblem
from archive.handover.pack import Packed, PackOrder, pack
from archive.handover.package_check import PackageRefused
from archive.handover.parts import UnpackedPart, join
from archive.handover.receive import Received, ReceiveOrder, receive
from archive.verify.run import verify
from archive_manifests.profiles import load
from archive_manifests.tags import parse_bag_info
from tests.archive.verify.sample_bags import make_bag, observed, retag
from tests.world.sealed_bag import SealedBag, file_key, make_sealed_bag

NOW = datetime(2026, 11, 23, 10, tzinfo=UTC)
PAYLOAD = {
    "data/report/original.pdf": b"%PDF-1.7 a report\n",
    "data/provenance/events.jsonl": b'{"seq":1}\n',
    "data/views/s01/page.png": bytes(range(256)) * 100,
    **{f"data/media/s{number:02d}/clip.mp4": bytes([number]) * 30_000 for number in range(1, 9)},
    "data/media/s09/شهادة.mp4": b"9" * 30_000,
}
SIZE = 128 << 10


@pytest.fixture
def sealed(tmp_path: Path) -> SealedBag:
    sealed = make_sealed_bag(tmp_path / "here" / "R1", PAYLOAD)
    sealed.sign(file_key(3))
    return sealed


def in_parts(sealed: SealedBag, out: Path, size: int = SIZE, **order: object) -> Packed:
    return pack(sealed.bag, PackOrder(out, part_size=size, **order), NOW)  # type: ignore[arg-type]


def packages(out: Path) -> list[Path]:
    return sorted(out.glob("*.of*.tar"))


def contents(folder: Path) -> dict[str, bytes]:
    return {os.fspath(place.relative_to(folder)): place.read_bytes() for place in folder.rglob("*") if place.is_file()}


def together(paths: list[Path], store: Path, **order: object) -> Received:
    return receive(paths, ReceiveOrder(store, **order), NOW)  # type: ignore[arg-type]


def test_each_part_is_a_bag_of_its_own_no_larger_than_requested(sealed: SealedBag, tmp_path: Path) -> None:
    packed = in_parts(sealed, tmp_path / "out")
    found = packages(tmp_path / "out")
    assert [place.name for place in found] == [f"R1.b{number:02d}.of04.tar" for number in range(1, 5)]
    assert [one.what for one in packed.files] == [*(f"part {number} of 4" for number in range(1, 5)), "seal"]
    payload: dict[str, bytes] = {}
    for number, place in enumerate(found, start=1):
        assert place.stat().st_size <= SIZE
        assert observed(verify(place)) == []
        with tarfile.open(place) as opened:
            opened.extractall(tmp_path / "aside", filter="data")
        base = tmp_path / "aside" / place.name.removesuffix(".tar")
        assert bagit.Bag(os.fspath(base)).validate()
        info = dict(parse_bag_info((base / "bag-info.txt").read_bytes()).fields)
        assert info["Bag-Count"] == f"{number} of 4"
        assert info["Bag-Group-Identifier"] == info["Origin-Bag-Identifier"] == sealed.facts.bag_id
        mine = {f"data/{name}": content for name, content in contents(base / "data").items()}
        assert payload.keys().isdisjoint(mine)
        payload |= mine
    assert payload == PAYLOAD
    assert "data/report/original.pdf" in contents(tmp_path / "aside" / "R1.b01.of04")
    assert len({dict(parse_bag_info(place.read_bytes()).fields)["External-Identifier"]
                for place in (tmp_path / "aside").glob("*/bag-info.txt")}) == 4


def test_the_parts_together_are_the_sealed_bag_again(sealed: SealedBag, tmp_path: Path) -> None:
    in_parts(sealed, tmp_path / "out", by="collector-7")
    received = together(packages(tmp_path / "out")[::-1], tmp_path / "store", by="archive-3")
    assert received.findings == ()
    assert received.bag == tmp_path / "store" / "R1"
    assert contents(received.bag) == contents(sealed.bag)
    assert sorted(place.name for place in (tmp_path / "store").iterdir()) == ["R1", "R1.seal"]
    assert (tmp_path / "store" / "R1.seal" / "seal.json").read_bytes() == sealed.content
    assert received.receipt is not None
    assert [one.name for one in received.receipt.packages] == [place.name for place in packages(tmp_path / "out")[::-1]]
    assert received.receipt.tag_manifests == sealed.facts.tag_manifests


def test_parts_that_travel_encrypted_together_are_put_together(sealed: SealedBag, tmp_path: Path) -> None:
    identity = pyrage.x25519.Identity.generate()
    in_parts(sealed, tmp_path / "out", recipients=(identity.to_public(),))
    received = together(sorted((tmp_path / "out").glob("*.age")), tmp_path / "store", identities=(identity,))
    assert received.findings == ()
    assert contents(tmp_path / "store" / "R1") == contents(sealed.bag)


def test_packing_parts_again_gives_the_same_bytes(sealed: SealedBag, tmp_path: Path) -> None:
    in_parts(sealed, tmp_path / "a")
    in_parts(sealed, tmp_path / "b")
    both = [[place.read_bytes() for place in packages(tmp_path / name)] for name in ("a", "b")]
    assert both[0] == both[1]


def test_a_part_alone_is_received_as_the_bag_it_is_and_says_what_it_does_not_answer(
    sealed: SealedBag, tmp_path: Path
) -> None:
    in_parts(sealed, tmp_path / "out")
    received = together(packages(tmp_path / "out")[1:2], tmp_path / "store")
    assert received.bag == tmp_path / "store" / "R1.b02.of04"
    assert received.verification is not None
    answer = received.verification.answers["coverage"]
    assert (str(answer.state), (answer.why or "").partition(":")[0]) == ("not-checked", "part 2 of 4 of urn")


def refused(paths: list[Path], store: Path) -> list[tuple[str, str | None]]:
    received = together(paths, store)
    assert received.bag is None
    assert not store.exists()
    return [(one.code, one.found) for one in received.findings]


def test_a_part_that_is_missing_is_reported(sealed: SealedBag, tmp_path: Path) -> None:
    in_parts(sealed, tmp_path / "out")
    one, _, three, four = packages(tmp_path / "out")
    assert refused([one, three, four], tmp_path / "store") == [("parts-differ", "parts 1, 3, 4")]


def test_a_part_that_is_given_twice_is_reported(sealed: SealedBag, tmp_path: Path) -> None:
    in_parts(sealed, tmp_path / "out")
    one, two, three, four = packages(tmp_path / "out")
    assert refused([one, two, three, four, two], tmp_path / "store") == [("parts-differ", "twice")]


def test_parts_of_two_bags_are_not_mixed(sealed: SealedBag, tmp_path: Path) -> None:
    other = make_sealed_bag(tmp_path / "there" / "R1", {**PAYLOAD, "data/media/s01/clip.mp4": b"other" * 6000})
    in_parts(sealed, tmp_path / "out")
    in_parts(other, tmp_path / "other")
    mixed = [*packages(tmp_path / "out")[:1], *packages(tmp_path / "other")[1:]]
    assert {code for code, _ in refused(mixed, tmp_path / "store")} == {"parts-differ"}


def test_a_bag_that_is_no_part_is_not_joined(sealed: SealedBag, tmp_path: Path) -> None:
    in_parts(sealed, tmp_path / "out")
    whole = make_bag(tmp_path / "there" / "R2")
    pack(whole, PackOrder(tmp_path / "out"), NOW)
    mixed = [*packages(tmp_path / "out")[:3], tmp_path / "out" / "R2.tar"]
    assert refused(mixed, tmp_path / "store") == [("parts-differ", "a bag that is none")]


def forged(place: Path, out: Path, change: str, content: bytes) -> Path:
    """A part with one file written again and every manifest made right again."""
    with tarfile.open(place) as opened:
        opened.extractall(out, filter="data")
    base = out / place.name.removesuffix(".tar")
    files = contents(base)
    payload = {name: data for name, data in files.items() if name.startswith("data/")} | {change: content}
    more = {name: data for name, data in files.items() if name.startswith("origin-")}
    fields = [pair for pair in parse_bag_info(files["bag-info.txt"]).fields if pair[0] != "Payload-Oxum"]
    shutil.rmtree(base)
    oxum = f"{sum(map(len, payload.values()))}.{len(payload)}"
    return retag(make_bag(base, payload, info=[*fields, ("Payload-Oxum", oxum)], tags=more))


def test_a_part_with_other_payload_does_not_become_the_bag(sealed: SealedBag, tmp_path: Path) -> None:
    in_parts(sealed, tmp_path / "out")
    one, two, three, four = packages(tmp_path / "out")
    names = [name for name in PAYLOAD if "media" in name]
    with tarfile.open(two) as opened:
        name = next(name for name in names if f"R1.b02.of04/{name}" in opened.getnames())
    fake = forged(two, tmp_path / "fake", name, b"x" * 30_000)
    assert verify(fake).errors == 0
    assert [code for code, _ in refused([one, fake, three, four], tmp_path / "store")] == ["payload-altered"]


def test_a_part_with_a_file_of_another_part_is_refused(sealed: SealedBag, tmp_path: Path) -> None:
    in_parts(sealed, tmp_path / "out")
    one, two, three, four = packages(tmp_path / "out")
    fake = forged(two, tmp_path / "fake", "data/report/original.pdf", b"another")
    found = refused([one, fake, three, four], tmp_path / "store")
    assert found == [("parts-differ", "data/report/original.pdf once more")]


def test_a_part_1_with_other_tag_files_of_the_whole_is_refused(sealed: SealedBag, tmp_path: Path) -> None:
    in_parts(sealed, tmp_path / "out")
    one, two, three, four = packages(tmp_path / "out")
    with tarfile.open(one) as opened:
        opened.extractall(tmp_path / "fake", filter="data")
    base = tmp_path / "fake" / "R1.b01.of04"
    place = base / "origin-tagmanifest-sha256.txt"
    place.write_bytes(place.read_bytes() + b"00" * 32 + b"  other.txt\n")
    retag(base)
    assert [code for code, _ in refused([base, two, three, four], tmp_path / "store")] == ["parts-differ"]


def test_parts_do_not_become_a_bag_whose_name_means_something_here(tmp_path: Path) -> None:
    base = tmp_path / "parts" / "R1.seal.b01.of01"
    (base / "data").mkdir(parents=True)
    part = UnpackedPart(base, BagPart(1, 1, "urn:uuid:1", ()))
    with pytest.raises(PackageRefused, match=r"package-folder-name R1\.seal"):
        join([part], tmp_path / "folder")
    assert not (tmp_path / "folder").exists()


@pytest.mark.parametrize(
    ("size", "match"),
    [
        (1000, "the report, its index and the tag files alone take"),
        (60_000, r"data/media/s01/clip\.mp4: 30,000 bytes, and no file is cut; choose larger parts"),
    ],
)
def test_parts_that_are_too_small_are_refused(size: int, match: str, sealed: SealedBag, tmp_path: Path) -> None:
    with pytest.raises(PackRefused, match=match):
        in_parts(sealed, tmp_path / "out", size)
    assert not (tmp_path / "out").exists()


def test_the_whole_payload_of_another_bag_is_spread(tmp_path: Path) -> None:
    base = tmp_path / "here" / "big"
    base.mkdir(parents=True)
    for number in range(3):
        (base / f"{number}.bin").write_bytes(bytes([number]) * 90_000)
    bagit.make_bag(os.fspath(base), {"Bagging-Date": "2026-11-22"}, checksums=["sha256"])
    stated = contents(base)
    pack(base, PackOrder(tmp_path / "out", part_size=140_000), NOW)
    found = packages(tmp_path / "out")
    assert [place.name for place in found] == [f"big.b{number:02d}.of03.tar" for number in range(1, 4)]
    received = together(found, tmp_path / "store")
    assert (received.findings, contents(tmp_path / "store" / "big")) == ((), stated)
    with pytest.raises(PackRefused, match=r"^the tag files alone take"):
        pack(base, PackOrder(tmp_path / "none", part_size=1000), NOW)


def test_parts_fit_no_profile_and_no_wacz(sealed: SealedBag, tmp_path: Path) -> None:
    with pytest.raises(UsageProblem, match="exclude each other"):
        in_parts(sealed, tmp_path / "out", profile=load("rac"))
    with pytest.raises(UsageProblem, match="the package is no bag"):
        in_parts(sealed, tmp_path / "out", form="wacz")
    in_parts(sealed, tmp_path / "out")
    with pytest.raises(UsageProblem, match="put together first"):
        together(packages(tmp_path / "out"), tmp_path / "store", profile=load("plain"))
