"""`archive annotate`: the report whose citations lead to the captured copies."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from archive.annotate.annotate import Annotated

_PATH = click.Path(path_type=Path)


@click.command("annotate")
@click.argument("bag", type=_PATH)
@click.option("-o", "--output", "target", required=True, type=_PATH, metavar="DIR", help="The folder to write.")
@click.option("--language", metavar="CODE", help="Of the annex: en, ar, fr, es. Default: the report's own.")
@click.option("--digests", is_flag=True, help="Print raw digests too: only where nothing will ever be withheld.")
@click.option("--json", "as_json", is_flag=True, help="Answer with one JSON object.")
def command(bag: Path, target: Path, language: str | None, digests: bool, as_json: bool) -> None:
    r"""Make a copy of BAG's report in which each citation leads to the captured copy.

    A PDF keeps every byte: marks, annex pages and an outline entry are appended as an incremental update. Word and
    OpenDocument get comments, HTML gets Robust Links attributes, text gets an annex. A report that is signed,
    encrypted or damaged stays as it is, with the annex beside it.

    \b
    Example:
      archive annotate R210517 -o R210517-annotated
    """
    from archive.annotate.annotate import AnnotationOrder, annotate

    made = annotate(AnnotationOrder(bag, target, language, digests))
    if as_json:
        click.echo(json.dumps(_object(made)))
    else:
        _show(made)


def _object(made: Annotated) -> dict[str, object]:
    annotation = made.annotation
    return {
        "schema": "archive.annotate/1",
        "folder": str(made.folder.absolute()),
        "file": annotation.file,
        "method": annotation.method,
        "why_apart": annotation.why_apart,
        "marks": dict(Counter(mark.place for mark in annotation.marks)),
        "files": list(made.files),
    }


def _show(made: Annotated) -> None:
    from archive_cli.output import catalogue, message, printable

    annotation = made.annotation
    places = Counter(mark.place for mark in annotation.marks)
    marked = len(annotation.marks) - places["annex"]
    click.echo(printable(str(made.folder / annotation.file)))
    if annotation.why_apart is not None:
        click.echo(message("annotate.apart", why=catalogue().sentence(f"annex_apart.{annotation.why_apart}")))
    else:
        click.echo(message("annotate.marks", n=len(annotation.marks), marked=marked))
    gaps = sum(mark.sign == "gap" for mark in annotation.marks)
    doubts = sum(mark.uncertain for mark in annotation.marks)
    if gaps or doubts:
        click.echo(message("annotate.look", gaps=gaps, doubts=doubts))
