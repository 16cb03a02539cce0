"""Where a URL in running text starts and ends."""

from __future__ import annotations

import time

import pytest

from archive.cite.links import find_urls


def urls(line: str) -> list[str]:
    return [found.url for found in find_urls(line)]


TRAPS = [
    ("See (https://x.org/a), and", ["https://x.org/a"]),
    ("See https://x.org/a_(b) and (https://x.org/a_(b)).", ["https://x.org/a_(b)", "https://x.org/a_(b)"]),
    ("“https://x.org/a”", ["https://x.org/a"]),
    ("‘https://x.org/a’.", ["https://x.org/a"]),
    ("«https://x.org/a»،", ["https://x.org/a"]),
    ("راجع https://x.org/2019، ثم", ["https://x.org/2019"]),
    ("هل رأيت https://x.org/2019؟", ["https://x.org/2019"]),
    ("https://x.org/2019؛ https://y.org/؛", ["https://x.org/2019", "https://y.org/"]),
    ("https://x.org/a…", ["https://x.org/a"]),
    ("https://x.org/a...", ["https://x.org/a"]),
    ("<https://x.org/a>", ["https://x.org/a"]),
    ("[text](https://x.org/a)", ["https://x.org/a"]),
    ("in late 2020.In March", []),
    ("http://[::1]/a and http://[2001:db8::1]:8080/", ["http://[::1]/a", "http://[2001:db8::1]:8080/"]),
    ("\u202bhttps://x.org/a\u202c", ["https://x.org/a"]),
    ("\u2067الرابط:https://x.org/a\u2069", ["https://x.org/a"]),
    ("https://x.\u200borg/a\u00adb", ["https://x.org/ab"]),
    ("HTTPS://X.ORG/A", ["HTTPS://X.ORG/A"]),
    ("hTTp://x.org", ["hTTp://x.org"]),
    ("www.x.org/a.", ["www.x.org/a"]),
    ("mail@www.x.org", []),
    ("https://www.x.org/a", ["https://www.x.org/a"]),
    ("t.me/channel/12 and youtu.be/ut0DuECJLjs", ["t.me/channel/12", "youtu.be/ut0DuECJLjs"]),
    ("at.mee/x and t.me alone", []),
    ("amnesty.org/en/documents/mde24/, un.org/A/HRC/46/54; bbc.co.uk/news", [
        "amnesty.org/en/documents/mde24/", "un.org/A/HRC/46/54", "bbc.co.uk/news",
    ]),
    ("2020.In/Out, e.g./i.e., and/or, S/PV.2042/Add.1, version 1.2/3", []),
    ("Run `https://x.org/a` and _https://x.org/b_ or __https://x.org/c_d__", [
        "https://x.org/a", "https://x.org/b", "https://x.org/c_d",
    ]),
    ("https://x.org/a¹ https://x.org/b—said", ["https://x.org/a", "https://x.org/b"]),
    ("https://web.archive.org/web/2020/https://x.org/a", ["https://web.archive.org/web/2020/https://x.org/a"]),
    ("https://x.org/?u=http://y.org/", ["https://x.org/?u=http://y.org/"]),
    ("https://x.org/ahttps://y.org/b", ["https://x.org/a", "https://y.org/b"]),
    ("https://x.org/a،https://y.org/b", ["https://x.org/a", "https://y.org/b"]),
    ("http://my_host.example.org/x", ["http://my_host.example.org/x"]),
    ("https://x.org:99999/a", ["https://x.org:99999/a"]),
    ("https://x.org./a", ["https://x.org./a"]),
    ("https://ar.wikipedia.org/wiki/سوريا", ["https://ar.wikipedia.org/wiki/سوريا"]),
    ("https://مثال.إختبار/مسار", ["https://مثال.إختبار/مسار"]),
    ("https://x.org/%D9%81%d9%84", ["https://x.org/%D9%81%d9%84"]),
    ("ftp://x.org/a", ["ftp://x.org/a"]),
    ("sftp://x.org/a", []),
    ("magnet:?xt=urn:btih:abc", ["magnet:?xt=urn:btih:abc"]),
    ("http:// and https://.", []),
    ("https://x.org/?term=&lan=original", ["https://x.org/?term=&lan=original"]),
    ("https://x.org/?", ["https://x.org/"]),
    ("https://x.org/a{b}", ["https://x.org/a{b}"]),
    ("TV1  aired, R210517, 16%", []),
    ("https://x.org/e\u0301", ["https://x.org/e\u0301"]),
    ("https://x.org/a\x01b", ["https://x.org/a"]),
    ("http://[::1]/a\x7fb", ["http://[::1]/a"]),
    ("(hxxps://x[.]org/a).", ["hxxps://x[.]org/a"]),
]


@pytest.mark.parametrize(("line", "expected"), TRAPS)
def test_a_url_ends_where_its_sentence_continues(line: str, expected: list[str]) -> None:
    assert urls(line) == expected


