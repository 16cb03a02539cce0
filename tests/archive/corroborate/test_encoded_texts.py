"""A text in another encoding is a text; what a server makes up for a visit is none."""

from __future__ import annotations

import base64
from urllib.parse import quote

import pytest

from archive.corroborate.texts.machine import decodes_to_words
from archive_manifests.corroboration import PairStatus
from tests.archive.corroborate.news_page import news_page
from tests.archive.corroborate.page_pairs import compare

SAID = ["The report is wrong", "Отчёт неверен", "报告与事实不符", "التقرير غير صحيح", "Η έκθεση είναι λάθος"]
STATE = '<script>window.app={{"csrfToken":"{}"}};</script>'
MADE = ["8f3a9c2e77ab00c1d4e5", "b1946ac92492d2347c62"]


def encoded(text: str) -> list[str]:
    return [base64.b64encode(text.encode()).decode(), text.encode().hex(), quote(text)]


@pytest.mark.parametrize("text", SAID)
def test_a_text_is_known_in_any_script_and_encoding(text: str) -> None:
    assert [each for each in encoded(text) if not decodes_to_words(each)] == []


@pytest.mark.parametrize("made", [*MADE, "next=%2Fabout%2Fus", "dQw4w9WgXcQ", "a+b+c/9Zk3+x8Q=="])
def test_what_is_made_up_is_no_text(made: str) -> None:
    assert not decodes_to_words(made)


@pytest.mark.parametrize("text", SAID)
def test_a_text_in_place_of_a_token_contradicts(text: str) -> None:
    honest, other = (news_page(head=STATE.format(each)) for each in MADE)
    assert compare(honest, other).status is PairStatus.DIFFERS
    found = [compare(honest, news_page(head=STATE.format(each))).status for each in encoded(text)]
    assert found == [PairStatus.CONTRADICTS] * 3
