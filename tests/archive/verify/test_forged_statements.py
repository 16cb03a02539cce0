"""Every statement of a bag, forged alone with all manifests rewritten, is found, and the source is named."""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from msgspec.structs import replace

from archive.capture.settings import FetchSettings
from archive.errors import NotSound
from archive.fetch.fetch import fetch
from archive.verify.files import forked
from archive.verify.run import verify
from archive.verify.sources import all_sources as derived_sources
from archive.warc.new_record import warc_date
from archive.words.notes import with_text
from archive_cli.main import main
from archive_manifests import custody
from archive_manifests.custody import Event
from archive_manifests.findings import Finding
from archive_manifests.ledger import Facet, Facets, Memento, Requisite, SourceEntry, Status, Submission, Verdict
from archive_manifests.notes import Note, note
from archive_manifests.source_toml import from_toml, to_toml
from archive_manifests.sources import PassedOver
from tests.archive.fetch.test_pilot import settings_for
from tests.archive.verify.forged_bag import EVENTS, LEDGER, ForgedBag
from tests.world import World

PAGE, REDIRECTED, VIDEO, SERVED, BLOCKED, OTHER, FILE = "s01", "s02", "s03", "s04", "s05", "s06", "s09"
"""A page, one behind a redirect, a video, a page that serves files, a wall with a memento, another page, a file behind
a viewer."""


@dataclass(frozen=True, slots=True)
class Attack:
    """One forged statement, and what must be found."""

    forge: Callable[[ForgedBag], object]
    codes: frozenset[str]
    """At least one of these is found."""
    source: str | None
    """The source that is named; None where the statement is of no source."""
    leave: tuple[str, ...] = ()
    """Generated files that the forger leaves as they are."""
    manifests_only: bool = False


ATTACKS: dict[str, Attack] = {}


def attack(
    *codes: str, source: str | None = None, leave: tuple[str, ...] = (), manifests_only: bool = False
) -> Callable[[Callable[[ForgedBag], object]], Callable[[ForgedBag], object]]:
    def add(forge: Callable[[ForgedBag], object]) -> Callable[[ForgedBag], object]:
        ATTACKS[forge.__name__] = Attack(forge, frozenset(codes), source, leave, manifests_only)
        return forge

    return add


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The pilot's bag, captured from the loopback internet, mementos and videos included."""
    bag = tmp_path_factory.mktemp("sound") / "R210517"
    with World() as world:
        settings = FetchSettings(connect_to=tuple(world.connect_to), cacerts=(Path(world.ca_file),), delay=0.0)
        fetch(Path("manifests/examples/R210517/report.txt"), bag, settings)
    return bag


# Files


@attack("file-contradicted", source=VIDEO)
def a_video_replaced_while_its_record_holds_the_true_bytes(bag: ForgedBag) -> None:
    path = f"data/media/{VIDEO}/video.mp4"
    bag.write(path, bag.read(path).swapcase())


@attack("file-contradicted", source=FILE)
def a_downloaded_file_replaced(bag: ForgedBag) -> None:
    path = f"data/media/{FILE}/file.jpg"
    bag.write(path, bag.read(path)[::-1])


@attack("file-contradicted", source=VIDEO)
def the_subtitles_replaced(bag: ForgedBag) -> None:
    path = f"data/media/{VIDEO}/subtitles.en.vtt"
    bag.write(path, bag.read(path).replace(b"the", b"teh"))


@attack("file-unexplained", source=VIDEO)
def a_stray_file_in_the_media_of_a_source(bag: ForgedBag) -> None:
    bag.write(f"data/media/{VIDEO}/leaked.mp4", b"nobody captured this")


@attack("file-unexplained", source=VIDEO)
def a_stray_file_that_the_ledger_claims(bag: ForgedBag) -> None:
    bag.write(f"data/media/{VIDEO}/leaked.mp4", b"nobody captured this")
    files = (*bag.copy(VIDEO, "live").files, f"data/media/{VIDEO}/leaked.mp4")
    bag.set_copy(VIDEO, "live", files=files)


@attack("file-unexplained")
def a_stray_file_in_a_folder_of_no_source(bag: ForgedBag) -> None:
    bag.write("data/media/s99/leaked.mp4", b"nobody captured this")


@attack("file-unexplained")
def a_stray_file_at_the_top_of_the_payload(bag: ForgedBag) -> None:
    bag.write("data/statement.pdf", b"%PDF-1.4 signed by nobody")


@attack("file-unexplained")
def a_second_report(bag: ForgedBag) -> None:
    bag.write("data/report/original-2.txt", b"another report")


# Sources


def _erase(bag: ForgedBag, source: str, *, records: bool) -> None:
    ledger = bag.ledger
    gone = bag.entry(source)
    left = [entry for entry in ledger.sources if entry.id != source]
    bag.ledger = replace(ledger, sources=tuple(left))
    for file in {file for copy in gone.copies for file in copy.files}:
        (bag.path / file).unlink()
    folder = bag.path / "data/media" / source
    if folder.is_dir():
        folder.rmdir()
    if records:
        (bag.path / f"data/archive/{source}.warc.gz").unlink()
        bag.relog()


@attack("citation-unlisted", source=FILE)
def the_last_source_erased_with_its_captures(bag: ForgedBag) -> None:
    _erase(bag, FILE, records=True)
    manifest = bag.read("data/report/sources.toml").decode()
    tables = re.split(r"\n(?=\[\[source\]\])", manifest)
    bag.write("data/report/sources.toml", "\n".join(tables[:-1]).encode())


@attack("manifest-contradicted", source=OTHER)
def a_source_left_out_of_the_source_manifest(bag: ForgedBag) -> None:
    manifest = bag.read("data/report/sources.toml").decode()
    cited = bag.entry(OTHER).cited
    tables = [table for table in re.split(r"\n(?=\[\[source\]\])", manifest) if cited not in table]
    bag.write("data/report/sources.toml", "\n".join(tables).encode())


@attack("address-contradicted", source=PAGE)
def the_captures_of_two_sources_exchanged(bag: ForgedBag) -> None:
    one, other = bag.entry(PAGE), bag.entry(OTHER)
    statement = ("id", "cited", "citations", "dedup_key", "graphic")
    bag.set_source(PAGE, **{n: getattr(other, n) for n in other.__slots__ if n not in statement})
    bag.set_source(OTHER, **{n: getattr(one, n) for n in one.__slots__ if n not in statement})


@attack("address-contradicted", source=PAGE)
def the_captures_of_two_sources_exchanged_but_for_the_requested_address(bag: ForgedBag) -> None:
    one, other = bag.entry(PAGE), bag.entry(OTHER)
    statement = ("id", "cited", "citations", "dedup_key", "graphic", "request_url")
    bag.set_source(PAGE, **{n: getattr(other, n) for n in other.__slots__ if n not in statement})
    bag.set_source(OTHER, **{n: getattr(one, n) for n in one.__slots__ if n not in statement})


@attack("citation-unlisted", source=PAGE)
def a_cited_string_changed(bag: ForgedBag) -> None:
    bag.set_source(PAGE, cited=bag.entry(PAGE).cited + "?")


