"""A WARC in no bag is checked by what its records state themselves."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from archive.errors import BagUnreadable, BagUnsupported, UsageProblem
from archive.handover.receive import ReceiveOrder, receive
from archive.verify.run import verify
from archive_manifests.findings import Outcome, State
from archive_manifests.fixity import Fixity
from tests.archive.verify.sample_bags import observed
from tests.archive.warc.warc_bytes import BODY, QUESTION, record, sound, zipped

NOW = datetime(2026, 11, 23, tzinfo=UTC)


@pytest.fixture(params=["crawl.warc.gz", "crawl.warc", "crawl.bin"])
def place(tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    made = tmp_path / request.param
    made.write_bytes(b"".join(sound()) if made.suffix == ".warc" else zipped(sound()))
    return made


def test_a_sound_one_passes_what_its_records_state_and_nothing_else(place: Path) -> None:
    found = verify(place, now=NOW)
    assert observed(found) == []
    assert found.outcome is Outcome.INTACT
    assert (found.is_complete, found.is_valid, found.basis) == (False, False, "records")
    states = {question: answer.state for question, answer in found.answers.items()}
    assert states.pop("warc") is State.PASSED
    assert set(states.values()) == {State.ABSENT}


def test_a_changed_byte_is_damage(place: Path) -> None:
    changed = [one.replace(BODY, BODY[:-1] + b"x") for one in sound()]
    place.write_bytes(b"".join(changed) if place.suffix == ".warc" else zipped(changed))
    found = verify(place, now=NOW)
    assert found.outcome is Outcome.DAMAGED
    assert found.answers["warc"].state is State.FAILED


def test_an_empty_one_and_garbage_of_that_name_are_errors(tmp_path: Path) -> None:
    for content, expected in ((b"", "warc-empty crawl.warc"), (b"<html>", "warc-garbage crawl.warc")):
        (tmp_path / "crawl.warc").write_bytes(content)
        assert observed(verify(tmp_path / "crawl.warc")) == [expected]


def test_records_without_digests_are_not_called_checked(tmp_path: Path) -> None:
    place = tmp_path / "crawl.warc"
    place.write_bytes(record("request", 1, QUESTION, WARC_Block_Digest=None))
    assert verify(place).answers["warc"].state is State.NOT_CHECKED


def test_a_fingerprint_is_of_a_bag_alone(place: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageProblem, match="--expect is a bag's fingerprint, and this is a recording"):
        verify(place, expect=Fixity("sha256", "0" * 64))
    with pytest.raises(BagUnsupported, match="a WARC, not a bag"):
        receive(place, ReceiveOrder(tmp_path / "into"), NOW)
    with pytest.raises(BagUnreadable):
        verify(tmp_path / "nothing.warc")
