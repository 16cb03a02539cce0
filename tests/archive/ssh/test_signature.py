"""Signatures: the bytes of ssh-keygen, and no bit of them that may differ."""

from __future__ import annotations

import base64
import subprocess
from pathlib import Path

import pytest

from archive.ssh import signature
from archive.ssh.algorithms import has_signed
from archive.ssh.encoding import string
from archive.ssh.keys import PublicKey, load_private, read_key_file, write_new_key
from archive.ssh.signature import BadSignature
from tests.world.sealed_bag import file_key
from tests.world.time_authority import NEEDS_SSH_KEYGEN, SSH_KEYGEN

MESSAGE = b'{"a seal": "of a bag"}\n'
NAMESPACE = "archive-bag"

needs_ssh_keygen = pytest.mark.skipif(SSH_KEYGEN is None, reason=NEEDS_SSH_KEYGEN)


def ssh_keygen(*arguments: str, message: bytes = b"", cwd: Path) -> subprocess.CompletedProcess[bytes]:
    assert SSH_KEYGEN is not None
    command = [SSH_KEYGEN, *arguments]
    return subprocess.run(command, input=message, cwd=cwd, capture_output=True, timeout=30, check=False)


def accepts(content: bytes, message: bytes = MESSAGE, namespace: str = NAMESPACE) -> bool:
    try:
        signature.parse(content).check(message, namespace)
    except BadSignature:
        return False
    return True


def rearmoured(blob: bytes, columns: int = 70) -> bytes:
    text = base64.b64encode(blob).decode()
    lines = [text[at : at + columns] for at in range(0, len(text), columns)]
    return "\n".join(["-----BEGIN SSH SIGNATURE-----", *lines, "-----END SSH SIGNATURE-----", ""]).encode()


def blob_of(content: bytes) -> bytes:
    return base64.b64decode(b"".join(content.split(b"\n")[1:-2]))


@needs_ssh_keygen
def test_a_signature_has_the_bytes_that_ssh_keygen_writes(tmp_path: Path) -> None:
    key = write_new_key(tmp_path / "key", None)
    ours = signature.sign(MESSAGE, NAMESPACE, load_private(read_key_file(tmp_path / "key"), None, "key"))
    (tmp_path / "seal.json").write_bytes(MESSAGE)
    made = ssh_keygen("-Y", "sign", "-f", "key", "-n", NAMESPACE, "seal.json", cwd=tmp_path)
    assert made.returncode == 0, made.stderr
    assert (tmp_path / "seal.json.sig").read_bytes() == ours
    assert signature.parse(ours).public_key == key


@needs_ssh_keygen
@pytest.mark.parametrize(
    ("message", "namespace", "accepted"),
    [(MESSAGE, NAMESPACE, True), (MESSAGE + b" ", NAMESPACE, False), (MESSAGE, "file", False)],
)
def test_ssh_keygen_and_we_agree_on_a_signature(tmp_path: Path, message: bytes, namespace: str, accepted: bool) -> None:
    key = file_key(1)
    (tmp_path / "sig").write_bytes(signature.sign(MESSAGE, NAMESPACE, key))
    (tmp_path / "allowed").write_text(f"anna {key.public_key.text}\n")
    observed = ssh_keygen(
        "-Y", "verify", "-f", "allowed", "-I", "anna", "-n", namespace, "-s", "sig", message=message, cwd=tmp_path
    )
    assert (observed.returncode == 0) is accepted
    assert accepts((tmp_path / "sig").read_bytes(), message, namespace) is accepted


def test_every_flipped_bit_of_a_signature_file_is_refused() -> None:
    content = signature.sign(MESSAGE, NAMESPACE, file_key(1))
    assert accepts(content)
    accepted = []
    for position in range(len(content) * 8):
        flipped = bytearray(content)
        flipped[position // 8] ^= 1 << position % 8
        if accepts(bytes(flipped)):
            accepted.append(position)
    assert accepted == []


def test_every_cut_of_a_signature_file_is_refused() -> None:
    content = signature.sign(MESSAGE, NAMESPACE, file_key(1))
    assert [at for at in range(len(content)) if accepts(content[:at])] == []


@pytest.mark.parametrize(
    "respelled",
    [
        lambda content: content.replace(b"\n", b"\r\n"),
        lambda content: content + b"\n",
        lambda content: rearmoured(blob_of(content), 64),
        lambda content: rearmoured(blob_of(content) + b"\0"),
        lambda content: b"comment\n" + content,
    ],
)
def test_a_signature_in_another_spelling_is_refused(respelled: object) -> None:
    content = signature.sign(MESSAGE, NAMESPACE, file_key(1))
    assert rearmoured(blob_of(content)) == content
    with pytest.raises(BadSignature):
        signature.parse(respelled(content))  # type: ignore[operator]


@pytest.mark.parametrize("y", [0, 1, 2**255 - 20, 2**255 - 19, 2**255 - 18])
def test_a_key_of_small_order_whose_signature_fits_every_message_proves_nothing(y: int) -> None:
    point = y.to_bytes(32, "little")
    key = PublicKey.from_point(point)
    identity = (1).to_bytes(32, "little")  # R = S·B with S = 0: the equation holds whatever was hashed
    assert not has_signed(key, "ssh-ed25519", string(identity + bytes(32)), b"any message")


def test_the_library_itself_takes_the_identity_for_a_key_so_our_check_is_needed() -> None:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    identity = (1).to_bytes(32, "little")
    Ed25519PublicKey.from_public_bytes(identity).verify(identity + bytes(32), b"any message")


def test_a_signer_that_answers_with_anything_else_is_not_believed() -> None:
    class Liar:
        public_key = file_key(1).public_key

        def sign_raw(self, data: bytes) -> bytes:
            return file_key(2).sign_raw(data)

    with pytest.raises(BadSignature, match="did not sign"):
        signature.sign(MESSAGE, NAMESPACE, Liar())


def test_a_field_that_is_reserved_and_not_empty_is_refused() -> None:
    key = file_key(1)
    signed = b"SSHSIG" + string(NAMESPACE.encode()) + string(b"x") + string(b"sha512") + string(b"\0" * 64)
    blob = b"SSHSIG\0\0\0\1" + string(key.public_key.blob) + string(NAMESPACE.encode()) + string(b"x")
    blob += string(b"sha512") + string(string(b"ssh-ed25519") + string(key.sign_raw(signed)))
    with pytest.raises(BadSignature, match="one spelling"):
        signature.parse(rearmoured(blob))
