"""Switches and values that the commands of `archive audit` share."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

Decorated = TypeVar("Decorated", bound=Callable[..., Any])

DAY = 86400
_UNITS = {"s": 1, "m": 60, "h": 3600, "d": DAY, "w": 7 * DAY, "y": 365 * DAY}


class Duration(click.ParamType[float]):
    """A span of time: `90s`, `30m`, `6h`, `90d`, `2w`, `1y`; as seconds."""

    name = "duration"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        if isinstance(value, int | float):
            return float(value)
        found = re.fullmatch(r"([0-9]+(?:\.[0-9]+)?)([smhdwy])", str(value).strip().lower())
        if not found or float(found[1]) <= 0:
            self.fail(f"{value!r} is no span of time; write 90s, 30m, 6h, 90d, 2w or 1y", param, ctx)
        return float(found[1]) * _UNITS[found[2]]


class Days(click.ParamType[int]):
    """How often something is read: `30d`, `2w`, `1y`; as days, of which there are 365 in a year."""

    name = "days"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        found = re.fullmatch(r"([0-9]+)([dwy])", str(value).strip().lower())
        days = int(found[1]) * _UNITS[found[2]] // DAY if found else 0
        if not 1 <= days <= 3660:
            self.fail(f"{value!r} is no interval of 1 to 3,660 days; write 30d, 2w or 1y", param, ctx)
        return days


def catalogue_option(function: Decorated) -> Decorated:
    text = "The catalogue: a file, or postgresql://…; default: one in your data folder."
    return click.option("--catalogue", metavar="FILE|DSN", help=text)(function)


def json_option(function: Decorated) -> Decorated:
    return click.option("--json", "as_json", is_flag=True, help="Answer with one JSON object.")(function)


def engine_options(function: Decorated) -> Decorated:
    """Who reads: `--engine`, `--tls`, `--jobs`."""
    folder = click.Path(path_type=Path, exists=True, file_okay=False)
    text = "processes, or tls://HOST:PORT of a Dask scheduler."
    function = click.option("--engine", default="processes", show_default=True, metavar="E", help=text)(function)
    text = "ca.pem, cert.pem, key.pem for a tls:// scheduler."
    function = click.option("--tls", type=folder, metavar="FOLDER", help=text)(function)
    text = "Processes that read; default: one a core."
    return click.option("--jobs", type=click.IntRange(min=1), metavar="N", help=text)(function)


def stall_option(function: Decorated) -> Decorated:
    text = "Give up what could not be read for so long."
    option = click.option("--stall", type=Duration(), default="10m", show_default=True, metavar="TIME", help=text)
    return option(function)


def operator_option(function: Decorated) -> Decorated:
    return click.option("--by", metavar="NAME", help="Your pseudonym, for the catalogue's events.")(function)
