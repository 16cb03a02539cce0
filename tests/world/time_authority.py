"""A loopback RFC 3161 authority: a PKI made by `cryptography`, replies made by hand or by `openssl ts`."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from archive.timestamp import cms

OPENSSL = shutil.which("openssl")
SSH_KEYGEN = shutil.which("ssh-keygen")
NEEDS_OPENSSL = "skipped: no openssl on this machine, so the independent check of timestamps was not made"
NEEDS_SSH_KEYGEN = "skipped: no ssh-keygen on this machine, so the independent check of signatures was not made"

POLICY = "1.3.6.1.4.1.57264.2"
NOW = datetime(2026, 11, 22, 10, 0, 0, tzinfo=UTC)
TEN_YEARS = timedelta(days=3650)
Key = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey


@dataclass(frozen=True)
class Chain:
    """A root, an issuing authority below it, and the authority that stamps, each with its key."""

    root: x509.Certificate
    issuing: x509.Certificate
    leaf: x509.Certificate
    root_key: Key
    issuing_key: Key
    leaf_key: Key

    @property
    def root_pem(self) -> bytes:
        return pem(self.root)


def pem(*certificates: x509.Certificate) -> bytes:
    return b"".join(one.public_bytes(serialization.Encoding.PEM) for one in certificates)


def new_key(kind: str) -> Key:
    if kind == "rsa":
        return rsa.generate_private_key(65537, 2048)
    return ec.generate_private_key(ec.SECP256R1())


def make_chain(
    kind: str = "ec",
    name: str = "Loopback Time",
    *,
    begins: datetime = NOW - timedelta(days=365),
    ends: datetime = NOW + TEN_YEARS,
    usages: tuple[x509.ObjectIdentifier, ...] = (ExtendedKeyUsageOID.TIME_STAMPING,),
    critical: bool = True,
) -> Chain:
    """A chain whose three certificates share one span, 30 years for the root."""
    keys = [new_key(kind) for _ in range(3)]
    root = certify(f"{name} Root", keys[0], f"{name} Root", keys[0], begins, begins + timedelta(days=10950))
    issuing = certify(f"{name} CA", keys[1], f"{name} Root", keys[0], begins, ends)
    leaf = certify(name, keys[2], f"{name} CA", keys[1], begins, ends, usages=usages, critical=critical, is_ca=False)
    return Chain(root, issuing, leaf, *keys)


def certify(
    name: str,
    key: Key,
    issuer: str,
    issuer_key: Key,
    begins: datetime,
    ends: datetime,
    *,
    is_ca: bool = True,
    usages: tuple[x509.ObjectIdentifier, ...] = (),
    critical: bool = True,
) -> x509.Certificate:
    builder = (
        x509.CertificateBuilder()
        .subject_name(_named(name))
        .issuer_name(_named(issuer))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begins)
        .not_valid_after(ends)
        .add_extension(x509.BasicConstraints(ca=is_ca, path_length=None), critical=True)
        .add_extension(_key_usage(is_ca), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()), critical=False)
    )
    if usages:
        builder = builder.add_extension(x509.ExtendedKeyUsage(list(usages)), critical=critical)
    return builder.sign(issuer_key, hashes.SHA256())


def _named(name: str) -> x509.Name:
    return x509.Name(
        [x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Loopback"), x509.NameAttribute(NameOID.COMMON_NAME, name)]
    )


def _key_usage(is_ca: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not is_ca,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=is_ca,
        crl_sign=is_ca,
        encipher_only=False,
        decipher_only=False,
    )


@dataclass(frozen=True)
class Way:
    """How a reply made by hand is made: every field is a way to break it."""

    time: datetime = NOW
    accuracy: int | None = 1
    imprint: bytes | None = None
    nonce: int | None = None
    status: int = 0
    sort_certificates: bool = True
    certificates: tuple[x509.Certificate, ...] | None = None
    bound_to: bytes | None = None
    """DER of the certificate that the signing-certificate attribute names; the leaf unless given."""
    digest_over: bytes | None = None
    """What the message digest is over; the TSTInfo unless given."""
    hash_oid: str = "2.16.840.1.101.3.4.2.1"
    key: Key | None = None
    fraction: str = ""
    """Decimals of genTime's seconds, such as `.25`."""


def integer(value: int) -> bytes:
    length = value.bit_length() // 8 + 1
    return cms.encode(cms.INTEGER, value.to_bytes(length, "big", signed=True))


def oid(dotted: str) -> bytes:
    first, second, *others = (int(arc) for arc in dotted.split("."))
    content = b""
    for arc in (first * 40 + second, *others):
        septets = [arc & 0x7F]
        while arc := arc >> 7:
            septets.append(arc & 0x7F | 0x80)
        content += bytes(reversed(septets))
    return cms.encode(cms.OBJECT_IDENTIFIER, content)


