"""Ends of a run that are made to cost much, or half there: read without a capture."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime

import pytest

from archive.timestamp.token import make_query
from archive.trust.anchors import Anchors
from archive.verify.files.control_files import ControlFiles
from archive.verify.records.run_timestamps import LOG, MOST, RunTimestamps, read_run_timestamps
from archive_manifests.layout import BEGUN, ENDED, stamp_path
from archive_manifests.paths import BagPath
from tests.world.time_authority import make_chain, make_reply

NOW = datetime(2026, 11, 23, tzinfo=UTC)
NOW_STAMPED = datetime(2026, 11, 22, 10, 0, 1, tzinfo=UTC)


def bracket(contents: dict[str, bytes], anchors: Anchors | None = None) -> RunTimestamps:
    sizes = {path: len(data) for path, data in contents.items()}
    held = {BagPath(path): data for path, data in contents.items()}
    return read_run_timestamps(ControlFiles(contents=held, sizes=sizes), anchors, NOW)


@pytest.mark.parametrize("stamped", [BEGUN, ENDED])
def test_of_any_number_of_replies_so_many_are_read_and_no_more(stamped: str) -> None:
    replies = [stamp_path(stamped, number, "tsr") for number in range(1, MOST + 5)]
    read = bracket({stamped: b"{}", **dict.fromkeys(replies, b"no reply")})
    assert [(found.code, str(found.path)) for found in read.findings] == [
        ("bracket-broken", path) for path in replies[:MOST]
    ]
    assert (read.authorities, read.not_earlier_than, read.not_later_than) == ([], None, None)


def test_replies_over_what_is_not_there_say_nothing() -> None:
    assert bracket({stamp_path(BEGUN, 1, "tsr"): b"no reply"}) == RunTimestamps()


@pytest.mark.parametrize("stamped", [b"not JSON", b"[]", b'{"records_head": null}'])
def test_an_end_that_names_no_head_of_the_log_ends_no_log(stamped: bytes) -> None:
    chain, line = make_chain("ec"), b'{"prev":""}\n'
    reply = make_reply(make_query(stamped), chain)
    contents = {ENDED: stamped, stamp_path(ENDED, 1, "tsr"): reply, LOG: line}
    read = bracket(contents, Anchors(roots=(chain.root,)))
    head = hashlib.sha256(line).hexdigest()
    assert [(found.code, str(found.path), found.expected, found.found) for found in read.findings] == [
        ("bracket-broken", ENDED, head, "none")
    ]
    assert read.not_later_than is None
    control = json.dumps({"records_head": head}).encode()
    contents |= {ENDED: control, stamp_path(ENDED, 1, "tsr"): make_reply(make_query(control), chain)}
    read = bracket(contents, Anchors(roots=(chain.root,)))
    assert (read.findings, read.not_later_than) == ([], NOW_STAMPED)
