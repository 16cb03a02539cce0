"""Who signed a WACZ, and when: checked with what the file itself carries. (WACZ Signing and Verification 0.1.0)

A signature is over the text `sha256:HEX` of `datapackage.json`, which lists a digest of everything else. It is by a key
that says nothing of who has it, or by the key of a domain's TLS certificate, with an RFC 3161 timestamp over it.
Whether to believe either is for the reader: what was found is stated with its certificate's digest.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import warnings
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct, field
from msgspec.structs import replace

from archive.timestamp import cms, token
from archive.timestamp.chains import judge_authority
from archive.timestamp.cms import BrokenToken
from archive.words.reasons import answer, reason
from archive_manifests.finding_codes import make_finding
from archive_manifests.findings import Answer, Finding, Reason, State
from archive_manifests.moments import iso
from archive_manifests.paths import BagPath
from archive_manifests.wacz import DESCRIPTION, DIGEST, DigestStatement, SignedData

if TYPE_CHECKING:
    from cryptography.x509 import Certificate

    from archive.trust.anchors import Anchors

_MOST_CERTIFICATES = 16
_PEM = "-----BEGIN CERTIFICATE-----"
_PLACE = BagPath(DIGEST)
_STAMPED_WITHIN = timedelta(minutes=10)
"""How far from the stated time a timestamp may be. (WACZ Signing and Verification 0.1.0; authsign)"""


class _Bad(Exception):
    """Why a signature does not hold."""


class _Unread(Exception):
    """Why a signature was not checked."""


class SignatureCheck(Struct, frozen=True):
    """What a signature shows."""

    signer: dict[str, object] | None = None
    """Ready for JSON: `domain` or `key`, `certificate`, `root`, `created`, `software`. None where nobody signed.

    `created` and `software` are as the file states them: the signature is over the digest of the description alone.
    """
    stamp: dict[str, object] | None = None
    """The timestamp: `not_later_than`, `authority`, `trusted`."""
    findings: list[Finding] = field(default_factory=list)
    trusted_as: str | None = None
    """The name under which the reader believes the signer."""

    @property
    def proven(self) -> datetime | None:
        """When it existed at the latest, by an authority that is trusted."""
        is_trusted = self.stamp is not None and bool(self.stamp["trusted"])
        return datetime.fromisoformat(str(self.stamp["not_later_than"])) if self.stamp and is_trusted else None

    @property
    def who(self) -> Answer:
        if self.signer is None:
            return answer(State.ABSENT, reason("wacz-not-signed"))
        facts: dict[str, object] = {"signers": [self.signer]}
        if any(one.question == "who" and one.severity == "error" for one in self.findings):
            return answer(State.FAILED, reason("signature-bad"), facts=facts)
        if any(one.code == "wacz-signature-unread" for one in self.findings):
            return answer(State.NOT_CHECKED, reason("signature-unread"), facts=facts)
        if self.trusted_as is not None:
            named = {"names": self.trusted_as, "key": self.signer.get("key") or self.signer.get("certificate") or "-"}
            then = {} if self.proven is None else {"time": iso(self.proven)}
            return answer(State.PASSED, reason("signed-by-then" if then else "signed-by", **named, **then), facts=facts)
        return answer(State.NOT_CHECKED, *_said(self.signer, self.proven), facts=facts)

    @property
    def when(self) -> Answer:
        if self.stamp is None:
            if any(one.code == "wacz-stamp-bad" for one in self.findings):
                return answer(State.FAILED, reason("timestamp-bad"))
            return answer(State.ABSENT, reason("no-timestamp"))
        if any(one.code == "wacz-signature-bad" for one in self.findings):
            return answer(State.FAILED, reason("stamped-signature-bad"))
        if any(one.code == "captured-after-stamp" for one in self.findings):
            return answer(State.FAILED, reason("records-after-stamp"), facts={"stamps": [self.stamp]})
        by = {"time": self.stamp["not_later_than"], "authority": self.stamp["authority"]}
        said = reason("not-later-than-by", **by)
        if self.stamp["trusted"]:
            proven = {"stamps": [self.stamp], "not_later_than": self.stamp["not_later_than"]}
            return answer(State.PASSED, said, facts=proven)
        return answer(State.NOT_CHECKED, reason("not-later-than-by-unknown", **by), facts={"stamps": [self.stamp]})


def _said(signer: dict[str, object], proven: datetime | None) -> tuple[Reason, Reason]:
    """That the signature holds, and what there is for the name: a certificate that leads nowhere can state any."""
    if signer.get("domain") is None:
        return reason("signature-holds"), reason("key-names-nobody", key=signer["key"])
    root, domain = signer.get("root"), signer["domain"]
    if not root:
        return reason("signature-holds"), reason("domain-not-vouched", domain=domain)
    when = {"root": root, "time": iso(proven) if proven else signer["created"]}
    chain = reason("certificate-led-to" if proven else "certificate-led-to-as-stated", **when)
    return reason("signature-of-domain-holds", domain=domain), chain


def check_signature(
    statement: DigestStatement | None,
    description: bytes,
    anchors: Anchors | None,
    now: datetime,
    *,
    created: str | None = None,
) -> SignatureCheck:
    """Check the signature in a `datapackage-digest.json` over these bytes of `datapackage.json`, at the time `now`.

    `created` is when the WACZ was made, as those bytes state it.
    """
    signed = statement.signed if statement else None
    if signed is None:
        return SignatureCheck()
    found: list[Finding] = []
    signer: dict[str, object] = {"created": signed.created, "software": signed.software, "domain": signed.domain}
    stamp = None
    if signed.time_signature is not None:
        try:
            stamp = _check_stamp(signed, anchors, now)
        except (BrokenToken, _Bad, _Unread) as error:
            found.append(make_finding("wacz-stamp-bad", _PLACE, note=str(error)))
        except _malformed():
            found.append(make_finding("wacz-stamp-bad", _PLACE, note="malformed"))
    check = SignatureCheck(signer, stamp, found)
    try:
        signer |= _check_signer(signed, description, check.proven)
    except _Bad as error:
        found.append(make_finding("wacz-signature-bad", _PLACE, note=str(error)))
    except _Unread as error:
        found.append(make_finding("wacz-signature-unread", _PLACE, note=str(error)))
    except _malformed():
        found.append(make_finding("wacz-signature-unread", _PLACE, note="a key or certificate that is malformed"))
    name = None if found or anchors is None else _trusted_name(signed, signer, anchors, check.proven)
    odd = [] if found else [*_odd_times(signed, created, stamp), *_odd_domain(signed, signer, name)]
    return replace(check, findings=[*found, *odd], trusted_as=name)


def _odd_times(signed: SignedData, created: str | None, stamp: dict[str, object] | None) -> Iterator[Finding]:
    """The time beside a signature is not signed: it can be compared with the one that is, and with the timestamp."""
    stated, described = _instant(signed.created), _instant(created)
    stamped = _instant(str(stamp["not_later_than"])) if stamp else None
    if stated is None:
        return
    others = []
    if described is not None and described != stated:
        others.append(f"{DESCRIPTION}: {created}")
    if stamped is not None and abs(stamped - stated) > _STAMPED_WITHIN:
        others.append(f"timestamp: {iso(stamped)}")
    if others:
        yield make_finding("wacz-created-differs", _PLACE, expected=", ".join(others), found=signed.created)


def _odd_domain(signed: SignedData, signer: dict[str, object], name: str | None) -> Iterator[Finding]:
    """A domain that nobody vouches for, neither a root nor the reader: whoever signs can state any."""
    if signed.domain is not None and not signer.get("root") and name is None:
        yield make_finding("wacz-domain-not-vouched", _PLACE, found=signed.domain[:200])


def _trusted_name(
    signed: SignedData, signer: dict[str, object], anchors: Anchors, proven: datetime | None
) -> str | None:
    """The name that the reader gives to this key, this certificate or this domain; None for a signer not believed.

    A domain's certificates live for weeks: one counts where a trusted timestamp proves that it signed while it led to
    a root. A key or certificate that is named itself needs neither.
    """
    for known in (signer.get("key"), signer.get("certificate")):
        if isinstance(known, str) and known in anchors.wacz_signers:
            return anchors.wacz_signers[known]
    domain = f"domain:{(signed.domain or '').lower()}"
    if domain not in anchors.wacz_signers or proven is None or signed.domain_certificates is None:
        return None
    leads_to_root = _root_of(signed, _certificates(signed.domain_certificates), proven) is not None
    return anchors.wacz_signers[domain] if leads_to_root else None


def _malformed() -> tuple[type[Exception], ...]:
    """What cryptography raises for certificates and keys that are none."""
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.x509 import DuplicateExtension, InvalidVersion

    return ValueError, TypeError, OverflowError, IndexError, UnsupportedAlgorithm, InvalidVersion, DuplicateExtension


def _check_signer(signed: SignedData, description: bytes, proven: datetime | None) -> dict[str, object]:
    expected = f"sha256:{hashlib.sha256(description).hexdigest()}"
    if signed.hash.lower() != expected:
        raise _Bad(f"it signs {signed.hash[:80]}, and {DESCRIPTION} is {expected}")
    signature = _decoded(signed.signature, "signature")
    if signed.domain_certificates is not None:
        chain = _certificates(signed.domain_certificates)
        _check_key(chain[0].public_key(), signature, signed.hash)
        return _domain_facts(signed, chain, proven or _instant(signed.created))
    if signed.public_key is None:
        raise _Unread("neither a public key nor a certificate is given")
    raw = _decoded(signed.public_key, "publicKey")
    _check_key(_public_key(raw), signature, signed.hash)
    return {"key": f"sha256:{hashlib.sha256(raw).hexdigest()}"}


def _check_key(key: object, signature: bytes, text: str) -> None:
    """The signature over the text, as recorders make it: WebCrypto gives r and s bare, others in DER."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
    from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

    data = text.encode()
    try:
        if isinstance(key, ec.EllipticCurvePublicKey):
            half = (key.key_size + 7) // 8
            if len(signature) == 2 * half:
                r, s = (int.from_bytes(part, "big") for part in (signature[:half], signature[half:]))
                signature = encode_dss_signature(r, s)
            key.verify(signature, data, ec.ECDSA(hashes.SHA256()))
        elif isinstance(key, rsa.RSAPublicKey):
            key.verify(signature, data, padding.PKCS1v15(), hashes.SHA256())
        elif isinstance(key, ed25519.Ed25519PublicKey):
            key.verify(signature, data)
        else:
            raise _Unread(f"a key of a kind that is not checked here: {type(key).__name__}")
    except InvalidSignature as error:
        raise _Bad("the key did not sign this") from error


