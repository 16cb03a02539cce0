"""`archive compare`: what differs between two bags, source by source."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from archive_cli.output import message, print_line

if TYPE_CHECKING:
    from archive.handover.compare import ComparedSource, Comparison

_PATH = click.Path(path_type=Path)


@click.command("compare")
@click.argument("first", metavar="A", type=_PATH)
@click.argument("second", metavar="B", type=_PATH)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def command(first: Path, second: Path, as_json: bool) -> None:
    r"""Compare bag A with bag B: an earlier with a later one, or two observers' bags of one report.

    For each source it prints same, changed (what), gone (only in A) or new (only in B). It compares what the bags
    state; `archive verify` checks whether that is true. Exit code 0: everything is the same; 1: something differs.

    \b
    Example:
      archive compare R210517 R210517-2
    """
    from archive.handover.compare import compare

    found = compare(first, second)
    if as_json:
        click.echo(json.dumps(_object(found)))
    else:
        _print_comparison(found)
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


def _print_comparison(found: Comparison) -> None:
    from collections import Counter

    print_line(message("compare.relation", first=found.first.name, second=found.second.name, relation=found.relation))
    for change in found.report:
        print_line(message("compare.report", what=change.what, before=change.before, after=change.after))
    for one in found.sources:
        ids = "/".join(dict.fromkeys(name for name in (one.first, one.second) if name))
        what = f" ({', '.join(change.what for change in one.changes)})" if one.changes else ""
        print_line(f"{ids:<9} {one.state}{what}  {one.cited}")
        for change in one.changes:
            line = message("compare.change", what=change.what, before=change.before, after=change.after)
            print_line(f"          {line}")
    counted = Counter(str(one.state) for one in found.sources)
    counts = ", ".join(f"{number} {state}" for state, number in counted.items())
    print_line(message("compare.counts", n=len(found.sources), counts=counts or message("fetch.none")))
    print_line(message("compare.caution"), to_stderr=True)
