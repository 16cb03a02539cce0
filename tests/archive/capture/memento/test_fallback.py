"""Where the live web finally failed, the Wayback Machine's copy stands beside it, and says what it is."""

from __future__ import annotations

from pathlib import Path

import pytest

from archive.capture.settings import FetchSettings
from archive.errors import Interrupted, NotSound
from archive.fetch.fetch import fetch
from archive.progress import Progress
from archive_manifests.notes import Note
from tests.archive.systems.fetch_sources import (
    DATE,
    Fetched,
    assert_every_byte_is_stored,
    assert_every_id_is_there,
    fetched,
    stored,
)
from tests.note_texts import texts_of
from tests.world import World, media_bytes
from tests.world.replies import Reply
from tests.world.site import html, redirect
from tests.world.sites import faselhd, snhr, unwebtv, wayback
from tests.world.sites.wayback import StoredCapture

VIDEO = f"https://{faselhd.HOST}{faselhd.VIDEO}"
MEETING = f"http://{unwebtv.HOST}{unwebtv.OLD}"
ARCHIVE = f"https://{wayback.HOST}/web"
ARTICLE = "https://sn4hr.org/blog/2019/04/30/53633/"
GOOD = "<!DOCTYPE html><title>Statement</title><h1>Statement on Ali Othman</h1><p>Arrested in Aleppo in 2012.</p>"


def retained(world: World, *captures: StoredCapture) -> None:
    site = world.sites[wayback.HOST]
    assert isinstance(site, wayback.Wayback)
    site.retained = list(captures)


def capture_of(stamp: str, text: str = GOOD, url: str = ARTICLE, status: int = 200, **more: object) -> StoredCapture:
    return StoredCapture(stamp, url, html(text, status), **more)  # type: ignore[arg-type]


def gone(world: World, tmp_path: Path, *captures: StoredCapture, **settings: object) -> Fetched:
    """The article of a host that answers 410, with these captures in the archive."""
    world.set_mode("sn4hr.org", "410")
    retained(world, *captures)
    world.set_mode("snhr.org", "410")
    return fetched(world, tmp_path, ARTICLE, **settings)  # type: ignore[arg-type]


def test_the_nearest_good_copy_before_the_report_is_taken(world: World, tmp_path: Path) -> None:
    made = fetched(world, tmp_path, VIDEO)
    entry = made.entry
    address = f"{ARCHIVE}/20210402112000id_/{VIDEO}"
    assert made.verdict == ("memento", None)
    assert (str(entry.live.status), entry.live.reason) == ("blocked", "challenge")
    assert entry.memento_lookup == "found"
    assert entry.memento is not None
    assert (entry.memento.url, entry.memento.datetime) == (address, "2021-04-02T11:20:00Z")
    assert (entry.memento.delta_days, entry.memento.after_report) == (-49, False)
    copy = made.copy("memento")
    assert copy.holder == "Internet Archive, Wayback Machine"
    assert [made.record(ident).uri for ident in copy.records] == [address]
    assert world.sent(address) == made.record(copy.records[0]).block
    assert made.copy("live").status == entry.live.status
    assert entry.http_status == 403
    assert entry.title == "فيلم The Cave 2019 مترجم - فاصل إعلاني"


def test_copies_that_show_a_wall_or_do_not_open_are_passed_over_and_stored(world: World, tmp_path: Path) -> None:
    made = fetched(world, tmp_path, VIDEO)
    requested = [url for url in made.urls(wayback.HOST) if url.endswith(VIDEO)]
    stamps = ("20210518030405", "20210515070809", "20210402112000")
    assert requested == [f"{ARCHIVE}/{stamp}id_/{VIDEO}" for stamp in stamps]
    said = [note for note in texts_of(made.entry.notes) if "passed over" in note]
    assert len(said) == 2
    assert "2021-05-18T03:04:05Z" in said[0] and "Cloudflare" in said[0]
    assert "2021-05-15T07:08:09Z" in said[1] and "503" in said[1]


