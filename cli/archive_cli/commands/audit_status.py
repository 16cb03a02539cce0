"""`archive audit status`: the state of all copies."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime
from pathlib import Path

import click
from msgspec.structs import replace

from archive_cli.audit_options import catalogue_option, json_option
from archive_cli.output import message
from archive_cli.parameters import TRUST


@click.command("status")
@click.option("--check-chain", is_flag=True, help="Check that no event was changed, left out or put in.")
@click.option("--trust", type=TRUST, metavar="FOLDER", help="Look for overdue revocation lists.")
@catalogue_option
@json_option
def command(check_chain: bool, trust: Path | None, catalogue: str | None, as_json: bool) -> None:
    r"""Show how all copies were found last, what is wrong, and what is due next.

    \b
    Example:
      archive audit status
    """
    from archive.audit.catalogue.agreement import check_catalogue
    from archive.audit.catalogue.database import open_catalogue
    from archive.audit.deadlines import overdue_lists
    from archive.audit.status import read_status
    from archive.trust.anchors import load_anchors
    from archive_cli.audit_output import next_of_status, print_next_audit, show_status, status_object

    with open_catalogue(catalogue, make=False) as opened, opened.reading() as connection:
        now = datetime.now(UTC)
        status = read_status(connection, now)
        if trust:
            status = replace(status, deadlines=(*overdue_lists(load_anchors(trust), now), *status.deadlines))
        number, faults = check_catalogue(connection) if check_chain else (0, [])
    if as_json:
        chain = {"events": number, "faults": [{"event": each.seq, "what": each.what} for each in faults]}
        click.echo(json.dumps(status_object(status) | ({"chain": chain} if check_chain else {})))
    else:
        show_status(status)
        if check_chain and not faults:
            click.echo(message("audit.chain_whole", n=number))
        for each in faults:
            click.echo(message("audit.chain_fault", seq=each.seq, what=each.what))
        print_next_audit(next_of_status(status), catalogue)
    sys.exit(1 if faults else status.exit_code)
