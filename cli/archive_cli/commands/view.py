"""`archive view`: the page inside a bag, in the browser; with --replay, its captures as well."""

from __future__ import annotations

import contextlib
import tempfile
import threading
from pathlib import Path

import click

from archive_cli.output import harmless


@click.command("view")
@click.argument("bag", type=click.Path(path_type=Path))
@click.option("--no-open", is_flag=True, help="Only print where the page is.")
@click.option("--replay", is_flag=True, help="Serve page and captures on loopback, until Ctrl-C.")
@click.option(
    "--player", metavar="FOLDER", type=click.Path(path_type=Path), help="Where ReplayWeb.page's ui.js and sw.js are."
)
def command(bag: Path, no_open: bool, replay: bool, player: Path | None) -> None:
    r"""Open the page inside BAG in the browser.

    The page needs no network and runs no program. It is opened only if it is as the bag lists it.
    With --replay the captures open too, as ReplayWeb.page shows them, in a Chromium that reaches nothing else.

    \b
    Example:
      archive view R210517
    """
    from archive.replay.open import page

    if player is not None and not replay:
        raise click.UsageError("--player goes with --replay")
    if replay:
        _replay(bag, player, is_shown=not no_open)
        return
    path = page(bag)
    click.echo(harmless(str(path)))
    if not no_open and click.launch(path.as_uri()) != 0:
        click.echo("no browser could be started; open the file above in one", err=True)


def _replay(bag: Path, player: Path | None, *, is_shown: bool) -> None:
    from archive.replay.viewer import replaying

    with replaying(bag, player=player, here=Path.cwd()) as served:
        click.echo(f"report: {served.report}")
        click.echo(f"replay: {served.replay}")
        click.echo("served on this machine alone; Ctrl-C ends it", err=True)
        with contextlib.suppress(KeyboardInterrupt):
            if not is_shown or not _shown([served.report, served.replay]):
                threading.Event().wait()


def _shown(urls: list[str]) -> bool:
    """Show the URLs in a window behind walls until it is closed; False where there is no Chromium for that."""
    from archive.browser.installed import find_chromium
    from archive.replay.viewer import show

    installed = find_chromium()
    if installed is None:
        told = "open them in a browser; without Chromium nothing holds hostile captures back: cut the network first"
        click.echo(told, err=True)
        return False
    with tempfile.TemporaryDirectory(prefix="archive-view-", ignore_cleanup_errors=True) as profile:
        return show(installed, Path(profile), urls).wait() == 0
