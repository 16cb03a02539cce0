"""Sentences of the ledger on a page in another language."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from archive.page.markup import Renderer
from archive.page.noted import say_noted
from archive.words import load

ARABIC = Renderer(load("ar"))
SOURCES = Path(__file__).parents[3] / "archive"


def arabic(text: str) -> str:
    return str(say_noted(text, ARABIC))


def test_on_the_english_page_a_sentence_is_as_the_ledger_has_it() -> None:
    said = "the server refuses to show it (status 403)"
    assert say_noted(said, Renderer(load("en"))) == f"<bdi>{said}</bdi>"


def test_a_known_sentence_is_said_in_the_language_of_the_page_with_its_values() -> None:
    assert arabic("the server refuses to show it (status 403)") == "يرفض الخادم إظهاره (الحالة ٤٠٣)"
    said = "the post was last changed on 2020-02-01T09:30:00Z, before the report of 2021-05-21, as its own record says"
    assert re.sub("<.*?>", "", arabic(said)) == (
        "آخر تغيير في النص المنشور كان في ١ شباط/فبراير ٢٠٢٠، ٠٩:٣٠:٠٠ بالتوقيت العالمي،"
        " قبل التقرير المؤرخ ٢١ أيار/مايو ٢٠٢١، كما يقول سجلّه نفسه"
    )


def test_sentences_that_were_joined_and_sentences_within_sentences_are_said_each() -> None:
    told = arabic(
        "status 200, but an invented address gets the same; its title is “Page; not | found”;"
        " a copy of the Internet Archive is here, captured there on 2021-06-01T09:30:01Z, 11 days AFTER the report"
    )
    assert told.startswith("الحالة ٢٠٠، لكن عنوانًا مختلَقًا")
    assert "عنوانها «<bdi>Page; not | found</bdi>»؛ هنا نسخة" in told
    assert told.endswith("بعد التقرير (عدد الأيام: ١١)")
    passed = arabic("a copy of 2021-05-15T07:08:09Z was passed over: the archive did not open it (status 503)")
    assert passed.endswith("لم يفتحها الأرشيف (الحالة ٥٠٣)")


def test_what_a_person_said_keeps_its_own_language_and_cannot_pass_for_ours() -> None:
    told = arabic("attested by an unnamed person on 2026-11-22T10:00:00Z: رأيتها؛ <b>the server was asked; again</b>")
    assert told.startswith("شهد شخص لم يُسمَّ في ")
    assert told.endswith("<bdi>رأيتها؛ &lt;b&gt;the server was asked; again&lt;/b&gt;</bdi>")


def test_a_sentence_that_no_catalogue_knows_is_marked_as_english() -> None:
    assert arabic("the moon <was> full") == '<bdi lang="en" dir="ltr">the moon &lt;was&gt; full</bdi>'


def test_hostile_text_is_looked_at_in_no_time() -> None:
    for text in ("status 1, but a and " * 30, "; " * 300, "a copy of " * 60 + " was passed over: ", "supplied: " * 60):
        assert arabic(text[:600])


def _strings() -> str:
    """Every string of the library, what is computed in it as U+0000, the parts that are joined with `+` apart."""
    found = []
    for place in SOURCES.rglob("*.py"):
        for node in ast.walk(ast.parse(place.read_text("utf-8"))):
            if isinstance(node, ast.JoinedStr):
                parts = (part.value if isinstance(part, ast.Constant) else "\0" for part in node.values)
                found.append("".join(str(part) for part in parts))
            elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                found.append(node.value)
    return "\n".join(found)


def test_every_sentence_of_the_catalogue_is_one_that_the_program_writes() -> None:
    written = _strings()
    stale = {}
    for key, sentence in load("en").sentences.items():
        if key.startswith("noted."):
            parts = [part.removesuffix("(status ").strip(" ();:,“”") for part in re.split(r"\{\w+\}", sentence)]
            # "49 days before the report" is put together of four pieces.
            lost = [part for part in parts if part not in written and not re.fullmatch("days? .* the report", part)]
            if lost:
                stale[key] = lost
    assert stale == {}


@pytest.mark.parametrize("key", [key for key in load("en").sentences if key.startswith("noted.")])
def test_a_sentence_is_known_by_its_own_form(key: str) -> None:
    words = load("en")
    sentences = dict.fromkeys(("why", "more", "first", "second"), "on the day of the report")
    given = {name: sentences.get(name, "7") for name in re.findall(r"\{(\w+)\}", words.sentences[key])}
    told = arabic(words.sentences[key].format(**given))
    assert 'lang="en"' not in told
