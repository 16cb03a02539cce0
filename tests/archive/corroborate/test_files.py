"""Files and films of two observers: what a program writes anew each time, and what the file states."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from archive.corroborate.compare.pair import compare_sources
from archive.corroborate.pages.content import ComparedPage, TextBlock
from archive.corroborate.pages.evidence import RequisiteEvidence
from archive.corroborate.pages.extracts import compare_extracts, statements_of
from archive.corroborate.pages.file_digest import file_digest
from archive.corroborate.pages.script_data import is_plain_json
from tests.archive.corroborate.page_pairs import LATER, evidence
from tests.world.media_bytes import png, webp

VISIT = datetime(2026, 11, 29, 10, 0, tzinfo=UTC)


def pdf(created: str, number: str = "aa", text: str = "37 dead") -> bytes:
    return (
        f"%PDF-1.7\n1 0 obj <</Title (Report) /CreationDate (D:{created}Z)>> endobj\n"
        f"stream\nBT (/CreationDate {text}) Tj ET\nendstream\ntrailer <</ID [<{number}> <{number}>]>>\n%%EOF\n"
    ).encode()


def is_same(one: bytes, other: bytes, later: timedelta = timedelta(minutes=7)) -> bool:
    return file_digest(one, "application/pdf", VISIT) == file_digest(other, "application/pdf", VISIT + later)


def test_a_file_that_is_made_for_each_visit_is_the_same() -> None:
    assert is_same(pdf("20261129100000", "ab"), pdf("20261129100703", "cd"))
    assert is_same(pdf("20261129130000"), pdf("20261129130703"))  # the server's local time


@pytest.mark.parametrize(
    "other",
    [
        pdf("20261129100703"),  # as if it had been made today
        pdf("20210522103000"),  # another day long ago
        pdf("20210521103000", text="31 dead"),
        pdf("20210521103000").replace(b"Report", b"Rapport"),
        pdf("20210521103000").replace(b"%%EOF", b"%%EOF\nappended"),
    ],
)
def test_what_a_file_states_is_a_part_of_it(other: bytes) -> None:
    assert not is_same(pdf("20210521103000"), other)


INFO = {
    "id": "x", "title": "Strike", "description": "Filmed on 21 May 2021 in Old Town", "uploader": "Ahmad", "upload_date": "20210521",
    "duration": 37, "view_count": 1204, "formats": [{"url": "https://cdn.example/1"}], "epoch": 1795946400, "comment_count": 3,
}  # fmt: skip


def differences(**changed: object) -> list[str]:
    one = statements_of("x.info.json", json.dumps(INFO).encode())
    other = statements_of("x.info.json", json.dumps({**INFO, **changed}).encode())
    assert all(each.is_substance and each.what == "extract" for each in compare_extracts(one, other))
    return [each.first.partition(":")[0].partition(" ")[2] for each in compare_extracts(one, other)]


def test_statements_of_a_video_page_are_compared_but_not_its_counters() -> None:
    assert differences(view_count=1300, formats=[], epoch=1795946820, comment_count=9) == []
    assert differences(upload_date="20210522") == ["upload_date"]
    assert differences(description="Filmed on 21 May 2018 in Old Town", uploader="Omar") == ["description", "uploader"]
    assert statements_of("x.info.json", b"[" * 100_000) == {}


@pytest.mark.parametrize(
    ("kind", "body", "is_page", "found"),
    [
        ("frame", "<iframe src=/order.pdf></iframe>", False, ["frame"]),
        ("frame", "<iframe src=/order.html></iframe>", True, []),  # the text of a page is compared
        ("document", "<a href=/order.pdf>The order</a>", True, ["file"]),
    ],
)
def test_files_that_a_page_shows_or_links_are_compared_byte_by_byte(
    kind: str, body: str, is_page: bool, found: list[str]
) -> None:
    url = f"https://news.example/order.{'html' if is_page and kind == 'frame' else 'pdf'}"
    sides = [
        replace(evidence(body), requisites={url: RequisiteEvidence(kind, "captured", digest * 64, is_page=is_page)})
        for digest in "ab"
    ]
    compared = compare_sources(*sides)
    assert compared is not None
    assert [each.what for each in compared.differences if each.is_substance] == found


@pytest.mark.parametrize(("number", "found"), [(b"7", []), (b"1", ["file"])])
def test_a_linked_document_that_was_made_for_each_visit_is_the_same(number: bytes, found: list[str]) -> None:
    sides = []
    for digest, wounds, visit in (("a", b"7", VISIT), ("b", number, VISIT + LATER)):
        made = f"/ModDate (D:{visit:%Y%m%d%H%M%S}Z) /ID [<{digest * 32}><{digest * 32}>]".encode()
        body = b"%PDF-1.4 wounds: " + wounds + made
        one = RequisiteEvidence("document", "captured", digest * 64, load=lambda body=body: body)
        sides.append(replace(evidence("<a href=/a.pdf>x</a>", visit), requisites={"https://news.example/a.pdf": one}))
    compared = compare_sources(*sides)
    assert compared is not None
    assert [each.what for each in compared.differences if each.is_substance] == found


def test_a_picture_at_two_addresses_is_one_and_what_is_said_of_it_is_compared() -> None:
    page = "<img src=/file/{0}.jpg alt='{1}'><div style='background-image:url(/file/{0}.jpg)'></div>"
    first = evidence(page.format("aa11bb22cc", "Rubble"), media={"https://news.example/file/aa11bb22cc.jpg": b"x"})
    other = {"https://news.example/file/dd33ee44ff.jpg": b"x"}
    for text, found in (("Rubble", []), ("Militants", ["hidden-text"])):
        compared = compare_sources(first, evidence(page.format("dd33ee44ff", text), media=other))
        assert compared is not None
        assert [each.what for each in compared.differences if each.is_substance] == found


@pytest.mark.parametrize(
    ("old", "new", "is_substance"),
    [
        ("280aa989cc3901813968b32b171ee8c0", "917b8de09502e65673f0e023714784c2", False),
        ("37", "31", True),
        ("185.12.4.7", "91.12.4.7", True),
        ('"killed": 37', '"killed": 3, "killed": 37', True),  # which of the two is read?
    ],
)
def test_data_is_compared_by_its_values(old: str, new: str, is_substance: bool) -> None:
    text = '{"killed": 37, "ip": "185.12.4.7", "meta": {"requestId": "280aa989cc3901813968b32b171ee8c0"}}'
    sides = []
    for body in (text, text.replace(old, new)):
        made = evidence("")
        content = ComparedPage(blocks=[TextBlock(body)], is_data=is_plain_json(body.encode()))
        assert made.live is not None
        sides.append(replace(made, live=replace(made.live, content=content, payload_sha256=body)))
    compared = compare_sources(*sides)
    assert compared is not None
    assert any(each.is_substance for each in compared.differences) is is_substance


def test_one_video_with_several_names_differs_and_other_bytes_contradict() -> None:
    one, other = (replace(evidence("<p>Film</p>"), files=files) for files in ({"a.mp4": "aa" * 32}, {"b.mp4": "aa" * 32}))
    found = compare_sources(one, other)
    assert found is not None
    assert [(str(found.status), each.what, each.first, each.second) for each in found.differences] == [
        ("differs", "layout", "a.mp4", "b.mp4"),
    ]
    found = compare_sources(one, replace(other, files={"a.mp4": "bb" * 32}))
    assert found is not None and [(each.what, each.is_substance) for each in found.differences] == [("media", True)]


def test_a_picture_in_another_format_is_compared_by_what_it_shows() -> None:
    page = "<p>The ward</p><img src=/img/ward.{}>"
    sides = [evidence(page.format(kind), media={f"https://news.example/img/ward.{kind}": data}) for kind, data in (
        ("webp", webp("ward")), ("png", png("other", 96, 64)),
    )]  # fmt: skip
    compared = compare_sources(*sides)
    assert compared is not None
    assert [each.what for each in compared.differences if each.is_substance] == ["media"]
