"""Builds WACZ files, whole and broken, as recorders write them: small, of our own making."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

from archive.timestamp.token import make_query
from tests.world.time_authority import Chain, Way, make_reply, pem

Files = dict[str, bytes]


@dataclass(frozen=True)
class Signing:
    """How a WACZ is signed: by a bare key, or with a chain of certificates for `domain`."""

    key: ec.EllipticCurvePrivateKey
    is_raw: bool = False
    """True for r and s as WebCrypto gives them, False for DER."""
    domain: str | None = None
    chain: Chain | None = None
    time: Chain | None = None
    time_carries_certificates: bool = True


def description(files: Mapping[str, bytes], **more: Any) -> dict[str, Any]:
    resources = [
        {"name": path.rpartition("/")[2], "path": path, "hash": f"sha256:{_sha256(content)}", "bytes": len(content)}
        for path, content in files.items()
    ]
    return {
        "profile": "data-package",
        "resources": resources,
        "wacz_version": "1.1.1",
        "software": "a recorder 1.0",
        "created": "2026-11-22T10:00:00Z",
        **more,
    }


def wacz_files(warcs: Mapping[str, bytes], *, pages: list[dict[str, Any]] | None = None, **more: Any) -> Files:
    """The files of a WACZ, its description among them. `more` goes into the description."""
    lines: list[dict[str, Any]] = [{"format": "json-pages-1.0", "id": "pages", "title": "All Pages"}, *(pages or [])]
    files = {f"archive/{name}": content for name, content in warcs.items()}
    files["indexes/index.cdx"] = b""
    files["pages/pages.jsonl"] = "".join(json.dumps(line) + "\n" for line in lines).encode()
    return {**files, "datapackage.json": json.dumps(description(files, **more), indent=2).encode()}


def signed(files: Files, signing: Signing | None = None, **changes: Any) -> Files:
    """The files with a `datapackage-digest.json`; `changes` win over what belongs into its signedData."""
    digest = f"sha256:{_sha256(files['datapackage.json'])}"
    statement: dict[str, Any] = {"path": "datapackage.json", "hash": digest}
    if signing is not None:
        statement["signedData"] = _signed_data(digest, signing) | changes
    return {**files, "datapackage-digest.json": json.dumps(statement).encode()}


def _signed_data(digest: str, signing: Signing) -> dict[str, Any]:
    raw = signing.key.sign(digest.encode(), ec.ECDSA(hashes.SHA256()))
    if signing.is_raw:
        half = (signing.key.key_size + 7) // 8
        raw = b"".join(part.to_bytes(half, "big") for part in decode_dss_signature(raw))
    signature = base64.b64encode(raw).decode()
    data: dict[str, Any] = {
        "hash": digest,
        "signature": signature,
        "created": "2026-11-22T10:00:00Z",
        "software": "a recorder 1.0",
        "version": "0.1.0",
    }
    if signing.chain is None:
        public = signing.key.public_key().public_bytes(
            serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
        )
        return data | {"publicKey": base64.b64encode(public).decode()}
    data |= {"domain": signing.domain, "domainCert": pem(signing.chain.leaf, signing.chain.issuing).decode()}
    if signing.time is not None:
        way = Way() if signing.time_carries_certificates else Way(certificates=())
        reply = make_reply(make_query(signature.encode()), signing.time, way)
        data["timeSignature"] = base64.b64encode(reply).decode()
        data["timestampCert"] = pem(signing.time.leaf, signing.time.issuing).decode()
    return data


def write_wacz(place: Path, files: Mapping[str, bytes]) -> Path:
    place.write_bytes(wacz_bytes(files))
    return place


def wacz_bytes(files: Mapping[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as packed:
        for path, content in files.items():
            packed.writestr(zipfile.ZipInfo(path), content)
    return buffer.getvalue()


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
