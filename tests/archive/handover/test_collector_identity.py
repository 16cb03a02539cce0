"""Who collected, sealed away: opened by those who may, committed to before everybody."""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pyrage
import pytest

from archive.errors import AlreadyThere, StatementError, UsageProblem
from archive.handover.collector_identity import RECORD_LIMIT, make_annex, open_annex
from archive.handover.encrypt import NotForUs
from archive.handover.pack import PackOrder, pack
from archive.handover.receive import ReceiveOrder, receive
from tests.world.sealed_bag import make_bag

NOW = datetime(2026, 11, 23, 10, tzinfo=UTC)
RECORD = "Анна А., collector-7, passport 123".encode()
SALT = bytes(range(32))
COURT = pyrage.x25519.Identity.generate()


def test_a_record_comes_back_and_fits_its_commitment() -> None:
    content, commitment = make_annex(RECORD, SALT, [COURT.to_public()])
    annex = open_annex(content, [COURT])
    assert annex.content == RECORD
    assert annex.commitment == commitment == "sha256:" + hashlib.sha256(SALT + RECORD).hexdigest()


def test_its_size_reveals_nothing_of_its_content() -> None:
    # What age puts before it varies by chance: the rest is one size.
    every = [make_annex(b"x" * length, SALT, [COURT.to_public()])[0] for length in (1, 10, 100, 1000, 2500)]
    assert {len(pyrage.decrypt(content, [COURT])) for content in every} == {4096}


def test_it_travels_with_the_seal_and_the_commitment_with_the_custody_log(tmp_path: Path) -> None:
    bag = make_bag(tmp_path / "here" / "R1")
    order = PackOrder(tmp_path / "out", identity=RECORD, annex_to=(COURT.to_public(),), by="collector-7")
    pack(bag, order, NOW, salt=SALT)
    receive(tmp_path / "out" / "R1.tar", ReceiveOrder(tmp_path / "store"), NOW)
    seal = tmp_path / "store" / "R1.seal"
    annex = open_annex((seal / "identity.age").read_bytes(), [COURT])
    events = [json.loads(line) for line in (seal / "custody.jsonl").read_text().splitlines()]
    assert [(one["type"], one["outcome"]) for one in events] == [
        ("encryption", "sealed"),
        ("packing", "packed"),
        ("transfer", "received"),
    ]
    assert events[0]["facts"]["commitment"] == annex.commitment
    assert annex.content == RECORD
    for place in tmp_path.rglob("*"):
        if place.is_file():
            assert RECORD not in place.read_bytes()
    assert (bag.with_name("R1.seal") / "identity.age").read_bytes() == (seal / "identity.age").read_bytes()


def test_it_is_sealed_away_once(tmp_path: Path) -> None:
    bag = make_bag(tmp_path / "here" / "R1")
    pack(bag, PackOrder(tmp_path / "a", identity=RECORD, annex_to=(COURT.to_public(),)), NOW)
    with pytest.raises(AlreadyThere, match=r"identity\.age: there already"):
        pack(bag, PackOrder(tmp_path / "b", identity=b"another", annex_to=(COURT.to_public(),)), NOW)
    assert not (tmp_path / "b").exists()


def test_those_who_may_open_it_need_not_be_those_who_receive_the_bag(tmp_path: Path) -> None:
    bag = make_bag(tmp_path / "here" / "R1")
    partner = pyrage.x25519.Identity.generate()
    order = PackOrder(
        tmp_path / "out", identity=RECORD, annex_to=(COURT.to_public(),), recipients=(partner.to_public(),)
    )
    pack(bag, order, NOW)
    (package,) = (tmp_path / "out").glob("*.age")
    receive(package, ReceiveOrder(tmp_path / "store", identities=(partner,)), NOW)
    content = (tmp_path / "store" / "R1.seal" / "identity.age").read_bytes()
    with pytest.raises(NotForUs):
        open_annex(content, [partner])
    assert open_annex(content, [COURT]).content == RECORD


def test_the_age_tool_opens_it_too(tmp_path: Path) -> None:
    if shutil.which("age") is None:
        pytest.skip("no age on this machine")
    content, _ = make_annex(RECORD, SALT, [COURT.to_public()])
    (tmp_path / "k").write_text(f"{COURT}\n")
    done = subprocess.run(["age", "-d", "-i", tmp_path / "k"], input=content, capture_output=True, check=True)
    assert json.loads(done.stdout)["schema"] == "archive.identity/1"


@pytest.mark.parametrize("record", [b"", b"x" * (RECORD_LIMIT + 1)])
def test_what_is_no_record_is_refused(record: bytes) -> None:
    with pytest.raises(UsageProblem, match="an identity record holds between"):
        make_annex(record, SALT, [COURT.to_public()])


def test_an_annex_that_nobody_could_open_is_refused() -> None:
    with pytest.raises(UsageProblem, match="give --annex-to"):
        make_annex(RECORD, SALT, [])


@pytest.mark.parametrize(
    "plain",
    [
        b"",
        b"{}",
        b'{"schema":"archive.identity/1","salt":"zz","record":"eA=="}',
        b'{"schema":"archive.identity/1","salt":"00","record":"eA=="}',
        b'{"schema":"archive.identity/1","salt":"' + b"00" * 32 + b'","record":"%%%"}',
        b'{"schema":"other/1","salt":"' + b"00" * 32 + b'","record":"eA=="}',
    ],
)
def test_what_is_no_annex_is_reported(plain: bytes) -> None:
    with pytest.raises(StatementError, match="identity annex"):
        open_annex(pyrage.encrypt(plain, [COURT.to_public()]), [COURT])
