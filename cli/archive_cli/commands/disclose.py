"""`archive disclose`: a copy of a bag that withholds sources."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from archive.disclose.disclose import Disclosed

_PATH = click.Path(path_type=Path)


@click.command("disclose")
@click.argument("bag", type=_PATH)
@click.option("--withhold", required=True, metavar="ID,…", help="The sources to leave out: s03,s05.")
@click.option("--because", required=True, metavar="CODE", help="Why: safety, consent, privacy, legal, or another code.")
@click.option("-o", "--output", "target", required=True, type=_PATH, metavar="NEWBAG", help="The copy's folder.")
@click.option("--no-count", is_flag=True, help="Do not state how many sources are withheld.")
@click.option("--accept-names", is_flag=True, help="Go on although the copy names what is withheld.")
@click.option("--by", metavar="NAME", help="A pseudonym for the custody log.")
@click.option("--json", "as_json", is_flag=True, help="Answer with one JSON object.")
def command(
    bag: Path,
    withhold: str,
    because: str,
    target: Path,
    no_count: bool,
    accept_names: bool,
    by: str | None,
    as_json: bool,
) -> None:
    r"""Make a copy of BAG without some sources, that proves to be a part of the sealed bag.

    Every record and file of the copy is byte for byte in the original, and the original's signatures and timestamps
    speak for it. Nothing in the copy can confirm a guess about what is withheld. A public report still says what it
    cites, and copies of one bag add up: the command lists what this one adds to earlier ones.

    \b
    Example:
      archive disclose R210517 --withhold s03,s05 --because safety -o R210517-court
    """
    from archive.disclose.disclose import DisclosureOrder, disclose
    from archive_cli.parameters import run_clock

    ids = frozenset(name.strip() for name in withhold.split(",") if name.strip())
    order = DisclosureOrder(bag, target, ids, because, not no_count, accept_names, by)
    made = disclose(order, now=run_clock().now())
    if as_json:
        click.echo(json.dumps(_object(made)))
    else:
        _show(made)


def _object(made: Disclosed) -> dict[str, object]:
    return {
        "schema": "archive.disclose/1",
        "bag": str(made.path.absolute()),
        "tagmanifest": str(made.tagmanifest),
        "disclosed": list(made.disclosed),
        "withheld": len(made.withheld),
        "names": [{"source": hit.source, "name": hit.name, "place": hit.place} for hit in made.hits],
        "adds": list(made.adds),
    }


def _show(made: Disclosed) -> None:
    from archive_cli.output import printable

    click.echo(printable(f"{made.path}: {len(made.disclosed)} sources disclosed, {len(made.withheld)} withheld"))
    for hit in made.hits:
        click.echo(printable(f"names {hit.source}: {hit.name} in {hit.place}"))
    if made.adds and len(made.adds) < len(made.disclosed):
        click.echo(f"adds to earlier copies: {', '.join(made.adds)}")
    click.echo(f"fingerprint of the copy: {made.tagmanifest}")