def test_the_place_covers_the_characters_of_the_line_as_they_are() -> None:
    line = "\u202bانظر https://x.\u200borg/a\u202c، ثم"
    (found,) = find_urls(line)
    assert line[found.start : found.end] == found.shown == "https://x.\u200borg/a"


def test_an_address_without_a_scheme_is_stored_as_written_with_both_schemes_to_try() -> None:
    (found,) = find_urls("at www.x.org/a.")
    assert (found.url, found.alternatives) == ("www.x.org/a", ("https://www.x.org/a", "http://www.x.org/a"))


@pytest.mark.parametrize(
    ("spelled", "address"),
    [
        ("hxxps://x[.]org/a[.]b", "https://x.org/a[.]b"),
        ("hXXp://x.org", "http://x.org"),
        ("https[:]//x(.)org/a", "https://x.org/a"),
        ("http://x[dot]org", "http://x.org"),
        ("h**p://x.org/", "http://x.org/"),
    ],
)
def test_a_disarmed_address_is_stored_as_spelled_with_the_armed_one_beside_it(spelled: str, address: str) -> None:
    (found,) = find_urls(f"See {spelled}, but do not click")
    assert (found.url, found.alternatives, found.is_defanged) == (spelled, (address,), True)


@pytest.mark.parametrize(
    ("line", "first", "other"),
    [
        ("见https://x.org/页面。后文", "https://x.org/页面", "https://x.org/页面。后文"),
        ("https://x.org/ページ、次", "https://x.org/ページ", "https://x.org/ページ、次"),
        ("（https://x.org/y）i", "https://x.org/y", "https://x.org/y）i"),
        ("https://x.org/东京（城市）", "https://x.org/东京（城市）", None),
        ("https://x.org/《书》，他", "https://x.org/《书》", "https://x.org/《书》，他"),
    ],
)
def test_what_follows_a_stop_of_chinese_or_japanese_is_another_reading(line: str, first: str, other: str | None) -> None:
    (found,) = find_urls(line)
    assert (found.url, found.alternatives) == (first, (other,) if other else ())
    assert found.doubts == (("wide-stop",) if other else ())


@pytest.mark.parametrize(
    ("line", "others"),
    [
        ("See https://x.org/file name.pdf.", ("https://x.org/file%20name.pdf",)),
        ("https://x.org/a/تقرير الأضرار.docx", ("https://x.org/a/تقرير%20الأضرار.docx",)),
        ("https://x.org/file.html name.pdf", ()),
        ("https://x.org name.pdf", ()),
        ("https://x.org/file, name.pdf", ()),
        ("https://x.org/file name.pdfs", ()),
    ],
)
def test_a_name_of_a_file_with_a_space_is_another_reading(line: str, others: tuple[str, ...]) -> None:
    (found,) = find_urls(line)
    assert found.alternatives == others
    assert found.doubts == (("blank-inside",) if others else ())


def test_what_follows_an_arabic_comma_is_another_reading_not_the_first() -> None:
    (found,) = find_urls("https://x.org/2019،وقال")
    assert (found.url, found.alternatives) == ("https://x.org/2019", ("https://x.org/2019،وقال",))


@pytest.mark.parametrize(
    ("line", "url", "others"),
    [
        ("see https://x.org/abc\x01def/ghi, and", "https://x.org/abc", ("https://x.org/abcdef/ghi",)),
        ("see <https://x.org/abc\x7f> and", "https://x.org/abc", ()),
        ("see https://x.org/2\x02.html", "https://x.org/2", ("https://x.org/2.html",)),
        ("see https://x.org/abc\ufffdef", "https://x.org/abc\ufffdef", ()),
        ("see https://x.org/abc\ue012ef", "https://x.org/abc\ue012ef", ()),
    ],
)
def test_a_character_that_nobody_can_read_makes_the_address_uncertain(
    line: str, url: str, others: tuple[str, ...]
) -> None:
    [found] = find_urls(line)
    assert (found.url, found.alternatives, found.doubts) == (url, others, ("unreadable-character",))


def test_a_control_character_behind_the_sentence_is_no_part_of_the_address() -> None:
    [found] = find_urls("see https://x.org/abc and more.\x01")
    assert (found.url, found.alternatives, found.doubts) == ("https://x.org/abc", (), ())


@pytest.mark.parametrize(
    "line",
    [
        "http://x.org/" + "(" * 200_000,
        "http://x.org/\x01" * 20_000,
        "http://" * 60_000,
        "www." * 100_000,
        "http://x.org/a " * 10_000,
        "\u202b" * 400_000 + "http://x.org",
        "http://x.org/" + "." * 400_000,
        "https://x.org/'" * 10_000,
        "a" * 2_000_000,
    ],
    ids=lambda line: line[:16],
)
def test_a_hostile_line_costs_no_more_than_seconds(line: str) -> None:
    started = time.process_time()
    for _ in find_urls(line):
        pass
    assert time.process_time() - started < 15
