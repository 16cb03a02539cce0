"""`archive cite`: what a report cites, as a source manifest."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from archive_cli.fetch_output import shell_path
from archive_cli.output import message, print_line, print_next
from archive_cli.parameters import GivenFile

if TYPE_CHECKING:
    from archive.cite import CitedReport


@click.command("cite")
@click.argument("report", type=GivenFile())
@click.option("-o", "--output", type=click.Path(path_type=Path), help="Write the source manifest here.")
@click.option("--json", "as_json", is_flag=True, help="Answer with one JSON object instead of TOML.")
def command(report: Path, output: Path | None, as_json: bool) -> None:
    r"""List what REPORT cites, as a source manifest that a person may edit.

    REPORT is a PDF, DOCX, ODT, HTML, Markdown, CSV or plain-text file. This command uses no network.
    `archive fetch` takes the report or the manifest.

    \b
    Example:
      archive cite report.pdf -o sources.toml
    """
    from archive.cite import read_report

    cited = read_report(report)
    text = _json(cited) if as_json else _toml(cited)
    if output is None:
        _print(text)
    else:
        _write(output, text.encode())
    _report(cited)
    if output is not None and not as_json:
        print_next(message("cite.next", manifest=shell_path(output)))


def _print(text: str) -> None:
    """Print to a terminal as text, into a pipe or a file as UTF-8 whatever the system's encoding: TOML is UTF-8."""
    click.echo(text if sys.stdout.isatty() else text.encode(), nl=False)


def _write(output: Path, content: bytes) -> None:
    """Write the file, never over another: a source manifest may contain a person's work."""
    from archive.errors import AlreadyThere

    try:
        with output.open("xb") as stream:
            stream.write(content)
    except FileExistsError as error:
        if output.is_file() and output.read_bytes() == content:
            return
        raise AlreadyThere(f"{output}: exists already with other content; choose another -o") from error


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


def _report(cited: CitedReport) -> None:
    """Print on stderr what was found, and what a person should know."""
    pages = {place.page for source in cited.sources for place in source.citations if place.page is not None}
    parts = [message("cite.found", report=cited.report.id, n=len(cited.sources)), message("cite.links", n=cited.links)]
    parts += [message("cite.on_pages", n=len(pages))] if pages else []
    print_line(", ".join(parts), to_stderr=True)
    if not cited.text.strip():
        print_line(message("error.frame", what=message("cite.no_text")), to_stderr=True)
    elif not cited.sources:
        print_line(message("error.frame", what=message("cite.no_links")), to_stderr=True)
    kinds = [passed.kind for passed in cited.passed_over]
    if kinds:
        counted = ", ".join(f"{kind} {kinds.count(kind)}" for kind in dict.fromkeys(kinds))
        print_line(message("cite.passed_over", kinds=counted), to_stderr=True)
