"""What was taken back does not count: signers' keys by a KRL or a list, authorities' certificates by a CRL."""

from __future__ import annotations

import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization

from archive.errors import StatementError
from archive.trust.anchors import Anchors, load_anchors
from archive.trust.revoked import parse_revoked
from archive.verify.findings import Severity, State
from archive.verify.when import answer_when
from archive.verify.who import answer_who
from tests.world.sealed_bag import SealedBag, file_key, make_sealed_bag
from tests.world.time_authority import NEEDS_SSH_KEYGEN, NOW, SSH_KEYGEN, Chain, pem

ANNA, OMAR = file_key(1), file_key(2)
BEFORE, AFTER = NOW - timedelta(days=1), NOW + timedelta(days=1)
R = x509.ReasonFlags


@pytest.fixture
def sealed(tmp_path: Path) -> SealedBag:
    return make_sealed_bag(tmp_path / "R1")


def trust(folder: Path, chain: Chain | None = None, **files: bytes) -> Anchors:
    (folder / "tsa").mkdir(parents=True)
    lines = (f"{name}@ngo.example {key.public_key.text}\n" for name, key in (("anna", ANNA), ("omar", OMAR)))
    (folder / "allowed_signers").write_text("".join(lines))
    if chain:
        (folder / "tsa" / "root.pem").write_bytes(chain.root_pem)
    for name, content in files.items():
        (folder / name.replace("__", "/").replace("_crl", ".crl")).write_bytes(content)
    return load_anchors(folder)


def krl(folder: Path, *lines: str, spec: bool = False) -> bytes:
    if SSH_KEYGEN is None:
        pytest.skip(NEEDS_SSH_KEYGEN)
    (folder / "keys").write_text("".join(f"{line}\n" for line in lines))
    subprocess.run([SSH_KEYGEN, "-q", "-k", "-f", folder / "krl", folder / "keys"], check=True, capture_output=True)
    return (folder / "krl").read_bytes()


def told(findings: list) -> list[tuple[str, Severity]]:  # type: ignore[type-arg]
    return [(finding.code, finding.severity) for finding in findings]


def test_a_revoked_key_is_not_believed_whatever_the_file_is(sealed: SealedBag, tmp_path: Path) -> None:
    sealed.sign(ANNA)
    text = ANNA.public_key.text
    every = {
        "a list": f"# lost in May\n\n{text} a comment\n".encode(),
        "keys": krl(tmp_path, f"{text} a comment"),
        "sha1": krl(tmp_path, f"sha1: {text}"),
        "sha256": krl(tmp_path, f"sha256: {text}"),
        "hash": krl(tmp_path, f"hash: {ANNA.public_key.fingerprint}"),
    }
    for name, content in every.items():
        anchors = trust(tmp_path / f"trust {name}", revoked_keys=content)
        answer, findings = answer_who(sealed.folder, sealed.facts, anchors, NOW)
        assert answer.state is State.FAILED, name
        assert told(findings) == [("signer-revoked", Severity.ERROR)]
        assert findings[0].note == f"anna@ngo.example: {ANNA.public_key.fingerprint} was revoked"


def test_ssh_keygen_judges_alike(sealed: SealedBag, tmp_path: Path) -> None:
    name = sealed.sign(ANNA)
    content = krl(tmp_path, ANNA.public_key.text)
    trust(tmp_path / "trust", revoked_keys=content)
    asked = f"-Y verify -f {tmp_path}/trust/allowed_signers -I anna@ngo.example -n archive-bag".split()
    given = [*asked, "-s", str(sealed.folder / name)]
    for more, is_good in (([], True), (["-r", str(tmp_path / "trust" / "revoked_keys")], False)):
        done = subprocess.run(
            [str(SSH_KEYGEN), *given, *more], input=(sealed.folder / "seal.json").read_bytes(), capture_output=True
        )
        assert (done.returncode == 0) is is_good, done.stderr


def test_another_signer_counts_beside_a_revoked_one(sealed: SealedBag, tmp_path: Path) -> None:
    sealed.sign(ANNA)
    sealed.sign(OMAR)
    anchors = trust(tmp_path / "trust", revoked_keys=ANNA.public_key.text.encode())
    answer, findings = answer_who(sealed.folder, sealed.facts, anchors, NOW)
    assert answer.state is State.PASSED
    assert "anna" not in (answer.why or "")
    assert told(findings) == [("signer-revoked", Severity.WARNING)]


def test_a_key_that_is_in_no_list_is_untouched(sealed: SealedBag, tmp_path: Path) -> None:
    sealed.sign(ANNA)
    for number, content in enumerate((b"", b"# nobody\n", krl(tmp_path), krl(tmp_path, OMAR.public_key.text))):
        anchors = trust(tmp_path / f"trust{number}", revoked_keys=content)
        answer, findings = answer_who(sealed.folder, sealed.facts, anchors, NOW)
        assert (answer.state, findings) == (State.PASSED, [])


def test_a_broken_list_is_an_error_and_never_an_empty_one(tmp_path: Path) -> None:
    whole = krl(tmp_path, ANNA.public_key.text)
    for length in range(8, len(whole)):
        if length != 44:  # the head alone is a list of nobody
            with pytest.raises(StatementError, match="revoked keys"):
                parse_revoked(whole[:length])
    for content in (b"ssh-ed25519 AAAA\n", b"not a key\n", whole[:11] + b"\2" + whole[12:], whole + b"\x09\0\0\0\0"):
        with pytest.raises(StatementError, match="revoked keys"):
            parse_revoked(content)


