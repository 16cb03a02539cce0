"""Corners of what is stated: other kinds of JSON, ends of files, odd hosts and paths in keys."""

from __future__ import annotations

import json

import pytest

from archive_manifests import canonical, custody, profiles, receipt, schemas, source_toml, surt
from archive_manifests.errors import StatementError
from archive_manifests.moments import moment
from archive_manifests.paths import BagPath
from archive_manifests.premis import premis_xml
from tests.archive.verify import evidence_bag
from tests.fuzz.seeds import receipt as a_receipt


@pytest.mark.parametrize("text", [b"{", b"\xff", b"[" * 100_000])
def test_what_is_no_json_is_not_in_our_spelling(text: bytes) -> None:
    assert (canonical.is_document(text), canonical.is_line(text)) == (False, False)


def test_our_spelling_of_a_document_and_of_a_line() -> None:
    assert canonical.is_document(canonical.document({"a": [1]}).encode())
    assert canonical.is_line(canonical.line({"a": [1]}).encode())
    assert not canonical.is_line(b'{"a": [1]}\n')
    assert not canonical.is_document(b'{"a":[1]}\n')


def test_a_line_of_events_without_its_end_is_none() -> None:
    with pytest.raises(StatementError, match="events line 7: no LF at its end"):
        custody.parse_line(b"{}", 7)


@pytest.mark.parametrize("name", ["a b", "-a", "a/../b", "a.", "", "ج"])
def test_a_name_that_is_not_safe_everywhere_is_none_of_ours(name: str) -> None:
    with pytest.raises(StatementError, match="not a name for our bags"):
        BagPath.ours(name)


def test_a_moment_that_is_none_says_what_one_is() -> None:
    assert moment("2026-11-22T12:00:00+02:00") == "2026-11-22T10:00:00Z"
    for text, observed in {"soon": "is no time", "2026-11-22T10:00:00": "has no zone"}.items():
        with pytest.raises(ValueError, match=observed):
            moment(text)


def test_an_event_without_detail_has_none_in_premis() -> None:
    text = premis_xml(evidence_bag.ledger(), evidence_bag.events(), [])
    assert text.count("<eventType>") == 2
    assert "<eventDetail>" not in text


def test_a_profile_is_a_table_of_facts() -> None:
    profile = profiles.load(profiles.names()[0])
    assert profiles.as_table(profile)["id"] == profile.id


def test_a_receipt_is_read_in_its_one_spelling_alone() -> None:
    text = a_receipt()
    assert receipt.document(receipt.parse(text)) == text
    with pytest.raises(StatementError, match="not in its one spelling"):
        receipt.parse(json.dumps(json.loads(text)).encode())
    with pytest.raises(StatementError, match="is not known here"):
        receipt.parse(text.replace(b"archive.receipt/1", b"archive.receipt/2"))


def test_every_schema_is_json_and_no_other_name_is_known() -> None:
    assert {json.loads(schemas.text(name))["$schema"] for name in schemas.names()} == {
        "https://json-schema.org/draft/2020-12/schema"
    }
    with pytest.raises(KeyError):
        schemas.text("../ledger")


def test_a_source_manifest_of_megabytes_is_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(source_toml, "LONGEST", 10)
    with pytest.raises(StatementError, match="11 characters; at most 10 are read"):
        source_toml.from_toml("#" * 11)


@pytest.mark.parametrize(
    ("url", "key"),
    [
        ("http://" + "ü" * 64 + ".org/", surt.key("http://" + "%c3%bc" * 64 + ".org/")),
        ("http://1.2.3.4.5/", "5,4,3,2,1)/"),
        ("http://256.1.1.1/", "1,1,1,256)/"),
        ("http://08.1/", "1,08)/"),
        ("http://16909060/", "4,3,2,1)/"),
        ("http://0177.1/", "1,0,0,127)/"),
        ("http://[::1]:8443/a", "::1:8443)/a"),
        ("https://[2001:DB8::1]:443/", "2001:db8::1)/"),
        ("http://a.org/x/../../y", "org,a)/../y"),
        ("http://a.org/./x//y/", "org,a)/x/y"),
        ("http://a.org/(s(abcdefghij01234567890123))/x.aspx", "org,a)/x.aspx"),
        ("http://a.org/(abcdefghij01234567890123)/x.aspx?a", "org,a)/x.aspx?a"),
        ("http://a.org/?sid=0123456789abcdef0123456789abcdef&b", "org,a)/?b"),
    ],
)
def test_keys_of_odd_hosts_and_paths(url: str, key: str) -> None:
    assert surt.key(url) == key
