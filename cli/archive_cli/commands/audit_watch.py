"""`archive audit watch`: do cited addresses still respond?"""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

import click
from msgspec import to_builtins

from archive_cli.audit_options import Duration, catalogue_option, json_option
from archive_cli.help_layout import Grouped
from archive_cli.output import message, print_line
from archive_cli.parameters import FILE, ProxyAddress

if TYPE_CHECKING:
    from archive.audit.watch.run import WatchResult

DAY = 86400


@click.command("watch", cls=Grouped)
@click.argument("bags", metavar="BAG...", nargs=-1)
@click.option("--due", is_flag=True, help="Only addresses that are due; without BAG, of all bags named before.")
@click.option("--every", type=Duration(), default="30d", show_default=True, metavar="TIME", help="Due again after.")
@click.option("--delay", type=click.FloatRange(0), default=1.0, show_default=True, help="Seconds between requests.")
@click.option(
    "--proxy", type=ProxyAddress(), metavar="URL", help="Go through http://HOST:PORT or socks5h://HOST:PORT (Tor)."
)
@click.option("--connect-to", multiple=True, metavar="HOST:PORT:ADDR:PORT", help="Connect elsewhere, as curl does.")
@click.option("--cacert", "cacerts", multiple=True, type=FILE, help="Trust these roots beside the usual ones.")
@click.option("--allow-private", is_flag=True, help="Permit private and loopback addresses.")
@catalogue_option
@json_option
def command(bags: tuple[str, ...], due: bool, catalogue: str | None, as_json: bool, **given: Any) -> None:
    r"""Request each cited address of BAG once, and report what is gone, back or changed.

    The server sees these requests, and from where they come: somebody still looks at what was cited. Nothing is
    requested unless you call this command; --proxy hides your address. Exit code 1: something changed; 3: some could
    not be reached.

    \b
    Example:
      archive audit watch R210517 --proxy socks5h://127.0.0.1:9050
    """
    from archive.audit.catalogue.database import open_catalogue
    from archive.audit.watch.run import watch_bags
    from archive.audit.watch.visit import watch_limits
    from archive_cli.network import small_client

    if not bags and not due:
        raise click.UsageError("name a BAG, or give --due for those named before")
    client = small_client(given, watch_limits())
    days = max(1, round(given["every"] / DAY))
    with open_catalogue(catalogue, make=False) as opened:
        result = watch_bags(opened, bags, client, every_days=days, only_due=due, pause=given["delay"])
    client.close()
    _show(result, as_json)
    sys.exit(result.exit_code)


def _show(result: WatchResult, as_json: bool) -> None:
    if as_json:
        visits = [to_builtins(one) for one in result.visits]
        click.echo(json.dumps({"schema": "archive.audit-watch/1", "visits": visits}))
        return
    for one in result.visits:
        state = one.change or one.seen.state
        status = one.seen.status or one.seen.reason or ""
        print_line(f"{state:<12} {one.bag} {one.source}  {one.url}  {status}")
    print_line(message("audit.watched", n=len(result.visits), changes=len(result.changes)))
