"""A PDF with a real signature: CMS over its byte ranges, made at test time. (ISO 32000-2, 12.8.1)"""

from __future__ import annotations

import io
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import pkcs7
from cryptography.x509.oid import NameOID
from pypdf import PdfReader
from pypdf.generic import DictionaryObject

_ROOM = 4096
"""Bytes of hex in which the signature stands."""
_BEGINS = datetime(2026, 1, 1, tzinfo=UTC)


def signer() -> tuple[x509.Certificate, ec.EllipticCurvePrivateKey]:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Publisher")])
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key()).serial_number(1)
    return made.not_valid_before(_BEGINS).not_valid_after(_BEGINS + timedelta(days=3650)).sign(key, hashes.SHA256()), key


def really_signed(source: Path, *, certifies: bool = False, is_empty: bool = False) -> Path:
    """The report with a signature in an update of its own; `is_empty`: with a field that nobody has signed yet."""
    original = source.read_bytes()
    reader = PdfReader(io.BytesIO(original))
    number, root = int(reader.trailer["/Size"]), reader.trailer.raw_get("/Root")
    objects = {number: b"<</FT/Sig/T(Signature)/Type/Annot/Subtype/Widget/Rect[0 0 0 0]/F 132%s>>" % (b"" if is_empty else b"/V %d 0 R" % (number + 1))}
    if not is_empty:
        permits = b"/Reference[<</Type/SigRef/TransformMethod/DocMDP/TransformParams<</Type/TransformParams/P 1/V/1.2>>>>]" if certifies else b""
        objects[number + 1] = (
            b"<</Type/Sig/Filter/Adobe.PPKLite/SubFilter/adbe.pkcs7.detached/ByteRange[0 ********** ********** **********]"
            b"%s/Contents<%s>>>" % (permits, b"0" * _ROOM)
        )
    catalog = DictionaryObject(reader.trailer["/Root"])
    out = io.BytesIO()
    catalog.write_to_stream(out)
    more = b"/Perms<</DocMDP %d 0 R>>" % (number + 1) if certifies else b""
    more += b"/AcroForm<</Fields[%d 0 R]/SigFlags 3>>" % number
    objects[root.idnum] = out.getvalue().rstrip().removesuffix(b">>") + more + b">>"
    return _written(source, original, objects, root.idnum, max(objects) + 1, is_empty=is_empty)


def _written(source: Path, original: bytes, objects: dict[int, bytes], root: int, size: int, *, is_empty: bool) -> Path:
    body = bytearray(original if original.endswith(b"\n") else original + b"\n")
    table = b"xref\n"
    for number, content in sorted(objects.items()):
        table += b"%d 1\n%010d 00000 n\r\n" % (number, len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    start, previous = len(body), re.findall(rb"startxref\s+(\d+)", original)[-1]
    body += table + b"trailer\n<</Size %d/Root %d 0 R/Prev %s>>\nstartxref\n%d\n%%%%EOF\n" % (size, root, previous, start)
    place = source.with_name("signed.pdf")
    place.write_bytes(bytes(body) if is_empty else _signed(body))
    return place


def _signed(body: bytearray) -> bytes:
    opened = body.index(b"/Contents<") + len(b"/Contents")
    closed = opened + 2 + _ROOM
    ranges = b"[0 %-10d %-10d %-10d]" % (opened, closed, len(body) - closed)
    at = body.index(b"[0 **********")
    body[at : at + len(ranges)] = ranges
    certificate, key = signer()
    made = pkcs7.PKCS7SignatureBuilder().set_data(bytes(body[:opened] + body[closed:]))
    options = [pkcs7.PKCS7Options.DetachedSignature, pkcs7.PKCS7Options.Binary]
    signature = made.add_signer(certificate, key, hashes.SHA256()).sign(serialization.Encoding.DER, options).hex().encode()
    body[opened + 1 : opened + 1 + len(signature)] = signature
    return bytes(body)


def signature_of(content: bytes) -> tuple[bytes, bytes]:
    """The CMS of a signed PDF, and the bytes that it covers."""
    found = re.search(rb"/ByteRange\[0 (\d+) +(\d+) +(\d+) *\]", content)
    assert found is not None
    first, second, length = map(int, found.groups())
    room = bytes.fromhex(content[first + 1 : second - 1].decode())
    assert room[:2] == b"\x30\x82"  # a sequence whose length stands in the next two bytes
    return room[: 4 + int.from_bytes(room[2:4], "big")], content[:first] + content[second : second + length]
