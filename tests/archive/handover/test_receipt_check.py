"""Receipts that claim too much: each is a finding, and "received by" is said only of a trusted receiver."""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from archive.handover.pack import PackOrder, pack
from archive.handover.receipt import as_text
from archive.handover.receipt_check import ReceiptCheck, check_receipt, check_receipt_of
from archive.handover.receipt_signature import ReceiptSignature
from archive.handover.receive import ReceiveOrder, receive
from archive.handover.sent_bag import Bound, look_at_sent
from archive.seal.sign import write_seal
from archive.seal.stamping import make_renewal
from archive.ssh import signature as signatures
from archive.ssh.allowed_signers import entry_line
from archive.ssh.keys import FileKey
from archive.timestamp.token import make_query
from archive.trust.anchors import Anchors, load_anchors
from archive.words import languages
from archive_manifests import receipt as receipts
from archive_manifests.layout import ENDED, stamp_path
from archive_manifests.receipt import NAMESPACE, Answered
from tests.archive.verify.test_seal_check import retag
from tests.world.sealed_bag import SealedBag, facts_of, file_key, make_bag, make_sealed_bag
from tests.world.time_authority import NEEDS_SSH_KEYGEN, SSH_KEYGEN, Chain, Way, make_reply

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
        ({"files": 5}, [("receipt-mismatch", "error")]),
        ({"octets": 5}, [("receipt-mismatch", "error")]),
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


YEARS_LATER = NOW + timedelta(days=3650)


def with_key(scene: tuple[SealedBag, Path, Path], option: str, *, root: bytes | None = None) -> None:
    """Have the sender trust the receiver's key with an option such as `valid-before="…"`, and an authority."""
    line = entry_line("archive-3")(RECEIVER.public_key).replace('corroboration"', f'corroboration",{option}')
    (scene[2] / "allowed_signers").write_text(f"{line}\n")
    if root is not None:
        (scene[2] / "tsa").mkdir()
        (scene[2] / "tsa" / "root.pem").write_bytes(root)


def test_a_key_that_expired_later_leaves_a_receipt_the_word_of_its_owner_and_proves_it_no_more(
    scene: tuple[SealedBag, Path, Path],
) -> None:
    with_key(scene, 'valid-before="20261201Z"')
    assert checked(scene).code == "received"
    found = checked(scene, YEARS_LATER)
    assert (codes(found), found.code, found.is_trusted) == ([("receipt-key-expired", "warning")], "expired", False)
    assert "archive-3" in found.sentence
    with_key(scene, 'valid-after="20261201Z"')
    assert checked(scene, YEARS_LATER).code == "unknown"


@pytest.mark.parametrize(
    ("stamped", "code"),
    [(NOW + timedelta(days=2), "received"), (NOW + timedelta(days=9), "expired"), (NOW, "proves-nothing")],
    ids=["before the key ends", "after it", "before it was received"],
)
def test_a_renewal_that_lists_the_receipt_proves_when_it_was_signed(
    handed_over: tuple[SealedBag, Path],
    scene: tuple[SealedBag, Path, Path],
    tmp_path: Path,
    chain: Chain,
    stamped: datetime,
    code: str,
) -> None:
    sealed, path, trust = scene
    folder = tmp_path / "R1.seal"
    shutil.copytree(sealed.folder, folder)
    (folder / "receipts").mkdir()
    for name in (path.name, f"{path.name}.sig"):
        shutil.copy(path.with_name(name), folder / "receipts" / name)
    target = make_renewal(folder)
    for name, content in {**target.beside, target.name: target.content}.items():
        (folder / name).write_bytes(content)
    reply = make_reply(make_query(target.content), chain, Way(time=stamped))
    (folder / "renewal-01.01.tsr").write_bytes(reply)
    with_key(scene, 'valid-before="20261201Z"', root=chain.root_pem)
    assert check_receipt_of(sealed.bag, path, folder, trust, YEARS_LATER).code == code


@pytest.mark.skipif(SSH_KEYGEN is None, reason=NEEDS_SSH_KEYGEN)
def test_a_receipt_that_is_dated_back_does_not_bring_back_a_key_that_has_expired(
    scene: tuple[SealedBag, Path, Path],
) -> None:
    """The bag is of 2026, the key ended in 2002, and no custody log came along: ssh-keygen refuses the key as of now."""
    _, path, trust = scene
    with_key(scene, 'valid-before="20020101Z"')
    forge(scene, RECEIVER, received="2001-01-01T00:00:00Z", custody_head=None)
    found = checked(scene)
    assert (codes(found), found.code) == ([("receipt-key-expired", "warning")], "expired")
    command = [str(SSH_KEYGEN), "-Y", "verify", "-f", str(trust / "allowed_signers"), "-I", "archive-3"]
    command += ["-n", "archive-receipt", "-s", f"{path}.sig"]
    done = subprocess.run(command, input=path.read_bytes(), capture_output=True, check=False)
    assert done.returncode != 0


