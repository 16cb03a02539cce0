"""Receipts: what they say, whose they are, and that no other bag's passes."""

from __future__ import annotations

import json
import os
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest
from msgspec.structs import replace

from archive.handover.pack import PackOrder, pack
from archive.handover.receipt_check import ReceiptCheck, check_receipt, check_receipt_of
from archive.handover.receive import Received, ReceiveOrder, receive
from archive.handover.sent_bag import SentBag, look_at_sent
from archive.ssh.allowed_signers import entry_line, parse
from archive.trust.anchors import Anchors
from archive.trust.custody_log import CustodyBroken, CustodyLog, event, parse_log
from archive.verify.run import verify
from tests.world.sealed_bag import PAYLOAD, SealedBag, file_key, make_sealed_bag
from tests.world.time_authority import NEEDS_SSH_KEYGEN, SSH_KEYGEN

NOW = datetime(2026, 11, 23, 10, tzinfo=UTC)
RECEIVER = file_key(9)


@pytest.fixture
def sealed(tmp_path: Path) -> SealedBag:
    sealed = make_sealed_bag(tmp_path / "here" / "R1")
    sealed.sign(file_key(3))
    return sealed


def handed_over(sealed: SealedBag, tmp_path: Path, *, signed: bool = True) -> Received:
    pack(sealed.bag, PackOrder(tmp_path / "out"), NOW)
    order = ReceiveOrder(tmp_path / "store", signer=RECEIVER if signed else None, by="archive-3")
    return receive(tmp_path / "out" / "R1.tar", order, NOW)


def trusting(name: str = "archive-3", **changed: str) -> Anchors:
    line = entry_line(name)(RECEIVER.public_key)
    for old, new in changed.items():
        line = line.replace(old.replace("_", "-"), new)
    return Anchors(signers=parse(line.encode()))


def sent(sealed: SealedBag, anchors: Anchors | None) -> SentBag:
    return look_at_sent(sealed.bag, sealed.folder, anchors, NOW)


def checked(path: Path, sealed: SealedBag, anchors: Anchors | None = None) -> tuple[list[str], ReceiptCheck]:
    found = check_receipt(path, sent(sealed, anchors), anchors, NOW)
    return [f"{one.code} {one.severity}" for one in found.findings], found


def test_a_receipt_says_what_came_in_and_how_it_was_judged(sealed: SealedBag, tmp_path: Path) -> None:
    received = handed_over(sealed, tmp_path)
    said = json.loads(received.receipt_files[0].read_text())
    assert (said["schema"], said["bag"], said["by"]) == ("archive.receipt/1", "R1", "archive-3")
    assert said["received"] == "2026-11-23T10:00:00Z"
    assert (said["files"], said["octets"]) == (len(PAYLOAD), sum(map(len, PAYLOAD.values())))
    assert {question: answer["state"] for question, answer in said["answers"].items()} == {
        "structure": "passed",
        "fixity": "passed",
        "warc": "absent",
        "coverage": "not-checked",
        "who": "not-checked",
        "when": "absent",
    }
    assert said["answers"]["who"]["keys"] == [file_key(3).public_key.fingerprint]
    page = received.receipt_files[1].read_text()
    assert page.startswith("RECEIPT FOR THE BAG R1\n")
    for word in ("archive-3", said["tag_manifests"][0]["sha256"], said["packages"][0]["sha256"], "complete and valid"):
        assert word in page


def test_what_the_receiver_calls_a_signer_does_not_travel(sealed: SealedBag, tmp_path: Path) -> None:
    pack(sealed.bag, PackOrder(tmp_path / "out"), NOW)
    trust = tmp_path / "trust"
    trust.mkdir()
    (trust / "allowed_signers").write_text(entry_line("anna.real.name")(file_key(3).public_key) + "\n")
    received = receive(tmp_path / "out" / "R1.tar", ReceiveOrder(tmp_path / "store", trust=trust), NOW)
    assert received.verification is not None
    assert "anna.real.name" in (received.verification.answers["who"].why or "")
    for place in [*received.receipt_files, tmp_path / "store" / "R1.seal" / "custody.jsonl"]:
        assert b"anna" not in place.read_bytes()


