"""RFC 3161 timestamps as values: the query, the reply, and what a reply states."""

from __future__ import annotations

import hashlib
import math
import re
import warnings
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from msgspec import Struct

from archive.errors import StatementError
from archive.timestamp import cms
from archive.timestamp.cms import BrokenToken, Reply
from archive_manifests.plain_text import one_line, plain_reason

if TYPE_CHECKING:
    from cryptography.x509 import Certificate, ObjectIdentifier
    from rfc3161_client import TimeStampResponse

LARGEST_REPLY = 1 << 16
"""Bytes. A reply with its chain takes two to eight KB."""

_CLOCKS_APART = timedelta(minutes=10)
_MALFORMED = (ValueError, TypeError, IndexError, OverflowError)
_GENERALIZED_TIME = 0x18
_TIME = re.compile(r"(\d{14})(\.\d{1,12})?Z")
_HASHES = {
    "2.16.840.1.101.3.4.2.1": "sha256",
    "2.16.840.1.101.3.4.2.2": "sha384",
    "2.16.840.1.101.3.4.2.3": "sha512",
}


class Query(Struct, frozen=True):
    """A query: a digest to be stamped, with a nonce."""

    imprint: bytes
    nonce: int | None


class Stamp(Struct, frozen=True):
    """What a reply states, after its own signature was checked. `chains` decides whether its authority is trusted."""

    time: datetime
    """UTC, as the authority says (genTime)."""
    accuracy: timedelta
    """The accuracy that the authority states; zero where it states none."""
    authority: str
    """The name in its certificate. Anyone can write any name: it counts only under a trusted root."""
    hash_name: str
    imprint: bytes
    nonce: int | None
    policy: str
    serial: int
    certificate: Certificate
    carried: tuple[Certificate, ...]
    """Every certificate in the reply, unsigned and untrusted."""
    reply: Reply

    @property
    def not_later_than(self) -> datetime:
        return self.time + self.accuracy

    @property
    def not_earlier_than(self) -> datetime:
        return self.time - self.accuracy

    def is_from_the_future(self, now: datetime) -> bool:
        """True where the stamp is later than the clock here: one of the two is wrong."""
        return self.not_earlier_than > now + _CLOCKS_APART


def make_query(data: bytes) -> bytes:
    """A query over the sha256 of `data`, with a fresh nonce, asking for the authority's certificates."""
    from rfc3161_client import HashAlgorithm, TimestampRequestBuilder

    builder = TimestampRequestBuilder().data(data).hash_algorithm(HashAlgorithm.SHA256)
    return builder.nonce(nonce=True).cert_request(cert_request=True).build().as_bytes()


def read_query(content: bytes) -> Query:
    """Read a query. Raises `StatementError`. (RFC 3161, 2.4.1)"""
    try:
        _version, imprint, *optional = cms.read(content).children
        digest = imprint.expect(cms.SEQUENCE).children[1].expect(cms.OCTET_STRING).content
    except (ValueError, IndexError) as error:
        raise StatementError(f"not a timestamp query: {plain_reason(error)}") from error
    nonces = [int.from_bytes(part.content, "big", signed=True) for part in optional if part.tag == cms.INTEGER]
    return Query(digest, nonces[0] if nonces else None)


def read_reply(content: bytes) -> Stamp:
    """Read a reply and check it against itself: signature, certificate's purpose and time. Raises `BrokenToken`."""
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.x509 import DuplicateExtension, InvalidVersion

    with warnings.catch_warnings():
        # cryptography warns the terminal of odd names, which are shown escaped.
        warnings.simplefilter("ignore")
        # It warns of a serial below one as well, and will refuse it one day. (RFC 5280, 4.1.2.2)
        warnings.filterwarnings("error", message="Parsed a serial number")
        try:
            return _read_reply(cms.take_apart(content))
        except (*_MALFORMED, UnsupportedAlgorithm, InvalidVersion, DuplicateExtension) as error:
            raise BrokenToken(f"malformed: {error}") from error
        except UserWarning as error:
            raise BrokenToken("malformed: a certificate with a serial number below one") from error


def _read_reply(reply: Reply) -> Stamp:
    from cryptography.x509 import load_der_x509_certificate

    certificate = cms.signing_certificate(reply)
    response = _decoded(cms.with_certificates(reply, reply.certificates))
    info = response.tst_info
    hash_name = _HASHES.get(info.message_imprint.hash_algorithm.dotted_string)
    if hash_name is None:
        raise BrokenToken("it stamps a digest that is too weak, or not known here")
    time, accuracy = _time(reply.info), _accuracy(response)
    _check_representable(time, accuracy)
    _check_purpose(certificate)
    _check_alive(certificate, time)
    return Stamp(
        time=time,
        accuracy=accuracy,
        authority=name_of(certificate),
        hash_name=hash_name,
        imprint=info.message_imprint.message,
        nonce=info.nonce,
        policy=info.policy.dotted_string,
        serial=info.serial_number,
        certificate=certificate,
        carried=tuple(load_der_x509_certificate(raw) for raw in reply.certificates),
        reply=reply,
    )


