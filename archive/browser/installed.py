"""Whether there is a browser to render with: playwright to drive it, and the system's Chromium."""

from __future__ import annotations

import importlib.util
import os
import shutil
from pathlib import Path

from msgspec import Struct

from archive_manifests.notes import Note, note

NO_DRIVER = note("browser-no-driver")
NO_CHROMIUM = note("browser-no-chromium")

_NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "microsoft-edge-stable")
_PLACES = (
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "C:/Program Files/Google/Chrome/Application/chrome.exe",
    "C:/Program Files (x86)/Google/Chrome/Application/chrome.exe",
    "C:/Program Files (x86)/Microsoft/Edge/Application/msedge.exe",  # every Windows has it, and it is a Chromium
)


class Installed(Struct, frozen=True):
    """A browser that can be driven."""

    chromium: Path
    has_sandbox: bool = True
    """False where Chromium would refuse to start with its sandbox: it is run by root."""


def find() -> Installed | Note:
    """The browser of this machine with what drives it, or why there is none."""
    if importlib.util.find_spec("playwright") is None:
        return NO_DRIVER
    return find_chromium() or NO_CHROMIUM


def find_chromium() -> Installed | None:
    """The browser alone, for a person to look with."""
    chromium = next(filter(None, map(shutil.which, _NAMES)), None)
    chromium = chromium or next((place for place in _PLACES if Path(place).is_file()), None)
    return Installed(Path(chromium), has_sandbox=not _is_root()) if chromium is not None else None


def _is_root() -> bool:
    # Looked up by name: Windows has no such call.
    return bool(getattr(os, "geteuid", lambda: 1)() == 0)
