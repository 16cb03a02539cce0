"""WordPress: the number of a post is compared with the post that comes, and its own record says when it was changed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.archive.systems.fetch_sources import fetched
from tests.note_texts import text_of, texts_of
from tests.world import World
from tests.world.replies import Reply, Request
from tests.world.site import json as json_reply
from tests.world.sites import snhr

CONFESSIONS, SARA, DOUMA, KINSHIP = snhr.POSTS
API = f"{snhr.BASE}/wp-json/wp/v2/posts"


def test_a_shortlink_and_its_hop_and_the_posts_own_record_are_stored(world: World, tmp_path: Path) -> None:
    short = f"{snhr.BASE}/?p={SARA.id}"
    made = fetched(world, tmp_path, short)
    assert made.verdict == ("captured", None)
    assert [made.record(ident).uri for ident in made.entry.exchanges if "robots" not in made.record(ident).uri] == [
        short,
        SARA.url,
        f"{API}/{SARA.id}",
    ]
    assert made.entry.final_url == SARA.url
    assert "before the report of 2021-05-21" in " ".join(texts_of(made.entry.notes))


def test_a_post_that_was_changed_after_the_report_is_said_to_be(world: World, tmp_path: Path) -> None:
    made = fetched(world, tmp_path, KINSHIP.url)
    (note,) = [note for note in texts_of(made.entry.notes) if "last changed" in note]
    assert note.startswith("the post was last changed on 2022-03-04T05:06:07Z, after the report of 2021-05-21: ")


def test_a_shortlink_that_ends_at_another_post_is_gone(world: World, tmp_path: Path) -> None:
    world.set_mode(snhr.HOST, "guess")
    made = fetched(world, tmp_path, f"{snhr.BASE}/?p={KINSHIP.id}", memento=False)
    assert made.verdict == ("gone", "other-post")
    assert f"the report cites post {KINSHIP.id}, and post {CONFESSIONS.id} arrived" in text_of(made.entry.detail)
    assert f"{API}/{CONFESSIONS.id}" not in made.urls()


def test_attached_documents_come_with_the_post(world: World, tmp_path: Path) -> None:
    made = fetched(world, tmp_path, CONFESSIONS.url)
    documents = [each for each in made.entry.requisites if each.kind == "document"]
    assert len([each for each in documents if each.url.endswith(".pdf") and each.outcome == "captured"]) == 2


class Answering(snhr.SyrianNetwork):
    """The same site, with another answer for the API."""

    def __init__(self, reply: Reply) -> None:
        super().__init__()
        self._reply = reply

    def reply(self, request: Request) -> Reply:
        return self._reply if request.path.startswith("/wp-json/wp/") else super().reply(request)  # type: ignore[return-value]


@pytest.mark.parametrize(
    ("reply", "said"),
    [
        (json_reply('{"code":"rest_not_logged_in"}', 401), "WordPress's own record of it gave status 401"),
        (json_reply("[[[["), "last changed is unknown"),
        (json_reply("[]"), "last changed is unknown"),
        (json_reply('{"id": "53633"}'), "last changed is unknown"),
        (json_reply(json.dumps({"id": 53633, "modified_gmt": {"a": 1}})), None),
        (json_reply(json.dumps({"id": 53633, "modified_gmt": "yesterday\r\nX: y"})), None),
        (json_reply('{"id": 99, "modified_gmt": "2021-05-22T00:00:00"}'), "is of post 99, the page shows post 53633"),
    ],
    ids=["forbidden", "broken", "a list", "no number", "no date", "a hostile date", "another post"],
)  # fmt: skip
def test_an_interface_that_says_something_else_never_harms_the_capture(
    world: World, tmp_path: Path, reply: Reply, said: str | None
) -> None:
    world.sites[snhr.HOST] = Answering(reply)
    made = fetched(world, tmp_path, CONFESSIONS.url)
    assert made.verdict == ("captured", None)
    notes = " ".join(texts_of(made.entry.notes))
    assert said in notes if said else "last changed" not in notes


def test_an_interface_at_a_strangers_host_is_not_requested(world: World, tmp_path: Path) -> None:
    class Leading(snhr.SyrianNetwork):
        def reply(self, request: Request) -> Reply:
            said = super().reply(request)
            body = said.body.replace(b"https://sn4hr.org/wp-json/", b"https://www.coe.int/wp-json/")  # type: ignore[union-attr]
            headers = tuple((n, v) for n, v in said.headers if n != "Link")  # type: ignore[union-attr]
            from dataclasses import replace

            return replace(said, body=body, headers=headers)  # type: ignore[type-var]

    world.sites[snhr.HOST] = Leading()
    made = fetched(world, tmp_path, CONFESSIONS.url)
    assert made.verdict == ("captured", None)
    assert [url for url in made.urls("www.coe.int") if "wp-json" in url] == []


def test_the_interface_is_found_by_the_head_where_the_page_does_not_name_it(world: World, tmp_path: Path) -> None:
    class Silent(snhr.SyrianNetwork):
        def reply(self, request: Request) -> Reply:
            from dataclasses import replace

            said = super().reply(request)
            if not request.path.startswith("/blog/"):
                return said  # type: ignore[return-value]
            body = said.body.replace(b'rel="https://api.w.org/"', b'rel="x"').replace(b'"application/json"', b'"x"')  # type: ignore[union-attr]
            return replace(said, body=body)  # type: ignore[type-var]

    world.sites[snhr.HOST] = Silent()
    made = fetched(world, tmp_path, KINSHIP.url)
    assert f"{API}/{KINSHIP.id}" in made.urls()
