"""An uncertain reading is settled by what hosts respond, or shown to a person; never silently."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from msgspec.structs import replace

from archive.errors import UsageProblem
from archive.fetch.fetch import FetchResult, fetch
from archive.fetch.supply import attest
from archive.verify.run import verify
from archive.verify.sources.entry import check_status
from archive_cli.main import main
from archive_manifests.ledger import SourceEntry, Status
from archive_manifests.notes import note
from tests.archive.fetch.test_pilot import settings_for
from tests.world import World
from tests.world.replies import Reply, Request
from tests.world.site import Site, html

_WORDS = (
    "The families of the detained have had no word of them since the spring of 2013, when the checkpoint was set up. "
)


def article(name: str, canonical: str | None = None) -> Reply:
    head = f'<link rel="canonical" href="{canonical}">' if canonical else ""
    return html(f"<!DOCTYPE html><title>{name}</title>{head}<h1>{name}</h1><p>{(name + ': ' + _WORDS) * 20}")


class Honest(Site):
    """Says no to what it has not."""

    hosts = ("honest.example",)

    def pages(self, host: str) -> dict[str, Reply]:
        return {"/blog/2019/04/30/536": article("Wheat"), "/blog/2019/04/30/53633": article("Checkpoint")}


class Yes(Site):
    """Gives a page of its own for every address, and the real one for two."""

    hosts = ("yes.example", "named.example", "echo.example")

    def reply(self, request: Request) -> Reply:
        known = request.target in ("/blog/2019/04/30/536", "/blog/2019/04/30/53633")
        name = f"Story {sum(request.target.encode())}" if known else f"Anything {len(request.target) * 7919}"
        canonical = None
        if request.host == "named.example":
            canonical = "https://named.example/blog/2019/04/30/53633" if request.target.endswith("53633") else None
        if request.host == "echo.example":
            canonical = f"https://echo.example{request.target}"
        words = " ".join(f"{name} {number}{chr(97 + number % 26)}" for number in range(len(request.target), 90))
        page = article(name, canonical)
        return html(page.body.decode().replace("<h1>", f"<p>{words}</p><h1>"))


@pytest.fixture
def uncertain_world() -> Iterator[World]:
    with World([Honest(), Yes()]) as world:
        yield world


def fetched(world: World, folder: Path, host: str) -> FetchResult:
    (folder / "R1.txt").write_text(f"1 It was reported at https://{host}/blog/2019/04/30/536\n33 (last seen 3 May).\n")
    return fetch(folder / "R1.txt", folder / "B", settings_for(world))


def readings(entry: SourceEntry) -> list[tuple[str, str, bool, str | None]]:
    return [(re.sub(".*/", "", r.url), r.certainty, r.requested, r.result) for r in entry.readings]


def assert_sound(result: FetchResult) -> None:
    assert [f for f in verify(result.bag).findings if f.severity == "error"] == []


def test_a_host_that_says_no_to_made_up_addresses_proves_the_best_reading(uncertain_world: World, tmp_path: Path) -> None:
    result = fetched(uncertain_world, tmp_path, "honest.example")
    (entry,) = result.ledger.sources
    assert (entry.status, entry.reason) == (Status.CAPTURED, None)
    assert readings(entry) == [
        ("536", "uncertain", True, "captured"), ("53633", "uncertain", False, None),
    ]
    assert entry.readings[0].why == ("break-in-segment",)
    assert "https://honest.example/blog/2019/04/30/53633" not in uncertain_world.urls()
    assert_sound(result)


def test_two_readings_that_both_respond_are_both_captured_and_a_person_decides(
    uncertain_world: World, tmp_path: Path
) -> None:
    result = fetched(uncertain_world, tmp_path, "yes.example")
    (entry,) = result.ledger.sources
    assert (entry.status, entry.reason, entry.live.status) == (Status.PARTIAL, "ambiguous", Status.CAPTURED)
    assert readings(entry) == [
        ("536", "uncertain", True, "captured"), ("53633", "uncertain", True, "captured"),
    ]
    assert [(copy.kind, copy.url) for copy in entry.copies] == [
        ("live", "https://yes.example/blog/2019/04/30/536"), ("reading", "https://yes.example/blog/2019/04/30/53633"),
    ]
    assert_sound(result)


def test_the_reading_that_the_page_states_as_its_own_address_wins(uncertain_world: World, tmp_path: Path) -> None:
    result = fetched(uncertain_world, tmp_path, "named.example")
    (entry,) = result.ledger.sources
    assert (entry.status, entry.reason) == (Status.CAPTURED, None)
    assert entry.final_url == "https://named.example/blog/2019/04/30/53633"
    assert [each[2:] for each in readings(entry)] == [(True, "captured"), (True, "captured")]
    assert_sound(result)


def test_a_host_that_calls_any_address_its_own_proves_nothing(uncertain_world: World, tmp_path: Path) -> None:
    (entry,) = fetched(uncertain_world, tmp_path, "echo.example").ledger.sources
    assert (entry.status, entry.reason) == (Status.PARTIAL, "ambiguous")


def test_a_reading_that_a_person_chose_is_requested_alone(uncertain_world: World, tmp_path: Path) -> None:
    (tmp_path / "s.toml").write_text(
        '[report]\nid = "R1"\n[[source]]\ncited = "https://yes.example/blog/2019/04/30/536"\n'
        'reading = "https://yes.example/blog/2019/04/30/53633"\ndoubts = ["break-in-segment"]\n'
        'candidates = ["https://yes.example/blog/2019/04/30/53633"]\n'
    )
    result = fetch(tmp_path / "s.toml", tmp_path / "B", settings_for(uncertain_world))
    (entry,) = result.ledger.sources
    assert (entry.status, entry.final_url) == (Status.CAPTURED, "https://yes.example/blog/2019/04/30/53633")
    assert "https://yes.example/blog/2019/04/30/536" not in uncertain_world.urls()
    assert_sound(result)


def test_addresses_are_fetched_without_a_report(uncertain_world: World, tmp_path: Path) -> None:
    addresses = ("https://honest.example/blog/2019/04/30/536", "https://honest.example/blog/2019/04/30/53633")
    result = fetch(addresses, tmp_path / "B", settings_for(uncertain_world))
    assert [(entry.cited, entry.status) for entry in result.ledger.sources] == [
        (address, Status.CAPTURED) for address in addresses
    ]
    assert result.ledger.report.path is None
    assert_sound(result)
    again = fetch(addresses, tmp_path / "B", settings_for(uncertain_world))
    assert (again.was_there, again.tagmanifest) == (True, result.tagmanifest)


def test_what_was_passed_over_stands_in_the_ledger(uncertain_world: World, tmp_path: Path) -> None:
    (tmp_path / "R1.txt").write_text("See https://honest.example/blog/2019/04/30/536 and sana.sy today.\n")
    result = fetch(tmp_path / "R1.txt", tmp_path / "B", settings_for(uncertain_world))
    assert [(one.kind, one.target, one.line) for one in result.ledger.passed_over] == [("bare-host", "sana.sy", 1)]
    assert_sound(result)


def test_fetch_warns_of_doubts_and_of_what_it_passed_over(uncertain_world: World, tmp_path: Path) -> None:
    (tmp_path / "R1.txt").write_text(
        "It was reported at https://honest.example/blog/2019/04/30/536\n33 (last seen), and on sana.sy today.\n"
    )
    words = ["fetch", str(tmp_path / "R1.txt"), "-o", str(tmp_path / "B"), "--quiet", "--no-memento", "--delay", "0"]
    words += [word for each in uncertain_world.connect_to for word in ("--connect-to", each)]
    done = CliRunner().invoke(main, [*words, "--cacert", uncertain_world.ca_file, "--no-browser"])
    assert done.exit_code == 0, done.output
    assert (
        "archive: warning: 1 reading is uncertain; a person should look at it:\n"
        "s01  https://honest.example/blog/2019/04/30/536: a line breaks within a word or number of it -> captured"
    ) in done.stderr
    assert (
        "archive: warning: 1 passage is not taken as a source:\n  line 2: a host name without a path: sana.sy\n"
    ) in done.stderr


def test_a_person_decides_for_a_reading_and_verify_derives_its_verdict(uncertain_world: World, tmp_path: Path) -> None:
    fetched(uncertain_world, tmp_path, "yes.example")
    result = attest(tmp_path / "B", "s01", "the printed copy\nhas five digits", by="reader-2", reading="2")
    (entry,) = result.ledger.sources
    assert (entry.status, entry.reason, entry.detail) == (Status.CAPTURED, None, None)
    assert (entry.notes[-1].code, dict(entry.notes[-1].facts)) == (
        "reading-decided",
        {
            "url": "https://yes.example/blog/2019/04/30/53633", "who": "reader-2", "when": entry.notes[-1].facts["when"],
            "detail": "the printed copy has five digits",
        },
    )
    assert [copy.kind for copy in entry.copies] == ["live", "reading"]
    assert_sound(result)
    again = attest(result.bag, "s01", "no, it has three", by="reader-3", reading="https://yes.example/blog/2019/04/30/536")
    assert [note.facts["who"] for note in again.ledger.sources[0].notes if note.code == "reading-decided"] == [
        "reader-2", "reader-3",
    ]
    assert_sound(again)


def test_a_verdict_without_the_decision_is_contradicted(uncertain_world: World, tmp_path: Path) -> None:
    (entry,) = fetched(uncertain_world, tmp_path, "yes.example").ledger.sources
    forged = replace(entry, status=Status.CAPTURED, reason=None)
    assert [finding.code for finding in check_status(forged, may_be_of_earlier=False)] == ["verdict-contradicted"]
    decided = note("reading-decided", url=entry.readings[1].url, who="r", when="2026-11-22T12:00:00Z", detail="seen")
    assert list(check_status(replace(forged, notes=(*forged.notes, decided)), may_be_of_earlier=False)) == []
    other = note("reading-decided", url="https://yes.example/", who="r", when="2026-11-22T12:00:00Z", detail="seen")
    found = check_status(replace(forged, notes=(*forged.notes, other)), may_be_of_earlier=False)
    assert [finding.code for finding in found] == ["verdict-contradicted"]


@pytest.mark.parametrize(
    ("host", "by", "reading", "message"),
    [
        ("yes.example", None, "2", "--reading: a decision needs --by, a name or a pseudonym"),
        ("yes.example", "r", "3", "3 is none of its readings; those that respond are: 1 https://yes.example/"),
        ("yes.example", "r", "https://x.org/", "https://x.org/ is none of its readings"),
        ("honest.example", "r", "2", "s01: there is nothing to decide; only one reading of it responds"),
    ],
)
def test_a_decision_that_cannot_be_is_refused(
    uncertain_world: World, tmp_path: Path, host: str, by: str | None, reading: str, message: str
) -> None:
    fetched(uncertain_world, tmp_path, host)
    with pytest.raises(UsageProblem, match=re.escape(message)):
        attest(tmp_path / "B", "s01", "seen", by=by, reading=reading)
