"""robots.txt: requested and stored wherever a page is requested, obeyed only where the user says so."""

from __future__ import annotations

from pathlib import Path

import pytest

from archive.capture.fetcher import PAGE
from tests.archive.capture.changing_server import Bench, Script, answer, fetching
from tests.world.cases.redirects import to
from tests.world.replies import Close

NO = answer("200 OK", b"User-agent: *\nDisallow: /secret\n", "Content-Type: text/plain")


def pages(robots: Script) -> dict[str, tuple[Script, ...]]:
    return {"/robots.txt": (robots,), "/secret/a": (answer(),), "/open": (answer(),)}


def retained(bench: Bench, target: str) -> list[bytes]:
    uri = str(bench.url(target))
    return [r.block for r in bench.rig.records() if r.type == "response" and r.get("WARC-Target-URI") == uri]


def test_it_is_stored_once_a_host_and_not_obeyed_unless_the_user_says_so(tmp_path: Path) -> None:
    with fetching(tmp_path, pages(NO)) as bench:
        first, second = bench.fetch("/secret/a", kind=PAGE), bench.fetch("/open", kind=PAGE)
        assert (first.status, second.status) == (200, 200)
        assert retained(bench, "/robots.txt") == bench.server.answers("/robots.txt") == [NO[0]]
        assert len(first.earlier) == 1 and second.earlier == ()
        assert bench.turns.times[0][1] == "/robots.txt"


def test_it_is_obeyed_where_the_user_says_so_and_what_was_left_is_recorded(tmp_path: Path) -> None:
    with fetching(tmp_path, pages(NO), obey_robots=True) as bench:
        refused = bench.fetch("/secret/a", kind=PAGE)
        assert (refused.failure.stage, refused.failure.reason) == ("policy", "robots")
        assert bench.fetch("/open", kind=PAGE).status == 200
        assert bench.turns.requested("/secret/a") == []
        record = next(record for record in bench.rig.records() if record.name == refused.answer)
        assert record.observed["failure"]["message"].startswith("the host's robots.txt forbids programs to fetch it")


def test_requisites_are_left_alone_too_where_it_is_obeyed(tmp_path: Path) -> None:
    with fetching(tmp_path, pages(NO), obey_robots=True) as bench:
        assert bench.fetch("/secret/a").failure.reason == "robots"
        assert len(bench.turns.requested("/robots.txt")) == 1


@pytest.mark.parametrize(
    ("robots", "is_allowed"),
    [
        (answer("404 Not Found"), True),
        (answer("403 Forbidden", b"User-agent: *\nDisallow: /"), True),
        (answer("200 OK", b""), True),
        (answer("200 OK", b"<html>We have no such file</html>"), True),
        (answer("200 OK", b"\xff\xfe\x00garbage\x00" * 100), True),
        (answer("200 OK", b"User-agent: *\nDisallow: /\n"), False),
        (answer("200 OK", b"\xef\xbb\xbfUser-agent: *\r\nDisallow: /\r\n"), False),
        (answer("500 Oops"), False),
        (answer("503 Busy"), False),
        ((b"garbage", Close()), True),
        ((Close(),), True),
        (answer("200 OK", b"User-agent: SomeoneElse\nDisallow: /\n"), True),
        (answer("200 OK", b"User-agent: *\nDisallow: /\nAllow: /open\n"), True),
    ],
    ids=["404", "403", "empty", "page", "junk", "no", "no-bom", "500", "503", "no-http", "closed", "other", "but"],
)
def test_what_a_missing_or_broken_file_means(tmp_path: Path, robots: Script, is_allowed: bool) -> None:
    with fetching(tmp_path, pages(robots), obey_robots=True) as bench:
        recorded = bench.fetch("/open", kind=PAGE)
        assert (recorded.status == 200) is is_allowed
        assert len(recorded.earlier) >= 1  # the robots.txt, or how it failed


def test_a_redirect_of_it_is_followed_by_who_means_to_obey(tmp_path: Path) -> None:
    by_target = {**pages((to(b"/elsewhere.txt"),)), "/elsewhere.txt": (NO,)}
    with fetching(tmp_path / "obeys", by_target, obey_robots=True) as bench:
        refused = bench.fetch("/secret/a", kind=PAGE)
        assert refused.failure.reason == "robots"
        assert len(refused.earlier) == 2
    with fetching(tmp_path / "keeps", by_target) as bench:
        assert bench.fetch("/secret/a", kind=PAGE).status == 200
        assert bench.turns.requested("/elsewhere.txt") == []


def test_a_redirect_in_a_circle_forbids_nothing(tmp_path: Path) -> None:
    with fetching(tmp_path, pages((to(b"/robots.txt"),)), obey_robots=True) as bench:
        assert bench.fetch("/open", kind=PAGE).status == 200


def test_a_huge_file_is_stored_whole_and_read_in_part(tmp_path: Path) -> None:
    huge = b"User-agent: *\nDisallow: /secret\n" + b"# padding\n" * 80_000
    with fetching(tmp_path, pages(answer("200 OK", huge)), obey_robots=True) as bench:
        assert bench.fetch("/secret/a", kind=PAGE).failure.reason == "robots"
        assert retained(bench, "/robots.txt")[0].endswith(huge)
