"""`archive replay-check`: test whether the captured pages open from the bag alone."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from archive_cli.output import listed, message, print_line
from archive_cli.parameters import ExistingBag

if TYPE_CHECKING:
    from archive.replay.check import PageScore, ReplayCheck


@click.command("replay-check")
@click.argument("bag", type=ExistingBag())
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.option("-q", "--quiet", is_flag=True, help="No progress on stderr.")
def command(bag: Path, as_json: bool, quiet: bool) -> None:
    r"""Open each captured page of BAG in Chromium from its records alone, with the network off.

    The score, from 0 to 100, says how alike the page is to its picture of the capture, minus what is missing.
    Of a work folder (BAG.part), the scores go into the ledger and onto the page.

    \b
    Example:
      archive replay-check R210517
    """
    from datetime import UTC, datetime

    from archive.replay.check import check, store
    from archive_cli.progress import progress_for
    from archive_manifests.moments import instant

    now = instant(datetime.now(UTC))
    with progress_for(quiet=quiet or as_json, verbose=False) as progress:
        checked = check(bag, now=now, progress=progress)
    stored = store(checked)
    if as_json:
        click.echo(json.dumps(_as_object(checked)))
    else:
        _show(checked, stored)
    sys.exit(1 if checked.has_gaps else 0)


def _as_object(checked: ReplayCheck) -> dict[str, Any]:
    pages = [
        {
            "id": page.source,
            "url": page.url,
            "score": page.replay.score if page.replay else None,
            "likeness": page.replay.likeness if page.replay else None,
            "requests": page.replay.requests if page.replay else 0,
            "missing": list(page.missing),
            "why": page.why_not,
        }
        for page in checked.pages
    ]
    return {
        "schema": "archive.replay-check/1",
        "bag": str(checked.path.resolve()),
        "report": checked.name,
        "finished": checked.is_finished,
        "pages": pages,
    }


def _show(checked: ReplayCheck, stored: int) -> None:
    from archive_cli.output import print_table

    if checked.pages:
        headings = [message(f"replay.{name}") for name in ("page", "score", "alike", "missing", "address")]
        print_table(headings, [_row(page) for page in checked.pages])
    for page in checked.pages:
        for url in page.missing:
            print_line(message("replay.missing_line", source=page.source, url=url), to_stderr=True)
    opened = [page.replay.score for page in checked.pages if page.replay is not None]
    summary = message("replay.summary", name=checked.name, n=len(opened), total=len(checked.pages))
    mean = message("replay.mean", n=round(sum(opened) / len(opened))) if opened else ""
    print_line(listed(part for part in (summary, mean) if part))
    if stored:
        print_line(message("replay.stored", n=stored, name=checked.name), to_stderr=True)


def _row(page: PageScore) -> tuple[str, str, str, str, str]:
    if page.replay is None:
        return page.source, "-", "-", "-", f"{page.url} ({page.why_not})"
    alike = message("replay.unknown") if page.replay.likeness is None else str(page.replay.likeness)
    return page.source, str(page.replay.score), alike, str(page.replay.missing), page.url
