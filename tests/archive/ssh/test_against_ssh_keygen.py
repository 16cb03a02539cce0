"""ssh-keygen as referee: trust files and signatures count exactly where ssh-keygen accepts them."""

from __future__ import annotations

import base64
import hashlib
import os
import random
import subprocess
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from archive.errors import StatementError
from archive.ssh import signature as signatures
from archive.ssh.allowed_signers import matches, parse
from archive.ssh.encoding import string
from archive.ssh.keys import SK_ECDSA, SK_ED25519, PublicKey
from archive.ssh.revoked_keys import parse_revoked
from archive.ssh.signature import BadSignature, Signature, UnsupportedSignature
from tests.world.sealed_bag import file_key
from tests.world.time_authority import NEEDS_SSH_KEYGEN, SSH_KEYGEN

pytestmark = pytest.mark.skipif(SSH_KEYGEN is None, reason=NEEDS_SSH_KEYGEN)

ANNA, EVE = file_key(1).public_key, file_key(2).public_key
NAMESPACE = "archive-bag"
MESSAGE = b"seal"
WHEN = datetime(2023, 6, 1, tzinfo=UTC)


def ssh_keygen_accepts(
    folder: Path, allowed: bytes, signature: bytes, *, name: str = "anna", revoked: bytes | None = None
) -> bool:
    folder.mkdir(exist_ok=True)
    (folder / "allowed").write_bytes(allowed)
    (folder / "sig").write_bytes(signature)
    command = [str(SSH_KEYGEN), "-Y", "verify", "-f", "allowed", "-I", name, "-n", NAMESPACE, "-s", "sig"]
    command.append(f"-Overify-time={WHEN:%Y%m%d}Z")
    if revoked is not None:
        (folder / "revoked").write_bytes(revoked)
        command += ["-r", "revoked"]
    environment = {**os.environ, "TZ": "UTC"}
    done = subprocess.run(
        command, input=MESSAGE, cwd=folder, env=environment, capture_output=True, timeout=30, check=False
    )
    return done.returncode == 0


def we_accept(allowed: bytes, key: PublicKey, name: str = "anna") -> bool | None:
    """None where the file is refused as a whole."""
    try:
        entries = parse(allowed)
    except StatementError:
        return None
    return any(
        matches(name, entry.principals) and entry.speaks_for(key, NAMESPACE) and entry.is_valid_at(WHEN)
        for entry in entries
    )


SEPARATORS = {
    "U+2028": "\u2028", "U+2029": "\u2029", "NEL": "\x85", "FF": "\x0c", "VT": "\x0b", "FS": "\x1c", "GS": "\x1d",
    "RS": "\x1e", "CR": "\r", "NUL": "\0", "NBSP": "\xa0", "BOM": "\ufeff", "EM SPACE": "\u2003",
}  # fmt: skip


@pytest.mark.parametrize("separator", SEPARATORS.values(), ids=SEPARATORS.keys())
@pytest.mark.parametrize(
    "form",
    ["# note{}anna {}", "eve x{}anna {}", "{}anna {}", "anna{} {}", "anna{}{}", "anna {}{}", "an{}na {}"],
)
def test_a_line_ends_where_ssh_keygen_ends_it(tmp_path: Path, form: str, separator: str) -> None:
    line = (form.format(separator, ANNA.text) + "\n").encode()
    theirs = ssh_keygen_accepts(tmp_path, line, signatures.sign(MESSAGE, NAMESPACE, file_key(1)))
    assert bool(we_accept(line, ANNA)) is theirs


OPTIONS = (
    "namespaces=archive-bag",
    'namespaces="archive-bag"',
    'NameSpaces="archive-bag"',
    'namespaces="archive-bag",',
    ',namespaces="archive-bag"',
    'namespaces="archive-bag",,valid-after="20200101Z"',
    'namespaces="archive-bag" valid-after="20200101Z"',
    'namespaces="archive-bag"valid-after="20200101Z"',
    'namespaces="archive-bag", valid-after="20200101Z"',
    'namespaces="file, archive-bag"',
    'namespaces="file archive-bag"',
    'namespaces="a\\"b,archive-bag"',
    'namespaces="file"',
    'namespaces=""',
    'namespaces="*"',
    'namespaces="!archive-bag,*"',
    'namespaces="archive-bag",namespaces="file"',
    "cert-authority",
    "cert-authority,cert-authority",
    'cert-authority="yes"',
    "no-touch-required",
    'valid-after="20200101"',
    'valid-after="20200101Z"',
    'valid-after="20200101UTC"',
    'valid-after="20200101z"',
    'valid-after="202001011200Z"',
    'valid-after="20200101120059Z"',
    'valid-after="20200101120061Z"',
    'valid-after="20200101120062Z"',
    'valid-after="2020010112Z"',
    'valid-after="20200231Z"',
    'valid-after="20200200Z"',
    'valid-after="20201301Z"',
    'valid-after="19700101Z"',
    'valid-after="19690101Z"',
    'valid-after="00000101Z"',
    'valid-after="99991231Z"',
    'valid-after=""',
    'valid-after="２０２００１０１Z"',
    "valid-after=20200101Z",
    'valid-before="20230601Z"',
    'valid-before="20230531235959Z"',
    'valid-after="20230601Z"',
    'valid-after="20230601000001Z"',
    'valid-after="20220101Z",valid-before="20210101Z"',
    'valid-after="20220101Z",valid-before="20220101Z"',
    'valid-before="20330101Z",valid-before="20200101Z"',
)


