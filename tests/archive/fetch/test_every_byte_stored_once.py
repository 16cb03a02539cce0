"""Every way in which bytes can come, in one run of the pilot: what the world got and sent, and what the WARC has."""

from __future__ import annotations

import importlib.util
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from archive.cite import read_report, source_manifest
from archive.verify.run import verify
from archive_cli.main import main
from archive_manifests.ledger import from_json
from archive_manifests.source_toml import to_toml
from tests.archive.systems.fetch_sources import Fetched, assert_every_byte_is_stored, assert_every_id_is_there, stored
from tests.world import World, media_bytes
from tests.world.sites import all_sites, drive, unwebtv, vault, wayback
from tests.world.sites.vault import Copy, Vault
from tests.world.sites.youtube_player import MEDIA_HOST

REPORT = Path("manifests/examples/R210517/report.txt")
MEETING = f"http://{unwebtv.HOST}{unwebtv.OLD}"
SUPPLIED = '\nsupplied = [ { path = "shot.png", how = "seen in Firefox" } ]\n'


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Fetched]:
    """The pilot with videos, copies of two archives, a file behind a question, a submission and a person's own file."""
    folder = tmp_path_factory.mktemp("every-path")
    (folder / "shot.png").write_bytes(media_bytes.png("the video page"))
    text = to_toml(source_manifest(read_report(REPORT)))
    at = text.index("\n", text.index('cited = "https://www.faselhd.pro'))
    (folder / "sources.toml").write_text(text[:at] + SUPPLIED + text[at + 1 :], "utf-8")
    held = Copy("20210420000000", MEETING, unwebtv_page())
    with World([*all_sites(), Vault(held)], {drive.HOST: "virus"}) as world:
        site = world.sites[wayback.HOST]
        assert isinstance(site, wayback.Wayback)
        site.retained = [retained for retained in site.retained if unwebtv.HOST not in retained.original]
        words = ["fetch", str(folder / "sources.toml"), "-o", str(folder / "B"), "--delay", "0", "-q", *world.cli_args]
        done = CliRunner().invoke(main, [*words, "--submit-wayback", "--timemap", vault.LINK])
        assert done.exit_code in (0, 1), done.stderr
        entries = list(from_json((folder / "B/data/sources.json").read_bytes()).sources)
        yield Fetched(world, folder / "B", entries, stored(folder / "B"))


def unwebtv_page() -> object:
    from tests.world.site import html

    return html(unwebtv.OLD_PAGE)


def test_every_path_was_really_taken(made: Fetched) -> None:
    urls = made.world.urls()
    parts = ["/cdx/search/cdx", "/web/20210402112000id_/", "/save", "/save/status/", "vault.example/timemap/link/"]
    parts += ["vault.example/web/20210420000000id_/", "confirm=t", "/wp-json/wp/v2/posts/", "/robots.txt", "fbclid="]
    if importlib.util.find_spec("yt_dlp") is not None:
        parts += [MEDIA_HOST, "/youtubei/v1/player"]
    assert [part for part in parts if not any(part in url for url in urls)] == []
    kinds = {copy.kind for entry in made.entries for copy in entry.copies}
    assert kinds == {"live", "memento", "supplied"}
    assert {made.entries[6].status, made.entries[4].status} == {"memento"}


def test_whatever_the_world_sent_is_in_the_warc_once_and_nothing_else(made: Fetched) -> None:
    assert_every_byte_is_stored(made)
    assert_every_id_is_there(made)


def test_whatever_was_requested_is_in_the_warc_as_it_was_requested(made: Fetched) -> None:
    """Method, target, fields and body: a POST too, and each asking for a part of a video."""
    requested = Counter((seen.url, seen.method, seen.request.body, seen.request.header("Range")) for seen in made.world.requested())
    retained = Counter(_request(record.uri, record.block) for record in made.records if record.type == "request")
    assert sorted((requested - retained).elements()) == sorted((retained - requested).elements()) == []
    assert sum(method == "POST" for _, method, _, _ in requested.elements()) >= 8


def _request(uri: str, block: bytes) -> tuple[str, str, bytes, str]:
    head, _, body = block.partition(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    fields = dict(line.split(": ", 1) for line in lines)
    method, target, _ = first.split(" ")
    assert uri.endswith(target) and uri.split("/")[2] == fields["Host"]
    return uri, method, body, fields.get("Range", "")


def test_the_bag_of_it_all_is_sound_and_nobody_else_was_requested(made: Fetched) -> None:
    assert [finding.code for finding in verify(made.bag).findings if finding.severity == "error"] == []
    assert made.world.strays == []
