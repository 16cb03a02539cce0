"""Tables for the terminal and for pipes. Every cell is made harmless; the last one of a row may be as long as it is."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import click

from archive_manifests.plain_text import one_line

if TYPE_CHECKING:
    from archive.words import Words
harmless = one_line
"""What every text from outside goes through before it is printed."""

VARIABLE = "ARCHIVE_LANGUAGE"


def spoken() -> Words:
    """The catalogue in use."""
    from archive.words import FALLBACK, load

    return load(os.environ.get(VARIABLE) or FALLBACK)


def say(key: str, **values: object) -> str:
    """The sentence at `cli.KEY`; numbers are written as the language writes them. Raises `KeyError`."""
    return spoken().say(f"cli.{key}", **values)


Row = Sequence[str]
GAP = "  "


def show_table(headings: Row, rows: Sequence[Row], *, colours: Sequence[str | None] = ()) -> None:
    """Print a table. `colours` holds click's name of a colour for the second cell of each row."""
    clean = [[_one_line(cell) for cell in row] for row in rows]
    widths = [max(map(len, column)) for column in zip(headings, *clean, strict=True)]
    is_terminal = sys.stdout.isatty()
    if is_terminal and sum(widths) + len(GAP) * (len(widths) - 1) > shutil.get_terminal_size().columns:
        lines = _stacked(clean, widths[0])
    else:
        lines = _aligned([headings, *clean], [*widths[:-1], 0])
        colours = [None, *colours]
    painted = is_terminal and not os.environ.get("NO_COLOR")
    for number, (before, cell, after) in enumerate(lines):
        colour = colours[number] if painted and number < len(colours) else None
        click.echo(f"{before}{click.style(cell, fg=colour) if colour else cell}{after}".rstrip())


def _aligned(rows: Sequence[Row], widths: Sequence[int]) -> Iterator[tuple[str, str, str]]:
    """Each row on a line, its columns under each other."""
    for row in rows:
        first, second, *rest = [cell.ljust(width) for cell, width in zip(row, widths, strict=True)]
        yield first + GAP, second, GAP + GAP.join(rest)


def _stacked(rows: Sequence[Row], width: int) -> Iterator[tuple[str, str, str]]:
    """Each row on two lines, the last cell alone on the second: a folded URL could not be copied."""
    for first, second, *rest, last in rows:
        beside = "".join(GAP + cell for cell in rest if cell)
        yield first.ljust(width) + GAP, second, f"{beside}\n{' ' * width}{GAP}{last}"


def _one_line(cell: str) -> str:
    return harmless(cell.replace("\t", " "))
