"""Partners' versions of a bag: accepted by the profile, the payload untouched, the seal still good."""

from __future__ import annotations

import hashlib
import os
import tarfile
from datetime import UTC, datetime
from pathlib import Path

import bagit
import pytest

from archive.bag.contents import PackRefused, new_bag
from archive.bag.open import open_bag
from archive.bag.tagfiles import list_tag_files, read_tag_files
from archive.errors import StatementError, UsageProblem
from archive.handover.organisation import Organisation, parse_organisation, read_organisation
from archive.handover.pack import Packed, PackOrder, pack
from archive.handover.profile_match import describe, profile_findings
from archive.handover.receive import ReceiveOrder, receive
from archive.seal.facts import read_facts
from archive.seal.sign import write_seal
from archive.trust.seal_folder import list_folder
from archive.verify.run import verify
from archive_manifests import profiles
from archive_manifests.tags import parse_bag_info
from tests.archive.verify.sample_bags import make_bag, observed, put, retag
from tests.world.sealed_bag import SealedBag, file_key, make_sealed_bag

NOW = datetime(2026, 11, 23, 10, tzinfo=UTC)
US = parse_organisation(
    """
    ["bag-info.txt"]
    Source-Organization = "منظمة"
    Contact-Name = "Desk"
    Contact-Phone = "+1 555 0100"
    Contact-Email = "desk@ngo.example"
    ["aptrust-info.txt"]
    Description = "Pages that a report cites"
    [profile.rac."bag-info.txt"]
    Source-Organization = "Test Organization"
    Record-Creators = ["Desk", "Field"]
    Record-Type = "grant records"
    Language = "http://id.loc.gov/vocabulary/iso639-2/ara"
    Date-Start = "2021-05-17"
    Date-End = "2021-05"
    """,
    "us.toml",
)
AS_IT_WAS = {"archivematica", "wellcome"}
"""Profiles that a bag fits without a change."""


@pytest.fixture
def sealed(tmp_path: Path) -> SealedBag:
    sealed = make_sealed_bag(tmp_path / "here" / "R1")
    info = sealed.bag / "bag-info.txt"
    info.write_bytes(info.read_bytes() + b"Bagging-Date: 2026-11-22\n")
    retag(sealed.bag)
    (sealed.folder / "seal.json").unlink()
    with open_bag(sealed.bag) as bag:
        facts = read_facts(bag)
    again = SealedBag(sealed.bag, sealed.folder, facts, write_seal(sealed.folder, facts))
    again.sign(file_key(3))
    return again


def packed_for(profile: str, sealed: SealedBag, out: Path, organisation: Organisation = US) -> Packed:
    return pack(sealed.bag, PackOrder(out, profile=profiles.load(profile), organisation=organisation), NOW)


def unpacked(package: Path, aside: Path) -> Path:
    with tarfile.open(package) as opened:
        opened.extractall(aside, filter="data")
    return aside / "R1"


def fields(text: bytes) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for label, value in parse_bag_info(text).fields:
        found.setdefault(label, []).append(value)
    return found


@pytest.mark.parametrize("profile", profiles.names())
def test_every_profiles_bag_is_accepted_and_still_the_sealed_one(
    profile: str, sealed: SealedBag, tmp_path: Path
) -> None:
    packed = packed_for(profile, sealed, tmp_path / "out")
    package = packed.places[0]
    wanted = profiles.load(profile)
    with open_bag(package) as bag:
        tags = list_tag_files(bag)
        read_tag_files(tags, bag.reader())
        described = describe(bag, tags, wanted, form=wanted.formats[0], package="R1")
    assert [one for one in profiles.shortcomings(wanted, described) if one.is_required] == []
    assert packed.is_as_it_was == (profile in AS_IT_WAS | {"plain"})
    found = verify(package)
    # What the version adds for the partner is not the sealed bag's, and is named.
    assert [one for one in observed(found) if not one.startswith("(tag-file-not-sealed ")] == []
    assert bool(observed(found)) is not packed.is_as_it_was
    # The seal covers the bag that the version carries along: same facts, same signature.
    assert str(found.answers["who"].state) == "not-checked"
    with open_bag(package) as bag:
        assert read_facts(bag) == sealed.facts
    assert [one for one in unpacked(package, tmp_path / "aside").rglob("*") if one.is_symlink()] == []
    assert bagit.Bag(os.fspath(tmp_path / "aside" / "R1")).validate()
    for place in (sealed.bag / "data").rglob("*"):
        if place.is_file():
            assert (tmp_path / "aside" / "R1" / place.relative_to(sealed.bag)).read_bytes() == place.read_bytes()


