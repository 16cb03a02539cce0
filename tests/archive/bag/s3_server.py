"""A real S3 server on loopback: moto's. It can be switched off and on again."""

from __future__ import annotations

import base64
import hashlib
import itertools
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

pytest.importorskip("obstore", reason="the extra [stores] is not installed")
moto_app = pytest.importorskip(
    "moto.moto_server.werkzeug_app", reason="moto's server is not installed: no test with an object store"
)

NUMBERS = itertools.count()


class S3:
    """The server with one bucket."""

    def __init__(self) -> None:
        self.port = 0
        self.start_again()
        self.bucket = f"bags{next(NUMBERS)}"  # all servers of a process share what they hold
        self.put("", b"", verb="PUT")

    @property
    def endpoint(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def url(self, key: str) -> str:
        return f"s3://{self.bucket}/{key}"

    def put(self, key: str, data: bytes, verb: str = "PUT", *, with_checksum: bool = False) -> None:
        """Write an object past all conditions, as whoever administers the store can."""
        import requests

        place = f"{self.endpoint}/{self.bucket}/{quote(key)}" if key else f"{self.endpoint}/{self.bucket}"
        fields = _signed() | (_checksum(data) if with_checksum else {})
        requests.request(verb, place, data=data, headers=fields, timeout=10).raise_for_status()

    def delete(self, key: str) -> None:
        self.put(key, b"", "DELETE")

    def upload(self, folder: Path, key: str, *, with_checksum: bool = False) -> str:
        """Put a folder into the bucket, an object a file."""
        for place in sorted(folder.rglob("*")):
            if place.is_file():
                self.put(f"{key}/{place.relative_to(folder).as_posix()}", place.read_bytes(), with_checksum=with_checksum)
        return self.url(key)

    def stop(self) -> None:
        self._server.shutdown()
        self._thread.join()

    def start_again(self) -> None:
        """Serve at the same address what was there before."""
        from werkzeug.serving import make_server

        answers = moto_app.DomainDispatcherApplication(moto_app.create_backend_app)
        quiet = moto_app.MotoRequestHandler
        self._server = make_server("127.0.0.1", self.port, answers, threaded=True, request_handler=quiet)
        self.port = self._server.port
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()


def _signed() -> dict[str, str]:
    """What the server takes for a signature: it names the service, and proves nothing."""
    scope = "test/20261122/us-east-1/s3/aws4_request"
    return {"Authorization": f"AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host, Signature=0"}


def _checksum(data: bytes) -> dict[str, str]:
    """What makes a store keep a checksum. S3 takes the second alone; this server wants the first too."""
    digest = base64.b64encode(hashlib.sha256(data).digest()).decode()
    return {"x-amz-sdk-checksum-algorithm": "SHA256", "x-amz-checksum-sha256": digest}


@contextmanager
def serving(monkeypatch: pytest.MonkeyPatch) -> Iterator[S3]:
    """A server, and an environment that leads to it."""
    from archive.bag.store import client

    s3 = S3()
    settings: dict[str, Any] = {
        "AWS_ENDPOINT_URL": s3.endpoint, "AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_REGION": "us-east-1",
    }  # fmt: skip
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    for name in [name for name in os.environ if name.lower().endswith("_proxy")]:
        monkeypatch.delenv(name)
    client.connect.cache_clear()
    try:
        yield s3
    finally:
        s3.stop()
        client.connect.cache_clear()
