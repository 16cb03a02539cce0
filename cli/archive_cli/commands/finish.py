"""`archive finish`: make the bag of a held work folder."""

from __future__ import annotations

import sys
from pathlib import Path

import click


@click.command("finish")
@click.argument("bag", metavar="BAG", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Answer with one JSON object.")
def command(bag: Path, as_json: bool) -> None:
    r"""Finish the work folder of BAG (BAG.part) that `archive fetch --hold` left.

    \b
    Example:
      archive finish R210517
    """
    from archive.fetch.fetch import finish_held
    from archive_cli import answers
    from archive_cli.parameters import clockwork

    result = finish_held(bag, clockwork=clockwork())
    answers.show_fetched(result, as_json=as_json)
    sys.exit(1 if result.has_gaps else 0)
