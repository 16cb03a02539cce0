"""What programs name, stream and list for each visit: ends of names that are made up, rows of data, times of entries."""

from __future__ import annotations

import json
from itertools import combinations

import pytest

from archive.corroborate.compare.pair import compare_sources
from archive.corroborate.compare.varying_captures import read_varying
from archive_manifests.corroboration import PairStatus
from tests.archive.corroborate.news_page import MEDIA, news_page
from tests.archive.corroborate.page_pairs import LATER, VISIT, compare, evidence

FRAMES = ("like-post-frame-296261-42323-c08b665fba53d", "like-post-frame-296261-42323-0f5e744c7f2e7")


def _status(one: str, other: str) -> PairStatus:
    return compare(news_page(one), news_page(other), media=(MEDIA, MEDIA)).status


@pytest.mark.parametrize("other", [FRAMES[1], "like-post-frame-296261-42323-ed65d6a6b556c"])
def test_the_name_of_an_element_ends_in_what_was_made_up(other: str) -> None:
    assert _status(f"<div data-name={FRAMES[0]}></div>", f"<div data-name={other}></div>") is PairStatus.DIFFERS


@pytest.mark.parametrize(
    "other",
    [
        "like-post-frame-296261-42999-0f5e744c7f2e7", "like-post-frame-296261-42323-c08b665fba53e",
        "like-post-frame-296261-42323-witness",
    ],
)  # fmt: skip
def test_the_name_of_another_element_contradicts(other: str) -> None:
    assert _status(f"<div data-name={FRAMES[0]}></div>", f"<div data-name={other}></div>") is PairStatus.CONTRADICTS


def test_the_name_of_a_file_that_ends_in_its_digest_contradicts() -> None:
    files = [f"<div data-name=exhibit-film-{digest}></div>" for digest in ("c08b665fba53d", "0f5e744c7f2e7")]
    assert _status(files[0], files[1]) is PairStatus.CONTRADICTS


@pytest.mark.parametrize(("name", "is_honest"), [("hc_foreign_user_id", True), ("case_id", False)])
def test_the_number_of_a_guest_in_a_form_is_made_up(name: str, is_honest: bool) -> None:
    one, other = (f"<form><input type=hidden name={name} value={value}></form>" for value in ("4c921554e2", "14e11542b1"))
    assert _status(one, other) is (PairStatus.DIFFERS if is_honest else PairStatus.CONTRADICTS)


def stream(build: str = "984770d23c511f36e4ae2", *, text: str = "A missile struck the ward.", **more: object) -> str:
    row = {"P": None, "b": build, "c": ["", "posts", "4417"], **more}
    element = ["$", "article", None, {"children": text}]
    rows = (f"1:{json.dumps(element)}", f"0:{json.dumps(row)}")
    return "".join(f"<script>self.__next_f.push([1,{json.dumps(each + chr(10))}])</script>" for each in rows)


def test_a_row_of_a_stream_is_data() -> None:
    one = stream(trending=["Ferry timetable for the holidays"])
    other = stream("8295ce89264180acadac0", trending=["Heat pumps explained to owners", "Radio marks fifty years"])
    assert _status(one, other) is PairStatus.DIFFERS


@pytest.mark.parametrize(
    "other",
    [
        stream(text="A rocket struck the ward.", deaths=37), stream(trending=["Hospital strike was staged"], deaths=37),
        stream(deaths=31), stream(build="witness", deaths=37), stream(c=["", "posts", "4418"], deaths=37),
    ],
)  # fmt: skip
def test_what_a_row_of_a_stream_says_of_the_page_contradicts(other: str) -> None:
    assert _status(stream(deaths=37), other) is PairStatus.CONTRADICTS


TITLES = ("Bees move into cities", "Ferry timetable is out", "Heat pumps in old houses", "Radio marks fifty years", "Snow in the north")


def _feed(title: str, hour: int, *, number: int) -> str:
    items = [{"header": title, "id": number, "publishAt": f"2026-11-28T{hour:02}:00:00+05:00"}]
    return news_page(head=f"<script>window.__STATE__={json.dumps({'feed': {'items': items}})}</script>")


def _statuses(pages: list[str]) -> set[PairStatus]:
    seen = [evidence(page, VISIT + at * LATER, media=MEDIA) for at, page in enumerate(pages)]
    varying = read_varying([each.live for each in seen if each.live is not None])
    found = [compare_sources(*pair, varying) for pair in combinations(seen, 2)]
    return {each.status for each in found if each is not None}


def test_the_time_of_an_entry_in_data_shares_its_fate() -> None:
    hours = (12, 12, 12, 6, 6)
    pages = [_feed(title, hour, number=at) for at, (title, hour) in enumerate(zip(TITLES, hours, strict=True))]
    assert PairStatus.CONTRADICTS not in _statuses(pages)
    assert PairStatus.CONTRADICTS in _statuses([_feed(TITLES[0], hour, number=1) for hour in hours])


@pytest.mark.parametrize(("size", "expected"), [(238114, PairStatus.DIFFERS), (231184, PairStatus.CONTRADICTS)])
def test_each_value_of_a_list_of_several_kinds_has_a_place_of_its_own(size: int, expected: PairStatus) -> None:
    def page(token: str, size: int = 238114) -> str:
        record = json.dumps([None, "order-12.pdf", token, "application/pdf", size, 1])
        return f"<!DOCTYPE html><title>order-12.pdf</title><body><script type=application/json>{{\"item\": {record}}}</script>"

    pages = [page(token) for token in ("x7Kq0LmB2vTzR9", "p3Wd8YhN5cJfU1", "m6Gs2EoA4iQbX0", "t9Vr1ZkC7lHyD5")]
    seen = [evidence(each) for each in (*pages, page("u4Pn3FwS8aMjK6", size))]
    varying = read_varying([each.live for each in seen if each.live is not None])
    for other in seen[:4]:
        found = compare_sources(other, seen[4], varying)
        assert found is not None and found.status is expected
