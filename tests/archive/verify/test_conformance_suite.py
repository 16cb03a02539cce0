"""The Library of Congress conformance suite, where CONFORMANCE_SUITE names the folder that holds it.

<https://github.com/LibraryOfCongress/bagit-conformance-suite>: a folder a version, in it the kinds of bag. The suite
is not kept here; its cases are modelled under tests/data/. Its own harness takes a refusal or a word of warning for
the kind `warning`; `windows-only` and `darwin-only` are about what those systems make of a bag.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from archive.verify.run import verify
from tests.archive.verify.sample_bags import observed

SUITE = os.environ.get("CONFORMANCE_SUITE")
UNFIT = {"v0.97/valid/local-fetch": "its fetch.txt names a file outside data/ on its author's disk"}
without = pytest.mark.skipif(SUITE is None, reason="CONFORMANCE_SUITE names no folder with the suite")


def bags(*kinds: str) -> list[str]:
    """Where the suite's bags of these kinds lie, beneath its folder."""
    base = Path(SUITE or os.devnull)
    return sorted(
        place.relative_to(base).as_posix() for kind in kinds for place in base.glob(f"v*/{kind}/*") if place.is_dir()
    )


def findings(bag: str) -> list[str]:
    if bag in UNFIT:
        pytest.skip(UNFIT[bag])
    return observed(verify(Path(SUITE or os.devnull) / bag))


@without
def test_the_named_folder_holds_bags_of_every_kind() -> None:
    assert {kind for kind in ("valid", "warning", "invalid") if bags(kind)} == {"valid", "warning", "invalid"}


@without
@pytest.mark.parametrize("bag", bags("valid"))
def test_a_valid_bag_of_the_suite_has_no_error(bag: str) -> None:
    assert [line for line in findings(bag) if not line.startswith("(")] == []


@without
@pytest.mark.parametrize("bag", bags("invalid", "linux-only"))
def test_an_invalid_bag_of_the_suite_is_refused(bag: str) -> None:
    assert [line for line in findings(bag) if not line.startswith("(")] != []


@without
@pytest.mark.parametrize("bag", bags("warning"))
def test_a_bag_that_the_suite_warns_of_is_warned_of(bag: str) -> None:
    assert findings(bag) != []