@attack("citation-contradicted", source=PAGE)
def a_citation_moved_to_another_page(bag: ForgedBag) -> None:
    (first, *rest) = bag.entry(PAGE).citations
    bag.set_source(PAGE, citations=(replace(first, page=6), *rest))


# Verdicts


def _relabel(bag: ForgedBag, source: str, status: Status, reason: str | None) -> None:
    detail = note("file-cut")
    verdict = Verdict(status, reason, detail)
    absent = Facet(False, note("source-is", verdict=str(status)))
    entry = bag.entry(source)
    copies = tuple(replace(c, status=status, notes=(detail,)) if c.kind == "live" else c for c in entry.copies)
    facets = replace(entry.facets, source_code=absent, media=absent)
    bag.set_source(source, status=status, reason=reason, detail=detail, live=verdict, copies=copies, facets=facets)


@attack("verdict-contradicted", source=PAGE)
def a_captured_source_called_gone(bag: ForgedBag) -> None:
    _relabel(bag, PAGE, Status.GONE, "soft-404")


@attack("verdict-contradicted", source=PAGE)
def a_captured_source_called_blocked(bag: ForgedBag) -> None:
    _relabel(bag, PAGE, Status.BLOCKED, "challenge")


@attack("verdict-contradicted", source=PAGE)
def a_captured_source_called_unreachable(bag: ForgedBag) -> None:
    _relabel(bag, PAGE, Status.UNREACHABLE, "timeout")


@attack("verdict-contradicted", source=PAGE)
def a_captured_source_called_not_attempted(bag: ForgedBag) -> None:
    _relabel(bag, PAGE, Status.NOT_ATTEMPTED, "robots")


@attack("verdict-contradicted", source=PAGE)
def a_captured_source_called_partial(bag: ForgedBag) -> None:
    _relabel(bag, PAGE, Status.PARTIAL, "hollow")


@attack("verdict-contradicted", source=VIDEO)
def a_captured_video_called_gone(bag: ForgedBag) -> None:
    _relabel(bag, VIDEO, Status.GONE, "not-found")


@attack("verdict-contradicted", source=VIDEO)
def a_whole_video_called_partial_for_its_media(bag: ForgedBag) -> None:
    _call_partial(bag, "media", None)


@attack("verdict-contradicted", source=VIDEO)
def a_whole_video_called_partial_by_policy(bag: ForgedBag) -> None:
    _call_partial(bag, "policy", None)


@attack("verdict-contradicted", source=VIDEO)
def a_video_that_is_here_called_left_out(bag: ForgedBag) -> None:
    _call_partial(bag, "policy", note("video-left-out"))


def _call_partial(bag: ForgedBag, reason: str, detail: Note | None) -> None:
    """Relabel the video alone: its files and what is said of its media stay."""
    verdict = Verdict(Status.PARTIAL, reason, detail)
    said = () if detail is None else (detail,)
    copies = tuple(replace(copy, status=verdict.status, notes=said) for copy in bag.entry(VIDEO).copies)
    bag.set_source(VIDEO, status=verdict.status, reason=reason, detail=detail, live=verdict, copies=copies)


@attack("verdict-contradicted", source=FILE)
def a_captured_file_called_blocked(bag: ForgedBag) -> None:
    _relabel(bag, FILE, Status.BLOCKED, "login")


@attack("verdict-contradicted", source=BLOCKED)
def a_challenge_page_called_captured(bag: ForgedBag) -> None:
    entry = bag.entry(BLOCKED)
    live = replace(bag.copy(BLOCKED, "live"), status=Status.CAPTURED, notes=())
    bag.set_source(
        BLOCKED,
        status=Status.CAPTURED,
        detail=None,
        live=Verdict(Status.CAPTURED),
        copies=(live,),
        memento=None,
        memento_lookup="not-requested",
        exchanges=tuple(live.records),
        requisites=(),
        facets=replace(entry.facets, source_code=Facet(True)),
    )


@attack("verdict-contradicted", source=BLOCKED)
def a_failed_live_web_called_good_beside_its_memento(bag: ForgedBag) -> None:
    bag.set_source(BLOCKED, live=Verdict(Status.CAPTURED))


@attack("verdict-contradicted", source=PAGE)
def a_reason_in_words_that_nothing_bears_out(bag: ForgedBag) -> None:
    bag.set_source(PAGE, detail=note("file-cut"))


@attack("verdict-contradicted", source=REDIRECTED)
def a_status_code_changed(bag: ForgedBag) -> None:
    bag.set_source(REDIRECTED, http_status=203)


# Addresses


@attack("address-contradicted", source=PAGE)
def an_invented_final_address(bag: ForgedBag) -> None:
    url = "https://sn4hr.org/another-page/"
    bag.set_copy(PAGE, "live", url=url)
    bag.set_source(PAGE, final_url=url)


@attack("address-contradicted", source=REDIRECTED)
def a_redirect_left_out(bag: ForgedBag) -> None:
    entry = bag.entry(REDIRECTED)
    responses = {r.id: r for r in bag.records if r.type == "response"}
    hop = next(n for n in entry.exchanges if responses[n].uri == entry.request_url)
    bag.set_copy(REDIRECTED, "live", records=tuple(n for n in bag.copy(REDIRECTED, "live").records if n != hop))
    bag.set_source(REDIRECTED, exchanges=tuple(name for name in entry.exchanges if name != hop))


@attack("address-contradicted", source=PAGE)
def another_requested_address(bag: ForgedBag) -> None:
    bag.set_source(PAGE, request_url="https://sn4hr.org/")


@attack("address-contradicted", source=PAGE)
def another_key_of_equal_addresses(bag: ForgedBag) -> None:
    bag.set_source(PAGE, dedup_key="org,sn4hr)/")


@attack("record-unexplained", source=OTHER)
def an_exchange_that_no_source_owns_up_to(bag: ForgedBag) -> None:
    entry = bag.entry(OTHER)
    live = bag.copy(OTHER, "live").records
    others = [name for name in entry.exchanges if name not in live]
    bag.set_source(OTHER, exchanges=tuple(name for name in entry.exchanges if name != others[0]))


# Times


@attack("time-contradicted", source=PAGE)
def the_time_of_a_copy_in_another_year(bag: ForgedBag) -> None:
    bag.set_copy(PAGE, "live", taken=bag.copy(PAGE, "live").taken.replace("20", "19", 1))


@attack("time-contradicted", source=PAGE)
def the_start_of_a_capture_in_another_year(bag: ForgedBag) -> None:
    bag.set_source(PAGE, started=(bag.entry(PAGE).started or "").replace("20", "19", 1))


@attack("time-contradicted", source=PAGE)
def the_start_of_a_capture_a_minute_earlier(bag: ForgedBag) -> None:
    started = bag.entry(PAGE).started or ""
    minute = (int(started[14:16]) - 1) % 60
    bag.set_source(PAGE, started=f"{started[:14]}{minute:02d}{started[16:]}")


@attack("time-contradicted", source=PAGE)
def the_end_of_a_capture_in_another_year(bag: ForgedBag) -> None:
    bag.set_source(PAGE, ended=(bag.entry(PAGE).ended or "").replace("20", "19", 1))


