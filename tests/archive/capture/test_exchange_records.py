"""What the records of an exchange say beside its bytes: when, whom, over what, and how it failed."""

from __future__ import annotations

import base64
import re
import socket
import ssl
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from archive.net.router import ConnectTo
from archive.urls import parse
from archive.words import load
from tests.archive.net.recorder_setup import SHORT, Rig, Stored, rig, stored
from tests.world import faulty
from tests.world.authority import context_for
from tests.world.faulty import FOREVER, Case, FaultyServer
from tests.world.replies import Close, Pause

HELLO = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"
CASE = Case("plain", (HELLO,))
MICROSECONDS = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z")


def wired(*servers: FaultyServer) -> dict[str, Any]:
    ways = tuple(ConnectTo.parse(way) for server in servers for way in server.connect_to)
    return {"connect_to": ways, "cacerts": (Path(servers[0].ca_file),)}


def by_type(bench: Rig, kind: str) -> list[Stored]:
    return [record for record in bench.records() if record.type == kind]


def test_the_date_of_all_records_is_the_start_of_the_exchange_in_microseconds(tmp_path: Path) -> None:
    slow = Case("slow", (HELLO[:20], Pause(0.3), HELLO[20:]))
    with FaultyServer(slow) as server, rig(tmp_path, **wired(server)) as bench:
        before = datetime.now(UTC)
        bench.get(server.url())
        dates = {record.get("WARC-Date") for record in bench.records()}
        assert len(dates) == 1
        (date,) = dates
        assert date is not None and MICROSECONDS.fullmatch(date)
        assert 0 <= (datetime.fromisoformat(date) - before).total_seconds() < 0.25


@pytest.mark.parametrize(
    ("cited", "target"),
    [
        ("http://faulty.example/%d8%aa%D9%84?q=%c3%a9&A=%7Eb~", "/%d8%aa%D9%84?q=%c3%a9&A=%7Eb~"),
        ("http://faulty.example/تقرير?س=ش", "/%D8%AA%D9%82%D8%B1%D9%8A%D8%B1?%D8%B3=%D8%B4"),
        ("http://FAULTY.example:80/a/./b/../c//d/", "/a/c//d/"),
        ("http://faulty.example/a%2e%2E/b%2Fc/%2e%2e/d", "/a%2e%2E/d"),
        ("http://faulty.example?", "/?"),
        ("http://faulty.example/?", "/?"),
        ("http://faulty.example/x?b=2&a=1&b=&=&a", "/x?b=2&a=1&b=&=&a"),
        ("http://faulty.example/[x]|{y}^`\"<>", "/[x]|%7By%7D^%60%22%3C%3E"),
        ("http://faulty.example/a b+c%20d?e f'\"", "/a%20b+c%20d?e%20f%27%22"),
        ("http://faulty.example/x#part", "/x"),
        ("http://faulty.example/%zz%", "/%zz%"),
        ("http://faulty.example\\a\\b?c\\d", "/a/b?c\\d"),
        ("http://fau\tlty.exa\nmple/a\tb", "/ab"),
    ],
)
def test_the_request_line_carries_the_url_as_the_whatwg_says(cited: str, target: str, tmp_path: Path) -> None:
    case = Case("any", (HELLO,), others={target: (HELLO,)})
    with FaultyServer(case) as server, rig(tmp_path, **wired(server)) as bench:
        bench.get(cited)
        request, answer = by_type(bench, "request")[0], by_type(bench, "response")[0]
        assert request.block.split(b"\r\n")[0] == f"GET {target} HTTP/1.1".encode()
        assert request.block == server.said()[0].request
        assert {request.get("WARC-Target-URI"), answer.get("WARC-Target-URI")} == {f"http://faulty.example{target}"}


