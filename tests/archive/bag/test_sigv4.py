"""Signatures for S3: Amazon's published test suite, the examples of the S3 manual, and botocore's for odd keys."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from archive.bag.store.sigv4 import AwsKeys, SigningScope, authorization, canonical_request, encoded_path, signed_fields

KEYS = AwsKeys("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY")
SCOPE = SigningScope(datetime(2015, 8, 30, 12, 36, tzinfo=UTC), "us-east-1", "service")
FIELDS = {"Host": "example.amazonaws.com", "X-Amz-Date": "20150830T123600Z"}
UNRESERVED = "-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
TOKEN = "6e86291e8372ff2a2260956d9b8aae1d763fbf315fa00fa31553b73ebf194267"


@pytest.mark.parametrize(("path", "query", "fields", "signature"), [
    ("/", "", {}, "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"),
    ("/%E1%88%B4", "", {}, "8318018e0b0f223aa2bbf98705b62bb787dc9c0e678f255a891fd03141be5d85"),
    (f"/{UNRESERVED}", "", {}, "07ef7494c76fa4850883e2b006601f940f8a34d404d0cfa977f52a65bbf5f24f"),
    ("/", "Param1=value1", {}, "a67d582fa61cc504c4bae71f336f98b97f1ea3c7a6bfe1b6e45aec72011b9aeb"),
    ("/", "Param1=value1&Param2=value2", {}, "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500"),
    ("/", "", {"My-Header1": "value1\n  value2\n     value3"},
     "cfd34249e4b1c8d6b91ef74165d41a32e5fab3306300901bb65a51a73575eefd"),
    ("/", "", {"My-Header1": " value1", "My-Header2": ' "a   b   c"'},
     "acc3ed3afb60bb290fc8d2dd0098b9911fcaa05412b367055dee359757a9c736"),
    ("/", "", {"X-Amz-Security-Token": TOKEN}, "07ec1639c89043aa0e3e2de82b96708f198cceab042d4a97044c66dd9f74e7f8"),
])  # fmt: skip
def test_the_published_test_suite_is_signed_alike(path: str, query: str, fields: dict[str, str], signature: str) -> None:
    request = canonical_request("GET", path, query, FIELDS | fields)
    assert authorization(request, FIELDS | fields, KEYS, SCOPE).endswith(f", Signature={signature}")


def test_the_example_of_the_s3_manual_is_signed_alike() -> None:
    keys = AwsKeys("AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY")
    scope = SigningScope(datetime(2013, 5, 24, tzinfo=UTC), "us-east-1")
    fields = {"Host": "examplebucket.s3.amazonaws.com", "Range": "bytes=0-9"}
    assert signed_fields("GET", "/test.txt", fields, keys, scope)["Authorization"] == (
        "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,"
        " SignedHeaders=host;range;x-amz-content-sha256;x-amz-date,"
        " Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41"
    )


@pytest.mark.parametrize("key", ["a/b.txt", "R 1/data/صورة.jpg", "a+b&c=d?e#f%20g", "~x/(1)'*!@:,;$[]", "a//b"])
def test_odd_keys_are_encoded_and_signed_as_botocore_does(key: str) -> None:
    auth = pytest.importorskip("botocore.auth")
    from botocore.awsrequest import AWSRequest
    from botocore.credentials import Credentials

    path = encoded_path("bags", key)
    signer = auth.S3SigV4Auth(Credentials(KEYS.access_key, KEYS.secret, TOKEN), "s3", "eu-west-1")
    request = AWSRequest("HEAD", f"https://s3.eu-west-1.amazonaws.com{path}", {"X-Amz-Checksum-Mode": "ENABLED"})
    signer.add_auth(request)
    at = datetime.strptime(request.headers["X-Amz-Date"], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    fields = {"Host": "s3.eu-west-1.amazonaws.com", "X-Amz-Checksum-Mode": "ENABLED"}
    keys = AwsKeys(KEYS.access_key, KEYS.secret, TOKEN)
    ours = signed_fields("HEAD", path, fields, keys, SigningScope(at, "eu-west-1"))
    assert ours["Authorization"].rpartition("=")[2] == request.headers["Authorization"].rpartition("=")[2]
    assert KEYS.secret not in repr(keys)
    assert TOKEN not in repr(keys)
