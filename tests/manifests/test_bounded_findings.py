"""However many files findings are about, few are held, the same ones in any order, and their number stays right."""

from __future__ import annotations

import random

import pytest

from archive_manifests import bounded_findings
from archive_manifests.bounded_findings import BoundedFindings
from archive_manifests.findings import Finding, Severity, count_of
from archive_manifests.paths import BagPath


@pytest.fixture(autouse=True)
def _few(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounded_findings, "MOST", 3)


def missing(number: int, severity: Severity = Severity.ERROR) -> Finding:
    return Finding("payload-missing", BagPath(f"data/{number:04}"), severity=severity)


def test_up_to_the_limit_all_are_as_they_were() -> None:
    given = [missing(2), missing(1), missing(3)]
    assert list(BoundedFindings(given)) == given


@pytest.mark.parametrize("seed", range(4))
def test_beyond_it_the_first_in_path_order_are_listed_and_the_others_counted(seed: int) -> None:
    given = [missing(number) for number in range(100)]
    random.Random(seed).shuffle(given)
    listed = list(BoundedFindings(given))
    assert [str(finding.path) for finding in listed] == ["data/0000", "data/0001", "data/0002"]
    assert [finding.more for finding in listed] == [None, None, 97]
    assert count_of(listed) == 100


def test_each_code_and_severity_has_its_own_limit() -> None:
    errors = [missing(number) for number in range(5)]
    warnings = [missing(number, Severity.WARNING) for number in range(4)]
    other = Finding("payload-unlisted", BagPath("data/x"))
    listed = list(BoundedFindings([*errors, *warnings, other]))
    assert [finding.more for finding in listed] == [None, None, 2, None, None, 1, None]
    assert (count_of(listed, Severity.ERROR), count_of(listed, Severity.WARNING)) == (6, 4)


def test_what_was_bounded_before_is_counted_as_what_it_stands_for() -> None:
    first = BoundedFindings(missing(number) for number in range(10, 20))
    listed = list(BoundedFindings([*first, *(missing(number) for number in range(2))]))
    assert [str(finding.path) for finding in listed] == ["data/0000", "data/0001", "data/0010"]
    assert count_of(listed) == 12
