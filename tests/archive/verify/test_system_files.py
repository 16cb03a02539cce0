"""Files that an operating system puts into the folder of a bag by itself: named for what they are, and nothing more."""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path

import pytest

from archive.fetch.fetch import fetch
from archive.handover.pack import PackOrder, pack
from archive.seal.facts import NotSealable
from archive.seal.sealing import SealOrder, seal_bag
from archive.ssh.allowed_signers import entry_line
from archive.verify.result.basis import Basis
from archive.verify.result.headline import Headline
from archive.verify.run import verify
from archive_manifests.findings import Outcome, Severity, State
from tests.archive.fetch.test_pilot import settings_for
from tests.archive.verify.sample_bags import findings_of, make_bag, observed
from tests.world import World
from tests.world.sealed_bag import facts_of, file_key
from tests.world.time_authority import NOW

CITED = "https://drive.google.com/file/d/1o-KAWNsfrHq6hAEDozEArdP3wEp2Tje6/view"
NAMES = (".DS_Store", "._index.html", "Thumbs.db", "desktop.ini", ".Spotlight-V100/Store-V2/x", ".fseventsd/no_log")


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("made")
    (folder / "report.txt").write_text(f"One source: {CITED} it is.\n")
    with World() as world:
        return fetch(folder / "report.txt", folder / "R1", settings_for(world)).bag


@pytest.fixture(params=["ours", "foreign"])
def bag(request: pytest.FixtureRequest, sound: Path, tmp_path: Path) -> Path:
    if request.param == "foreign":
        return make_bag(tmp_path / "R1")
    return shutil.copytree(sound, tmp_path / "R1")


def put(bag: Path, path: str) -> None:
    (bag / path).parent.mkdir(parents=True, exist_ok=True)
    (bag / path).write_bytes(b"\0\0\0\1Bud1")


@pytest.mark.parametrize("name", NAMES)
def test_in_the_payload_it_is_one_error_and_no_contradiction(bag: Path, name: str) -> None:
    before = findings_of(bag)
    put(bag, f"data/{name}")
    found = verify(bag, jobs=1)
    assert sorted(observed(found)) == sorted([*before, f"payload-system-file data/{name}"])
    assert (found.is_complete, found.is_valid, found.outcome) == (False, False, Outcome.INCOMPLETE)
    assert found.headline is Headline.SYSTEM_FILES


@pytest.mark.parametrize("folder", ["archive", "media/s01", "media", "indexes", "report", "provenance", "provenance/time", "views"])
def test_deeper_in_the_payload_it_is_the_same(sound: Path, tmp_path: Path, folder: str) -> None:
    """The events count the files that were digested, and the page lists them: none of these is among them."""
    bag = shutil.copytree(sound, tmp_path / "R1")
    before = findings_of(bag)
    for name in NAMES:
        put(bag, f"data/{folder}/{name}")
    found = verify(bag, jobs=1)
    added = [line for line in observed(found) if line not in before]
    assert sorted(added) == sorted(f"payload-system-file data/{folder}/{name}" for name in NAMES)
    assert found.headline is Headline.SYSTEM_FILES
    assert {question: given.state for question, given in found.answers.items()}["coverage"] is State.PASSED


@pytest.mark.parametrize("name", NAMES)
def test_beside_the_tag_files_it_is_one_warning(bag: Path, name: str) -> None:
    before = findings_of(bag)
    put(bag, name)
    found = verify(bag, jobs=1)
    assert sorted(observed(found)) == sorted([*before, f"(system-file {name})"])
    assert (found.is_complete, found.is_valid, found.outcome) == (True, True, Outcome.INTACT_WITH_WARNINGS)


