"""`archive compare`: what differs between two bags, source by source."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from archive.handover.compare import ComparedSource, Comparison

_PATH = click.Path(path_type=Path)


@click.command("compare")
@click.argument("first", metavar="A", type=_PATH)
@click.argument("second", metavar="B", type=_PATH)
@click.option("--json", "as_json", is_flag=True, help="Answer with one JSON object.")
def command(first: Path, second: Path, as_json: bool) -> None:
    r"""Compare bag A with bag B: an earlier with a later one, or two observers' bags of one report.

    For each source: same, changed (what), gone (only in A), new (only in B). The bags are compared by what they
    state; `archive verify` says whether that is so. Where an independent observer's bag agrees, `archive sign` on
    theirs, and theirs on yours, says so for others. Exit code 0: all the same; 1: something differs.

    \b
    Example:
      archive compare R210517 R210517-2
    """
    from archive.handover.compare import compare

    found = compare(first, second)
    if as_json:
        click.echo(json.dumps(_object(found)))
    else:
        _show(found)
    sys.exit(0 if found.is_same else 1)


def _object(found: Comparison) -> dict[str, object]:
    from collections import Counter

    return {
        "schema": "archive.compare/1",
        "a": str(found.first),
        "b": str(found.second),
        "relation": found.relation,
        "report": [{"what": one.what, "a": one.before, "b": one.after} for one in found.report],
        "sources": [_source(one) for one in found.sources],
        "counts": dict(Counter(str(one.state) for one in found.sources)),
    }


def _source(one: ComparedSource) -> dict[str, object]:
    changes = [{"what": change.what, "a": change.before, "b": change.after} for change in one.changes]
    return {"cited": one.cited, "a": one.first, "b": one.second, "state": str(one.state), "changes": changes}


def _show(found: Comparison) -> None:
    from collections import Counter

    from archive_cli.output import harmless

    click.echo(harmless(f"{found.first.name} and {found.second.name}: {found.relation}"))
    for change in found.report:
        click.echo(harmless(f"report {change.what}: {change.before} -> {change.after}"))
    for one in found.sources:
        ids = "/".join(dict.fromkeys(name for name in (one.first, one.second) if name))
        what = f" ({', '.join(change.what for change in one.changes)})" if one.changes else ""
        click.echo(harmless(f"{ids:<9} {one.state}{what}  {one.cited}"))
        for change in one.changes:
            click.echo(harmless(f"          {change.what}: {change.before} -> {change.after}"))
    counted = Counter(str(one.state) for one in found.sources)
    told = ", ".join(f"{number} {state}" for state, number in counted.items())
    click.echo(f"{len(found.sources)} sources: {told or 'none'}")
    click.echo("compared by what the bags state; `archive verify` says whether that is so", err=True)
