"""The proxies of the loopback internet lead to it, hear names and not addresses, and refuse what it does not know."""

from __future__ import annotations

import socket
import ssl
import subprocess
import sys
from pathlib import Path

import pytest

from tests.world import World
from tests.world.failing_host import FAILING_HOSTS, failing_world, manifest
from tests.world.proxies import ConnectProxy, Proxy, SocksProxy
from tests.world.sites import snhr

ARCHIVE = str(Path(sys.executable).with_name("archive"))


def tunnel(proxy: Proxy, host: str, port: int) -> tuple[socket.socket, bytes]:
    client = socket.create_connection(("127.0.0.1", proxy.port), timeout=5)
    if isinstance(proxy, ConnectProxy):
        client.sendall(f"CONNECT {host}:{port} HTTP/1.1\r\nHost: {host}:{port}\r\n\r\n".encode())
        answer = b""
        while not answer.endswith(b"\r\n\r\n"):
            answer += client.recv(1)
        return client, answer.split(b"\r\n")[0]
    client.sendall(b"\x05\x01\x00" + b"\x05\x01\x00\x03" + bytes([len(host)]) + host.encode() + port.to_bytes(2, "big"))
    return client, b"".join(client.recv(1) for _ in range(12))[2:4]


@pytest.mark.parametrize(
    ("kind", "good", "bad"),
    [
        (ConnectProxy, b"HTTP/1.1 200 Connection established", b"HTTP/1.1 502 Bad Gateway"),
        (SocksProxy, b"\5\0", b"\5\4"),
    ],
)
def test_a_tunnel_leads_to_the_site_and_nowhere_else(world: World, kind: type[Proxy], good: bytes, bad: bytes) -> None:
    with kind(world) as proxy:
        client, answer = tunnel(proxy, snhr.HOST, 443)
        assert answer == good
        trust = ssl.create_default_context(cafile=world.ca_file)
        with trust.wrap_socket(client, server_hostname=snhr.HOST) as secured:
            secured.sendall(b"GET /robots.txt HTTP/1.1\r\nHost: sn4hr.org\r\nConnection: close\r\n\r\n")
            received = b"".join(iter(lambda: secured.recv(65536), b""))
        refused, answer = tunnel(proxy, "elsewhere.example", 80)
        refused.close()
        assert answer == bad
        assert received == world.sent(f"{snhr.BASE}/robots.txt")
        assert proxy.requested == ["sn4hr.org:443", "elsewhere.example:80"]


@pytest.mark.parametrize("kind", [ConnectProxy, SocksProxy])
def test_a_whole_fetch_goes_through_and_names_are_left_to_the_proxy(kind: type[Proxy], tmp_path: Path) -> None:
    ordinary = FAILING_HOSTS[:1]
    (tmp_path / "sources.toml").write_text(manifest(ordinary), encoding="utf-8")
    with failing_world(ordinary) as world, kind(world) as proxy:
        command = [ARCHIVE, "fetch", str(tmp_path / "sources.toml"), "-o", str(tmp_path / "bag"), "--delay", "0"]
        command += ["--proxy", proxy.url, "--cacert", world.ca_file, "--no-browser"]
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
        assert done.returncode == 0, done.stderr
        assert set(proxy.requested) == {"none.example:443"} and len(world.urls()) == len(set(world.urls())) >= 5
