"""Text and tables for terminals and pipes. Nothing that is printed can control a terminal or forge a line."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from archive.words import Catalogue
    from archive_manifests.ledger import SourceEntry

LANGUAGE_VARIABLE = "ARCHIVE_LANGUAGE"


def printable(text: str) -> str:
    """The text on one line, without anything that could control a terminal or forge a line."""
    from archive_manifests.plain_text import one_line  # late: `--version` must stay light

    return one_line(text)


def require_streams() -> None:
    """End with 3 where stdout is closed, since the result would be lost; messages may be lost."""
    if sys.stderr is None:
        sys.stderr = open(os.devnull, "w")  # noqa: SIM115, PTH123 -- for as long as the program runs
    if sys.stdout is None:
        click.echo(message("error.no_stdout"), err=True)
        sys.exit(3)


def accept_every_character() -> None:
    """Spell out what the encoding of stdout or stderr cannot write, such as Arabic in a Windows code page."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="backslashreplace")


def catalogue() -> Catalogue:
    """The catalogue of the language that `ARCHIVE_LANGUAGE` names; English without it, or for an unknown one."""
    from archive.words import FALLBACK, has_language, load

    wanted = os.environ.get(LANGUAGE_VARIABLE) or FALLBACK
    if wanted != FALLBACK and not has_language(wanted):
        _warn_of_language(wanted)
    return load(wanted)


@cache
def _warn_of_language(wanted: str) -> None:
    """Say once that a language is not there."""
    from archive.words import FALLBACK, languages, load

    facts = {"variable": LANGUAGE_VARIABLE, "name": printable(wanted), "known": ", ".join(languages())}
    print_line(load(FALLBACK).sentence("cli.error.no_language", **facts), to_stderr=True)


def message(key: str, /, **values: object) -> str:
    """The sentence at `cli.KEY`; numbers are written as the language writes them. Raises `KeyError`."""
    return catalogue().sentence(f"cli.{key}", **values)


def listed(parts: Iterable[str]) -> str:
    """Several things one after the other, with the comma of the output's language."""
    return catalogue().listed(parts)


def print_line(text: str, *, to_stderr: bool = False) -> None:
    """Print one line, for any text."""
    click.echo(printable(text), err=to_stderr)


def readable_address(url: str) -> str:
    """An address as people read it: encoded letters decoded, signs left as they are. `--json` has the exact one."""
    from archive.page.addresses import readable

    return readable(url) or url


def address_of(entry: SourceEntry) -> str:
    """The address of a source as people read it; where another reading was captured than the printed one, that too."""
    from archive.page.addresses import other_reading

    shown, other = readable_address(entry.cited), other_reading(entry)
    return shown if other is None else message("fetch.other_reading", printed=shown, url=readable_address(other))


def print_next(text: str) -> None:
    """Print, on stderr, what to do next."""
    print_line(message("next.line", what=text), to_stderr=True)


Row = Sequence[str]
GAP = "  "


def print_table(headings: Row, rows: Sequence[Row], *, colours: Sequence[str | None] = ()) -> None:
    """Print a table; the last cell of a row has any width. `colours` has click's colour of each row's second cell."""
    clean = [[printable(cell.replace("\t", " ")) for cell in row] for row in rows]
    widths = [max(map(len, column)) for column in zip(headings, *clean, strict=True)]
    is_terminal = sys.stdout.isatty()
    if is_terminal and sum(widths) + len(GAP) * (len(widths) - 1) > shutil.get_terminal_size().columns:
        lines = _stacked(clean, widths[0])
    else:
        lines = _aligned([headings, *clean], [*widths[:-1], 0])
        colours = [None, *colours]
    is_coloured = is_terminal and not os.environ.get("NO_COLOR")
    for number, (before, cell, after) in enumerate(lines):
        colour = colours[number] if is_coloured and number < len(colours) else None
        click.echo(f"{before}{click.style(cell, fg=colour) if colour else cell}{after}".rstrip())


def _aligned(rows: Sequence[Row], widths: Sequence[int]) -> Iterator[tuple[str, str, str]]:
    """Each row on a line, its columns aligned."""
    for row in rows:
        first, second, *rest = [cell.ljust(width) for cell, width in zip(row, widths, strict=True)]
        yield first + GAP, second, GAP + GAP.join(rest)


def _stacked(rows: Sequence[Row], width: int) -> Iterator[tuple[str, str, str]]:
    """Each row on two lines, the last cell alone on the second: nobody can copy a folded URL."""
    for first, second, *rest, last in rows:
        beside = "".join(GAP + cell for cell in rest if cell)
        yield first.ljust(width) + GAP, second, f"{beside}\n{' ' * width}{GAP}{last}"
