"""What stands in the environment changes nothing: not the way, not who is believed, not what is sent."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from archive.net import Request
from archive.net.requests_session import recording_session
from archive.net.router import ConnectTo
from tests.archive.net.recorder_setup import rig
from tests.world.faulty import Case, FaultyServer

CASE = Case("plain", (b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello",))
PROXIES = ("HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy", "SOCKS_PROXY")


@pytest.fixture
def trap(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> socket.socket:
    """A listening socket that every proxy of the environment leads to, and a netrc with a password."""
    listening = socket.create_server(("127.0.0.1", 0))
    listening.settimeout(0.05)
    for name in PROXIES:
        monkeypatch.setenv(name, f"http://127.0.0.1:{listening.getsockname()[1]}")
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    (tmp_path / ".netrc").write_text("machine faulty.example login me password geheim\ndefault login me password x\n")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("NETRC", str(tmp_path / ".netrc"))
    return listening


@pytest.mark.parametrize("guest", [False, True], ids=["own", "guest"])
def test_proxies_and_passwords_of_the_environment_are_left_alone(
    trap: socket.socket, tmp_path: Path, guest: bool
) -> None:
    with FaultyServer(CASE) as server:
        with rig(tmp_path, connect_to=tuple(map(ConnectTo.parse, server.connect_to))) as bench:
            if guest:

                def carry(request: Request) -> object:
                    return bench.carry(request)

                assert recording_session(carry).get(server.url()).content == b"hello"  # type: ignore[arg-type]
            else:
                assert bench.get(server.url()).status == 200
        request = server.said("/")[0].request
        assert b"Authorization" not in request and b"Basic" not in request
    with pytest.raises(TimeoutError):
        trap.accept()


def test_who_the_environment_says_is_to_be_believed_is_not_believed(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with FaultyServer(CASE, tls=True) as server:
        for name in ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
            monkeypatch.setenv(name, server.ca_file)
        monkeypatch.setenv("SSL_CERT_DIR", str(Path(server.ca_file).parent))
        with rig(tmp_path, connect_to=tuple(map(ConnectTo.parse, server.connect_to))) as bench:
            recorded = bench.get(server.url())
            assert recorded.failure is not None and recorded.failure.stage == "tls"
            assert "unable to get local issuer certificate" in recorded.failure.message
        assert server.said() == []


def test_keys_of_connections_are_not_written_where_the_environment_says(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    log = tmp_path / "keys.log"
    monkeypatch.setenv("SSLKEYLOGFILE", str(log))
    with FaultyServer(CASE, tls=True) as server:
        ways = tuple(map(ConnectTo.parse, server.connect_to))
        with rig(tmp_path, connect_to=ways, cacerts=(Path(server.ca_file),)) as bench:
            assert bench.get(server.url()).status == 200
    assert not log.exists()


def test_nothing_of_the_user_is_sent(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HTTP_USER_AGENT", "me")
    with FaultyServer(CASE) as server:
        with rig(tmp_path, connect_to=tuple(map(ConnectTo.parse, server.connect_to))) as bench:
            bench.get(server.url("/x?y=1"))
        assert server.said("/x?y=1")[0].request == (
            b"GET /x?y=1 HTTP/1.1\r\nHost: faulty.example\r\n"
            b"User-Agent: Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0\r\n"
            b"Accept: */*\r\nAccept-Encoding: gzip\r\nConnection: keep-alive\r\n\r\n"
        )
