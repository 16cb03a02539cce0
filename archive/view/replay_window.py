"""A window of its own for looking at captures: Chromium behind walls, through which only the two loopback origins show.

Policy headers ask a browser to hold a hostile capture back; here the network itself is not there. What a capture's
scripts try (sockets, WebRTC, look-ups) ends at the walls that hold while captures are drawn.
"""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from pathlib import Path

from archive.browser.installed import Installed
from archive.browser.walls import arguments

_QUIET = (
    *("--no-first-run", "--no-default-browser-check", "--disable-sync", "--disable-extensions"),
    *("--disable-component-update", "--disable-background-networking", "--disable-default-apps"),
    "--password-store=basic",
)


def command(installed: Installed, profile: Path, urls: Sequence[str]) -> list[str]:
    """The command that opens the window on `urls`; `profile` is a folder that is thrown away afterwards."""
    seen = ";".join(sorted({url.split("/")[2] for url in urls}))
    opened = {
        "--proxy-bypass-list=": f"--proxy-bypass-list=<-loopback>;{seen}",
        "--host-resolver-rules=": "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
    }
    switches = [next((opened[start] for start in opened if word.startswith(start)), word) for word in arguments()]
    root = [] if installed.has_sandbox else ["--no-sandbox"]
    return [str(installed.chromium), f"--user-data-dir={profile}", *switches, *_QUIET, *root, *urls]


def show(installed: Installed, profile: Path, urls: Sequence[str]) -> subprocess.Popen[bytes]:
    """Open the window; it is closed by whoever looks."""
    nothing = subprocess.DEVNULL
    return subprocess.Popen(command(installed, profile, urls), stdin=nothing, stdout=nothing, stderr=nothing)  # noqa: S603