@attack("time-contradicted")
def the_start_of_the_run_in_another_year(bag: ForgedBag) -> None:
    bag.ledger = replace(bag.ledger, started=bag.ledger.started.replace("20", "19", 1))


@attack("time-contradicted")
def the_end_of_the_run_in_another_year(bag: ForgedBag) -> None:
    bag.ledger = replace(bag.ledger, ended=bag.ledger.ended.replace("20", "19", 1))


@attack("event-contradicted", source=PAGE, leave=(EVENTS,))
def a_custody_event_in_another_year(bag: ForgedBag) -> None:
    bag.set_events(lambda es: [replace(e, time=e.time.replace("20", "19", 1)) if PAGE in e.objects else e for e in es])


@attack("event-contradicted", source=PAGE, leave=(EVENTS,))
def a_custody_event_left_out(bag: ForgedBag) -> None:
    bag.set_events(lambda events: [event for event in events if PAGE not in event.objects])


@attack("event-contradicted", leave=(EVENTS,))
def a_custody_event_invented(bag: ForgedBag) -> None:
    bag.set_events(lambda es: [es[0], replace(es[0], type="validation", detail="a court has seen this bag"), *es[1:]])


# Contents


@attack("title-contradicted", source=PAGE)
def an_invented_title(bag: ForgedBag) -> None:
    bag.set_source(PAGE, title="The ministry confesses")


@attack("title-contradicted", source=PAGE)
def a_title_left_out(bag: ForgedBag) -> None:
    bag.set_source(PAGE, title=None)


@attack("text-contradicted")
def words_appended_to_the_text_of_the_report(bag: ForgedBag) -> None:
    bag.write("data/report/text.txt", bag.read("data/report/text.txt") + b"\nThe authors withdraw this report.\n")


@attack("quote-contradicted", source=PAGE)
def a_quotation_called_found(bag: ForgedBag) -> None:
    found = bag.entry(PAGE).quote_found
    bag.set_source(PAGE, quote_found="no" if found != "no" else "yes")


@attack("facet-contradicted", source=PAGE)
def an_appearance_that_nobody_saw(bag: ForgedBag) -> None:
    bag.set_source(PAGE, facets=replace(bag.entry(PAGE).facets, appearance=Facet(True)))


@attack("facet-contradicted", source=OTHER)
def media_that_are_not_there(bag: ForgedBag) -> None:
    facets = bag.entry(OTHER).facets
    bag.set_source(OTHER, facets=replace(facets, media=Facet(not facets.media.present, None)))


@attack("requisite-unlisted", source=PAGE)
def a_requisite_left_out(bag: ForgedBag) -> None:
    entry = bag.entry(PAGE)
    bag.set_source(PAGE, requisites=entry.requisites[1:])


@attack("requisite-invented", source=PAGE)
def a_requisite_invented(bag: ForgedBag) -> None:
    entry = bag.entry(PAGE)
    more = replace(entry.requisites[0], url="https://sn4hr.org/invented.png", record=None, outcome="not-attempted")
    bag.set_source(PAGE, requisites=(*entry.requisites, replace(more, reason="policy")))


@attack("note-contradicted", source=FILE)
def a_note_in_other_words(bag: ForgedBag) -> None:
    first, *rest = bag.entry(FILE).notes
    bag.set_source(FILE, notes=(replace(first, text="the file was made by the ministry"), *rest))


@attack("note-contradicted", source=FILE)
def a_note_of_other_facts(bag: ForgedBag) -> None:
    notes = bag.entry(FILE).notes
    at = next(number for number, note in enumerate(notes) if note.facts)
    name, fact = next(iter(notes[at].facts.items()))
    changed = with_text(replace(notes[at], facts={**notes[at].facts, name: f"not {fact}"}))
    bag.set_source(FILE, notes=(*notes[:at], changed, *notes[at + 1 :]))


@attack("note-contradicted", source=FILE)
def a_note_left_out(bag: ForgedBag) -> None:
    bag.set_source(FILE, notes=())


# Conditions


def _with_conditions(bag: ForgedBag, **changes: object) -> None:
    bag.ledger = replace(bag.ledger, conditions=replace(bag.ledger.conditions, **changes))  # type: ignore[arg-type]


@attack("condition-contradicted")
def connections_that_were_led_elsewhere_and_nobody_says_so(bag: ForgedBag) -> None:
    _with_conditions(bag, connect_to=())


@attack("condition-contradicted")
def another_user_agent(bag: ForgedBag) -> None:
    _with_conditions(bag, user_agent="Mozilla/5.0 (an honest visitor)")


@attack("condition-contradicted")
def robots_that_were_obeyed(bag: ForgedBag) -> None:
    _with_conditions(bag, robots="obeyed")


@attack("condition-contradicted")
def a_proxy_that_was_not_there(bag: ForgedBag) -> None:
    _with_conditions(bag, proxy="socks5")


@attack("note-contradicted")
def a_clock_in_other_words(bag: ForgedBag) -> None:
    _with_conditions(bag, clock=replace(bag.ledger.conditions.clock, text="exact to the second"))


@attack("note-contradicted")
def a_memento_policy_that_is_none(bag: ForgedBag) -> None:
    _with_conditions(bag, memento_policy=with_text(note("skipped")))


@attack("citation-contradicted")
def something_that_was_passed_over(bag: ForgedBag) -> None:
    bag.ledger = replace(bag.ledger, passed_over=(*bag.ledger.passed_over, PassedOver("mailto", "mailto:a@b.c", 1, 1)))


# Mementos


def _with_memento(bag: ForgedBag, **changes: object) -> None:
    memento = bag.entry(BLOCKED).memento
    assert isinstance(memento, Memento)
    bag.set_source(BLOCKED, memento=replace(memento, **changes))  # type: ignore[arg-type]


@attack("memento-contradicted", source=BLOCKED)
def a_memento_moved_by_twenty_years(bag: ForgedBag) -> None:
    _with_memento(bag, datetime="2001-04-02T11:20:00Z")


@attack("memento-contradicted", source=BLOCKED)
def a_memento_nearer_than_it_is(bag: ForgedBag) -> None:
    _with_memento(bag, delta_days=0)


@attack("memento-contradicted", source=BLOCKED)
def a_memento_called_after_the_report(bag: ForgedBag) -> None:
    _with_memento(bag, after_report=True)


@attack("memento-contradicted", source=BLOCKED)
def a_memento_of_another_address(bag: ForgedBag) -> None:
    _with_memento(bag, url="https://web.archive.org/web/20210402112000id_/https://www.faselhd.pro/")


@attack("memento-contradicted", source=BLOCKED)
def a_memento_of_another_holder(bag: ForgedBag) -> None:
    bag.set_copy(BLOCKED, "memento", holder="Archive of the ministry")


@attack("memento-contradicted", source=BLOCKED)
def a_memento_that_was_looked_for_in_vain(bag: ForgedBag) -> None:
    bag.set_source(BLOCKED, memento_lookup="none")


# What the forger says of himself


