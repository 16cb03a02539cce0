"""Arabic reports as Chromium and LibreOffice print them: each address is read, or a doubt says that it may not be.

The files of `tests/data/arabic` were printed from random Arabic words with addresses between them: `columns.pdf` by Chromium in
two narrow columns and `narrow.pdf` in one, where a line may end within any word; `writer.pdf` by LibreOffice, where an
address that is too long may. The text beside each lists the addresses.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from archive.cite import read_report
from archive.cite.bidi import direction_by_stops, direction_of, logical, unshaped
from archive.cite.broken import JoinedUrl, join
from archive.cite.links import find_urls
from archive.cite.next_line import Following
from archive.cite.pdf.pieces import Piece
from archive.cite.pdf.visual import visual_of
from archive.cite.shown_orders import orders

DATA = Path(__file__).parents[2] / "data" / "arabic"


@pytest.mark.parametrize(("name", "first"), [("columns", 14), ("narrow", 25), ("writer", 25)])
def test_each_address_is_a_reading_and_what_is_none_is_doubted(name: str, first: int) -> None:
    truth = set((DATA / f"{name}.txt").read_text("utf-8").split())
    sources = read_report(DATA / f"{name}.pdf").sources
    assert len(truth & {source.cited for source in sources}) == first
    assert truth - {reading for source in sources for reading in (source.cited, *source.candidates)} == set()
    assert [source.cited for source in sources if source.cited not in truth and not source.doubts] == []
    assert len(sources) == len(truth)


def test_addresses_with_arabic_letters_are_read_in_lines_of_both_directions() -> None:
    """`directions.pdf` is printed by LibreOffice: Arabic sentences as paragraphs of both directions, English ones."""
    truth = (DATA / "directions.txt").read_text("utf-8").split()
    sources = read_report(DATA / "directions.pdf").sources
    assert [source.cited for source in sources] == truth
    assert [source.cited.partition("org/")[2] for source in sources if source.doubts] == [
        "2021/مستشفى/", "movies/فيلم-cave-2019", "2021/مستشفى/",
    ]


@pytest.mark.parametrize(
    ("seen", "read", "otherwise"),
    [
        ("ﺮﻈﻧا: https://x.org/a/مليف-b ﻝﺎﻗ.", "انظر: https://x.org/a/فيلم-b قال.", []),
        (".ﻝﺎﻗ https://x.org/a/مليف-b :ﺮﻈﻧا", "انظر: https://x.org/a/فيلم-b قال.", []),
        (".ﻝﺎﻗ https://x.org/a/مليف :ﺮﻈﻧا", "انظر: https://x.org/a/فيلم قال.", ["انظر: فيلم/https://x.org/a قال."]),
        (".ﻝﺎﻗ مليف/https://x.org/a :ﺮﻈﻧا", "انظر: https://x.org/a/فيلم قال.", []),
        (".b.html/12-مليف/https://x.org/a :ﺮﻈﻧا", "انظر: https://x.org/a/فيلم-b.html/12.", ["انظر: https://x.org/a/فيلم-12/b.html."]),
        ("See https://x.org/2021/05/مليف.", "See https://x.org/2021/05/فيلم.", []),
        ("See https://x.org/2021/مليف.", "See https://x.org/2021/فيلم.", ["See https://x.org/فيلم/2021."] * 2),
        ("https://x.org//مليف", "https://x.org/فيلم/", []),
        ("See https://x.org/a and https://x.org/b.", "See https://x.org/a and https://x.org/b.", []),
    ],
)
def test_a_line_is_read_in_its_likeliest_order_and_in_each_other_one(
    seen: str, read: str, otherwise: list[str]
) -> None:
    by_stops = direction_by_stops(seen)
    is_rtl = direction_of(seen) is True if by_stops is None else by_stops
    texts = [unshaped("".join(letter for _, letter in one)) for one in orders(seen, is_rtl=is_rtl, is_sure=True)]
    assert texts == [read, *otherwise]


def test_a_vowel_sign_does_not_fill_the_blank_before_its_letter() -> None:
    pieces = [Piece("9", [100.0], 106.0, 0, 12.0, 0, 0), Piece("ً", [107.0], 112.0, 0, 12.0, 0, 9)]
    assert visual_of([*pieces, Piece("ا", [109.0], 112.0, 0, 12.0, 0, 8)])[0] == "9 ًا"


@pytest.mark.parametrize(
    ("seen", "read"),
    [
        ("who”, 11 May 2021, https://x.org/a ﺪﻫﺎﺷ", "شاهد who”, 11 May 2021, https://x.org/a"),
        ("2021, https://x.org/a/doc_0B", "2021, https://x.org/a/doc_0B"),
        ("https://x.org/a_8Er( 5", "5 (https://x.org/a_8Er"),
        ("ﻲﻓ </k-arabic-blog", "k-arabic-blog/< في"),
        (";/1, https://x.org/uploads", "1, https://x.org/uploads/;"),
    ],
)
def test_latin_words_and_numbers_between_arabic_ones_stay_in_their_order(seen: str, read: str) -> None:
    assert logical(seen) == read


def joined(line: str, following: str, room: float = 0.5) -> JoinedUrl:
    [found] = find_urls(line)
    return join(found, [Following(following, room=room, is_exact=True, is_right_to_left=True)])


@pytest.mark.parametrize(
    ("line", "following", "url"),
    [
        ("من https://t.me/2017/pEi61-school.htm", "l, أيار حصلنا", "https://t.me/2017/pEi61-school.html"),
        ("(https://x.org/watch?v=nxqe3e", "dptz5( السكان", "https://x.org/watch?v=nxqe3edptz5"),
        (">https://x.org/2021/attac", "k-arabic-blog/< الحي", "https://x.org/2021/attack-arabic-blog/"),
        ("(https://x.org/en/doc_2h", "m4t3cG.pdfا ق", "https://x.org/en/doc_2hm4t3cG.pdf"),
        ("https://x.org/en/doc_8625", ";BuGp.pdf", "https://x.org/en/doc_8625BuGp.pdf"),
        ("https://www.hrw.or", "g/%d8%a7/9f7b.", "https://www.hrw.org/%d8%a7/9f7b"),
        ("https://www", "bbc.co.uk/news/1.", "https://www.bbc.co.uk/news/1"),
    ],
)
def test_an_address_goes_on_in_the_next_arabic_line(line: str, following: str, url: str) -> None:
    found = joined(line, following)
    assert found.lines == 1
    assert url in (found.url, *found.candidates[:2])
    assert found.doubts


def test_a_latin_word_at_the_start_of_an_arabic_line_may_carry_on_an_address() -> None:
    found = joined("https://x.org/9zv4ottbynw4m0xpcfekzA25Azob", "Ao, الحي وقتل")
    assert found.url == "https://x.org/9zv4ottbynw4m0xpcfekzA25Azob"
    assert "https://x.org/9zv4ottbynw4m0xpcfekzA25AzobAo" in found.candidates
    assert found.doubts == ("break-in-segment",)


def test_an_arabic_word_ends_the_address_before_it() -> None:
    found = joined("https://x.org/9zv4", "الحي وقتل")
    assert (found.url, found.candidates, found.doubts, found.lines) == ("https://x.org/9zv4", (), (), 0)


def test_an_arabic_word_glued_to_an_address_is_another_reading() -> None:
    [found] = find_urls("https://x.org/school/424112ع د")
    assert (found.url, found.alternatives) == ("https://x.org/school/424112", ("https://x.org/school/424112ع",))
    assert found.doubts == ("word-behind",)
    [found] = find_urls("https://x.org/wiki/سوريا و")
    assert (found.url, found.doubts) == ("https://x.org/wiki/سوريا", ())
