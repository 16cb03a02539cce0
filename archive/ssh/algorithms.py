"""The signature algorithms of OpenSSH: which key types sign how, and whether a signature holds.

(RFC 4253, 6.6; RFC 5656, 3.1.2; RFC 8332, 3; RFC 8709, 6; PROTOCOL.u2f, SSH U2F Signatures)
"""

from __future__ import annotations

import hashlib

from archive.ssh.encoding import FieldReader, MalformedWire
from archive.ssh.key_form import RSA_BITS
from archive.ssh.keys import CURVES, ED25519, RSA, SK_ECDSA, SK_ED25519, PublicKey, is_weak_point

_FOR = {ED25519: (ED25519,), RSA: ("rsa-sha2-512", "rsa-sha2-256"), SK_ED25519: (SK_ED25519,), SK_ECDSA: (SK_ECDSA,)}


def algorithms_for(kind: str) -> tuple[str, ...]:
    """The signature algorithms of a key type; none for a type that is not checked here."""
    return (kind,) if kind in CURVES else _FOR.get(kind, ())


def has_signed(key: PublicKey, algorithm: str, blob: bytes, data: bytes) -> bool:
    """True where the owner of `key` signed `data`. `blob` is what follows the algorithm's name in the signature."""
    from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm

    if algorithm not in algorithms_for(key.kind):
        return False
    try:
        _verify(key, algorithm, FieldReader(blob), data)
    except (InvalidSignature, UnsupportedAlgorithm, MalformedWire, ValueError):
        return False
    return True


def _verify(key: PublicKey, algorithm: str, signature: FieldReader, data: bytes) -> None:
    parts = FieldReader(key.blob)
    parts.string()
    raw = signature.string()
    if algorithm in (SK_ED25519, SK_ECDSA):
        data = _hardware_data(key.blob, signature.take(1), signature.take(4), data)
    signature.end()
    if algorithm == RSA or algorithm.startswith("rsa-"):
        _verify_rsa(parts, algorithm, raw, data)
    elif algorithm in (ED25519, SK_ED25519):
        _verify_ed25519(parts.string(), raw, data)
    else:
        _verify_ecdsa(parts.string().decode("ascii"), parts.string(), raw, data)


def _hardware_data(blob: bytes, flags: bytes, counter: bytes, data: bytes) -> bytes:
    """What a FIDO token signs in place of the message. (PROTOCOL.u2f)"""
    reader = FieldReader(blob)
    application = b""
    while not reader.is_at_end:
        application = reader.string()  # the last string of either kind of key
    return hashlib.sha256(application).digest() + flags + counter + hashlib.sha256(data).digest()


def _verify_ed25519(point: bytes, raw: bytes, data: bytes) -> None:
    """A point of small order is nobody's key: one signature of it fits every message.

    An old timestamp over such a signature could be made to speak for a bag of today.
    """
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    if is_weak_point(point):
        raise ValueError("a point of small order")
    Ed25519PublicKey.from_public_bytes(point).verify(raw, data)


def _verify_rsa(parts: FieldReader, algorithm: str, raw: bytes, data: bytes) -> None:
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import padding, rsa

    exponent, modulus = (int.from_bytes(parts.string(), "big", signed=True) for _ in range(2))
    if modulus.bit_length() not in RSA_BITS:
        raise ValueError("an RSA key of a size that OpenSSH refuses")
    hash_algorithm = hashes.SHA512() if algorithm.endswith("512") else hashes.SHA256()
    key = rsa.RSAPublicNumbers(exponent, modulus).public_key()
    key.verify(raw.rjust((modulus.bit_length() + 7) // 8, b"\0"), data, padding.PKCS1v15(), hash_algorithm)


def _verify_ecdsa(curve_name: str, point: bytes, raw: bytes, data: bytes) -> None:
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

    curves: dict[str, tuple[ec.EllipticCurve, hashes.HashAlgorithm]] = {
        "nistp256": (ec.SECP256R1(), hashes.SHA256()),
        "nistp384": (ec.SECP384R1(), hashes.SHA384()),
        "nistp521": (ec.SECP521R1(), hashes.SHA512()),
    }
    if curve_name not in curves:
        raise ValueError(f"the curve {curve_name!r}")
    curve, hash_algorithm = curves[curve_name]
    numbers = FieldReader(raw)
    r, s = (int.from_bytes(numbers.string(), "big", signed=True) for _ in range(2))
    numbers.end()
    key = ec.EllipticCurvePublicKey.from_encoded_point(curve, point)
    key.verify(encode_dss_signature(r, s), data, ec.ECDSA(hash_algorithm))
