"""What a store that misbehaves is reported as: what, where and what to do, never the library's own words."""

from __future__ import annotations

import http.server
import socket
import threading
from collections.abc import Iterator
from datetime import timedelta

import pytest

pytest.importorskip("obstore", reason="the extra [stores] is not installed")

from archive.bag.store import client
from archive.bag.store.client import read_range, size_of
from archive.bag.store.place import StorePlace
from archive.bag.store.reasons import reason_of

FOREIGN = ("Generic", "Error performing", "Debug", "retries", "source")
"""Words of the library."""


class Misbehaving(http.server.BaseHTTPRequestHandler):
    """Does what the path says."""

    protocol_version = "HTTP/1.1"

    def log_message(self, *_: object) -> None:
        pass

    def do_HEAD(self) -> None:
        self.do_GET()

    def do_GET(self) -> None:
        what = self.path.strip("/")
        if what == "closes":
            self.close_connection = True
            return
        if what in ("short", "whole"):
            is_range = "Range" in self.headers and what == "short"
            self.send_response(206 if is_range else 200)
            if is_range:
                self.send_header("Content-Range", "bytes 0-99/100")
            self.send_header("Content-Length", "100")
            self.end_headers()
            self.wfile.write(b"x" * 10)
            self.close_connection = True
            return
        self.send_response(int(what) if what.isdigit() else 302)
        if what in ("circle", "leaves"):
            self.send_header("Location", self.path if what == "circle" else "file:///etc/passwd")
        self.send_header("Content-Length", "0")
        self.end_headers()


@pytest.fixture
def store(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    monkeypatch.setattr(client, "RETRIES", 0)
    monkeypatch.setattr(client, "RETRY_FOR", timedelta(seconds=1))
    monkeypatch.setattr(client, "STALL", timedelta(seconds=1))
    client.connect.cache_clear()
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Misbehaving)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    client.connect.cache_clear()


def said(error: OSError, place: str) -> str:
    assert error.filename == place
    assert error.strerror is not None
    assert not any(word in error.strerror for word in FOREIGN), error.strerror
    return error.strerror


@pytest.mark.parametrize(
    ("what", "expected"),
    [
        ("401", client.REFUSED),
        ("403", client.REFUSED),
        ("404", "no such object"),
        ("429", "HTTP 429: it takes no more requests for now; try again later"),
        ("500", "HTTP 500: it is broken or overloaded; try again later"),
        ("503", "HTTP 503: it is broken or overloaded; try again later"),
        ("302", "it redirects and names no place; is the region right (AWS_REGION)?"),
        ("leaves", "HTTP 302: it redirects elsewhere; name the place that it redirects to"),
        ("circle", "it redirects in a circle, or to what may not be read; name the place itself"),
    ],
)
def test_a_response_that_is_no_object_is_named(store: str, what: str, expected: str) -> None:
    with pytest.raises(OSError) as raised:
        size_of(StorePlace.parse(f"{store}/{what}"))
    assert said(raised.value, f"{store}/{what}") == expected


@pytest.mark.parametrize(("what", "expected"), [("short", "broke off"), ("whole", "does not send parts of a file")])
def test_a_range_that_does_not_come_is_named(store: str, what: str, expected: str) -> None:
    with pytest.raises(OSError) as raised:
        read_range(StorePlace.parse(f"{store}/{what}"), 0, 100)
    assert expected in said(raised.value, f"{store}/{what}")


def test_a_store_that_is_off_or_hangs_is_named(store: str) -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        port = silent.getsockname()[1]
        place = StorePlace.parse(f"http://127.0.0.1:{port}/x")
        with pytest.raises(OSError) as raised:  # bound, and nobody listens
            size_of(place)
        assert said(raised.value, str(place)) == "nothing listens there: the store is off, or the port is wrong"
        silent.listen(5)
        with pytest.raises(OSError) as raised:
            size_of(place)
        assert said(raised.value, str(place)).startswith("no response in time")


def test_a_connection_that_is_closed_at_once_is_named(store: str) -> None:
    with pytest.raises(OSError) as raised:
        size_of(StorePlace.parse(f"{store}/closes"))
    assert said(raised.value, f"{store}/closes")


def test_the_query_of_a_signed_address_is_in_no_message() -> None:
    reason = reason_of(ValueError("could not read https://x.example/a?X-Amz-Signature=secret)"))
    assert (reason, "secret" in reason) == ("could not read https://x.example/a?…)", False)


def test_missing_credentials_are_named_as_such() -> None:
    text = "Generic S3 error: Error performing PUT http://169.254.169.254/latest/api/token - status code: 403 Forbidden"
    assert reason_of(OSError(text)).startswith("no credentials were found")
