"""`archive view`: the page inside a bag, in the browser."""

from __future__ import annotations

from pathlib import Path

import click

from archive_cli.escape import harmless


@click.command("view")
@click.argument("bag", type=click.Path(path_type=Path))
@click.option("--no-open", is_flag=True, help="Only print where the page is.")
def command(bag: Path, no_open: bool) -> None:
    r"""Open the page inside BAG in the browser.

    The page needs no network and runs no program. It is opened only if it is as the bag lists it.

    \b
    Example:
      archive view R210517
    """
    from archive.view.look import page

    path = page(bag)
    click.echo(harmless(str(path)))
    if not no_open and click.launch(path.as_uri()) != 0:
        click.echo("no browser could be started; open the file above in one", err=True)
