"""The errors of a bag that a command refuses are named, not counted alone."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from archive.errors import ArchiveError, BagUnsupported
from archive.handover.pack import PackOrder, pack
from archive.handover.receive import ReceiveOrder, receive
from archive.verify.result.error_list import MOST, as_text
from archive_manifests.finding_codes import make_finding
from archive_manifests.paths import BagPath
from tests.archive.verify.sample_bags import make_bag
from tests.world.wacz_bytes import wacz_files, write_wacz

NOW = datetime(2026, 11, 23, 10, tzinfo=UTC)


def test_a_bag_that_is_not_packed_has_each_error_listed(tmp_path: Path) -> None:
    bag = make_bag(tmp_path / "R1")
    (bag / "bag-info.txt").write_text("Payload-Oxum: 1.1\n")
    (bag / "bagit.txt").write_text("BagIt-Version: 1.0\n")
    with pytest.raises(ArchiveError) as raised:
        pack(bag, PackOrder(tmp_path / "out"), NOW)
    lines = str(raised.value).splitlines()
    assert "nothing was packed" in lines[0]
    listed = [line.split()[0] for line in lines if line.startswith("  ")]
    assert lines[0].endswith(f"{len(listed)} errors:")
    assert {"oxum-differs", "tag-file-altered"} <= set(listed)
    assert any("bagit.txt" in line for line in lines)


def test_of_many_errors_the_first_ones_are_listed() -> None:
    errors = [make_finding("payload-missing", BagPath(f"data/{number}\n")) for number in range(MOST + 5)]
    lines = as_text(errors).splitlines()
    assert lines[0] == f"{MOST + 5} errors:"
    assert len(lines) == MOST + 2
    assert lines[1].startswith("  payload-missing data/0%0A: ")
    assert lines[-1] == "  and 5 more"
    assert as_text(errors[:1]).startswith("1 error:")


@pytest.mark.parametrize(("name", "data"), [("a.wacz", None), ("a.warc", b"WARC/1.1\r\n")])
def test_a_recording_is_not_received_and_what_takes_it_is_named(tmp_path: Path, name: str, data: bytes | None) -> None:
    place = tmp_path / name
    place.write_bytes(data) if data else write_wacz(place, wacz_files({}))
    with pytest.raises(BagUnsupported) as raised:
        receive(place, ReceiveOrder(tmp_path / "into"), NOW)
    assert raised.value.exit_code == 3
    assert "archive import" in str(raised.value) and "archive supply" in str(raised.value)
