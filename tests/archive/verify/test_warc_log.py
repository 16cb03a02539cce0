"""The log states of each record what the record is, and nothing else."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from archive.verify.records.warc_log import compare_records
from archive.warc.report import record_lines
from tests.archive.warc.warc_bytes import PATH, record, scan, sha256, zipped


@pytest.mark.parametrize(("method", "found"), [(None, []), ("HEAD", [("method HEAD", "method None")])])
def test_bytes_that_were_put_together_were_requested_by_no_method(
    method: str | None, found: list[tuple[str, str]]
) -> None:
    report = scan(zipped([record("resource", 1, b"pieces", Content_Type="video/mp4")]))
    stated = {"method": method, "payload_sha256": sha256(b"pieces")}
    listed = [(number, replace(line, **stated)) for number, line in enumerate(record_lines(report))]
    assert [(each.expected, each.found) for each in compare_records(PATH, report.records(), listed)] == found
