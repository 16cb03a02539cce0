"""Progress: a line for each event off a terminal, a live display on one. No text of a server moves the cursor."""

from __future__ import annotations

import io
import time

import pytest
from rich.console import Console

from archive.fetch.source import unvisited
from archive.progress import Progress
from archive_cli.progress import LineProgress, LiveProgress, ProgressTally, waiting_line
from archive_manifests.ledger import SourceEntry, Status, Verdict
from archive_manifests.sources import Source

HOSTILE = "https://evil.example/\x1b[2J\u202egpj"
ESCAPED = "https://evil.example/\\x1b[2J\\u202egpj"


def entry(ident: str = "s01") -> SourceEntry:
    return unvisited(ident, Source(cited=HOSTILE), Verdict(Status.GONE, "not-found"))


def play(progress: Progress) -> None:
    progress.began(2)
    progress.source_started("s01", HOSTILE)
    progress.exchanged("s01", "GET", HOSTILE, "404", 1200)
    progress.waiting("evil.example", 3.0, "dns")
    progress.source_judged(entry())
    progress.stage("retrying", n=1)


def test_off_a_terminal_each_event_is_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    play(LineProgress(verbose=True))
    assert capsys.readouterr().err.splitlines() == [
        "2 sources to capture",
        f"s01  requests  {ESCAPED}",
        f"s01  404           1,200  GET {ESCAPED}",
        "evil.example: name not found; trying again in 3 s",
        f"[1/2] s01  gone (not-found)  {ESCAPED}",
        "Trying 1 source again that failed",
    ]


def test_on_a_terminal_the_display_shows_counts_and_waits() -> None:
    written = io.StringIO()
    with LiveProgress(Console(file=written, force_terminal=True, width=100, color_system=None)) as live:
        play(live)
        time.sleep(0.4)
    shown = written.getvalue()
    assert "s01  gone (not-found)" in shown
    assert "1 of 2 sources · 1 exchange · 1.2 KB" in shown
    assert "evil.example: name not found; trying again in" in shown
    assert "\x1b[2Jg" not in shown
    assert "\u202e" not in shown


def test_a_source_that_is_judged_twice_counts_once(capsys: pytest.CaptureFixture[str]) -> None:
    progress = LineProgress(verbose=False)
    progress.began(2)
    for ident in ("s01", "s02", "s01", "s02", "s01"):
        progress.source_judged(entry(ident))
    assert [line.split()[0] for line in capsys.readouterr().err.splitlines()[1:]] == [
        "[1/2]", "[2/2]", "[2/2]", "[2/2]", "[2/2]",
    ]  # fmt: skip


def test_a_run_that_is_resumed_counts_all_sources(capsys: pytest.CaptureFixture[str]) -> None:
    progress = LineProgress(verbose=False)
    progress.began(4, {"s01", "s02"})
    for ident in ("s03", "s01", "s04"):
        progress.source_judged(entry(ident))
    lines = capsys.readouterr().err.splitlines()
    assert [line.split()[0] for line in lines] == ["2", "[3/4]", "[3/4]", "[4/4]"]
    assert lines[0] == "2 sources to capture"


def test_bytes_count_as_they_arrive_before_their_exchange_ends() -> None:
    tally = ProgressTally()
    tally.began(1)
    tally.received(56_000_000)
    assert "0 of 1 sources · 0 exchanges · 56 MB" in tally.summary()
    tally.exchanged("s01", "GET", "https://x.example/", "200", 56_000_000)
    assert "1 exchange · 56 MB" in tally.summary()


@pytest.mark.parametrize(
    ("why", "line"),
    [
        ("dns", "sn4hr.org: name not found; trying again in 8 s"),
        ("503", "sn4hr.org: status 503; trying again in 8 s"),
        ("timeout", "sn4hr.org: no response in time; trying again in 8 s"),
    ],
)
def test_a_wait_is_explained(why: str, line: str) -> None:
    assert waiting_line("sn4hr.org", 8.2, why) == line