@attack("verdict-contradicted", source=OTHER)
def a_captured_source_lost_to_a_fault_of_the_program(bag: ForgedBag) -> None:
    entry, detail = bag.entry(OTHER), with_text(note("fault", detail="ValueError: by chance"))
    verdict, absent = Verdict(Status.UNREACHABLE, "fault", detail), Facet(False, detail)
    records = dict.fromkeys([*entry.exchanges, *(each.record for each in entry.requisites if each.record)])
    bag.set_source(
        OTHER, status=verdict.status, reason="fault", detail=detail, live=verdict, copies=(), final_url=None,
        http_status=None, started=None, ended=None, exchanges=tuple(records), requisites=(), title=None, notes=(),
        facets=Facets(absent, absent, absent), request_url=None, dedup_key=None,
    )  # fmt: skip


@attack("condition-contradicted")
def another_user_agent_under_an_invented_older_bag(bag: ForgedBag) -> None:
    bag.ledger = replace(bag.ledger, predecessor="sha256:" + "0" * 64)
    _with_conditions(bag, user_agent="Mozilla/5.0 (an honest visitor)")


@attack("time-contradicted")
def a_start_in_another_year_under_an_invented_older_bag(bag: ForgedBag) -> None:
    bag.ledger = replace(bag.ledger, predecessor="sha256:" + "0" * 64, started="2020-01-01T00:00:00Z")


@attack("manifest-contradicted")
def a_comment_in_the_source_manifest_under_an_invented_older_bag(bag: ForgedBag) -> None:
    bag.ledger = replace(bag.ledger, predecessor="sha256:" + "0" * 64)
    a_comment_in_the_source_manifest(bag)


@attack("report-altered")
def another_publisher_under_an_invented_older_bag(bag: ForgedBag) -> None:
    stated = replace(bag.ledger.report.stated, publisher="United Nations")
    bag.ledger = replace(
        bag.ledger, predecessor="sha256:" + "0" * 64, report=replace(bag.ledger.report, stated=stated)
    )
    path = "data/report/sources.toml"
    bag.write(path, to_toml(replace(from_toml(bag.read(path).decode()), report=stated)).encode())


@attack("key-unknown")
def an_unknown_key_in_the_list_of_software(bag: ForgedBag) -> None:
    bag.set_json("data/provenance/software.json", lambda stated: stated.update(certified="yes"))


@attack("text-contradicted", "citation-misplaced")
def another_text_by_another_reader(bag: ForgedBag) -> None:
    bag.write("data/report/text.txt", bag.read("data/report/text.txt") + b"Nobody was there.\n")
    bag.set_json("data/provenance/software.json", lambda stated: stated.update(report_text_by="plain text, latin-1"))


@attack("citation-unlisted", source=FILE)
def an_erased_source_by_another_version_of_the_reader(bag: ForgedBag) -> None:
    the_last_source_erased_with_its_captures(bag)
    bag.set_json("data/provenance/software.json", lambda stated: stated.update(report_text_by="plain text 9.9, utf-8"))


@attack("software-contradicted")
def another_text_by_another_version_of_the_reader(bag: ForgedBag) -> None:
    bag.write("data/report/text.txt", bag.read("data/report/text.txt") + b"Nobody was there.\n")
    by = json.loads(bag.read("data/provenance/software.json"))["report_text_by"] + " 9.9"
    bag.set_json("data/provenance/software.json", lambda stated: stated.update(report_text_by=by))


@attack("report-altered")
def another_date_of_the_report_in_ledger_and_source_manifest(bag: ForgedBag) -> None:
    stated = replace(bag.ledger.report.stated, date="2021-01-01")
    bag.ledger = replace(bag.ledger, report=replace(bag.ledger.report, stated=stated))
    path = "data/report/sources.toml"
    bag.write(path, bag.read(path).replace(b'date = "2021-05-21"', b'date = "2021-01-01"', 1))


@attack("software-contradicted")
def a_list_of_software_of_another_kind(bag: ForgedBag) -> None:
    bag.set_json("data/provenance/software.json", lambda stated: stated.update(schema="archive.software/2"))


@attack("software-contradicted")
def no_list_of_software(bag: ForgedBag) -> None:
    (bag.path / "data/provenance/software.json").unlink()


@attack("software-contradicted")
def another_version_everywhere_but_in_the_recordings(bag: ForgedBag) -> None:
    bag.set_json("data/provenance/software.json", lambda stated: stated.update(version="0.0.9"))
    bag.set_json("data/datapackage.json", lambda stated: stated.update(software="evidence-archive 0.0.9"))
    bag.set_events(lambda events: [replace(event, agent="evidence-archive 0.0.9") for event in events])


@attack("condition-contradicted")
def a_rule_left_out_that_led_a_connection_elsewhere(bag: ForgedBag) -> None:
    rules = bag.ledger.conditions.connect_to
    _with_conditions(bag, connect_to=tuple(rule for rule in rules if "sn4hr.org" not in rule))


@attack("condition-contradicted")
def no_third_parties_beside_a_memento(bag: ForgedBag) -> None:
    _with_conditions(bag, third_parties=False)


@attack("condition-contradicted")
def a_policy_without_look_ups_beside_a_memento(bag: ForgedBag) -> None:
    _with_conditions(bag, memento_policy=with_text(note("memento-policy-off")))


# What is said beside the verdict


@attack("note-contradicted", source=OTHER)
def an_invented_look_up_in_an_archive(bag: ForgedBag) -> None:
    why = with_text(note("archive-index-other", host="web.archive.org"))
    bag.set_source(OTHER, notes=(*bag.entry(OTHER).notes, with_text(note("memento-problem", why=why))))


@attack("note-contradicted", source=OTHER)
def a_verdict_among_the_notes(bag: ForgedBag) -> None:
    bag.set_source(OTHER, notes=(*bag.entry(OTHER).notes, with_text(note("not-found", status=404))))


@attack("memento-contradicted", source=OTHER)
def a_look_up_that_failed_without_a_trace(bag: ForgedBag) -> None:
    bag.set_source(OTHER, memento_lookup="error")


@attack("facet-contradicted", source=OTHER)
def another_reason_for_no_picture(bag: ForgedBag) -> None:
    facets = bag.entry(OTHER).facets
    gone = Facet(False, with_text(note("source-is", verdict="gone")))
    bag.set_source(OTHER, facets=replace(facets, appearance=gone))


def _without_picture(bag: ForgedBag, source: str, reason: Note) -> None:
    facets = bag.entry(source).facets
    bag.set_source(source, facets=replace(facets, appearance=Facet(False, with_text(reason))))


@attack("facet-contradicted", source=PAGE)
def a_browser_called_missing_for_one_page(bag: ForgedBag) -> None:
    _without_picture(bag, PAGE, note("browser-missing", detail=note("browser-no-driver")))


@attack("facet-contradicted", source=PAGE)
def a_browser_called_broken_for_one_page(bag: ForgedBag) -> None:
    _without_picture(bag, PAGE, note("browser-broke"))


@attack("facet-contradicted", source=PAGE)
def a_page_called_none(bag: ForgedBag) -> None:
    _without_picture(bag, PAGE, note("not-a-page"))


@attack("facet-contradicted", source=PAGE)
def a_rendering_without_a_picture_that_was_never_made(bag: ForgedBag) -> None:
    _without_picture(bag, PAGE, note("no-picture"))


