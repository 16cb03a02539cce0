"""What a seal states: the same for a bag wherever it lies, and for no unsound one."""

from __future__ import annotations

import hashlib
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from archive.seal.facts import NotSealable
from archive_manifests.disclosure import commit
from tests.world.sealed_bag import facts_of, make_bag


def packed(bag: Path, how: str) -> Path:
    place = bag.with_name(f"{bag.name}.{how}")
    if how == "zip":
        with zipfile.ZipFile(place, "w", zipfile.ZIP_DEFLATED) as archive:
            for path in sorted(bag.rglob("*")):
                archive.write(path, f"{bag.name}/{path.relative_to(bag)}")
    else:
        with tarfile.open(place, "w:gz" if how == "tar.gz" else "w") as archive:
            archive.add(bag, bag.name)
    return place


def test_a_seal_states_the_bags_own_figures(tmp_path: Path) -> None:
    bag = make_bag(tmp_path / "R1")
    facts = facts_of(bag)
    assert facts.bag_id == "urn:uuid:R1"
    assert facts.disclosure == commit(bytes(32), [])
    assert facts.events_head == hashlib.sha256(b'{"seq":2}\n').hexdigest()
    assert [one.file for one in facts.tag_manifests] == ["tagmanifest-sha256.txt", "tagmanifest-sha512.txt"]
    for one in facts.tag_manifests:
        content = (bag / one.file).read_bytes()
        assert one.sha256 == hashlib.sha256(content).hexdigest()
        assert one.sha512 == hashlib.sha512(content).hexdigest()


@pytest.mark.parametrize("how", ["tar", "tar.gz", "zip"])
def test_a_packed_bag_has_the_same_seal_as_its_folder(tmp_path: Path, how: str) -> None:
    bag = make_bag(tmp_path / "R1")
    assert facts_of(packed(bag, how)) == facts_of(bag)


def test_a_foreign_bag_without_id_and_events_can_be_sealed(tmp_path: Path) -> None:
    bag = make_bag(tmp_path / "R1", {"data/ملف.txt": b"x"})
    (bag / "bag-info.txt").unlink()
    for name in ("sha256", "sha512"):
        manifest = bag / f"tagmanifest-{name}.txt"
        manifest.write_text("".join(line for line in manifest.open() if "bag-info" not in line))
    facts = facts_of(bag)
    assert (facts.bag_id, facts.events_head) == (None, None)


@pytest.mark.parametrize(
    ("broken", "observed"),
    [
        (lambda bag: (bag / "bagit.txt").unlink(), "declaration-missing"),
        (lambda bag: (bag / "bag-info.txt").write_text("Payload-Oxum: 1.1\n"), "oxum-differs|tag-file-altered"),
        (lambda bag: (bag / "manifest-sha256.txt").write_text(""), "manifest-incomplete"),
        (lambda bag: (bag / "data/report/extra.pdf").write_bytes(b"x"), "oxum-differs"),
        (lambda bag: (bag / "data/report/text.txt").unlink(), "oxum-differs"),
        (lambda bag: (bag / "data/report/link").symlink_to("/etc/passwd"), "link data/report/link"),
    ],
)
def test_an_unsound_bag_is_not_sealed(tmp_path: Path, broken: Callable[[Path], object], observed: str) -> None:
    bag = make_bag(tmp_path / "R1")
    broken(bag)
    with pytest.raises(NotSealable, match=observed):
        facts_of(bag)


def test_an_events_log_whose_last_line_was_cut_is_stated_as_it_is(tmp_path: Path) -> None:
    for events, head in ((b"one\ntwo", b"two"), (b"one", b"one"), (b"one\n\n", b"\n")):
        bag = make_bag(tmp_path / hashlib.sha256(events).hexdigest()[:8], {"data/provenance/events.jsonl": events})
        assert facts_of(bag).events_head == hashlib.sha256(head).hexdigest()
