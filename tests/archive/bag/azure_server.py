"""Azurite, Microsoft's emulator of Azure Blob Storage, on loopback, where it is installed."""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest
import requests

from archive.bag.store.client import connect

ACCOUNT = "devstoreaccount1"
KEY = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=="
"""The account that every Azurite has: it is in its documentation, and opens nothing."""

VERSION = "2021-08-06"


def program() -> str | None:
    named = os.environ.get("AZURITE") or "build/azurite/node_modules/.bin/azurite-blob"
    return str(Path(named).resolve()) if Path(named).is_file() else shutil.which("azurite-blob")


@contextmanager
def azurite(monkeypatch: pytest.MonkeyPatch, container: str) -> Iterator[str]:
    """Run it, with one container; the URL of the container."""
    found = program()
    if found is None:
        pytest.skip("Azurite is not installed: `make test-azure` gets it")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    words = [found, "--silent", "--inMemoryPersistence", "--skipApiVersionCheck", "--blobPort", str(port)]
    server = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    endpoint = f"http://127.0.0.1:{port}/{ACCOUNT}"
    monkeypatch.setenv("AZURE_STORAGE_ACCOUNT_NAME", ACCOUNT)
    monkeypatch.setenv("AZURE_STORAGE_ACCOUNT_KEY", KEY)
    monkeypatch.setenv("AZURE_ENDPOINT", endpoint)
    connect.cache_clear()
    try:
        _make(endpoint, container)
        yield f"az://{container}"
    finally:
        server.terminate()
        server.wait(30)
        connect.cache_clear()


def _make(endpoint: str, container: str) -> None:
    """Create a container. (Azure Storage: Authorize with Shared Key)"""
    for _ in range(300):
        now = f"{datetime.now(UTC):%a, %d %b %Y %H:%M:%S} GMT"
        headers = f"x-ms-date:{now}\nx-ms-version:{VERSION}\n"
        text = "PUT" + "\n" * 12 + headers + f"/{ACCOUNT}/{ACCOUNT}/{container}\nrestype:container"
        signature = base64.b64encode(hmac.digest(base64.b64decode(KEY), text.encode(), hashlib.sha256)).decode()
        given = {"x-ms-date": now, "x-ms-version": VERSION, "Authorization": f"SharedKey {ACCOUNT}:{signature}"}
        with suppress(requests.ConnectionError):
            place = f"{endpoint}/{container}?restype=container"
            requests.put(place, headers=given, timeout=10).raise_for_status()
            return
        time.sleep(0.2)
    raise AssertionError("Azurite does not start")
