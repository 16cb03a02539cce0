"""Every parser on mutated input: a sixth of a second each everywhere, FUZZ_SECONDS each with coverage to guide it in `make torture`."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.fuzz.__main__ import fuzz
from tests.fuzz.mutation import mutate_for
from tests.fuzz.targets import TARGETS

SECONDS = int(os.environ.get("FUZZ_SECONDS", "60"))


@pytest.mark.parametrize("name", TARGETS)
def test_nothing_but_expected_errors_comes_of_mutated_input(name: str) -> None:
    assert mutate_for(name, 0.15) > 0


@pytest.mark.torture
@pytest.mark.timeout(SECONDS + 600)
@pytest.mark.parametrize("name", TARGETS)
def test_nothing_but_expected_errors_comes_of_fuzzing_for_longer(name: str, tmp_path: Path) -> None:
    assert fuzz(name, SECONDS, tmp_path)