@pytest.mark.parametrize("options", OPTIONS)
def test_options_mean_what_they_mean_to_ssh_keygen(tmp_path: Path, options: str) -> None:
    line = f"anna {options} {ANNA.text}\n".encode()
    theirs = ssh_keygen_accepts(tmp_path, line, signatures.sign(MESSAGE, NAMESPACE, file_key(1)))
    assert bool(we_accept(line, ANNA)) is theirs


PIECES = (
    *('"', "\\", ",", "=", "#", "!", "*", "?", " ", "\t", "\r", "\x0b", "\x0c", "\xa0", "\u2028", "\x85", "\x00", "é"),
    *("anna", "eve", "ssh-ed25519", "namespaces=", "cert-authority", 'valid-after="20200101Z"', "archive-bag", "A"),
)


def mutated(line: bytes, chance: random.Random) -> bytes:
    """The line with one to three pieces put in, taken out or doubled."""
    for _ in range(chance.choice((1, 1, 1, 2, 3))):
        at = chance.randrange(len(line) + 1)
        piece = chance.choice(PIECES).encode()
        line = chance.choice(
            [line[:at] + piece + line[at:], line[:at] + line[at + 1 :], line[:at] + line[at : at + 3] + line[at:]]
        )
    return line


def test_mutated_trust_lines_are_accepted_exactly_where_ssh_keygen_accepts_them(tmp_path: Path) -> None:
    chance = random.Random(20230601)
    signature = signatures.sign(MESSAGE, NAMESPACE, file_key(1))
    accepted = 0
    for number in range(160):
        seed = chance.choice(
            [
                f"anna {ANNA.text} her laptop, the old one",
                f"anna,anna@x {ANNA.text}",
                f'"anna" namespaces="archive-bag",valid-after="20200101Z" {ANNA.text}',
            ]
        )
        line = mutated(seed.encode(), chance)
        content = f"# first\neve {EVE.text}\n".encode() + line + b"\n"
        theirs = ssh_keygen_accepts(tmp_path, content, signature)
        assert bool(we_accept(content, ANNA)) is theirs, (number, line)
        accepted += theirs
    assert 10 < accepted < 150, "the mutations decide something"


def test_mutated_lists_of_revoked_keys_revoke_what_ssh_keygen_revokes(tmp_path: Path) -> None:
    """Where the list is refused, so is every signature: here and there."""
    chance = random.Random(7)
    signature = signatures.sign(MESSAGE, NAMESPACE, file_key(1))
    allowed = f"anna {ANNA.text}\n".encode()
    revoked = 0
    for number in range(150):
        content = b"# lost\n" + mutated(chance.choice([ANNA, EVE]).text.encode() + b" lost laptop", chance) + b"\n"
        try:
            ours = not parse_revoked(content).holds(ANNA)
        except StatementError:
            ours = False
        assert ours is ssh_keygen_accepts(tmp_path, allowed, signature, revoked=content), (number, content)
        revoked += not ours
    assert 10 < revoked < 145


@pytest.mark.parametrize("separator", SEPARATORS.values(), ids=SEPARATORS.keys())
def test_a_revoked_key_behind_a_foreign_separator_is_read_as_ssh_keygen_reads_it(
    tmp_path: Path, separator: str
) -> None:
    content = f"# note{separator}{ANNA.text}\n".encode()
    signature = signatures.sign(MESSAGE, NAMESPACE, file_key(1))
    theirs = ssh_keygen_accepts(tmp_path, f"anna {ANNA.text}\n".encode(), signature, revoked=content)
    assert (not parse_revoked(content).holds(ANNA)) is theirs


def signed_data(hash_name: str = "sha512") -> bytes:
    digest = hashlib.new(hash_name, MESSAGE).digest()
    return b"SSHSIG" + string(NAMESPACE.encode()) + string(b"") + string(hash_name.encode()) + string(digest)