def test_a_metadata_record_ties_the_copy_to_the_cited_url(world: World, tmp_path: Path) -> None:
    made = fetched(world, tmp_path, VIDEO)
    ((record, observed),) = made.notes("archive.memento/1")
    copy = made.copy("memento")
    assert record.headers["WARC-Refers-To"] == f"<{copy.records[-1]}>"
    assert record.uri == ""
    assert observed["original"] == VIDEO
    assert observed["memento"] == copy.url
    assert observed["memento_datetime"] == "2021-04-02T11:20:00Z"
    assert observed["archive"] == "Internet Archive, Wayback Machine"
    assert observed["index_row"]["timestamp"] == "20210402112000"
    assert observed["index_row"]["original"] == VIDEO
    assert observed["delta_days"] == -49
    assert observed["rule"].startswith("nearest at or before the report's date")
    assert observed["because"] == {
        "live_status": "blocked",
        "live_reason": "challenge",
        "live_attempt": made.copy("live").records[-1],
    }
    assert made.record(observed["because"]["live_attempt"]).uri == VIDEO
    assert [made.record(ident).uri.partition("?")[0] for ident in observed["index_answers"]] == [
        f"https://{wayback.HOST}/cdx/search/cdx"
    ]
    assert [each["memento"][28:42] for each in observed["passed_over"]] == ["20210518030405", "20210515070809"]


def test_nothing_of_the_archive_is_recorded_as_an_answer_of_the_cited_server(world: World, tmp_path: Path) -> None:
    made = fetched(world, tmp_path, VIDEO)
    own = [record for record in made.records if record.type == "response" and faselhd.HOST in record.uri[:30]]
    assert [record.block for record in own if record.uri == VIDEO] == [world.sent(VIDEO)]
    assert all(b"Memento-Datetime" not in record.block for record in own)


def test_what_the_copy_needs_is_requested_of_the_archive_at_its_moment(world: World, tmp_path: Path) -> None:
    made = fetched(world, tmp_path, VIDEO)
    at = f"{ARCHIVE}/20210402112000id_/https://{faselhd.HOST}"
    blank = "/wp-content/themes/fasel/blank.gif"
    assert made.requisites() == {
        f"{at}{faselhd.SHEET}": ("captured", None),
        f"{at}{faselhd.POSTER}": ("captured", None),
        f"{at}{blank}": ("error", "http"),
        # The archive has it of 2019 only: it is no part of the page of 2021.
        f"{at}/wp-content/themes/fasel/bg.png": ("not-attempted", "drift"),
        f"{ARCHIVE}/20210402112000id_/https://player.faselhd.invalid/embed?id=1": ("error", "http"),
    }
    assert [url for url in made.urls() if "/20190816" in url] == []
    (spread,) = [note for note in made.entry.notes if note.code == "memento-joined"]
    assert spread.facts == {"when": "2021-03-30T22:15:00Z", "until": "2021-04-02T11:20:03Z"}
    assert [url for url in made.urls() if "fasel" in url and wayback.HOST not in url and url != VIDEO] == []


def test_without_a_copy_before_the_report_the_earliest_after_is_taken_and_reported(world: World, tmp_path: Path) -> None:
    made = fetched(world, tmp_path, MEETING)
    memento = made.entry.memento
    assert made.verdict == ("memento", None)
    assert memento is not None
    assert (memento.datetime, memento.delta_days, memento.after_report) == ("2021-06-01T09:30:01Z", 11, True)
    assert "AFTER the report" in " ".join(texts_of(made.copy("memento").notes))


def test_archived_redirects_are_followed_inside_the_archive_and_each_hop_is_stored(world: World, tmp_path: Path) -> None:
    made = fetched(world, tmp_path, MEETING)
    secure = f"https://{unwebtv.HOST}{unwebtv.OLD}"
    hops = [made.record(ident).uri for ident in made.copy("memento").records]
    assert hops == [
        f"{ARCHIVE}/20210601093000id_/{MEETING}",
        f"{ARCHIVE}/20210601093000id_/{secure}",
        f"{ARCHIVE}/20210601093001id_/{secure}",
    ]


def test_a_copy_of_the_day_of_the_report_is_not_after_it(world: World, tmp_path: Path) -> None:
    made = gone(world, tmp_path, capture_of("20210521235959"), capture_of("20210522000000", GOOD + "<p>changed"))
    memento = made.entry.memento
    assert memento is not None
    assert (memento.datetime, memento.delta_days, memento.after_report) == ("2021-05-21T23:59:59Z", 0, False)
    assert any("another content on 2021-05-22" in note for note in texts_of(made.entry.notes))


