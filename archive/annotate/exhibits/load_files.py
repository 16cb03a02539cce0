"""Load files: a table for spreadsheets, and one for the programs of lawyers (Concordance). Values come from outside."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from archive.errors import UsageProblem
from archive_manifests.plain_text import one_line, plain_reason

COLUMNS = (
    "EXHIBIT",
    "BEGBATES",
    "ENDBATES",
    "BEGATTACH",
    "ENDATTACH",
    "PAGECOUNT",
    "TITLE",
    "DOCTYPE",
    "CITEDURL",
    "FINALURL",
    "VERDICT",
    "VERDICTMEANING",
    "CAPTUREDUTC",
    "CLAIMEDDATE",
    "CLAIMEDAUTHOR",
    "CUSTODIAN",
    "LANGUAGE",
    "CONFIDENTIALITY",
    "REDACTED",
    "FILENAME",
    "FILESIZE",
    "LEAF",
    "SHA256HASH",
    "NATIVEPATH",
    "TEXTPATH",
    "WARCRECORD",
    "CITEDON",
    "BAG",
)
"""The columns that are known, in the order in which they stand by default."""
ALL_COLUMNS = tuple((name, name) for name in COLUMNS)
"""Each under its own name."""
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""With what a spreadsheet begins a formula, or turns into it. (OWASP, CSV injection)"""
_AFTER_SEMICOLON = re.compile(r"(;[\s\"]*)(?=[=+\-@\uff1d\uff0b\uff0d\uff20])")
"""Where a program that separates by semicolons, as those of many countries do, would begin a cell within this one."""
_SEPARATOR, _QUOTE, _NEW_LINE = "\u0014", "\u00fe", "\u00ae"

Row = Mapping[str, str]


def read_columns(place: Path) -> tuple[tuple[str, str], ...]:
    """Name and value of each column, from a TOML file. Raises `UsageProblem`, `OSError`.

    `columns = ["TITLE", {name = "Doc ID", value = "BEGBATES"}]`
    """
    try:
        listed = tomllib.loads(place.read_text("utf-8")).get("columns")
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UsageProblem(f"{place}: {plain_reason(error)}; expected a TOML file with a list `columns`") from error
    if not isinstance(listed, list) or not listed:
        raise UsageProblem(f"{place}: no list `columns`; expected names such as {', '.join(COLUMNS[:4])}")
    return tuple(_column(place, each) for each in listed)


def _column(place: Path, stated: object) -> tuple[str, str]:
    pair = (stated, stated) if isinstance(stated, str) else _named(stated)
    if pair is None or pair[1] not in COLUMNS:
        raise UsageProblem(f"{place}: column {stated!r} is not known; expected one of {', '.join(COLUMNS)}")
    return pair


def _named(stated: object) -> tuple[str, str] | None:
    if not isinstance(stated, dict):
        return None
    name, value = stated.get("name"), stated.get("value")
    return (name, value) if isinstance(name, str) and isinstance(value, str) else None


def csv_text(columns: Sequence[tuple[str, str]], rows: Iterable[Row]) -> str:
    """The table for spreadsheets, in which nothing is a formula: all cells quoted, CRLF, a mark in front. (RFC 4180)"""
    lines = [_csv_line([name for name, _ in columns])]
    lines += [_csv_line([row.get(value, "") for _, value in columns]) for row in rows]
    return "\ufeff" + "".join(lines)


def _csv_line(cells: Iterable[str]) -> str:
    return ",".join('"{}"'.format(harmless(cell).replace('"', '""')) for cell in cells) + "\r\n"


def harmless(cell: str) -> str:
    """The cell on one line; an apostrophe before what a spreadsheet would take for a formula, wherever it separates."""
    plain = _AFTER_SEMICOLON.sub(r"\1'", one_line(" ".join(cell.splitlines())))
    return f"'{plain}" if plain.lstrip().startswith(_FORMULA) or cell.startswith(_FORMULA) else plain


def dat_text(columns: Sequence[tuple[str, str]], rows: Iterable[Row]) -> str:
    """The load file: U+0014 between values, U+00FE around them, a mark in front. A custom, not a standard."""
    lines = [_dat_line([name for name, _ in columns])]
    lines += [_dat_line([row.get(value, "") for _, value in columns]) for row in rows]
    return "\ufeff" + "".join(lines)


def _dat_line(cells: Iterable[str]) -> str:
    return _SEPARATOR.join(f"{_QUOTE}{_dat_value(cell)}{_QUOTE}" for cell in cells) + "\r\n"


def _dat_value(cell: str) -> str:
    """A value in which none of the three signs means what it does between values."""
    signs = cell.replace(_QUOTE, "th").replace(_NEW_LINE, "(R)").replace(_SEPARATOR, " ")
    return _NEW_LINE.join(one_line(line) for line in signs.splitlines())
