"""`archive doctor`: what is there, what is not, and how to get it."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from archive_cli.doctor_checks import Part


@click.command("doctor")
@click.option("--json", "as_json", is_flag=True, help="Answer with one JSON object.")
def command(as_json: bool) -> None:
    r"""Look for the parts that the program stands on, and for those it can use.

    Says what is there, what is not and how to get it, how much room this disk has, and whether the
    clock can be right. Asks nothing of the network, and prints neither names nor paths of this machine.
    Exit code 3: a part without which nothing works is broken.

    \b
    Example:
      archive doctor
    """
    from archive_cli.doctor_checks import all_parts, clock, room

    parts = [*all_parts(), room(), clock()]
    is_sound = all(part.state == "there" for part in parts if part.is_core)
    if as_json:
        click.echo(_json(parts, is_sound=is_sound))
    else:
        _show(parts)
    sys.exit(0 if is_sound else 3)


def _json(parts: list[Part], *, is_sound: bool) -> str:
    import json

    from archive.version import __version__

    told: list[dict[str, Any]] = [
        {"name": part.name, "for": part.purpose, "state": part.state, "version": part.version, "get": part.get}
        | {"core": part.is_core, "without": part.without}
        for part in parts
    ]
    return json.dumps({"schema": "archive.doctor/1", "version": __version__, "sound": is_sound, "parts": told})


def _show(parts: list[Part]) -> None:
    from archive.version import __version__
    from archive_cli.output import show_table

    core = [part for part in parts if part.is_core and part.state == "there"]
    ill = [part for part in parts if part.is_core and part.state != "there"]
    others = [part for part in parts if not part.is_core]
    rows = [("core", "there" if not ill else "broken", __version__, f"{len(core)} parts that everything stands on")]
    rows += [(part.name, part.state, part.version or "", part.purpose) for part in (*ill, *others)]
    colours = [{"there": "green", "broken": "red"}.get(row[1], "yellow") for row in rows]
    show_table(("Part", "State", "Version", "For"), rows, colours=colours)
    lacking = [part for part in (*ill, *others) if part.get]
    for part in lacking:
        click.echo(f"{part.name}: {part.get}")
        if part.without:
            click.echo(f"  without it: {part.without}")
    if not lacking:
        click.echo("everything is there")