def _decoded(content: bytes) -> TimeStampResponse:
    from rfc3161_client import decode_timestamp_response

    try:
        return decode_timestamp_response(content)
    except ValueError as error:
        raise BrokenToken(f"not a timestamp reply: {plain_reason(error)}") from error


def _time(info: bytes) -> datetime:
    """The genTime of a TSTInfo with its fraction of a second, which rfc3161-client drops. (RFC 3161, 2.4.2)"""
    text = cms.read(info).children[4].expect(_GENERALIZED_TIME).content.decode("ascii")
    found = _TIME.fullmatch(text)
    if found is None:
        raise ValueError(f"not a time: {text!r}")
    whole = datetime.strptime(found[1], "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    return whole + timedelta(microseconds=math.ceil(float(f"0{found[2] or ''}") * 1e6))


def _accuracy(response: TimeStampResponse) -> timedelta:
    accuracy = response.tst_info.accuracy
    if accuracy is None:
        return timedelta()
    seconds, *fractions = accuracy.seconds or 0, accuracy.millis or 0, accuracy.micros or 0
    if seconds < 0 or not all(0 <= fraction <= 999 for fraction in fractions):
        raise ValueError("an accuracy that RFC 3161, 2.4.2, does not allow")
    return timedelta(seconds=seconds, milliseconds=fractions[0], microseconds=fractions[1])


def _check_representable(time: datetime, accuracy: timedelta) -> None:
    """Raise `BrokenToken` for a time whose bounds are not between the years 1 and 9999: it proves nothing."""
    try:
        bounds = (time - accuracy, time + accuracy + timedelta(seconds=1))
    except OverflowError:
        bounds = None
    if bounds is None:
        raise BrokenToken(f"it says {time:%Y-%m-%d}, give or take {accuracy.days:,} days: no time that could be judged")


def _check_purpose(certificate: Certificate) -> None:
    """The certificate is for timestamping alone, by a critical extension. (RFC 3161, 2.3)"""
    from cryptography.x509 import ExtendedKeyUsage, ExtensionNotFound
    from cryptography.x509.oid import ExtendedKeyUsageOID

    try:
        usage = certificate.extensions.get_extension_for_class(ExtendedKeyUsage)
    except ExtensionNotFound:
        raise BrokenToken("its certificate is not for timestamping (RFC 3161, 2.3)") from None
    if not usage.critical or list(usage.value) != [ExtendedKeyUsageOID.TIME_STAMPING]:
        raise BrokenToken("its certificate is not for timestamping alone (RFC 3161, 2.3)")


def _check_alive(certificate: Certificate, time: datetime) -> None:
    begin, end = certificate.not_valid_before_utc, certificate.not_valid_after_utc
    if not begin <= time <= end:
        span = f"{begin:%Y-%m-%d} to {end:%Y-%m-%d}"
        raise BrokenToken(f"stamped at {time:%Y-%m-%d}, when its certificate was not valid ({span})")


def check_covers(stamp: Stamp, data: bytes) -> None:
    """Raise `BrokenToken` unless the stamp is over these bytes."""
    if hashlib.new(stamp.hash_name, data).digest() != stamp.imprint:
        raise BrokenToken("it is over other bytes")


def check_answers(stamp: Stamp, query: Query) -> None:
    """Raise `BrokenToken` unless the stamp answers this query."""
    if stamp.imprint != query.imprint:
        raise BrokenToken("it answers a query over other bytes")
    if stamp.nonce != query.nonce:
        raise BrokenToken("it answers another query (its nonce is another)")


def name_of(certificate: Certificate) -> str:
    """A certificate's name in one line: common name, else all of the subject; its organisation where it has one."""
    from cryptography.x509.oid import NameOID

    def first(oid: ObjectIdentifier) -> str | None:
        found = certificate.subject.get_attributes_for_oid(oid)
        return str(found[0].value) if found else None

    name = first(NameOID.COMMON_NAME) or certificate.subject.rfc4514_string() or "(no name)"
    organisation = first(NameOID.ORGANIZATION_NAME)
    # Anyone can write any name into a certificate, line ends and escapes too.
    name, organisation = one_line(name), organisation and one_line(organisation)
    return name if organisation is None or organisation in name else f"{name} ({organisation})"
