"""What a timestamp reply is made of, and whether its signature holds together. (RFC 5652; RFC 3161, 2.4.2; RFC 5816)

Looks only at the reply itself: whether its certificate may be trusted is checked in `chains`, by roots from outside.
Unlike rfc3161-client, compares the signing-certificate attribute: a token cannot be moved to another certificate.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import TYPE_CHECKING

from msgspec import Struct

from archive_manifests.plain_text import one_line, plain_reason

if TYPE_CHECKING:
    from cryptography.x509 import Certificate

SEQUENCE = 0x30
SET = 0x31
INTEGER = 0x02
OCTET_STRING = 0x04
OBJECT_IDENTIFIER = 0x06

_MOST_CHILDREN = 1000


class MalformedDer(ValueError):
    """Bytes that are not DER; the text says where they cease to be."""


class Element(Struct, frozen=True):
    """One value: its tag byte, its content, and both with the length between them."""

    tag: int
    content: bytes
    raw: bytes

    def expect(self, tag: int) -> Element:
        if self.tag != tag:
            raise MalformedDer(f"tag {self.tag:#04x} where {tag:#04x} belongs")
        return self

    @property
    def children(self) -> list[Element]:
        found: list[Element] = []
        at = 0
        while at < len(self.content):
            if len(found) == _MOST_CHILDREN:
                raise MalformedDer(f"more than {_MOST_CHILDREN} elements in one")
            found.append(_read_at(self.content, at))
            at += len(found[-1].raw)
        return found


def read(content: bytes, tag: int = SEQUENCE) -> Element:
    """The one element that `content` is. Raises `MalformedDer` for anything before, behind or other."""
    element = _read_at(content, 0).expect(tag)
    if len(element.raw) != len(content):
        raise MalformedDer(f"{len(content) - len(element.raw)} bytes behind the end")
    return element


def encode(tag: int, content: bytes) -> bytes:
    length = len(content)
    if length < 0x80:
        return bytes([tag, length]) + content
    octets = length.to_bytes((length.bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(octets)]) + octets + content


def _read_at(content: bytes, at: int) -> Element:
    header = content[at : at + 2]
    if len(header) < 2:
        raise MalformedDer("cut off")
    tag, length, start = header[0], header[1], at + 2
    if tag & 0x1F == 0x1F:
        raise MalformedDer("a tag of several bytes, which no timestamp has")
    if length == 0x80:
        raise MalformedDer("an indefinite length: this is BER, and only DER is read (RFC 3161, 2.4.2)")
    if length > 0x80:
        count = length & 0x7F
        octets = content[start : start + count]
        if count > 4 or len(octets) < count:
            raise MalformedDer("a length of more than four bytes, or cut off")
        length, start = int.from_bytes(octets, "big"), start + count
        if octets[0] == 0 or length < 0x80:
            raise MalformedDer("a length longer than it need be: this is BER, and only DER is read (RFC 3161, 2.4.2)")
    if start + length > len(content):
        raise MalformedDer("cut off")
    return Element(tag, content[start : start + length], content[at : start + length])


_SIGNED_DATA = "1.2.840.113549.1.7.2"
_TST_INFO = "1.2.840.113549.1.9.16.1.4"
_CONTENT_TYPE = "1.2.840.113549.1.9.3"
_MESSAGE_DIGEST = "1.2.840.113549.1.9.4"
_SIGNING_CERTIFICATE = "1.2.840.113549.1.9.16.2.12"
_SIGNING_CERTIFICATE_V2 = "1.2.840.113549.1.9.16.2.47"
_PSS = "1.2.840.113549.1.1.10"
_CERTIFICATES = 0xA0
_SIGNED_ATTRIBUTES = 0xA0
_GRANTED = (0, 1)
"""`granted` and `grantedWithMods`: both come with a token. (RFC 3161, 2.4.2)"""
MOST_CERTIFICATES = 16
"""Certificates that one reply may carry. A chain has three or four; sorting a heap would take minutes."""

_HASHES = {
    "2.16.840.1.101.3.4.2.1": "sha256",
    "2.16.840.1.101.3.4.2.2": "sha384",
    "2.16.840.1.101.3.4.2.3": "sha512",
}


class BrokenToken(Exception):
    """A reply that is no timestamp, or whose signature does not hold; the text says why."""


class Reply(Struct, frozen=True):
    """A reply taken apart. Only `info` and `attributes` are covered by the signature."""

    kind: Element
    """The content type of the token."""
    parts: tuple[Element, ...]
    """Those of the SignedData. (RFC 5652, 5.1)"""
    info: bytes
    """The TSTInfo, DER."""
    certificates: tuple[bytes, ...]
    signer: Element
    """The one SignerInfo."""


def take_apart(content: bytes) -> Reply:
    """Read a TimeStampResp. Raises `BrokenToken`, also for a refusal, which carries no token."""
    try:
        top = read(content).children
        status, token = top[0].expect(SEQUENCE), top[1:]
        granted = int.from_bytes(status.children[0].expect(INTEGER).content, "big")
        if granted not in _GRANTED or len(token) != 1:
            raise BrokenToken(f"the authority refused (status {granted}{_words(status)})")
        return _open_token(token[0])
    except (ValueError, IndexError) as error:
        raise BrokenToken(f"not a timestamp reply: {plain_reason(error)}") from error


def _words(status: Element) -> str:
    texts = [text.content for part in status.children[1:2] if part.tag == SEQUENCE for text in part.children]
    return "".join(f": {one_line(text[:200].decode('utf-8', 'replace'))}" for text in texts)


def _open_token(token: Element) -> Reply:
    kind, wrapped = token.expect(SEQUENCE).children
    signed = _only_child(wrapped.expect(0xA0)).expect(SEQUENCE)
    parts = signed.children
    content_type, content = parts[2].expect(SEQUENCE).children
    if _oid(kind) != _SIGNED_DATA or _oid(content_type) != _TST_INFO or parts[0].content != b"\x03":
        raise BrokenToken("not a timestamp reply: signed data of another kind")
    certificates = tuple(one.raw for part in parts[3:] if part.tag == _CERTIFICATES for one in part.children)
    if len(certificates) > MOST_CERTIFICATES:
        raise BrokenToken(f"it carries {len(certificates)} certificates, more than the {MOST_CERTIFICATES} looked at")
    signers = parts[-1].expect(SET).children
    if len(signers) != 1:
        raise BrokenToken(f"{len(signers)} signers where a timestamp has one (RFC 3161, 2.4.2)")
    return Reply(
        kind=kind,
        parts=tuple(parts),
        info=_only_child(content.expect(0xA0)).expect(OCTET_STRING).content,
        certificates=certificates,
        signer=signers[0].expect(SEQUENCE),
    )


def with_certificates(reply: Reply, certificates: Sequence[bytes]) -> bytes:
    """The reply as strict readers take it, carrying these certificates, which no signature covers. Never stored.

    Certificates are a SET OF, sorted in DER (X.690, 11.6); `openssl ts` before 3.3 ships them as they come. The status
    is `granted` also where it was `grantedWithMods`.
    """
    version, algorithms, content, *others = reply.parts
    carried = encode(_CERTIFICATES, b"".join(sorted(certificates)))
    rest = b"".join(part.raw for part in others if part.tag != _CERTIFICATES)
    signed = encode(SEQUENCE, version.raw + algorithms.raw + content.raw + carried + rest)
    token = encode(SEQUENCE, reply.kind.raw + encode(0xA0, signed))
    return encode(SEQUENCE, encode(SEQUENCE, encode(INTEGER, b"\0")) + token)


def signing_certificate(reply: Reply) -> Certificate:
    """The certificate in the reply whose key signed it. Raises `BrokenToken` where none did, `ValueError`."""
    from cryptography.x509 import load_der_x509_certificate

    _version, name, digest_algorithm, attributes, algorithm, signature, *_ = reply.signer.children
    digest_name = _hash_of(digest_algorithm)
    signed_attributes = _attributes(attributes.expect(_SIGNED_ATTRIBUTES))
    issuer, serial = name.expect(SEQUENCE).children
    _check_attributes(signed_attributes, reply.info, digest_name)
    for raw in reply.certificates:
        found = load_der_x509_certificate(raw)
        is_named = found.serial_number == int.from_bytes(serial.content, "big", signed=True)
        if is_named and found.issuer.public_bytes() == issuer.raw:
            _check_bound(signed_attributes, raw)
            signed = encode(SET, attributes.content)  # signed as a SET, sent as [0] (RFC 5652, 5.4)
            _check_signature(found, algorithm, digest_name, signature.expect(OCTET_STRING).content, signed)
            return found
    raise BrokenToken("it does not carry the certificate that signed it")


def _attributes(attributes: Element) -> dict[str, Element]:
    signed_attributes: dict[str, Element] = {}
    for attribute in attributes.children:
        kind, values = attribute.expect(SEQUENCE).children
        if _oid(kind) in signed_attributes:
            raise MalformedDer("a signed attribute twice")
        signed_attributes[_oid(kind)] = _only_child(values.expect(SET))
    return signed_attributes


def _check_attributes(signed_attributes: dict[str, Element], info: bytes, digest_name: str) -> None:
    if _CONTENT_TYPE not in signed_attributes or _oid(signed_attributes[_CONTENT_TYPE]) != _TST_INFO:
        raise BrokenToken("its signature is over something that is no timestamp")
    digest = signed_attributes.get(_MESSAGE_DIGEST)
    if digest is None or digest.expect(OCTET_STRING).content != hashlib.new(digest_name, info).digest():
        raise BrokenToken("its signature is over another timestamp")


def _check_bound(signed_attributes: dict[str, Element], certificate: bytes) -> None:
    """The attribute that names the signing certificate by its digest must name this one. (RFC 5816, 2.2.1)"""
    if (second := signed_attributes.get(_SIGNING_CERTIFICATE_V2)) is not None:
        parts = second.children[0].children[0].children
        named = parts[0].tag == SEQUENCE
        algorithm, digest = (_hash_of(parts[0]), parts[1]) if named else ("sha256", parts[0])
    elif (first := signed_attributes.get(_SIGNING_CERTIFICATE)) is not None:
        algorithm, digest = "sha1", first.children[0].children[0].children[0]
    else:
        raise BrokenToken("its signature does not name its certificate (RFC 3161, 2.4.2)")
    found = hashlib.new(algorithm, certificate, usedforsecurity=False).digest()
    if digest.expect(OCTET_STRING).content != found:
        raise BrokenToken("its signature names another certificate")


def _check_signature(
    certificate: Certificate, algorithm: Element, digest: str, signature: bytes, signed: bytes
) -> None:
    from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa

    known: dict[str, hashes.HashAlgorithm] = {
        "sha256": hashes.SHA256(),
        "sha384": hashes.SHA384(),
        "sha512": hashes.SHA512(),
    }
    hash_algorithm = known[digest]
    key = certificate.public_key()
    try:
        if isinstance(key, rsa.RSAPublicKey):
            if _oid(algorithm.children[0]) == _PSS:
                pss = padding.PSS(padding.MGF1(hash_algorithm), padding.PSS.AUTO)
                key.verify(signature, signed, pss, hash_algorithm)
            else:
                key.verify(signature, signed, padding.PKCS1v15(), hash_algorithm)
        elif isinstance(key, ec.EllipticCurvePublicKey):
            key.verify(signature, signed, ec.ECDSA(hash_algorithm))
        elif isinstance(key, ed25519.Ed25519PublicKey):
            key.verify(signature, signed)
        else:
            raise BrokenToken(f"a {type(key).__name__}, which is not checked here; `openssl ts -verify` may")
    except (InvalidSignature, UnsupportedAlgorithm) as error:
        raise BrokenToken("the certificate's key did not sign it") from error


def _hash_of(algorithm: Element) -> str:
    oid = _oid(algorithm.expect(SEQUENCE).children[0])
    if oid not in _HASHES:
        raise BrokenToken(f"the hash {oid} is too weak, or not known here")
    return _HASHES[oid]


def _only_child(element: Element) -> Element:
    children = element.children
    if len(children) != 1:
        raise MalformedDer(f"{len(children)} elements where one belongs")
    return children[0]


def _oid(element: Element) -> str:
    content = element.expect(OBJECT_IDENTIFIER).content
    arcs, value = [], 0
    for octet in content:
        value = value << 7 | octet & 0x7F
        if not octet & 0x80:
            arcs.append(value)
            value = 0
    if not arcs or content[-1] & 0x80:
        raise MalformedDer("an object identifier that does not end")
    first = min(arcs[0] // 40, 2)
    return ".".join(str(arc) for arc in (first, arcs[0] - 40 * first, *arcs[1:]))
