"""An option that takes a value must not take the next option for it: `--identify --plan` would capture for real."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import takewhile

import click

from archive_cli.output import message


def require_values(ctx: click.Context, command: click.Command, words: Sequence[str]) -> None:
    """Raise `UsageError` where the value of an option is another option of the command; `--option=VALUE` may be any.

    The words of a group's command are its own: they are looked at when that command is resolved.
    """
    options = [each for each in command.get_params(ctx) if isinstance(each, click.Option)]
    names = {name: not (each.is_flag or each.count) for each in options for name in (*each.opts, *each.secondary_opts)}
    for option, value in _pairs(words, names, is_group=isinstance(command, click.Group)):
        if value.partition("=")[0] in names:
            raise click.UsageError(message("error.option_for_value", option=option, value=value), ctx)


def _pairs(words: Sequence[str], takes_value: dict[str, bool], *, is_group: bool) -> Iterator[tuple[str, str]]:
    """Each option with the next word, where that is its value. Values in the word of the option are left out."""
    rest = iter(takewhile(lambda word: word != "--", words))
    for word in rest:
        option = word if word.startswith("--") else _last_of_cluster(word, takes_value)
        if takes_value.get(option):
            value = next(rest, None)
            if value is not None:
                yield option, value
        elif is_group and not word.startswith("-"):
            return


def _last_of_cluster(word: str, takes_value: dict[str, bool]) -> str:
    """`-o` of `-o` and `-qo`; nothing where the value is in the word, as in `-oNAME`."""
    if not word.startswith("-"):
        return ""
    for index, letter in enumerate(word[1:], start=2):
        if takes_value.get(f"-{letter}"):
            return f"-{letter}" if index == len(word) else ""
    return ""