def test_many_of_them_are_one_finding_each_and_other_files_are_still_unlisted(bag: Path) -> None:
    before = findings_of(bag)
    for name in NAMES:
        put(bag, name)
        put(bag, f"data/{name}")
    put(bag, "data/DS_Store")
    found = verify(bag, jobs=1)
    added = [line for line in observed(found) if line not in before]
    of_system = [line for line in added if "system-file" in line]
    assert sorted(of_system) == sorted(
        [f"(system-file {name})" for name in NAMES] + [f"payload-system-file data/{name}" for name in NAMES]
    )
    assert "payload-unlisted data/DS_Store" in added
    assert found.outcome is Outcome.INCOMPLETE
    assert found.headline is None


def test_a_damaged_file_beside_one_is_what_is_said_first(bag: Path) -> None:
    put(bag, "data/.DS_Store")
    first = next(path for path in sorted((bag / "data").rglob("*")) if path.is_file() and path.name != ".DS_Store")
    first.write_bytes(first.read_bytes() + b"x")
    found = verify(bag, jobs=1)
    assert (found.outcome, found.headline) == (Outcome.DAMAGED, None)


def test_an_empty_folder_of_a_system_is_a_warning(sound: Path, tmp_path: Path) -> None:
    bag = shutil.copytree(sound, tmp_path / "R1")
    before = findings_of(bag)
    (bag / ".Trashes").mkdir()
    (bag / "data/other").mkdir()
    added = [line for line in findings_of(bag) if line not in before]
    assert added == ["(system-file .Trashes)", "not-canonical data/other"]


def test_one_that_a_manifest_lists_is_a_file_of_the_bag(tmp_path: Path) -> None:
    assert findings_of(make_bag(tmp_path / "R1", {"data/a.txt": b"a", "data/.DS_Store": b"x"})) == []
    ours = make_bag(tmp_path / "R2", {"data/a.txt": b"a"}, tags={"Thumbs.db": b"x"})
    assert findings_of(ours) == []


def test_one_that_a_tag_manifest_of_ours_lists_is_not_canonical(sound: Path, tmp_path: Path) -> None:
    bag = shutil.copytree(sound, tmp_path / "R1")
    put(bag, "Thumbs.db")
    for algorithm in ("sha256", "sha512"):
        place = bag / f"tagmanifest-{algorithm}.txt"
        lines = [*place.read_text().splitlines(), f"{hashlib.new(algorithm, (bag / 'Thumbs.db').read_bytes()).hexdigest()}  Thumbs.db"]
        place.write_text("".join(f"{line}\n" for line in sorted(lines, key=lambda line: line.split("  ")[1])))
    errors = [one.code for one in verify(bag, jobs=1).findings if one.severity is Severity.ERROR]
    assert errors == ["not-canonical"]


def test_a_bag_with_one_in_its_payload_is_not_sealed(bag: Path) -> None:
    put(bag, "data/.DS_Store")
    with pytest.raises(NotSealable, match="payload-system-file"):
        facts_of(bag)
    (bag / "data/.DS_Store").unlink()
    put(bag, ".DS_Store")
    assert facts_of(bag)


def test_one_beside_the_tag_files_hinders_no_seal_and_is_not_packed(bag: Path, tmp_path: Path) -> None:
    put(bag, ".DS_Store")
    seal_bag(bag, tmp_path / "R1.seal", SealOrder((file_key(1),)), None, None, NOW)
    trust = tmp_path / "trust"
    trust.mkdir()
    (trust / "allowed_signers").write_text(f"{entry_line('anna')(file_key(1).public_key)}\n")
    found = verify(bag, trust=trust, now=NOW, jobs=1)
    assert (found.answers["who"].state, found.basis) == (State.PASSED, Basis.SEALED)
    packed = pack(bag, PackOrder(into=tmp_path / "out"), NOW)
    assert [left.partition(":")[0] for left in packed.left_out] == [".DS_Store"]
    again = verify(packed.places[0], trust=trust, now=NOW, jobs=1)
    assert not [one for one in again.findings if one.code == "system-file"]
    assert again.basis == Basis.SEALED
    (bag / ".DS_Store").unlink()
    without = pack(bag, PackOrder(into=tmp_path / "out2"), NOW)
    assert without.places[0].read_bytes() == packed.places[0].read_bytes()
