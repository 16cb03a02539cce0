"""Two bags side by side: what is the same, what changed, what is only in one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from archive.errors import BagUnreadable
from archive.handover.compare import (
    Change,
    ComparedState,
    Comparison,
    Holdings,
    SourceContent,
    compare,
    compare_holdings,
)
from archive_manifests.ledger import (
    SCHEMA,
    Conditions,
    Facet,
    Facets,
    Ledger,
    Memento,
    ReportEntry,
    SourceEntry,
    Status,
    Verdict,
)
from archive_manifests.notes import note
from archive_manifests.sources import Report
from tests.archive.verify.sample_bags import make_bag

A, B, C = "aa" * 32, "bb" * 32, "cc" * 32
NONE = Facet(False, note("source-is", verdict="gone"))


def content_of(number: int, cited: str, payload: str | None = A, **changed: Any) -> SourceContent:
    entry = SourceEntry(
        id=f"s{number:02d}",
        cited=cited,
        citations=(),
        status=Status.CAPTURED,
        reason=None,
        detail=None,
        live=Verdict(Status.CAPTURED),
        copies=(),
        final_url=cited,
        http_status=200,
        started=None,
        ended=None,
        exchanges=(),
        requisites=(),
        facets=Facets(NONE, NONE, NONE),
        title="A page",
        dedup_key=cited.partition("#")[0],
    )
    parts = {"payloads": {"live": payload}, "requisites": {}, "files": {}}
    parts |= {name: changed.pop(name) for name in list(changed) if name in parts}
    return SourceContent(entry=replace(entry, **changed), **parts)  # type: ignore[arg-type]


def holdings(*sources: SourceContent, tagmanifest: str = f"sha256:{A}", predecessor: str | None = None, report: str = C) -> Holdings:
    stated = ReportEntry(Report("R1", sha256=report), None, None, None, None)
    ledger = Ledger(SCHEMA, stated, Conditions("x"), "", "", (), predecessor)
    return Holdings(Path("R1"), ledger, tagmanifest, sources)


def differences(one: SourceContent, other: SourceContent) -> list[Change]:
    (source,) = compare_holdings(holdings(one), holdings(other, tagmanifest=f"sha256:{B}")).sources
    assert source.state is (ComparedState.CHANGED if source.changes else ComparedState.SAME)
    return list(source.changes)


def test_what_is_the_same_is_the_same() -> None:
    found = compare_holdings(holdings(content_of(1, "https://a.example/")), holdings(content_of(1, "https://a.example/")))
    assert found.is_same
    assert [(one.state, one.changes) for one in found.sources] == [(ComparedState.SAME, ())]


URL = "https://a.example/"
ONE = content_of(1, URL)


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        (content_of(1, URL, B), Change("payload", f"sha256:{A}", f"sha256:{B}")),
        (content_of(1, URL, None), Change("payload", f"sha256:{A}", "not stated")),
        (content_of(1, URL, payloads={}), Change("payload", f"sha256:{A}", "none")),
        (
            content_of(1, URL, payloads={"live": A, "memento": B}),
            Change("payload of the memento copy", "none", f"sha256:{B}"),
        ),
        (content_of(1, URL, status=Status.GONE, reason="not-found"), Change("verdict", "captured", "gone (not-found)")),
        (content_of(1, URL, title="Another"), Change("title", "A page", "Another")),
        (content_of(1, URL, title=None), Change("title", "A page", "none")),
        (content_of(1, URL, final_url="https://b.example/"), Change("address", URL, "https://b.example/")),
        (content_of(1, URL, memento=Memento("https://m/1", "2021", 0, False)), Change("memento", "none", "https://m/1")),
        (content_of(1, URL, files={"x.mp4": A}), Change("files", "0", "1; only here: x.mp4")),
        (
            content_of(1, URL, requisites={"https://a.example/i.png": ("captured", A)}),
            Change("requisites", "0", "1; only here: https://a.example/i.png"),
        ),
    ],
)
def test_each_thing_that_differs_is_named_and_nothing_else(other: SourceContent, expected: Change) -> None:
    assert differences(ONE, other) == [expected]
    assert [(one.after, one.before) for one in differences(other, ONE)] == [(expected.before, expected.after)]


def test_two_payloads_that_nobody_states_are_no_agreement() -> None:
    assert differences(content_of(1, URL, None), content_of(1, URL, None)) == [Change("payload", "not stated", "not stated")]
    assert differences(content_of(1, URL, payloads={}), content_of(1, URL, payloads={})) == []


def test_requisites_are_reported_by_those_that_differ() -> None:
    one = content_of(1, URL, requisites={f"u{number}": ("captured", A) for number in range(6)})
    other = content_of(1, URL, requisites={"u0": ("captured", A), "u1": ("failed", None), "new": ("captured", B)})
    assert differences(one, other) == [
        Change("requisites", "6; only here: u2, u3, u4 and 1 more; otherwise: u1", "3; only here: new; otherwise: u1")
    ]


def test_sources_only_in_one_bag_are_gone_or_new() -> None:
    first = holdings(content_of(1, "https://a.example/"), content_of(2, "https://b.example/"))
    second = holdings(content_of(1, "https://c.example/"), content_of(2, "https://a.example/"))
    found = compare_holdings(first, second)
    assert [(one.cited, one.first, one.second, str(one.state)) for one in found.sources] == [
        ("https://a.example/", "s01", "s02", "same"),
        ("https://b.example/", "s02", None, "gone"),
        ("https://c.example/", None, "s01", "new"),
    ]
    assert not found.is_same


def test_a_source_that_another_observer_cites_with_a_tracking_tail_is_the_same_source() -> None:
    first, second = holdings(content_of(1, "https://a.example/#x")), holdings(content_of(1, "https://a.example/#y"))
    (source,) = compare_holdings(first, second).sources
    assert [change.what for change in source.changes] == ["address"]
    # Where it is not clear which is which, nothing is guessed.
    two = holdings(content_of(1, "https://a.example/#y"), content_of(2, "https://a.example/#z"))
    assert [str(one.state) for one in compare_holdings(first, two).sources] == ["gone", "new", "new"]


@pytest.mark.parametrize(
    ("first", "second", "relation"),
    [
        (holdings(), holdings(), "the same bag"),
        (holdings(), holdings(tagmanifest=B, predecessor=f"sha256:{A}"), "the second follows the first"),
        (holdings(tagmanifest=B, predecessor=f"sha256:{A}"), holdings(), "the first follows the second"),
        (holdings(), holdings(tagmanifest=B), "neither names the other"),
    ],
)
def test_how_the_bags_stand_to_each_other_is_reported(first: Holdings, second: Holdings, relation: str) -> None:
    assert compare_holdings(first, second).relation == relation


def test_another_report_is_a_difference() -> None:
    found = compare_holdings(holdings(), holdings(report=B))
    assert (found.report, found.is_same) == ((Change("sha256", C, B),), False)


def test_a_bag_without_a_ledger_is_not_compared(tmp_path: Path) -> None:
    bag = make_bag(tmp_path / "R1")
    with pytest.raises(BagUnreadable, match=r"holds no data/sources\.json"):
        compare(bag, bag)
    assert Comparison(bag, bag, "", (), ()).is_same