def test_the_senders_own_bag_and_a_trusted_key_give_no_finding(sealed: SealedBag, tmp_path: Path) -> None:
    received = handed_over(sealed, tmp_path)
    codes, found = checked(received.receipt_files[0], sealed, trusting())
    assert codes == []
    assert found.signer == f"archive-3 ({RECEIVER.public_key.fingerprint})"


@pytest.mark.skipif(SSH_KEYGEN is None, reason=NEEDS_SSH_KEYGEN)
def test_ssh_keygen_checks_a_receipt_too(sealed: SealedBag, tmp_path: Path) -> None:
    received = handed_over(sealed, tmp_path)
    (tmp_path / "allowed_signers").write_text(entry_line("archive-3")(RECEIVER.public_key) + "\n")
    content, _, signature = received.receipt_files
    command = [SSH_KEYGEN, "-Y", "verify", "-f", tmp_path / "allowed_signers", "-I", "archive-3"]
    command += ["-n", "archive-receipt", "-s", signature]
    done = subprocess.run(
        [os.fspath(one) for one in command], input=content.read_bytes(), capture_output=True, check=True
    )
    assert done.stdout.startswith(b'Good "archive-receipt" signature for archive-3')


PAST = Anchors(signers=(replace(trusting().signers[0], valid_before=datetime(2026, 1, 1, tzinfo=UTC)),))


@pytest.mark.parametrize(
    ("anchors", "why"),
    [
        (None, "no trust folder was given"),
        (PAST, "not trusted for archive-receipt at the time"),
        (Anchors(), "not trusted for archive-receipt at the time"),
        (trusting(archive_receipt="archive-other"), ",archive-other,archive-corroboration\" alone; add archive-receipt there"),
    ],
)
def test_an_unknown_key_is_a_warning_and_never_a_name(
    anchors: Anchors | None, why: str, sealed: SealedBag, tmp_path: Path
) -> None:
    received = handed_over(sealed, tmp_path)
    codes, found = checked(received.receipt_files[0], sealed, anchors)
    assert codes == ["receipt-signer-unknown warning"]
    assert found.signer == RECEIVER.public_key.fingerprint
    assert why in (found.findings[0].note or "")


def test_a_receipt_that_nobody_signed_is_reported(sealed: SealedBag, tmp_path: Path) -> None:
    received = handed_over(sealed, tmp_path, signed=False)
    codes, found = checked(received.receipt_files[0], sealed, trusting())
    assert (codes, found.signer) == (["receipt-unsigned warning"], None)


def test_another_bags_receipt_is_reported_with_all_that_differs(sealed: SealedBag, tmp_path: Path) -> None:
    received = handed_over(sealed, tmp_path)
    other = make_sealed_bag(tmp_path / "other" / "R1", {"data/x.txt": b"other"})
    codes, found = checked(received.receipt_files[0], other, trusting())
    assert codes == [
        *["receipt-mismatch error"] * 5,
        *("receipt-package-unknown warning", "receipt-mismatch error", "receipt-custody warning"),
    ]
    assert [one.note for one in found.findings if one.code == "receipt-mismatch"] == [
        *("events_head", "files", "octets", "tagmanifest-sha256.txt", "tagmanifest-sha512.txt", "seal.json"),
    ]


def test_every_changed_byte_of_a_receipt_or_its_signature_is_reported(sealed: SealedBag, tmp_path: Path) -> None:
    received = handed_over(sealed, tmp_path)
    for place in (received.receipt_files[0], received.receipt_files[2]):
        content = place.read_bytes()
        for at in range(0, len(content), 7):
            place.write_bytes(content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :])
            found = check_receipt(received.receipt_files[0], sent(sealed, trusting()), trusting(), NOW)
            assert found.errors, at
        place.write_bytes(content)


def test_a_signature_over_a_seal_does_not_pass_for_one_over_a_receipt(sealed: SealedBag, tmp_path: Path) -> None:
    from archive.ssh import signature as sshsig
    from archive_manifests.seal import NAMESPACE

    received = handed_over(sealed, tmp_path)
    content, _, signature = received.receipt_files
    signature.write_bytes(sshsig.sign(content.read_bytes(), NAMESPACE, RECEIVER))
    codes, found = checked(content, sealed, trusting())
    assert codes == ["receipt-signature-bad error"]
    assert "made for the namespace 'archive-bag'" in (found.findings[0].note or "")