@pytest.mark.parametrize("tls", [False, True], ids=["http", "https"])
def test_an_ipv6_literal_keeps_its_brackets_in_url_and_host_and_not_in_the_address(tmp_path: Path, tls: bool) -> None:
    if not socket.has_ipv6:
        pytest.skip("no IPv6 here")
    with FaultyServer(CASE, tls=tls, address="::1", host="::1") as server:
        url = f"{server.scheme}://[::1]:{server.port}/a"
        with rig(tmp_path, allow_private=True, cacerts=(Path(server.ca_file),)) as bench:
            assert bench.get(url).status == 200
            request, answer = by_type(bench, "request")[0], by_type(bench, "response")[0]
            assert request.block.split(b"\r\n")[1] == f"Host: [::1]:{server.port}".encode()
            assert answer.get("WARC-Target-URI") == url
            assert answer.get("WARC-IP-Address") == "::1"
            assert answer.block == HELLO


def test_an_international_name_is_requested_in_punycode(tmp_path: Path) -> None:
    host = "xn--mgberp4a5d4ar.example"
    with FaultyServer(CASE, tls=True, host=host) as server, rig(tmp_path, **wired(server)) as bench:
        assert bench.get("https://السعودية.example/").status == 200
        assert by_type(bench, "response")[0].get("WARC-Target-URI") == f"https://{host}/"


def test_version_cipher_and_chain_are_those_of_that_very_connection(tmp_path: Path) -> None:
    with FaultyServer(CASE, tls=True) as server, rig(tmp_path, **wired(server)) as bench:
        bench.get(server.url())
        answer, metadata = by_type(bench, "response")[0], by_type(bench, "metadata")[0]
        observed = metadata.observed["connection"]["tls"]
        assert answer.all("WARC-Protocol") == ["http/1.1", "tls/1.3"]
        assert answer.get("WARC-Cipher-Suite") == observed["cipher"]
        assert (observed["version"], observed["verified"]) == ("TLSv1.3", True)
        shown = ssl.get_server_certificate((server.address, server.port))
        assert [ssl.DER_cert_to_PEM_cert(base64.b64decode(one)) for one in observed["chain_der_base64"]] == [shown]
        assert answer.get("WARC-IP-Address") == metadata.observed["connection"]["peer"] == "127.0.0.1"


def test_a_connection_is_described_once_in_each_file(tmp_path: Path) -> None:
    """Files stand alone: what shares a connection with another source, and a series' next file, tell it again."""
    with FaultyServer(CASE, tls=True) as server, rig(tmp_path, roll_at=5000, **wired(server)) as bench:
        for series in ("s01", "s01", "s02", "s01", "s02", "s01", "s01"):
            bench.get(server.url(), series)
        files = {warc.name: stored(warc) for warc in bench.warcs()}
        assert set(files) == {"s01.warc.gz", "s01-002.warc.gz", "s02.warc.gz"}
        for name, records in files.items():
            observed = [record for record in records if record.type == "metadata" and "tls" in record.observed["connection"]]
            assert len(observed) == 1, name
            assert sum(record.type == "response" for record in records) >= 2
        assert {said.connection for said in server.said()} == {1}


