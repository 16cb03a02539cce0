"""No address of the documenter's own network gets a request, however it is spelled and whoever names it."""

from __future__ import annotations

import errno
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from archive.capture.redirects import follow
from archive.net import ClientSettings, Failure, HttpClient, Request
from archive.net.address_guard import why_forbidden
from archive.net.router import ConnectTo
from archive.urls import UrlError, parse
from tests.archive.net.recorder_setup import SHORT, rig
from tests.world.cases.redirects import to
from tests.world.faulty import Case, FaultyServer

# Every one of these reaches 127.0.0.1 (or would, if it got a request), by one standard's reading or another's.
LOOPBACK_SPELLINGS = (
    "127.0.0.1", "127.1", "127.0.1", "2130706433", "017700000001", "0x7f000001", "0X7F000001", "0x7f.1", "0x7F.0x1",
    "0177.0.0.1", "0177.1", "0177.0x0.1", "00000177.0.0.1", "0x0000007f.0.0.1", "127.0.0.1.", "127.000.000.001",
    "127.255.255.254", "127.65535", "127.167", "0", "0.0.0.0", "0x0", "00", "0.1",
    "%31%32%37.0.0.1", "%30x7f.1", "127%2e0%2e0%2e1",
    "①②⑦.⓪.⓪.①", "１２７.０.０.１", "127。0。0。1", "127．0．0．1", "𝟏𝟐𝟕.𝟎.𝟎.𝟏",
    "[::1]", "[0:0:0:0:0:0:0:1]", "[0000:0000:0000:0000:0000:0000:0000:0001]", "[::0:1]", "[::]", "[0::0]",
    "[::127.0.0.1]", "[::7f00:1]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[0:0:0:0:0:ffff:127.0.0.1]",
    "[::FFFF:7F00:0001]", "[::ffff:0:127.0.0.1]", "[64:ff9b::127.0.0.1]", "[64:ff9b::7f00:1]", "[2002:7f00:1::]",
    "[2002:7f00:1::1]", "[64:ff9b:1::7f00:1]",
    "public.example@127.0.0.1", "public.example:80@127.0.0.1", "127.0.0.1#@public.example", "127.0.0.1?@public.example",
    "127.0.0.1\\@public.example", "127.0\t.0.1", "127.0.0\n.1",
)  # fmt: skip

OTHERS = (
    "10.0.0.1", "10.255.255.254", "0xa.0.0.1", "012.0.0.1", "167772161", "10.1", "172.16.0.1", "172.31.255.254",
    "172.16.1", "192.168.0.1", "192.168.1.1", "192.168.257", "3232235521", "169.254.0.1", "169.254.169.254",
    "2852039166", "0xA9FEA9FE", "0251.0376.0251.0376", "169.254.43518", "100.64.0.1", "100.100.100.200",
    "100.127.255.254", "168.63.129.16", "192.0.0.192", "192.0.0.170", "192.0.2.1", "192.88.99.1", "198.18.0.1",
    "198.19.255.254", "198.51.100.7", "203.0.113.9", "224.0.0.1", "224.0.0.251", "239.255.255.250", "240.0.0.1",
    "255.255.255.255", "4294967295",
    "[fe80::1]", "[febf::1]", "[fec0::1]", "[fc00::1]", "[fd00::1]", "[fd00:ec2::254]", "[fdff::1]", "[ff02::1]",
    "[ff05::2]", "[ff0e::1]", "[::ffff:10.0.0.1]", "[::ffff:a9fe:a9fe]", "[::ffff:8.8.8.8]", "[::10.0.0.1]",
    "[64:ff9b::10.0.0.1]", "[64:ff9b::a9fe:a9fe]", "[64:ff9b::8.8.8.8]", "[64:ff9b:1::10.0.0.1]", "[2002:a00:1::1]",
    "[2002:a9fe:a9fe::]", "[2001::1]", "[2001:0:53aa:64c:0:5efe:a00:1]", "[2001:db8::1]", "[2001:10::1]",
    "[2001:20::1]", "[100::1]", "[3fff::1]", "[5f00::1]", "[4000::1]", "[8000::1]",
)  # fmt: skip

PUBLIC = (
    "93.184.216.34", "8.8.8.8", "1.1.1.1", "9.255.255.255", "11.0.0.1", "100.63.255.255", "100.128.0.1", "126.1.1.1",
    "128.0.0.1", "169.253.1.1", "169.255.1.1", "172.15.255.255", "172.32.0.1", "192.167.1.1", "192.169.1.1",
    "192.0.1.1", "198.17.1.1", "198.20.1.1", "223.255.255.1", "2606:2800:220:1:248:1893:25c8:1946", "2a00:1450::1",
    "2001:4860:4860::8888", "2400:cb00::1", "2003::1", "2620:fe::fe",
)  # fmt: skip


