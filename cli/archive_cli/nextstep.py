"""The last line: what to do next, as one would type it where one is."""

from __future__ import annotations

import shlex
from pathlib import Path

import click

from archive_cli.escape import harmless
from archive_cli.spoken import say


def say_next(text: str) -> None:
    """Talk, and so on stderr."""
    click.echo(harmless(say("next.line", told=text)), err=True)


def typed(path: Path) -> str:
    """A path as one would type it in the folder one is in: relative where it lies below, quoted where it has to be."""
    try:
        near = path.absolute().relative_to(Path.cwd())
    except ValueError:
        near = path.absolute()
    return shlex.quote(str(near))
