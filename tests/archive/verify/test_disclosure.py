"""The disclosure commitment of a bag: over what the bag holds, or a finding."""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path

import pytest

from archive_manifests.layout import DISCLOSURE, SEED
from archive_manifests.paths import BagPath
from archive_manifests.payload import format_manifest, manifest_name
from tests.archive.verify.forged_bag import ForgedBag
from tests.archive.verify.test_generated import digest, findings, remake_manifests, sound

__all__ = ["sound"]


@pytest.fixture
def bag(sound: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(sound, tmp_path / "R1"))


def test_a_commitment_over_something_else_is_found(bag: Path) -> None:
    text = (bag / DISCLOSURE).read_text()
    remake_manifests(bag)
    root = text.split("sha256:")[1][:64]
    (bag / DISCLOSURE).write_text(text.replace(root, "0" * 64))
    _remake_without_commitment(bag)
    assert findings(bag) == [f"disclosure-differs {DISCLOSURE}"]


def test_a_smaller_size_is_found(bag: Path) -> None:
    text = (bag / DISCLOSURE).read_text()
    (bag / DISCLOSURE).write_text(text.replace("Size: 256", "Size: 512"))
    _remake_without_commitment(bag)
    assert findings(bag) == [f"disclosure-differs {DISCLOSURE}"]


def test_a_commitment_that_cannot_be_read_is_found(bag: Path) -> None:
    (bag / DISCLOSURE).write_text("Disclosure-Scheme: none\n")
    _remake_without_commitment(bag)
    assert findings(bag) == [f"disclosure-differs {DISCLOSURE}"]


def test_a_bag_of_ours_without_a_commitment_is_found(bag: Path) -> None:
    (bag / DISCLOSURE).unlink()
    remake_manifests(bag)
    assert findings(bag) == [f"disclosure-missing {DISCLOSURE}"]


@pytest.mark.parametrize("remakes", [True, False])
def test_a_seed_that_was_removed_is_named_and_contradicts_no_event(bag: Path, *, remakes: bool) -> None:
    (bag / SEED).unlink()
    if remakes:
        remake_manifests(bag)
    else:
        ForgedBag(bag).rewrite_manifests()
    found = findings(bag)
    assert f"disclosure-missing {SEED}" in found
    assert not [each for each in found if each.startswith("event-contradicted")]


def test_a_seed_that_was_lost_is_one_missing_file(bag: Path) -> None:
    (bag / SEED).unlink()
    assert findings(bag) == ["oxum-differs bag-info.txt", f"payload-missing {SEED}"]


def test_another_seed_without_the_commitment_made_again_is_found(bag: Path) -> None:
    before = (bag / DISCLOSURE).read_text()
    seed = (bag / SEED).read_text()
    (bag / SEED).write_text("00" * 32 + "\n")
    _restate_in_premis(bag, seed)
    remake_manifests(bag)
    (bag / DISCLOSURE).write_text(before)
    _remake_without_commitment(bag)
    assert findings(bag) == [  # nonce and leaf follow from the seed
        "event-contradicted data/provenance/events.jsonl",
        "manifest-contradicted data/report/sources.toml",
    ]


def _remake_without_commitment(bag: Path) -> None:
    text = (bag / DISCLOSURE).read_bytes()
    remake_manifests(bag)
    (bag / DISCLOSURE).write_bytes(text)
    _remake_tag_manifests(bag)


def _remake_tag_manifests(bag: Path) -> None:
    tags = [place for place in sorted(bag.iterdir()) if place.is_file() and "tagmanifest" not in place.name]
    for algorithm in ("sha256", "sha512"):
        stated = {BagPath(place.name): digest(place, algorithm) for place in tags}
        (bag / manifest_name(algorithm, tag=True)).write_text(format_manifest(stated))


def _restate_in_premis(bag: Path, seed: str) -> None:
    premis = bag / "data/provenance/premis.xml"
    text = premis.read_text()
    for algorithm in ("sha256", "sha512"):
        before, after = (hashlib.new(algorithm, each.encode()).hexdigest() for each in (seed, "00" * 32 + "\n"))
        assert before in text
        text = text.replace(before, after)
    premis.write_text(text)