@attack("exchange-missing", source=OTHER)
def a_submission_that_nothing_recorded(bag: ForgedBag) -> None:
    there = "https://web.archive.org/web/20200101000000/https://sn4hr.org/"
    made = Submission("Internet Archive, Wayback Machine", "https://sn4hr.org/", bag.ledger.started, "saved", None, there)
    bag.set_source(OTHER, submissions=(made,))


@attack("verdict-contradicted", source=PAGE)
def a_part_of_the_page_called_not_requested(bag: ForgedBag) -> None:
    entry = bag.entry(PAGE)
    first, *others = entry.requisites
    withheld = replace(first, outcome="not-attempted", reason="policy", record=None, status=None)
    records = (first.record,) if first.record is not None else ()
    bag.set_source(PAGE, requisites=(withheld, *others), exchanges=(*entry.exchanges, *records))


@attack("verdict-contradicted", source=OTHER)
def a_live_copy_that_somebody_else_holds(bag: ForgedBag) -> None:
    bag.set_copy(OTHER, "live", holder="Archive of the ministry")


@attack("report-altered")
def a_report_without_a_size(bag: ForgedBag) -> None:
    bag.ledger = replace(bag.ledger, report=replace(bag.ledger.report, size=None))


@attack("file-unexplained")
def a_stray_file_among_the_recordings(bag: ForgedBag) -> None:
    bag.write("data/archive/statement.pdf", b"%PDF-1.4 signed by nobody")


@attack("file-unexplained")
def a_timestamp_of_nothing(bag: ForgedBag) -> None:
    bag.write("data/provenance/time/begun-01.tsr", b"0")


@attack("not-canonical")
def a_stray_tag_file(bag: ForgedBag) -> None:
    bag.write("STATEMENT.txt", b"checked by a court\n")


# The bag itself


@attack("generated-differs", "not-canonical", leave=("bag-info.txt",))
def no_profile_and_another_page(bag: ForgedBag) -> None:
    info = bag.read("bag-info.txt").decode().splitlines(keepends=True)
    bag.write("bag-info.txt", "".join(line for line in info if not line.startswith("BagIt-Profile")).encode())


@attack("generated-differs", "not-canonical", manifests_only=True)
def no_profile_and_a_page_that_lies(bag: ForgedBag) -> None:
    info = bag.read("bag-info.txt").decode().splitlines(keepends=True)
    bag.write("bag-info.txt", "".join(line for line in info if not line.startswith("BagIt-Profile")).encode())
    bag.write("data/index.html", bag.read("data/index.html").replace(b"Ali Othman", b"Ali Nobody"))


@attack("software-contradicted", manifests_only=True)
def another_version_of_the_program_and_a_page_that_lies(bag: ForgedBag) -> None:
    path = "data/provenance/software.json"
    data = bag.read(path)
    bag.write(path, data.replace(b'"version": "', b'"version": "9.', 1))
    bag.write("data/index.html", bag.read("data/index.html").replace(b"Ali Othman", b"Ali Nobody"))


@attack("web-archive-part-missing", manifests_only=True)
def no_ledger(bag: ForgedBag) -> None:
    (bag.path / "data/sources.json").unlink()


@attack("web-archive-part-missing", manifests_only=True)
def no_records_log(bag: ForgedBag) -> None:
    (bag.path / "data/provenance/records.jsonl").unlink()


# What the recordings themselves say of the run


@attack("condition-contradicted")
def an_added_authority_left_out(bag: ForgedBag) -> None:
    _with_conditions(bag, added_cas=())


@attack("condition-contradicted")
def other_limits(bag: ForgedBag) -> None:
    _with_conditions(bag, limits={**bag.ledger.conditions.limits, "delay": 1.0})


@attack("condition-contradicted")
def submissions_that_were_never_made(bag: ForgedBag) -> None:
    _with_conditions(bag, submits=True)


@attack("condition-contradicted")
def cookies_that_nobody_gave(bag: ForgedBag) -> None:
    _with_conditions(bag, cookies=True)


@attack("condition-contradicted")
def media_that_were_not_wanted(bag: ForgedBag) -> None:
    _with_conditions(bag, media=False)


@attack("condition-contradicted")
def a_clock_that_was_an_hour_behind(bag: ForgedBag) -> None:
    _with_conditions(bag, clock=with_text(note("clock-behind", seconds=3600, hosts=2)))


@attack("note-contradicted", manifests_only=True)
def a_clock_that_the_catalogue_does_not_know(bag: ForgedBag) -> None:
    bag.set_json(LEDGER, lambda ledger: ledger["conditions"]["clock"].update(code="clock-exact"))


@attack("note-contradicted", source=BLOCKED, manifests_only=True)
def a_reason_without_what_it_states(bag: ForgedBag) -> None:
    def change(ledger: dict[str, Any]) -> None:
        (entry,) = [each for each in ledger["sources"] if each["id"] == BLOCKED]
        entry["facets"]["appearance"]["reason"] = {"code": "source-is", "facts": {}, "text": "the source is blocked"}

    bag.set_json(LEDGER, change)


@attack("condition-contradicted")
def robots_of_another_word_in_the_records(bag: ForgedBag) -> None:
    bag.set_warcinfo("robots: ignore", "robots: classic")
    bag.relog()


@attack("condition-contradicted")
def a_clock_of_which_nothing_is_known(bag: ForgedBag) -> None:
    _with_conditions(bag, clock=with_text(note("clock-unknown")))


@attack("software-contradicted")
def another_python(bag: ForgedBag) -> None:
    bag.set_json("data/provenance/software.json", lambda stated: stated.update(python="3.9.1"))


@attack("software-contradicted")
def another_openssl(bag: ForgedBag) -> None:
    bag.set_json("data/provenance/software.json", lambda stated: stated.update(openssl="OpenSSL 1.0.1f"))


@attack("software-contradicted")
def another_library(bag: ForgedBag) -> None:
    bag.set_json("data/provenance/software.json", lambda stated: stated["libraries"].update(lxml="1.0"))


@attack("manifest-contradicted")
def a_comment_in_the_source_manifest(bag: ForgedBag) -> None:
    bag.write("data/report/sources.toml", bag.read("data/report/sources.toml") + b"# the publisher admits the forgery\n")


# Times to the second, methods, records of others


def _moved(text: str, by: float) -> str:
    return warc_date(datetime.fromisoformat(text) + timedelta(seconds=by))


@attack("time-contradicted", source=PAGE)
def the_time_of_a_copy_moved_within_a_second(bag: ForgedBag) -> None:
    bag.set_copy(PAGE, "live", taken=_moved(bag.copy(PAGE, "live").taken, 0.3))


@attack("time-contradicted", source=PAGE)
def the_end_of_a_capture_moved_within_a_second(bag: ForgedBag) -> None:
    bag.set_source(PAGE, ended=_moved(bag.entry(PAGE).ended or "", 0.3))


@attack("time-contradicted", source=BLOCKED)
def the_time_of_a_memento_moved_within_a_second(bag: ForgedBag) -> None:
    bag.set_copy(BLOCKED, "memento", taken=_moved(bag.copy(BLOCKED, "memento").taken, -0.001))


