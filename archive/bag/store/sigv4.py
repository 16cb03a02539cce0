"""Signs a request to S3 with a user's keys. (AWS IAM User Guide, "Create a signed AWS API request": version 4)"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from urllib.parse import quote

from msgspec import Struct

ALGORITHM = "AWS4-HMAC-SHA256"

NO_BODY = hashlib.sha256(b"").hexdigest()


@dataclass(frozen=True, slots=True)
class AwsKeys:
    """The keys of a user or a role. They are never stored, logged or shown."""

    access_key: str
    secret: str = field(repr=False)
    token: str | None = field(default=None, repr=False)
    """Of keys that are valid for some hours only."""


class SigningScope(Struct, frozen=True):
    """When and for what a signature is valid."""

    at: datetime
    region: str
    service: str = "s3"

    @property
    def moment(self) -> str:
        return f"{self.at.astimezone(UTC):%Y%m%dT%H%M%SZ}"

    def __str__(self) -> str:
        return f"{self.moment[:8]}/{self.region}/{self.service}/aws4_request"


def encoded_path(bucket: str, key: str) -> str:
    """The path of an object in a URL. S3 signs it as it is sent: encoded once."""
    return quote(f"/{bucket}/{key}", safe="/-_.~", encoding="utf-8", errors="surrogateescape")


def signed_fields(
    method: str, path: str, fields: Mapping[str, str], keys: AwsKeys, scope: SigningScope
) -> dict[str, str]:
    """The header fields of an S3 request without a body: those given, Host among them, and what signs them all."""
    named = {**fields, "X-Amz-Content-SHA256": NO_BODY, "X-Amz-Date": scope.moment}
    if keys.token is not None:
        named["X-Amz-Security-Token"] = keys.token
    return {**named, "Authorization": authorization(canonical_request(method, path, "", named), named, keys, scope)}


def canonical_request(method: str, path: str, query: str, fields: Mapping[str, str], body_sha256: str = NO_BODY) -> str:
    """What is signed; `path` and `query` are canonical already."""
    lowered = {name.lower(): " ".join(value.split()) for name, value in fields.items()}
    lines = [f"{name}:{lowered[name]}" for name in sorted(lowered)]
    return "\n".join([method, path, query, *lines, "", ";".join(sorted(lowered)), body_sha256])


def string_to_sign(request: str, scope: SigningScope) -> str:
    return "\n".join([ALGORITHM, scope.moment, str(scope), hashlib.sha256(request.encode()).hexdigest()])


def authorization(request: str, fields: Mapping[str, str], keys: AwsKeys, scope: SigningScope) -> str:
    """The value of the field `Authorization` for a canonical request."""
    key = f"AWS4{keys.secret}".encode()
    for part in str(scope).split("/"):
        key = hmac.digest(key, part.encode(), "sha256")
    signature = hmac.digest(key, string_to_sign(request, scope).encode(), "sha256").hex()
    names = ";".join(sorted(name.lower() for name in fields))
    return f"{ALGORITHM} Credential={keys.access_key}/{scope}, SignedHeaders={names}, Signature={signature}"
