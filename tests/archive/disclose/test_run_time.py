"""A copy with the run's closing timestamp: its records existed by then, whoever sealed the bag, and if nobody did."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from archive.disclose.disclose import DisclosureOrder, disclose
from archive.errors import UsageProblem
from archive.fetch.fetch import fetch
from archive.verify.run import verify
from archive_manifests.disclosure_copy import PROOFS, RECORD_LEAVES
from archive_manifests.findings import State
from tests.archive.disclose.test_disclose import REPORT, alone, bag, remake_manifests, sealed  # noqa: F401 -- fixtures
from tests.archive.fetch.test_run_stamping import bracketed
from tests.world import World
from tests.world.time_authority import NEEDS_OPENSSL, NOW, OPENSSL, Chain, by_hand, make_chain, openssl_verifies, serve

TIME = "data/provenance/time"


@pytest.fixture(scope="module")
def chain() -> Chain:
    return make_chain("ec", "Loopback Time")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory, chain: Chain) -> Iterator[Path]:
    """A copy of a stamped bag that nobody sealed."""
    folder = tmp_path_factory.mktemp("run")
    (folder / "report.txt").write_text(REPORT)
    (folder / "trust/tsa").mkdir(parents=True)
    (folder / "trust/tsa/root.pem").write_bytes(chain.root_pem)
    with World() as world, serve(by_hand(chain)) as authority:
        stamped = fetch(folder / "report.txt", folder / "R1", bracketed(world, authority.url)).bag
    order = DisclosureOrder(stamped, folder / "copy", frozenset({"s03"}), "safety", accepts_names=True, with_run_time=True)
    yield disclose(order, now=datetime(2026, 11, 30, tzinfo=UTC)).path


@pytest.fixture
def copy(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(made, tmp_path / "copy"))


def test_an_unsealed_copy_proves_since_when_its_records_exist(made: Path) -> None:
    found = verify(made, trust=made.with_name("trust"), jobs=1)
    assert found.errors == 0 and found.answers["origin"].state is State.NOT_CHECKED
    assert found.answers["origin"].facts["records_not_later_than"] == found.answers["when"].facts["log_not_later_than"]
    assert "existed not later than" in (found.answers["origin"].why or "")
    code, answer = alone(made)
    assert code == 3 and "origin not checked" in answer  # no seal
    without = verify(made, jobs=1)
    assert "records_not_later_than" not in without.answers["origin"].facts


@pytest.mark.skipif(OPENSSL is None, reason=NEEDS_OPENSSL)
def test_openssl_alone_says_since_when_the_records_exist(made: Path, chain: Chain, tmp_path: Path) -> None:
    ended, reply = ((made / TIME / name).read_bytes() for name in ("ended.json", "ended-01.tsr"))
    assert openssl_verifies(tmp_path / "true", chain.root, reply, ended, NOW)
    assert not openssl_verifies(tmp_path / "other", chain.root, reply, ended.replace(b"1", b"2", 1), NOW)
    assert not openssl_verifies(tmp_path / "root", make_chain("ec", "Another").root, reply, ended, NOW)
    # What was stamped is the tree over the leaves in the copy, computed by hand.
    level = [bytes.fromhex(line) for line in (made / RECORD_LEAVES).read_text().split()]
    stated = json.loads(ended)["disclosure"]
    assert stated["size"] == len(level)
    while len(level) > 1:
        level = [hashlib.sha256(b"\x01" + level[at] + level[at + 1]).digest() for at in range(0, len(level), 2)]
    assert stated["root"] == level[0].hex()


def _other_record(copy: Path) -> None:
    """One leaf of a disclosed record is not in the run's tree, whose root is made anew."""
    place = copy / RECORD_LEAVES
    lines = place.read_text().split()
    shown = {line for line in (copy / "data/disclosure/leaves.txt").read_text().split() if line in lines}
    gone = sorted(shown)[0]
    place.write_text("".join(f"{line}\n" for line in sorted({*lines} - {gone} | {"f" * 63 + "e"})))


def _other_tree(copy: Path) -> None:
    ended = copy / TIME / "ended.json"
    stated = json.loads(ended.read_bytes())
    stated["disclosure"]["root"] = "0" * 64
    ended.write_text(json.dumps(stated))


def _half_of_the_leaves(copy: Path) -> None:
    lines = (copy / RECORD_LEAVES).read_text().splitlines(keepends=True)
    (copy / RECORD_LEAVES).write_text("".join(lines[: len(lines) // 2]))


def _no_proof_of_the_stamp(copy: Path) -> None:
    lines = (copy / PROOFS).read_text().splitlines(keepends=True)
    (copy / PROOFS).write_text("".join(line for line in lines if "ended.json" not in line))


@pytest.mark.parametrize("forge", [_other_record, _other_tree, _half_of_the_leaves, _no_proof_of_the_stamp])
def test_another_run_is_not_the_one_that_was_stamped(made: Path, copy: Path, forge: Callable[[Path], None]) -> None:
    forge(copy)
    remake_manifests(copy)
    found = verify(copy, trust=made.with_name("trust"), jobs=1)
    assert found.answers["origin"].state is State.FAILED
    assert alone(copy)[1] == "origin FAILED"


def test_a_run_without_a_timestamp_has_none_to_give(bag: Path) -> None:  # noqa: F811
    order = DisclosureOrder(bag, bag.with_name("copy"), frozenset({"s03"}), "safety", with_run_time=True)
    with pytest.raises(UsageProblem, match="no authority timestamped the end of its run"):
        disclose(order, now=datetime(2026, 11, 30, tzinfo=UTC))
    assert not bag.with_name("copy").exists()
