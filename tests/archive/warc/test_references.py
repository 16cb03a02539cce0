"""What says that nothing is odd among records: never where the records themselves give a finding."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from archive.verify.records.warc import Ties
from archive.warc.references import ReferenceCollector, References, are_sound, joined_references
from archive.warc.report import ScannedRecord
from tests.archive.warc.warc_bytes import PATH, record, scan, zipped

NAMES = st.sampled_from(["urn:a:1", "urn:a:2", "urn:a:3", "urn:a:4"])


def scanned(
    name: str,
    concurrent: tuple[str, ...] = (),
    warcinfo: str | None = None,
    refers_to: str | None = None,
    truncated: str | None = None,
    is_whole: bool | None = None,
) -> ScannedRecord:
    more = {"concurrent": concurrent, "warcinfo": warcinfo, "refers_to": refers_to}
    return replace(
        ScannedRecord(0, 9, "", name, "response", "2026-01-01T00:00:00Z", truncated=truncated, is_whole=is_whole), **more
    )


RECORDS = st.builds(
    scanned,
    NAMES,
    st.lists(NAMES, max_size=2).map(tuple),
    st.none() | NAMES,
    st.none() | NAMES,
    st.none() | st.just("length"),
    st.none() | st.booleans(),
)


def collected(records: list[ScannedRecord], at_once: int = 1000) -> References:
    collector = ReferenceCollector()
    for start in range(0, len(records), at_once):
        collector.add(records[start : start + at_once])
    return collector.collected()


@given(st.lists(st.lists(RECORDS, max_size=4), max_size=3), st.integers(1, 4))
def test_what_is_sound_by_its_hashes_is_sound_by_its_records(files: list[list[ScannedRecord]], at_once: int) -> None:
    ties = Ties()
    for records in files:
        for _ in ties.watch(PATH, records):
            pass
    if are_sound(collected(records, at_once) for records in files):
        assert not list(ties.findings_at_end())


FIRST, SECOND = scanned("urn:a:1"), scanned("urn:a:2", concurrent=("urn:a:1",), warcinfo="urn:a:3")
THIRD = scanned("urn:a:3", is_whole=True)


def test_records_of_several_files_may_refer_to_each_other() -> None:
    assert are_sound([collected([FIRST, SECOND]), collected([THIRD])])
    assert not are_sound([collected([FIRST, SECOND])])


@pytest.mark.parametrize(
    "record",
    [
        scanned("urn:a:1", concurrent=("urn:a:1", "urn:a:2")),
        scanned("urn:a:1", warcinfo="urn:a:2"),
        scanned("urn:a:1", refers_to="urn:a:2"),
    ],
    ids=["concurrent", "warcinfo", "refers to"],
)
def test_a_record_that_refers_to_none_is_not_sound(record: ScannedRecord) -> None:
    assert not are_sound([collected([record])])
    assert are_sound([collected([record]), collected([scanned("urn:a:2")])])


def test_an_id_that_is_there_twice_is_not_sound() -> None:
    assert not are_sound([collected([FIRST]), collected([FIRST])])


def test_an_answer_that_is_cut_off_and_not_marked_is_not_sound() -> None:
    assert not are_sound([collected([scanned("urn:a:1", is_whole=False)])])


def test_of_a_file_without_them_nothing_is_known() -> None:
    assert not are_sound([None])


def test_hashes_of_another_program_are_no_evidence() -> None:
    theirs = replace(collected([FIRST]), seed=1)
    assert not are_sound([theirs])
    assert joined_references([collected([FIRST]), theirs]) is None


def test_a_scan_collects_what_its_records_refer_to() -> None:
    report = scan(zipped([record("resource", number, b"x" * number) for number in range(1500)]))
    assert report.references == collected(list(report.records()))


def test_parts_are_joined_as_one_walk_collects_them() -> None:
    parts = [collected([FIRST]), collected([SECOND, THIRD])]
    whole = collected([FIRST, SECOND, THIRD])
    assert joined_references(parts) == replace(whole, others=frozenset({hash("urn:a:1")}))
    assert are_sound([joined_references(parts)])
