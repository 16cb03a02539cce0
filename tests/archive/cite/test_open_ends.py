"""Addresses that end as addresses rarely do: the rest may stand elsewhere, so none of them is certain."""

from __future__ import annotations

from pathlib import Path

import pytest

from archive.cite.report import read_report


def doubts_of(tmp_path: Path, text: str) -> list[tuple[str, tuple[str, ...]]]:
    report = tmp_path / "report.txt"
    report.write_text(text)
    return [(source.cited, source.doubts) for source in read_report(report).sources]


@pytest.mark.parametrize("end", ["news/a-", "?p=", "a%D9%8", "a%", "?a=1&", "a_"])
def test_an_open_end_is_never_certain(tmp_path: Path, end: str) -> None:
    ((cited, doubts),) = doubts_of(tmp_path, f"See https://example.org/{end}\n")
    assert cited == f"https://example.org/{end}"
    assert "open-end" in doubts


@pytest.mark.parametrize("end", ["news/a", "?p=1", "a%D9%85", "a.html", "a/"])
def test_a_whole_address_has_no_doubt(tmp_path: Path, end: str) -> None:
    assert doubts_of(tmp_path, f"See https://example.org/{end}\n") == [(f"https://example.org/{end}", ())]
