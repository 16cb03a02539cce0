"""The replay of a bag in a window of its own: a Chromium that reaches nothing but the replay.

Captures may be hostile, and in a person's own browser a replayed page can send that browser to its own server, which
shows it the person's address. So the desk links to no replay: it opens this window, as `archive view --replay` does.
"""

from __future__ import annotations

import contextlib
import subprocess
import tempfile
import threading
from contextlib import ExitStack
from pathlib import Path

from archive.browser.installed import find_chromium
from archive.errors import UsageProblem
from archive.replay.player import FILES
from archive.replay.viewer import replaying, show

_SOON = 2.0
"""Seconds in which a window that cannot be opened has given up."""


class ReplayWindows:
    """The windows that the desk has open: one a bag."""

    def __init__(self, player: Path) -> None:
        self._player = player
        self._open: dict[Path, subprocess.Popen[bytes]] = {}

    @property
    def obstacle(self) -> str | None:
        """What stands in the way of a window: `browser`, `player`."""
        if find_chromium() is None:
            return "browser"
        return None if all((self._player / name).is_file() for name in FILES) else "player"

    def open(self, bag: Path) -> None:
        """Open the window of a bag, if it is not open. Raises `UsageProblem`, `NoPlayer`, `BagUnreadable`."""
        running = self._open.get(bag)
        if running is not None and running.poll() is None:
            return
        chromium = find_chromium()
        if chromium is None:
            raise UsageProblem("no Chromium is installed; `archive doctor` says how to get one")
        with ExitStack() as opened:
            served = opened.enter_context(replaying(bag, installed=self._player))
            profile = tempfile.TemporaryDirectory(prefix="archive-replay-", ignore_cleanup_errors=True)
            place = Path(opened.enter_context(profile))
            window = show(chromium, place, served.windows[1:])  # the page of the bag has a link of its own
            with contextlib.suppress(subprocess.TimeoutExpired):
                if window.wait(_SOON) != 0:
                    raise UsageProblem("Chromium could not open a window; does the desk run on a screen of its own?")
            self._open[bag] = window
            threading.Thread(target=_close, args=(window, opened.pop_all()), daemon=True).start()

    def close(self) -> None:
        """Close every window."""
        for window in self._open.values():
            with contextlib.suppress(OSError):
                window.terminate()


def _close(window: subprocess.Popen[bytes], opened: ExitStack) -> None:
    """Stop serving once the person has closed the window."""
    window.wait()
    opened.close()