@attack("record-differs")
def a_page_that_was_posted_to(bag: ForgedBag) -> None:
    page = bag.copy(PAGE, "live").records[-1]
    bag.set_records(replace(each, method="POST") if each.id == page else each for each in bag.records)


@attack("record-differs")
def a_request_of_which_the_log_states_a_method(bag: ForgedBag) -> None:
    first = next(each.id for each in bag.records if each.type == "request")
    bag.set_records(replace(each, method="HEAD") if each.id == first else each for each in bag.records)


@attack("exchange-foreign", source=PAGE)
def an_exchange_of_another_source(bag: ForgedBag) -> None:
    bag.set_source(PAGE, exchanges=(*bag.entry(PAGE).exchanges, bag.entry(OTHER).exchanges[0]))


@attack("exchange-foreign", source=PAGE)
def a_hop_of_another_source(bag: ForgedBag) -> None:
    first, *others = bag.entry(PAGE).requisites
    hops = (*first.hops, bag.entry(OTHER).exchanges[0])
    bag.set_source(PAGE, requisites=(replace(first, hops=hops), *others))


@attack("ledger-unknown")
def a_ledger_of_another_kind(bag: ForgedBag) -> None:
    bag.ledger = replace(bag.ledger, schema="archive.ledger/3")


@attack("not-canonical")
def an_empty_folder(bag: ForgedBag) -> None:
    (bag.path / "data/media/s77").mkdir(parents=True)


@attack("facet-contradicted", source=VIDEO)
def a_video_that_is_here_and_denied(bag: ForgedBag) -> None:
    facets = bag.entry(VIDEO).facets
    bag.set_source(VIDEO, facets=replace(facets, media=Facet(False, with_text(note("no-media-named")))))


def _with_scripts(bag: ForgedBag, source: str, *codes: str) -> None:
    facts: dict[str, dict[str, object]] = {"scripts-requested": {"n": 2}, "browser-broke-because": {"detail": "it ended"}}
    added = [with_text(note(code, **facts[code])) for code in codes]
    bag.set_source(source, notes=(*bag.entry(source).notes, *added))


@attack("note-contradicted", source=OTHER)
def requests_of_scripts_without_a_browser(bag: ForgedBag) -> None:
    _with_scripts(bag, OTHER, "scripts-requested")


@attack("note-contradicted", source=OTHER)
def requests_of_scripts_of_which_there_is_no_record(bag: ForgedBag) -> None:
    _with_scripts(bag, OTHER, "scripts-requested", "browser-broke-because")


@attack("note-contradicted", "facet-contradicted", source=VIDEO)
def a_video_that_is_here_and_denied_beside_a_browser(bag: ForgedBag) -> None:
    a_video_that_is_here_and_denied(bag)
    _with_scripts(bag, VIDEO, "scripts-requested", "browser-broke-because")


@attack("file-unlisted", source=VIDEO)
def the_subtitles_erased(bag: ForgedBag) -> None:
    path = f"data/media/{VIDEO}/subtitles.en.vtt"
    (bag.path / path).unlink()
    bag.set_copy(VIDEO, "live", files=tuple(each for each in bag.copy(VIDEO, "live").files if each != path))


@attack("file-unlisted", source=FILE)
def a_downloaded_file_erased(bag: ForgedBag) -> None:
    for path in bag.copy(FILE, "live").files:
        (bag.path / path).unlink()
    (bag.path / f"data/media/{FILE}").rmdir()
    bag.set_copy(FILE, "live", files=())


@attack("verdict-contradicted", source=PAGE)
def an_exchange_listed_twice(bag: ForgedBag) -> None:
    exchanges = bag.entry(PAGE).exchanges
    bag.set_source(PAGE, exchanges=(*exchanges, exchanges[0]))


@attack("memento-contradicted", source=BLOCKED)
def a_memento_without_the_note_on_its_age(bag: ForgedBag) -> None:
    bag.set_copy(BLOCKED, "memento", notes=())


@attack("record-differs")
def responses_without_their_digests_in_the_log(bag: ForgedBag) -> None:
    bag.set_records(replace(each, payload_sha256=None) if each.type == "response" else each for each in bag.records)


@attack("record-differs")
def responses_without_their_media_types_in_the_log(bag: ForgedBag) -> None:
    bag.set_records(replace(each, mime=None) if each.type == "response" else each for each in bag.records)


@attack("record-differs")
def a_media_type_for_a_response_that_states_none(bag: ForgedBag) -> None:
    changed = [replace(each, mime="text/html") if each.mime is None and each.type == "response" else each for each in bag.records]
    assert changed != bag.records
    bag.set_records(changed)


@attack("log-line")
def two_lines_of_the_log_exchanged(bag: ForgedBag) -> None:
    first, second, *others = bag.records
    bag.set_records([second, first, *others])


@attack("record-differs")
def a_request_called_a_picture(bag: ForgedBag) -> None:
    bag.set_records(replace(each, mime="image/png") if each.type == "request" else each for each in bag.records)


@attack("requisite-invented", source=PAGE)
def a_requisite_listed_twice(bag: ForgedBag) -> None:
    requisites = bag.entry(PAGE).requisites
    bag.set_source(PAGE, requisites=(*requisites, requisites[0]))


@attack("memento-contradicted", source=BLOCKED)
def a_requisite_of_a_memento_that_did_not_come(bag: ForgedBag) -> None:
    first, *others = bag.entry(BLOCKED).requisites
    bag.set_source(BLOCKED, requisites=(replace(first, outcome="not-requested", reason="policy"), *others))


@attack("memento-contradicted", source=BLOCKED)
def a_copy_that_was_passed_over_in_silence(bag: ForgedBag) -> None:
    notes = bag.entry(BLOCKED).notes
    bag.set_source(BLOCKED, notes=tuple(each for each in notes if each.code != "memento-passed-over"))


def _called(bag: ForgedBag, source: str, verdict: Verdict) -> None:
    """Give a source another verdict, its live copy and its media as they go with it."""
    entry, detail = bag.entry(source), verdict.detail
    notes = () if detail is None else (detail,)
    copies = tuple(replace(c, status=verdict.status, notes=notes) if c.kind == "live" else c for c in entry.copies)
    stated = {"status": verdict.status, "reason": verdict.reason, "detail": detail, "live": verdict}
    facets = replace(entry.facets, media=Facet(False, detail))
    bag.set_source(source, **stated, copies=copies, facets=facets)


@attack("verdict-contradicted", source=PAGE)
def a_video_called_missing_with_its_files_here(bag: ForgedBag) -> None:
    _called(bag, PAGE, Verdict(Status.PARTIAL, "media", with_text(note("video-did-not-come", detail="HTTP Error 500"))))


@attack("verdict-contradicted", source=SERVED)
def a_video_called_missing_that_no_player_shows(bag: ForgedBag) -> None:
    _called(bag, SERVED, Verdict(Status.PARTIAL, "media", with_text(note("video-streams", detail="HTTP Error 500"))))


@attack("verdict-contradicted", source=VIDEO)
def a_video_called_incomplete_with_its_files_here(bag: ForgedBag) -> None:
    _called(bag, VIDEO, Verdict(Status.PARTIAL, "media", with_text(note("video-incomplete", detail="subtitles"))))
    bag.set_source(VIDEO, facets=replace(bag.entry(VIDEO).facets, media=Facet(True)))