def crl(
    chain: Chain,
    serial: int,
    since: datetime,
    reason: x509.ReasonFlags | None = None,
    *,
    by_root: bool = False,
    name: x509.Name | None = None,
    form: serialization.Encoding = serialization.Encoding.PEM,
) -> bytes:
    entry = x509.RevokedCertificateBuilder().serial_number(serial).revocation_date(since)
    if reason:
        entry = entry.add_extension(x509.CRLReason(reason), critical=False)
    issuer, key = (chain.root, chain.root_key) if by_root else (chain.issuing, chain.issuing_key)
    builder = x509.CertificateRevocationListBuilder().issuer_name(name or issuer.subject)
    builder = builder.last_update(NOW).next_update(AFTER).add_revoked_certificate(entry.build())
    return builder.sign(key, hashes.SHA256()).public_bytes(form)


def asked(sealed: SealedBag, folder: Path, chain: Chain, content: bytes) -> tuple[State, list[tuple[str, Severity]]]:
    answer, findings = answer_when(sealed.folder, sealed.facts, trust(folder, chain, tsa__a_crl=content), NOW)
    return answer.state, told(findings)


@pytest.mark.parametrize(
    ("since", "reason", "counts"),
    [
        (BEFORE, R.superseded, False),
        (AFTER, R.superseded, True),
        (AFTER, R.cessation_of_operation, True),
        (AFTER, R.affiliation_changed, True),
        (AFTER, R.unspecified, True),
        (AFTER, R.key_compromise, False),
        (AFTER, R.ca_compromise, False),
        (AFTER, None, False),
        (BEFORE, None, False),
    ],
)
def test_a_stamp_counts_by_when_and_why_its_authority_was_revoked(
    sealed: SealedBag, tmp_path: Path, chain: Chain, since: datetime, reason: x509.ReasonFlags | None, counts: bool
) -> None:
    sealed.stamp(sealed.sign(ANNA), chain)
    content = crl(chain, chain.leaf.serial_number, since, reason)
    revoked = (State.FAILED, [("stamp-authority-revoked", Severity.ERROR)])
    assert asked(sealed, tmp_path / "trust", chain, content) == ((State.PASSED, []) if counts else revoked)


def test_a_revoked_issuer_takes_its_authorities_with_it(sealed: SealedBag, tmp_path: Path, chain: Chain) -> None:
    sealed.stamp(sealed.sign(ANNA), chain)
    content = crl(chain, chain.issuing.serial_number, AFTER, by_root=True, form=serialization.Encoding.DER)
    state, codes = asked(sealed, tmp_path / "trust", chain, content)
    assert (state, codes) == (State.FAILED, [("stamp-authority-revoked", Severity.ERROR)])


def test_a_list_that_another_signed_takes_nothing_back(
    sealed: SealedBag, tmp_path: Path, chain: Chain, other_chain: Chain
) -> None:
    sealed.stamp(sealed.sign(ANNA), chain)
    serial = chain.leaf.serial_number
    strangers = (
        crl(other_chain, serial, BEFORE),  # the same names, another key
        crl(chain, serial, BEFORE, by_root=True),  # the root does not issue it
        crl(chain, serial + 1, BEFORE),
        crl(chain, serial, BEFORE, name=chain.root.subject),
    )
    for number, content in enumerate(strangers):
        assert asked(sealed, tmp_path / f"trust{number}", chain, content) == (State.PASSED, [])


def test_a_stamp_by_another_authority_counts_beside_a_revoked_one(
    sealed: SealedBag, tmp_path: Path, chain: Chain, rsa_chain: Chain
) -> None:
    name = sealed.sign(ANNA)
    sealed.stamp(name, chain)
    sealed.stamp(name, rsa_chain)
    folder = tmp_path / "trust"
    trust(folder, chain, tsa__a_crl=crl(chain, chain.leaf.serial_number, BEFORE), tsa__b=b"")
    (folder / "tsa" / "rsa.pem").write_bytes(pem(rsa_chain.root))
    answer, findings = answer_when(sealed.folder, sealed.facts, load_anchors(folder), NOW)
    assert answer.state is State.PASSED
    assert told(findings) == [("stamp-authority-revoked", Severity.WARNING)]
    assert answer.why is not None
    assert answer.why.endswith(": Loopback Time RSA says 2026-11-22T10:00:01Z")


def test_a_revoked_stamp_proves_no_time_of_signing(sealed: SealedBag, tmp_path: Path, chain: Chain) -> None:
    sealed.stamp(sealed.sign(ANNA), chain)
    anchors = trust(tmp_path / "trust", chain, tsa__a_crl=crl(chain, chain.leaf.serial_number, BEFORE))
    answer, _ = answer_who(sealed.folder, sealed.facts, anchors, datetime(2027, 1, 1, tzinfo=UTC))
    assert answer.why == f"anna@ngo.example ({ANNA.public_key.fingerprint}), time of signing unknown"


def test_a_broken_revocation_list_is_told_by_its_name(tmp_path: Path, chain: Chain) -> None:
    for number, content in enumerate((b"", b"-----BEGIN X509 CRL-----\nAAAA\n-----END X509 CRL-----\n", b"\x30\x03")):
        with pytest.raises(StatementError, match=r"a\.crl: no revocation list in PEM or DER form"):
            trust(tmp_path / str(number), chain, tsa__a_crl=content)
