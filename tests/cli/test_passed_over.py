"""What is no source is listed by `cite` and `fetch` in the same words, with no blank where its text is left out."""

from __future__ import annotations

import pytest

from archive_cli.fetch_output import print_passed_over as by_fetch
from archive_cli.passed_over import print_passed_over
from archive_manifests.sources import PassedOver


def test_no_line_ends_in_a_colon_and_a_blank(capsys: pytest.CaptureFixture[str]) -> None:
    passed = [PassedOver("file", "", line=3), PassedOver("relative", ""), PassedOver("bare-host", "x.org", page=2)]
    by_fetch(passed)
    lines = capsys.readouterr().err.splitlines()
    assert lines[1:] == [
        "  line 3: a file on the author's machine; its path is left out",
        "  in the file: a relative link, and the report states no base address",
        "  page 2: a host name without a path: x.org",
    ]
    assert by_fetch is print_passed_over


def test_beyond_twenty_their_number_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    print_passed_over([PassedOver("bare-host", f"x{number}.org") for number in range(25)])
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 22
    assert "5 more" in lines[-1]
