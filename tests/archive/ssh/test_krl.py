"""Key revocation lists with a byte changed: what ssh-keygen refuses is refused, so that no broken list is an empty one."""

from __future__ import annotations

import os
import random
import subprocess
from pathlib import Path

import pytest

from archive.errors import StatementError
from archive.ssh import signature as signatures
from archive.ssh.encoding import string, uint32
from archive.ssh.revoked_keys import parse_revoked
from tests.world.sealed_bag import file_key
from tests.world.time_authority import NEEDS_SSH_KEYGEN, SSH_KEYGEN

ANNA, EVE, AUTHORITY = (file_key(number).public_key for number in (1, 2, 3))
MESSAGE, NAMESPACE = b"seal", "archive-bag"
CERTIFICATES = "serial: 7\nserial: 9-20\nserial: 25\nid: omar\n"
SECTION_TYPES = (*range(8), 0x20, 0x21, 0x22, 0x23, 0x39)

needs_ssh_keygen = pytest.mark.skipif(SSH_KEYGEN is None, reason=NEEDS_SSH_KEYGEN)


def made(folder: Path, text: str) -> bytes:
    """A list as ssh-keygen makes it, certificates of one authority with it."""
    (folder / "authority.pub").write_text(f"{AUTHORITY.text}\n")
    (folder / "lines").write_text(text)
    command = [str(SSH_KEYGEN), "-q", "-k", "-f", "krl", "-s", "authority.pub", "lines"]
    subprocess.run(command, cwd=folder, check=True, capture_output=True)
    return (folder / "krl").read_bytes()


def ssh_keygen_accepts(folder: Path, revoked: bytes) -> bool:
    (folder / "revoked").write_bytes(revoked)
    command = [str(SSH_KEYGEN), "-Y", "verify", "-f", "allowed", "-I", "anna", "-n", NAMESPACE, "-s", "sig"]
    done = subprocess.run(
        [*command, "-r", "revoked"], input=MESSAGE, cwd=folder, env=dict(os.environ), capture_output=True, check=False
    )
    return done.returncode == 0


def we_accept(revoked: bytes) -> bool:
    try:
        return not parse_revoked(revoked).holds(ANNA)
    except StatementError:
        return False


def changed(content: bytes, chance: random.Random, number: int) -> list[bytes]:
    """Every byte of the sections set to every section type at times, and one bit flipped at others."""
    positions = [chance.randrange(len(content)) for _ in range(number)]
    values = [chance.choice([content[at] ^ 1 << chance.randrange(8), chance.choice(SECTION_TYPES)]) for at in positions]
    return [content[:at] + bytes([value]) + content[at + 1 :] for at, value in zip(positions, values, strict=True)]


@needs_ssh_keygen
def test_a_list_with_a_byte_changed_is_judged_as_ssh_keygen_judges_it(tmp_path: Path) -> None:
    (tmp_path / "sig").write_bytes(signatures.sign(MESSAGE, NAMESPACE, file_key(1)))
    (tmp_path / "allowed").write_text(f"anna {ANNA.text}\n")
    chance, accepted, tried = random.Random(44), 0, 0
    seeds = (
        f"{ANNA.text}\n",
        f"sha1: {ANNA.text}\nhash: {EVE.fingerprint}\n",
        f"{CERTIFICATES}hash: {EVE.fingerprint}\n",
        CERTIFICATES,
    )
    for text in seeds:
        content = made(tmp_path, text)
        heads = [content[:44] + bytes([kind]) + content[45:] for kind in SECTION_TYPES if len(content) > 44]
        for one in (content, *heads, *changed(content, chance, 90)):
            theirs = ssh_keygen_accepts(tmp_path, one)
            assert we_accept(one) is theirs, (text, one)
            tried, accepted = tried + 1, accepted + theirs
    assert 40 < accepted < tried - 100, "the changes decide something"


HEAD = b"SSHKRL\n\0" + uint32(1) + bytes(24) + string(b"") + string(b"")


def section(kind: int, *parts: bytes) -> bytes:
    return bytes([kind]) + string(b"".join(parts))


@pytest.mark.parametrize(
    "sections",
    [
        section(2, string(ANNA.blob)) + section(4, string(b"key")) + string(b"signature"),
        section(255, string(b"x"), b"\1", string(b"")),
        section(255, string(b"x"), b"\0", string(b""), b"more"),
        section(255, string(b"x"), b"\0"),
        section(1, string(b""), string(b""), section(0x21, (9).to_bytes(8, "big"), (8).to_bytes(8, "big"))),
        section(1, string(b""), string(b""), section(0x20, bytes(8))),
        section(1, string(b""), string(b""), section(0x22, b"\xff" * 8, string(b"\3"))),
        section(1, string(b""), string(b""), section(0x23, string(b"a\0b"))),
        section(1, string(b""), string(b""), section(0x24)),
        section(1, string(b"\0\0\0\1\x81"), string(b"")),
        section(3, string(bytes(32))),
        section(5, string(bytes(20))),
        section(6),
    ],
)
def test_a_section_that_is_not_understood_to_its_end_makes_the_list_an_error(sections: bytes) -> None:
    with pytest.raises(StatementError, match="a broken KRL"):
        parse_revoked(HEAD + sections)


def test_sections_that_say_nothing_of_plain_keys_are_read_and_passed_over() -> None:
    parts = section(0x20, (7).to_bytes(8, "big")), section(0x22, (9).to_bytes(8, "big"), string(b"\3"))
    certificates = section(1, string(AUTHORITY.blob), string(b""), *parts, section(0x23, string(b"omar")))
    extension = section(255, string(b"x"), b"\0", string(b"y"))
    found = parse_revoked(HEAD + certificates + extension + section(2, string(ANNA.blob)))
    assert (found.holds(ANNA), found.holds(EVE)) == (True, False)


def test_a_key_in_a_list_that_ssh_keygen_cannot_read_makes_the_list_an_error() -> None:
    import base64

    blob = string(b"ssh-rsa") + string(b"\1\0\1") + string(b"\0" + b"\xff" * 128)
    for broken in (blob[:-1], blob + b"\0", string(b"ssh-rsa") + string(b"\1\0\1") + string(b"\x7f")):
        with pytest.raises(StatementError, match="revoked keys line 1"):
            parse_revoked(b"ssh-rsa " + base64.b64encode(broken) + b"\n")