def _domain_facts(signed: SignedData, chain: Sequence[Certificate], at: datetime | None) -> dict[str, object]:
    from cryptography.hazmat.primitives import hashes

    names = _names_of(chain[0])
    if signed.domain is None or signed.domain.lower() not in names:
        raise _Bad(f"its certificate is for {', '.join(sorted(names))[:200]}, not for {signed.domain}")
    fingerprint = chain[0].fingerprint(hashes.SHA256()).hex()
    return {"certificate": f"sha256:{fingerprint}", "root": _root_of(signed, chain, at)}


def _names_of(certificate: Certificate) -> set[str]:
    from cryptography.x509 import DNSName, ExtensionNotFound, SubjectAlternativeName
    from cryptography.x509.oid import NameOID

    names = {str(one.value).lower() for one in certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)}
    try:
        stated = certificate.extensions.get_extension_for_class(SubjectAlternativeName)
    except (ExtensionNotFound, ValueError):
        return names
    return names | {name.lower() for name in stated.value.get_values_for_type(DNSName)}


def _root_of(signed: SignedData, chain: Sequence[Certificate], at: datetime | None) -> str | None:
    """The TLS root on this machine's list to which the chain led at a time; None where it led to none."""
    import certifi
    from cryptography.x509 import DNSName, load_pem_x509_certificates
    from cryptography.x509.verification import PolicyBuilder, Store, VerificationError

    if at is None:
        return None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # one root has a serial number that RFC 5280 does not allow
        roots = load_pem_x509_certificates(Path(certifi.where()).read_bytes())
    try:
        builder = PolicyBuilder().store(Store(roots)).time(at)
        verifier = builder.build_server_verifier(DNSName(signed.domain or ""))
        return token.name_of(verifier.verify(chain[0], list(chain[1:]))[-1])
    except (VerificationError, ValueError, OverflowError):
        return None


