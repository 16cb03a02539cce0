"""`archive view`: the page inside a bag, in the browser; with --replay, its captures as well."""

from __future__ import annotations

import contextlib
import os
import sys
import tempfile
import threading
from collections.abc import Sequence
from pathlib import Path

import click

from archive.installation import install_command
from archive_cli import places
from archive_cli.output import message, print_line, print_next
from archive_cli.parameters import PLAYER, ExistingBag


@click.command("view")
@click.argument("bag", type=ExistingBag())
@click.option("--no-open", is_flag=True, help="Only print where the page is.")
@click.option("--replay", is_flag=True, help="Serve page and captures on this machine alone, until Ctrl-C.")
@click.option(
    "--player", metavar="FOLDER", type=PLAYER, help="The folder of ReplayWeb.page (ui.js, sw.js)."
)
def command(bag: Path, no_open: bool, replay: bool, player: Path | None) -> None:
    r"""Open the page inside BAG in the browser.

    The page needs no network and runs no program. It opens only if it is as the bag lists it.
    With --replay the captures open too, in ReplayWeb.page, in a Chromium that reaches nothing else.

    \b
    Example:
      archive view R210517
    """
    from archive.replay.contents import find_page

    if player is not None and not replay:
        raise click.UsageError("--player goes with --replay")
    if replay:
        _replay(bag, player, is_shown=not no_open)
        return
    path = find_page(bag)
    print_line(str(path))
    if no_open:
        print_next(message("view.next"))
    elif not _has_desktop() or click.launch(path.as_uri()) != 0:
        print_line(message("view.no_browser"), to_stderr=True)


def _has_desktop() -> bool:
    """False on a Linux without a screen or a named browser: xdg-open only prints there what it did not find."""
    is_linux = sys.platform.startswith("linux")
    return not is_linux or any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "BROWSER"))


def _replay(bag: Path, player: Path | None, *, is_shown: bool) -> None:
    from archive.errors import UsageProblem

    try:
        from archive.replay.viewer import replaying
    except ImportError as error:
        raise UsageProblem(
            f"replay needs {error.name}, which is not installed: {install_command('desk')}"
        ) from error
    with replaying(bag, player=player, installed=places.player_folder()) as served:
        print_line(message("view.report", url=served.report))
        print_line(message("view.replay", url=served.replay))
        for source, url in served.recordings:
            print_line(f"{source}: {url}")
        print_line(message("view.serving"), to_stderr=True)
        with contextlib.suppress(KeyboardInterrupt):
            if not is_shown:
                print_line(message("view.not_isolated"), to_stderr=True)
            if not is_shown or not _shown(served.windows):
                threading.Event().wait()


def _shown(urls: Sequence[str]) -> bool:
    """Show the URLs in an isolated window until the reader closes it; False where no Chromium is installed."""
    from archive.browser.installed import find_chromium
    from archive.replay.viewer import show

    installed = find_chromium()
    if installed is None:
        print_line(message("view.not_isolated"), to_stderr=True)
        return False
    with tempfile.TemporaryDirectory(prefix="archive-view-", ignore_cleanup_errors=True) as profile:
        return show(installed, Path(profile), urls).wait() == 0
