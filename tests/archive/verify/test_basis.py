"""The first sentence about a bag: it claims that nothing has changed only where this run proved that."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from archive.verify.result.basis import Basis, basis_of
from archive.verify.result.verification import Verification
from archive.verify.run import verify
from archive.words import languages, load
from archive_cli.main import main
from archive_manifests.findings import Answer, State
from archive_manifests.fixity import Fixity
from tests.archive.verify.test_forgeries import ANNA, Scene, scene
from tests.archive.verify.test_seal_check import as_version, retag
from tests.world.sealed_bag import make_bag, make_sealed_bag
from tests.world.time_authority import NOW

__all__ = ["scene"]

UNCHANGED = "nothing has changed"
FORGED = "Source-Organization: International Criminal Court\nBagging-Date: 2020-01-01\n"


def sentence(found: Verification, language: str = "en") -> str:
    return load(language).sentence(f"cli.basis.{found.basis}", names="bag-info.txt")


def fingerprint(bag: Path) -> Fixity:
    found = verify(bag, now=NOW, jobs=1).tagmanifest
    assert found is not None
    return found


def test_a_bag_that_nobody_sealed_agrees_with_itself_and_nothing_more(tmp_path: Path) -> None:
    bag = make_bag(tmp_path / "R1", {"data/a.txt": b"a"})
    (bag / "disclosure.txt").unlink()
    retag(bag)
    found = verify(bag, now=NOW, jobs=1)
    assert found.basis is Basis.ALONE
    pinned = verify(bag, expect=fingerprint(bag), now=NOW, jobs=1)
    assert pinned.basis is Basis.EXPECTED
    (bag / "bag-info.txt").write_text(f"{(bag / 'bag-info.txt').read_text()}Contact-Name: Eve\n")
    retag(bag)
    assert verify(bag, now=NOW, jobs=1).basis is Basis.ALONE
    assert verify(bag, expect=pinned.tagmanifest, now=NOW, jobs=1).errors


def test_a_seal_that_was_checked_licenses_the_sentence_and_one_that_was_not_does_not(scene: Scene) -> None:
    assert scene.judged().basis is Basis.SEALED
    unchecked = verify(scene.sealed.bag, now=NOW, jobs=1)
    assert (unchecked.basis, UNCHANGED in sentence(unchecked)) == (Basis.UNCHECKED, False)


@pytest.mark.parametrize("language", languages())
def test_a_version_with_forged_words_is_named_in_the_first_sentence(scene: Scene, language: str) -> None:
    as_version(scene.sealed.bag, FORGED, **{"forged-affidavit.txt": b"I swear\n"})
    place = str(scene.sealed.bag)
    for options in ([], ["--trust", str(scene.trust)]):
        done = CliRunner().invoke(main, ["verify", place, *options], env={"ARCHIVE_LANGUAGE": language})
        first = done.stdout.splitlines()[0]
        assert "bag-info.txt, forged-affidavit.txt" in first
        assert load(language).sentence("cli.basis.sealed") not in first
    found = scene.judged()
    assert found.basis is Basis.OTHERS
    assert verify(scene.sealed.bag, now=NOW, jobs=1).basis is Basis.OTHERS_UNCHECKED


def test_of_a_foreign_bag_it_is_said_since_when_it_was_sealed(tmp_path: Path, scene: Scene) -> None:
    made = make_sealed_bag(tmp_path / "F" / "F1", {"data/a.txt": b"a"})
    made.sign(ANNA)
    assert verify(made.bag, trust=scene.trust, now=NOW, jobs=1).basis is Basis.SEALED


def test_programs_read_the_basis_as_a_code(tmp_path: Path) -> None:
    done = CliRunner().invoke(main, ["verify", str(make_bag(tmp_path / "R1")), "--json"])
    assert json.loads(done.stdout)["basis"] == "alone"


P, N, A = (Answer(state) for state in (State.PASSED, State.NOT_CHECKED, State.ABSENT))
LEFT_OUT = Answer(State.PASSED, facts={"not_sealed": ["bag-info.txt"]})


@pytest.mark.parametrize(
    ("answers", "is_expected", "expected"),
    [
        ({}, False, Basis.ALONE),
        ({"who": A, "when": A}, True, Basis.EXPECTED),
        ({"who": P, "when": A}, False, Basis.SEALED),
        ({"who": A, "when": P}, False, Basis.SEALED),
        ({"who": N, "when": P}, False, Basis.SEALED),
        ({"who": N, "when": A}, False, Basis.UNCHECKED),
        ({"who": LEFT_OUT, "when": A}, False, Basis.OTHERS),
        ({"who": Answer(State.NOT_CHECKED, facts=LEFT_OUT.facts)}, False, Basis.OTHERS_UNCHECKED),
        ({"who": P, "when": A, "origin": P}, False, Basis.PART),
        ({"who": N, "when": A, "origin": N}, False, Basis.UNCHECKED),
        ({"who": A, "when": A, "origin": N}, False, Basis.COPY),
    ],
)
def test_the_weakest_sentence_that_the_answers_allow(
    answers: dict[str, Answer], is_expected: bool, expected: Basis
) -> None:
    assert basis_of(answers, is_expected=is_expected) is expected


@pytest.mark.parametrize("language", languages())
def test_every_basis_has_its_sentence_in_every_catalogue(language: str) -> None:
    words = load(language)
    said = {basis: words.sentence(f"cli.basis.{basis}", names="x") for basis in Basis}
    assert len(set(said.values())) == len(said)
    assert words.sentence("cli.verify.alone") not in said.values()


@pytest.mark.parametrize("is_expected", [True, False])
def test_what_the_first_sentence_rests_on_is_said_where_nothing_outside_vouches(tmp_path: Path, is_expected: bool) -> None:
    bag = make_bag(tmp_path / "R1", {"data/a.txt": b"a"})
    options = ["--expect", str(fingerprint(bag))] if is_expected else []
    done = CliRunner().invoke(main, ["verify", str(bag), *options])
    assert (load("en").sentence("cli.verify.alone") in done.stdout) is not is_expected