class Canary:
    """Names and sockets under watch: every look-up and every attempt to connect is counted; none leaves."""

    def __init__(self) -> None:
        self.names: dict[str, list[list[str]]] = {}
        """Name -> its answers, one after the other; the last one stays."""
        self.looked_up: list[str] = []
        self.connects: list[tuple[str, int]] = []
        self.allowed: set[int] = set()
        """Ports of this test's own servers."""
        self.wire = HttpClient(ClientSettings(limits=SHORT))

    def send_request(self, url: str) -> Failure:
        """How an exchange that must fail ended."""
        failure = self.wire.exchange(Request(parse(url))).failure
        assert failure is not None
        return failure


@pytest.fixture
def canary(monkeypatch: pytest.MonkeyPatch) -> Iterator[Canary]:
    watch = Canary()
    resolve, connect = socket.getaddrinfo, socket.socket.connect

    def answered(host: str, port: object, *arguments: object, **named: object) -> object:
        if host in watch.names:
            watch.looked_up.append(host)
            turns = watch.names[host]
            answer = turns.pop(0) if len(turns) > 1 else turns[0]
            return [(socket.AF_INET6 if ":" in each else socket.AF_INET, 1, 6, "", (each, 0)) for each in answer]
        return resolve(host, port, *arguments, **named)  # type: ignore[call-overload]

    def tried(self: socket.socket, address: tuple[str, int]) -> None:
        watch.connects.append(address[:2])
        if address[1] not in watch.allowed:
            raise OSError(errno.ECONNREFUSED, "Connection refused")
        connect(self, address)

    monkeypatch.setattr(socket, "getaddrinfo", answered)
    monkeypatch.setattr(socket.socket, "connect", tried)
    yield watch


def test_there_are_at_least_150_spellings_and_paths() -> None:
    literal = len(LOOPBACK_SPELLINGS) + len(OTHERS)
    assert literal >= 100 and 3 * literal >= 300  # each of them literally, by a name and by a redirect
    assert len(set(LOOPBACK_SPELLINGS)) == len(LOOPBACK_SPELLINGS)


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_literal_is_refused_before_anybody_is_requested(canary: Canary, scheme: str) -> None:
    wrong = {}
    for spelling in LOOPBACK_SPELLINGS + OTHERS:
        try:
            failure = canary.send_request(f"{scheme}://{spelling}/latest/meta-data/")
        except UrlError:
            continue  # not requested at all
        if (failure.stage, failure.reason) != ("policy", "private-address"):
            wrong[spelling] = failure
    assert wrong == {}
    assert canary.connects == []


def test_nearly_every_spelling_is_a_url_so_that_the_guard_is_what_refuses_it() -> None:
    unreadable = []
    for spelling in LOOPBACK_SPELLINGS + OTHERS:
        try:
            parse(f"http://{spelling}/")
        except UrlError:
            unreadable.append(spelling)
    assert unreadable == []


def addresses() -> list[str]:
    """What the spellings mean, as a resolver would answer it."""
    return [parse(f"http://{spelling}/").hostname for spelling in LOOPBACK_SPELLINGS + OTHERS]


def test_a_name_that_leads_to_a_forbidden_address_is_refused(canary: Canary) -> None:
    wrong = {}
    for number, address in enumerate(addresses()):
        name = f"n{number}.example"
        canary.names[name] = [[address]]
        failure = canary.send_request(f"https://{name}/")
        if failure.reason != "private-address" or address not in failure.message:
            wrong[address] = failure
    assert wrong == {}
    assert canary.connects == []
    assert canary.looked_up == list(canary.names)


def test_one_forbidden_address_among_good_ones_is_enough(canary: Canary) -> None:
    for number, address in enumerate(addresses()):
        good = ["93.184.216.34", "2606:2800:220:1:248:1893:25c8:1946"]
        for place, mixed in enumerate(([address, *good], [*good, address], [*good * 4, address])):
            canary.names[f"m{number}-{place}.example"] = [mixed]
    for name in list(canary.names):
        assert canary.send_request(f"http://{name}/").reason == "private-address"
    assert canary.connects == []


def test_a_redirect_to_a_forbidden_address_is_a_hop_and_no_connection(canary: Canary, tmp_path: Path) -> None:
    """A server that may get requests redirects us, by every spelling, to one that may not."""
    spellings = [spelling for spelling in LOOPBACK_SPELLINGS + OTHERS if "\n" not in spelling]
    script = {f"/{number}": (to(f"http://{spelling}/x".encode()),) for number, spelling in enumerate(spellings)}
    with FaultyServer(Case("to-the-inside", (), others=script)) as server:
        canary.allowed.add(server.port)
        ways = tuple(map(ConnectTo.parse, server.connect_to))
        with rig(tmp_path, connect_to=ways) as bench:
            for number in range(len(spellings)):
                trail = follow(parse(server.url(f"/{number}")), lambda url: bench.get(url.href), limit=5)
                assert [hop.status for hop in trail.hops] == [302, None], spellings[number]
                assert trail.final.failure is not None and trail.final.failure.reason == "private-address"
                assert trail.broke is not None and trail.broke.reason == "captive"
            assert set(canary.connects) == {("127.0.0.1", server.port)}
            observed = [record for record in bench.records() if record.type == "metadata" and record.observed["failure"]]
            assert len(observed) == len(spellings)