def test_an_older_copy_before_the_report_goes_before_a_nearer_one_after_it(world: World, tmp_path: Path) -> None:
    made = gone(world, tmp_path, capture_of("20190601000000"), capture_of("20210522000001"))
    assert made.entry.memento is not None
    assert made.entry.memento.datetime == "2019-06-01T00:00:00Z"
    assert any("far from the report's date: 720 days before" in note for note in texts_of(made.entry.notes))


def test_copies_behind_many_later_ones_are_still_found(world: World, tmp_path: Path) -> None:
    later = [capture_of(f"202105{22 + n // 24:02d}{n % 24:02d}0000") for n in range(60)]
    made = gone(world, tmp_path, capture_of("20180101000000"), *later)
    assert made.entry.memento is not None
    assert made.entry.memento.datetime == "2018-01-01T00:00:00Z"
    questions = [url for url in made.urls(wayback.HOST) if "/cdx/" in url]
    assert len(questions) == 2 and "&to=20210521235959&" in questions[1]


def test_a_report_without_a_date_gets_the_latest_copy_and_no_age(world: World, tmp_path: Path) -> None:
    made = gone(world, tmp_path, capture_of("20190601000000"), capture_of("20230601000000"), report="")
    memento = made.entry.memento
    assert memento is not None
    assert (memento.datetime, memento.delta_days, memento.after_report) == ("2023-06-01T00:00:00Z", None, False)


@pytest.mark.parametrize(
    "text",
    [
        '<html><head><title>Page not found</title></head><body class="error404"><h1>Page not found</h1>'
        "<p>The page you are looking for could not be found.</p></body></html>",
        '<html data-adblockkey="x"><script>window.park = "e30=";</script><p>sn4hr.org domain is for sale.</p></html>',
        "<html><head><title>Log in</title></head><body><p>You must log in to continue.</p>"
        '<form><input type="password" name="p"></form></body></html>',
        "",
    ],
    ids=["soft-404", "parked", "login", "empty"],
)
def test_a_worthless_copy_is_passed_over(world: World, tmp_path: Path, text: str) -> None:
    made = gone(world, tmp_path, capture_of("20210301000000"), capture_of("20210401000000", text))
    assert made.entry.memento is not None
    assert made.entry.memento.datetime == "2021-03-01T00:00:00Z"
    assert f"{ARCHIVE}/20210401000000id_/{ARTICLE}" in made.urls()


def test_a_hollow_copy_is_stored_and_changes_no_verdict(world: World, tmp_path: Path) -> None:
    shell = '<html><head><title>App</title></head><body><div id="root"></div><script src="/a.js"></script></body>'
    made = gone(world, tmp_path, capture_of("20210401000000", shell))
    entry = made.entry
    assert made.verdict == ("gone", "not-found")
    assert (entry.memento_lookup, str(made.copy("memento").status)) == ("found", "partial")
    assert entry.memento is not None and entry.memento.datetime == "2021-04-01T00:00:00Z"


def test_an_archive_that_holds_nothing_leaves_the_verdict_and_its_answer_is_stored(world: World, tmp_path: Path) -> None:
    world.set_mode(wayback.HOST, "empty")
    made = fetched(world, tmp_path, VIDEO)
    assert made.verdict == ("blocked", "challenge")
    assert (made.entry.memento_lookup, made.entry.memento) == ("none", None)
    ((record, observed),) = made.notes("archive.memento/1")
    assert (observed["outcome"], observed["listed"], observed["passed_over"]) == ("none", [], [])
    assert record.headers["WARC-Refers-To"] == f"<{observed['index_answers'][-1]}>"
    answers = [made.record(ident).uri for ident in observed["index_answers"]]
    assert answers and all("/cdx/search/cdx?" in uri for uri in answers)


def test_captures_of_errors_are_no_copies(world: World, tmp_path: Path) -> None:
    made = gone(world, tmp_path, capture_of("20210401000000", "<h1>Not Found</h1>", status=404))
    assert (made.verdict, made.entry.memento_lookup) == (("gone", "not-found"), "none")
    assert [url for url in made.urls(wayback.HOST) if "/web/" in url] == []


