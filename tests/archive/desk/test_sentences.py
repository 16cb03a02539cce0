"""Every sentence of the desk exists in every language, and every one that a template names exists."""

from __future__ import annotations

import re
import string
from importlib import resources

import pytest

from archive.words import languages, load
from tests.archive.words.test_words import keys


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def named() -> set[str]:
    """Keys that templates name in full; those that are put together are rendered by the other tests."""
    texts = [place.read_text("utf-8") for place in (resources.files("archive.desk") / "templates").iterdir()]
    return {found for text in texts for found in re.findall(r"""\bs\(["']([a-z_.]+)["'](?! ~)""", text)}


@pytest.mark.parametrize("code", [code for code in languages() if code != "en"])
def test_no_language_lacks_a_sentence_of_the_desk(code: str) -> None:
    wanted = {key for key in keys("en") if key.startswith(("desk.", "cli.desk.", "doubt.", "passed_over.", "nothing."))}
    assert wanted - keys(code) == set()


@pytest.mark.parametrize("code", languages())
def test_a_sentence_uses_the_same_facts_in_every_language(code: str) -> None:
    english, other = load("en"), load(code)
    for key, text in english.sentences.items():
        if key.startswith("desk.") and key in other.sentences:
            assert placeholders(other.sentences[key]) <= placeholders(text) | {"n"}, key


def test_templates_name_sentences_that_exist() -> None:
    known = {re.sub(r"\.(?:zero|one|two|few|many|other)$", "", key) for key in load("en").sentences}
    assert {name for name in named() if f"desk.{name}" not in known} == set()