@attack("time-contradicted")
def a_start_hours_before_the_first_record(bag: ForgedBag) -> None:
    hours = timedelta(hours=11)
    started = datetime.fromisoformat(bag.ledger.started) - hours
    bag.ledger = replace(bag.ledger, started=started.isoformat().replace("+00:00", "Z"))


@attack("event-contradicted")
def an_invented_resumption(bag: ForgedBag) -> None:
    def resumed(events: list[Event]) -> list[Event]:
        facts = {"detail": custody.resumed_with(5), "outcome": custody.RESUMED, "facts": {"records": "5"}}
        return [events[0], replace(events[0], **facts), *events[1:]]

    bag.set_events(resumed)


@attack("file-unlisted", source=VIDEO)
def subtitles_erased_under_a_resumption_after_the_captures(bag: ForgedBag) -> None:
    def resumed(events: list[Event]) -> list[Event]:
        facts = {"detail": custody.resumed_with(5), "outcome": custody.RESUMED, "facts": {"records": "5"}}
        return [events[0], replace(events[0], time=bag.ledger.ended, **facts), *events[1:]]

    bag.set_events(resumed)
    files = bag.copy(VIDEO, "live").files
    left = tuple(path for path in files if not path.endswith(".vtt"))
    bag.set_copy(VIDEO, "live", files=left)
    for path in set(files) - set(left):
        (bag.path / path).unlink()


def _part(bag: ForgedBag, kind: str) -> Requisite:
    return next(each for each in bag.entry(PAGE).requisites if each.kind == kind and each.record is not None)


def _set_part(bag: ForgedBag, part: Requisite, **changes: Any) -> None:
    parts = (replace(each, **changes) if each == part else each for each in bag.entry(PAGE).requisites)
    bag.set_source(PAGE, requisites=tuple(parts))


@attack("requisite-invented", source=PAGE)
def a_part_said_to_be_named_by_a_style_sheet(bag: ForgedBag) -> None:
    _set_part(bag, _part(bag, "image"), found_in=_part(bag, "style").url)


@attack("requisite-invented", source=PAGE)
def an_invented_part_of_a_style_sheet(bag: ForgedBag) -> None:
    sheet = _part(bag, "style").url
    part = Requisite("https://sn4hr.org/x.png", "failed", "dns", "image", sheet, decorative=True)
    bag.set_source(PAGE, requisites=(*bag.entry(PAGE).requisites, part))


@attack("verdict-contradicted", source=PAGE)
def a_hop_that_is_of_another_part(bag: ForgedBag) -> None:
    _set_part(bag, _part(bag, "image"), hops=(str(_part(bag, "style").record),))


@attack("note-contradicted", source=SERVED)
def a_comparison_with_an_address_without_tracking(bag: ForgedBag) -> None:
    notes = bag.entry(SERVED).notes
    bag.set_source(SERVED, notes=(*notes, with_text(note("tracking-text", url="https://sn4hr.org/"))))


@attack("note-contradicted", source=SERVED)
def another_date_of_a_post(bag: ForgedBag) -> None:
    dated = with_text(note("post-before", when="2016-01-01T00:00:00Z", date="2021-05-21"))
    notes = bag.entry(SERVED).notes
    bag.set_source(SERVED, notes=tuple(dated if each.code == "post-before" else each for each in notes))


@pytest.fixture
def forged(sound: Path, tmp_path: Path) -> ForgedBag:
    return ForgedBag.copy_of(sound, tmp_path / sound.name)


PYTHON = re.compile(r"[A-Z]\w+\(\w+=|^[\[(]\(?'|^\{'|\[?Reading\(")
"""A value as only Python writes it."""


def test_the_bag_that_is_forged_is_sound_before(forged: ForgedBag) -> None:
    assert forged.errors() == []


def test_what_is_made_again_of_a_sound_bag_is_the_same_bag(forged: ForgedBag) -> None:
    before = {p: hashlib.sha256(p.read_bytes()).hexdigest() for p in forged.path.rglob("*") if p.is_file()}
    forged.seal_over()
    after = {p: hashlib.sha256(p.read_bytes()).hexdigest() for p in forged.path.rglob("*") if p.is_file()}
    assert {p.name for p in before if before[p] != after.get(p)} == set()


@pytest.mark.parametrize("name", ATTACKS)
def test_a_forged_statement_is_found_and_its_source_named(name: str, forged: ForgedBag) -> None:
    attack = ATTACKS[name]
    attack.forge(forged)
    if attack.manifests_only:
        forged.rewrite_manifests()
    else:
        forged.seal_over(leave=attack.leave)
    verified = forged.verified()
    errors = [finding for finding in verified.findings if finding.severity == "error"]
    shown = [str(text) for finding in errors for text in (finding.expected, finding.found)]
    assert not [text for text in shown if PYTHON.search(text)]
    found = [finding for finding in errors if finding.code in attack.codes]
    assert found, [(f.code, f.source, f.expected, f.found) for f in errors]
    if attack.source is not None:
        assert any(attack.source in (finding.source or "").split(",") for finding in found), found
    assert "failed" in {str(verified.answers[q].state) for q in ("structure", "warc", "coverage")}


def test_many_sources_are_derived_side_by_side_to_the_same_findings(
    forged: ForgedBag, monkeypatch: pytest.MonkeyPatch
) -> None:
    an_invented_title(forged)
    connections_that_were_led_elsewhere_and_nobody_says_so(forged)
    forged.seal_over()
    alone = verify(forged.path, jobs=1).findings
    monkeypatch.setattr(forked, "MANY", 1)
    monkeypatch.setattr(derived_sources, "can_fork", lambda: True)
    assert verify(forged.path, jobs=2).findings == alone


def test_a_source_that_kills_its_process_costs_no_other_its_check(
    forged: ForgedBag, monkeypatch: pytest.MonkeyPatch
) -> None:
    check = derived_sources.SourceDeriver.check

    def deadly(deriver: derived_sources.SourceDeriver, entry: SourceEntry) -> Iterator[Finding]:
        if entry.id == "s09":
            os._exit(9)
        return check(deriver, entry)

    monkeypatch.setattr(derived_sources.SourceDeriver, "check", deadly)
    monkeypatch.setattr(forked, "MANY", 1)
    monkeypatch.setattr(derived_sources, "can_fork", lambda: True)
    found = verify(forged.path, jobs=9)
    assert [(each.code, each.source) for each in found.findings if each.severity == "error"] == [("check-failed", "s09")]
    assert found.answers["coverage"].state == "not-checked"


def test_a_fault_of_the_program_at_one_source_is_said_and_costs_no_other(
    forged: ForgedBag, monkeypatch: pytest.MonkeyPatch
) -> None:
    check = derived_sources.SourceDeriver.check

    def failing(deriver: derived_sources.SourceDeriver, entry: SourceEntry) -> Iterator[Finding]:
        if entry.id == "s02":
            raise ZeroDivisionError("by chance")
        return check(deriver, entry)

    an_invented_title(forged)
    forged.seal_over()
    monkeypatch.setattr(derived_sources.SourceDeriver, "check", failing)
    found = {(each.code, each.source) for each in verify(forged.path, jobs=1).findings}
    assert {("check-failed", "s02"), ("title-contradicted", PAGE)} <= found
    assert not verify(forged.path, jobs=1).is_unread


