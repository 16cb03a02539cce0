"""A body in another coding than its head states, a redirect to no address, a cited string that is none: each by name."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from pathlib import Path

import pytest

from archive.verify.run import verify
from archive_manifests.ledger import Status, Verdict
from archive_manifests.notes import note
from tests.archive.systems.fetch_sources import Fetched, fetched
from tests.archive.verify.forged_bag import ForgedBag
from tests.world import World, media_bytes
from tests.world.replies import Reply, Request
from tests.world.site import Site

HOST = "codings.example.org"
PAGE = b"<!doctype html><title>Names</title><h1>Names</h1><p>%s</p>" % (b"They were taken at the bakery. " * 60)
PDF = media_bytes.pdf("Eleven names")
PACKED = gzip.compress(PAGE * 40, mtime=0)
FALSE, BROKEN, UNREAD = ("unreachable", "coding"), ("partial", "coding"), ("partial", "coding")
NOWHERE, TYPE = ("unreachable", "redirect-invalid"), "text/html; charset=utf-8"
WHOLE = ("captured", None)


def coded(coding: str, body: bytes, kind: str = TYPE) -> Reply:
    return Reply(200, body, kind, headers=(("Content-Encoding", coding),))


def moved(status: int, *location: str) -> Reply:
    return Reply(status, b"", "text/html", headers=tuple(("Location", where) for where in location))


def ranged(stated: str) -> Reply:
    """A 206 that nobody requested."""
    return Reply(206, PAGE, TYPE, headers=(("Content-Range", f"bytes {stated}"),))


CASES: dict[str, tuple[Reply, tuple[str, str | None]]] = {
    **{f"/{name}": (coded(name, PAGE), FALSE) for name in ("gzip", "x-gzip", "deflate", "br", "zstd")},
    **{f"/{name}.pdf": (coded(name, PDF, "application/pdf"), FALSE) for name in ("gzip", "deflate", "br", "zstd")},
    "/mark": (coded("gzip", b"\x1f\x8b" + PAGE), FALSE),
    "/broken": (coded("gzip", PACKED[:-8] + bytes(8)), BROKEN),
    "/brotli": (coded("br", b"\x0b\x02\x80hello\x03"), UNREAD),
    "/twice": (coded("gzip, gzip", gzip.compress(gzip.compress(PAGE, mtime=0), mtime=0)), ("captured", None)),
    "/charset": (coded("UTF-8", PAGE), ("captured", None)),
    "/styled": (Reply(200, PAGE + b'<link rel=stylesheet href="/style.css">', TYPE), ("partial", "requisites")),
    "/to-no-url": (moved(302, "http://[::1"), NOWHERE),
    "/to-nothing": (moved(301), NOWHERE),
    "/to-a-script": (moved(302, "javascript:alert(1)"), NOWHERE),
    "/to-a-file": (moved(307, "file:///etc/hostname"), NOWHERE),
    "/refreshed-to-a-script": (Reply(200, b"<meta http-equiv=refresh content='0; url=javascript:x'>" + PAGE, TYPE), WHOLE),
    "/choices": (moved(300, "/gzip"), NOWHERE),
    "/shown": (Reply(302, PAGE, TYPE), WHOLE),
    "/unchanged": (Reply(304, b"", None, framing="none"), ("unreachable", "empty")),
    "/part": (ranged(f"0-{len(PAGE) - 1}/{len(PAGE) + 1}"), ("partial", "truncated")),
    "/end": (ranged(f"1-{len(PAGE)}/*"), ("partial", "truncated")),
    "/all": (ranged(f"0-{len(PAGE) - 1}/{len(PAGE)}"), ("captured", None)),
    "/so-far": (ranged(f"0-{len(PAGE) - 1}/*"), ("captured", None)),
}
STYLE = coded("gzip", b"h1 { color: red }", "text/css")
ADDRESSES = {
    "http://[fe80::1%25eth0]/": Verdict(
        Status.NOT_ATTEMPTED, "private-address", note("zone-address", address="[fe80::1%25eth0]")
    ),
    "http://[fe80::1": Verdict(Status.NOT_ATTEMPTED, "invalid-address", note("not-a-url")),
    "ftp://files.example.org/a": Verdict(Status.NOT_ATTEMPTED, "scheme", note("not-web", scheme="ftp")),
}


class Codings(Site):
    hosts = (HOST,)

    def reply(self, request: Request) -> Reply:
        if request.target == "/style.css":
            return STYLE
        return CASES[request.target][0] if request.target in CASES else Reply(404, b"no", "text/plain")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Fetched]:
    with World([Codings()]) as world:
        cited = [f"https://{HOST}{target}" for target in CASES]
        yield fetched(world, tmp_path_factory.mktemp("codings"), *cited, *ADDRESSES, memento=False, tries=1)


@pytest.mark.parametrize("target", CASES)
def test_each_ends_in_the_verdict_that_names_why(made: Fetched, target: str) -> None:
    (entry,) = [one for one in made.entries if one.cited == f"https://{HOST}{target}"]
    assert (str(entry.status), entry.reason) == CASES[target][1]
    if entry.reason == "coding":
        assert entry.detail is not None
        assert entry.detail.facts == {"coding": dict(CASES[target][0].headers)["Content-Encoding"]}


def test_a_style_sheet_in_no_such_coding_is_missing(made: Fetched) -> None:
    (entry,) = [one for one in made.entries if one.cited.endswith("/styled")]
    assert [(one.outcome, one.reason) for one in entry.requisites] == [("failed", "coding")]


def test_what_an_invalid_redirect_states_is_shown(made: Fetched) -> None:
    (entry,) = [one for one in made.entries if one.cited.endswith("/to-no-url")]
    assert entry.detail == note("location-invalid", status=302, detail="http://[::1")


def test_the_page_of_a_redirect_to_nowhere_is_said_to_be_one(made: Fetched) -> None:
    (entry,) = [one for one in made.entries if one.cited.endswith("/shown")]
    assert (entry.http_status, entry.final_url) == (302, entry.cited)
    assert note("redirect-shown", status=302) in entry.notes
    assert not [one for other in made.entries if other is not entry for one in other.notes if one.code == "redirect-shown"]


def test_a_redirect_that_no_browser_follows_is_the_server_s_doing(made: Fetched) -> None:
    (entry,) = [one for one in made.entries if one.cited.endswith("/to-a-file")]
    assert entry.live.detail == note("location-not-web", status=307, scheme="file")


@pytest.mark.parametrize(("cited", "verdict"), ADDRESSES.items())
def test_what_cannot_be_requested_is_named(made: Fetched, cited: str, verdict: Verdict) -> None:
    (entry,) = [one for one in made.entries if one.cited == cited]
    assert entry.live == verdict


def test_the_bag_of_it_verifies(made: Fetched) -> None:
    assert [one for one in verify(made.bag).findings if one.severity == "error"] == []


def test_another_reason_for_what_was_not_requested_is_found(made: Fetched, tmp_path: Path) -> None:
    bag = ForgedBag.copy_of(made.bag, tmp_path / "T1")
    (entry,) = [one for one in made.entries if one.cited.startswith("ftp:")]
    forged = Verdict(Status.NOT_ATTEMPTED, "private-address", entry.live.detail)
    bag.set_source(entry.id, reason=forged.reason, live=forged)
    bag.seal_over()
    assert [one.code for one in verify(bag.path).findings if one.severity == "error"] == ["verdict-contradicted"]
