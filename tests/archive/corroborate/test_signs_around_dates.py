"""A date may be written in another way; whatever stands around it in the main text is compared sign by sign."""

from __future__ import annotations

import pytest

from archive_manifests.corroboration import PairStatus
from tests.archive.corroborate.news_page import ARTICLE, MEDIA, news_page
from tests.archive.corroborate.page_pairs import compare

FORGED = (
    ("No, survivors were found by Friday.", "No survivors were found by Friday."),
    ("He said “the army shelled it” on 12 March 2019.", "He said the army shelled it on 12 March 2019."),
    ("Nein, Überlebende wurden bis Freitag gefunden.", "Nein Überlebende wurden bis Freitag gefunden."),
    ("لا، وجدوا ناجين يوم الجمعة", "لا وجدوا ناجين يوم الجمعة"),
    ("On Friday A., not B., gave the order", "On Friday A. not B. gave the order"),
    ("It began on 12 March 2019; B. left.", "It began on 12 March 2019. B. left."),
    ("The guards left on Friday?", "The guards left on Friday."),
    ("Friday he said they died", "he said they died Friday"),
    ("The witness said: 3 hours ago they were alive.", "The witness said: 20 hours ago they were alive."),
)
HONEST = (
    ("Published 12 March 2019 by Jane", "Published 12.03.2019 by Jane"),
    ("Posted 3 hours ago by Jane Doe", "Posted 4 hours ago by Jane Doe"),
)


def _status(texts: tuple[str, str]) -> PairStatus:
    one, other = (news_page(article=ARTICLE.replace("</article>", f"<p>{text}</p></article>")) for text in texts)
    return compare(one, other, media=(MEDIA, MEDIA)).status


@pytest.mark.parametrize("texts", FORGED)
def test_other_signs_around_a_date_contradict(texts: tuple[str, str]) -> None:
    assert _status(texts) is PairStatus.CONTRADICTS


@pytest.mark.parametrize("texts", HONEST)
def test_another_way_to_write_the_date_itself_does_not(texts: tuple[str, str]) -> None:
    assert _status(texts) is PairStatus.DIFFERS
