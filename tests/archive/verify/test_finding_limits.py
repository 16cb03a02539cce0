"""However much is wrong with a file, what is listed has a limit, and what is left out is said."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from archive.verify.run import verify
from archive_manifests.bounded_findings import MOST, bounded
from archive_manifests.findings import count_of
from archive_manifests.tagtext import MOST_PROBLEMS
from tests.archive.verify import evidence_bag
from tests.archive.verify.sample_bags import make_bag, put, retag

RECORDS = "data/provenance/records.jsonl"
EVENTS = "data/provenance/events.jsonl"


@pytest.mark.parametrize(
    ("name", "line", "code"),
    [
        ("bag-info.txt", b"no label\n", "bag-info-line"),
        ("fetch.txt", b"nothing\n", "fetch-line"),
        ("fetch.txt", b"https://a.example/ 1 data/none-%d\n", "fetch-unlisted"),
        ("manifest-sha256.txt", b"no digest\n", "manifest-line"),
    ],
)
def test_a_tag_file_of_nothing_but_faults_lists_a_thousand(tmp_path: Path, name: str, line: bytes, code: str) -> None:
    bag = make_bag(tmp_path / "R1")
    numbered = b"%d" in line
    put(bag, name, b"".join(line % number if numbered else line for number in range(5 * MOST_PROBLEMS)))
    retag(bag)
    found = Counter(finding.code for finding in verify(bag, jobs=1).findings if str(finding.path) == name)
    assert found[code] == MOST_PROBLEMS
    assert found["findings-limit"] >= 1


def test_events_of_nothing_but_faults_list_a_thousand() -> None:
    files = evidence_bag.make()
    files[EVENTS] = b"{}\n" * (5 * MOST_PROBLEMS)
    found = Counter(finding.code for finding in evidence_bag.warc_findings(files) if str(finding.path) == EVENTS)
    assert found == {"log-line": MOST_PROBLEMS, "findings-limit": 1}


def test_a_manifest_of_files_that_are_not_there_lists_a_thousand_and_counts_all(tmp_path: Path) -> None:
    bag = make_bag(tmp_path / "R1", algorithms=["sha256"])
    lines = (f"{number:064x}  data/none-{number:05}\n" for number in range(MOST + 250))
    put(bag, "manifest-sha256.txt", (bag / "manifest-sha256.txt").read_bytes() + "".join(lines).encode())
    retag(bag, ["sha256"])
    found = verify(bag, jobs=1)
    missing = [finding for finding in found.findings if finding.code == "payload-missing"]
    assert (len(missing), missing[-1].more, str(missing[-1].path)) == (MOST, 250, f"data/none-{MOST - 1:05}")
    assert found.errors == MOST + 250
    assert found.answers["structure"].why == f"{MOST + 250:,} errors"


def test_a_log_of_one_line_repeated_lists_a_thousand_and_counts_all(tmp_path: Path) -> None:
    files = evidence_bag.make()
    files[RECORDS] += files[RECORDS].splitlines(keepends=True)[-1] * (MOST + 20)
    make_bag(tmp_path / "R1", files)
    found = verify(tmp_path / "R1", jobs=1)
    listed = Counter(finding.code for finding in found.findings)
    assert max(listed.values()) == MOST
    assert found.errors >= MOST + 20
    shown = bounded(found.findings, most=100)
    assert max(Counter(finding.code for finding in shown).values()) == 100
    assert count_of(shown) == count_of(found.findings)
