"""Trusted lists that the reader pinned: was an authority qualified when it made a stamp? (ETSI TS 119 612, clause 5)

A list is believed because the reader put it into the trust folder, as a root is; its own signature is not checked
here. It speaks of the time up to its next update: what happened later it cannot know.
"""

from __future__ import annotations

import base64
import binascii
import contextlib
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from archive.errors import StatementError
from archive_manifests.plain_text import plain_reason

if TYPE_CHECKING:
    from cryptography.x509 import Certificate

_NAMESPACE = "{http://uri.etsi.org/02231/v2#}"
ROOT_TAG = f"{_NAMESPACE}TrustServiceStatusList"
_QUALIFIED_TIMESTAMPS = "http://uri.etsi.org/TrstSvc/Svctype/TSA/QTST"
_GRANTED = "http://uri.etsi.org/TrstSvc/TrustedList/Svcstatus/granted"
_EIDAS = datetime(2016, 7, 1, tzinfo=UTC)
"""From when on there are qualified timestamps. (Regulation (EU) No 910/2014, article 52)"""


class Qualified(StrEnum):
    """Whether a stamp was qualified when it was made."""

    YES = "yes"
    NO = "no"
    """Its authority is in a pinned list, and was not granted that status at the time."""
    NOT_KNOWN = "not-known"


class ServiceStatus(Struct, frozen=True):
    """What a service was from a moment on."""

    service_type: str
    status: str
    since: datetime

    @property
    def is_qualified(self) -> bool:
        return self.service_type == _QUALIFIED_TIMESTAMPS and self.status == _GRANTED


class Service(Struct, frozen=True):
    """One service of the list."""

    name: str
    keys: frozenset[bytes]
    """Its public keys, DER: a service is identified by its key. (5.5.3)"""
    history: tuple[ServiceStatus, ...]
    """The newest first."""

    def status_at(self, when: datetime) -> ServiceStatus | None:
        return next((one for one in self.history if one.since <= when), None)


class TrustedList(Struct, frozen=True):
    """One list, and the file it comes from."""

    file: str
    territory: str
    sequence: str
    issued: datetime
    next_update: datetime | None
    """None for a closed list, the last one of its scheme. (5.3.15)"""
    services: tuple[Service, ...]

    @property
    def text(self) -> str:
        return f"the trusted list of {self.territory}, number {self.sequence}, issued {self.issued:%Y-%m-%d}"


class Qualification(Struct, frozen=True):
    """Whether a stamp was qualified, and which list says so."""

    state: Qualified = Qualified.NOT_KNOWN
    by: TrustedList | None = None
    service: str | None = None
    ended: TrustedList | None = None
    """The newest list that names the authority, where the stamp is from after its next update."""


def qualification_at(chain: Sequence[Certificate], when: datetime, lists: Sequence[TrustedList]) -> Qualification:
    """Whether the authority of a chain was a qualified one at `when`: the newest list that can know it decides."""
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    keys = [one.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo) for one in chain]
    ended = None
    for one in sorted(lists, key=lambda one: one.issued, reverse=True):
        found = [service for service in one.services if not service.keys.isdisjoint(keys)]
        if one.next_update is not None and when > one.next_update:
            ended = ended or (one if found else None)
            continue
        states = [(service, status) for service in found if (status := service.status_at(when))]
        for service, status in states:
            if status.is_qualified and when >= _EIDAS:
                return Qualification(Qualified.YES, one, service.name)
        if found:
            return Qualification(Qualified.NO, one, found[0].name)
    return Qualification(ended=ended)


def is_trusted_list(content: bytes) -> bool:
    """True for a file that begins as a trusted list does."""
    return b"TrustServiceStatusList" in content[:4096]


def parse_trusted_list(content: bytes, file: str) -> TrustedList:
    """Read a list. Raises `StatementError`. Nothing outside it is loaded, and a DTD is refused."""
    from lxml import etree

    try:
        parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
        root = etree.fromstring(content, parser)
        if root.tag != ROOT_TAG or root.getroottree().docinfo.internalDTD is not None:
            raise ValueError("no TrustServiceStatusList, or one with a document type")
        scheme = _child(root, "SchemeInformation")
        next_update = scheme.findtext(f"{_NAMESPACE}NextUpdate/{_NAMESPACE}dateTime")
        return TrustedList(
            file=file,
            territory=_text(scheme, "SchemeTerritory"),
            sequence=_text(scheme, "TSLSequenceNumber"),
            issued=_time(_text(scheme, "ListIssueDateTime")),
            next_update=_time(next_update) if next_update else None,
            services=tuple(_services(root)),
        )
    except (etree.XMLSyntaxError, ValueError) as error:
        raise StatementError(f"{file}: no trusted list of ETSI TS 119 612 ({plain_reason(error)})") from error


def _services(root: Any) -> Iterator[Service]:
    """Every service that was ever one of timestamps; of the thousands of others nothing is needed."""
    for element in root.iter(f"{_NAMESPACE}TSPService"):
        information = _child(element, "ServiceInformation")
        instances = [information, *element.iter(f"{_NAMESPACE}ServiceHistoryInstance")]
        history = [_status(one) for one in instances]
        if any(one.service_type == _QUALIFIED_TIMESTAMPS for one in history):
            name = information.findtext(f"{_NAMESPACE}ServiceName/{_NAMESPACE}Name") or "(no name)"
            keys = frozenset(key for one in instances for key in _keys(one))
            yield Service(name.strip(), keys, tuple(sorted(history, key=lambda one: one.since, reverse=True)))


def _status(element: Any) -> ServiceStatus:
    return ServiceStatus(
        _text(element, "ServiceTypeIdentifier"),
        _text(element, "ServiceStatus"),
        _time(_text(element, "StatusStartingTime")),
    )


def _keys(element: Any) -> Iterator[bytes]:
    """The public keys of a service; one of a kind that is not known here can be no stamp's, and is left out."""
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
    from cryptography.x509 import InvalidVersion, load_der_x509_certificate

    for certificate in element.iter(f"{_NAMESPACE}X509Certificate"):
        try:
            der = base64.b64decode("".join((certificate.text or "").split()), validate=True)
        except binascii.Error as error:
            raise ValueError(f"a service's certificate cannot be read: {plain_reason(error)}") from error
        with contextlib.suppress(ValueError, TypeError, UnsupportedAlgorithm, InvalidVersion):
            key = load_der_x509_certificate(der).public_key()
            yield key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def _child(element: Any, name: str) -> Any:
    found = element.find(f"{_NAMESPACE}{name}")
    if found is None:
        raise ValueError(f"no {name}")
    return found


def _text(element: Any, name: str) -> str:
    text = " ".join((_child(element, name).text or "").split())
    if not text:
        raise ValueError(f"an empty {name}")
    return str(text)


def _time(text: str) -> datetime:
    read = datetime.fromisoformat(text.strip())
    if read.tzinfo is None:
        raise ValueError(f"a time without a zone: {text!r}")
    try:
        return read.astimezone(UTC)
    except OverflowError as error:
        raise ValueError(f"a time that no calendar has: {text!r}") from error
