"""Errors in one voice: `archive: what, where, what to do next`, on one line of stderr."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Iterable
from typing import NoReturn

import click

from archive_cli.output import say


def suggestion(word: str, known: Iterable[str]) -> str:
    """`; did you mean fetch?`, or nothing where no known word is near."""
    import difflib

    from archive_cli.output import say

    near = difflib.get_close_matches(word, list(known), n=2, cutoff=0.65)
    if not near:
        return ""
    told = say("error.or", first=near[0], second=near[1]) if len(near) == 2 else near[0]
    return say("error.mean", near=told)


_ADVICE = {
    errno.ENOENT: "not-there",
    errno.EACCES: "not-permitted",
    errno.EPERM: "not-permitted",
    errno.EROFS: "read-only",
    errno.EEXIST: "exists",
    errno.ENOTDIR: "no-folder",
    errno.EISDIR: "is-folder",
    errno.ENOSPC: "disk-full",
    errno.EIO: "disk-ill",
    errno.EDQUOT: "quota",
    errno.ENAMETOOLONG: "name-too-long",
}
"""What the system says -> key of what, and what to do next."""


def told_of_system(error: OSError) -> str:
    """What the operating system refused, where, and what to do."""
    key = _ADVICE.get(error.errno or 0)
    said = say(f"error.{key}") if key else error.strerror or str(error)
    return f"{error.filename}: {said}" if error.filename else said


def leave(message: str, code: int) -> NoReturn:
    """Say why, and end with this exit code, also where nothing can be said any more: a log on a full disk."""
    try:
        click.echo(say("error.frame", told=message), err=True)
    except OSError:
        sys.stderr = open(os.devnull, "w")  # noqa: SIM115, PTH123 -- what is left in the old one must not be tried again
    sys.exit(code)


def refuse(error: click.ClickException) -> NoReturn:
    """Leave with what click has to say. Nothing typed at all is answered with the help."""
    if isinstance(error, click.exceptions.NoArgsIsHelpError) and error.ctx is not None:
        click.echo(error.ctx.get_help(), err=True)
        sys.exit(error.exit_code)
    leave(told(error), error.exit_code)


def told(error: click.ClickException) -> str:
    """What click has to say, as this program says it."""
    from archive_cli.output import harmless

    said = harmless(" ".join(_plain(error).split("\n"))).rstrip(". ")
    said = said[:1].lower() + said[1:] if said[1:2].islower() else said
    ctx = getattr(error, "ctx", None)
    if ctx is None or isinstance(error, click.exceptions.NoSuchCommand):
        return said
    path = " ".join(ctx.command_path.split())
    return said if "`archive " in said else say("error.see", told=said, command=path)


def _plain(error: click.ClickException) -> str:
    """The sentence without click's own habits of quoting and capitals where they are in the way."""
    if isinstance(error, click.NoSuchOption):
        known = [name for param in error.ctx.command.params for name in param.opts] if error.ctx else []
        return say("error.no_option", name=error.option_name, near=suggestion(error.option_name, known))
    if isinstance(error, click.MissingParameter) and error.param is not None:
        return say("error.missing", name=_name_of(error.param, error.ctx))
    if isinstance(error, click.BadParameter) and error.param is not None:
        return f"{_name_of(error.param, error.ctx)}: {error.message}"
    return error.format_message()


def _name_of(param: click.Parameter, ctx: click.Context | None) -> str:
    if isinstance(param, click.Argument):
        return param.make_metavar(ctx) if ctx is not None else str(param.name)
    return max(param.opts, key=len)