def sequence(*parts: bytes) -> bytes:
    return cms.encode(cms.SEQUENCE, b"".join(parts))


def set_of(*parts: bytes, tag: int = cms.SET) -> bytes:
    return cms.encode(tag, b"".join(sorted(parts)))


def octets(content: bytes) -> bytes:
    return cms.encode(cms.OCTET_STRING, content)


_NULL = b"\x05\x00"
SHA256 = sequence(oid("2.16.840.1.101.3.4.2.1"), _NULL)


def read_nonce(query: bytes) -> tuple[bytes, int | None]:
    """(imprint, nonce) of a query."""
    from archive.timestamp.token import read_query

    found = read_query(query)
    return found.imprint, found.nonce


def make_reply(query: bytes, chain: Chain, way: Way = Way()) -> bytes:
    """A TimeStampResp made by hand, by RFC 3161 and 5816, as `way` has it."""
    if way.status:
        return sequence(sequence(integer(way.status), sequence(cms.encode(0x0C, "حدث خطأ \x1b[31m".encode()))))
    imprint, nonce = read_nonce(query)
    info = _info(way.imprint or imprint, way.nonce if way.nonce is not None else nonce, way)
    carried = [one.public_bytes(serialization.Encoding.DER) for one in _carried(chain, way)]
    certificates = b"".join(sorted(carried) if way.sort_certificates else sorted(carried, reverse=True))
    signed = sequence(
        integer(3),
        set_of(SHA256),
        sequence(oid("1.2.840.113549.1.9.16.1.4"), cms.encode(0xA0, octets(info))),
        cms.encode(0xA0, certificates),
        set_of(_signer(info, chain, way)),
    )
    token = sequence(oid("1.2.840.113549.1.7.2"), cms.encode(0xA0, signed))
    return sequence(sequence(integer(0)), token)


def _carried(chain: Chain, way: Way) -> tuple[x509.Certificate, ...]:
    return way.certificates if way.certificates is not None else (chain.leaf, chain.issuing, chain.root)


def _info(imprint: bytes, nonce: int | None, way: Way) -> bytes:
    when = cms.encode(0x18, f"{way.time:%Y%m%d%H%M%S}{way.fraction}Z".encode())
    return sequence(
        integer(1),
        oid(POLICY),
        sequence(sequence(oid(way.hash_oid), _NULL), octets(imprint)),
        integer(int(way.time.timestamp())),
        when,
        *([sequence(integer(way.accuracy))] if way.accuracy is not None else []),
        *([integer(nonce)] if nonce is not None else []),
    )


def _signer(info: bytes, chain: Chain, way: Way) -> bytes:
    leaf = chain.leaf.public_bytes(serialization.Encoding.DER)
    named = hashlib.sha256(way.bound_to or leaf).digest()
    digest = hashlib.sha256(way.digest_over or info).digest()
    attributes = [
        sequence(oid("1.2.840.113549.1.9.3"), set_of(oid("1.2.840.113549.1.9.16.1.4"))),
        sequence(oid("1.2.840.113549.1.9.4"), set_of(octets(digest))),
        sequence(oid("1.2.840.113549.1.9.16.2.47"), set_of(sequence(sequence(sequence(octets(named)))))),
    ]
    key = way.key or chain.leaf_key
    signed = set_of(*attributes)
    if isinstance(key, rsa.RSAPrivateKey):
        algorithm = sequence(oid("1.2.840.113549.1.1.1"), _NULL)
        signature = key.sign(signed, padding.PKCS1v15(), hashes.SHA256())
    else:
        algorithm = sequence(oid("1.2.840.10045.4.3.2"))
        signature = key.sign(signed, ec.ECDSA(hashes.SHA256()))
    sid = sequence(chain.leaf.issuer.public_bytes(), integer(chain.leaf.serial_number))
    return sequence(integer(1), sid, SHA256, set_of(*attributes, tag=0xA0), algorithm, octets(signature))


