"""`archive cite`: what a report cites, as a source manifest."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from archive_cli.output import catalogue, listed, message, print_line, print_next
from archive_cli.parameters import GivenFile
from archive_cli.passed_over import MOST_LISTED, place_of, print_indented, print_passed_over, print_rest
from archive_cli.shell import shell_path

if TYPE_CHECKING:
    from archive.cite import CitedReport


_LONGEST = 200
"""Characters of the words round an address."""
_BEFORE = 80
"""Of these, the characters before it."""


@click.command("cite")
@click.argument("report", type=GivenFile())
@click.option("-o", "--output", type=click.Path(path_type=Path), help="Write the source manifest here.")
@click.option("--round", "round_text", metavar="TEXT", help="A text that all observers agree on: archive help round.")
@click.option("--json", "as_json", is_flag=True, help="Answer with one JSON object, also with -o.")
def command(report: Path, output: Path | None, round_text: str | None, as_json: bool) -> None:
    r"""List what REPORT cites, as a source manifest that a person may edit.

    REPORT is a PDF, DOCX, ODT, HTML, Markdown, CSV or plain-text file. This command uses no network.
    Uncertain readings come first, each with the words around it. `archive fetch` takes the report or the manifest.

    \b
    Example:
      archive cite report.pdf -o sources.toml
    """
    from archive.cite import read_report

    cited = _with_round(read_report(report), round_text)
    text = _json(cited) if as_json else _toml(cited)
    if output is not None:
        _write(output, text.encode())
    if output is None or as_json:
        _print(text)
    _report(cited)
    if as_json or cited.nothing is not None:
        return
    if output is not None:
        print_next(message("cite.next", manifest=shell_path(output)))
    else:
        print_next(message("cite.next_to_file", report=shell_path(report)))


def _with_round(cited: CitedReport, round_text: str | None) -> CitedReport:
    """The report with the round that its source manifest carries to every observer."""
    from msgspec.structs import replace

    from archive_manifests.sources import round_problem

    wrong = round_problem(round_text) if round_text is not None else None
    if wrong is not None:
        raise click.UsageError(f"--round: {wrong}")
    return cited if round_text is None else replace(cited, report=replace(cited.report, round=round_text))


def _print(text: str) -> None:
    """Print to a terminal as text, into a pipe or a file as UTF-8 in every locale: TOML is UTF-8."""
    click.echo(text if sys.stdout.isatty() else text.encode(), nl=False)


def _write(output: Path, content: bytes) -> None:
    """Write the file, never over another: a source manifest may contain a person's work."""
    from archive.errors import AlreadyThere
    from archive.posix import write_new

    try:
        write_new(output, content)
    except FileExistsError as error:
        if output.is_file() and output.read_bytes() == content:
            return
        raise AlreadyThere(f"{output}: exists already with other content; choose another -o") from error


def _toml(cited: CitedReport) -> str:
    from archive.cite import source_manifest
    from archive_manifests.source_toml import to_toml

    return to_toml(source_manifest(cited))


def _json(cited: CitedReport) -> str:
    from archive.cite import source_manifest
    from archive_manifests import canonical
    from archive_manifests.sources import source_id

    sources: list[dict[str, Any]] = [
        {
            "id": source_id(index),
            "cited": source.cited,
            "certainty": "uncertain" if source.is_uncertain else "certain",
            "doubts": source.doubts,
            "citations": source.citations,
            "candidates": source.candidates,
        }
        for index, source in enumerate(cited.sources)
    ]
    line = canonical.line(
        {
            "schema": "archive.cite/1",
            "report": cited.report.id,
            "round": cited.report.round,
            "pages": cited.pages,
            "links": cited.links,
            "sources": sources,
            "passed_over": source_manifest(cited).passed_over,
            "nothing": cited.nothing,
        }
    )
    return canonical.escaped(line)


def _report(cited: CitedReport) -> None:
    """Print on stderr what was found, and what a person should look at."""
    from archive.cite import source_manifest

    pages = {place.page for source in cited.sources for place in source.citations if place.page is not None}
    parts = [message("cite.found", report=cited.report.id, n=len(cited.sources)), message("cite.links", n=cited.links)]
    parts += [message("cite.on_pages", n=len(pages))] if pages else []
    skipped = sum(source.skip for source in source_manifest(cited).sources)
    parts += [message("cite.skipped", n=skipped)] if skipped else []
    print_line(listed(parts), to_stderr=True)
    if cited.nothing is not None:
        reason = catalogue().sentence(f"nothing.{cited.nothing}")
        print_line(message("error.frame", what=message("cite.nothing", reason=reason)), to_stderr=True)
    _report_uncertain(cited)
    _report_passed_over(cited)


def _report_uncertain(cited: CitedReport) -> None:
    from archive_manifests.sources import source_id

    uncertain = [(source_id(index), source) for index, source in enumerate(cited.sources) if source.is_uncertain]
    if not uncertain:
        return
    print_line(message("error.frame", what=message("cite.uncertain", n=len(uncertain))), to_stderr=True)
    for ident, source in uncertain[:MOST_LISTED]:
        place = source.citations[0]
        doubts = "; ".join(catalogue().sentence(f"doubt.{code}") for code in source.doubts)
        print_indented(2, message("cite.reading", source=ident, cited=source.cited, doubts=doubts))
        words = _around(place.context or place.anchor or source.cited, place.anchor or source.cited)
        print_indented(7, message("cite.printed", words=f"{place_of(place)}: {words}"))
        for candidate in source.candidates[:4]:
            print_indented(7, message("cite.candidate", candidate=candidate))
    print_rest(len(uncertain))


def _around(words: str, address: str) -> str:
    """The part of the words that shows the address, whole words before it."""
    start = max(0, words.find(address) - _BEFORE)
    if start:
        start = words.find(" ", start) + 1 or start
    end = start + _LONGEST
    return f"{'…' if start else ''}{words[start:end]}{'…' if end < len(words) else ''}"


def _report_passed_over(cited: CitedReport) -> None:
    from archive.cite import source_manifest

    print_passed_over(source_manifest(cited).passed_over)
