"""`archive finish`: make the bag of a work folder."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from archive_cli.parameters import ExistingBag, run_clock


@click.command("finish")
@click.argument("bag", metavar="BAG", type=ExistingBag())
@click.option("--no-check", is_flag=True, help="Do not verify it before finishing.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def command(bag: Path, no_check: bool, as_json: bool) -> None:
    r"""Verify the work folder of BAG (BAG.part) and make the bag of it.

    `archive fetch --hold` leaves such a folder.

    \b
    Example:
      archive finish R210517
    """
    from archive.fetch.fetch import finish_work_folder
    from archive_cli.fetch_output import print_result

    result = finish_work_folder(bag, run_clock=run_clock(), check=not no_check)
    print_result(result, as_json=as_json)
    sys.exit(1 if result.has_gaps else 0)
