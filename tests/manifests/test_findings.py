"""Findings are summed up in one word, and every code has a kind."""

from __future__ import annotations

import pytest

from archive_manifests.finding_codes import CATALOGUE, make_finding
from archive_manifests.findings import Kind, Outcome, Severity, outcome_of


@pytest.mark.parametrize(
    ("codes", "outcome"),
    [
        ([], Outcome.INTACT),
        (["demonstration"], Outcome.INTACT_WITH_WARNINGS),
        (["name-unsafe", "required"], Outcome.INTACT_WITH_WARNINGS),
        (["oxum-differs"], Outcome.CONTRADICTORY),
        (["not-canonical"], Outcome.CONTRADICTORY),
        (["oxum-differs", "payload-missing"], Outcome.INCOMPLETE),
        (["payload-missing", "payload-altered", "oxum-differs"], Outcome.DAMAGED),
    ],
)
def test_the_worst_kind_of_error_decides(codes: list[str], outcome: Outcome) -> None:
    assert outcome_of(map(make_finding, codes)) is outcome


def test_a_warning_never_makes_a_bag_damaged() -> None:
    assert {outcome_of([make_finding(code, severity=Severity.WARNING)]) for code in CATALOGUE} == {
        Outcome.INTACT_WITH_WARNINGS
    }


def test_a_condition_is_a_warning_in_the_catalogue() -> None:
    errors = {c for c, row in CATALOGUE.items() if row.kind is Kind.CONDITION and row.severity is Severity.ERROR}
    assert errors == {"check-failed", "required"}
