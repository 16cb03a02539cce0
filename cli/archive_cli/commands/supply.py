"""`archive supply`: add a person's own file to a source."""

from __future__ import annotations

from pathlib import Path

import click

from archive_cli.completing import source_ids
from archive_cli.parameters import GivenFile, Moment


@click.command("supply")
@click.argument("bag", metavar="BAG", type=click.Path(path_type=Path))
@click.argument("source", metavar="SOURCE", shell_complete=source_ids)
@click.argument("file", metavar="FILE", type=GivenFile())
@click.option("--how", required=True, metavar="TEXT", help="How the person obtained the file.")
@click.option("--by", metavar="NAME", help="Who supplies it: a name or a pseudonym.")
@click.option("--when", type=Moment(), metavar="TIME", help="When they obtained it, as 2026-11-22T10:00:00Z.")
@click.option("--other-address", is_flag=True, help="Add it although it is of another address; the ledger says so.")
@click.option("--no-check", is_flag=True, help="Do not verify the new version before finishing.")
@click.option(
    "--accept-unsound", is_flag=True, help="Use a bag whose page, index or tag files are faulty; the new one says so."
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def command(
    bag: Path,
    source: str,
    file: Path,
    how: str,
    by: str | None,
    when: str | None,
    other_address: bool,
    no_check: bool,
    accept_unsound: bool,
    as_json: bool,
) -> None:
    r"""Add FILE (screenshot, PDF, video, WARC, WACZ) as a person's copy of SOURCE (s01, s02, ...).

    A work folder gets the file; of a finished bag, the command makes a second version. A recording or saved page of
    another address than the source's is refused; --other-address adds it, and the ledger and the page say so. It fills
    no gap, and neither does one that shows only an error or a challenge page.

    \b
    Example:
      archive supply R210517 s05 screenshot.png --how "seen in Firefox, signed in" --by collector-7
    """
    from archive.fetch.supply import Supply, Version, supply
    from archive_cli.fetch_output import print_result, warn_of_fork
    from archive_cli.parameters import run_clock

    given, version = Supply(file, how, by, when, other_address), Version(not no_check, accept_unsound)
    result = supply(bag, source, given, run_clock=run_clock(), version=version)
    warn_of_fork(bag, result.bag)
    print_result(result, as_json=as_json)
