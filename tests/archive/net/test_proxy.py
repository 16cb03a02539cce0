"""Through a proxy: a tunnel for every port, names left to it, and nothing of it in any record."""

from __future__ import annotations

import base64
import gzip
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from archive.errors import UsageProblem
from archive.net.proxy import Proxy as Way
from tests.archive.net.recorder_setup import SHORT, Rig, rig
from tests.world.faulty import Case, FaultyServer
from tests.world.proxies import ConnectProxy, Proxy, SocksProxy, _exactly

CASE = Case("far", (b"HTTP/1.1 200 OK\r\nX-Odd:  kept \r\nContent-Length: 5\r\n\r\nhello",))
SECRET = "geheim-7f3a"
USER = "documenter-of-the-case"
KINDS = [ConnectProxy, SocksProxy]


class SocksWithSecret(SocksProxy):
    """SOCKS5 that wants user and password. (RFC 1929)"""

    def _serve(self, client: socket.socket) -> None:
        greeting = _exactly(client, 2)
        assert 2 in _exactly(client, greeting[1])
        client.sendall(b"\x05\x02")
        _exactly(client, 1)
        user = _exactly(client, _exactly(client, 1)[0])
        password = _exactly(client, _exactly(client, 1)[0])
        self.messages.append(user + b":" + password)
        client.sendall(b"\x01\x00")
        assert _exactly(client, 4) == b"\x05\x01\x00\x03"
        host = _exactly(client, _exactly(client, 1)[0]).decode()
        onward = self._way(host, int.from_bytes(_exactly(client, 2), "big"))
        client.sendall(bytes([5, 0, 0, 1]) + bytes(6))
        assert onward is not None
        from tests.world.proxies import _pipe

        _pipe(client, onward)


