"""The one spelling of JSON: what a reader of the raw file would not see is escaped, and either spelling is read."""

from __future__ import annotations

import json

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
