"""`archive audit policy`: how often copies are read."""

from __future__ import annotations

import json

import click

from archive_cli.audit_options import Days, catalogue_option, json_option
from archive_cli.output import message, print_table


@click.command("policy")
@click.option("--custodian", default="*", metavar="N", help="For this custodian's copies.")
@click.option("--class", "storage_class", default="*", metavar="C", help="For copies of this class.")
@click.option("--every", type=Days(), metavar="TIME", help="Look at each copy at least so often: 30d, 2w, 1y.")
@click.option("--full-read", type=Days(), metavar="TIME", help="Read every byte so often; default: --every.")
@catalogue_option
@json_option
def command(
    custodian: str,
    storage_class: str,
    every: int | None,
    full_read: int | None,
    catalogue: str | None,
    as_json: bool,
) -> None:
    r"""Show, or with --every set, how often copies are read. Without a policy: once a quarter.

    A new policy holds at once: when each copy is due is computed again from when it was last read.

    \b
    Example:
      archive audit policy --class disk --every 30d
    """
    from archive.audit.catalogue.database import open_catalogue
    from archive.audit.policy import Interval, read_policy
    from archive.audit.reschedule import Rescheduled, set_policy

    done = Rescheduled()
    with open_catalogue(catalogue) as opened:
        if every or full_read:
            interval = Interval(every or full_read or 0, full_read or every or 0)
            with opened.coordinator(), opened.writing() as connection:
                done = set_policy(connection, custodian, storage_class, interval)
        with opened.reading() as connection:
            rows = read_policy(connection).rows() or [("*", "*", Interval())]
    document = [(one, other, each.every_days, each.full_read_days) for one, other, each in rows]
    names = ("custodian", "class", "every_days", "full_read_days")
    if as_json:
        rules = [dict(zip(names, row, strict=True)) for row in document]
        click.echo(json.dumps({"schema": "archive.audit-policy/1", "rules": rules, "rescheduled": done.copies}))
    else:
        print_table(names, [tuple(map(str, row)) for row in document])
        if done.copies:
            click.echo(message("audit.rescheduled", n=done.copies, at=done.next_due_at))
