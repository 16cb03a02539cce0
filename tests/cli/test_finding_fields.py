"""The fields of a finding in `--json` are documented, and so is which of two values the bag states."""

from __future__ import annotations

import re
from pathlib import Path

from msgspec.structs import fields

from archive_cli.verify_output import finding_as_object, stated_and_found
from archive_manifests.finding_codes import CATALOGUE, make_finding
from archive_manifests.findings import Finding
from archive_manifests.paths import BagPath

PAGE = (Path(__file__).parents[2] / "docs/reference/command-line.md").read_text("utf-8")
TABLE = PAGE.partition("What a finding states;")[2].partition("\n\nValues in")[0]


def test_every_field_of_a_finding_is_documented() -> None:
    documented = {name for row in TABLE.splitlines() if row.startswith("| `") for name in re.findall(r"`(\w+)`", row.split("|")[1])}
    assert documented == {field.name for field in fields(Finding)}
    made = finding_as_object(make_finding("payload-altered", BagPath("data/a"), expected="a", found="b", source="s01", more=2))
    assert set(made) <= documented


def test_the_codes_whose_expected_value_is_derived_are_those_that_are_documented() -> None:
    (row,) = (row for row in TABLE.splitlines() if row.startswith("| `expected`"))
    documented = set(re.findall(r"`([a-z]+-[a-z-]+)`", row))
    derived = {code for code in CATALOGUE if stated_and_found(code, "derived", "stated") == ("stated", "derived")}
    assert {code for code in derived if not code.endswith("-contradicted")} == documented
    assert "-contradicted" in row
