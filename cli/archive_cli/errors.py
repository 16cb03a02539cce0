"""Errors on one line of stderr: `archive: what, where, what to do next`."""

from __future__ import annotations

import errno
import os
import re
import sys
from collections.abc import Iterable
from typing import NoReturn

import click

from archive_cli.output import catalogue, message, printable
from archive_manifests.errors import ArchiveError
from archive_manifests.plain_text import lines

_ADVICE = {
    errno.ENOENT: "not-there",
    errno.EACCES: "not-permitted",
    errno.EPERM: "not-permitted",
    errno.EROFS: "read-only",
    errno.EEXIST: "exists",
    errno.ENOTDIR: "no-folder",
    errno.EISDIR: "is-folder",
    errno.ENOSPC: "disk-full",
    errno.EIO: "disk-broken",
    errno.EDQUOT: "quota",
    errno.EFBIG: "file-too-large",
    errno.ENAMETOOLONG: "name-too-long",
    errno.EMFILE: "too-many-files",
    errno.ENFILE: "too-many-files",
}
"""Error number of the system -> key of the sentence that says what it means and what to do next."""

_SENTENCES = {"UnknownAuthority": "no_authority", "NoSourceManifest": "no_source_manifest"}
"""Class of an error -> key of its sentence, which its attributes fill in."""


_KINDS = {
    "UsageProblem": "usage", "BagUnreadable": "bag", "ReportUnreadable": "report", "NotEnoughSpace": "space",
    "NoNetwork": "network", "InUse": "in-use", "Interrupted": "stopped",
}  # fmt: skip
"""Class of an error, or the closest above it -> what happened, in the language of the output, before the details.

The details are English in every language: they name what a maintainer would search for.
"""


def suggestion(word: str, known: Iterable[str]) -> str:
    """`; did you mean fetch?`, or nothing where no known word is near."""
    import difflib

    near = difflib.get_close_matches(word, list(known), n=2, cutoff=0.65)
    if not near:
        return ""
    return message("error.mean", near=message("error.or", first=near[0], second=near[1]) if len(near) == 2 else near[0])


def describe_os_error(error: OSError) -> str:
    """What the operating system refused, where, and what to do."""
    key = _ADVICE.get(error.errno or 0)
    sentence = message(f"error.{key}") if key else error.strerror or str(error)
    if not error.filename:
        return sentence
    path = os.fsdecode(error.filename) if isinstance(error.filename, bytes) else str(error.filename)
    return f"{_without_temporary(path)}: {sentence}"


_WHILE_WRITTEN = re.compile(r"(?<=[/\\])\.([^/\\]+)\.part\Z")
_STAGE = re.compile(r"[/\\]\.handover-[^/\\]+(?:[/\\]work)?(?=[/\\]|\Z)")


def _without_temporary(path: str) -> str:
    """A path without the names that a file or folder has while it is written: people do not know them."""
    return _WHILE_WRITTEN.sub(lambda found: found[1], _STAGE.sub("", path))


def describe_error(error: ArchiveError) -> str:
    """An expected error in the language of the output, where the catalogue has a sentence for it."""
    # Compared by name: importing the classes would load the library for every error.
    key = _SENTENCES.get(type(error).__name__)
    if key:
        return message(f"error.{key}", **vars(error))
    if error.sentence is not None:
        return catalogue().error(error.sentence, error.facts)
    kind = next((_KINDS[each.__name__] for each in type(error).__mro__ if each.__name__ in _KINDS), "other")
    return message(f"error.kind.{kind}", what=str(error))


def exit_with(text: str, code: int) -> NoReturn:
    """Print the error and leave with this exit code, also where stderr takes nothing any more: a log on a full disk."""
    try:
        click.echo(message("error.frame", what=lines(text)), err=True)
    except OSError:
        sys.stderr = open(os.devnull, "w")  # noqa: SIM115, PTH123 -- what is left in the old one must not be tried again
    sys.exit(code)


def report_usage_error(error: click.ClickException) -> NoReturn:
    """Leave with click's error. A bare `archive` prints the help."""
    if isinstance(error, click.exceptions.NoArgsIsHelpError) and error.ctx is not None:
        click.echo(error.ctx.get_help(), err=True)
        sys.exit(error.exit_code)
    exit_with(describe_usage_error(error), error.exit_code)


def describe_usage_error(error: click.ClickException) -> str:
    """Click's error in this program's words."""
    text = printable(_plain_usage_message(error).replace("\n", " ")).rstrip(". ")
    text = text[:1].lower() + text[1:] if text[1:2].islower() else text
    ctx = getattr(error, "ctx", None)
    if ctx is None or isinstance(error, click.exceptions.NoSuchCommand):
        return text
    command = " ".join(ctx.command_path.split())
    return text if "`archive " in text else message("error.see", what=text, command=command)


_RANGE = re.compile(r"is not a valid (?:integer|float)(?: range)?")
"""What click says of a text where a number is expected."""


def _plain_usage_message(error: click.ClickException) -> str:
    """The sentence without click's own quotes and capitals."""
    if isinstance(error, click.NoSuchOption):
        known = [name for param in error.ctx.command.params for name in param.opts] if error.ctx else []
        return message("error.no_option", name=error.option_name, near=suggestion(error.option_name, known))
    if isinstance(error, click.MissingParameter) and error.param is not None:
        return message("error.missing", name=_name_of(error.param, error.ctx))
    if isinstance(error, click.BadParameter) and error.param is not None:
        return f"{_name_of(error.param, error.ctx)}: {_RANGE.sub(message('error.no_number'), error.message)}"
    if isinstance(error, click.BadOptionUsage) and "requires an argument" in error.message:
        return message("error.no_value", option=error.option_name)
    return error.format_message()


def _name_of(param: click.Parameter, ctx: click.Context | None) -> str:
    if isinstance(param, click.Argument):
        return param.make_metavar(ctx) if ctx is not None else str(param.name)
    return max(param.opts, key=len)
