"""The command line as it is for somebody who has set nothing: no config file, no variables of ours."""

from __future__ import annotations

import os

import pytest


@pytest.fixture(autouse=True)
def _nothing_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("ARCHIVE_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("ARCHIVE_CONFIG", "")
