"""`archive fetch`: capture what a report cites and package it."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from archive_cli.help_layout import Grouped
from archive_cli.network import network_switches, settings_of
from archive_cli.parameters import GivenFile


@click.command("fetch", cls=Grouped)
@click.argument("source", metavar="INPUT", type=GivenFile())
@click.option("-o", "--output", "bag", type=click.Path(path_type=Path), help="The bag; default: the report's id.")
@click.option("--plan", "only_plan", is_flag=True, help="Say which hosts would be asked; no network.")
@click.option("--hold", is_flag=True, help="Stop before finishing, to supply files or look first.")
@click.option("--again", is_flag=True, help="Make a new bag after a finished one, of what that one lacks.")
@click.option("--all", "everything", is_flag=True, help="With --again: ask for everything anew.")
@click.option("--tsa", multiple=True, metavar="URL", help="Bracket the run in time by this authority (RFC 3161).")
@click.option("--timemap", multiple=True, metavar="TEMPLATE", help="Ask this archive too: https://…/{+url} (RFC 7089).")
@click.option("--submit-wayback", "submit", is_flag=True, help="Have the Wayback Machine keep and publish it too.")
@click.option("--demonstration", is_flag=True, help="Mark the bag as a demonstration.")
@click.option("--browser/--no-browser", default=None, help="Have Chromium draw each page; default: where it is there.")
@click.option("--json", "as_json", is_flag=True, help="Answer with one JSON object.")
@click.option("-q", "--quiet", is_flag=True, help="No progress on stderr.")
@click.option("-v", "--verbose", is_flag=True, help="A line on stderr for every exchange.")
@network_switches
def command(
    source: Path,
    bag: Path | None,
    only_plan: bool,
    hold: bool,
    again: bool,
    everything: bool,
    browser: bool | None,
    as_json: bool,
    quiet: bool,
    verbose: bool,
    **switches: Any,
) -> None:
    r"""Capture every source that INPUT cites and package it as one bag.

    INPUT is a report (PDF, DOCX, ODT, HTML, Markdown, text) or a source manifest (.toml) that
    `archive cite` wrote. Running the same command again goes on where it stopped.

    \b
    Example:
      archive fetch report.pdf -o R210517
    """
    from archive.fetch.fetch import fetch, plan
    from archive_cli import answers
    from archive_cli.parameters import clockwork
    from archive_cli.progress import progress_for

    if everything and not again:
        raise click.UsageError("--all goes with --again")
    told = {"authorities": tuple(switches.pop("tsa")), "timemaps": tuple(switches.pop("timemap"))}
    settings = settings_of({**switches, **told, "browser": _wanted(browser)})
    if only_plan:
        answers.show_plan(plan(source, settings), as_json=as_json)
        return
    with progress_for(quiet=quiet, verbose=verbose) as progress:
        result = fetch(
            source,
            bag,
            settings,
            hold=hold,
            again=again,
            everything=everything,
            clockwork=clockwork(),
            progress=progress,
        )
    answers.show_fetched(result, as_json=as_json)
    sys.exit(1 if result.has_gaps else 0)


def _wanted(browser: bool | None) -> bool:
    """Whether pages are drawn; where that is not said, captures without a picture say why there is none."""
    if browser:
        from archive.browser.installed import find  # late: asyncio comes with it

        found = find()
        if isinstance(found, str):
            raise click.UsageError(f"--browser: {found}")
    return browser is not False
