"""Cookies that responses set on the way to a source are sent on the same way, and nowhere else. (RFC 6265)"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from archive.verify.run import verify
from tests.archive.systems.fetch_sources import fetched
from tests.note_texts import text_of
from tests.world import World
from tests.world.replies import Reply, Request
from tests.world.site import Site

WALL, BOUNCE, LOOP = "wall.example.org", "bounce.example.org", "loop.example.org"
PAGE = b"<html><head><title>Events</title></head><body><p>%s</p></body></html>" % (b"What happened in the town. " * 40)


class CookieWalls(Site):
    """Pages that are shown to whoever sends the cookie back."""

    hosts = (WALL, BOUNCE, LOOP)

    def reply(self, request: Request) -> Reply:
        if request.target in ("/page", "/other") and request.header("Cookie"):
            return Reply(200, PAGE, "text/html; charset=utf-8") if request.host != LOOP else self._sent(1)
        match request.host, request.target:
            case (_, "/robots.txt"):
                return Reply(404, b"no", "text/plain")
            case ("wall.example.org", _):
                return self._sent(1, to=request.target)
            case ("bounce.example.org", "/session"):
                return self._sent(42)
            case ("bounce.example.org", _):
                return Reply(302, b"", "text/html", headers=(("Location", "/session"),))
            case _:
                return self._sent(1)

    @staticmethod
    def _sent(value: int, to: str = "/page") -> Reply:
        return Reply(302, b"", "text/html", headers=(("Location", to), ("Set-Cookie", f"seen={value}; path=/")))


def sent(world: World, host: str) -> list[tuple[str, str]]:
    """The targets that were requested of a host, robots.txt and probes aside, with the cookies of each request."""
    known = ("/page", "/session")
    return [(seen.target, seen.request.header("Cookie")) for seen in world.requested(host) if seen.target in known]


@pytest.fixture
def walls() -> Iterator[World]:
    with World([CookieWalls()]) as world:
        yield world


def test_a_redirect_to_itself_that_sets_a_cookie_is_followed_with_the_cookie(walls: World, tmp_path: Path) -> None:
    made = fetched(walls, tmp_path, f"https://{WALL}/page", f"https://{BOUNCE}/page", memento=False)
    assert [str(entry.status) for entry in made.entries] == ["captured", "captured"]
    assert sent(walls, WALL) == [("/page", ""), ("/page", "seen=1")]
    assert sent(walls, BOUNCE) == [("/page", ""), ("/session", ""), ("/page", "seen=42")]
    assert {finding.code for finding in verify(made.bag).findings if finding.severity == "error"} == set()


def test_a_cookie_that_changes_nothing_leaves_a_loop_a_loop(walls: World, tmp_path: Path) -> None:
    made = fetched(walls, tmp_path, f"https://{LOOP}/page", memento=False, tries=1)
    assert made.verdict == ("unreachable", "redirect-loop")
    assert text_of(made.entry.detail) == f"redirected in a circle to https://{LOOP}/page"
    assert walls.count(LOOP, "/page") == 2


def test_the_cookies_of_one_source_are_not_sent_for_another(walls: World, tmp_path: Path) -> None:
    fetched(walls, tmp_path, f"https://{WALL}/page", f"https://{WALL}/other", memento=False)
    first = [seen for seen in walls.requested(WALL) if seen.target == "/other"]
    assert [seen.request.header("Cookie") for seen in first] == ["", "seen=1"]
