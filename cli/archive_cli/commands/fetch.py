"""`archive fetch`: capture what a report cites and package it."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from archive_cli.help_layout import Grouped
from archive_cli.network import network_switches, settings_of
from archive_cli.parameters import TSA, GivenFile, GivenInput, one_input


@click.command("fetch", cls=Grouped)
@click.argument("inputs", metavar="INPUT...", type=GivenInput(), nargs=-1, required=True)
@click.option("-o", "--output", "bag", type=click.Path(path_type=Path), help="The bag; default: the report's id.")
@click.option("--report", type=GivenFile(), metavar="FILE", help="The report of a source manifest that you reviewed.")
@click.option(
    "--plan", "only_plan", is_flag=True, help="List the hosts that the program would contact; it contacts none."
)
@click.option("--hold", is_flag=True, help="Stop before finishing, to look first or to supply files.")
@click.option("--retry", is_flag=True, help="With --hold: request once more what could not be reached.")
@click.option("--again", is_flag=True, help="Make a new bag after a finished one; request only what that one lacks.")
@click.option("--all", "everything", is_flag=True, help="With --again: request everything again.")
@click.option(
    "--accept-unsound",
    is_flag=True,
    help="With --again: follow a bag that does not verify, where what is taken over does; the new bag says so.",
)
@click.option("--no-check", is_flag=True, help="Do not verify the bag before finishing.")
@click.option("--tsa", multiple=True, type=TSA, metavar="NAME|URL", help="Timestamp the run, begin and end (RFC 3161).")
@click.option(
    "--timemap",
    multiple=True,
    metavar="TEMPLATE",
    help="Look for copies in this archive too: https://…/{+url} (RFC 7089).",
)
@click.option("--every-archive", is_flag=True, help="Look every source up in the archives, not only what failed.")
@click.option("--round", metavar="TEXT", help="A text that all observers agreed on; the log of records begins with it.")
@click.option(
    "--submit-wayback", "submit", is_flag=True, help="Ask the Wayback Machine to store and publish the sources too."
)
@click.option("--demonstration", is_flag=True, help="Mark the bag as a demonstration.")
@click.option("--browser/--no-browser", default=None, help="Render each page in Chromium; default: if installed.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.option("-q", "--quiet", is_flag=True, help="No progress on stderr.")
@click.option("-v", "--verbose", is_flag=True, help="A line on stderr for every exchange.")
@network_switches
def command(
    inputs: tuple[Path | str, ...],
    bag: Path | None,
    report: Path | None,
    only_plan: bool,
    hold: bool,
    retry: bool,
    again: bool,
    everything: bool,
    accept_unsound: bool,
    no_check: bool,
    browser: bool | None,
    as_json: bool,
    quiet: bool,
    verbose: bool,
    **switches: Any,
) -> None:
    r"""Capture every source that INPUT cites and package it as one bag.

    INPUT is a report (PDF, DOCX, ODT, HTML, Markdown, text), a source manifest (.toml) that
    `archive cite` wrote, or one or more web addresses. To continue after a stop, run the same
    command again.

    \b
    Example:
      archive fetch report.pdf -o R210517
      archive fetch sources.toml --report report.pdf -o R210517
      archive fetch https://example.org/a https://example.org/b -o two-pages
    """
    from archive.fetch.fetch import fetch, plan
    from archive_cli.fetch_output import print_plan, print_result
    from archive_cli.parameters import run_clock
    from archive_cli.progress import progress_for

    if everything and not again:
        raise click.UsageError("--all goes with --again")
    source = one_input(inputs)
    lists = {"authorities": tuple(switches.pop("tsa")), "timemaps": tuple(switches.pop("timemap"))}
    settings = settings_of({**switches, **lists, "browser": _wanted(browser)})
    if only_plan:
        found = plan(source, settings, bag=bag, report=report, again=again, everything=everything)
        print_plan(found, as_json=as_json)
        return
    with progress_for(quiet=quiet, verbose=verbose) as progress:
        result = fetch(
            source,
            bag,
            settings,
            report=report,
            hold=hold,
            retry=retry,
            again=again,
            everything=everything,
            check=not no_check,
            accept_unsound=accept_unsound,
            run_clock=run_clock(),
            progress=progress,
        )
    print_result(result, as_json=as_json, verbose=verbose)
    sys.exit(1 if result.has_gaps else 0)


def _wanted(browser: bool | None) -> bool:
    """Whether a browser renders the pages. By default a capture without a picture states why it has none."""
    if browser:
        from archive.browser.installed import Installed, find  # late: asyncio comes with it
        from archive.words.notes import describe

        found = find()
        if not isinstance(found, Installed):
            raise click.UsageError(f"--browser: {describe(found)}")
    return browser is not False