def test_a_receipt_from_before_the_bag_that_it_receives_is_a_finding(tmp_path: Path, chain: Chain) -> None:
    """By the date of the bag, by a trusted timestamp inside it, and by the run that its ledger states."""
    bag = make_bag(tmp_path / "D1", {"data/a.txt": b"a", stamp_path(ENDED, 1, "tsr"): stamp_of(chain)})
    facts = facts_of(bag)
    write_seal(bag.with_name("D1.seal"), facts)
    trusted = Anchors(roots=(chain.root,))
    assert [bound.time for bound in look_at_sent(bag, tmp_path / "none", trusted, YEARS_LATER).bounds] == [
        NOW - timedelta(seconds=1)
    ]
    assert look_at_sent(bag, tmp_path / "none", None, YEARS_LATER).bounds == ()
    info = bag / "bag-info.txt"
    info.write_text(f"{info.read_text()}Bagging-Date: 2026-11-25\n")
    retag(bag)
    sent = look_at_sent(bag, tmp_path / "none", trusted, YEARS_LATER)
    assert [bound.time for bound in sent.bounds] == [datetime(2026, 11, 24, 10, tzinfo=UTC), NOW - timedelta(seconds=1)]


def stamp_of(chain: Chain) -> bytes:
    return make_reply(make_query(b"the head of a log"), chain, Way(time=NOW))


@pytest.mark.parametrize(
    ("received", "is_early"),
    [("2026-11-22T09:00:00Z", True), ("2001-01-01T00:00:00Z", True), ("2026-11-22T09:55:00Z", False)],
)
def test_a_receipt_from_before_the_run_is_a_finding(
    scene: tuple[SealedBag, Path, Path], received: str, is_early: bool
) -> None:
    sealed, path, trust = scene
    forge(scene, RECEIVER, received=received, custody_head=None)
    anchors = load_anchors(trust)
    sent = look_at_sent(sealed.bag, sealed.folder, anchors, NOW)
    bound = Bound(datetime(2026, 11, 22, 10, tzinfo=UTC), "the run")
    found = check_receipt(path, replace(sent, bounds=(bound,)), anchors, NOW)
    assert codes(found) == ([("receipt-time", "error")] if is_early else [])
    if is_early:
        assert (found.findings[0].note, found.findings[0].expected) == (
            "earlier than the run",
            "not before 2026-11-22T10:00:00Z",
        )


def test_a_package_that_was_not_packed_here_is_named(scene: tuple[SealedBag, Path, Path], tmp_path: Path) -> None:
    sealed, path, _ = scene
    (own,) = receipts.parse(path.read_bytes()).packages
    other = replace(own, sha256="00" * 32)
    forge(scene, packages=(other,))
    assert codes(checked(scene)) == [("receipt-mismatch", "error")]
    forge(scene, packages=(own, replace(other, name="another.tar")))
    assert codes(checked(scene)) == [("receipt-package-unknown", "warning")]
    beside = sealed.bag.with_name("another.tar")
    beside.write_bytes(b"a package that was made by hand")
    try:
        assert codes(checked(scene)) == [("receipt-mismatch", "error")]
        digest = hashlib.sha256(beside.read_bytes()).hexdigest()
        forge(scene, packages=(replace(other, name="another.tar", sha256=digest),))
        assert codes(checked(scene)) == []
    finally:
        beside.unlink()


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
def test_every_sentence_of_a_receipt_is_in_every_catalogue(scene: tuple[SealedBag, Path, Path], language: str) -> None:
    found = checked(scene)
    for code, check in {
        "received": found,
        "unknown": replace(found, is_trusted=False),
        "unchecked": replace(found, is_trusted=False, signature=replace(found.signature, is_checked=False)),
        "expired": replace(found, is_trusted=False, signature=replace(found.signature, has_expired=True)),
        "unsigned": replace(found, signature=ReceiptSignature()),
        "unreadable": replace(found, receipt=None),
    }.items():
        assert check.code == code
        assert check.sentence_in(language)


def test_what_is_printed_as_json_says_whether_the_signer_is_trusted(scene: tuple[SealedBag, Path, Path]) -> None:
    observed = checked(scene).as_facts
    assert json.loads(json.dumps(observed))["trusted"] is True


def test_a_page_beside_a_receipt_that_says_something_else_is_named(scene: tuple[SealedBag, Path, Path]) -> None:
    page = scene[1].with_suffix(".txt")
    page.write_text(as_text(receipts.parse(scene[1].read_bytes())))
    assert codes(checked(scene)) == []
    page.write_text("RECEIPT: received by the International Criminal Court\n")
    assert codes(checked(scene)) == [("receipt-text-differs", "warning")]
