"""Other archives, by their TimeMaps: used only where configured and last, and believed no further than they show."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from archive.capture.memento.timemap import TimeMapUnreadable, address, links, read_timemap
from archive.capture.settings import FetchSettings
from archive.errors import UsageProblem
from archive.fetch.fetch import plan
from archive.urls import parse
from archive.verify.run import verify
from archive_cli.main import main
from archive_manifests.ledger import from_json
from archive_manifests.notes import note
from tests.archive.systems.fetch_sources import Fetched, fetched
from tests.note_texts import text_of, texts_of
from tests.world import World, media_bytes
from tests.world.site import file, html
from tests.world.sites import all_sites, wayback
from tests.world.sites.vault import HOST, JSON, LINK, Copy, Vault

ARTICLE = "https://sn4hr.org/blog/2019/04/30/53633/"
PICTURE = "https://sn4hr.org/wp-content/ali.jpg"
PAGE = '<!DOCTYPE html><title>Ali Othman</title><h1>Statement on Ali Othman</h1><p>Arrested in Aleppo.</p><img src="/wp-content/ali.jpg">'
GOOD, LATER = html(PAGE), html(PAGE + "<!-- later -->")
HELD = (Copy("20210401080000", ARTICLE, GOOD), Copy("20210901080000", ARTICLE, LATER))
PARTS = (Copy("20210401080000", PICTURE, file(media_bytes.jpeg("ali"), "image/jpeg")),)


def gone(tmp_path: Path, *templates: str, mode: str = "ok", copies: tuple[Copy, ...] = (*HELD, *PARTS), **settings: Any) -> Fetched:
    """The article of a host that answers 410, that the Wayback Machine does not hold, and that the vault does."""
    world = World([*all_sites(), Vault(*copies)], {"sn4hr.org": "410", "snhr.org": "410"})
    world.sites[wayback.HOST].retained = []  # type: ignore[attr-defined]
    world.set_mode(HOST, mode)
    with world:
        return fetched(world, tmp_path, ARTICLE, timemaps=templates, tries=1, **settings)


def requested(made: Fetched) -> list[str]:
    return [url for url in made.urls() if HOST in url]


def test_no_other_archive_is_requested_unless_it_is_configured(tmp_path: Path) -> None:
    made = gone(tmp_path)
    assert made.verdict == ("gone", "not-found")
    assert (made.entry.memento_lookup, requested(made)) == ("none", [])


@pytest.mark.parametrize("template", [LINK, JSON], ids=["link-format", "json"])
def test_a_copy_that_another_archive_lists_is_stored_as_it_was_captured(tmp_path: Path, template: str) -> None:
    made = gone(tmp_path, template)
    entry, raw = made.entry, f"https://{HOST}/web/20210401080000id_/{ARTICLE}"
    assert made.verdict == ("memento", None)
    assert (entry.live.status, entry.live.reason) == ("gone", "not-found")
    assert entry.memento is not None
    assert (entry.memento.url, entry.memento.datetime, entry.memento.delta_days) == (raw, "2021-04-01T08:00:00Z", -50)
    copy = made.copy("memento")
    assert copy.holder == f"{HOST}, by its TimeMap"
    assert made.record(copy.records[0]).block == made.world.sent(raw)
    assert made.requisites() == {f"https://{HOST}/web/20210401080000id_/{PICTURE}": ("captured", None)}
    first, tie = made.notes("archive.memento/1")
    assert (first[1]["archive_host"], first[1]["outcome"]) == (wayback.HOST, "none")
    record, observed = tie
    assert record.headers["WARC-Refers-To"] == f"<{copy.records[-1]}>"
    assert (observed["original"], observed["memento"], observed["memento_datetime"]) == (ARTICLE, raw, "2021-04-01T08:00:00Z")
    assert observed["index_row"] == {"uri": f"https://{HOST}/web/20210401080000/{ARTICLE}", "datetime": "20210401080000"}
    assert observed["archive_host"] == HOST
    assert "a copy of vault.example is here" in text_of(entry.detail)
    assert [each for each in verify(made.bag).findings if each.severity == "error"] == []


def test_the_wayback_machine_is_requested_first_and_its_copy_is_enough(tmp_path: Path) -> None:
    with World([*all_sites(), Vault(*HELD)], {"sn4hr.org": "410", "snhr.org": "410"}) as world:
        world.sites[wayback.HOST].retained = [wayback.StoredCapture("20210101000000", ARTICLE, GOOD)]  # type: ignore[attr-defined]
        made = fetched(world, tmp_path, ARTICLE, timemaps=(LINK,))
    assert made.copy("memento").holder == "Internet Archive, Wayback Machine"
    assert requested(made) == []


def test_where_there_is_only_a_later_copy_it_is_said_to_be_after_the_report(tmp_path: Path) -> None:
    made = gone(tmp_path, LINK, copies=HELD[1:])
    assert made.entry.memento is not None and made.entry.memento.after_report
    assert "AFTER the report" in " ".join(texts_of(made.copy("memento").notes))


@pytest.mark.parametrize("mode", ["rewrites", "opaque"])
def test_a_copy_without_raw_bytes_is_stored_as_it_is_shown_and_said_so(tmp_path: Path, mode: str) -> None:
    made = gone(tmp_path, LINK, mode=mode)
    assert made.verdict == ("memento", None)
    shown = made.copy("memento").url or ""
    assert "id_" not in shown and made.record(made.copy("memento").records[-1]).block == made.world.sent(shown)
    assert any("its archive shows it, which may have rewritten it" in note for note in texts_of(made.entry.notes))


def test_the_pages_of_a_timemap_are_followed(tmp_path: Path) -> None:
    made = gone(tmp_path, LINK, mode="paged")
    assert made.verdict == ("memento", None)
    assert [url for url in requested(made) if "/page/" in url] == [f"https://{HOST}/page/{n}/{ARTICLE}" for n in (1, 2)]


@pytest.mark.parametrize(
    ("mode", "lookup", "said"),
    [
        ("looping", "error", "has more than 8 pages, of which the rest was not requested"),
        ("strangers", "error", "lists copies at hosts that were not configured: other-archive.example"),
        ("private", "error", "lists copies at hosts that were not configured: 169.254.169.254"),
        ("wrong-original", "error", f"responded with a TimeMap of https://elsewhere.example/, and not of {ARTICLE}"),
        ("wrong-copy", "none", "the archive calls it a copy of https://elsewhere.example/"),
        ("undated", "none", "the archive did not open it (status 200)"),
        ("other-moment", "none", "the archive showed another moment, 2019-01-01T00:00:00Z"),
        ("page", "error", "responded with a TimeMap that names no original"),
        ("nonsense", "error", "cannot be read: JSON: "),
        ("error", "error", "responded with status 503"),
    ],
)
def test_an_archive_that_lies_or_fails_is_reported_and_not_believed(
    tmp_path: Path, mode: str, lookup: str, said: str
) -> None:
    made = gone(tmp_path, LINK, mode=mode)
    assert made.verdict == ("gone", "not-found")
    assert made.entry.memento is None and "memento" not in [copy.kind for copy in made.entry.copies]
    assert made.entry.memento_lookup == lookup
    assert any(said in note for note in texts_of(made.entry.notes)), made.entry.notes
    assert len(requested(made)) < 20
    assert {url.split("/")[2] for url in made.urls()} <= {"sn4hr.org", "snhr.org", wayback.HOST, HOST}


def test_a_copy_that_leads_to_a_private_address_leads_nowhere(tmp_path: Path) -> None:
    made = gone(tmp_path, LINK, mode="moved")
    assert made.verdict == ("gone", "not-found")
    assert {url.split("/")[2] for url in requested(made)} == {HOST}


def test_a_timemap_of_many_megabytes_is_stored_whole_and_read_to_a_bound(tmp_path: Path) -> None:
    made = gone(tmp_path, LINK, mode="huge")
    assert made.verdict[0] in ("gone", "memento")
    record = next(record for record in made.records if record.type == "response" and "/timemap/link/" in record.uri)
    assert len(record.block) > 8 << 20
    assert len(requested(made)) < 40


def test_an_unpublished_report_requests_nothing_from_archives(tmp_path: Path) -> None:
    world = World([*all_sites(), Vault(*HELD)], {"sn4hr.org": "410", "snhr.org": "410"})
    with world:
        made = fetched(world, tmp_path, ARTICLE, report="published = false", timemaps=(LINK,))
    assert (made.entry.memento_lookup, requested(made), world.urls(wayback.HOST)) == ("not-requested", [], [])


def test_the_command_line_and_the_config_file_configure_it(tmp_path: Path) -> None:
    world = World([*all_sites(), Vault(*HELD, *PARTS)], {"sn4hr.org": "410", "snhr.org": "410"})
    world.sites[wayback.HOST].retained = []  # type: ignore[attr-defined]
    (tmp_path / "mine.toml").write_text(f'[fetch]\ntimemap = ["{LINK}"]\n')
    (tmp_path / "sources.toml").write_text(f'[report]\nid = "T1"\ndate = "2021-05-21"\n[[source]]\ncited = "{ARTICLE}"\n')
    words = ["fetch", str(tmp_path / "sources.toml"), "--delay", "0", "-q"]
    with world:
        for name, before, after in (("A", [], ["--timemap", LINK]), ("B", ["--config", str(tmp_path / "mine.toml")], [])):
            done = CliRunner().invoke(main, [*before, *words, "-o", str(tmp_path / name), *world.cli_args, *after])
            assert done.exit_code == 0, done.stderr
            observed = from_json((tmp_path / name / "data/sources.json").read_bytes())
            assert observed.conditions.memento_policy == note("memento-policy-others", hosts="vault.example")


@pytest.mark.parametrize("template", ["vault.example/{url}", "https://v.example/", "https://v.example/{+url}/{url}", "ftp://v/{url}", "https://v.example/{x}{url}"])
def test_what_is_no_template_is_wrong_usage(template: str) -> None:
    with pytest.raises(UsageProblem, match="not the address of an archive's TimeMaps"):
        FetchSettings(timemaps=(template,)).check()


def test_the_plan_names_the_archives_that_are_configured() -> None:
    report = Path("manifests/examples/R210517/report.txt")
    observed = "vault.example (only for sources that neither the live web nor the Wayback Machine gives: --timemap)"
    assert observed in plan(report, FetchSettings(timemaps=(LINK,))).third_parties
    assert observed not in plan(report, FetchSettings(timemaps=(LINK,), memento=False)).third_parties


def test_templates_are_filled_as_rfc_6570_says() -> None:
    url = parse("https://a.example/x?b=c&d=%D9%81")
    assert address(LINK, url).href == f"https://{HOST}/timemap/link/https://a.example/x?b=c&d=%D9%81"
    assert address(JSON, url).href == f"https://{HOST}/timemap/json?u=https%3A%2F%2Fa.example%2Fx%3Fb%3Dc%26d%3D%25D9%2581"


def test_the_example_of_the_standard_is_read() -> None:
    text = (
        '<http://a.example.org>;rel="original",\n <http://arxiv.example.net/timemap/http://a.example.org>\n'
        ' ; rel="self";type="application/link-format" ; from="Tue, 20 Jun 2000 18:02:59 GMT",\n'
        '<http://arxiv.example.net/web/20000620180259/http://a.example.org>;rel="first memento";'
        'datetime="Tue, 20 Jun 2000 18:02:59 GMT"; license="x",'
        "<http://arxiv.example.net/2,3>;rel=memento;datetime=\"not a time\""
    )
    found = read_timemap(text.encode(), parse("http://arxiv.example.net/timemap/x"))
    assert found.original == parse("http://a.example.org")
    assert [copy.url.href for copy in found.copies] == ["http://arxiv.example.net/web/20000620180259/http://a.example.org"]
    assert found.further_pages == ()
    assert [target for target, _ in links(text)][-1] == "http://arxiv.example.net/2,3"


@pytest.mark.parametrize(
    "content",
    [b"", b"\0\0", b"{}", b"[]", b'{"mementos": 1}', b"no", json.dumps({"original_uri": 1}).encode(), b"{" * 100_000],
)
def test_what_is_no_timemap_is_refused(content: bytes) -> None:
    with pytest.raises(TimeMapUnreadable):
        read_timemap(content, parse("https://v.example/"))


@pytest.mark.parametrize("content", [b"<" * 200_000, b"<a>;" * 100_000, b'<a>;rel="' * 50_000, b"<a>" + b" ;a=b" * 200_000])
def test_hostile_link_formats_are_read_in_no_time(content: bytes) -> None:
    import time

    began = time.process_time()
    assert read_timemap(content, parse("https://v.example/")).copies == ()
    assert time.process_time() - began < 2
