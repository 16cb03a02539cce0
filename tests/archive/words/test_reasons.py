"""Answers are codes and facts: their explanation is in the reader's language, and `why` is the English one."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

import archive
from archive.seal.sealing import SealOrder, seal_bag
from archive.verify.run import verify
from archive.words import CATALOGUES, languages, load
from archive.words.reasons import answer, explain, reason, text, with_reason
from archive_manifests.findings import Answer, State
from tests.archive.verify.test_forgeries import Scene, scene
from tests.archive.verify.test_seal_check import as_version
from tests.world.time_authority import NOW

__all__ = ["scene"]

CODES = set(tomllib.loads((CATALOGUES / "en.toml").read_text("utf-8"))["answer"])
SOURCES = [path.read_text("utf-8") for path in Path(archive.__file__).parent.joinpath("verify").rglob("*.py")]


def test_every_code_that_the_program_gives_has_a_sentence_and_the_other_way_round() -> None:
    given = {code for source in SOURCES for code in re.findall(r'\breason\(\s*"([a-z-]+)"', source)}
    chosen = {code for source in SOURCES for code in re.findall(r'"([a-z]+(?:-[a-z]+)+)"', source)}
    assert given <= CODES
    assert chosen | {"errors", "run-begun", "run-ended"} >= CODES


@pytest.mark.parametrize("language", languages())
def test_every_sentence_is_there_in_every_language_with_the_same_facts(language: str) -> None:
    sentences = tomllib.loads((CATALOGUES / f"{language}.toml").read_text("utf-8"))["answer"]
    english = tomllib.loads((CATALOGUES / "en.toml").read_text("utf-8"))["answer"]
    assert sentences.keys() == CODES
    for code, sentence in sentences.items():
        if isinstance(sentence, str):
            assert set(re.findall(r"{\w+}", sentence)) == set(re.findall(r"{\w+}", english[code])), code


def test_reasons_within_reasons_are_rendered_too() -> None:
    says = tuple(reason("authority-says", authority=name, time="T") for name in ("A", "B"))
    given = answer(State.PASSED, reason("not-later-than", time="T", authorities=says), text("as found"))
    assert given.why == "not later than T: A says T; B says T; as found"
    assert explain(given, load("fr")) == "au plus tard le T : A indique T ; B indique T ; as found"
    assert explain(Answer(State.PASSED, "a text alone"), load("ar")) == "a text alone"
    assert explain(Answer(State.PASSED), load("ar")) is None
    assert with_reason(Answer(State.ABSENT, "a text"), reason("no-seal")).why == "a text; no seal"


@pytest.mark.parametrize("language", ["ar", "fr", "es"])
def test_a_statement_explains_who_and_when_in_its_own_language(scene: Scene, language: str) -> None:
    from archive.trust.anchors import load_anchors

    order = SealOrder((), replies=(), urls=("https://time.example/",), queue=True)
    done = seal_bag(scene.sealed.bag, scene.folder, order, load_anchors(scene.trust), None, NOW)
    part = done.statement.part(language)
    said = " ".join((*part.shown, *part.not_shown))
    for english in ("not later than", " says ", "signed not", "time of signing"):
        assert english not in said
    assert "2026-01-26T10:00:01Z" in said


def test_the_answers_of_a_bag_have_their_reasons(scene: Scene) -> None:
    as_version(scene.sealed.bag, "Source-Organization: X\n")
    for found in (scene.judged(), verify(scene.sealed.bag, now=NOW, jobs=1)):
        for given in found.answers.values():
            assert given.why == explain(given, load("en"))
            if given.why:
                assert given.reasons
                assert explain(given, load("ar")) != given.why
