"""No response that one server can think of keeps the bag with the other sources from being finished."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from archive.capture.settings import FetchSettings
from archive.fetch.fetch import fetch
from archive.verify.run import verify
from archive_manifests.ledger import SourceEntry
from tests.world import World
from tests.world.replies import Answer, Reply, Request
from tests.world.site import Site, html

HONEST = "honest.example.org"
PAGE = b"<html><head><title>Events</title></head><body><p>%s</p></body></html>" % (b"What happened in the town. " * 40)


def head(start: bytes, *fields: bytes, body: bytes = PAGE) -> bytes:
    return b"\r\n".join([start, *fields, b"Content-Type: text/html", b"Content-Length: %d" % len(body), b"", body])


def led(*fields: bytes) -> bytes:
    return head(b"HTTP/1.1 302 Found", *fields, body=b"")


def ok(*fields: bytes, body: bytes = PAGE) -> bytes:
    return head(b"HTTP/1.1 200 OK", *fields, body=body)


CASES: dict[str, tuple[bytes, tuple[str, str | None]]] = {
    "credentials": (led(b"Location: http://user:pw@credentials.example/shown"), ("captured", None)),
    "status-000": (head(b"HTTP/1.1 000 x"), ("unreachable", "not-http")),
    "status-099": (head(b"HTTP/1.1 099 x"), ("unreachable", "not-http")),
    "status-600": (head(b"HTTP/1.1 600 x"), ("unreachable", "server-error")),
    "status-999": (head(b"HTTP/1.1 999 x"), ("blocked", "challenge")),
    "wait": (head(b"HTTP/1.1 503 x", b"Retry-After: 999999999"), ("blocked", "rate")),
    "reason": (head(b"HTTP/1.1 200 \x01\x7f\x00\x1b[2J\xff"), ("captured", None)),
    "long-edge": (led(b"Location: /" + b"a" * 1_048_440), ("unreachable", "redirect-invalid")),
    "long-escaped": (led(b"Location: /" + b"\xc3\xa9" * 400_000), ("unreachable", "redirect-invalid")),
    "no-text": (led(b"Location: /\xff\xfe\x00"), ("gone", "not-found")),
    "refresh": (ok(b"Refresh: 0; url=/" + b"\xc3\xa9" * 400_000), ("captured", None)),
    "requisite": (ok(body=PAGE + b'<img src="/' + "é".encode() * 30_000 + b'">'), ("captured", None)),
    "base": (ok(body=b'<base href="/' + b"x" * 65_000 + b'/"><img src="' + b"y" * 900 + b'">' + PAGE), ("captured", None)),
    "long-cookie": (ok(b"Set-Cookie: a=" + b"v" * 1_000_000), ("captured", None)),
    "many-fields": (ok(*[b"X-%d: y" % number for number in range(50_000)]), ("captured", None)),
    "nul-and-fold": (ok(b"X: \x00\x01", b"Y: a\r\n\tb", b"\x00: z"), ("captured", None)),
}  # fmt: skip
"""What a server sends as its page, and the verdict on that."""
FLOOD = "flood.example"


class HostileServers(Site):
    """Each host sends one thing that no server should."""

    hosts = (HONEST, FLOOD, *(f"{name}.example" for name in CASES))

    def __init__(self) -> None:
        super().__init__()
        self.numbers = itertools.count()

    def reply(self, request: Request) -> Reply | Answer:
        name = request.host.partition(".")[0]
        if request.target == "/robots.txt":
            return Reply(404, b"no", "text/plain")
        if request.host == FLOOD:
            cookies = [f"c{next(self.numbers)}={'v' * 900}" for _ in range(200)]
            fields = ("Location", "/page"), *(("Set-Cookie", cookie) for cookie in cookies)
            return Reply(302, b"", "text/html", headers=fields)
        if request.target == "/page" and name in CASES:
            return Answer((CASES[name][0],), keeps=False)
        return html(PAGE.decode()) if request.target in ("/page", "/shown") else self.not_found(request)


@dataclass
class Made:
    """One bag of an honest source and all hostile ones: `fetch` verifies it before it finishes it."""

    world: World
    entries: dict[str, SourceEntry]

    def verdict(self, host: str) -> tuple[str, str | None]:
        entry = self.entries[f"http://{host}/page"]
        return str(entry.status), entry.reason


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Made]:
    folder = tmp_path_factory.mktemp("hostile")
    with World([HostileServers()]) as world:
        tables = "".join(f'[[source]]\ncited = "http://{host}/page"\n' for host in HostileServers.hosts)
        (folder / "sources.toml").write_text(f'[report]\nid = "T1"\ndate = "2021-05-21"\n\n{tables}', encoding="utf-8")
        trusted = (Path(world.ca_file),)
        settings = FetchSettings(
            connect_to=tuple(world.connect_to), cacerts=trusted, delay=0.0, memento=False, browser=False, tries=1
        )
        result = fetch(folder / "sources.toml", folder / "T1", settings)
        assert {each.code for each in verify(result.bag).findings if each.severity == "error"} == set()
        yield Made(world, {entry.cited: entry for entry in result.ledger.sources})


def test_an_honest_source_is_captured_beside_hostile_servers(made: Made) -> None:
    assert made.verdict(HONEST) == ("captured", None)


@pytest.mark.parametrize("name", CASES)
def test_what_a_hostile_server_sends_is_judged(made: Made, name: str) -> None:
    assert made.verdict(f"{name}.example") == CASES[name][1]


def test_a_user_name_and_a_password_in_a_redirect_are_not_sent(made: Made) -> None:
    (shown,) = [seen.request for seen in made.world.requested("credentials.example") if seen.target == "/shown"]
    assert (shown.header("Authorization"), shown.host) == ("", "credentials.example")


def test_cookies_are_stored_and_sent_up_to_a_limit(made: Made) -> None:
    assert made.verdict(FLOOD) == ("unreachable", "redirect-loop")
    sent = [len(seen.request.header("Cookie")) for seen in made.world.requested(FLOOD) if seen.target == "/page"]
    assert 0 < max(sent) <= 64 << 10
