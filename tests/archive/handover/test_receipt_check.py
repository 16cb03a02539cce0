"""Receipts that claim too much: each is a finding, and "received by" is said only of a trusted receiver."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from archive.handover.pack import PackOrder, pack
from archive.handover.receipt import as_text
from archive.handover.receipt_check import ReceiptCheck, check_receipt_of
from archive.handover.receive import ReceiveOrder, receive
from archive.ssh import signature as signatures
from archive.ssh.allowed_signers import entry_line
from archive.ssh.keys import FileKey
from archive.words import languages
from archive_manifests import receipt as receipts
from archive_manifests.receipt import NAMESPACE, Answered
from tests.world.sealed_bag import SealedBag, file_key, make_sealed_bag

NOW = datetime(2026, 11, 23, 10, tzinfo=UTC)
SENDER, RECEIVER, EVE = file_key(3), file_key(7), file_key(9)


@pytest.fixture(scope="module")
def handed_over(tmp_path_factory: pytest.TempPathFactory) -> tuple[SealedBag, Path]:
    """A sealed bag, and the receipt that its receiver signed."""
    folder = tmp_path_factory.mktemp("receipts")
    sealed = make_sealed_bag(folder / "here" / "R1")
    sealed.sign(SENDER)
    pack(sealed.bag, PackOrder(folder / "out"), NOW)
    order = ReceiveOrder(folder / "store", signer=RECEIVER, by="archive-3")
    received = receive(folder / "out" / "R1.tar", order, NOW + timedelta(hours=1))
    return sealed, received.receipt_files[0]


@pytest.fixture
def scene(handed_over: tuple[SealedBag, Path], tmp_path: Path) -> tuple[SealedBag, Path, Path]:
    """The bag, a copy of the receipt that may be forged, and the sender's trust folder."""
    sealed, path = handed_over
    for name in (path.name, f"{path.name}.sig"):
        shutil.copy(path.with_name(name), tmp_path / name)
    trust = tmp_path / "trust"
    trust.mkdir()
    lines = [entry_line("archive-3")(RECEIVER.public_key), entry_line("us")(SENDER.public_key)]
    (trust / "allowed_signers").write_text("\n".join(lines) + "\n")
    return sealed, tmp_path / path.name, trust


def checked(scene: tuple[SealedBag, Path, Path], now: datetime = NOW + timedelta(days=1)) -> ReceiptCheck:
    sealed, path, trust = scene
    return check_receipt_of(sealed.bag, path, sealed.folder, trust, now)


def forge(scene: tuple[SealedBag, Path, Path], key: FileKey | None = RECEIVER, **changes: Any) -> None:
    """Write the receipt with other statements, signed by `key`, or by nobody."""
    path = scene[1]
    content = receipts.document(replace(receipts.parse(path.read_bytes()), **changes))
    path.write_bytes(content)
    beside = path.with_name(f"{path.name}.sig")
    if key is None:
        beside.unlink()
    else:
        beside.write_bytes(signatures.sign(content, NAMESPACE, key))


def codes(found: ReceiptCheck) -> list[tuple[str, str]]:
    return [(one.code, str(one.severity)) for one in found.findings]


def test_a_true_receipt_says_who_received_the_bag(scene: tuple[SealedBag, Path, Path]) -> None:
    found = checked(scene)
    assert (found.findings, found.code, found.is_trusted) == ((), "received", True)
    assert "archive-3" in found.sentence


def test_a_receipt_that_nobody_signed_is_never_said_to_be_received_by_somebody(
    scene: tuple[SealedBag, Path, Path],
) -> None:
    forge(scene, None)
    found = checked(scene)
    assert (codes(found), found.code, found.is_trusted) == ([("receipt-unsigned", "warning")], "unsigned", False)


def test_a_strangers_receipt_is_nobodys_word(scene: tuple[SealedBag, Path, Path]) -> None:
    forge(scene, EVE)
    found = checked(scene)
    assert (codes(found), found.code) == ([("receipt-signer-unknown", "warning")], "unknown")


def test_the_sender_cannot_receive_its_own_bag(scene: tuple[SealedBag, Path, Path]) -> None:
    forge(scene, SENDER)
    found = checked(scene)
    assert (codes(found), found.code, found.is_trusted) == ([("receipt-by-sender", "error")], "proves-nothing", False)