def test_where_the_program_fails_nothing_is_passed_and_verify_could_not_look(
    forged: ForgedBag, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(deriver: derived_sources.SourceDeriver, entry: SourceEntry) -> Iterator[Finding]:
        if entry.id == "s02":
            raise RecursionError("too deep")
        yield from ()

    monkeypatch.setattr(derived_sources.SourceDeriver, "check", failing)
    ended = CliRunner().invoke(main, ["verify", str(forged.path), "--jobs", "1", "--json"])
    found = json.loads(ended.stdout)
    failed = [each for each in found["findings"] if each["severity"] == "error"]
    assert [(each["code"], each["source"], "RecursionError: too deep" in each["note"]) for each in failed] == [
        ("check-failed", "s02", True)
    ]
    assert (ended.exit_code, found["answers"]["coverage"]["state"]) == (3, "not-checked")
    said = CliRunner().invoke(main, ["verify", str(forged.path), "--jobs", "1"]).stdout.splitlines()[0]
    assert "not everything was checked (coverage)" in said


def test_a_bag_at_which_the_check_itself_fails_is_not_finished(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def failing(*_: object) -> Iterator[Finding]:
        raise ZeroDivisionError("by chance")

    monkeypatch.setattr(derived_sources.SourceDeriver, "check", failing)
    (tmp_path / "report.txt").write_text("See https://sn4hr.org/there-is-no-such-page for it.\n")
    with World() as world, pytest.raises(NotSound, match=r"\(check-failed"):
        fetch(tmp_path / "report.txt", tmp_path / "B", settings_for(world, media=False))
    assert not (tmp_path / "B").exists()


def _set_facet(bag: ForgedBag, source: str, **facets: Facet) -> None:
    bag.set_source(source, facets=replace(bag.entry(source).facets, **facets))


@pytest.mark.parametrize(
    ("forge", "found"),
    [
        (
            lambda bag: bag.set_source(
                PAGE, copies=(*bag.entry(PAGE).copies, replace(bag.copy(PAGE, "live"), kind="notarised"))
            ),
            ("verdict-contradicted", PAGE, "copies"),
        ),
        (
            lambda bag: _set_facet(bag, PAGE, appearance=Facet(False, with_text(note("memento-not-rendered")))),
            ("facet-contradicted", PAGE, "appearance"),
        ),
        (
            lambda bag: _set_facet(bag, BLOCKED, source_code=Facet(False, bag.entry(BLOCKED).live.detail)),
            ("facet-contradicted", BLOCKED, "source_code"),
        ),
        (
            lambda bag: _set_facet(bag, VIDEO, media=Facet(True, with_text(note("no-media-named")))),
            ("facet-contradicted", VIDEO, "media"),
        ),
        (
            lambda bag: bag.set_source(BLOCKED, requisites=bag.entry(BLOCKED).requisites * 2),
            ("memento-contradicted", BLOCKED, "requisites"),
        ),
    ],
    ids=["kind", "appearance", "source-code", "media", "twice"],
)
def test_a_kind_a_facet_and_a_requisite_of_a_memento_are_those_that_there_are(
    forged: ForgedBag, forge: Callable[[ForgedBag], object], found: tuple[str, str, str]
) -> None:
    forge(forged)
    forged.seal_over()
    errors = [each for each in forged.verified().findings if each.severity == "error"]
    assert {(each.code, each.source, (each.note or "").partition(";")[0]) for each in errors} == {found}


def test_a_memento_is_of_the_moment_that_its_address_names(forged: ForgedBag) -> None:
    name = forged.copy(BLOCKED, "memento").records[-1]
    line = next(each for each in forged.records if each.id == name)
    member = forged.read(line.file)[line.offset : line.offset + line.length]
    block = gzip.decompress(member).split(b"\r\n\r\n", 1)[1][:-4]
    other, changed = re.subn(rb"(?im)^(memento-datetime: \w+, \d+ \w+) \d{4}", rb"\1 2012", block)
    assert changed == 1, other
    forged.set_blocks({name: other})
    forged.seal_over()
    what = "the moment in the memento's address"
    found = [each for each in forged.verified().findings if what in (each.note or "")]
    assert [(each.code, each.source, str(each.found)[:4]) for each in found] == [("memento-contradicted", BLOCKED, "2012")]


def test_each_response_states_when_its_exchange_had_ended(forged: ForgedBag) -> None:
    path = f"data/archive/{PAGE}.warc.gz"
    members = [forged.read(path)[each.offset : each.offset + each.length] for each in forged.records if each.file == path]
    heads = [re.sub(rb"WARC-Exchange-Ended: [^\r]+\r\n", b"", gzip.decompress(member)) for member in members]
    forged.write(path, b"".join(gzip.compress(head, mtime=0) for head in heads))
    forged.relog()
    forged.seal_over()
    assert ("time-contradicted", PAGE) in forged.errors()


def test_a_damaged_record_of_a_media_file_and_a_damaged_description_are_one_damage_each(forged: ForgedBag) -> None:
    video = next(each for each in forged.records if (each.uri or "").endswith(".mp4") and each.type == "response")
    described = [each for each in forged.records if each.type == "metadata" and each.file.endswith(f"{VIDEO}.warc.gz")]
    for line in (video, described[-1]):
        sound = forged.read(line.file)
        data = bytearray(sound)
        data[line.offset + line.length - 6] ^= 0x10
        forged.write(line.file, bytes(data))
        assert [code for code, _ in forged.errors()] == ["payload-altered", "warc-gzip", "record-missing"]
        forged.write(line.file, sound)


def test_media_files_replaced_together_with_their_ties_are_found(forged: ForgedBag) -> None:
    names = ("info.json", "subtitles.en.vtt", "thumbnail.jpg", "video.mp4")
    paths = [*(f"data/media/{VIDEO}/{name}" for name in names), f"data/media/{SERVED}/file-1.mp4"]
    metadata = {each.id: forged.block_of(each.id) for each in forged.records if each.type == "metadata"}
    ties = {name: block for name, block in metadata.items() if b'"archive.media/1"' in block}
    for path in paths:
        (name,) = [name for name, block in ties.items() if json.loads(block)["path"] == path]
        true = forged.read(path)
        forged.write(path, true[:-8] + b"replaced")
        before, after = (hashlib.sha256(each).hexdigest().encode() for each in (true, forged.read(path)))
        ties[name] = ties[name].replace(before, after)
    forged.set_blocks({name: block for name, block in ties.items() if block != metadata[name]})
    forged.seal_over()
    found = [each for each in forged.verified().findings if each.severity == "error"]
    # The subtitles' tie states the same digest of the response that they were made of.
    assert {each.code for each in found} == {"file-contradicted", "derivation-contradicted"}
    files = [each for each in found if each.code == "file-contradicted"]
    assert sorted(each.path.text for each in files if each.path is not None) == paths
