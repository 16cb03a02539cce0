"""`archive audit accept`: a person takes a finding into the baseline, or a copy out of the audit."""

from __future__ import annotations

import json

import click
from msgspec import to_builtins

from archive_cli.audit_options import catalogue_option, json_option
from archive_cli.output import message, printable


@click.command("accept")
@click.argument("copy")
@click.option("--by", required=True, metavar="NAME", help="Who accepts it; a pseudonym will do.")
@click.option("--note", required=True, metavar="TEXT", help="Why.")
@click.option(
    "--retire", "is_retired", is_flag=True, help="Take COPY out of the audit, sound or not, without reading it."
)
@catalogue_option
@json_option
def command(copy: str, by: str, note: str, is_retired: bool, catalogue: str | None, as_json: bool) -> None:
    r"""Accept what the last audit found in COPY: it is no longer reported as new.

    Who, when and why stay in its history. A bag that was put in the place of another is compared with itself from then
    on; a copy that is gone is retired. --retire takes out any copy that was given up or is to be deleted; where it is
    still there, `archive audit add` takes it back.

    \b
    Example:
      archive audit accept /bags/R210517 --by archivist-2 --note "a tag file was added on purpose"
      archive audit accept /old-disk/R210517 --by archivist-2 --note "the disk goes back" --retire
    """
    from archive.audit.accept import accept
    from archive.audit.catalogue.database import open_catalogue
    from archive.audit.retire import retire
    from archive.words.audit_findings import finding_sentence
    from archive_cli.audit_output import print_next_audit
    from archive_cli.output import catalogue as language

    with open_catalogue(catalogue, make=False) as opened:
        done = (retire if is_retired else accept)(opened, copy, by, note)
    if as_json:
        click.echo(json.dumps({"schema": "archive.audit-accept/1"} | to_builtins(done)))
        return
    words = language()
    codes = "; ".join(f"{finding_sentence(code, words)} [{code}] ({number})" for code, number in done.codes.items())
    if not is_retired:
        click.echo(printable(message("audit.accepted", place=done.place, codes=codes or "-")))
    if done.is_retired:
        click.echo(message("audit.retired"))
    print_next_audit("status", catalogue)
