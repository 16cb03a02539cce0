"""Posts of Telegram, X, Facebook, Instagram and TikTok: what is had without an account, and what bars the rest."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from archive.systems.twitter import token
from tests.archive.systems.fetch_sources import fetched
from tests.note_texts import text_of, texts_of
from tests.world import World
from tests.world.replies import Reply, Request
from tests.world.site import html
from tests.world.site import json as json_reply
from tests.world.sites import social, telegram

MESSAGE = f"https://{telegram.HOST}/{telegram.CHANNEL}/{telegram.POST}"
TWEET = f"https://twitter.com/{social.USER}/status/{social.TWEET}"
QUOTED = f'[[source.citation]]\nfound_by = "person"\nanchor = {json.dumps(telegram.TEXT[:40], ensure_ascii=False)}'


# Telegram


def test_a_telegram_post_is_taken_by_its_widget_with_its_media(world: World, tmp_path: Path) -> None:
    made = fetched(world, tmp_path, MESSAGE)
    assert made.verdict == ("captured", None)
    assert made.entry.facets.media.present
    media = {f"https://{telegram.CDN}{path}" for path in (telegram.VIDEO, telegram.PHOTO, telegram.THUMB)}
    assert {url: made.requisites()[url] for url in media} == dict.fromkeys(media, ("captured", None))
    assert f"{MESSAGE}?embed=1&mode=tme" in made.urls()
    assert f"https://{telegram.HOST}/s/{telegram.CHANNEL}/{telegram.POST}" in made.urls()
    widget = next(copy for copy in made.entry.copies if "mode=tme" in (copy.url or ""))
    assert telegram.TEXT.encode() in _body(made.record(widget.records[-1]).block)


@pytest.mark.parametrize(("mode", "verdict"), [("gone", ("gone", "not-found")), ("closed", ("blocked", "login"))])
def test_a_telegram_post_that_is_not_shown_has_its_verdict(
    world: World, tmp_path: Path, mode: str, verdict: tuple[str, str]
) -> None:
    world.set_mode(telegram.HOST, mode)
    made = fetched(world, tmp_path, MESSAGE)
    assert made.verdict == verdict
    assert any("archive supply" in note for note in texts_of(made.entry.notes)) == (verdict[0] == "blocked")


def test_a_private_telegram_channel_is_a_wall(world: World, tmp_path: Path) -> None:
    made = fetched(world, tmp_path, f"https://{telegram.HOST}/c/1234567/89")
    assert made.verdict == ("blocked", "login")


def test_a_telegram_video_that_does_not_come_makes_the_post_partial(world: World, tmp_path: Path) -> None:
    world.set_mode(telegram.CDN, "reset")
    made = fetched(world, tmp_path, MESSAGE, tries=1)
    assert made.verdict == ("partial", "requisites")
    assert not made.entry.facets.media.present


# X


@pytest.mark.parametrize("host", ["twitter.com", "x.com", "mobile.twitter.com"])
def test_a_post_of_x_is_taken_by_its_syndication_with_its_video(world: World, tmp_path: Path, host: str) -> None:
    made = fetched(world, tmp_path, TWEET.replace("twitter.com", host) + "?s=20")
    assert made.verdict == ("captured", None)
    assert made.entry.facets.media.present
    assert made.requisites() == {
        f"https://pbs.twimg.com{social.PICTURE}": ("captured", None),
        f"https://video.twimg.com{social.VIDEO}": ("captured", None),
    }
    said = next(copy for copy in made.entry.copies if "tweet-result" in (copy.url or ""))
    assert json.loads(_body(made.record(said.records[-1]).block))["text"] == social.TEXT
    assert f"@{social.USER} on X" == made.entry.title


def test_a_deleted_post_of_x_is_gone_as_it_states_itself(world: World, tmp_path: Path) -> None:
    world.set_mode("x.com", "deleted")
    made = fetched(world, tmp_path, TWEET)
    assert made.verdict == ("gone", "not-found")
    assert text_of(made.entry.detail) == "X says: This Post was deleted."
    assert made.entry.memento_lookup == "none"


def test_a_post_that_x_gives_to_no_guest_is_a_wall_and_not_gone(world: World, tmp_path: Path) -> None:
    world.set_mode("x.com", "walled")
    made = fetched(world, tmp_path, TWEET)
    assert made.verdict == ("blocked", "login")
    assert any("archive supply" in note for note in texts_of(made.entry.notes))


class Saying(social.Twitter):
    """X with another word from its syndication."""

    def __init__(self, reply: Reply) -> None:
        super().__init__()
        self._reply = reply

    def _syndicated(self, request: Request) -> Reply:
        return self._reply


def _tombstone(text: str) -> Reply:
    return json_reply(json.dumps({"__typename": "TweetTombstone", "tombstone": {"text": {"text": text}}}))


@pytest.mark.parametrize(
    ("reply", "verdict"),
    [
        (_tombstone("Age-restricted adult content. Log in to view."), ("blocked", "login")),
        (_tombstone("This Post has been withheld in Syria"), ("blocked", "geo")),
        (_tombstone("This Post is from a suspended account."), ("gone", "not-found")),
        (json_reply('{"__typename": "TweetTombstone"}'), ("gone", "not-found")),
        (json_reply('{"__typename": "Tweet", "text": 7}'), ("partial", "hollow")),
        (json_reply("[" * 100_000), ("partial", "hollow")),
        (html("<h1>Try again</h1>", 500), ("partial", "hollow")),
    ],
    ids=["age", "withheld", "suspended", "wordless", "no text", "deep", "down"],
)
def test_what_x_says_in_a_posts_place_is_read(
    world: World, tmp_path: Path, reply: Reply, verdict: tuple[str, str]
) -> None:
    site = Saying(reply)
    for host in site.hosts:
        world.sites[host] = site
    made = fetched(world, tmp_path, TWEET, memento=False, tries=1)
    assert made.verdict == verdict


def test_hostile_media_of_a_post_harm_nothing(world: World, tmp_path: Path) -> None:
    odd = {"media_url_https": 3, "video_info": {"variants": [{"url": 1}]}}
    media = [None, 7, {"media_url_https": "javascript:x"}, odd]
    post = {"__typename": "Tweet", "text": "x", "user": [], "mediaDetails": media, "created_at": None}
    site = Saying(json_reply(json.dumps(post)))
    for host in site.hosts:
        world.sites[host] = site
    made = fetched(world, tmp_path, TWEET, memento=False)
    assert (made.verdict, made.requisites()) == (("captured", None), {})


@pytest.mark.parametrize(
    ("number", "expected"),
    [("1392569874563211264", "3divxxacg7a"), ("20", "6dq1a2xwd93"), ("1", "bhi2ay3f28n"), ("9" * 20, "6qen9jwl6qt")],
)
def test_the_token_is_what_a_browser_computes(number: str, expected: str) -> None:
    # ((Number(id) / 1e15) * Math.PI).toString(36).replace(/(0+|\.)/g, ""), run once in Node 18
    assert token(number) == expected


# Walls


def test_a_facebook_wall_leaves_the_embed_which_is_reported_as_such(world: World, tmp_path: Path) -> None:
    made = fetched(world, tmp_path, "https://www.facebook.com/snhr/posts/123?fbclid=x")
    assert made.verdict == ("partial", "hollow")
    assert "blocked (login)" in text_of(made.entry.detail)
    plugin = next(copy for copy in made.entry.copies if "/plugins/post.php" in (copy.url or ""))
    assert plugin.url == (
        "https://www.facebook.com/plugins/post.php"
        "?href=https%3A%2F%2Fwww.facebook.com%2Fsnhr%2Fposts%2F123&show_text=true"
    )
    assert any("archive supply" in note for note in texts_of(made.entry.notes))


@pytest.mark.parametrize(
    "text",
    [
        "This Facebook post is no longer available. It may have been removed.",
        "Log in to see",
        "",
        "See posts, photos and more on Facebook.<form id=login_form action=/login/><input name=email></form>",
    ],
)
def test_an_embed_that_shows_no_post_changes_nothing(world: World, tmp_path: Path, text: str) -> None:
    class Empty(social.Walled):
        def reply(self, request: Request) -> Reply:
            if request.path == "/plugins/post.php":
                return html(f"<!DOCTYPE html><title>Facebook</title><p>{text}</p>")
            return super().reply(request)

    site = Empty()
    for host in site.hosts:
        world.sites[host] = site
    made = fetched(world, tmp_path, "https://www.facebook.com/snhr/posts/123", memento=False)
    assert made.verdict == ("blocked", "login")


def test_a_wall_with_status_200_at_the_posts_own_address_is_a_wall(world: World, tmp_path: Path) -> None:
    class AtItsAddress(social.Walled):
        def reply(self, request: Request) -> Reply:
            loader = "<script type=application/json>{'queryName':'useCometLogInFormQuery'}</script>"
            return html(f"<!DOCTYPE html><html id=facebook><title>Facebook</title><body><div></div>{loader}")

    site = AtItsAddress()
    for host in site.hosts:
        world.sites[host] = site
    made = fetched(world, tmp_path, "https://www.facebook.com/snhr/posts/123", memento=False)
    assert (made.verdict, text_of(made.entry.detail)) == (
        ("blocked", "login"),
        "a sign-in page instead of the source: “Facebook”",
    )


def test_instagram_is_a_wall_with_advice(world: World, tmp_path: Path) -> None:
    made = fetched(world, tmp_path, "https://www.instagram.com/p/CPabcdefg/")
    assert made.verdict == ("blocked", "login")
    assert any("archive supply" in note for note in texts_of(made.entry.notes))
    assert "https://www.instagram.com/p/CPabcdefg/embed/captioned/" in made.urls()


@pytest.mark.parametrize(
    ("code", "verdict"),
    [("10204", ("gone", "not-found")), ("10222", ("blocked", "login")), ("0", ("partial", "media"))],
)
def test_tiktok_says_in_its_data_what_its_status_does_not(
    world: World, tmp_path: Path, code: str, verdict: tuple[str, str]
) -> None:
    class Clip(social.Walled):
        def reply(self, request: Request) -> Reply:
            if request.path == "/oembed":
                return json_reply('{"title": "After eight years", "author_name": "snhr", "thumbnail_url": 7}')
            found = super().reply(request)
            assert isinstance(found, Reply)
            return html(found.body.decode().replace("10204", code)) if request.path.startswith("/@") else found

    site = Clip()
    for host in site.hosts:
        world.sites[host] = site
    made = fetched(world, tmp_path, "https://www.tiktok.com/@snhr/video/6961", memento=False)
    assert made.verdict == verdict


@pytest.mark.parametrize(
    "said",
    [b"[" * 200_000, b'{"__typename":"Tweet","text":"' + b"x" * (5 << 20) + b'"}', b'{"__typename":"Tweet","text":7}'],
    ids=["nested", "long", "another type"],
)
def test_what_cannot_be_read_as_a_post_is_not_called_a_refusal(world: World, tmp_path: Path, said: bytes) -> None:
    class Odd(social.Twitter):
        def _syndicated(self, request: Request) -> Reply:
            return json_reply(said.decode())

    site = Odd()
    site.mode = "walled"
    world.sites |= dict.fromkeys(social.Twitter.hosts, site)
    made = fetched(world, tmp_path, TWEET, memento=False)
    assert made.verdict == ("partial", "hollow")
    assert "cannot be read as a post" in text_of(made.entry.detail)


def _body(block: bytes) -> bytes:
    """The body of a stored answer, read with Python's own client."""
    import gzip
    import http.client
    import io

    class Socket:
        def makefile(self, mode: str) -> io.BytesIO:
            return io.BytesIO(block)

    response = http.client.HTTPResponse(Socket(), method="GET")  # type: ignore[arg-type]
    response.begin()
    body = response.read()
    return gzip.decompress(body) if response.headers["Content-Encoding"] == "gzip" else body
