"""`archive audit provider-report`: take in what a provider says it read."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click
from msgspec import to_builtins

from archive_cli.audit_options import catalogue_option, json_option, operator_option
from archive_cli.output import message, print_line


@click.command("provider-report")
@click.argument("report", metavar="FILE", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@operator_option
@catalogue_option
@json_option
def command(report: Path, by: str | None, catalogue: str | None, as_json: bool) -> None:
    r"""Compare FILE, the completion report of S3 Batch Operations (compute checksum), with the copies in its buckets.

    It is the provider's word: full reads stay due as the policy says, and a copy that the report does not confirm is
    due now. Exit code 1: something differs; 3: the report does not cover all of some copy.

    \b
    Example:
      archive audit provider-report results.csv --by archivist-2
    """
    from archive.audit.catalogue.database import open_catalogue
    from archive.audit.provider_report import take_report
    from archive_cli.audit_output import counted, print_next_audit

    with open_catalogue(catalogue, make=False) as opened:
        taken = take_report(opened, report, by)
    if as_json:
        click.echo(json.dumps({"schema": "archive.audit-provider-report/1"} | to_builtins(taken)))
    else:
        for place in taken.due:
            print_line(message("audit.full_read_due", place=place))
        outcomes = counted(taken.outcomes) or "-"
        print_line(message("audit.report_taken", outcomes=outcomes, unusable=taken.unusable))
        print_next_audit("run --due", catalogue)
    sys.exit(taken.exit_code)
