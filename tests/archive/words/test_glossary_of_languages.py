"""One word for one thing in every language: no catalogue has a second one."""

from __future__ import annotations

import re

import pytest

from archive.words import glossary, languages
from tests.archive.words.test_words import written

OTHERS = [code for code in languages() if code != "en"]


@pytest.mark.parametrize("code", OTHERS)
def test_each_thing_has_one_word_in_each_language(code: str) -> None:
    sentences = written(code)
    found = {
        (term.name, key): text
        for term in glossary.terms()
        if (refused := term.words[code].refused) is not None
        for key, text in sentences.items()
        if re.search(refused, text, re.IGNORECASE)
    }
    assert found == {}


@pytest.mark.parametrize("code", languages())
def test_every_word_of_the_glossary_is_used(code: str) -> None:
    whole = "\n".join(written(code).values()).lower()
    missing = [term.name for term in glossary.terms() if term.words[code].word.lower() not in whole]
    assert missing == []
