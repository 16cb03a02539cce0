"""A contradiction shows what differs, also where both sides have the same words; a link, where it leads in each."""

from __future__ import annotations

import pytest

from archive_manifests.corroboration import PairStatus
from tests.archive.corroborate.news_page import ARTICLE, MEDIA, news_page
from tests.archive.corroborate.page_pairs import compare


def _article(text: str) -> str:
    return news_page(article=ARTICLE.replace("</article>", f"{text}</article>"))


@pytest.mark.parametrize(
    "texts",
    [
        ("<p>He left.</p><p>She stayed.</p><p>They died.</p>", "<p>They died.</p><p>He left.</p><p>She stayed.</p>"),
        ("<p>It is at 10.0.0.1 today.</p>", "<p>It is at 10.0.0.2 today.</p>"),
        (f"<p>{'The ward was hit. ' * 40}Nobody died.</p>", f"<p>{'The ward was hit. ' * 40}Two died.</p>"),
        ("<select><option selected>Syria<option>Iraq</select>", "<select><option>Syria<option selected>Iraq</select>"),
    ],
)
def test_both_sides_of_a_contradiction_say_what_differs(texts: tuple[str, str]) -> None:
    found = compare(*map(_article, texts), media=(MEDIA, MEDIA))
    assert found.status is PairStatus.CONTRADICTS
    shown = [(each.first, each.second) for each in found.differences if each.is_substance]
    assert shown and all(first != second for first, second in shown)


def test_a_link_with_another_token_shows_both() -> None:
    link = "<p>The <a href='https://docs.example/r?token={}'>report</a> names the commander of the unit.</p>"
    tokens = "9f86d081884c7d65", "2c26b46b68ffc68f"
    found = compare(*(_article(link.format(token)) for token in tokens), media=(MEDIA, MEDIA))
    shown = [(each.first, each.second) for each in found.differences]
    assert len(shown) == 1 and tokens[0] in shown[0][0] and tokens[1] in shown[0][1]
