"""The bags under tests/data/: each is judged as its folder says, with the findings that the file beside it lists."""

from __future__ import annotations

import re
from pathlib import Path

import bagit
import pytest

import archive
import archive_manifests
from archive.verify.run import verify
from archive_manifests.finding_codes import CATALOGUE
from tests.archive.verify.sample_bags import observed

DATA = Path(__file__).parents[2] / "data"
BAGS = sorted(place for kind in ("valid", "warning", "invalid") for place in (DATA / kind).iterdir() if place.is_dir())


def test_no_folder_of_cases_is_empty() -> None:
    kinds = [place.parent.name for place in BAGS]
    assert {kind: kinds.count(kind) > 10 for kind in kinds} == {"valid": True, "warning": True, "invalid": True}


@pytest.mark.parametrize("place", BAGS, ids=lambda place: f"{place.parent.name}-{place.name}")
def test_each_bag_is_judged_as_its_folder_says(place: Path) -> None:
    beside = place.parent / f"{place.name}.findings"
    found = verify(place)
    assert observed(found) == (beside.read_text().splitlines() if beside.exists() else [])
    judged = "invalid" if found.errors else "warning" if found.warnings else "valid"
    assert judged == place.parent.name
    assert found.is_valid == (not found.errors)


@pytest.mark.parametrize("place", sorted((DATA / "valid").glob("*/")), ids=lambda place: place.name)
def test_the_second_opinion_takes_what_is_valid(place: Path) -> None:
    if "percent" in place.name:
        pytest.skip("bagit.py #157: it writes and reads no %25")
    bagit.Bag(str(place)).validate()


def test_every_code_that_is_reported_is_in_the_catalogue_and_every_row_is_reported_somewhere() -> None:
    library, stated = Path(archive.__file__).parent, Path(archive_manifests.__file__).parent
    sources = [*library.rglob("*.py"), *stated.glob("*.py")]
    tables = {"catalogue.py", "warc_codes.py", "coverage_codes.py"}
    text = "\n".join(place.read_text() for place in sources if place.name not in tables)
    untold = {code for code in CATALOGUE if f'"{code}"' not in text}
    assert untold == set()
    reported_codes = set(re.findall(r'(?:make_finding|add_finding|Problem|Broken)\(\s*"([a-z][a-z0-9-]+)"', text))
    # What the audit finds wrong with copies has codes of its own.
    assert reported_codes - CATALOGUE.keys() - {"bag-gone", "pin-differs", "seal-file-changed", "tag-file-changed"} == set()
