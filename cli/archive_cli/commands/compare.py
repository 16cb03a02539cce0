"""`archive compare`: what differs between two bags, source by source."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from archive_cli.output import listed, message, print_line, print_next, printable
from archive_cli.parameters import ExistingBag

if TYPE_CHECKING:
    from archive.handover.compare import ComparedSource, Comparison
    from archive_manifests.findings import Finding


@click.command("compare")
@click.argument("first", metavar="A", type=ExistingBag())
@click.argument("second", metavar="B", type=ExistingBag())
@click.option("--no-check", is_flag=True, help="Do not verify the bags first: compare only what they state.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def command(first: Path, second: Path, no_check: bool, as_json: bool) -> None:
    r"""Compare bag A with bag B: an earlier with a later one, or two observers' bags of one report.

    Both are verified first. For each source it then prints same, changed (what), only in A, or only in B.
    Exit code 0: everything is the same; 1: something differs, or a bag is not what it states.

    \b
    Example:
      archive compare R210517 R210517-2
    """
    from archive.handover.compare import compare

    found = compare(first, second, check=not no_check)
    if as_json:
        click.echo(json.dumps(_object(found)))
    else:
        print_comparison(found)
    sys.exit(0 if found.is_same else 1)


def _object(found: Comparison) -> dict[str, object]:
    from collections import Counter

    return {
        "schema": "archive.compare/1",
        "a": str(found.first),
        "b": str(found.second),
        "relation": found.relation,
        "verified": found.errors is not None,
        "a_errors": [_finding(one) for one in found.errors[0]] if found.errors else [],
        "b_errors": [_finding(one) for one in found.errors[1]] if found.errors else [],
        "report": [{"what": one.what, "a": one.before, "b": one.after} for one in found.report],
        "sources": [_source(one) for one in found.sources],
        "counts": dict(Counter(str(one.state) for one in found.sources)),
    }


def _finding(one: Finding) -> dict[str, str | None]:
    return {"code": one.code, "path": str(one.path) if one.path else None}


def _source(one: ComparedSource) -> dict[str, object]:
    changes = [{"what": change.what, "a": change.before, "b": change.after} for change in one.changes]
    return {"cited": one.cited, "a": one.first, "b": one.second, "state": str(one.state), "changes": changes}


def print_comparison(found: Comparison) -> None:
    from collections import Counter

    relation = message(f"compare.relation-{found.relation.replace(' ', '-')}")
    has_two_names = found.first.name != found.second.name
    first, second = ((bag.name if has_two_names else printable(str(bag))) for bag in (found.first, found.second))
    print_line(message("compare.relation", first=first, second=second, relation=relation))
    for bag, errors in zip((found.first, found.second), found.errors or (), strict=False):
        if errors:
            first = f"{errors[0].code} {errors[0].path or ''}".strip()
            print_line(message("compare.not_sound", name=bag.name, n=len(errors), first=first))
    for change in found.report:
        print_line(message("compare.report", what=change.what, before=change.before, after=change.after))
    if {"id", "sha256"} <= {change.what for change in found.report}:
        print_line(message("compare.other_reports"))
    for one in found.sources:
        ids = "/".join(dict.fromkeys(name for name in (one.first, one.second) if name))
        what = f" ({', '.join(change.what for change in one.changes)})" if one.changes else ""
        damaged = _damaged_in(found, one)
        mark = f" ({message('compare.damaged', names=', '.join(damaged))})" if damaged else ""
        print_line(f"{ids:<9} {message(f'compare.state_{one.state}')}{what}{mark}  {one.cited}")
        for change in one.changes:
            line = message("compare.change", what=change.what, before=change.before, after=change.after)
            print_line(f"          {line}")
    counted = Counter(str(one.state) for one in found.sources)
    counts = listed(f"{number} {message(f'compare.state_{state}')}" for state, number in counted.items())
    print_line(message("compare.counts", n=len(found.sources), counts=counts or message("fetch.none")))
    if found.errors is None:
        print_line(message("compare.caution"), to_stderr=True)
    wrong = [bag for bag, errors in zip("AB", found.errors or (), strict=False) if errors]
    if wrong:
        print_line(message("compare.not_sound_last", names=listed(wrong)))
    print_next(_next(found))


def _next(found: Comparison) -> str:
    """What helps further: the damage explained, else the differences looked at, else who the observers are."""
    from archive_cli.shell import shell_path

    pair = (found.first, found.second)
    wrong = [bag for bag, errors in zip(pair, found.errors or (), strict=False) if errors]
    if wrong or found.errors is None:
        return "; ".join(f"archive verify {shell_path(bag)}" for bag in wrong or pair)
    if not found.is_same or not found.may_corroborate:
        return "; ".join(f"archive view {shell_path(bag)}" for bag in pair)
    return message("compare.next_same", first=shell_path(found.first), second=shell_path(found.second))


def _damaged_in(found: Comparison, source: ComparedSource) -> list[str]:
    """In which of the two, A or B, an error concerns this source."""
    pairs = zip("AB", (source.first, source.second), found.errors or (), strict=False)
    return [bag for bag, name, errors in pairs if name and any(name in (one.source or "").split(",") for one in errors)]