def test_a_name_is_looked_up_once_so_that_it_cannot_be_bound_again(canary: Canary) -> None:
    canary.names["rebinds.example"] = [["93.184.216.34"], ["127.0.0.1"], ["10.0.0.1"]]
    assert [canary.send_request(f"http://rebinds.example/{n}").reason for n in range(3)] == ["connect"] * 3
    assert canary.looked_up == ["rebinds.example"]
    assert canary.connects == [("93.184.216.34", 80)] * 3


def test_a_connection_that_ended_elsewhere_is_not_used(canary: Canary, monkeypatch: pytest.MonkeyPatch) -> None:
    canary.names["swapped.example"] = [["93.184.216.34"]]
    monkeypatch.setattr(socket.socket, "connect", lambda self, address: None)
    monkeypatch.setattr(socket.socket, "getpeername", lambda self: ("10.0.0.1", 80))
    failure = canary.send_request("http://swapped.example/")
    assert failure.reason == "connect" and "connected to 10.0.0.1 instead of 93.184.216.34" in failure.message


@pytest.mark.parametrize("address", PUBLIC)
def test_public_addresses_are_requested(canary: Canary, address: str) -> None:
    assert why_forbidden(address) is None
    canary.names["public.example"] = [[address]]
    assert canary.send_request("http://public.example/").reason == "connect"
    assert canary.connects == [(address, 80)]


@pytest.mark.parametrize("address", ["fe80::1%eth0", "fe80::1%25eth0", "::1%lo"])
def test_a_zone_hides_nothing(address: str) -> None:
    assert why_forbidden(address) is not None


@pytest.mark.parametrize("scheme", ["ftp", "file", "gopher", "data", "javascript", "ws", "about"])
def test_only_http_and_https_are_spoken(canary: Canary, scheme: str) -> None:
    text = {"data": "data:text/html,x", "javascript": "javascript:alert(1)", "about": "about:blank"}
    assert canary.send_request(text.get(scheme, f"{scheme}://127.0.0.1/etc/hostname")).reason == "scheme"
    assert (canary.connects, canary.looked_up) == ([], [])


def test_a_user_may_allow_private_addresses(tmp_path: Path) -> None:
    case = Case("inside", (b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello",))
    with FaultyServer(case) as server, rig(tmp_path, allow_private=True) as bench:
        recorded = bench.get(f"http://127.1:{server.port}/")
        assert recorded.status == 200
        answer = next(record for record in bench.records() if record.type == "response")
        assert answer.get("WARC-Target-URI") == f"http://127.0.0.1:{server.port}/"
        assert answer.get("WARC-IP-Address") == "127.0.0.1"


def test_connect_to_allows_the_address_that_it_names_and_no_other(canary: Canary, tmp_path: Path) -> None:
    case = Case("led", (to(b"http://127.0.0.1:1/"),))
    with FaultyServer(case) as server:
        canary.allowed.add(server.port)
        ways = tuple(map(ConnectTo.parse, server.connect_to))
        with rig(tmp_path, connect_to=ways) as bench:
            assert bench.get(server.url()).status == 302
            assert bench.get("http://127.0.0.1:1/").failure.reason == "private-address"  # type: ignore[union-attr]
            assert bench.get(f"http://127.0.0.1:{server.port}/").failure.reason == "private-address"  # type: ignore[union-attr]
        assert set(canary.connects) == {("127.0.0.1", server.port)}


def test_every_refusal_leaves_a_record_that_says_why(tmp_path: Path) -> None:
    with rig(tmp_path) as bench:
        recorded = bench.get("http://169.254.169.254/latest/meta-data/")
        observed = next(record for record in bench.records() if record.name == recorded.answer)
        assert observed.type == "metadata"
        assert observed.observed["failure"] == {
            "stage": "policy",
            "reason": "private-address",
            "message": "169.254.169.254 leads to 169.254.169.254, which is link-local; --allow-private permits it",
        }
        assert observed.observed["connection"]["resolved"] == ["169.254.169.254"]


@pytest.mark.parametrize("written", ["[fe80::1%eth0]", "[fe80::1%25eth0]", "[::1%25lo]", "[::1%lo]", "[2001:db8::1%251]"])
def test_an_address_with_a_zone_is_no_host_of_a_url(written: str) -> None:
    with pytest.raises(UrlError):
        parse(f"http://{written}/")


@pytest.mark.parametrize("address", ["fe80::1%eth0", "fe80::1%25eth0", "::1%lo", "fd00::1%2", "::ffff:127.0.0.1%lo"])
def test_an_address_that_resolves_with_a_zone_is_checked_without_it(canary: Canary, address: str) -> None:
    canary.names["zoned.example"] = [[address]]
    failure = canary.send_request("http://zoned.example/")
    assert (failure.stage, failure.reason) == ("policy", "private-address")
    assert canary.connects == []
