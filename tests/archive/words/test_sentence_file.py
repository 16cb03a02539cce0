from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from archive.words import CATALOGUES
from archive.words.sentence_file import read_sentences

FILES = sorted(path for path in CATALOGUES.rglob("*.toml") if path.parent.name != "term_words")


@pytest.mark.parametrize("file", FILES, ids=lambda file: f"{file.parent.name}/{file.name}")
def test_every_catalogue_is_read_as_the_parser_of_all_of_toml_reads_it(file: Path) -> None:
    text = file.read_text("utf-8")
    found, expected = read_sentences(text), tomllib.loads(text)
    assert found == expected
    assert list(found) == list(expected)


def test_there_are_catalogues() -> None:
    assert len(FILES) >= 4


@pytest.mark.parametrize(
    "text",
    [
        'a = "one"\nb.c = "two # no comment"\n"not plain" = "three"\n',
        '[head]\na = "\\"quoted\\" and \\\\"\n[head.below]\n# a comment\nb = "\\u00e4\\n"\n',
        '[t]\na = \'literal\'\nb = 3 # three\nc = ["x", "y\\\\"]\nd = []\n',
        'a = """\nof\nlines"""\nb = "c"\n',
        "b = '''[x]'''\n[[array]]\na = \"b\"\n",
        '[a]\n"b".\'c d\' = "e"\n  f = "g"\n',
        "",
    ],
)
def test_a_line_of_any_other_form_is_read_too(text: str) -> None:
    assert read_sentences(text) == tomllib.loads(text)


@pytest.mark.parametrize("text", ['a = "b\n', "a = [\n", "what\n", 'a = "b" c = "d"\n', 'a = "\x07"\n'])
def test_what_is_no_toml_is_refused(text: str) -> None:
    with pytest.raises(tomllib.TOMLDecodeError):
        read_sentences(text)
