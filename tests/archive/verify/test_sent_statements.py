"""What requests and responses say of how they were sent is compared with conditions, connections and purposes."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from msgspec.structs import replace

from archive.verify.run import verify
from archive_manifests.records import RecordLine
from tests.archive.capture.test_redirect_cookies import WALL, CookieWalls
from tests.archive.systems.fetch_sources import fetched
from tests.archive.verify.forged_bag import ForgedBag
from tests.world import World

PAGE = f"https://{WALL}/page"
OWN_AGENT = b"User-Agent: Mozilla/5.0"


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A page that is shown to whoever sends its cookie back."""
    with World([CookieWalls()]) as world:
        made = fetched(world, tmp_path_factory.mktemp("cookies"), PAGE, memento=False)
    assert made.verdict == ("captured", None)
    assert {finding.code for finding in verify(made.bag).findings if finding.severity == "error"} == set()
    return made.bag


@dataclass
class Records:
    """The records of the two exchanges with the page, without the cookie and with it."""

    bag: ForgedBag

    def of(self, kind: str) -> list[RecordLine]:
        return [each for each in self.bag.records if each.type == kind and each.uri == PAGE]

    def set_request(self, number: int, was: bytes, now: bytes) -> None:
        name = self.of("request")[number].id
        block = self.bag.block_of(name)
        assert was in block
        self.bag.set_blocks({name: block.replace(was, now)})

    def set_purpose(self, **changes: str) -> None:
        """State something else of the purpose of the request with the cookie."""
        for each in self.bag.records:
            about = json.loads(self.bag.block_of(each.id)) if each.type == "metadata" else {}
            if about.get("note", {}).get("cookies"):
                about["note"] |= changes
                block = (json.dumps(about, ensure_ascii=False, indent=2) + "\n").encode()
                self.bag.set_blocks({each.id: block})


def _cipher(records: Records) -> None:
    answer = records.of("response")[1]
    records.bag.set_heads({answer.id: ("WARC-Cipher-Suite: TLS", "WARC-Cipher-Suite: NULL")})


def _unsecured(records: Records) -> None:
    answer = records.of("response")[1]
    records.bag.set_heads({answer.id: ("WARC-Protocol: tls/", "WARC-Protocol: ssl/")})


def _without_peer(kind: str) -> Callable[[Records], None]:
    def forge(records: Records) -> None:
        records.bag.set_heads({records.of(kind)[1].id: ("WARC-IP-Address: 127.0.0.1\r\n", "")})

    return forge


def _peer(kind: str) -> Callable[[Records], None]:
    def forge(records: Records) -> None:
        name = records.of(kind)[1].id
        records.bag.set_heads({name: ("WARC-IP-Address: 127.0.0.1", "WARC-IP-Address: 192.0.2.7")})

    return forge


FORGERIES: dict[str, tuple[Callable[[Records], None], set[tuple[str, str]]]] = {
    "another User-Agent": (
        lambda records: records.set_request(1, OWN_AGENT, b"User-Agent: Googlebot/2.1"),
        {("condition-contradicted", "user_agent")},
    ),
    "no User-Agent": (
        lambda records: records.set_request(0, OWN_AGENT, b"X-Agent: Mozilla/5.0"),
        {("condition-contradicted", "user_agent")},
    ),
    "a second User-Agent": (
        lambda records: records.set_request(0, b"\r\n\r\n", b"\r\nUser-Agent: x\r\n\r\n"),
        {("condition-contradicted", "user_agent")},
    ),
    "a cookie that nobody gave": (
        lambda records: records.set_request(0, b"\r\n\r\n", b"\r\nCookie: session=admin\r\n\r\n"),
        {("exchange-contradicted", "Cookie")},
    ),
    "a cookie left out": (
        lambda records: records.set_request(1, b"Cookie: seen=1\r\n", b""),
        {("exchange-contradicted", "Cookie")},
    ),
    "another cookie": (
        lambda records: records.set_request(1, b"Cookie: seen=1\r\n", b"Cookie: seen=2\r\n"),
        {("exchange-contradicted", "Cookie")},
    ),
    "a part of the page": (
        lambda records: records.set_request(0, b"\r\n\r\n", b"\r\nRange: bytes=9-\r\n\r\n"),
        {("exchange-contradicted", "Range")},
    ),
    "the rest of a body without its Range": (
        lambda records: records.set_purpose(purpose="rest-of-response"),
        {("exchange-contradicted", "Range")},
    ),
    "a field that is none of ours": (
        lambda records: records.set_request(0, b"Connection:", b"Referer: https://a.example/\r\nConnection:"),
        {("exchange-contradicted", "fields")},
    ),
    "fields in another order": (
        lambda records: records.set_request(0, b"\r\nAccept-Encoding: gzip", b"\r\n"),
        {("exchange-contradicted", "fields")},
    ),
    "a field spelled otherwise": (
        lambda records: records.set_request(0, b"Connection: keep-alive", b"connection: keep-alive"),
        {("exchange-contradicted", "fields")},
    ),
    "other types": (
        lambda records: records.set_request(0, b"text/html,", b"application/pdf,"),
        {("exchange-contradicted", "fields")},
    ),
    "a body": (
        lambda records: records.set_request(0, b"\r\n\r\n", b"\r\n\r\nname=value"),
        {("exchange-contradicted", "fields")},
    ),
    "a purpose of nobody": (
        lambda records: records.set_purpose(purpose="as-ordered"),
        {("exchange-contradicted", "fields")},
    ),
    "a response from nowhere": (_without_peer("response"), {("exchange-contradicted", "connection")}),
    "a request to nowhere": (_without_peer("request"), {("exchange-contradicted", "connection")}),
    "another cipher": (_cipher, {("exchange-contradicted", "connection")}),
    "another protocol": (_unsecured, {("exchange-contradicted", "connection")}),
    "another peer of a response": (
        _peer("response"),
        {("exchange-contradicted", "connection"), ("condition-contradicted", "connect_to")},
    ),
    "another peer of a request": (
        _peer("request"),
        {("exchange-contradicted", "connection"), ("condition-contradicted", "connect_to")},
    ),
}


