"""`archive verify` on what lies beside a bag: receipts that nobody named, and the page for people."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from msgspec.structs import replace

from archive.handover.pack import PackOrder, pack
from archive.handover.receive import ReceiveOrder, receive
from archive.ssh import signature as signatures
from archive.ssh.allowed_signers import entry_line
from archive.trust import custody_log
from archive_cli.main import main
from archive_manifests import receipt as receipts
from tests.world.sealed_bag import facts_of, file_key, make_sealed_bag

SENDER, RECEIVER, EVE = file_key(3), file_key(7), file_key(9)


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, [str(one) for one in arguments])


@pytest.fixture
def trust(tmp_path: Path) -> Path:
    folder = tmp_path / "trust"
    folder.mkdir()
    lines = [entry_line("archive-3")(RECEIVER.public_key), entry_line("us")(SENDER.public_key)]
    (folder / "allowed_signers").write_text("\n".join(lines) + "\n")
    return folder


@pytest.fixture
def received(tmp_path: Path, trust: Path) -> Path:
    """A bag as its receiver has it, who signed nothing."""
    sealed = make_sealed_bag(tmp_path / "here" / "R1")
    sealed.sign(SENDER)
    pack(sealed.bag, PackOrder(tmp_path / "out"), datetime.now(UTC))
    bag = receive(tmp_path / "out" / "R1.tar", ReceiveOrder(tmp_path / "store", trust=trust), datetime.now(UTC)).bag
    assert bag is not None
    return bag


def verified(bag: Path, trust: Path, code: int = 0) -> dict[str, Any]:
    done = run("verify", bag, "--trust", trust, "--json")
    assert done.exit_code == code, done.output
    answer: dict[str, Any] = json.loads(done.output)
    return answer


def codes(answer: dict[str, Any]) -> list[str]:
    return [one["code"] for one in answer["findings"]]


def test_a_page_that_nobody_signed_is_reported_unless_it_says_what_this_check_shows(received: Path, trust: Path) -> None:
    assert codes(verified(received, trust)) == []
    folder = received.with_name("R1.seal")
    page = folder / "statement.html"
    page.write_text(page.read_text().replace("Shown", "Proven beyond doubt"))
    root = facts_of(received).log_root
    stated = {custody_log.STATEMENT_FACT: hashlib.sha256(page.read_bytes()).hexdigest()}
    event = custody_log.event("transfer", datetime.now(UTC), "received", "received", facts=stated)
    custody_log.write_log(folder, custody_log.read_log(folder, root).with_event(event, root))
    assert codes(verified(received, trust)) == ["statement-unsigned"]


def test_receipts_in_the_seal_folder_are_named_with_what_each_is_worth(received: Path, trust: Path) -> None:
    folder = received.with_name("R1.seal") / "receipts"
    (own,) = folder.glob("*.receipt.json")
    receipt = receipts.parse(own.read_bytes())
    forged = {
        "A.receipt.json": receipts.document(replace(receipt, by="the court")),
        "B.receipt.json": receipts.document(replace(receipt, files=7)),
        "C.receipt.json": b"{}",
        "D.receipt.json": receipts.document(receipt),
        "E.receipt.json": receipts.document(receipt),
    }
    for name, content in forged.items():
        (folder / name).write_bytes(content)
    (folder / "D.receipt.json.sig").write_bytes(signatures.sign(forged["D.receipt.json"], receipts.NAMESPACE, RECEIVER))
    (folder / "E.receipt.json.sig").write_bytes(signatures.sign(forged["E.receipt.json"], receipts.NAMESPACE, EVE))
    own.unlink()
    answer = verified(received, trust)
    worth = {one["file"]: one["worth"] for one in answer["receipts_beside"]}
    assert worth == {
        "A.receipt.json": "unsigned",
        "B.receipt.json": "proves-nothing",
        "C.receipt.json": "unreadable",
        "D.receipt.json": "received",
        "E.receipt.json": "unknown",
    }
    assert codes(answer) == []
    printed = run("verify", received, "--trust", trust).output
    assert "A.receipt.json: states that the court received this bag" in printed
    assert "nobody signed it, so anybody can have written it" in printed
    assert "B.receipt.json: proves nothing about this bag" in printed


def test_a_bag_without_receipts_names_none(tmp_path: Path, trust: Path) -> None:
    sealed = make_sealed_bag(tmp_path / "R1")
    sealed.sign(SENDER)
    (sealed.folder / "receipts").mkdir()
    answer = verified(sealed.bag, trust)
    assert "receipts_beside" not in answer
