"""`archive cite`: what a report cites, as a source manifest."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from archive_cli.answers import say_next, typed
from archive_cli.parameters import GivenFile

if TYPE_CHECKING:
    from archive.cite import CitedReport


@click.command("cite")
@click.argument("report", type=GivenFile())
@click.option("-o", "--output", type=click.Path(path_type=Path), help="Write the source manifest here.")
@click.option("--json", "as_json", is_flag=True, help="Answer with one JSON object instead of TOML.")
def command(report: Path, output: Path | None, as_json: bool) -> None:
    r"""Show what REPORT cites, as a source manifest that a person may edit.

    REPORT is a PDF, DOCX, ODT, HTML, Markdown, CSV or plain-text file. Nothing is asked of the network.
    `archive fetch` takes the report or the manifest.

    \b
    Example:
      archive cite report.pdf -o sources.toml
    """
    from archive.cite import read_report

    cited = read_report(report)
    answer = _json(cited) if as_json else _toml(cited)
    if output is None:
        click.echo(answer, nl=False)
    else:
        _write(output, answer.encode())
    _talk(cited)
    if output is not None and not as_json:
        say_next(f"look through it, then: archive fetch {typed(output)} --plan")


def _write(output: Path, answer: bytes) -> None:
    """Write the answer, never over another: a source manifest may hold a person's work."""
    from archive.errors import AlreadyThere

    try:
        with output.open("xb") as stream:
            stream.write(answer)
    except FileExistsError as error:
        if output.is_file() and output.read_bytes() == answer:
            return
        raise AlreadyThere(f"{output}: is there already and says something else; choose another -o") from error


def _toml(cited: CitedReport) -> str:
    from archive.cite import source_manifest
    from archive_manifests.source_toml import to_toml

    return to_toml(source_manifest(cited))


def _json(cited: CitedReport) -> str:
    from archive_manifests import canonical
    from archive_manifests.sources import source_id

    sources: list[dict[str, Any]] = [
        {
            "id": source_id(index),
            "cited": source.cited,
            "citations": source.citations,
            "candidates": source.candidates,
        }
        for index, source in enumerate(cited.sources)
    ]
    return canonical.line(
        {
            "schema": "archive.cite/1",
            "report": cited.report.id,
            "pages": cited.pages,
            "links": cited.links,
            "sources": sources,
        }
    )


def _talk(cited: CitedReport) -> None:
    """One line of what was found, and what a person should know, on stderr."""
    from archive_cli.output import harmless

    pages = {place.page for source in cited.sources for place in source.citations if place.page is not None}
    words = [_counted(cited.links, "link"), _counted(len(cited.sources), "source")]
    words += [f"on {_counted(len(pages), 'page')}"] if pages else []
    click.echo(harmless(f"{cited.report.id}: {', '.join(words)}"), err=True)
    if not cited.text.strip():
        click.echo("archive: warning: no text found; what a scan or a picture says cannot be read", err=True)
    elif not cited.sources:
        click.echo("archive: warning: no links found; is this the report?", err=True)
    kinds = [passed.kind for passed in cited.passed_over]
    if kinds:
        told = ", ".join(f"{kind} {kinds.count(kind)}" for kind in dict.fromkeys(kinds))
        click.echo(harmless(f"passed over, being no sources: {told}"), err=True)


def _counted(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