@pytest.mark.parametrize("mode", ["rate", "down", "garbage", "reset", "empty-json"])
def test_an_archive_that_fails_is_an_error_and_not_a_none(world: World, tmp_path: Path, mode: str) -> None:
    if mode == "empty-json":
        site = world.sites[wayback.HOST]
        site._index = lambda requested: html("<h1>Internal error</h1>")  # type: ignore[attr-defined]
    else:
        world.set_mode(wayback.HOST, mode)
    made = fetched(world, tmp_path, VIDEO, tries=2)
    assert (made.verdict, made.entry.memento_lookup) == (("blocked", "challenge"), "error")
    assert any(note.startswith("while looking for a copy: ") for note in texts_of(made.entry.notes))


def test_a_copy_that_only_fails_to_open_leaves_the_question_open(world: World, tmp_path: Path) -> None:
    made = gone(world, tmp_path, capture_of("20210401000000", opens=False))
    assert (made.verdict, made.entry.memento_lookup) == (("gone", "not-found"), "error")


def test_an_archive_that_is_down_is_left_alone_after_a_while(world: World, tmp_path: Path) -> None:
    world.set_mode("sn4hr.org", "410")
    world.set_mode("snhr.org", "410")
    world.set_mode(wayback.HOST, "rate")
    posts = [f"https://sn4hr.org/blog/2019/04/30/{number}/" for number in range(53600, 53612)]
    made = fetched(world, tmp_path, *posts, tries=1)
    assert {entry.memento_lookup for entry in made.entries} == {"error"}
    assert len(made.urls(wayback.HOST)) == 3


@pytest.mark.parametrize(
    ("settings", "report"),
    [
        ({"memento": False}, 'date = "2021-05-21"'),
        ({"third_parties": False}, 'date = "2021-05-21"'),
        ({}, 'date = "2021-05-21"\npublished = false'),
    ],
    ids=["no-memento", "no-third-parties", "not-published"],
)
def test_where_it_is_forbidden_the_archive_hears_nothing(
    world: World, tmp_path: Path, settings: dict[str, bool], report: str
) -> None:
    made = fetched(world, tmp_path, VIDEO, MEETING, report=report, **settings)
    assert [(str(entry.status), entry.memento_lookup) for entry in made.entries] == [
        ("blocked", "not-requested"),
        ("gone", "not-requested"),
    ]
    assert world.urls(wayback.HOST) == []


def test_the_archive_hears_nothing_of_what_the_live_web_gives(world: World, tmp_path: Path) -> None:
    made = fetched(world, tmp_path, snhr.POSTS[0].url, f"{snhr.BASE}/nothing.zip", "http://10.1.2.3/x", "ftp://a.example/")
    statuses = [(str(entry.status), entry.memento_lookup) for entry in made.entries]
    assert statuses == [
        ("captured", "not-requested"),
        ("gone", "none"),
        ("not-attempted", "not-requested"),
        ("not-attempted", "not-requested"),
    ]
    assert all("nothing.zip" in url for url in made.urls(wayback.HOST))


def test_names_of_a_private_network_are_nobody_elses_to_know(world: World, tmp_path: Path) -> None:
    made = fetched(world, tmp_path, "http://intranet/", "http://files.office.lan/a", "http://a.internal/b", ARTICLE)
    assert [entry.memento_lookup for entry in made.entries] == ["not-requested"] * 4
    assert world.urls(wayback.HOST) == []


def test_a_host_that_comes_back_in_the_second_pass_is_not_looked_up(world: World, tmp_path: Path) -> None:
    class Flaky(type(world.sites["sn4hr.org"])):  # type: ignore[misc]
        def answer(self, request):  # type: ignore[no-untyped-def]
            from tests.world.replies import Answer, Reset

            fails = "53633" in request.target and world.count("sn4hr.org", request.target) <= 3
            return Answer((Reset(),), keeps=False) if fails else super().answer(request)

    world.sites["sn4hr.org"] = Flaky()
    made = fetched(world, tmp_path, ARTICLE, tries=3)
    assert made.verdict == ("captured", None)
    assert world.urls(wayback.HOST) == []


