"""A disclosure copy compared with its original, and with another copy; a copy that is shown out of its package."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from archive.disclose.disclose import DisclosureOrder, disclose
from archive.errors import BagUnreadable
from archive.handover.compare import COPIES, COPY_OF_FIRST, COPY_OF_SECOND, compare
from archive.replay.contents import read_contents
from archive_manifests.disclosure_copy import PROOFS
from tests.archive.disclose.test_disclose import NOW, bag, sealed  # noqa: F401 -- fixtures


def copied(bag: Path, withhold: str) -> Path:  # noqa: F811
    order = DisclosureOrder(bag, bag.with_name(f"copy-{withhold}"), frozenset({withhold}), "safety", accepts_names=True)
    return disclose(order, now=NOW).path


def states(first: Path, second: Path) -> list[tuple[str | None, str | None, str]]:
    return [(one.first, one.second, str(one.state)) for one in compare(first, second).sources]


def test_a_copy_and_its_original_hold_the_same_of_what_is_disclosed(bag: Path) -> None:  # noqa: F811
    copy = copied(bag, "s03")
    assert compare(bag, copy).relation == COPY_OF_FIRST and compare(copy, bag).relation == COPY_OF_SECOND
    assert states(bag, copy) == [("s01", "s01", "same"), ("s02", "s02", "same"), ("s03", None, "gone")]
    other = copied(bag, "s02")
    assert compare(copy, other).relation == COPIES
    assert states(copy, other) == [("s01", "s01", "same"), ("s02", None, "gone"), (None, "s03", "new")]


def test_another_payload_in_a_copy_is_a_change(bag: Path) -> None:  # noqa: F811
    copy = copied(bag, "s03")
    lines = [json.loads(line) for line in (copy / PROOFS).read_bytes().splitlines()]
    entry = json.loads((copy / "data/ledger/s01.capture.json").read_bytes())
    shown = entry["copies"][0]["records"][-1]
    other = next(line for line in lines if line["kind"] == "record" and line["ref"] not in entry["copies"][0]["records"])
    for line in lines:
        if line["ref"] == shown:
            line |= {"offset": other["offset"], "length": other["length"]}
    (copy / PROOFS).write_text("".join(json.dumps(line, separators=(",", ":")) + "\n" for line in lines))
    found = compare(bag, copy)
    assert found.is_wrong and [change.what for change in found.sources[0].changes][:1] == ["payload"]


@pytest.mark.parametrize("kind", ["tar", "zip"])
def test_a_copy_is_shown_and_compared_in_its_package(bag: Path, tmp_path: Path, kind: str) -> None:  # noqa: F811
    copy = copied(bag, "s03")
    package = Path(shutil.make_archive(str(tmp_path / "away" / copy.name), kind, copy.parent, copy.name))
    contents = read_contents(package)
    assert [source.id for source in contents.ledger.sources] == ["s01", "s02"]
    assert contents.withheld is not None and contents.withheld.sources == 1
    assert states(bag, package)[:2] == [("s01", "s01", "same"), ("s02", "s02", "same")]


def test_a_part_that_is_missing_in_a_package_is_named(bag: Path, tmp_path: Path) -> None:  # noqa: F811
    copy = copied(bag, "s03")
    (copy / "data/ledger/s02.capture.json").unlink()
    package = Path(shutil.make_archive(str(tmp_path / "away" / copy.name), "tar", copy.parent, copy.name))
    with pytest.raises(BagUnreadable, match=r"contains no data/ledger/s02\.capture\.json"):
        read_contents(package)
