"""What was taken back does not count: signers' keys by a KRL or a list, authorities' certificates by a CRL."""

from __future__ import annotations

import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from archive.errors import StatementError
from archive.seal.sealing import Sealed, SealOrder, seal_bag
from archive.ssh.revoked_keys import parse_revoked
from archive.timestamp import cms
from archive.trust.anchors import Anchors, load_anchors
from archive.verify.seal.when import answer_when
from archive.verify.seal.who import answer_who
from archive_manifests.findings import Severity, State
from tests.world.sealed_bag import SealedBag, file_key, make_sealed_bag
from tests.world.time_authority import (
    NEEDS_SSH_KEYGEN,
    NOW,
    SSH_KEYGEN,
    Chain,
    Way,
    make_chain,
    make_reply,
    pem,
    sequence,
)

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


def observed(findings: list) -> list[tuple[str, Severity]]:  # type: ignore[type-arg]
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
        assert observed(findings) == [("signer-revoked", Severity.ERROR)]
        assert findings[0].note == f"anna@ngo.example: {ANNA.public_key.fingerprint} was revoked"


def test_ssh_keygen_judges_alike(sealed: SealedBag, tmp_path: Path) -> None:
    name = sealed.sign(ANNA)
    content = krl(tmp_path, ANNA.public_key.text)
    trust(tmp_path / "trust", revoked_keys=content)
    requested = f"-Y verify -f {tmp_path}/trust/allowed_signers -I anna@ngo.example -n archive-bag".split()
    given = [*requested, "-s", str(sealed.folder / name)]
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
    assert observed(findings) == [("signer-revoked", Severity.WARNING)]


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
    issued: datetime = NOW,
    due: datetime = AFTER,
) -> bytes:
    entry = x509.RevokedCertificateBuilder().serial_number(serial).revocation_date(since)
    if reason:
        entry = entry.add_extension(x509.CRLReason(reason), critical=False)
    issuer, key = (chain.root, chain.root_key) if by_root else (chain.issuing, chain.issuing_key)
    builder = x509.CertificateRevocationListBuilder().issuer_name(name or issuer.subject)
    builder = builder.last_update(issued).next_update(due).add_revoked_certificate(entry.build())
    return builder.sign(key, hashes.SHA256()).public_bytes(form)


def without_next(chain: Chain, content: bytes) -> bytes:
    """A list in DER without its nextUpdate, signed again by the issuing authority's EC key."""
    tbs, algorithm, _ = cms.read(content).children
    version, kind, name, issued, _due, *others = tbs.children
    shortened = sequence(*(part.raw for part in (version, kind, name, issued, *others)))
    assert isinstance(chain.issuing_key, ec.EllipticCurvePrivateKey)
    signature = chain.issuing_key.sign(shortened, ec.ECDSA(hashes.SHA256()))
    return sequence(shortened, algorithm.raw, cms.encode(0x03, b"\0" + signature))


def requested(sealed: SealedBag, folder: Path, chain: Chain, content: bytes) -> tuple[State, list[tuple[str, Severity]]]:
    answer, findings = answer_when(sealed.folder, sealed.facts, trust(folder, chain, tsa__a_crl=content), NOW)
    return answer.state, observed(findings)


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
    assert requested(sealed, tmp_path / "trust", chain, content) == ((State.PASSED, []) if counts else revoked)


def test_a_revoked_issuer_takes_its_authorities_with_it(sealed: SealedBag, tmp_path: Path, chain: Chain) -> None:
    sealed.stamp(sealed.sign(ANNA), chain)
    content = crl(chain, chain.issuing.serial_number, AFTER, by_root=True, form=serialization.Encoding.DER)
    state, codes = requested(sealed, tmp_path / "trust", chain, content)
    assert (state, codes) == (State.FAILED, [("stamp-authority-revoked", Severity.ERROR)])


def test_a_list_that_another_signed_takes_nothing_back(
    sealed: SealedBag, tmp_path: Path, chain: Chain, other_chain: Chain
) -> None:
    sealed.stamp(sealed.sign(ANNA), chain)
    serial = chain.leaf.serial_number
    unusable = [("revocation-list-unusable", Severity.WARNING)]
    strangers = (
        (crl(other_chain, serial, BEFORE), unusable),  # the same names, another key
        (crl(chain, serial, BEFORE, by_root=True), []),  # the root does not issue it
        (crl(chain, serial + 1, BEFORE), []),
        (crl(chain, serial, BEFORE, name=chain.root.subject), unusable),
    )
    for number, (content, reported) in enumerate(strangers):
        assert requested(sealed, tmp_path / f"trust{number}", chain, content) == (State.PASSED, reported)


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
    assert observed(findings) == [("stamp-authority-revoked", Severity.WARNING)]
    assert answer.why is not None
    assert answer.why.endswith(": Loopback Time RSA says 2026-11-22T10:00:01Z")


