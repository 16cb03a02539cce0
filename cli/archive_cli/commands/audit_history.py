"""`archive audit history`: all that happened to one copy."""

from __future__ import annotations

import json

import click

from archive_cli.audit_options import catalogue_option, json_option


@click.command("history")
@click.argument("copy")
@catalogue_option
@json_option
def command(copy: str, catalogue: str | None, as_json: bool) -> None:
    r"""Show the events of COPY: its place, its id, or the name of a bag with one copy.

    \b
    Example:
      archive audit history /bags/R210517
    """
    from archive.audit.catalogue.database import open_catalogue
    from archive.audit.status import read_history
    from archive_cli.audit_output import history_object, print_next_of_history, show_history

    with open_catalogue(catalogue, make=False) as opened, opened.reading() as connection:
        history = read_history(connection, copy)
    if as_json:
        click.echo(json.dumps(history_object(history)))
    else:
        show_history(history)
        print_next_of_history(history, catalogue)
