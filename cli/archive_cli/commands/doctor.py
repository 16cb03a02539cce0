"""`archive doctor`: list which parts are installed, and how to get the others."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from archive_cli.doctor_checks import DoctorPart


@click.command("doctor")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def command(as_json: bool) -> None:
    r"""List which parts of the program are installed, and how to get the others.

    It also prints how much room this disk has, and whether the clock can be right. It uses no network, and
    prints neither names nor paths of this machine. Exit code 3: a part that every command needs is broken.

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


def _json(parts: list[DoctorPart], *, is_sound: bool) -> str:
    import json

    from archive.version import __version__

    facts: list[dict[str, Any]] = [
        {"name": part.name, "for": part.purpose, "state": part.state, "version": part.version, "get": part.get}
        | {"core": part.is_core, "without": part.without}
        for part in parts
    ]
    return json.dumps({"schema": "archive.doctor/1", "version": __version__, "sound": is_sound, "parts": facts})


def _show(parts: list[DoctorPart]) -> None:
    from archive.version import __version__
    from archive_cli.output import message, print_line, print_table

    core = [part for part in parts if part.is_core and part.state == "there"]
    ill = [part for part in parts if part.is_core and part.state != "there"]
    others = [part for part in parts if not part.is_core]
    rows = [("core", "broken" if ill else "there", __version__, message("doctor.core", n=len(core)))]
    rows += [(part.name, part.state, part.version or "", part.purpose) for part in (*ill, *others)]
    colours = [{"there": "green", "broken": "red"}.get(row[1], "yellow") for row in rows]
    headings = [message(f"doctor.{name}") for name in ("part", "state", "version", "for")]
    named = [(name, message(f"doctor.{state}"), version, purpose) for name, state, version, purpose in rows]
    print_table(headings, named, colours=colours)
    lacking = [part for part in (*ill, *others) if part.get]
    for part in lacking:
        print_line(message("doctor.get", name=part.name, how=part.get))
        if part.without:
            print_line(f"  {message('doctor.without', what=part.without)}")
    if not lacking:
        print_line(message("doctor.all"))
