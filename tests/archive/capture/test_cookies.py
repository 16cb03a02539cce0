"""The user's cookies: only from a file that was given, only to whom they belong, and the ledger says so."""

from __future__ import annotations

from pathlib import Path

import pytest

from archive.capture.cookies import UserCookies
from archive.errors import UsageProblem
from archive.fetch.fetch import fetch
from archive.urls import parse
from tests.archive.capture.changing_server import answer, fetching
from tests.archive.fetch.test_pilot import responses, settings_for
from tests.world import World
from tests.world.failing_host import FAILING_HOSTS, failing_world, manifest

LINES = """# Netscape HTTP Cookie File
.faulty.example\tTRUE\t/\tFALSE\t4102444800\twide\t1
faulty.example\tFALSE\t/in\tFALSE\t4102444800\tnarrow\t2
faulty.example\tFALSE\t/\tTRUE\t4102444800\tsecret\t3
faulty.example\tFALSE\t/\tFALSE\t946684800\told\t4
#HttpOnly_faulty.example\tFALSE\t/\tFALSE\t0\tsession\t5
other.example\tFALSE\t/\tFALSE\t4102444800\tother\t6
"""


@pytest.fixture
def jar(tmp_path: Path) -> Path:
    path = tmp_path / "cookies.txt"
    path.write_text(LINES)
    return path


def names(cookies: UserCookies, url: str) -> set[str]:
    fields = dict(cookies.header(parse(url)))
    return {pair.partition("=")[0].strip() for pair in fields.get("Cookie", "").split(";")} - {""}


def test_each_cookie_goes_where_it_belongs_and_nowhere_else(jar: Path) -> None:
    cookies = UserCookies(jar)
    assert names(cookies, "http://faulty.example/") == {"wide", "session"}
    assert names(cookies, "http://faulty.example/in/side") == {"wide", "narrow", "session"}
    assert names(cookies, "https://faulty.example/") == {"wide", "secret", "session"}
    assert names(cookies, "http://www.faulty.example/") == {"wide"}
    assert names(cookies, "http://notfaulty.example/") == set()
    assert names(cookies, "http://faulty.example.evil.example/") == set()
    assert names(UserCookies(None), "http://faulty.example/") == set()


@pytest.mark.parametrize("content", [b"", b"no cookies here", b"\xff\xfe\x00", b"[cookies]\na = 1\n"])
def test_what_is_no_cookie_file_is_wrong_usage(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "cookies.txt"
    path.write_bytes(content)
    with pytest.raises(UsageProblem, match="not a cookie file in Netscape format"):
        UserCookies(path)
    with pytest.raises(UsageProblem, match="not a cookie file"):
        UserCookies(tmp_path / "nowhere.txt")


def test_they_are_sent_and_a_server_cannot_add_to_them(jar: Path, tmp_path: Path) -> None:
    sets = answer("200 OK", b"x", "Set-Cookie: wide=changed; Path=/", "Set-Cookie: added=1")
    with fetching(tmp_path, {"/a": (sets,), "/b": (answer(),)}, cookies=jar) as bench:
        bench.fetch("/a")
        bench.fetch("/b")
        sent = bench.server.said("/b")[0].request
        assert b"wide=1" in sent and b"added" not in sent and b"changed" not in sent
        assert jar.read_text() == LINES


def test_the_ledger_says_whether_cookies_of_the_user_took_part(jar: Path, tmp_path: Path) -> None:
    ordinary = FAILING_HOSTS[:1]
    (tmp_path / "sources.toml").write_text(manifest(ordinary), encoding="utf-8")
    for name, given in (("with", jar), ("without", None)):
        with failing_world(ordinary) as world:
            result = fetch(tmp_path / "sources.toml", tmp_path / name, settings_for(world, cookies=given))
            assert result.ledger.conditions.cookies is (given is not None)
            assert str(tmp_path) not in (result.bag / "data/sources.json").read_text()


def test_without_the_switch_no_request_of_a_whole_run_carries_a_cookie(world: World, tmp_path: Path) -> None:
    report = Path("manifests/examples/R210517/report.txt")
    result = fetch(report, tmp_path / "B", settings_for(world))
    # A video extractor keeps what the video's own site sets, for the length of one extraction.
    seen = [each for each in world.log if "youtube" not in each.host and "google" not in each.host]
    assert len(seen) > 30
    assert [each.url for each in seen if each.request.header("Cookie") or each.request.header("Authorization")] == []
    assert any(b"set-cookie" in block.lower() for blocks in responses(result.bag).values() for block in blocks)
