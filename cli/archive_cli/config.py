"""The user's own defaults: a config file and environment variables. The command line overrides them.

Options that can make a capture false, or identify its collector, are not among them: they belong on the command line.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import click

from archive_cli import places

SETTABLE = {
    "fetch": (
        *("proxy", "jobs", "per-host", "delay", "max-size", "max-total", "limit-rate"),
        *("browser", "no-media", "no-memento", "no-third-parties", "identify", "obey-robots", "tsa", "timemap"),
        "every-archive",
        *("quiet", "verbose"),
    ),
    "verify": ("trust", "require", "jobs", "quiet"),
    "view": ("player",),
    "sign": ("tsa", "trust", "proxy"),
    "receive": ("trust",),
}
"""Command -> the options that a file or a variable may set, without their dashes."""

FILE_VARIABLE = "ARCHIVE_CONFIG"
_LARGEST = 1 << 16


def variable_of(command: str, name: str) -> str:
    """`ARCHIVE_FETCH_PER_HOST`, for `fetch` and `per-host`."""
    return f"ARCHIVE_{command}_{name}".upper().replace("-", "_")


def open_to_variables(command: click.Command) -> None:
    """Connect the settable options of a command, and no others, to their variables."""
    for name in SETTABLE.get(command.name or "", ()):
        option_of(command, name).envvar = variable_of(command.name or "", name)


def option_of(command: click.Command, name: str) -> click.Parameter:
    """The option `--name` of a command. Raises `LookupError`."""
    for param in command.params:
        if f"--{name}" in param.opts:
            return param
    raise LookupError(f"{command.name} has no --{name}")


def defaults(ctx: click.Context, given: str | None, command: click.Command) -> dict[str, Any]:
    """What the config file sets for a command, by parameter. Prints on stderr what was set, never to which value.

    Raises `UsageProblem` for an unknown name or a value of the wrong kind, in the file or among the variables.
    """
    name = command.name or ""
    by_variable = _variables(name)
    place = _place(given)
    stated = _table(place, name) if place else {}
    found = {}
    for key, value in stated.items():
        param = option_of(command, key)
        assert place is not None
        found[param.name or key] = _checked(ctx, place, name, key, value, param)
    _report(place, list(stated), by_variable)
    return found


def _report(place: Path | None, keys: list[str], variables: list[str]) -> None:
    from archive_cli.output import printable

    if keys:
        click.echo(printable(f"set by {place}: {', '.join(keys)}"), err=True)
    if variables:
        click.echo(f"set by the environment: {', '.join(variables)}", err=True)


def _variables(command: str) -> list[str]:
    """The variables that set something for a command. Raises `UsageProblem` for one that could not."""
    from archive.errors import UsageProblem
    from archive_cli.errors import suggestion

    known = {variable_of(command, name): name for name in SETTABLE[command]}
    start = variable_of(command, "")
    found = sorted(name for name, value in os.environ.items() if name.startswith(start) and value)
    for name in found:
        if name not in known:
            near = suggestion(name.removeprefix(start), [each.removeprefix(start) for each in known])
            raise UsageProblem(
                f"environment variable {name}: cannot be set there{near}; unset it."
                " `archive help config` lists what can, all else is given on the command line"
            )
    return found


def _place(given: str | None) -> Path | None:
    """The config file: as named, which must be there, else the usual one if it is there. None for an empty name."""
    # Read here and not by click: an empty variable means that no file is read.
    given = os.environ.get(FILE_VARIABLE) if given is None else given
    if given is not None:
        return Path(given).expanduser() if given else None
    usual = places.config_file()
    return usual if usual.is_file() else None


def _table(place: Path, command: str) -> dict[str, Any]:
    """What a file sets for a command. Raises `UsageProblem`, also for errors in the tables of other commands."""
    from archive.errors import UsageProblem
    from archive_cli.errors import suggestion

    document = _read(place)
    for name, table in document.items():
        if name not in SETTABLE or not isinstance(table, dict):
            known = ", ".join(f"[{each}]" for each in SETTABLE)
            near = suggestion(name, SETTABLE)
            raise UsageProblem(f"{place}: {name!r} is not a table of a settable command{near}; the tables are {known}")
        for key in table:
            if key not in SETTABLE[name]:
                near = suggestion(key, SETTABLE[name])
                raise UsageProblem(
                    f"{place}: [{name}] {key!r} cannot be set in a file{near}; `archive help config` lists what can"
                )
    stated = document.get(command, {})
    assert isinstance(stated, dict)
    return stated


def _read(place: Path) -> dict[str, Any]:
    import tomllib

    from archive import posix
    from archive.errors import UsageProblem

    try:
        with posix.open_file(place) as stream:
            content = stream.read(_LARGEST + 1)
        if len(content) > _LARGEST:
            raise UsageProblem(f"{place}: too large for a config file; name the right one with --config")
        return tomllib.loads(content.decode("utf-8"))
    except OSError as error:
        raise UsageProblem(f"{place}: this config file cannot be read ({error.strerror}); name another") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        where = error if isinstance(error, tomllib.TOMLDecodeError) else "no UTF-8"
        raise UsageProblem(f"{place}: this config file is not TOML: {where}") from error


def _checked(ctx: click.Context, place: Path, command: str, key: str, value: Any, param: click.Parameter) -> Any:
    """A value as click takes it. Raises `UsageProblem` without the value: it may be a secret."""
    from archive.errors import UsageProblem

    expected = _expected(param)
    if not _is_of(value, param):
        raise UsageProblem(f"{place}: [{command}] {key}: expected {expected}")
    if isinstance(param.type, click.Path):
        value = str(place.absolute().parent / Path(value).expanduser())
    try:
        param.type_cast_value(ctx, value)
    except click.BadParameter as error:
        raise UsageProblem(f"{place}: [{command}] {key}: expected {expected}") from error
    return value


def _is_of(value: Any, param: click.Parameter) -> bool:
    if getattr(param, "is_flag", False):
        return isinstance(value, bool)
    if param.multiple:
        return isinstance(value, list) and all(isinstance(each, str) for each in value)
    if isinstance(param.type, click.types.IntParamType | click.types.FloatParamType):
        kinds = int if isinstance(param.type, click.types.IntParamType) else int | float
        return isinstance(value, kinds) and not isinstance(value, bool)
    return isinstance(value, str)


def _expected(param: click.Parameter) -> str:
    if getattr(param, "is_flag", False):
        return "true or false"
    if param.multiple:
        return 'a list of texts, such as ["…"]'
    if isinstance(param.type, click.IntRange | click.FloatRange):
        kind = "a whole number" if isinstance(param.type, click.IntRange) else "a number"
        most = f" to {param.type.max}" if param.type.max is not None else ""
        return f"{kind} from {param.type.min}{most}"
    return f"a text as {param.opts[0]} takes it"
