"""Whether the blob of a public key is one that OpenSSH reads: every field there, and nothing behind them. (sshkey.c)"""

from __future__ import annotations

from archive.ssh.encoding import FieldReader, MalformedWire
from archive.ssh.keys import CURVES, ED25519, KINDS, RSA, SK_ECDSA, SK_ED25519, PublicKey

RSA_BITS = range(1024, 16385)
"""Sizes of a modulus that OpenSSH accepts. (sshkey.h, SSH_RSA_MINIMUM_MODULUS_SIZE; sshbuf.h, SSHBUF_MAX_BIGNUM)"""

_DSS = "ssh-dss"
_LARGEST_NUMBER = 2048
_ED25519_BYTES = 32


def check_form(key: PublicKey) -> None:
    """Raise `MalformedWire` for a blob that ssh-keygen refuses. Keys with a certificate round them are left alone."""
    reader = FieldReader(key.blob)
    kind = reader.string().decode("ascii")
    if kind in (ED25519, SK_ED25519):
        if len(reader.string()) != _ED25519_BYTES:
            raise MalformedWire("an Ed25519 key of another size")
    elif kind == RSA:
        _number(reader)
        if _number(reader).bit_length() not in RSA_BITS:
            raise MalformedWire("an RSA key of a size that OpenSSH refuses")
    elif kind == _DSS:
        for _ in range(4):
            _number(reader)
    elif kind in CURVES or kind == SK_ECDSA:
        _check_point(CURVES.get(kind, "nistp256"), reader.string(), reader.string())
    elif kind in KINDS:
        return
    else:
        raise MalformedWire(f"a key of the kind {kind[:40]!r}")
    if kind in (SK_ED25519, SK_ECDSA):
        reader.string()  # the application
    reader.end()


def _number(reader: FieldReader) -> int:
    """A number that is not negative. (RFC 4251, section 5, mpint)"""
    raw = reader.string()
    if raw[:1] >= b"\x80" or len(raw) > _LARGEST_NUMBER + (raw[:1] == b"\0"):
        raise MalformedWire("a number that is negative, or too large")
    return int.from_bytes(raw, "big")


def _check_point(expected: str, curve: bytes, point: bytes) -> None:
    from cryptography.hazmat.primitives.asymmetric import ec

    if curve != expected.encode():
        raise MalformedWire(f"the curve {curve[:20]!r}")
    curves: dict[str, ec.EllipticCurve] = {
        "nistp256": ec.SECP256R1(),
        "nistp384": ec.SECP384R1(),
        "nistp521": ec.SECP521R1(),
    }
    if point[:1] != b"\4":  # OpenSSH reads no compressed point
        raise MalformedWire("a point in another form")
    try:
        ec.EllipticCurvePublicKey.from_encoded_point(curves[expected], point)
    except ValueError as error:
        raise MalformedWire("no point of its curve") from error