@pytest.fixture
def records(sound: Path, tmp_path: Path) -> Records:
    return Records(ForgedBag.copy_of(sound, tmp_path / sound.name))


@pytest.mark.parametrize("name", FORGERIES)
def test_a_record_that_was_sent_in_another_way_than_is_stated_is_found(name: str, records: Records) -> None:
    forge, expected = FORGERIES[name]
    forge(records)
    records.bag.seal_over()
    errors = [each for each in records.bag.verified().findings if each.severity == "error"]
    assert {(each.code, (each.note or "").partition(":")[0]) for each in errors} == expected
    assert {str(each.path) for each in errors} == {"data/archive/s01.warc.gz"}


def test_a_cookie_that_no_response_set_is_found(records: Records) -> None:
    first, _ = records.of("response")
    block = records.bag.block_of(first.id)
    records.set_purpose(cookies="seen=7")
    records.set_request(1, b"Cookie: seen=1", b"Cookie: seen=7")
    records.bag.seal_over()
    assert b"seen=1" in block
    notes = {(each.code, (each.note or "").partition(":")[0]) for each in records.bag.verified().findings}
    assert ("exchange-contradicted", "Set-Cookie") in notes


def test_a_stated_rule_that_led_a_connection_nowhere_is_found(records: Records) -> None:
    stated = records.bag.ledger.conditions
    assert stated.connect_to
    names = [each.id for each in records.bag.records if each.type == "metadata"]
    for name in names:
        about = json.loads(records.bag.block_of(name))
        if about.get("connection", {}).get("mapped"):
            about["connection"]["mapped"] = False
            records.bag.set_blocks({name: (json.dumps(about, ensure_ascii=False, indent=2) + "\n").encode()})
    records.bag.ledger = replace(records.bag.ledger, conditions=replace(stated, allow_private=True))
    records.bag.set_warcinfo('"allow_private":false', '"allow_private":true')
    records.bag.relog()
    records.bag.seal_over()
    errors = [each for each in records.bag.verified().findings if each.severity == "error"]
    assert [(each.code, each.note) for each in errors] == [("condition-contradicted", "connect_to")]


def test_the_rest_of_a_body_that_a_stopped_run_requested_is_no_exchange_of_a_source(sound: Path, tmp_path: Path) -> None:
    """The first response of a host is read for its date, also where nobody names it."""
    bag = ForgedBag.copy_of(sound, tmp_path / "B")
    records = Records(bag)
    first = records.of("response")[0].id
    entry = bag.entry("s01")
    bag.set_source("s01", exchanges=tuple(each for each in entry.exchanges if each != first))
    bag.set_copy("s01", "live", records=tuple(each for each in bag.copy("s01", "live").records if each != first))
    records.set_request(0, b"\r\n\r\n", b"\r\nRange: bytes=9-\r\n\r\n")
    bag.seal_over()
    found = [(each.code, (each.note or "").partition(":")[0]) for each in bag.verified().findings]
    assert "record-unexplained" in {code for code, _ in found}
    assert ("exchange-contradicted", "Range") not in found
