"""Cited addresses are requested once, by command: what is gone, back or changed is entered with its date."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace
from sqlalchemy import insert, select

from archive.audit.add import add_bags
from archive.audit.catalogue.copies import Custody
from archive.audit.catalogue.database import CatalogueDatabase
from archive.audit.catalogue.schema import bag_copy, citation
from archive.audit.catalogue.schema import event as events
from archive.audit.watch.run import WatchResult, watch_bags
from archive.audit.watch.visit import Seen, change_between, watch_limits
from archive.errors import UsageProblem
from archive.net import ClientSettings, HttpClient
from tests.archive.audit.conftest import Inline
from tests.archive.verify.sample_bags import make_bag

NOW = datetime(2026, 11, 22, 10, tzinfo=UTC)
PAGE = ("text/html", b"<html><title>A &amp; B</title><p>at %d</p>")


class Site:
    """Pages by path: status, type, body; every request is noted."""

    def __init__(self) -> None:
        self.pages: dict[str, tuple[int, str, bytes]] = {}
        self.requests: list[str] = []
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                site.requests.append(self.path)
                status, kind, body = site.pages.get(self.path, (404, "text/plain", b"gone"))
                self.send_response(status)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(body)))
                if 300 <= status < 400:
                    self.send_header("Location", "https://elsewhere.example/")
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *arguments: Any) -> None: ...

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.server.server_port}{path}"


@pytest.fixture
def site() -> Iterator[Site]:
    running = Site()
    yield running
    running.server.shutdown()


@pytest.fixture
def bag(catalogue: CatalogueDatabase, engine: Inline, tmp_path: Path, site: Site) -> str:
    """A bag whose ledger cites four addresses of the site, one of them gone when it was captured."""
    place = make_bag(tmp_path / "R1")
    add_bags(catalogue, [str(place)], Custody(), engine)
    site.pages = {"/a": (200, *PAGE), "/b.pdf": (200, "application/pdf", b"%PDF-1"), "/c": (301, "text/html", b"")}
    with catalogue.writing() as connection:
        (bag_id,) = connection.execute(select(bag_copy.c.bag_id)).scalars()
        for number, (path, status) in enumerate((("/a", "captured"), ("/b.pdf", "captured"), ("/c", "partial"), ("/d", "gone")), 1):
            row = {"bag_id": bag_id, "source": f"s{number:02}", "cited": site.url(path), "pages": "", "status": status}
            connection.execute(insert(citation), [row | {"request_url": None}])
    return str(place)


def round_of(catalogue: CatalogueDatabase, bag: str, now: datetime = NOW, **more: Any) -> WatchResult:
    client = HttpClient(ClientSettings(limits=watch_limits(), allow_private=True))
    try:
        return watch_bags(catalogue, [bag] if bag else [], client, pause=0.0, now=lambda: now, **more)
    finally:
        client.close()


def observed(result: WatchResult) -> dict[str, str | None]:
    return {one.source: one.change for one in result.visits}


def test_each_source_is_requested_once_and_what_changed_is_entered(catalogue: CatalogueDatabase, bag: str, site: Site) -> None:
    first = round_of(catalogue, bag)
    assert observed(first) == {"s01": None, "s02": None, "s03": None, "s04": None}
    assert sorted(site.requests) == ["/a", "/b.pdf", "/c", "/d"]
    site.pages |= {"/a": (200, "text/html", b"<title>A & B</title> another day"), "/b.pdf": (200, "application/pdf", b"%PDF-2")}
    site.pages |= {"/d": (200, "text/plain", b"back")}
    del site.pages["/c"]
    second = round_of(catalogue, bag)
    assert observed(second) == {"s01": None, "s02": "changed", "s03": "gone", "s04": "back"}
    assert (second.exit_code, first.exit_code) == (1, 0)
    assert observed(round_of(catalogue, bag)) == {"s01": None, "s02": None, "s03": None, "s04": None}
    with catalogue.reading() as connection:
        outcomes = connection.execute(select(events.c.outcome).where(events.c.type == "watched").order_by(events.c.seq))
        assert list(outcomes.scalars())[4:8] == ["responds", "changed", "gone", "back"]


def test_a_server_that_keeps_us_out_says_nothing_about_the_thing(catalogue: CatalogueDatabase, bag: str, site: Site) -> None:
    round_of(catalogue, bag)
    before = dict(site.pages)
    site.pages = dict.fromkeys(("/a", "/b.pdf", "/c", "/d"), (403, "text/html", b"no"))
    refused = round_of(catalogue, bag)
    assert ({one.seen.state for one in refused.visits}, refused.changes) == ({"refused"}, ())
    site.pages = before
    assert round_of(catalogue, bag).changes == ()


def test_only_what_is_due_is_requested_and_nothing_by_itself(catalogue: CatalogueDatabase, bag: str, site: Site) -> None:
    assert round_of(catalogue, "", only_due=True).visits == ()
    assert site.requests == []
    round_of(catalogue, bag, every_days=30)
    assert round_of(catalogue, "", only_due=True, now=NOW + timedelta(days=29)).visits == ()
    assert len(round_of(catalogue, "", only_due=True, now=NOW + timedelta(days=31)).visits) == 4
    assert len(site.requests) == 8


def test_a_bag_without_addresses_cannot_be_watched(sqlite: CatalogueDatabase, engine: Inline, tmp_path: Path) -> None:
    place = make_bag(tmp_path / "R1")
    add_bags(sqlite, [str(place)], Custody(), engine)
    with pytest.raises(UsageProblem, match="names no web address"):
        round_of(sqlite, str(place))


def test_nobody_can_be_reached_without_a_server(catalogue: CatalogueDatabase, bag: str, site: Site) -> None:
    site.server.shutdown()
    site.server.server_close()
    result = round_of(catalogue, bag)
    assert ({one.seen.state for one in result.visits}, result.exit_code) == ({"unreachable"}, 3)


def test_a_new_title_or_a_new_redirect_is_a_change() -> None:
    seen = Seen("responds", 200, title="A")
    assert change_between(seen.facts(), seen) is None
    assert change_between(seen.facts(), replace(seen, title="B")) == "changed"
    assert change_between(seen.facts(), replace(seen, location="https://x.example/", title=None)) == "changed"
    assert change_between(None, seen) is None
    assert change_between({"state": "responds"}, seen) is None