@pytest.mark.parametrize("content", [b"", b"{}", b"[]", b"\xff", b"x" * (2 << 20)])
def test_what_is_no_receipt_is_reported(content: bytes, sealed: SealedBag, tmp_path: Path) -> None:
    (tmp_path / "r.json").write_bytes(content)
    assert checked(tmp_path / "r.json", sealed)[0] == ["receipt-unreadable error"]


def test_a_receipt_that_is_not_there_or_is_a_link_is_reported(sealed: SealedBag, tmp_path: Path) -> None:
    assert checked(tmp_path / "none.json", sealed)[0] == ["receipt-unreadable error"]
    received = handed_over(sealed, tmp_path)
    (tmp_path / "link.json").symlink_to(received.receipt_files[0])
    assert checked(tmp_path / "link.json", sealed)[0] == ["receipt-unreadable error"]


def test_a_second_receipt_stands_beside_the_first(sealed: SealedBag, tmp_path: Path) -> None:
    handed_over(sealed, tmp_path)
    pack(tmp_path / "store" / "R1", PackOrder(tmp_path / "on"), NOW)
    received = receive(tmp_path / "on" / "R1.tar", ReceiveOrder(tmp_path / "further", by="court-1"), NOW)
    assert received.receipt_files[0].name == "R1.receipt-2.json"
    names = sorted(place.name for place in (tmp_path / "further" / "R1.seal" / "receipts").iterdir())
    assert names == [
        *("R1.receipt-2.json", "R1.receipt-2.txt", "R1.receipt.json", "R1.receipt.json.sig", "R1.receipt.txt"),
    ]
    lines = (tmp_path / "further" / "R1.seal" / "custody.jsonl").read_text().splitlines()
    assert [json.loads(line)["outcome"] for line in lines] == ["packed", "received", "packed", "received"]


def test_a_log_that_lost_the_line_the_receiver_went_on_from_is_reported(sealed: SealedBag, tmp_path: Path) -> None:
    received = handed_over(sealed, tmp_path)
    path = received.receipt_files[0]
    observed = check_receipt_of(sealed.bag, path, sealed.folder, None, NOW)
    assert [one.code for one in observed.findings] == ["receipt-signer-unknown"]
    (sealed.folder / "custody.jsonl").unlink()
    pack(sealed.bag, PackOrder(tmp_path / "again", "zip"), NOW)
    observed = check_receipt_of(sealed.bag, path, sealed.folder, None, NOW)
    assert [one.code for one in observed.findings] == [
        *("receipt-package-unknown", "receipt-custody", "receipt-signer-unknown"),
    ]


# The custody log.


def test_verify_warns_of_a_log_that_does_not_hang_together(sealed: SealedBag, tmp_path: Path) -> None:
    pack(sealed.bag, PackOrder(tmp_path / "out"), NOW)
    assert verify(sealed.bag, jobs=1).findings == ()
    log = sealed.folder / "custody.jsonl"
    log.write_bytes(log.read_bytes().replace(b'"seq":1', b'"seq":7'))
    (finding,) = verify(sealed.bag, jobs=1).findings
    assert (finding.code, str(finding.severity), str(finding.path)) == (
        *("custody-broken", "warning", "R1.seal/custody.jsonl"),
    )


def log_of(number: int) -> CustodyLog:
    log = CustodyLog(b"", ())
    for at in range(number):
        log = log.with_event(event("transfer", NOW, f"event {at}", "done", by="collector-7"), "ab" * 32)
    return log


def test_a_log_is_read_back_as_it_was_written() -> None:
    log = log_of(4)
    assert parse_log(log.text, "ab" * 32) == log
    assert parse_log(b"", "ab" * 32) == CustodyLog(b"", ())


def test_every_changed_bit_of_a_log_but_the_last_lines_own_is_reported() -> None:
    text = log_of(3).text
    last = text.rstrip(b"\n").rfind(b"\n") + 1
    for at in range(last):
        for bit in (1, 2, 128):
            with pytest.raises(CustodyBroken):
                parse_log(text[:at] + bytes([text[at] ^ bit]) + text[at + 1 :], "ab" * 32)


