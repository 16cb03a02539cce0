"""The pilot report, against its ground truth."""

from __future__ import annotations

from pathlib import Path

import pytest

from archive.cite import CitedReport, read_report

PILOT = Path(__file__).parents[3] / "manifests" / "examples" / "R210517" / "report.txt"
WEBTV = (
    "http://webtv.un.org/Microsoft.XMLDOM/watch/middle-east-syria-humanitarian-situation-security-council-open-vtc"
    "/6245250053001/?term=&lan=original"
)
COE = (
    "https://www.coe.int/en/web/portal/-/syrian-doctor-who-ran-underground-children-s-hospital-receives-wallenberg-prize"
    "?fbclid=IwAR1VYOPwLXwBQwYpPUJf4AP-Sp5CKy-qPsxI41BNvp4uQI7PxgA0ZriHbxI"
)
GROUND_TRUTH = [
    ("https://sn4hr.org/blog/2019/04/30/53633/", [(2, 121)]),
    ("https://sn4hr.org/?p=24105", [(2, 122)]),
    ("https://www.youtube.com/watch?v=ut0DuECJLjs", [(2, 123)]),
    ("https://sn4hr.org/blog/2018/04/08/51899/", [(3, 180), (3, 181)]),
    ("https://www.faselhd.pro/movies/%D9%81%D9%8A%D9%84%D9%85-cave-2019", [(3, 182)]),
    (COE, [(3, 183)]),
    (WEBTV, [(4, 251), (4, 252), (4, 253)]),
    ("https://sn4hr.org/?p=55768", [(4, 254)]),
    ("https://drive.google.com/file/d/1o-KAWNsfrHq6hAEDozEArdP3wEp2Tje6/view", [(5, 298)]),
]


@pytest.fixture(scope="module")
def pilot() -> CitedReport:
    return read_report(PILOT)


def test_nine_sources_are_cited_at_twelve_places_each_on_its_page_and_line(pilot: CitedReport) -> None:
    found = [(s.cited, [(c.page, c.line) for c in s.citations]) for s in pilot.sources]
    assert found == GROUND_TRUTH
    assert pilot.links == 12
    assert pilot.pages == 7


def test_every_offset_points_at_the_cited_string(pilot: CitedReport) -> None:
    for source in pilot.sources:
        for place in source.citations:
            assert place.offset is not None and place.length is not None
            assert pilot.text[place.offset : place.offset + place.length] == source.cited


def test_a_list_of_bare_targets_has_no_context_and_no_second_reading(pilot: CitedReport) -> None:
    assert {c.context for s in pilot.sources for c in s.citations} == {None}
    assert {c.anchor for s in pilot.sources for c in s.citations} == {None}
    assert {s.candidates for s in pilot.sources} == {()}


def test_the_report_introduces_itself(pilot: CitedReport) -> None:
    stated = pilot.report
    assert stated.id == "R210517"
    assert stated.date == "2021-05-21"
    assert stated.title == (
        "The Syrian Regime Threatens, Arrests and Tortures the Families of Dissident Political and Military "
        "Activists, Using Mafia-Like Methods"
    )
    assert stated.language == "en"
    assert stated.sha256 == "b39b3f7b525653add28c415b78628a35400ef32c97ef7d730c74e7b931f0906a"
    assert (pilot.original_suffix, pilot.extractor) == (".txt", "plain text, utf-8")


def test_the_text_is_the_file_unchanged(pilot: CitedReport) -> None:
    assert pilot.text.encode() == PILOT.read_bytes()