def test_an_unreachable_host_is_looked_up_after_its_second_chance(world: World, tmp_path: Path) -> None:
    world.set_mode("sn4hr.org", "reset")
    world.set_mode("snhr.org", "reset")
    retained(world, capture_of("20210401000000"))
    made = fetched(world, tmp_path, ARTICLE, tries=2)
    assert made.verdict == ("memento", None)
    assert (str(made.entry.live.status), made.entry.live.reason) == ("unreachable", "reset")
    lookups = [index for index, url in enumerate(made.urls()) if wayback.HOST in url]
    tries = [index for index, url in enumerate(made.urls()) if url == ARTICLE]
    assert len(tries) == 4 and min(lookups) > max(tries)


def test_another_address_of_the_thing_is_looked_for_and_named(world: World, tmp_path: Path) -> None:
    short = f"{snhr.BASE}/?p=53633"
    stored_under = StoredCapture("20210401000000", short, redirect(ARTICLE))
    made = gone(world, tmp_path, stored_under, capture_of("20210401000005"))
    assert made.entry.memento is not None
    # The permalink is in the archive itself: no other address is requested.
    assert len([url for url in made.urls(wayback.HOST) if "/cdx/" in url]) == 1


def test_a_click_token_is_dropped_where_the_archive_knows_only_the_clean_address(world: World, tmp_path: Path) -> None:
    world.set_mode("www.coe.int", "410")
    retained(world, capture_of("20210401000000", url="https://www.coe.int/en/web/portal/-/prize"))
    made = fetched(world, tmp_path, "https://www.coe.int/en/web/portal/-/prize?fbclid=IwAR1")
    assert made.verdict == ("memento", None)
    assert any("under another address, https://www.coe.int/en/web/portal/-/prize:" in note for note in texts_of(made.entry.notes))


def test_the_archives_silent_step_to_another_moment_is_refused(world: World, tmp_path: Path) -> None:
    class Lying(wayback.Wayback):
        def _index(self, requested):  # type: ignore[no-untyped-def]
            ghost = capture_of("20210401000000")
            self.retained = [*self.retained, ghost]
            try:
                return super()._index(requested)
            finally:
                self.retained.remove(ghost)

    world.set_mode("sn4hr.org", "410")
    world.set_mode("snhr.org", "410")
    world.sites[wayback.HOST] = Lying()
    retained(world, capture_of("20160101000000", opens=True, status=404), capture_of("20160101000001", status=404))
    made = fetched(world, tmp_path, ARTICLE)
    assert (made.verdict, made.entry.memento_lookup) == (("gone", "not-found"), "none")
    (note,) = [note for note in texts_of(made.entry.notes) if "passed over" in note]
    assert "another moment, 2016-01-01" in note


def test_a_copy_that_says_of_itself_that_it_is_of_another_moment_is_refused(world: World, tmp_path: Path) -> None:
    class Lying(wayback.Wayback):
        def _memento(self, request):  # type: ignore[no-untyped-def]
            return html(GOOD, headers=(("Memento-Datetime", "Wed, 01 Jan 2020 00:00:00 GMT"),))

    world.set_mode("sn4hr.org", "410")
    world.set_mode("snhr.org", "410")
    world.sites[wayback.HOST] = Lying()
    retained(world, capture_of("20210401000000"))
    made = fetched(world, tmp_path, ARTICLE)
    assert (made.verdict, made.entry.memento) == (("gone", "not-found"), None)
    assert any("another moment, 2020-01-01" in note for note in texts_of(made.entry.notes))


