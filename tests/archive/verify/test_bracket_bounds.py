"""Ends of a run that are made to cost much, or half there: read without a capture."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from archive.verify.bracket import MOST, Bracket, read_bracket
from archive.verify.kept import KeptFiles
from archive_manifests.paths import BagPath
from archive_manifests.provenance import BEGUN, ENDED, stamp_path

NOW = datetime(2026, 11, 23, tzinfo=UTC)


def bracket(contents: dict[str, bytes]) -> Bracket:
    sizes = {path: len(data) for path, data in contents.items()}
    held = {BagPath(path): data for path, data in contents.items()}
    return read_bracket(KeptFiles(contents=held, sizes=sizes), None, NOW)


@pytest.mark.parametrize("stamped", [BEGUN, ENDED])
def test_of_any_number_of_replies_so_many_are_read_and_no_more(stamped: str) -> None:
    replies = [stamp_path(stamped, number, "tsr") for number in range(1, MOST + 5)]
    read = bracket({stamped: b"{}", **dict.fromkeys(replies, b"no reply")})
    assert [(found.code, str(found.path)) for found in read.findings] == [
        ("bracket-broken", path) for path in replies[:MOST]
    ]
    assert (read.authorities, read.not_earlier_than, read.log_not_later_than) == ([], None, None)


def test_replies_over_what_is_not_there_say_nothing() -> None:
    assert bracket({stamp_path(BEGUN, 1, "tsr"): b"no reply"}) == Bracket()
