"""Progress: a line an event off a terminal, a live display on one, and nothing that a server says moves the cursor."""

from __future__ import annotations

import io
import time

import pytest
from rich.console import Console

from archive.fetch.source import unvisited
from archive_cli.progress import Display, Lines
from archive_manifests.ledger import Status, Verdict
from archive_manifests.sources import Source

HOSTILE = "https://evil.example/\x1b[2J\u202egpj"


def play(progress: object) -> None:
    entry = unvisited("s01", Source(cited=HOSTILE), Verdict(Status.GONE, "not-found"))
    progress.began(2)  # type: ignore[attr-defined]
    progress.source_started("s01", HOSTILE)  # type: ignore[attr-defined]
    progress.exchanged("s01", "GET", HOSTILE, "404", 1200)  # type: ignore[attr-defined]
    progress.waiting("evil.example", 3.0, "503")  # type: ignore[attr-defined]
    progress.source_judged(entry)  # type: ignore[attr-defined]
    progress.said("1 sources failed")  # type: ignore[attr-defined]


def test_off_a_terminal_each_event_is_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    play(Lines(verbose=True))
    harmless = "https://evil.example/\\x1b[2J\\u202egpj"
    assert capsys.readouterr().err.splitlines() == [
        "2 sources to capture",
        f"s01  asks   {harmless}",
        f"s01  404           1,200  GET {harmless}",
        "evil.example rests for 3 s (503)",
        f"[1/2] s01  gone (not-found)  {harmless}",
        "1 sources failed",
    ]


def test_on_a_terminal_the_display_tells_what_is_going_on() -> None:
    written = io.StringIO()
    with Display(Console(file=written, force_terminal=True, width=100, color_system=None)) as display:
        play(display)
        time.sleep(0.4)
    shown = written.getvalue()
    assert "s01  gone (not-found)" in shown
    assert "1 of 2 sources · 1 exchanges · 0.0 MB" in shown
    assert "evil.example rests for" in shown
    assert "\x1b[2Jg" not in shown
    assert "\u202e" not in shown