def test_a_revoked_stamp_proves_no_time_of_signing(sealed: SealedBag, tmp_path: Path, chain: Chain) -> None:
    sealed.stamp(sealed.sign(ANNA), chain)
    anchors = trust(tmp_path / "trust", chain, tsa__a_crl=crl(chain, chain.leaf.serial_number, BEFORE))
    answer, _ = answer_who(sealed.folder, sealed.facts, anchors, datetime(2027, 1, 1, tzinfo=UTC))
    assert answer.why == f"anna@ngo.example ({ANNA.public_key.fingerprint}), time of signing unknown"


def test_a_broken_revocation_list_is_reported_by_its_name(tmp_path: Path, chain: Chain) -> None:
    for number, content in enumerate((b"", b"-----BEGIN X509 CRL-----\nAAAA\n-----END X509 CRL-----\n", b"\x30\x03")):
        with pytest.raises(StatementError, match=r"a\.crl: no revocation list in PEM or DER form"):
            trust(tmp_path / str(number), chain, tsa__a_crl=content)


DER = serialization.Encoding.DER
LONG_AGO = NOW - timedelta(days=60)
LAST_MONTH = NOW - timedelta(days=30)
OVERDUE = (
    "the revocation list of CN=Loopback Time CA,O=Loopback is an old one, the next was due on 2026-10-23; get that into"
    " the trust folder"
)


def when_notified(sealed: SealedBag, folder: Path, chain: Chain, **lists: bytes) -> list[tuple[str, ...]]:
    """All findings about the time, whose answer does not depend on how old a list is."""
    files = {f"tsa__{name}_crl": content for name, content in lists.items()}
    answer, findings = answer_when(sealed.folder, sealed.facts, trust(folder, chain, **files), NOW)
    assert answer.state is State.PASSED
    assert answer.facts["not_later_than"] == "2026-11-22T10:00:01Z"
    return [(one.code, one.severity, str(one.path), one.note or "") for one in findings]


def test_a_list_whose_next_one_is_out_is_reported_once_however_many_stamps_it_concerns(
    sealed: SealedBag, tmp_path: Path, chain: Chain
) -> None:
    name = sealed.sign(ANNA)
    first = sealed.stamp(name, chain)
    sealed.stamp(name, chain)
    old = crl(chain, chain.leaf.serial_number + 1, LONG_AGO, issued=LONG_AGO, due=LAST_MONTH)
    expected = ("revocation-list-overdue", Severity.WARNING, f"R1.seal/{first}", OVERDUE)
    assert when_notified(sealed, tmp_path / "trust", chain, old=old) == [expected]


def test_a_list_is_overdue_from_the_second_after_its_next_was_due(
    sealed: SealedBag, tmp_path: Path, chain: Chain
) -> None:
    sealed.stamp(sealed.sign(ANNA), chain)
    for second, codes in ((0, []), (-1, ["revocation-list-overdue"])):
        due = NOW + timedelta(seconds=second)
        content = crl(chain, chain.leaf.serial_number + 1, LONG_AGO, issued=LONG_AGO, due=due)
        assert [one[0] for one in when_notified(sealed, tmp_path / f"trust{second}", chain, a=content)] == codes


def test_a_list_that_does_not_say_when_the_next_is_due_is_reported(sealed: SealedBag, tmp_path: Path, chain: Chain) -> None:
    name = sealed.stamp(sealed.sign(ANNA), chain)
    content = without_next(chain, crl(chain, chain.leaf.serial_number + 1, LONG_AGO, form=DER))
    note = OVERDUE.replace("was due on 2026-10-23", "is due on a day that it does not state")
    expected = ("revocation-list-overdue", Severity.WARNING, f"R1.seal/{name}", note)
    assert when_notified(sealed, tmp_path / "trust", chain, a=content) == [expected]