def test_stripping_the_prefix_gives_the_sealed_bag_back(sealed: SealedBag, tmp_path: Path) -> None:
    packed_for("metaarchive", sealed, tmp_path / "out")
    base = unpacked(tmp_path / "out" / "R1.tar", tmp_path / "aside")
    restored = {place.name: place for place in base.iterdir() if place.is_file()}
    for name in [name for name in restored if name.startswith("origin-")]:
        restored[name.removeprefix("origin-")] = restored.pop(name)
    for place in sealed.bag.iterdir():
        if place.is_file():
            assert restored[place.name].read_bytes() == place.read_bytes(), place.name


def test_aptrusts_version_says_the_most_closed_value_and_names_where_it_comes_from(
    sealed: SealedBag, tmp_path: Path
) -> None:
    packed_for("aptrust", sealed, tmp_path / "out")
    base = unpacked(tmp_path / "out" / "R1.tar", tmp_path / "aside")
    assert fields((base / "aptrust-info.txt").read_bytes()) == {
        "Description": ["Pages that a report cites"],
        "Title": ["R1"],
        "Access": ["Restricted"],
        "Storage-Option": ["Standard"],
    }
    info = fields((base / "bag-info.txt").read_bytes())
    assert info["Source-Organization"] == ["منظمة"]
    assert info["BagIt-Profile-Identifier"] == [profiles.load("aptrust").identifier]
    assert info["Origin-Bag-Tagmanifest"] == [
        f"{one.file} sha256:{one.sha256}" for one in sealed.facts.tag_manifests
    ]
    assert info["Origin-Bag-Identifier"] == [sealed.facts.bag_id]
    assert sorted(place.name for place in base.iterdir() if "md5" in place.name) == ["manifest-md5.txt", "tagmanifest-md5.txt"]


def _to_be_said(profile: str) -> list[profiles.Field]:
    wanted = profiles.load(profile).field
    return [one for one in wanted if one.need == "required" and not (one.fill or one.closed)]


@pytest.mark.parametrize("profile", [name for name in profiles.names() if _to_be_said(name)])
def test_each_field_that_nobody_says_is_reported_at_once_with_what_to_do(
    profile: str, sealed: SealedBag, tmp_path: Path
) -> None:
    wanted = _to_be_said(profile)
    with pytest.raises(PackRefused) as refused:
        packed_for(profile, sealed, tmp_path / "out", Organisation())
    lines = str(refused.value).splitlines()[1:]
    reported_of = [one.label for one in wanted]
    assert [line.strip().split(":")[0] for line in lines if any(label in line for label in reported_of)] == [
        f"{one.file} {one.label}" for one in wanted
    ]
    for one, line in zip(wanted, (line for line in lines if any(label in line for label in reported_of)), strict=True):
        assert f'say it in the organisation file: ["{one.file}"] "{one.label}" = "…"' in line
    assert not (tmp_path / "out").exists()


def test_a_value_outside_a_closed_list_is_refused(sealed: SealedBag, tmp_path: Path) -> None:
    said = parse_organisation('["aptrust-info.txt"]\nAccess = "Public"', "us.toml")
    with pytest.raises(PackRefused, match=r"aptrust-info.txt Access: expected one of Consortia, .* found Public"):
        packed_for("aptrust", sealed, tmp_path / "out", said)


def test_what_is_only_recommended_is_reported_and_stops_nothing(sealed: SealedBag, tmp_path: Path) -> None:
    packed = packed_for("btr", sealed, tmp_path / "out")
    labels = [sentence.split(":")[0] for sentence in packed.recommended]
    assert labels == ["bag-info.txt Organization-Address", "bag-info.txt Bag-Producing-Organization"]