def mpint(value: int) -> bytes:
    return string(value.to_bytes(value.bit_length() // 8 + 1, "big"))


def rsa_signed(algorithm: str, bits: int = 2048) -> Signature:
    private = rsa.generate_private_key(65537, bits)
    numbers = private.public_key().public_numbers()
    blob = string(b"ssh-rsa") + mpint(numbers.e) + mpint(numbers.n)
    hashing = {"rsa-sha2-512": hashes.SHA512(), "rsa-sha2-256": hashes.SHA256(), "ssh-rsa": hashes.SHA1()}[algorithm]
    raw = private.sign(signed_data(), padding.PKCS1v15(), hashing)
    return Signature(PublicKey.from_blob(blob), NAMESPACE, "sha512", algorithm, string(raw))


def ecdsa_signed(name: str, curve: ec.EllipticCurve, hashing: hashes.HashAlgorithm) -> Signature:
    private = ec.generate_private_key(curve)
    point = private.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    kind = f"ecdsa-sha2-{name}"
    r, s = decode_dss_signature(private.sign(signed_data(), ec.ECDSA(hashing)))
    blob = string(kind.encode()) + string(name.encode()) + string(point)
    return Signature(PublicKey.from_blob(blob), NAMESPACE, "sha512", kind, string(mpint(r) + mpint(s)))


def token_signed(kind: str) -> Signature:
    """What a FIDO token makes, made in software. (PROTOCOL.u2f)"""
    flags, counter = b"\x01", (7).to_bytes(4, "big")
    data = hashlib.sha256(b"ssh:").digest() + flags + counter + hashlib.sha256(signed_data()).digest()
    if kind == SK_ED25519:
        token = ed25519.Ed25519PrivateKey.generate()
        public = string(token.public_key().public_bytes_raw())
        raw = token.sign(data)
    else:
        private = ec.generate_private_key(ec.SECP256R1())
        point = private.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        public = string(b"nistp256") + string(point)
        r, s = decode_dss_signature(private.sign(data, ec.ECDSA(hashes.SHA256())))
        raw = mpint(r) + mpint(s)
    key = PublicKey.from_blob(string(kind.encode()) + public + string(b"ssh:"))
    return Signature(key, NAMESPACE, "sha512", kind, string(raw) + flags + counter)


MADE: dict[str, Callable[[], Signature]] = {
    "rsa-sha2-512": lambda: rsa_signed("rsa-sha2-512"),
    "rsa-sha2-256": lambda: rsa_signed("rsa-sha2-256"),
    "ssh-rsa (SHA-1)": lambda: rsa_signed("ssh-rsa"),
    "nistp256": lambda: ecdsa_signed("nistp256", ec.SECP256R1(), hashes.SHA256()),
    "nistp384": lambda: ecdsa_signed("nistp384", ec.SECP384R1(), hashes.SHA384()),
    "nistp521": lambda: ecdsa_signed("nistp521", ec.SECP521R1(), hashes.SHA512()),
    "token ed25519": lambda: token_signed(SK_ED25519),
    "token ecdsa": lambda: token_signed(SK_ECDSA),
}


def holds(content: bytes) -> bool:
    try:
        signatures.parse(content).check(MESSAGE, NAMESPACE)
    except BadSignature:
        return False
    return True


@pytest.mark.parametrize("make", MADE.values(), ids=MADE.keys())
def test_signatures_of_every_kind_of_key_are_judged_as_ssh_keygen_judges_them(
    tmp_path: Path, make: Callable[[], Signature]
) -> None:
    made = make()
    allowed = f"anna {made.public_key.text}\n".encode()
    whole = signatures.armoured(made)
    assert holds(whole) is ssh_keygen_accepts(tmp_path, allowed, whole)
    blob = made.blob
    for at in (4, len(blob) // 2, len(blob) - 1):
        flipped = blob[:at] + bytes([blob[at] ^ 1]) + blob[at + 1 :]
        broken = Signature(made.public_key, NAMESPACE, "sha512", made.algorithm, flipped)
        content = signatures.armoured(broken)
        assert not holds(content)
        assert not ssh_keygen_accepts(tmp_path, allowed, content)


def test_mutated_signature_files_never_hold_where_ssh_keygen_refuses_them(tmp_path: Path) -> None:
    """The other way round they may: of one signature there is one spelling here."""
    chance = random.Random(11)
    whole = signatures.sign(MESSAGE, NAMESPACE, file_key(1))
    allowed = f"anna {ANNA.text}\n".encode()
    for _ in range(40):
        content = bytearray(base64.b64decode(b"".join(whole.split(b"\n")[1:-2])))
        content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
        text = base64.b64encode(bytes(content)).decode()
        lines = "\n".join(text[at : at + 70] for at in range(0, len(text), 70))
        armoured = f"-----BEGIN SSH SIGNATURE-----\n{lines}\n-----END SSH SIGNATURE-----\n".encode()
        assert not holds(armoured)
        assert not ssh_keygen_accepts(tmp_path, allowed, armoured)


def test_a_certificate_is_a_kind_that_is_not_checked_here() -> None:
    kind = b"ssh-ed25519-cert-v01@openssh.com"
    made = Signature(
        PublicKey(string(kind) + b"\0" * 40, kind.decode()), NAMESPACE, "sha512", "ssh-ed25519", b"\0" * 68
    )
    with pytest.raises(UnsupportedSignature, match="not checked here"):
        made.check(MESSAGE, NAMESPACE)
