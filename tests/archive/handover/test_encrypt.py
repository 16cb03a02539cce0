"""What is encrypted: opened by its recipients alone, telling nothing outside, refused where it is damaged."""

from __future__ import annotations

import os
import subprocess
import tarfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyrage
import pytest
from cryptography.hazmat.primitives.asymmetric import ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from archive.errors import UsageProblem
from archive.handover import encrypt
from archive.handover.encrypt import (
    EncryptedDamaged,
    NotForUs,
    padding_for,
    parse_identities,
    parse_recipient,
    read_recipients,
)
from archive.handover.pack import PackOrder, pack
from archive.handover.receive import ReceiveOrder, receive
from tests.archive.handover.packages import bag_files, member, members, tar
from tests.world.sealed_bag import SealedBag, file_key, make_sealed_bag

NOW = datetime(2026, 11, 23, 10, tzinfo=UTC)


def contents(folder: Path) -> dict[str, bytes]:
    return {os.fspath(place.relative_to(folder)): place.read_bytes() for place in folder.rglob("*") if place.is_file()}


@pytest.fixture
def sealed(tmp_path: Path) -> SealedBag:
    sealed = make_sealed_bag(tmp_path / "here" / "R1")
    sealed.sign(file_key(3))
    return sealed


def x25519_keys(folder: Path) -> tuple[str, Path]:
    identity = pyrage.x25519.Identity.generate()
    place = folder / "age.key"
    place.write_text(f"# created: never\n{identity}\n")
    return str(identity.to_public()), place


def ssh_keys(folder: Path, private: Any) -> tuple[str, Path]:
    place = folder / "ssh.key"
    place.write_bytes(private.private_bytes(Encoding.PEM, PrivateFormat.OpenSSH, NoEncryption()))
    public = private.public_key().public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH).decode()
    return f"{public} anna@laptop", place


def keys_of(kind: str, folder: Path) -> tuple[str, Path]:
    if kind == "x25519":
        return x25519_keys(folder)
    private: Any = ed25519.Ed25519PrivateKey.generate()
    return ssh_keys(folder, private if kind == "ssh-ed25519" else rsa.generate_private_key(65537, 2048))


@pytest.mark.parametrize("kind", ["x25519", "ssh-ed25519", "ssh-rsa"])
def test_a_recipient_opens_it_and_has_bag_seal_and_list(kind: str, sealed: SealedBag, tmp_path: Path) -> None:
    recipient, key = keys_of(kind, tmp_path)
    out, store = tmp_path / "out", tmp_path / "store"
    pack(sealed.bag, PackOrder(out, recipients=(parse_recipient(recipient),), by="collector-7"), NOW)
    package, checksum = sorted(out.iterdir())
    subprocess.run(["sha256sum", "--check", "--strict", "--quiet", checksum], cwd=out, check=True)
    received = receive(package, ReceiveOrder(store, identities=tuple(parse_identities(key))), NOW)
    assert received.findings == ()
    assert contents(store / "R1") == contents(sealed.bag)
    assert (store / "R1.seal" / "seal.json").read_bytes() == sealed.content
    assert received.receipt is not None
    assert (received.receipt.packages[0].name, received.receipt.packages[0].encrypted) == (package.name, True)
    assert sorted(place.name for place in store.iterdir()) == ["R1", "R1.seal"]


def test_what_leaves_says_neither_name_nor_exact_size(sealed: SealedBag, tmp_path: Path) -> None:
    recipient, key = x25519_keys(tmp_path)
    pack(sealed.bag, PackOrder(tmp_path / "out", recipients=(parse_recipient(recipient),)), NOW)
    package, checksum = sorted((tmp_path / "out").iterdir())
    assert package.name.startswith("transfer-")
    assert package.name.endswith(".tar.age")
    assert checksum.name == f"{package.name}.sha256"
    assert b"R1" not in package.read_bytes().splitlines()[0]
    plain = tmp_path / "plain.tar"
    encrypt.decrypt_file(package, plain, parse_identities(key))
    size = plain.stat().st_size
    assert padding_for(size) == 0  # it has the size of many others
    with tarfile.open(plain) as opened:
        names = opened.getnames()
    assert names[0] == "transfer"
    assert {"transfer/R1.tar", "transfer/R1.tar.sha256", "transfer/R1.seal/seal.json"} < set(names)
    assert {"transfer/R1.seal.tar", "transfer/R1.transfer.json", "transfer/R1.seal/custody.jsonl"} < set(names)
    # Nothing in the clear is left, not even beside the bag.
    assert sorted(place.name for place in sealed.bag.parent.iterdir()) == ["R1", "R1.seal"]


