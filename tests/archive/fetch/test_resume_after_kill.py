"""A run that is killed while it receives a large body: the next one resumes where the bytes end."""

from __future__ import annotations

import re
import signal
import socketserver
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from archive.verify.run import verify
from archive_manifests.ledger import from_json

BODY = bytes(range(256)) * (48 << 10)  # 12 MiB
FIRST = 9 << 20
"""Bytes that the server sends before the client is killed."""


class _Handler(socketserver.StreamRequestHandler):
    server: _Server

    def handle(self) -> None:
        head = b""
        while line := self.rfile.readline():
            head += line
            if line == b"\r\n":
                self._respond(head.decode("latin-1"))
                head = b""

    def _respond(self, head: str) -> None:
        target = head.split(" ")[1]
        ranged = re.search(r"^Range: bytes=(\d+)-", head, re.MULTILINE)
        start = int(ranged[1]) if ranged else 0
        self.server.seen.append((target, start if ranged else None))
        if target != "/video.bin":
            self.wfile.write(b"HTTP/1.1 404 Not Found\r\nContent-Length: 2\r\n\r\nno")
            return
        status = "206 Partial Content" if ranged else "200 OK"
        fields = [f"Content-Length: {len(BODY) - start}", 'ETag: "one"', "Content-Type: application/octet-stream"]
        fields += [f"Content-Range: bytes {start}-{len(BODY) - 1}/{len(BODY)}"] if ranged else []
        self.wfile.write("\r\n".join([f"HTTP/1.1 {status}", *fields, "", ""]).encode())
        self.wfile.write(BODY[start : start + FIRST])
        if not ranged:
            self.server.may_go_on.wait(60)
        self.wfile.write(BODY[start + FIRST :])


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.seen: list[tuple[str, int | None]] = []
        self.may_go_on = threading.Event()

    def handle_error(self, request: object, client_address: object) -> None:
        """The client was killed: nothing to report."""


@pytest.fixture
def server() -> Iterator[_Server]:
    with _Server() as server:
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        yield server
        server.shutdown()


def command(folder: Path, port: int) -> list[str]:
    manifest = folder / "sources.toml"
    manifest.write_text('[report]\nid = "T1"\n\n[[source]]\ncited = "http://files.example/video.bin"\n', encoding="utf-8")
    options = ["--connect-to", f"::127.0.0.1:{port}", "--allow-private", "--delay", "0", "--no-memento"]
    archive = str(Path(sys.executable).with_name("archive"))
    return [archive, "fetch", str(manifest), "-o", str(folder / "T1"), *options]


def test_what_a_killed_run_received_of_a_large_body_is_not_requested_again(tmp_path: Path, server: _Server) -> None:
    port = server.server_address[1]
    with subprocess.Popen(command(tmp_path, port), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as run:
        spool = tmp_path / "T1.part/spool"
        while not any(place.stat().st_size >= FIRST - (1 << 20) for place in spool.glob("*.received")):
            assert run.poll() is None
            time.sleep(0.05)
        run.send_signal(signal.SIGKILL)
    again = subprocess.run(command(tmp_path, port), capture_output=True, text=True, check=False, timeout=120)
    assert again.returncode == 0, again.stderr
    (first, second) = [start for target, start in server.seen if target == "/video.bin"]
    assert first is None
    assert second is not None and second >= FIRST - (1 << 20)
    (entry,) = from_json((tmp_path / "T1/data/sources.json").read_bytes()).sources
    assert (str(entry.status), entry.reason) == ("captured", None)
    assert [finding.code for finding in verify(tmp_path / "T1").findings if finding.severity == "error"] == []
    assert not list((tmp_path / "T1").rglob("*.received"))
