"""Sources that are not requested: the reason that the ledger states."""

from __future__ import annotations

import pytest

from archive.capture.visit import verdict_of_policy
from archive_manifests.sources import Source


@pytest.mark.parametrize(
    ("cited", "skip", "code"),
    [
        ("hxxps://evil[.]com/x", True, "defanged"),
        ("https://evil[.]com/x", True, "defanged"),
        ("https://example.org/a[.]b", True, "skipped"),
        ("https://example.org/", True, "skipped"),
        ("hxxps://evil[.]com/x", False, None),
    ],
)
def test_an_address_that_is_spelled_so_that_nobody_follows_it_has_a_reason_of_its_own(
    cited: str, skip: bool, code: str | None
) -> None:
    verdict = verdict_of_policy(Source(cited=cited, candidates=("https://evil.com/x",), skip=skip))
    assert (verdict and verdict.detail and verdict.detail.code) == code
