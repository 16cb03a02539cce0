"""Our profiles against the ones that partners published, restated in `tests/data/profiles`: the same demands.

`bagit_profile` is the partners' own validator; it knows profiles up to 1.3.
"""

from __future__ import annotations

import json
import logging
from pathlib import Path
from typing import Any

import bagit
import bagit_profile
import pytest

from archive.bag.contents import PackRefused
from archive.bag.open import open_bag
from archive.bag.tagfiles import list_tag_files, read_tag_files
from archive.handover.organisation import parse_organisation
from archive.handover.pack import PackOrder, pack
from archive.handover.profile_match import describe
from archive.handover.receive import ReceiveOrder, receive
from archive_manifests import profiles
from tests.archive.handover.test_partner_version import NOW, US
from tests.archive.verify.sample_bags import make_bag

PUBLISHED = {
    place.stem: json.loads(place.read_text())
    for place in sorted((Path(__file__).parents[2] / "data" / "profiles").glob("*.json"))
}
FORMS = {
    "application/tar": "tar",
    "application/x-tar": "tar",
    "application/zip": "zip",
    "application/gzip": "tar.gz",
    "application/x-gzip": "tar.gz",
}
"""7z and rar are not written here."""

OTHERS = parse_organisation('["bag-info.txt"]\nSource-Organization = "An NGO"\n', "others.toml")


def test_there_are_published_profiles() -> None:
    assert set(PUBLISHED) == {"btr", "fedora", "metaarchive", "rac"} < set(profiles.names())


@pytest.mark.parametrize("name", PUBLISHED)
def test_the_facts_are_those_of_the_published_profile(name: str) -> None:
    ours, theirs = profiles.load(name), PUBLISHED[name]
    assert ours.identifier == theirs["BagIt-Profile-Info"]["BagIt-Profile-Identifier"]
    assert list(ours.bagit_versions) == theirs["Accept-BagIt-Version"]
    assert ours.serialization == theirs["Serialization"]
    assert set(ours.formats) == {FORMS[one] for one in theirs["Accept-Serialization"] if one in FORMS}
    assert list(ours.manifests_required) == theirs["Manifests-Required"]
    assert list(ours.manifests_allowed) == theirs.get("Manifests-Allowed", [])
    assert list(ours.tag_manifests_required) == theirs.get("Tag-Manifests-Required", [])
    assert list(ours.tag_manifests_allowed) == theirs.get("Tag-Manifests-Allowed", [])
    wanted = {label: rule for label, rule in theirs["Bag-Info"].items() if rule["required"]}
    fields = {field.label: field for field in ours.field if field.need == "required"}
    assert set(fields) == set(wanted)
    for label, rule in wanted.items():
        assert set(fields[label].values) == set(rule.get("values", []))
        assert fields[label].once is (rule.get("repeatable") is False)


def _sample(tmp_path: Path, name: str) -> Path:
    """The bag that `pack --profile` makes of one of ours, unpacked."""
    bag = make_bag(tmp_path / "here" / "R1")
    packed = pack(bag, PackOrder(tmp_path / "out", profile=profiles.load(name), organisation=US), NOW)
    received = receive(packed.places[0], ReceiveOrder(tmp_path / "store", profile=profiles.load(name)), NOW)
    assert received.bag is not None
    return received.bag


def _theirs_accepts(bag: Path, published: dict[str, Any]) -> bool:
    logging.getLogger().setLevel(logging.CRITICAL)
    identifier = published["BagIt-Profile-Info"]["BagIt-Profile-Identifier"]
    return bool(bagit_profile.Profile(identifier, profile=published).validate(bagit.Bag(str(bag))))


def _ours_accepts(bag: Path, name: str) -> bool:
    wanted = profiles.load(name)
    with open_bag(bag) as opened:
        tags = list_tag_files(opened)
        read_tag_files(tags, opened.reader())
        described = describe(opened, tags, wanted, form=None, package=None)
    return not any(one.is_required for one in profiles.shortcomings(wanted, described))


@pytest.mark.parametrize("name", PUBLISHED)
def test_a_packed_bag_is_accepted_by_the_partners_validator(name: str, tmp_path: Path) -> None:
    bag = _sample(tmp_path, name)
    assert bagit.Bag(str(bag)).validate()
    assert _theirs_accepts(bag, PUBLISHED[name])
    assert _ours_accepts(bag, name)


@pytest.mark.parametrize(
    ("name", "label"),
    [(name, label) for name, one in PUBLISHED.items() for label, rule in one["Bag-Info"].items() if rule["required"]],
)
def test_a_bag_without_a_required_field_is_refused_by_both(name: str, label: str, tmp_path: Path) -> None:
    bag = _sample(tmp_path, name)
    lines = (bag / "bag-info.txt").read_text().splitlines(keepends=True)
    (bag / "bag-info.txt").write_text("".join(line for line in lines if not line.startswith(f"{label}:")))
    assert not _theirs_accepts(bag, PUBLISHED[name])
    assert not _ours_accepts(bag, name)


def test_what_our_organisation_lacks_is_said_before_anything_is_packed(tmp_path: Path) -> None:
    bag = make_bag(tmp_path / "here" / "R1")
    order = PackOrder(tmp_path / "out", profile=profiles.load("rac"), organisation=OTHERS)
    with pytest.raises(PackRefused, match="Source-Organization: expected one of Ford Foundation"):
        pack(bag, order, NOW)
