"""Files that only the custody log vouches for: the page beside a seal, and who collected."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
from datetime import timedelta
from pathlib import Path

import pytest

from archive.seal.sealing import SealOrder, seal_bag
from archive.ssh.allowed_signers import parse
from archive.ssh.keys import FileKey
from archive.trust import custody_log
from archive.trust.anchors import Anchors
from archive.trust.custody_signatures import check_custody, sign_log
from archive_manifests.findings import Finding
from tests.world.sealed_bag import SealedBag, file_key, make_sealed_bag
from tests.world.time_authority import NEEDS_SSH_KEYGEN, NOW, SSH_KEYGEN

ANNA, EVE = file_key(1), file_key(9)
TRUST = Anchors(parse(f"anna {ANNA.public_key.text}\n".encode()))
LATER = NOW + timedelta(days=1)


@pytest.fixture
def sealed(tmp_path: Path) -> SealedBag:
    made = make_sealed_bag(tmp_path / "R1")
    made.sign(ANNA)
    seal_bag(made.bag, made.folder, SealOrder((ANNA,)), TRUST, None, NOW)
    return made


def checked(sealed: SealedBag, anchors: Anchors | None = TRUST) -> list[str]:
    findings: tuple[Finding, ...] = check_custody(sealed.folder, sealed.facts.log_root, anchors, LATER).findings
    return [one.code for one in findings]


def entered(sealed: SealedBag, kind: str, facts: dict[str, str]) -> custody_log.CustodyLog:
    root = sealed.facts.log_root
    event = custody_log.event(kind, LATER, "somebody says so", "done", facts=facts)
    log = custody_log.read_log(sealed.folder, root).with_event(event, root)
    custody_log.write_log(sealed.folder, log)
    return log


def forge_statement(sealed: SealedBag) -> custody_log.CustodyLog:
    """A page of somebody else's words, and an event that states its digest."""
    page = sealed.folder / "statement.html"
    page.write_text(page.read_text().replace("Shown", "Proven beyond doubt"))
    stated = hashlib.sha256(page.read_bytes()).hexdigest()
    return entered(sealed, "digital signature generation", {custody_log.STATEMENT_FACT: stated})


@pytest.mark.parametrize("anchors", [TRUST, None, Anchors()], ids=["trusting", "without trust", "trusting nobody"])
@pytest.mark.parametrize("signer", [None, EVE], ids=["unsigned", "signed by a stranger"])
def test_a_forged_page_whose_event_the_signer_of_the_seal_did_not_sign_is_reported(
    sealed: SealedBag, anchors: Anchors | None, signer: FileKey | None
) -> None:
    assert checked(sealed, anchors) == []
    log = forge_statement(sealed)
    if signer is not None:
        sign_log(sealed.folder, log, signer)
    assert checked(sealed, anchors) == ["statement-unsigned"]
    sign_log(sealed.folder, log, ANNA)
    assert checked(sealed, anchors) == []


@pytest.mark.skipif(SSH_KEYGEN is None, reason=NEEDS_SSH_KEYGEN)
def test_ssh_keygen_agrees_on_the_lines_that_were_signed(sealed: SealedBag, tmp_path: Path) -> None:
    forge_statement(sealed)
    (tmp_path / "signers").write_text(f"anna {ANNA.public_key.text}\n")
    (name,) = [path.name for path in sealed.folder.glob("custody-0001.*.sig")]
    lines = (sealed.folder / "custody.jsonl").read_bytes().splitlines(keepends=True)

    def accepts(text: bytes) -> bool:
        command = [str(SSH_KEYGEN), "-Y", "verify", "-f", str(tmp_path / "signers"), "-I", "anna", "-n", "archive-custody"]
        done = subprocess.run([*command, "-s", name], cwd=sealed.folder, input=text, capture_output=True, check=False)
        return done.returncode == 0

    assert accepts(lines[0])
    assert not accepts(b"".join(lines))


def test_a_page_that_is_no_plain_file_is_reported(sealed: SealedBag, tmp_path: Path) -> None:
    page = sealed.folder / "statement.html"
    page.rename(tmp_path / "elsewhere.html")
    page.symlink_to(tmp_path / "elsewhere.html")
    assert checked(sealed) == ["statement-altered"]
    page.unlink()
    page.mkdir()
    assert checked(sealed) == ["statement-altered"]


def test_a_record_of_who_collected_that_the_log_does_not_name_is_reported(sealed: SealedBag) -> None:
    place = sealed.folder / "identity.age"
    place.write_bytes(b"age-encryption.org/v1\nsomebody else's")
    assert checked(sealed) == ["identity-unbound"]
    entered(sealed, "encryption", {"commitment": "sha256:" + "0" * 64, custody_log.IDENTITY_FACT: "1" * 64})
    assert checked(sealed) == ["identity-unbound"]
    stated = hashlib.sha256(place.read_bytes()).hexdigest()
    entered(sealed, "encryption", {"commitment": "sha256:" + "2" * 64, custody_log.IDENTITY_FACT: stated})
    assert checked(sealed) == []


def test_an_older_log_that_names_a_record_without_its_digest_is_not_doubted(sealed: SealedBag) -> None:
    (sealed.folder / "identity.age").write_bytes(b"x")
    entered(sealed, "encryption", {"commitment": "sha256:" + "0" * 64})
    assert checked(sealed) == []


@pytest.mark.parametrize("content", [b"", b"{}\n"])
def test_a_copy_of_the_log_is_just_as_many_lines_as_its_name_says(sealed: SealedBag, content: bytes) -> None:
    shutil.copy(sealed.folder / "custody.jsonl", sealed.folder / "custody-0001.jsonl")
    assert checked(sealed) == []
    (sealed.folder / "custody-0001.jsonl").write_bytes(content)
    assert checked(sealed) == ["custody-broken"]
