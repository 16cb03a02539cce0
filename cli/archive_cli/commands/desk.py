"""`archive desk`: the local web page for documenters."""

from __future__ import annotations

import contextlib
import os
import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from archive.installation import install_command
from archive_cli import places
from archive_cli.help_layout import Grouped
from archive_cli.network import network_switches, settings_of
from archive_cli.output import LANGUAGE_VARIABLE, message, print_line, print_next
from archive_cli.parameters import KEYS, SHELF, TRUST, TSA
from archive_manifests.plain_text import one_line

if TYPE_CHECKING:
    from archive.desk.server import DeskEnd


@click.command("desk", cls=Grouped)
@click.argument("folder", metavar="[FOLDER]", type=SHELF, default=Path())
@click.option("--no-open", is_flag=True, help="Only print the link; open no browser.")
@click.option("--keys", type=KEYS, metavar="DIR", help="The folder of your signing keys.")
@click.option("--trust", type=TRUST, metavar="DIR", help="Whom you trust, as for `verify`.")
@click.option("--tsa", multiple=True, type=TSA, metavar="URL", help="Offer this timestamp authority too.")
@click.option(
    "--idle", type=click.IntRange(0, 10_000), default=30, show_default=True, metavar="MINUTES",
    help="End after this time without a tab and without work; 0 for never.",
)  # fmt: skip
@click.option("--demonstration", is_flag=True, help="Mark the bags as a demonstration.")
@click.option("--browser/--no-browser", default=True, help="Offer to render pages in Chromium.")
@network_switches
def command(
    folder: Path,
    no_open: bool,
    keys: Path | None,
    trust: Path | None,
    tsa: tuple[str, ...],
    idle: int,
    **switches: Any,
) -> None:
    r"""Open the desk: a page on this machine alone, on which you drop a report, review, capture, and hand over.

    Bags go into FOLDER (default: this folder). The desk listens on this machine only, and the link works once; while
    the desk is open, the same command in another terminal prints another link. Close the tab whenever you like: a
    capture continues. Ctrl-C ends the desk, and not the capture; without a tab and without a capture it ends by itself.

    \b
    Example:
      archive desk my-reports
    """
    from archive.errors import InUse, UsageProblem

    try:
        from archive.desk.another_link import wish_for_link
        from archive.desk.server import serve
        from archive.desk.state import Places
    except ImportError as error:
        raise UsageProblem(
            f"the desk needs {error.name}, which is not installed: {install_command('desk')}"
        ) from error

    def opened(address: str, place: Path) -> None:
        print_line(message("desk.link"))
        print_line(address)
        print_next(message("desk.next_unopened" if no_open else "desk.next"))
        if not no_open:
            click.launch(place.as_uri())

    _offer(folder)
    mine = Places(keys or places.keys_folder(), places.player_folder(), trust, tsa)
    language = os.environ.get(LANGUAGE_VARIABLE)
    try:
        ended = serve(folder, settings_of(switches), mine, language=language, opened=opened, idle_minutes=idle)
    except InUse:  # it is open in another terminal: what the person lacks is a link
        opened(*wish_for_link(folder.resolve()))
        return
    with contextlib.suppress(OSError):  # the terminal's window may be closed
        _say_how_it_ended(folder, ended)


def _offer(folder: Path) -> None:
    """Create the folder where it is not there and a person says so."""
    question = message("desk.create", folder=one_line(str(folder)))
    if not folder.exists() and sys.stdin.isatty() and click.confirm(question, default=True):
        folder.mkdir(parents=True)


def _say_how_it_ended(folder: Path, ended: DeskEnd) -> None:
    idle = ended.idle_minutes
    print_line(message("desk.ended") if idle is None else message("desk.ended_idle", n=idle), to_stderr=True)
    for name in ended.running:
        print_line(message("desk.goes_on", name=name), to_stderr=True)
    print_next(message("desk.again", command=shlex.join(["archive", "desk", str(folder)])))
