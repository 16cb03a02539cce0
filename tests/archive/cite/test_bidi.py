"""Right-to-left lines, from what is seen to what is read."""

from __future__ import annotations

import time

import pytest

from archive.cite.bidi import is_right_to_left, logical, reads_backwards, unshaped

SEEN = [
    ("دﺪﻬﻳ يرﻮﺴﻟا مﺎﻈﻨﻟا", "النظام السوري يهدد"),
    ("2021 ﻮﻳﺎﻣ /رﺎﻳأ 21 ﺔﻌﻤﺠﻟا", "الجمعة 21 أيار/ مايو 2021"),
    (".دﻮﻬﺷ لﺎﻗو ،https://sn4hr.org/arabic/?p=1", "https://sn4hr.org/arabic/?p=1، وقال شهود."),
    (".ﺎﻳرﻮﺳ ﻮﻳﺪﻴﻔﻟاو https://x.org/a?b=1 :رﺪﺼﻤﻟا", "المصدر: https://x.org/a?b=1 والفيديو سوريا."),
    ("لﺎﻗ /https://x.org/a ﺮﻈﻧا", "انظر https://x.org/a/ قال"),
    ("لﺎﻗ https://x.org/a/ ﺮﻈﻧا", "انظر https://x.org/a/ قال"),
    (".https://x.org/a ﺮﻈﻧا", "انظر https://x.org/a."),
    ("ةدﺎﻤﻟا Security Council 7 نﻮﻧﺎﻗ", "قانون Security Council 7 المادة"),
    ("مﻼﻋﻹا", "الإعلام"),
    ("2018 2012 ﻦﻴﺑ", "بين 2012 2018"),
    ("%16 ﺔﺒﺴﻧ", "نسبة 16%"),
    ("(ﺎﻳرﻮﺳ) ﻲﻓ", "في (سوريا)"),
    (")ﺎﻳرﻮﺳ( ﻲﻓ", "في (سوريا)"),
    ("", ""),
]


@pytest.mark.parametrize(("seen", "read"), SEEN)
def test_a_line_as_seen_is_turned_into_the_line_as_read(seen: str, read: str) -> None:
    assert logical(seen) == read


def test_the_direction_shows_in_articles_and_endings() -> None:
    assert reads_backwards("وقالت الشبكة السورية لحقوق الإنسان") is False
    assert reads_backwards("نﺎﺴﻧﻹا قﻮﻘﺤﻟ ﺔﻳرﻮﺴﻟا ﺔﻜﺒﺸﻟا ﺖﻟﺎﻗو") is True
    assert reads_backwards("قال شهود") is None
    assert reads_backwards("English only") is None


def test_presentation_forms_are_letters_and_other_text_is_left_alone() -> None:
    assert unshaped("ﺳﻮرﻳﺎ ﻻ ﬁrst ½ ² ① e\u0301") == "سوريا لا first ½ ² ① e\u0301"


def test_a_text_is_right_to_left_by_a_third_of_its_letters() -> None:
    assert is_right_to_left("انظر https://sn4hr.org/a السورية")
    assert not is_right_to_left("The word سوريا in an English sentence of some length")
    assert not is_right_to_left("")


@pytest.mark.parametrize("line", ["1 ", "1.", "/", "a 1 ", "a ! 1 ", "https://x. 1 "])
def test_the_cost_of_a_hostile_line_grows_with_its_length(line: str) -> None:
    def steps(count: int) -> float:
        started = time.process_time()
        logical(line * count)
        return time.process_time() - started

    assert steps(8_000) < 30 * max(steps(1_000), 0.01)
