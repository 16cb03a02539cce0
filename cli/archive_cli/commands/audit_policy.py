"""`archive audit policy`: how often copies are read."""

from __future__ import annotations

import json

import click

from archive_cli.audit_options import Duration, catalogue_option, json_option
from archive_cli.output import print_table

DAY = 86400


@click.command("policy")
@click.option("--custodian", default="*", metavar="N", help="For this custodian's copies.")
@click.option("--class", "storage_class", default="*", metavar="C", help="For copies of this class.")
@click.option("--every", type=Duration(), metavar="TIME", help="Look at each copy at least so often: 30d, 90d.")
@click.option("--full-read", type=Duration(), metavar="TIME", help="Read every byte so often; default: --every.")
@catalogue_option
@json_option
def command(
    custodian: str,
    storage_class: str,
    every: float | None,
    full_read: float | None,
    catalogue: str | None,
    as_json: bool,
) -> None:
    r"""Show, or with --every set, how often copies are read. Without a policy: once a quarter.

    \b
    Example:
      archive audit policy --class disk --every 30d
    """
    from archive.audit.catalogue.database import open_catalogue
    from archive.audit.policy import Interval, read_policy, set_interval

    with open_catalogue(catalogue) as opened:
        if every or full_read:
            days = round((every or full_read or 0) / DAY)
            interval = Interval(days, round((full_read or every or 0) / DAY))
            with opened.coordinator(), opened.writing() as connection:
                set_interval(connection, custodian, storage_class, interval)
        with opened.reading() as connection:
            rows = read_policy(connection).rows() or [("*", "*", Interval())]
    document = [(one, other, each.every_days, each.full_read_days) for one, other, each in rows]
    names = ("custodian", "class", "every_days", "full_read_days")
    if as_json:
        rules = [dict(zip(names, row, strict=True)) for row in document]
        click.echo(json.dumps({"schema": "archive.audit-policy/1", "rules": rules}))
    else:
        print_table(names, [tuple(map(str, row)) for row in document])
