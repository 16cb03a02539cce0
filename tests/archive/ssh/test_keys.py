"""Keys: made without a word about their owner, opened with or without a passphrase, refused by name."""

from __future__ import annotations

import base64
import errno
import os
import stat
import subprocess
from pathlib import Path

import pytest

from archive.errors import AlreadyThere
from archive.ssh.algorithms import has_signed
from archive.ssh.encoding import FieldReader, string
from archive.ssh.keys import KeyUnusable, PassphraseNeeded, PublicKey, load_private, read_key_file, write_new_key
from tests.world.sealed_bag import file_key
from tests.world.time_authority import NEEDS_SSH_KEYGEN, SSH_KEYGEN

needs_ssh_keygen = pytest.mark.skipif(SSH_KEYGEN is None, reason=NEEDS_SSH_KEYGEN)


def ssh_keygen(*arguments: str | Path) -> str:
    assert SSH_KEYGEN is not None
    return subprocess.run([SSH_KEYGEN, *arguments], check=True, capture_output=True, text=True, timeout=30).stdout


@pytest.mark.parametrize("passphrase", [None, "ein langer Satz, عبارة".encode()])
def test_a_new_key_opens_again_and_signs_as_itself(tmp_path: Path, passphrase: bytes | None) -> None:
    public = write_new_key(tmp_path / "key", passphrase)
    key = load_private(read_key_file(tmp_path / "key"), passphrase, "key")
    assert key.public_key == public
    assert has_signed(public, "ssh-ed25519", string(key.sign_raw(b"data")), b"data")
    assert PublicKey.from_text((tmp_path / "key.pub").read_text()) == public


@pytest.mark.skipif(os.name == "nt", reason="Windows has no modes")
def test_a_new_private_key_is_for_its_owner_alone(tmp_path: Path) -> None:
    write_new_key(tmp_path / "key", None)
    assert stat.S_IMODE((tmp_path / "key").stat().st_mode) == 0o600


@pytest.mark.parametrize("full_at", [1, 2], ids=["the key", "its public half"])
def test_a_full_disk_leaves_no_part_of_a_new_key(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, full_at: int
) -> None:
    calls = iter(range(1, 9))

    def sync(_: int) -> None:
        if next(calls) == full_at:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patched, pytest.raises(OSError, match="No space"):
        patched.setattr(os, "fsync", sync)
        write_new_key(tmp_path / "key", None)
    assert list(tmp_path.iterdir()) == []
    write_new_key(tmp_path / "key", None)


def test_a_new_key_names_neither_user_nor_machine(tmp_path: Path) -> None:
    write_new_key(tmp_path / "key", None)
    assert len((tmp_path / "key.pub").read_text().split()) == 2
    reader = FieldReader(base64.b64decode("".join((tmp_path / "key").read_text().splitlines()[1:-1])))
    assert reader.take(15) == b"openssh-key-v1\0"
    assert [reader.string() for _ in range(3)] == [b"none", b"none", b""]
    assert (reader.uint32(), bool(reader.string())) == (1, True)
    private = FieldReader(reader.string())
    private.take(8)
    assert private.string() == b"ssh-ed25519"
    assert (len(private.string()), len(private.string())) == (32, 64)
    assert private.string() == b"", "the comment of the private key"


@needs_ssh_keygen
def test_ssh_keygen_reads_a_new_key_and_gives_the_same_fingerprint(tmp_path: Path) -> None:
    public = write_new_key(tmp_path / "key", b"secret")
    assert ssh_keygen("-y", "-P", "secret", "-f", tmp_path / "key").strip() == public.text
    assert ssh_keygen("-l", "-f", tmp_path / "key.pub").split()[1] == public.fingerprint


@needs_ssh_keygen
@pytest.mark.parametrize("options", [(), ("-Z", "aes256-gcm@openssh.com"), ("-a", "20")])
def test_a_key_that_ssh_keygen_locked_opens_with_its_passphrase(tmp_path: Path, options: tuple[str, ...]) -> None:
    ssh_keygen("-q", "-t", "ed25519", "-N", "secret", "-C", "anna@laptop", *options, "-f", tmp_path / "key")
    content = read_key_file(tmp_path / "key")
    key = load_private(content, b"secret", "key")
    assert key.public_key == PublicKey.from_text((tmp_path / "key.pub").read_text())
    assert "laptop" not in key.public_key.text


def test_a_locked_key_requests_its_passphrase_and_refuses_a_wrong_one(tmp_path: Path) -> None:
    write_new_key(tmp_path / "key", b"secret")
    content = read_key_file(tmp_path / "key")
    with pytest.raises(PassphraseNeeded, match="passphrase-file"):
        load_private(content, None, "key")
    with pytest.raises(PassphraseNeeded, match="does not open it"):
        load_private(content, b"wrong", "key")


def test_a_passphrase_for_a_key_that_has_none_does_not_stand_in_the_way(tmp_path: Path) -> None:
    public = write_new_key(tmp_path / "key", None)
    assert load_private(read_key_file(tmp_path / "key"), b"needless", "key").public_key == public


@needs_ssh_keygen
def test_keys_of_other_kinds_are_refused_with_what_to_do(tmp_path: Path) -> None:
    ssh_keygen("-q", "-t", "ecdsa", "-N", "", "-f", tmp_path / "key")
    with pytest.raises(KeyUnusable, match="not an Ed25519 key; `archive keygen`"):
        load_private(read_key_file(tmp_path / "key"), None, "key")


@pytest.mark.parametrize("content", [b"", b"no key", b"-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n", b"\xff" * 100])
def test_what_is_no_key_is_refused(content: bytes) -> None:
    with pytest.raises(KeyUnusable, match="not a private key"):
        load_private(content, None, "key")


@pytest.mark.parametrize("taken", ["key", "key.pub"])
def test_a_key_is_never_overwritten(tmp_path: Path, taken: str) -> None:
    (tmp_path / taken).write_bytes(b"precious")
    with pytest.raises(AlreadyThere, match="never overwritten"):
        write_new_key(tmp_path / "key", None)
    assert [path.name for path in tmp_path.iterdir()] == [taken]
    assert (tmp_path / taken).read_bytes() == b"precious"


def test_a_key_file_that_is_not_there_or_too_large_is_refused(tmp_path: Path) -> None:
    with pytest.raises(KeyUnusable, match="no such key file"):
        read_key_file(tmp_path / "key")
    (tmp_path / "key").write_bytes(b"x" * 70_000)
    with pytest.raises(KeyUnusable, match="too large"):
        read_key_file(tmp_path / "key")


@pytest.mark.parametrize(
    "text", ["", "ssh-ed25519", "ssh-ed25519 ????", "ssh-ed25519 AAAA", "ssh-rsa " + file_key(1).public_key.text[12:]]
)
def test_what_is_no_public_key_is_refused(text: str) -> None:
    with pytest.raises(KeyUnusable):
        PublicKey.from_text(text)


def test_a_comment_is_dropped_and_the_file_name_is_safe_everywhere() -> None:
    for seed in range(40):
        key = file_key(seed).public_key
        assert PublicKey.from_text(f"{key.text} anna@laptop") == key
        assert key.safe_name.startswith("SHA256-")
        assert not set(key.safe_name) & set("/\\:+=")
        assert len(key.safe_name) == 50