@pytest.mark.parametrize(
    "change",
    [
        lambda lines: lines[1:],
        lambda lines: [lines[0], lines[2]],
        lambda lines: [lines[1], lines[0], lines[2]],
        lambda lines: [*lines, lines[2]],
        lambda lines: [*lines[:2], lines[2].rstrip(b"\n")],
        lambda lines: [*lines, b"\n"],
    ],
)
def test_lines_left_out_put_in_or_swapped_are_reported(change: object) -> None:
    lines = log_of(3).text.splitlines(keepends=True)
    with pytest.raises(CustodyBroken, match=r"custody\.jsonl"):
        parse_log(b"".join(change(lines)), "ab" * 32)  # type: ignore[operator]


def test_a_last_line_in_another_spelling_is_reported() -> None:
    text = log_of(2).text
    with pytest.raises(CustodyBroken, match="line 2: not in its one spelling"):
        parse_log(text[:-2] + b" }\n", "ab" * 32)


def test_another_bags_log_is_reported() -> None:
    with pytest.raises(CustodyBroken, match="line 1: does not follow on the bag's own events"):
        parse_log(log_of(2).text, "cd" * 32)


def revoking(folder: Path, content: bytes) -> Path:
    """A trust folder of the sender's that knows the receiver's key, and takes back what `content` lists."""
    folder.mkdir()
    (folder / "allowed_signers").write_text(entry_line("archive-3")(RECEIVER.public_key) + "\n")
    (folder / "revoked_keys").write_bytes(content)
    return folder


def krl_of(folder: Path, text: str) -> bytes:
    if SSH_KEYGEN is None:
        pytest.skip(NEEDS_SSH_KEYGEN)
    (folder / "keys").write_text(f"{text}\n")
    subprocess.run([SSH_KEYGEN, "-q", "-k", "-f", folder / "krl", folder / "keys"], check=True, capture_output=True)
    return (folder / "krl").read_bytes()


@pytest.mark.parametrize("form", ["a list", "a KRL", "a KRL of digests"])
def test_a_receipt_by_a_key_that_was_taken_back_is_nobodys(sealed: SealedBag, tmp_path: Path, form: str) -> None:
    key = RECEIVER.public_key.text
    content = {
        "a list": lambda: f"{key}\n".encode(),
        "a KRL": lambda: krl_of(tmp_path, key),
        "a KRL of digests": lambda: krl_of(tmp_path, f"sha256: {key}"),
    }[form]()
    trust = revoking(tmp_path / "trust", content)
    path = handed_over(sealed, tmp_path).receipt_files[0]
    found = check_receipt_of(sealed.bag, path, sealed.folder, trust, NOW)
    fingerprint = RECEIVER.public_key.fingerprint
    assert [(one.code, one.severity, str(one.path), one.note) for one in found.findings] == [
        ("receipt-signer-unknown", "warning", f"{path.name}.sig", f"key {fingerprint}: revoked")
    ]
    assert (found.signer, found.errors) == (fingerprint, 0)
    assert found.code == "unknown"


def test_a_list_that_takes_another_key_back_leaves_the_receivers_known(sealed: SealedBag, tmp_path: Path) -> None:
    trust = revoking(tmp_path / "trust", krl_of(tmp_path, file_key(8).public_key.text))
    path = handed_over(sealed, tmp_path).receipt_files[0]
    found = check_receipt_of(sealed.bag, path, sealed.folder, trust, NOW)
    assert (found.findings, found.signer) == ((), f"archive-3 ({RECEIVER.public_key.fingerprint})")


def test_a_sender_who_is_listed_under_several_names_is_no_receiver(sealed: SealedBag, tmp_path: Path) -> None:
    received = handed_over(sealed, tmp_path)
    sender = entry_line("anna")(file_key(3).public_key).replace("anna ", "anna,anna@ngo ", 1)
    lines = (sender, entry_line("anna")(RECEIVER.public_key))
    anchors = Anchors(signers=parse("\n".join(lines).encode()))
    found = check_receipt(received.receipt_files[0], sent(sealed, anchors), anchors, NOW)
    assert [one.code for one in found.findings] == ["receipt-by-sender"]
    assert not found.is_trusted