def test_an_old_list_beside_the_newer_one_of_its_issuer_is_reported_no_more(
    sealed: SealedBag, tmp_path: Path, chain: Chain
) -> None:
    sealed.stamp(sealed.sign(ANNA), chain)
    old = crl(chain, chain.leaf.serial_number + 1, LONG_AGO, issued=LONG_AGO, due=LAST_MONTH)
    new = crl(chain, chain.leaf.serial_number + 1, LONG_AGO)
    root = crl(chain, chain.issuing.serial_number + 1, LONG_AGO, by_root=True)
    assert when_notified(sealed, tmp_path / "trust", chain, a=new, b=old, c=root) == []


def test_an_old_list_of_another_authority_gives_no_finding(
    sealed: SealedBag, tmp_path: Path, chain: Chain, other_chain: Chain
) -> None:
    sealed.stamp(sealed.sign(ANNA), chain)
    theirs = crl(other_chain, 1, LONG_AGO, issued=LONG_AGO, due=LAST_MONTH)
    assert [one[0] for one in when_notified(sealed, tmp_path / "trust", chain, a=theirs)] == ["revocation-list-unusable"]


def test_a_list_from_after_the_end_of_what_it_is_about_is_never_overdue(sealed: SealedBag, tmp_path: Path) -> None:
    ended = make_chain(begins=LONG_AGO - timedelta(days=300), ends=LAST_MONTH)
    sealed.stamp(sealed.sign(ANNA), ended, time=LONG_AGO)
    for issued, codes in (
        (LAST_MONTH + timedelta(days=1), ["stamp-certificate-ended"]),
        (LAST_MONTH - timedelta(days=1), ["revocation-list-overdue", "stamp-certificate-ended"]),
    ):
        content = crl(ended, ended.leaf.serial_number + 1, LONG_AGO, issued=issued, due=NOW - timedelta(days=1))
        anchors = trust(tmp_path / f"trust {issued:%d}", ended, tsa__a_crl=content)
        answer, findings = answer_when(sealed.folder, sealed.facts, anchors, NOW)
        assert (answer.state, observed(findings)) == (State.PASSED, [(code, Severity.WARNING) for code in codes])


def test_an_old_list_still_takes_back_what_it_lists(sealed: SealedBag, tmp_path: Path, chain: Chain) -> None:
    sealed.stamp(sealed.sign(ANNA), chain)
    old = crl(chain, chain.leaf.serial_number, LONG_AGO, issued=LONG_AGO, due=LAST_MONTH)
    revoked = (State.FAILED, [("stamp-authority-revoked", Severity.ERROR)])
    assert requested(sealed, tmp_path / "trust", chain, old) == revoked


def brought(sealed: SealedBag, chain: Chain, anchors: Anchors) -> Sealed:
    """Sign, have the query answered elsewhere, and import the answer, all under the same trust."""
    (query,) = seal_bag(sealed.bag, sealed.folder, SealOrder((ANNA,), queue=True), anchors, None, NOW).queued
    reply = make_reply((sealed.folder / query).read_bytes(), chain, Way(time=NOW))
    return seal_bag(sealed.bag, sealed.folder, SealOrder(replies=(("answer.tsr", reply),)), anchors, None, NOW)


@pytest.mark.parametrize("roots", [True, False])
def test_signing_takes_no_stamp_of_a_revoked_authority(
    sealed: SealedBag, tmp_path: Path, chain: Chain, roots: bool
) -> None:
    content = crl(chain, chain.leaf.serial_number, BEFORE)
    done = brought(sealed, chain, trust(tmp_path / "trust", chain if roots else None, tsa__a_crl=content))
    (attempt,) = done.attempts
    assert attempt.problem == ("answer.tsr: Loopback Time: its certificate was revoked on 2026-11-21 (no reason given)")
    assert (attempt.stored, done.is_done, list(sealed.folder.glob("*.tsr"))) == (None, False, [])
    assert (done.when.state, done.when.why) == (State.ABSENT, "no timestamp; queries that wait for an answer: 1")


def test_signing_accepts_an_authority_that_no_list_revokes_and_reports_an_old_list(
    sealed: SealedBag, tmp_path: Path, chain: Chain
) -> None:
    old = crl(chain, chain.leaf.serial_number + 1, LONG_AGO, issued=LONG_AGO, due=LAST_MONTH)
    done = brought(sealed, chain, trust(tmp_path / "trust", chain, tsa__a_crl=old))
    assert [attempt.problem for attempt in done.attempts] == [None]
    assert (done.when.state, [one.note for one in done.findings]) == (State.PASSED, [OVERDUE])