def test_a_copy_of_a_year_to_come_is_not_taken_and_none_is_verified(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = gone(world, tmp_path, capture_of("89980101000000"))
    assert (made.verdict, made.entry.memento_lookup) == (("gone", "not-found"), "error")
    assert "the archive dates it 8998-01-01T00:00:00Z, after it was requested" in " ".join(texts_of(made.entry.notes))
    monkeypatch.setattr("archive.capture.memento.open_capture.is_to_come", lambda *_: False)
    (tmp_path / "forged").mkdir()
    with pytest.raises(NotSound, match=r"\(memento-contradicted"):
        gone(world, tmp_path / "forged", capture_of("89980101000000"))


def test_a_page_that_claims_to_be_a_copy_without_memento_datetime_is_none(world: World, tmp_path: Path) -> None:
    class Bare(wayback.Wayback):
        def _memento(self, request):  # type: ignore[no-untyped-def]
            return html(GOOD)

    world.set_mode("sn4hr.org", "410")
    world.set_mode("snhr.org", "410")
    world.sites[wayback.HOST] = Bare()
    retained(world, capture_of("20210401000000"))
    made = fetched(world, tmp_path, ARTICLE)
    assert (made.verdict, made.entry.memento) == (("gone", "not-found"), None)


def test_redirects_in_the_archive_that_lead_round_in_a_circle_end(world: World, tmp_path: Path) -> None:
    other = f"{snhr.BASE}/other/"
    there, back = StoredCapture("20210401000000", ARTICLE, redirect(other)), StoredCapture("20210401000000", other, redirect(ARTICLE))
    made = gone(world, tmp_path, there, back)
    assert (made.verdict, made.entry.memento) == (("gone", "not-found"), None)
    causes = [note.facts["why"] for note in made.entry.notes if note.code == "memento-passed-over"]
    assert "memento-circle" in [cause.code for cause in causes if isinstance(cause, Note)]


def test_a_redirect_of_before_the_report_that_leads_to_a_page_of_after_it_is_passed_over(
    world: World, tmp_path: Path
) -> None:
    other = f"{snhr.BASE}/other/"
    made = gone(
        world, tmp_path,
        capture_of("20210301000000"), StoredCapture("20210520000000", ARTICLE, redirect(other)), capture_of("20210525000000", url=other),
    )  # fmt: skip
    assert made.entry.memento is not None
    assert made.entry.memento.datetime == "2021-03-01T00:00:00Z"


def test_a_resumed_run_requests_only_what_was_not_requested(world: World, tmp_path: Path) -> None:
    class Stop(Progress):
        def stage(self, code: str, **facts: object) -> None:
            if code == "looking-for-copies":
                raise KeyboardInterrupt

    manifest = tmp_path / "sources.toml"
    manifest.write_text(f'[report]\nid = "T1"\ndate = "{DATE}"\n\n[[source]]\ncited = "{VIDEO}"\n\n', encoding="utf-8")
    settings = FetchSettings(connect_to=tuple(world.connect_to), cacerts=(Path(world.ca_file),), delay=0.0)
    with pytest.raises(Interrupted):
        fetch(manifest, tmp_path / "T1", settings, progress=Stop())
    assert world.urls(wayback.HOST) == []
    result = fetch(manifest, tmp_path / "T1", settings)
    (entry,) = result.ledger.sources
    assert (str(entry.status), entry.memento_lookup) == ("memento", "found")
    assert world.count(faselhd.HOST, faselhd.VIDEO) == 1
    made = Fetched(world, result.bag, [entry], stored(result.bag))
    assert_every_byte_is_stored(made)
    assert_every_id_is_there(made)


def test_a_document_is_taken_as_the_document_that_it_was(world: World, tmp_path: Path) -> None:
    document, address = media_bytes.pdf("Statement"), f"{snhr.BASE}/wp-content/uploads/2019/04/Statement_en.pdf"
    retained(world, StoredCapture("20210401000000", address, Reply(200, document, "application/pdf")))
    made = fetched(world, tmp_path, address)
    assert made.verdict == ("memento", None)
    assert made.record(made.copy("memento").records[-1]).block.endswith(b"\r\n\r\n" + document)
    assert (made.entry.requisites, made.entry.facets.source_code.present) == ((), True)


def test_a_page_that_the_archive_shows_in_a_documents_place_is_passed_over(world: World, tmp_path: Path) -> None:
    address = f"{snhr.BASE}/wp-content/uploads/2019/04/Statement_en.pdf"
    retained(world, capture_of("20210401000000", url=address))
    made = fetched(world, tmp_path, address)
    assert (made.verdict, made.entry.memento_lookup) == (("gone", "not-found"), "none")


def test_the_words_that_the_report_quotes_are_looked_for_in_the_copy(world: World, tmp_path: Path) -> None:
    world.set_mode("sn4hr.org", "410")
    retained(world, capture_of("20210401000000"))
    for quote, found in (("Statement on Ali Othman", "yes"), ("Nothing of this sort is said", "no")):
        folder = tmp_path / found
        folder.mkdir()
        made = fetched(world, folder, ARTICLE, source=f'quote = "{quote}"', third_parties=True)
        assert made.entry.quote_found == found
        world.log.clear()
