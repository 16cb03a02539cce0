"""Save Page Now: only where the user wants it, recorded like anything else, and reported as it went."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from archive.capture.politeness import policy_for
from archive.capture.settings import FetchSettings
from archive.fetch.fetch import plan
from archive.urls import parse
from archive.verify.run import verify
from archive_cli.main import main
from archive_manifests.ledger import Ledger, Submission, from_json
from tests.archive.systems.fetch_sources import (
    Fetched,
    assert_every_byte_is_stored,
    assert_every_id_is_there,
    fetched,
    stored,
)
from tests.note_texts import text_of, texts_of
from tests.world import World
from tests.world.sites import faselhd, wayback

POST = "https://sn4hr.org/blog/2019/04/30/53633/"
VIDEO = f"https://{faselhd.HOST}{faselhd.VIDEO}"
REPORT = Path("manifests/examples/R210517/report.txt")
SAVE = f"https://{wayback.HOST}/save"


def saving(world: World, how: str) -> None:
    world.sites[wayback.HOST].saving = how  # type: ignore[attr-defined]


def submitted(world: World) -> list[str]:
    return [url for url in world.urls(wayback.HOST) if "/save" in url]


def run(world: World, folder: Path, *words: str) -> Result:
    arguments = ["fetch", str(REPORT), "-o", str(folder / "B"), "--delay", "0", "--no-media", "-q", *world.cli_args]
    return CliRunner().invoke(main, [*arguments, *words], prog_name="archive")


def ledger(folder: Path) -> Ledger:
    return from_json((folder / "B/data/sources.json").read_bytes())


def test_without_the_switch_nothing_is_ever_submitted(world: World, tmp_path: Path) -> None:
    assert run(world, tmp_path).exit_code in (0, 1)
    assert len(world.urls()) > 50
    assert submitted(world) == []
    assert [seen.url for seen in world.requested(wayback.HOST) if seen.method != "GET"] == []
    observed = ledger(tmp_path)
    assert observed.conditions.submits is False
    assert [entry.submissions for entry in observed.sources] == [()] * 9


def test_with_the_switch_every_source_that_answers_is_submitted_once(world: World, tmp_path: Path) -> None:
    assert run(world, tmp_path, "--submit-wayback").exit_code in (0, 1)
    observed = ledger(tmp_path)
    assert observed.conditions.submits is True
    due = {entry.id for entry in observed.sources if entry.live.status in ("captured", "partial", "blocked")}
    assert len(due) == 8 and "s07" not in due
    assert {entry.id for entry in observed.sources if entry.submissions} == due
    posted = [seen for seen in world.requested(wayback.HOST) if seen.method == "POST"]
    assert len(posted) == 8
    assert all(not seen.request.header("Authorization") and not seen.request.header("Cookie") for seen in posted)
    made = Fetched(world, tmp_path / "B", list(observed.sources), stored(tmp_path / "B"))
    assert_every_byte_is_stored(made)
    assert_every_id_is_there(made)
    assert [each for each in verify(made.bag).findings if each.severity == "error"] == []


def test_what_was_submitted_when_and_what_the_archive_said_stands_in_the_ledger(world: World, tmp_path: Path) -> None:
    made = fetched(world, tmp_path, POST, submit=True)
    (observed,) = made.entry.submissions
    assert (observed.url, observed.outcome, observed.to) == (POST, "saved", "Internet Archive, Wayback Machine")
    assert observed.memento == f"https://{wayback.HOST}/web/20261122100000/{POST}"
    assert observed.time.endswith("Z") and observed.job is not None
    uris = [made.record(ident).uri for ident in observed.records]
    assert [uri for uri in uris if "robots" not in uri] == [SAVE, f"{SAVE}/status/{observed.job}", f"{SAVE}/status/{observed.job}"]
    requested = next(record for record in made.records if record.type == "request" and record.uri == SAVE)
    assert requested.block.startswith(b"POST /save HTTP/1.1\r\n")
    assert requested.block.endswith(b"url=https%3A%2F%2Fsn4hr.org%2Fblog%2F2019%2F04%2F30%2F53633%2F&skip_first_archive=1")
    assert made.verdict == ("captured", None)
    assert [note for note in texts_of(made.entry.notes) if "submitted" in note] == [
        f"submitted to the Wayback Machine on {observed.time}: it says that its copy is {observed.memento}"
    ]


def reason(submission: Submission) -> str | None:
    """Why the archive did not save it: its own words, or the sentence of our note."""
    return submission.message or (text_of(submission.note) if submission.note is not None else None)


@pytest.mark.parametrize(
    ("how", "outcome", "said"),
    [
        ("page", "saved", None),
        ("refused", "refused", "error:blocked-url: This URL is in our block list."),
        ("login", "refused", "it accepts submissions only with an account (status 401)"),
        ("rate", "error", "it received too many requests (status 429)"),
        ("nonsense", "error", "it responded with status 200, and not in its documented form"),
        ("endless", "pending", None),
    ],
)
def test_whatever_the_archive_says_is_reported_and_costs_no_source_its_verdict(
    world: World, tmp_path: Path, how: str, outcome: str, said: str | None
) -> None:
    saving(world, how)
    made = fetched(world, tmp_path, POST, submit=True)
    (observed,) = made.entry.submissions
    assert (observed.outcome, reason(observed)) == (outcome, said)
    assert made.verdict == ("captured", None)
    posts = [seen for seen in world.requested(wayback.HOST) if seen.method == "POST"]
    assert len(posts) == 1
    assert len(submitted(world)) <= 12


def test_an_archive_that_cannot_be_reached_is_reported_so(world: World, tmp_path: Path) -> None:
    world.set_mode(wayback.HOST, "refused")
    made = fetched(world, tmp_path, POST, submit=True, tries=1)
    (observed,) = made.entry.submissions
    assert observed.outcome == "error"
    assert (reason(observed) or "").startswith("it could not be reached: ")


def test_what_is_gone_private_or_skipped_is_not_submitted(world: World, tmp_path: Path) -> None:
    world.set_mode("sn4hr.org", "410")
    world.set_mode("snhr.org", "410")
    fetched(world, tmp_path, POST, submit=True)
    assert submitted(world) == []
    (tmp_path / "2").mkdir()
    with World() as other:
        fetched(other, tmp_path / "2", VIDEO, source="skip = true", submit=True)
        assert other.urls() == []


def test_a_report_that_is_not_published_is_never_submitted(world: World, tmp_path: Path) -> None:
    place = tmp_path / "sources.toml"
    place.write_text(f'[report]\nid = "T1"\npublished = false\n[[source]]\ncited = "{POST}"\n')
    for words in ([], ["--plan"]):
        arguments = ["fetch", str(place), "-o", str(tmp_path / "B"), *world.cli_args, "--submit-wayback", *words]
        done = CliRunner().invoke(main, arguments)
        assert done.exit_code == 2
        assert "the source manifest says `published = false`; leave the switch out" in done.stderr
    assert world.urls() == []


def test_it_goes_with_no_third_parties_never(world: World, tmp_path: Path) -> None:
    done = run(world, tmp_path, "--submit-wayback", "--no-third-parties")
    assert done.exit_code == 2
    assert "--submit-wayback informs a third party, which --no-third-parties forbids" in done.stderr
    assert world.urls() == []


def test_neither_a_file_nor_the_environment_can_switch_it_on(tmp_path: Path) -> None:
    mine = tmp_path / "mine.toml"
    mine.write_text("[fetch]\nsubmit-wayback = true\n")
    done = CliRunner().invoke(main, ["--config", str(mine), "fetch", str(REPORT), "--plan"])
    assert (done.exit_code, "cannot be set in a file" in done.stderr) == (2, True)
    done = CliRunner().invoke(main, ["fetch", str(REPORT), "--plan"], env={"ARCHIVE_FETCH_SUBMIT_WAYBACK": "1"})
    assert (done.exit_code, "cannot be set there" in done.stderr) == (2, True)


def test_a_run_that_is_resumed_submits_nothing_twice(world: World, tmp_path: Path) -> None:
    assert run(world, tmp_path, "--submit-wayback", "--hold").exit_code in (0, 1)
    before = len(submitted(world))
    assert run(world, tmp_path, "--submit-wayback").exit_code in (0, 1)
    assert len(submitted(world)) == before
    assert run(world, tmp_path).exit_code == 2  # the bag was made with other options


def test_the_plan_says_that_it_would_be_submitted() -> None:
    others = plan(REPORT, FetchSettings(submit=True)).third_parties
    assert [other for other in others if "--submit-wayback" in other] == [
        "web.archive.org/save (every source that answers is submitted, and published there: --submit-wayback)"
    ]
    assert not [other for other in plan(REPORT, FetchSettings()).third_parties if "submit" in other]
    assert json.dumps(FetchSettings(submit=True).as_options()) != json.dumps(FetchSettings().as_options())


def test_the_pace_is_that_of_whoever_has_no_account() -> None:
    def gap(url: str) -> float:
        return policy_for(parse(url), FetchSettings()).gap

    assert (gap(SAVE), gap(f"{SAVE}/status/spn2-1")) == (20.0, 5.0)
    assert 429 in policy_for(parse(SAVE), FetchSettings()).final
