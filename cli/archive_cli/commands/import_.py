"""`archive import`: a bag from recordings that were made with other tools."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from archive_cli.parameters import GivenFile

if TYPE_CHECKING:
    from archive.fetch.imported import Imported


@click.command("import")
@click.argument("files", metavar="FILE...", nargs=-1, required=True, type=GivenFile())
@click.option("--report", required=True, metavar="REPORT", type=GivenFile(), help="The report that cites them.")
@click.option("-o", "--output", "bag", metavar="BAG", type=click.Path(path_type=Path), help="The bag to make.")
@click.option("--how", metavar="TEXT", help="How the recordings were made.")
@click.option("--by", metavar="NAME", help="Who recorded: a name or a pseudonym.")
@click.option("--json", "as_json", is_flag=True, help="Answer with one JSON object.")
def command(
    files: tuple[Path, ...], report: Path, bag: Path | None, how: str | None, by: str | None, as_json: bool
) -> None:
    r"""Make a bag of REPORT and of recordings of what it cites: FILE is a .warc, .warc.gz, .wacz or saved page.

    ArchiveWeb.page, Browsertrix, wget, Conifer and others make recordings. SingleFile or a browser saves a page as one
    file (.html, .mhtml) that names its address. The command uses no network. Exit code 0: every source is covered; 1:
    the bag is made, with gaps, or a source is covered by an error page or a wall alone.

    \b
    Example:
      archive import crawl.wacz visit.wacz --report R210517.pdf --by collector-7
    """
    from archive.fetch.imported import HOW, ImportOrder, import_recordings
    from archive_cli.fetch_output import print_result
    from archive_cli.parameters import run_clock

    order = ImportOrder(files, report, bag, how or HOW, by)
    imported = import_recordings(order, run_clock=run_clock())
    if not as_json:
        _show_coverage(imported)
    print_result(imported.result, as_json=as_json)
    sys.exit(1 if any(entry.status.is_gap for entry in imported.result.ledger.sources) else 0)


def _show_coverage(imported: Imported) -> None:
    from archive_cli.output import listed, message, print_line

    for name, why in imported.unused.items():
        print_line(message("import.left_out", name=name, why=why), to_stderr=True)
    if imported.uncovered:
        print_line(message("import.uncovered", sources=listed(imported.uncovered)), to_stderr=True)
    for source, (name, status) in imported.refused.items():
        print_line(message("import.refused", source=source, name=name, status=status), to_stderr=True)
    for source, (verdict, reason) in imported.doubtful.items():
        print_line(message("import.doubtful", source=source, verdict=verdict, reason=reason), to_stderr=True)
    for source, url in imported.redirected.items():
        print_line(message("import.redirected", source=source, url=url), to_stderr=True)
