"""Replay of a finished bag: two origins on loopback, the page at one, the captures in ReplayWeb.page at the other."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from archive.errors import BagUnreadable, StatementError
from archive.view.look import page
from archive.view.replay_player import find_player
from archive.view.replay_server import Server, captures, page_files
from archive.view.replay_wacz import wacz_of
from archive_manifests import cdxj
from archive_manifests.pages import parse_pages


@dataclass(frozen=True, slots=True)
class Replaying:
    """Where to look while it is served."""

    report: str
    replay: str


@contextmanager
def replaying(bag: Path, *, player: Path | None = None, here: Path) -> Iterator[Replaying]:
    """Serve a finished bag in a folder until the block ends. Raises `BagUnreadable`, `NoPlayer`."""
    base = page(bag).parents[1]
    found = find_player(player, bag, here)
    wacz = wacz_of(base)
    with Server(page_files(base)) as report, Server(captures(found, wacz, _pages(base))) as replay:
        yield Replaying(f"{report.origin}/", f"{replay.origin}/")


def _pages(base: Path) -> list[tuple[str, str]]:
    """URL and moment of each page that the bag lists."""
    try:
        _, pages = parse_pages((base / "data/pages/pages.jsonl").read_bytes())
    except (OSError, StatementError) as error:
        raise BagUnreadable(f"{base}: {error}; see: archive verify {base}") from error
    return [(each.url, cdxj.timestamp(each.ts)) for each in pages]