@pytest.mark.parametrize(("tls", "described"), [(False, [1, 4]), (True, [1, 2, 3])])
def test_plain_connections_that_differ_in_nothing_are_described_once(
    tls: bool, described: list[int], tmp_path: Path
) -> None:
    """What each of those with certificates showed is recorded. Another host has a description of its own."""
    last = Case("last", (HELLO.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n"), Close()))
    with FaultyServer(last, tls=tls) as server:
        way = wired(server)
        elsewhere = ConnectTo("other.example", 80, server.address, server.port)
        with rig(tmp_path, **way | {"connect_to": (*way["connect_to"], elsewhere)}) as bench:
            for url in (*(server.url(),) * 3, *(() if tls else ("http://other.example/",))):
                bench.get(url)
            observed = [record.observed["connection"] for record in by_type(bench, "metadata")]
            assert [each["number"] for each in observed if "resolved" in each] == described


def failed(bench: Rig, url: str) -> tuple[dict[str, object], Stored]:
    """The failure that an attempt left, and its record: the last one, referring to what was sent if anything was."""
    recorded = bench.get(url)
    record = next(record for record in bench.records() if record.type == "metadata" and _is_about(record, recorded))
    assert recorded.failure is not None
    assert record.observed["failure"]["message"] == recorded.failure.message
    return record.observed["failure"], record


def _is_about(record: Stored, recorded: object) -> bool:
    return recorded.answer in (record.name, (record.get("WARC-Refers-To") or "").strip("<>"))  # type: ignore[attr-defined]


def test_a_name_that_does_not_resolve_leaves_a_record(tmp_path: Path) -> None:
    with rig(tmp_path) as bench:
        failure, record = failed(bench, "http://nowhere.example/")
        assert (failure["stage"], failure["reason"]) == ("dns", "dns")
        assert str(failure["message"]).startswith("nowhere.example: ")
        assert record.get("WARC-IP-Address") is None


def test_a_resolver_that_hangs_is_given_up_and_leaves_a_record(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stuck = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: [stuck.wait(30)][:0])
    with rig(tmp_path, limits=replace(SHORT, resolve=0.3)) as bench:
        began = time.monotonic()
        failure, _ = failed(bench, "http://hangs.example/")
        assert time.monotonic() - began < 3
        assert failure["message"] == "hangs.example: the resolver did not respond within 0.3 s"
    stuck.set()


def test_a_refused_connection_leaves_a_record_with_the_addresses(tmp_path: Path) -> None:
    with socket.socket() as refusing:
        refusing.bind(("127.0.0.1", 0))
        port = refusing.getsockname()[1]
        with rig(tmp_path, connect_to=(ConnectTo.parse(f"gone.example:80:127.0.0.1:{port}"),)) as bench:
            failure, record = failed(bench, "http://gone.example/")
            assert (failure["stage"], failure["reason"]) == ("connect", "connect")
            assert failure["message"] == f"127.0.0.1 port {port}: Connection refused"
            assert record.observed["connection"]["resolved"] == ["127.0.0.1"]


@pytest.mark.parametrize(
    ("flaw", "kind", "error"),
    [
        ("expired", "tls-expired", "certificate has expired"),
        ("wrong-host", "tls-name", "Hostname mismatch, certificate is not valid for 'faulty.example'."),
        ("self-signed", "tls-intermediate", "unable to get local issuer certificate"),
    ],
)
def test_a_certificate_that_is_not_believed_is_stored_with_the_exact_error(
    flaw: str, kind: str, error: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(faulty, "context_for", lambda names: context_for(names, flaw))
    with FaultyServer(CASE, tls=True) as server, rig(tmp_path, **wired(server)) as bench:
        failure, record = failed(bench, server.url())
        assert (failure["stage"], failure["reason"]) == ("tls", kind)
        assert "certificate verify failed" in str(failure["message"]) and error in str(failure["message"])
        observed = record.observed["connection"]
        shown = ssl.get_server_certificate((server.address, server.port))
        assert ssl.DER_cert_to_PEM_cert(base64.b64decode(observed["tls"]["chain_der_base64"][0])) == shown
        assert observed["tls"]["verified"] is False
        assert observed["peer"] == "127.0.0.1"
        assert server.said() == [] and by_type(bench, "request") == []


def test_a_server_that_refuses_tls_before_its_certificate_is_not_called_unproven(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refusing(names: tuple[str, ...]) -> ssl.SSLContext:
        context = context_for(names)
        context.sni_callback = lambda *_: ssl.ALERT_DESCRIPTION_UNRECOGNIZED_NAME
        return context

    monkeypatch.setattr(faulty, "context_for", refusing)
    with FaultyServer(CASE, tls=True) as server, rig(tmp_path, **wired(server)) as bench:
        failure, record = failed(bench, server.url())
        assert (failure["stage"], failure["reason"]) == ("tls", "tls")
        assert record.observed["connection"]["tls"]["chain_der_base64"] == []
    words = [load(language) for language in ("en", "ar", "es", "fr")]
    said = [catalogue.sentence(f"{table}.tls") for catalogue in words for table in ("reason.unreachable", "cause")]
    assert [text for text in said if re.search("certificat|شهاد", text)] == []


def test_a_server_that_speaks_no_tls_leaves_a_record(tmp_path: Path) -> None:
    plain = Case("plain", (b"HTTP/1.1 400 Bad Request\r\n\r\n", Close()), eager=True)
    with FaultyServer(plain, tls=True) as server, rig(tmp_path, **wired(server)) as bench:
        failure, _ = failed(bench, server.url())
        assert (failure["stage"], failure["reason"]) == ("tls", "tls-protocol")
        assert "wrong version number" in str(failure["message"]).lower().replace("_", " ")


def test_a_handshake_that_hangs_is_a_timeout_with_a_record(tmp_path: Path) -> None:
    mute, hasty = Case("mute", (FOREVER,), eager=True), replace(SHORT, handshake=0.4)
    with FaultyServer(mute, tls=True) as server, rig(tmp_path, limits=hasty, **wired(server)) as bench:
        failure, _ = failed(bench, server.url())
        assert failure == {"stage": "tls", "reason": "timeout", "message": "no TLS handshake within 0.4 s"}


@pytest.mark.parametrize(
    ("script", "reason", "message"),
    [
        ((FOREVER,), "timeout", "no complete head within 1.2 s"),
        ((HELLO[:20], FOREVER), "timeout", "no complete head within 1.2 s"),
        ((Close(),), "empty", "the server closed the connection before any response"),
        ((HELLO[:20], Close()), "reset", "the server closed the connection within the head"),
    ],
    ids=["silent", "stalls-in-head", "closes", "closes-in-head"],
)
def test_an_answer_that_never_came_leaves_the_request_and_a_record(
    script: tuple[object, ...], reason: str, message: str, tmp_path: Path
) -> None:
    with FaultyServer(Case("no-answer", script)) as server, rig(tmp_path, **wired(server)) as bench:
        failure, record = failed(bench, server.url())
        assert (failure["reason"], failure["message"]) == (reason, message)
        request = by_type(bench, "request")[0]
        assert request.block == server.said()[0].request
        heads = [each for each in script if isinstance(each, bytes)]
        assert [each.block for each in by_type(bench, "resource")] == heads
        assert record.get("WARC-Refers-To") == (by_type(bench, "resource") or [request])[0].id


def test_many_connections_at_once_are_not_mixed_up(tmp_path: Path) -> None:
    """Sixteen threads, one host, one series: each answer lies under its own URL, next to its own request."""
    others = {f"/{n}": (b"HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\n%08d" % n,) for n in range(200)}
    with FaultyServer(Case("many", (HELLO,), others=others)) as server, rig(tmp_path, **wired(server)) as bench:
        with ThreadPoolExecutor(16) as pool:
            list(pool.map(lambda n: bench.get(server.url(f"/{n}")), range(200)))
        records = bench.records()
        requests = {record.id: record for record in records if record.type == "request"}
        answers = [record for record in records if record.type == "response"]
        assert len(answers) == 200
        for answer in answers:
            target = parse(answer.get("WARC-Target-URI") or "").target
            assert answer.block == others[target][0]
            partners = [requests[each] for each in answer.all("WARC-Concurrent-To") if each in requests]
            assert [each.block.split(b" ")[1].decode() for each in partners] == [target]


def test_a_field_from_outside_cannot_start_another_field(tmp_path: Path) -> None:
    with FaultyServer(CASE) as server, rig(tmp_path, **wired(server)) as bench:
        bench.get(server.url(), headers=(("Referer", "http://a.example/\r\nX-Injected: yes\0"),))
        assert b"\r\nX-Injected" not in server.said()[0].request