def test_a_form_that_the_partner_does_not_take_is_refused(sealed: SealedBag, tmp_path: Path) -> None:
    order = PackOrder(tmp_path / "out", "zip", profile=profiles.load("aptrust"), organisation=US)
    with pytest.raises(PackRefused, match="format: expected tar, found zip; pack it with --as tar"):
        pack(sealed.bag, order, NOW)


def test_a_version_of_a_version_is_still_the_sealed_bag(sealed: SealedBag, tmp_path: Path) -> None:
    packed_for("aptrust", sealed, tmp_path / "a")
    order = PackOrder(tmp_path / "b", profile=profiles.load("metaarchive"), organisation=US, seal=sealed.folder)
    pack(tmp_path / "a" / "R1.tar", order, NOW)
    with open_bag(tmp_path / "b" / "R1.tar") as bag:
        assert read_facts(bag) == sealed.facts
    assert {line.split()[0] for line in observed(verify(tmp_path / "b" / "R1.tar", seal=sealed.folder))} == {
        "(tag-file-not-sealed"
    }


def test_the_receipt_of_a_version_speaks_of_the_sealed_bag(sealed: SealedBag, tmp_path: Path) -> None:
    packed_for("aptrust", sealed, tmp_path / "out")
    received = receive(tmp_path / "out" / "R1.tar", ReceiveOrder(tmp_path / "store", profile=profiles.load("aptrust")), NOW)
    assert [(one.code, str(one.path)) for one in received.findings] == [
        ("tag-file-not-sealed", "aptrust-info.txt"), ("tag-file-not-sealed", "bag-info.txt"),
    ]
    assert received.receipt is not None
    assert (received.receipt.tag_manifests, received.receipt.profile) == (sealed.facts.tag_manifests, "aptrust")


def test_a_bag_that_lacks_what_the_receivers_profile_requests_is_refused(sealed: SealedBag, tmp_path: Path) -> None:
    pack(sealed.bag, PackOrder(tmp_path / "out"), NOW)
    received = receive(tmp_path / "out" / "R1.tar", ReceiveOrder(tmp_path / "store", profile=profiles.load("aptrust")), NOW)
    assert received.bag is None
    wrong = [one for one in received.findings if one.severity == "error"]
    assert {one.code for one in wrong} == {"profile-lacks"}
    assert sorted(str(one.path) for one in wrong) == [
        *["aptrust-info.txt"] * 3, "manifest-md5.txt",
    ]
    assert not (tmp_path / "store").exists()


# What must not pass as the sealed bag.


def version(sealed: SealedBag, tmp_path: Path) -> Path:
    packed_for("aptrust", sealed, tmp_path / "out")
    return unpacked(tmp_path / "out" / "R1.tar", tmp_path / "aside")


ALL = ("md5", "sha256", "sha512")


def who(base: Path, sealed: SealedBag) -> list[str]:
    return [line for line in observed(verify(base, seal=sealed.folder, jobs=1)) if line.startswith("seal")]


def test_other_payload_under_new_manifests_is_not_the_sealed_bag(sealed: SealedBag, tmp_path: Path) -> None:
    base = version(sealed, tmp_path)
    old, new = (base / "data/report/original.pdf").read_bytes(), b"%PDF-1.7 a retort\n"
    put(base, "data/report/original.pdf", new)
    for algorithm in ALL:
        place = base / f"manifest-{algorithm}.txt"
        digests = [hashlib.new(algorithm, one).hexdigest() for one in (old, new)]
        # The sealed bag's own lists stay beside it: they must not vouch for what they do not list.
        if algorithm != "md5":
            put(base, f"origin-manifest-{algorithm}.txt", place.read_bytes())
        place.write_text(place.read_text().replace(*digests))
    retag(base, ALL)
    assert [line.split()[0] for line in observed(verify(base, seal=sealed.folder, jobs=1))] == ["seal-mismatch"]
    assert str(verify(base, seal=sealed.folder, jobs=1).answers["who"].state) == "failed"


