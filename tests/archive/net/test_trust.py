"""Certificates that are not believed: why, what completes a chain, what a user accepts."""

from __future__ import annotations

import ssl
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, pkcs7
from cryptography.x509.oid import AuthorityInformationAccessOID, NameOID

from archive.errors import UsageProblem
from archive.net import tls
from archive.net.certificates import issuer_among, issuer_url
from archive.net.router import ConnectTo
from archive.net.trust import HostTrust
from archive_manifests.notes import note
from tests.archive.net.recorder_setup import Rig, rig
from tests.world import faulty
from tests.world.faulty import Case, FaultyServer
from tests.world.replies import Close

HELLO = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"
NOW = datetime.now(UTC)
AIA = "http://aia.example/issuer.cer"


@dataclass(frozen=True)
class Issued:
    """A certificate and its key."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey

    @property
    def der(self) -> bytes:
        return self.certificate.public_bytes(Encoding.DER)


def issue(
    name: str, issuer: Issued | None = None, *, is_ca: bool = True, aia: str | None = None, days: int = 30, host: str = ""
) -> Issued:
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer.certificate.subject if issuer else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(NOW - timedelta(days=60))
        .not_valid_after(NOW + timedelta(days=days))
        .add_extension(x509.BasicConstraints(ca=is_ca, path_length=None), critical=True)
    )
    if host:
        builder = builder.add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
    if aia is not None:
        place = x509.AccessDescription(AuthorityInformationAccessOID.CA_ISSUERS, x509.UniformResourceIdentifier(aia))
        builder = builder.add_extension(x509.AuthorityInformationAccess([place]), critical=False)
    return Issued(builder.sign((issuer.key if issuer else key), hashes.SHA256()), key)


@cache
def root() -> Issued:
    return issue("Root")


@cache
def between() -> Issued:
    return issue("Between", root())


def leaf(**more: object) -> Issued:
    given = {"issuer": between(), "is_ca": False, "aia": AIA, "host": "faulty.example"} | more
    return issue("faulty.example", **given)  # type: ignore[arg-type]


def shown(folder: Path, *chain: Issued) -> ssl.SSLContext:
    """What a server shows that has these certificates."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    pem, key = folder / "chain.pem", folder / "key.pem"
    pem.write_bytes(b"".join(each.certificate.public_bytes(Encoding.PEM) for each in chain))
    plain = serialization.NoEncryption()
    key.write_bytes(chain[0].key.private_bytes(Encoding.PEM, serialization.PrivateFormat.PKCS8, plain))
    context.load_cert_chain(pem, key)
    return context


@dataclass
class Bench:
    """A recorder, a server with a certificate, and the host at which an issuer's certificate is."""

    recorder: Rig
    server: FaultyServer

    def failure(self) -> tuple[str, str, str]:
        recorded = self.recorder.get(self.server.url())
        assert recorded.failure is not None
        return recorded.failure.stage, recorded.failure.reason, recorded.failure.message


@pytest.fixture
def bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest):  # type: ignore[no-untyped-def]
    chain, served, more = request.param
    monkeypatch.setattr(faulty, "context_for", lambda names: shown(tmp_path, *chain))
    body = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(served), served)
    (tmp_path / "root.pem").write_bytes(root().certificate.public_bytes(Encoding.PEM))
    with (
        FaultyServer(Case("plain", (HELLO,)), tls=True) as server,
        FaultyServer(Case("aia", (body, Close())), host="aia.example") as issuer,
    ):
        ways = tuple(ConnectTo.parse(way) for each in (server, issuer) for way in each.connect_to)
        with rig(tmp_path, connect_to=ways, cacerts=(tmp_path / "root.pem",), **more) as recorder:
            yield Bench(recorder, server)


FORMS = {
    "DER": between().der,
    "PEM": between().certificate.public_bytes(Encoding.PEM),
    "CMS": pkcs7.serialize_certificates([between().certificate, root().certificate], Encoding.DER),
}