@pytest.fixture
def no_names(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Every name that is looked up here, the proxy's own excepted."""
    requested: list[str] = []
    resolve = socket.getaddrinfo

    def watched(host: str, *arguments: object, **named: object) -> object:
        if host != "127.0.0.1" and not named.get("flags"):
            requested.append(host)
        return resolve(host, *arguments, **named)  # type: ignore[call-overload]

    monkeypatch.setattr(socket, "getaddrinfo", watched)
    yield requested


def everything(bench: Rig) -> bytes:
    """Every byte that the work folder holds, WARCs unpacked."""
    files = [path for path in bench.work.path.rglob("*") if path.is_file()]
    return b"\n".join(
        gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes() for path in files
    )


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("tls", [False, True], ids=["http", "https"])
def test_the_answer_through_a_tunnel_is_stored_as_the_server_sent_it(
    kind: type[Proxy], tls: bool, tmp_path: Path, no_names: list[str]
) -> None:
    with FaultyServer(CASE, tls=tls) as server, kind(server) as proxy:  # type: ignore[arg-type]
        with rig(tmp_path, proxy=Way.parse(proxy.url), cacerts=(Path(server.ca_file),)) as bench:
            recorded = bench.get(server.url("/a"))
            bench.get(server.url("/b"))
            request, answer, metadata = (r for r in bench.records()[1:4])
            assert recorded.status == 200
            assert answer.block == server.answers("/a")[0]
            assert request.block.startswith(b"GET /a HTTP/1.1\r\nHost: faulty.example\r\n")
            assert b"roxy" not in request.block
            assert all(record.get("WARC-IP-Address") is None for record in bench.records())
            connection = metadata.observed["connection"]
            assert (connection["peer"], connection["peer_port"], connection["resolved"]) == (None, None, [])
            assert connection["proxied"] == {"http": "http", "socks5h": "socks5"}[kind.scheme]
            assert ("tls" in connection) is tls
        assert proxy.requested == [f"faulty.example:{443 if tls else 80}"]
        assert no_names == []


@pytest.mark.parametrize("kind", [ConnectProxy, SocksWithSecret])
def test_the_proxy_s_secret_goes_to_the_proxy_and_nowhere_else(kind: type[Proxy], tmp_path: Path) -> None:
    with FaultyServer(CASE) as server, kind(server) as proxy:  # type: ignore[arg-type]
        way = Way.parse(proxy.url.replace("://", f"://{USER}:{SECRET}@"))
        with rig(tmp_path, proxy=way) as bench:
            assert bench.get(server.url()).status == 200
            token = base64.b64encode(f"{USER}:{SECRET}".encode())
            assert (SECRET.encode() in proxy.messages[0]) or (token in proxy.messages[0])
            stored = everything(bench)
            for text in (SECRET.encode(), USER.encode(), token, b"roxy-Auth", str(proxy.port).encode()):
                assert text not in stored
            assert SECRET.encode() not in server.said("/")[0].request and token not in server.said("/")[0].request


@pytest.mark.parametrize("kind", KINDS)
def test_a_name_that_the_proxy_does_not_know_is_a_failure_with_a_record(kind: type[Proxy], tmp_path: Path) -> None:
    observed = {"http": "CONNECT was refused with 502", "socks5h": "host unreachable: elsewhere.example"}
    with (
        FaultyServer(CASE) as server,
        kind(server) as proxy,  # type: ignore[arg-type]
        rig(tmp_path, proxy=Way.parse(proxy.url)) as bench,
    ):
        recorded = bench.get("http://elsewhere.example/")
        assert recorded.failure is not None
        assert (recorded.failure.stage, recorded.failure.reason) == ("proxy", "connect")
        assert bench.records()[-1].observed["failure"]["message"] == f"the proxy: {observed[kind.scheme]}"


@pytest.mark.parametrize("scheme", ["http", "socks5h"])
def test_a_proxy_that_is_not_there_is_not_named_in_the_record(scheme: str, tmp_path: Path) -> None:
    with socket.socket() as refusing:
        refusing.bind(("127.0.0.1", 0))
        port = refusing.getsockname()[1]
        with rig(tmp_path, proxy=Way.parse(f"{scheme}://127.0.0.1:{port}")) as bench:
            recorded = bench.get("http://faulty.example/")
            assert recorded.failure is not None
            assert recorded.failure.message == "the proxy does not take connections"
            assert b"127.0.0.1" not in everything(bench) and str(port).encode() not in everything(bench)


def test_a_proxy_whose_name_does_not_resolve_is_not_named_either(tmp_path: Path) -> None:
    with rig(tmp_path, proxy=Way.parse("http://quiet-house.example:8080")) as bench:
        recorded = bench.get("http://faulty.example/")
        assert recorded.failure is not None
        assert (recorded.failure.stage, recorded.failure.reason) == ("proxy", "dns")
        assert b"quiet-house" not in everything(bench)


@pytest.mark.parametrize("kind", KINDS)
def test_a_proxy_that_says_nothing_is_given_up(kind: type[Proxy], tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        way = Way.parse(f"{kind.scheme}://127.0.0.1:{silent.getsockname()[1]}")
        from msgspec.structs import replace

        with rig(tmp_path, proxy=way, limits=replace(SHORT, connect=0.5)) as bench:
            recorded = bench.get("http://faulty.example/")
            assert recorded.failure is not None
            assert (recorded.failure.stage, recorded.failure.reason) == ("proxy", "timeout")


@pytest.mark.parametrize("host", ["127.0.0.1", "[::1]", "10.0.0.1", "0x7f.1", "[::ffff:10.0.0.1]", "169.254.169.254"])
@pytest.mark.parametrize("kind", KINDS)
def test_a_private_literal_is_not_even_reported_to_the_proxy(kind: type[Proxy], host: str, tmp_path: Path) -> None:
    with FaultyServer(CASE) as server, kind(server) as proxy:  # type: ignore[arg-type]
        with rig(tmp_path, proxy=Way.parse(proxy.url)) as bench:
            recorded = bench.get(f"http://{host}/")
            assert recorded.failure is not None and recorded.failure.reason == "private-address"
        assert proxy.requested == []


@pytest.mark.parametrize(("host", "kind"), [("93.184.216.34", 1), ("[2606:2800:220::1]", 4), ("example.org", 3)])
def test_socks_hears_an_address_as_an_address_and_a_name_as_a_name(host: str, kind: int, tmp_path: Path) -> None:
    with FaultyServer(CASE) as server, SocksProxy(server) as proxy:  # type: ignore[arg-type]
        with rig(tmp_path, proxy=Way.parse(proxy.url)) as bench:
            bench.get(f"http://{host}/")
        assert proxy.requested == [f"{host.strip('[]')}:80"]
        assert proxy.messages[0][-1] == kind


@pytest.mark.parametrize("text", ["ftp://127.0.0.1:1", "http://", "http://h:99999", "socks4://h:1", "http://[::1", ""])
def test_what_is_no_proxy_is_wrong_usage(text: str) -> None:
    with pytest.raises(UsageProblem, match="expected http://HOST:PORT"):
        Way.parse(text)