def _check_stamp(signed: SignedData, anchors: Anchors | None, now: datetime) -> dict[str, object]:
    """The timestamp over the text of the signature; its authority's certificates are given beside it."""
    from cryptography.hazmat.primitives.serialization import Encoding

    content = _decoded(signed.time_signature or "", "timeSignature")
    reply = cms.take_apart(content)
    if not reply.certificates and signed.time_certificates:
        given = [one.public_bytes(Encoding.DER) for one in _certificates(signed.time_certificates)]
        content = cms.with_certificates(reply, given)
    stamp = token.read_reply(content)
    token.check_covers(stamp, signed.signature.encode())
    if stamp.is_from_the_future(now):
        raise _Bad(f"{stamp.authority} says {iso(stamp.time)}, and it is {iso(now)} by the clock here")
    roots, lists = (anchors.roots, anchors.crls) if anchors else ((), ())
    authority = judge_authority(stamp, roots, lists, now)
    if authority.revoked is not None:
        raise _Bad(f"{stamp.authority}: {authority.revoked}")
    return {
        "not_later_than": iso(stamp.not_later_than),
        "authority": stamp.authority,
        "trusted": authority.is_trusted,
        "over": "signature",
    }


def _certificates(text: str) -> list[Certificate]:
    from cryptography.x509 import load_pem_x509_certificates

    if text.count(_PEM) > _MOST_CERTIFICATES:
        raise _Unread(f"more than {_MOST_CERTIFICATES} certificates")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what is odd about a certificate belongs in a finding, not on the terminal
            return load_pem_x509_certificates(text.encode())
    except ValueError as error:
        raise _Unread("certificates that cannot be read") from error


def _public_key(raw: bytes) -> object:
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.serialization import load_der_public_key

    try:
        return load_der_public_key(raw)
    except (ValueError, UnsupportedAlgorithm) as error:
        raise _Unread("a public key that cannot be read") from error


def _decoded(text: str, what: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise _Bad(f"{what} is not base64") from error


def _instant(text: str | None) -> datetime | None:
    try:
        found = datetime.fromisoformat((text or "").replace("Z", "+00:00"))
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
