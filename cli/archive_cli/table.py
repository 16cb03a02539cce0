"""Tables: fitted to a terminal, plain columns for everything else. Every cell is made harmless."""

from __future__ import annotations

import sys
from collections.abc import Sequence

import click

from archive_cli.escape import harmless

Row = Sequence[str]


def show_table(headings: Row, rows: Sequence[Row], *, widest: int, styles: Sequence[str] = ()) -> None:
    """Print a table. `widest` is the column that takes what room is left; `styles` has one of rich's for each row."""
    clean = [[_one_line(cell) for cell in row] for row in rows]
    if sys.stdout.isatty():
        _for_people(headings, clean, widest, styles)
    else:
        _for_programs(headings, clean)


def _one_line(cell: str) -> str:
    return harmless(cell.replace("\t", " ")).replace("\n", "\\n")


def _for_people(headings: Row, rows: Sequence[Row], widest: int, styles: Sequence[str]) -> None:
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, header_style="bold")
    for number, heading in enumerate(headings):
        table.add_column(heading, overflow="fold", ratio=1 if number == widest else None, no_wrap=number == 0)
    for number, row in enumerate(rows):
        style = styles[number] if styles else ""
        # Text, never markup: a title may hold square brackets.
        table.add_row(*(Text(cell, style=style if place == 1 else "") for place, cell in enumerate(row)))
    Console().print(table)


def _for_programs(headings: Row, rows: Sequence[Row]) -> None:
    """Columns parted by at least two spaces; the last one is as long as it is."""
    widths = [max(map(len, column)) for column in zip(headings, *rows, strict=True)][:-1]
    for row in (headings, *rows):
        cells = [cell.ljust(width) for cell, width in zip(row, [*widths, 0], strict=True)]
        click.echo("  ".join(cells).rstrip())