class OpensslAuthority:
    """Stamps by `openssl ts -reply`, at the time of the machine, with its certificates as they come."""

    def __init__(self, folder: Path, chain: Chain) -> None:
        assert OPENSSL is not None
        self._folder = folder
        self._lock = threading.Lock()
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "serial").write_text("01\n")
        (folder / "leaf.pem").write_bytes(pem(chain.leaf))
        (folder / "chain.pem").write_bytes(pem(chain.issuing, chain.root))
        (folder / "key.pem").write_bytes(
            chain.leaf_key.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
        )
        (folder / "ts.cnf").write_text(
            f"[tsa]\ndefault_tsa = t\n[t]\nserial = {folder}/serial\nsigner_cert = {folder}/leaf.pem\n"
            f"certs = {folder}/chain.pem\nsigner_key = {folder}/key.pem\nsigner_digest = sha256\n"
            f"default_policy = {POLICY}\ndigests = sha256, sha512\naccuracy = secs:1\ness_cert_id_alg = sha256\n"
        )

    def __call__(self, query: bytes) -> bytes:
        with self._lock:
            (self._folder / "query").write_bytes(query)
            command = [str(OPENSSL), "ts", "-reply", "-config", "ts.cnf", "-queryfile", "query", "-out", "reply"]
            subprocess.run(command, cwd=self._folder, check=True, capture_output=True, timeout=30)
            return (self._folder / "reply").read_bytes()


@dataclass
class Authority:
    """A running loopback authority."""

    url: str = ""
    queries: list[bytes] = field(default_factory=list)
    stopped: threading.Event = field(default_factory=threading.Event)


Answerer = Callable[[bytes], bytes]


def by_hand(chain: Chain, way: Way = Way(), **changes: Any) -> Answerer:
    return lambda query: make_reply(query, chain, replace(way, **changes))


@contextmanager
def serve(answerer: Answerer, mode: str = "plain") -> Iterator[Authority]:
    """Serve an authority on loopback, behaving as `mode` says: plain, html, error, huge, slow, drip, redirect, cut."""
    authority = Authority()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            query = self.rfile.read(int(self.headers["Content-Length"]))
            assert self.headers["Content-Type"] == "application/timestamp-query"
            authority.queries.append(query)
            _BEHAVIOURS[mode](self, lambda: answerer(query), authority.stopped)

        def do_GET(self) -> None:
            authority.queries.append(b"GET")
            self._answer(200, b"", "text/plain")

        def _answer(self, status: int, content: bytes, kind: str = "application/timestamp-reply") -> None:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    authority.url = f"http://127.0.0.1:{server.server_port}/tsa"
    try:
        yield authority
    finally:
        authority.stopped.set()
        server.shutdown()
        server.server_close()
        thread.join()


def _plain(handler: Any, reply: Callable[[], bytes], _stopped: threading.Event) -> None:
    handler._answer(200, reply())


def _html(handler: Any, _reply: Callable[[], bytes], _stopped: threading.Event) -> None:
    handler._answer(200, b"<html><body>Welcome to our time service</body></html>", "text/html; charset=utf-8")


def _error(handler: Any, _reply: Callable[[], bytes], _stopped: threading.Event) -> None:
    handler._answer(500, b"out of order", "text/plain")


def _huge(handler: Any, reply: Callable[[], bytes], _stopped: threading.Event) -> None:
    handler._answer(200, reply() + b"\0" * (1 << 20))


def _slow(handler: Any, _reply: Callable[[], bytes], stopped: threading.Event) -> None:
    stopped.wait(30)


def _drip(handler: Any, _reply: Callable[[], bytes], stopped: threading.Event) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\n")
    while not stopped.wait(0.1):
        handler.wfile.write(b"X-Still-Here: yes\r\n"[:1])
        handler.wfile.flush()


def _redirect(handler: Any, _reply: Callable[[], bytes], _stopped: threading.Event) -> None:
    handler.send_response(302)
    handler.send_header("Location", "/elsewhere")
    handler.send_header("Content-Length", "0")
    handler.end_headers()


def _cut(handler: Any, reply: Callable[[], bytes], _stopped: threading.Event) -> None:
    content = reply()
    handler.send_response(200)
    handler.send_header("Content-Type", "application/timestamp-reply")
    handler.send_header("Content-Length", str(len(content)))
    handler.end_headers()
    handler.wfile.write(content[: len(content) // 2])
    handler.close_connection = True


_BEHAVIOURS = {
    "plain": _plain,
    "html": _html,
    "error": _error,
    "huge": _huge,
    "slow": _slow,
    "drip": _drip,
    "redirect": _redirect,
    "cut": _cut,
}


def openssl_verifies(folder: Path, root: x509.Certificate, reply: bytes, data: bytes, at: datetime) -> bool:
    """What `openssl ts -verify` says of a stored reply, with the clock at `at`."""
    assert OPENSSL is not None
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in (("root.pem", pem(root)), ("reply", reply), ("data", data)):
        (folder / name).write_bytes(content)
    command = [OPENSSL, "ts", "-verify", "-in", "reply", "-data", "data", "-CAfile", "root.pem"]
    command += ["-attime", str(int(at.timestamp()))]
    return subprocess.run(command, cwd=folder, capture_output=True, timeout=30, check=False).returncode == 0


def wall_clock() -> datetime:
    return datetime.fromtimestamp(time.time(), UTC)