@pytest.mark.parametrize("name", ["origin-bag-info.txt", "origin-tagmanifest-sha256.txt", "manifest-sha512.txt"])
def test_a_version_that_lacks_a_tag_file_of_the_sealed_bag_is_not_it(
    name: str, sealed: SealedBag, tmp_path: Path
) -> None:
    base = version(sealed, tmp_path)
    assert who(base, sealed) == []
    (base / name).unlink()
    if name == "manifest-sha512.txt":
        (base / "tagmanifest-sha512.txt").unlink()
    retag(base, ALL)
    assert who(base, sealed) != []


def test_a_version_whose_stored_tag_file_was_changed_is_not_the_sealed_bag(sealed: SealedBag, tmp_path: Path) -> None:
    base = version(sealed, tmp_path)
    place = base / "origin-bag-info.txt"
    place.write_bytes(place.read_bytes() + b"Added: later\n")
    retag(base, ALL)
    assert who(base, sealed) != []


# The organisation file.


@pytest.mark.parametrize(
    ("text", "match"),
    [
        ("Source-Organization = 'x'", r"us.toml: Source-Organization: expected Label = "),
        ('["bag-info.txt"]\nContact-Name = 7', "us.toml: bag-info.txt: Contact-Name: expected text"),
        ('["bag-info.txt"]\nContact-Name = "a\\nb"', "us.toml: bag-info.txt: not a value for Contact-Name"),
        ('["bag-info.txt"]\n"Contact:" = "a"', "us.toml: bag-info.txt: not a label"),
        ("profile = 7", "us.toml: profile: expected tables"),
        ("[[", "us.toml: "),
    ],
)
def test_an_organisation_file_that_says_nothing_usable_is_reported(text: str, match: str) -> None:
    with pytest.raises(StatementError, match=match):
        parse_organisation(text, "us.toml")


def test_an_organisation_file_that_is_not_there_is_reported(tmp_path: Path) -> None:
    with pytest.raises(UsageProblem, match="no such organisation file"):
        read_organisation(tmp_path / "us.toml")
    (tmp_path / "us.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(StatementError, match="not UTF-8 text"):
        read_organisation(tmp_path / "us.toml")


def test_nothing_but_the_organisation_file_and_the_bag_fills_fields(
    sealed: SealedBag, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("USER", "LOGNAME", "HOSTNAME", "EMAIL", "GIT_AUTHOR_NAME"):
        monkeypatch.setenv(name, "canary")
    packed_for("fedora", sealed, tmp_path / "out")
    assert b"canary" not in (tmp_path / "out" / "R1.tar").read_bytes()
    assert list_folder(sealed.folder) is not None


def test_a_foreign_bag_is_described_with_all_that_is_wrong(tmp_path: Path) -> None:
    files = {'data/what?.txt': b"1", "data/objects/x": b"2"}
    base = make_bag(tmp_path / "R1", files, algorithms=["sha256"], info=[("A label", "x")])
    wanted = profiles.load("archivematica")
    with open_bag(base) as bag:
        tags = list_tag_files(bag)
        read_tag_files(tags, bag.reader())
        found = profile_findings(wanted, describe(bag, tags, wanted, form="tar", package="R2"))
    assert [(str(one.severity), str(one.path), one.found) for one in found] == [
        ("error", "None", "tar"),
        ("error", "None", "R1"),
        ("error", "data/what?.txt", "data/what?.txt"),
        ("warning", "bag-info.txt", "A label"),
        ("warning", "data/objects", "there"),
    ]


def test_tag_manifests_are_made_in_algorithms_that_hashlib_spells_otherwise() -> None:
    made = new_bag("R1", NOW, [], {}, [("Bagging-Date", "2026-11-22")], tag_algorithms=["sha3256", "sha-256"])
    texts = {member.path: b"".join(member.chunks()).decode() for member in made.members}
    info = texts["bag-info.txt"].encode()
    assert f"{hashlib.sha3_256(info).hexdigest()}  bag-info.txt\n" in texts["tagmanifest-sha3256.txt"]
    assert f"{hashlib.sha256(info).hexdigest()}  bag-info.txt\n" in texts["tagmanifest-sha-256.txt"]
