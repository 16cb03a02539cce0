"""The one spelling of JSON: what a reader of the raw file would not see is escaped, and either spelling is read."""

from __future__ import annotations

import json
import tracemalloc

import pytest

from archive_manifests.canonical import document, is_document, line
from archive_manifests.plain_text import excerpt

HIDDEN = "a\u202eb\u2066c\u200fd\u2028e\x9bf\x7fg"


def test_a_document_shows_what_reorders_text_or_controls_a_terminal_as_escapes() -> None:
    text = document({"title": f"عنوان {HIDDEN}"})
    assert json.loads(text) == {"title": f"عنوان {HIDDEN}"}
    assert "عنوان" in text and not set(text) & set("\u202e\u2066\u200f\u2028\x9b\x7f")
    assert is_document(text.encode())


def test_a_document_of_an_earlier_version_that_escapes_nothing_is_one_too() -> None:
    text = document({"title": HIDDEN})
    plain = json.dumps({"title": HIDDEN}, ensure_ascii=False, indent=1) + "\n"
    assert is_document(plain.encode()) and not is_document(text.replace("\\u202e", "\\u202E").encode())
    assert not is_document(text.replace("\\u202e", "\u202e").encode())  # a mixture is nobody's spelling
    assert json.loads(line({"title": HIDDEN})) == {"title": HIDDEN}


def test_what_a_server_says_is_one_short_line_or_nothing() -> None:
    assert [excerpt(said, 10) for said in (" \n\t ", None, 7, "a \n b", "x" * 99)] == ["", "", "", "a b", "xxxxxxxxx…"]
    assert excerpt("x " * 10_000_000, 40).endswith("…")


DOCUMENTS = [
    {},
    [],
    [1, {"a": []}],
    {"a": [], "b": {}, "c": [[]]},
    {"sources": [{"id": "s01", "notes": [{"facts": {}}, "é\u202e"]}, {"id": "s02"}], "n": 1.5},
    {"bidi\u202e": ["line\nbreak", None, True]},
]


@pytest.mark.parametrize("value", DOCUMENTS)
def test_a_document_is_in_our_spelling_just_where_it_is_what_its_values_give(value: object) -> None:
    for text in {document(value), json.dumps(value, indent=1, ensure_ascii=False) + "\n"}:
        assert is_document(text.encode())
        for altered in (text[:-1], text + "\n", text.replace("\n", "\n ", 1), text.replace("\n", "", 1)):
            assert not is_document(altered.encode())


@pytest.mark.parametrize("text", ['{\n "a": 1,\n "a": 1\n}\n', '{\n "a": ["\\u00e9"]\n}\n', '{\n "a": [\n  1.0e0\n ]\n}\n'])
def test_a_document_that_is_laid_out_as_ours_may_be_spelled_otherwise(text: str) -> None:
    assert not is_document(text.encode())


def test_no_more_than_a_part_of_a_large_document_is_in_memory_twice() -> None:
    text = document({"sources": [{"id": f"s{number}", "notes": ["n"] * 20} for number in range(4000)]}).encode()
    tracemalloc.start()
    assert is_document(text)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < len(text) / 2
