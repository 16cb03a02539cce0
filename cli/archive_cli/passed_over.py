"""What a person should look at in a report, on stderr: what looks like an address in it and is no source."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from archive_cli.output import catalogue, listed, message, print_line, printable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from archive_manifests.sources import Citation, PassedOver

MOST_LISTED = 20
"""Of what a person should look at; the rest stands in the source manifest."""


def print_passed_over(passed: Sequence[PassedOver]) -> None:
    """Where it stands, why it is no source, and its text, where there is one that may be shown."""
    if not passed:
        return
    print_line(message("error.frame", what=message("cite.passed_over", n=len(passed))), to_stderr=True)
    words = catalogue()
    for one in passed[:MOST_LISTED]:
        key = f"passed_over.{one.kind}"
        reason = words.sentence(key) if words.has(key) else words.sentence("passed_over.other", kind=one.kind)
        print_indented(2, f"{place_of(one)}: {reason}{': ' if one.target else ''}{one.target}")
    print_rest(len(passed))


def print_rest(number: int) -> None:
    """How many more there are than those that are listed."""
    if number > MOST_LISTED:
        print_indented(2, message("cite.more", n=number - MOST_LISTED))


def place_of(place: Citation | PassedOver) -> str:
    """Where in the report something stands."""
    parts = [message("cite.place_page", page=place.page)] if place.page is not None else []
    parts += [message("cite.place_line", line=place.line)] if place.line is not None else []
    return listed(parts) or message("cite.place_file")


def print_indented(blanks: int, text: str) -> None:
    """Print a line of a list."""
    click.echo(" " * blanks + printable(text), err=True)
