"""`archive audit accept`: a person takes a finding into the baseline."""

from __future__ import annotations

import json
from dataclasses import asdict

import click

from archive_cli.audit_options import catalogue_option, json_option
from archive_cli.output import message, printable


@click.command("accept")
@click.argument("copy")
@click.option("--by", required=True, metavar="NAME", help="Who accepts it; a pseudonym will do.")
@click.option("--note", required=True, metavar="TEXT", help="Why.")
@catalogue_option
@json_option
def command(copy: str, by: str, note: str, catalogue: str | None, as_json: bool) -> None:
    r"""Accept what the last audit found in COPY: it is no longer reported as new.

    Who, when and why stay in its history. A bag that was put in the place of another is compared with itself from then
    on; a copy that is gone is retired.

    \b
    Example:
      archive audit accept /bags/R210517 --by archivist-2 --note "a tag file was added on purpose"
    """
    from archive.audit.accept import accept
    from archive.audit.catalogue.database import open_catalogue
    from archive.words.audit_findings import finding_sentence
    from archive_cli.audit_output import print_next_audit
    from archive_cli.output import catalogue as language

    with open_catalogue(catalogue, make=False) as opened:
        done = accept(opened, copy, by, note)
    if as_json:
        click.echo(json.dumps({"schema": "archive.audit-accept/1"} | asdict(done)))
        return
    words = language()
    codes = "; ".join(f"{finding_sentence(code, words)} [{code}] ({number})" for code, number in done.codes.items())
    click.echo(printable(message("audit.accepted", place=done.place, codes=codes or "-")))
    if done.is_retired:
        click.echo(message("audit.retired"))
    print_next_audit("status", catalogue)