def test_two_recipients_both_open_it(sealed: SealedBag, tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    pairs = [x25519_keys(tmp_path / "a"), keys_of("ssh-ed25519", tmp_path / "b")]
    lines = tmp_path / "partners"
    lines.write_text("# partners\n\n" + "\n".join(recipient for recipient, _ in pairs) + "\n")
    recipients = tuple(map(parse_recipient, read_recipients(lines)))
    pack(sealed.bag, PackOrder(tmp_path / "out", recipients=recipients), NOW)
    package = sorted((tmp_path / "out").iterdir())[0]
    for number, (_, key) in enumerate(pairs):
        store = tmp_path / f"store{number}"
        assert receive(package, ReceiveOrder(store, identities=tuple(parse_identities(key))), NOW).findings == ()


def test_the_wrapped_files_can_be_taken_out_by_hand_with_age(sealed: SealedBag, tmp_path: Path) -> None:
    identity = pyrage.x25519.Identity.generate()
    pack(sealed.bag, PackOrder(tmp_path / "out", recipients=(identity.to_public(),)), NOW)
    package = sorted((tmp_path / "out").iterdir())[0]
    (tmp_path / "by-hand.tar").write_bytes(pyrage.decrypt(package.read_bytes(), [identity]))
    subprocess.run(["tar", "-xf", "by-hand.tar"], cwd=tmp_path, check=True)
    subprocess.run(["sha256sum", "--check", "--quiet", "R1.tar.sha256"], cwd=tmp_path / "transfer", check=True)


def test_a_bag_that_a_partner_encrypted_by_hand_is_received(tmp_path: Path) -> None:
    recipient, key = x25519_keys(tmp_path)
    package = tar(tmp_path / "R1.tar", members(bag_files()))
    (tmp_path / "R1.tar.age").write_bytes(pyrage.encrypt(package.read_bytes(), [parse_recipient(recipient)]))
    order = ReceiveOrder(tmp_path / "store", identities=tuple(parse_identities(key)))
    received = receive(tmp_path / "R1.tar.age", order, NOW)
    assert received.bag == tmp_path / "store" / "R1"


def refused(package: Path, key: Path, store: Path) -> list[str]:
    received = receive(package, ReceiveOrder(store, identities=tuple(parse_identities(key))), NOW)
    assert received.bag is None
    assert not store.exists()
    return [finding.code for finding in received.findings]


@pytest.mark.parametrize("cut", [1, 100, 5_000])
def test_an_encrypted_file_that_was_cut_off_is_reported_and_leaves_nothing(
    cut: int, sealed: SealedBag, tmp_path: Path
) -> None:
    recipient, key = x25519_keys(tmp_path)
    pack(sealed.bag, PackOrder(tmp_path / "out", recipients=(parse_recipient(recipient),)), NOW)
    package, checksum = sorted((tmp_path / "out").iterdir())
    package.write_bytes(package.read_bytes()[:-cut])
    assert refused(package, key, tmp_path / "store") == ["package-differs"]
    checksum.unlink()
    with pytest.raises((EncryptedDamaged, NotForUs)):
        refused(package, key, tmp_path / "store")
    assert not (tmp_path / "store").exists()


def test_an_encrypted_file_that_was_changed_is_reported(sealed: SealedBag, tmp_path: Path) -> None:
    recipient, key = x25519_keys(tmp_path)
    pack(sealed.bag, PackOrder(tmp_path / "out", recipients=(parse_recipient(recipient),)), NOW)
    package, checksum = sorted((tmp_path / "out").iterdir())
    data = bytearray(package.read_bytes())
    data[-40] ^= 1
    package.write_bytes(data)
    checksum.unlink()
    with pytest.raises(EncryptedDamaged, match="cut off or changed on its way"):
        refused(package, key, tmp_path / "store")
    assert not (tmp_path / "store").exists()


def test_somebody_elses_file_is_distinguished_from_a_damaged_one(sealed: SealedBag, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    recipient, _ = x25519_keys(tmp_path)
    _, other = x25519_keys(tmp_path / "other")
    pack(sealed.bag, PackOrder(tmp_path / "out", recipients=(parse_recipient(recipient),)), NOW)
    package = sorted((tmp_path / "out").iterdir())[0]
    with pytest.raises(NotForUs, match="no --identity given opens it"):
        refused(package, other, tmp_path / "store")
    with pytest.raises(UsageProblem, match="encrypted; give --identity"):
        receive(package, ReceiveOrder(tmp_path / "store"), NOW)


@pytest.mark.parametrize(
    ("extra", "note"),
    [
        (member("transfer/../../evil", b"x"), "package-path"),
        (member("transfer/R1.seal/../evil", b"x"), "package-path"),
        (member("transfer/.hidden", b"x"), "'.hidden'"),
        (member("transfer/R1.seal/evil.sh", b"x"), "R1.seal/evil.sh"),
        (member("transfer/sub/file", b"x"), "sub/file"),
        (member("transfer/r1.TAR", b"x"), "names that some take for one"),
        (member("transfer/R2.tar", b"x"), "2 packages that are not the parts of one bag"),
    ],
)
def test_a_wrapping_with_more_than_a_transfer_is_refused(extra: Any, note: str, tmp_path: Path) -> None:
    recipient, key = x25519_keys(tmp_path)
    inner = tar(tmp_path / "R1.tar", members(bag_files())).read_bytes()
    wrapped = tar(tmp_path / "w.tar", [member("transfer/R1.tar", inner), extra])
    (tmp_path / "t.age").write_bytes(pyrage.encrypt(wrapped.read_bytes(), [parse_recipient(recipient)]))
    received = receive(
        tmp_path / "t.age", ReceiveOrder(tmp_path / "store", identities=tuple(parse_identities(key))), NOW
    )
    assert [finding.code for finding in received.findings] == ["package-broken"]
    assert note in (received.findings[0].note or "")
    assert not (tmp_path / "store").exists()
    assert not (tmp_path / "evil").exists()


@pytest.mark.parametrize("text", ["", "age1", "age1qqqqq", "ssh-ed25519", "ssh-ed25519 AAAA", "ssh-dss AAAA", "anna"])
def test_what_is_no_recipient_is_reported(text: str) -> None:
    with pytest.raises(UsageProblem, match="not a recipient"):
        parse_recipient(text)


SECRETS = (
    "AGE-SECRET-KEY-1QQPZRY9X8",
    "# public key: age1qqq\nage-secret-key-1qqpzry9x8\n",
    "AGE-PLUGIN-YUBIKEY-1QQPZRY9X8",
    "-----BEGIN OPENSSH PRIVATE KEY-----\nQQPZRY9X8\n-----END OPENSSH PRIVATE KEY-----\n",
    "PuTTY-User-Key-File-3: ssh-ed25519\nQQPZRY9X8\n",
)


@pytest.mark.parametrize("content", SECRETS)
def test_a_secret_key_is_no_recipient_and_is_not_printed(content: str, tmp_path: Path) -> None:
    (tmp_path / "k").write_text(content)
    for refused in (lambda: read_recipients(tmp_path / "k"), lambda: parse_recipient(content)):
        with pytest.raises(UsageProblem, match="secret key") as error:
            refused()
        assert "qqpzry9x8" not in str(error.value).lower()


@pytest.mark.parametrize("content", [b"", b"# nothing\n", b"AGE-SECRET-KEY-1QQ\n", b"\xff\n", b"-----BEGIN X-----\n"])
def test_what_is_no_identity_is_reported(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "k").write_bytes(content)
    with pytest.raises(UsageProblem, match="identity"):
        parse_identities(tmp_path / "k")


def test_padding_costs_little_and_leaves_few_sizes() -> None:
    sizes = [10_240 * number for number in range(1, 4000)]
    padded = [size + padding_for(size) for size in sizes]
    assert all(padding_for(size) <= size * 0.12 for size in sizes)
    assert len(set(padded)) < len(sizes) / 10
    assert [padding_for(size) for size in padded] == [0] * len(padded)
