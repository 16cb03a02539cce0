"""What a WACZ states of itself: `datapackage.json` and `datapackage-digest.json`, by any tool.

Read leniently, since WACZ 1.0, 1.1 and the recorders differ: a value of the wrong form becomes a `Problem`, never an
error, and everything that can be read is read. Ours are written and parsed strictly in `datapackage`.
(WACZ 1.1.1; WACZ Signing and Verification 0.1.0)
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec
from msgspec import Struct

from archive_manifests import layout
from archive_manifests.errors import StatementError
from archive_manifests.fixity import Fixity
from archive_manifests.plain_text import plain_reason
from archive_manifests.wacz_requirements import Requirement, requirements_of

DESCRIPTION = "datapackage.json"
DIGEST = "datapackage-digest.json"
SUFFIX = layout.WACZ_SUFFIX

MOST_RESOURCES = 1_000_000
_SHOWN = 200
_MOST_PROBLEMS = 1000


class StatedResource(Struct, frozen=True):
    """One file of a WACZ, as its description states it."""

    path: str
    fixity: Fixity | None
    """None where no digest is stated, or none in an algorithm that is known."""
    octets: int | None


class Description(Struct, frozen=True):
    """What `datapackage.json` states."""

    version: str | None
    software: str | None
    title: str | None
    created: str | None
    resources: tuple[StatedResource, ...]
    requires: tuple[Requirement, ...]
    problems: tuple[str, ...]
    """What is not of the form that WACZ prescribes, in a few words each."""


class SignedData(Struct, frozen=True):
    """The signature in `datapackage-digest.json`: of an unnamed key, or of the holder of a domain's certificate."""

    hash: str
    """What is signed: the text `sha256:` and hex."""
    signature: str
    """Base64."""
    created: str | None
    software: str | None
    public_key: str | None = None
    """Base64 of a SubjectPublicKeyInfo; None where a certificate vouches for the key."""
    domain: str | None = None
    domain_certificates: str | None = None
    """PEM, the signer's first."""
    time_signature: str | None = None
    """Base64 of an RFC 3161 reply over the text of `signature`."""
    time_certificates: str | None = None


class DigestStatement(Struct, frozen=True):
    """What `datapackage-digest.json` states."""

    fixity: Fixity
    """Of `datapackage.json`."""
    signed: SignedData | None
    problems: tuple[str, ...]


def parse_description(text: bytes) -> Description:
    """Read `datapackage.json`. Raises `StatementError` where it is not a JSON object with a list of resources."""
    stated = _object(text, DESCRIPTION)
    listed = stated.get("resources")
    if not isinstance(listed, list):
        raise StatementError(f"{DESCRIPTION}: no list of resources")
    if len(listed) > MOST_RESOURCES:
        raise StatementError(f"{DESCRIPTION}: {len(listed):,} resources, more than the {MOST_RESOURCES:,} looked at")
    problems: list[str] = []
    resources = [found for one in listed if (found := _resource(one, problems)) is not None]
    paths: set[str] = set()
    for resource in resources:
        if resource.path in paths:
            problems.append(f"{resource.path[:_SHOWN]} is listed twice")
        paths.add(resource.path)
    return Description(
        version=_text(stated, "wacz_version"),
        software=_text(stated, "software"),
        title=_text(stated, "title") or _text(_mapping(stated.get("metadata")), "title"),
        created=_text(stated, "created"),
        resources=tuple(resources),
        requires=requirements_of(stated),
        problems=tuple(problems[:_MOST_PROBLEMS]),
    )


def parse_digest(text: bytes) -> DigestStatement:
    """Read `datapackage-digest.json`. Raises `StatementError` where it is no JSON object that states a digest.

    It must state `path` and `hash` where it is there. (WACZ 1.1.1, 5.2.5)
    """
    stated = _object(text, DIGEST)
    problems: list[str] = []
    fixity = _digest_of(stated.get("hash"), problems)
    if stated.get("path") != DESCRIPTION:
        problems.append(f"{DIGEST}: its path is {str(stated.get('path'))[:_SHOWN]!r}, not {DESCRIPTION}")
    signed = stated.get("signedData")
    if signed is None:
        return DigestStatement(fixity, None, tuple(problems))
    found = _mapping(signed)
    digest, signature = _text(found, "hash"), _text(found, "signature")
    if digest is None or signature is None:
        problems.append("signedData states no hash or no signature")
        return DigestStatement(fixity, None, tuple(problems))
    data = SignedData(
        hash=digest,
        signature=signature,
        created=_text(found, "created"),
        software=_text(found, "software"),
        public_key=_text(found, "publicKey"),
        domain=_text(found, "domain"),
        domain_certificates=_text(found, "domainCert"),
        time_signature=_text(found, "timeSignature"),
        time_certificates=_text(found, "timestampCert"),
    )
    return DigestStatement(fixity, data, tuple(problems))


def _object(text: bytes, what: str) -> Mapping[str, Any]:
    try:
        found = msgspec.json.decode(text.removeprefix(b"\xef\xbb\xbf"))
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise StatementError(f"{what}: {plain_reason(error)}") from error
    if not isinstance(found, dict):
        raise StatementError(f"{what}: not a JSON object")
    return found


def _resource(stated: Any, problems: list[str]) -> StatedResource | None:
    found = _mapping(stated)
    path = _text(found, "path")
    if path is None:
        problems.append("a resource without a path")
        return None
    # WACZ 1.0 wrote `stats.hash` without an algorithm, and `hashing` beside it.
    stats = _mapping(found.get("stats"))
    if "hash" in found:
        fixity = _fixity(found["hash"], problems, path)
    elif "hash" in stats:
        fixity = _fixity(f"{found.get('hashing')}:{stats['hash']}", problems, path)
    else:
        fixity = None
        problems.append(f"{path[:_SHOWN]}: no digest")
    octets = found.get("bytes", stats.get("bytes"))
    is_number = isinstance(octets, int) and not isinstance(octets, bool) and octets >= 0
    return StatedResource(path, fixity, octets if is_number else None)


def _digest_of(stated: Any, problems: list[str]) -> Fixity:
    """The digest of the description; bare hex is taken for SHA-256. Raises `StatementError`."""
    try:
        return Fixity.parse(str(stated))
    except StatementError as error:
        try:
            bare = Fixity.parse(f"sha256:{stated}")
        except StatementError:
            raise StatementError(f"{DIGEST}: its hash is no digest: {str(stated)[:_SHOWN]!r}") from error
    problems.append(f"{DIGEST}: its hash names no algorithm; taken for sha256")
    return bare


def _fixity(stated: Any, problems: list[str], where: str) -> Fixity | None:
    try:
        return Fixity.parse(str(stated))
    except StatementError:
        problems.append(f"{where[:_SHOWN]}: not a digest: {str(stated)[:_SHOWN]!r}")
        return None


def _text(found: Mapping[str, Any], key: str) -> str | None:
    value = found.get(key)
    return value if isinstance(value, str) and value else None


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}