@pytest.mark.parametrize("bench", [((leaf(),), served, {}) for served in FORMS.values()], ids=FORMS, indirect=True)
def test_a_certificate_that_the_server_left_out_is_fetched_and_recorded(bench: Bench) -> None:
    recorded = bench.recorder.get(bench.server.url())
    assert recorded.status == 200
    assert [oddity.code for oddity in recorded.oddities] == ["certificate-added"]
    records = {record.name: record for record in bench.recorder.records()}
    failed, fetched = (records[name] for name in recorded.earlier)
    assert failed.observed["failure"]["reason"] == "tls-intermediate"
    assert fetched.get("WARC-Target-URI") == AIA
    described = [r.observed["connection"]["tls"] for r in records.values() if r.type == "metadata" and r.observed["url"] == bench.server.url()]
    assert [each["verified"] for each in described] == [False, True]
    assert len(described[1]["added"]) == 1
    assert bench.recorder.get(bench.server.url("/following")).earlier == ()


WORTHLESS = {
    "nothing": b"",
    "no certificate": b"<html>",
    "the root itself": root().der,
    "another's intermediate": issue("Between", issue("Root")).der,
    "a certificate that is no authority": issue("Between", root(), is_ca=False).der,
}


@pytest.mark.parametrize("bench", [((leaf(),), served, {}) for served in WORTHLESS.values()], ids=WORTHLESS, indirect=True)
def test_what_does_not_complete_the_chain_is_no_reason_to_believe(bench: Bench) -> None:
    stage, reason, message = bench.failure()
    assert (stage, reason) == ("tls", "tls-intermediate")
    assert "CN=Between" in message and "--accept-certificate" in message


def test_a_self_issued_certificate_never_completes_a_chain() -> None:
    own = issue("Own root")
    issued = issue("faulty.example", own, is_ca=False, aia=AIA, host="faulty.example")
    assert issuer_among(own.der, issued.der) is None
    assert issuer_url(issued.der) == AIA
    assert issuer_url(leaf(aia="ldap://x/").der) is None
    assert issuer_url(b"no certificate") is None


FLAWS = {
    "expired": (leaf(days=-1), between()),
    "name": (leaf(host="elsewhere.example"), between()),
    "untrusted": (issue("faulty.example", is_ca=False, host="faulty.example"),),
    "intermediate": (leaf(aia=None),),
}


@pytest.mark.parametrize(
    ("kind", "bench"), [(kind, (chain, b"", {})) for kind, chain in FLAWS.items()], ids=FLAWS, indirect=["bench"]
)
def test_a_certificate_that_is_not_believed_is_called_what_it_is(kind: str, bench: Bench) -> None:
    assert bench.failure()[:2] == ("tls", f"tls-{kind}")


ACCEPTED = {"accepted_hosts": frozenset({"faulty.example"})}


@pytest.mark.parametrize(
    ("kind", "bench"), [(kind, (chain, b"", ACCEPTED)) for kind, chain in FLAWS.items()], ids=FLAWS, indirect=["bench"]
)
def test_an_accepted_certificate_is_a_condition_of_the_capture(kind: str, bench: Bench) -> None:
    recorded = bench.recorder.get(bench.server.url())
    assert (recorded.status, recorded.oddities) == (
        200,
        (note("certificate-accepted", detail=kind),),
    )
    (described,) = [r.observed["connection"]["tls"] for r in bench.recorder.records() if r.type == "metadata"]
    assert (described["verified"], described["accepted"]) == (False, kind)


@pytest.mark.parametrize(
    "bench", [((leaf(days=-1), between()), b"", {"accepted_hosts": frozenset({"other.example"})})], indirect=True
)
def test_a_certificate_is_accepted_for_the_named_host_alone(bench: Bench) -> None:
    assert bench.failure()[1] == "tls-expired"


def test_roots_are_read_when_a_host_first_speaks_tls(monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[tuple[Path, ...]] = []
    made = tls.client_context

    def counted(added: tuple[Path, ...]) -> ssl.SSLContext:
        read.append(added)
        return made(added)

    monkeypatch.setattr(tls, "client_context", counted)
    trust = HostTrust((), frozenset())
    assert read == []
    assert trust.context("a.example") is trust.context("b.example")
    assert read == [()]


def test_an_added_root_that_cannot_be_read_is_reported_at_once(tmp_path: Path) -> None:
    (tmp_path / "empty.pem").touch()
    with pytest.raises(UsageProblem, match=r"empty\.pem"):
        HostTrust((tmp_path / "empty.pem",), frozenset())