def test_another_key_of_the_sender_is_the_sender_too(scene: tuple[SealedBag, Path, Path]) -> None:
    (scene[2] / "allowed_signers").write_text(
        f"{entry_line('us')(RECEIVER.public_key)}\n{entry_line('us')(SENDER.public_key)}\n"
    )
    assert codes(checked(scene)) == [("receipt-by-sender", "error")]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"received": "2099-01-01T00:00:00Z"}, [("receipt-time", "error")]),
        ({"received": "2020-01-01T00:00:00Z"}, [("receipt-time", "error")]),
        ({"received": "yesterday"}, [("receipt-time", "error"), ("receipt-signer-unknown", "warning")]),
        ({"valid": False}, [("receipt-answer", "error")]),
        ({"complete": False}, [("receipt-answer", "error")]),
        ({"errors": 3}, [("receipt-answer", "error")]),
        ({"seal_sha256": "00" * 32}, [("receipt-mismatch", "error")]),
        ({"packages": ()}, [("receipt-mismatch", "error")]),
        ({"custody_head": "00" * 32}, [("receipt-custody", "warning")]),
        ({"bag_id": "urn:uuid:another"}, [("receipt-mismatch", "error")]),
        ({"answers": {}}, [("receipt-answer", "error")] * 2),
        ({"answers": {"structure": Answered("passed"), "fixity": Answered("failed")}}, [("receipt-answer", "error")]),
    ],
    ids=lambda one: next(iter(one)) if isinstance(one, dict) else "",
)
def test_each_false_statement_is_a_finding_though_it_is_signed(
    scene: tuple[SealedBag, Path, Path], changes: dict[str, Any], expected: list[tuple[str, str]]
) -> None:
    forge(scene, **changes)
    found = checked(scene)
    assert codes(found) == expected
    assert found.code == ("proves-nothing" if found.errors else "received")


def test_a_key_that_expired_later_leaves_a_receipt_true(scene: tuple[SealedBag, Path, Path]) -> None:
    line = entry_line("archive-3")(RECEIVER.public_key)
    until = line.replace('archive-receipt"', 'archive-receipt",valid-before="20261201Z"')
    (scene[2] / "allowed_signers").write_text(f"{until}\n")
    assert checked(scene, NOW + timedelta(days=3650)).code == "received"
    since = line.replace('archive-receipt"', 'archive-receipt",valid-after="20261201Z"')
    (scene[2] / "allowed_signers").write_text(f"{since}\n")
    assert checked(scene, NOW + timedelta(days=3650)).code == "unknown"


def test_a_revoked_key_receives_nothing_at_any_time(scene: tuple[SealedBag, Path, Path]) -> None:
    (scene[2] / "revoked_keys").write_text(f"{RECEIVER.public_key.text}\n")
    assert checked(scene).code == "unknown"


def test_a_seal_that_is_not_here_is_not_the_one_that_came_along(
    scene: tuple[SealedBag, Path, Path], tmp_path: Path
) -> None:
    sealed, path, trust = scene
    found = check_receipt_of(sealed.bag, path, tmp_path / "none", trust, NOW + timedelta(days=1))
    assert ("receipt-mismatch", "error") in codes(found)


def test_fields_with_line_ends_print_no_lines_of_their_own(scene: tuple[SealedBag, Path, Path]) -> None:
    forge(scene, RECEIVER, by="x\nwho passed: anna\u2028\x1b[2J", bag="R1\nwho           passed")
    receipt = receipts.parse(scene[1].read_bytes())
    lines = as_text(receipt).splitlines()
    assert [line for line in lines if line.startswith("who ")] == [
        f"who           not-checked (key {SENDER.public_key.fingerprint})"
    ]
    assert not any("\x1b" in line for line in lines)
    assert "\n" not in checked(scene).sentence.replace("\\x0a", "")


@pytest.mark.parametrize("language", languages())
def test_every_sentence_of_a_receipt_is_in_every_catalogue(
    scene: tuple[SealedBag, Path, Path], language: str
) -> None:
    found = checked(scene)
    for code, check in {
        "received": found,
        "unknown": replace(found, is_trusted=False),
        "unsigned": replace(found, key=None, names=()),
        "unreadable": replace(found, receipt=None),
    }.items():
        assert check.code == code
        assert check.sentence_in(language)


def test_what_is_printed_as_json_says_whether_the_signer_is_trusted(scene: tuple[SealedBag, Path, Path]) -> None:
    told = checked(scene).as_facts
    assert json.loads(json.dumps(told))["trusted"] is True
