"""Replay of a finished bag: two origins on loopback, the page at one, the captures in ReplayWeb.page at the other."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from msgspec import Struct

from archive.browser.installed import Installed
from archive.browser.isolation import arguments
from archive.errors import BagUnreadable, StatementError
from archive.replay.contents import find_page, read_contents
from archive.replay.player import find_player
from archive.replay.server import Server, captures, page_files, recording_file
from archive.replay.wacz import wacz_of
from archive.verify.foreign.recordings import is_recording
from archive_manifests import cdxj, layout
from archive_manifests.pages import parse_pages
from archive_manifests.paths import BagPath
from archive_manifests.plain_text import plain_reason

_QUIET = (
    *("--no-first-run", "--no-default-browser-check", "--disable-sync", "--disable-extensions"),
    *("--disable-component-update", "--disable-background-networking", "--disable-default-apps"),
    "--password-store=basic",
)


def command(installed: Installed, profile: Path, urls: Sequence[str]) -> list[str]:
    """The command that opens the window on `urls`; `profile` is a folder that is thrown away afterwards."""
    origins = ";".join(sorted({url.split("/")[2] for url in urls}))
    opened = {
        "--proxy-bypass-list=": f"--proxy-bypass-list=<-loopback>;{origins}",
        "--host-resolver-rules=": "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
    }
    switches = [next((opened[start] for start in opened if word.startswith(start)), word) for word in arguments()]
    root = [] if installed.has_sandbox else ["--no-sandbox"]
    return [str(installed.chromium), f"--user-data-dir={profile}", *switches, *_QUIET, *root, *urls]


def show(installed: Installed, profile: Path, urls: Sequence[str]) -> subprocess.Popen[bytes]:
    """Open the window; the reader closes it."""
    nothing = subprocess.DEVNULL
    return subprocess.Popen(command(installed, profile, urls), stdin=nothing, stdout=nothing, stderr=nothing)  # noqa: S603


class ReplayAddresses(Struct, frozen=True):
    """The addresses while the server runs."""

    report: str
    replay: str
    recordings: tuple[tuple[str, str], ...] = ()
    """Source and address of each recording that a person supplied, in the same player."""
    windows: tuple[str, ...] = ()
    """Addresses of all these in the same order that work once: for the command line of a browser."""


@contextmanager
def replaying(bag: Path, *, player: Path | None = None, installed: Path) -> Iterator[ReplayAddresses]:
    """Serve a finished bag in a folder until the block ends. Raises `BagUnreadable`, `NoPlayer`.

    `player` is the folder with ReplayWeb.page's files; without it they are taken from `installed`.
    """
    base = find_page(bag).parents[1]
    found = find_player(player, installed, bag)
    wacz, supplied = wacz_of(base), _recordings(base)
    files = {path.removeprefix(layout.PAYLOAD): recording_file(base, path) for _, path in supplied}
    with Server(page_files(base)) as report, Server(captures(found, wacz, _pages(base), files)) as replay:
        places = [(source, f"{path.removeprefix(layout.PAYLOAD)}/") for source, path in supplied]
        windows = report.once(), replay.once(), *(replay.once(place) for _, place in places)
        recordings = tuple((source, f"{replay.address}{place}") for source, place in places)
        yield ReplayAddresses(report.address, replay.address, recordings, windows)


def _recordings(base: Path) -> list[tuple[str, str]]:
    """Source and path of each recording that a person supplied, as the ledger has it."""
    ledger = read_contents(base).ledger
    return [
        (entry.id, path)
        for entry in ledger.sources
        for copy in entry.copies
        if copy.kind == "supplied"
        for path in copy.files
        if is_recording(path) and BagPath(path).is_inside and (base / path).is_file()
    ]


def _pages(base: Path) -> list[tuple[str, str]]:
    """URL and moment of each page that the bag lists."""
    try:
        _, pages = parse_pages((base / layout.PAGES).read_bytes())
    except (OSError, StatementError) as error:
        raise BagUnreadable(f"{base}: {plain_reason(error)}; see: archive verify {base}") from error
    return [(each.url, cdxj.timestamp(each.ts)) for each in pages]
