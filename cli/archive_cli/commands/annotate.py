"""`archive annotate`: the report whose citations lead to the captured copies."""

from __future__ import annotations

import json
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import click
from msgspec import to_builtins

from archive_cli.parameters import FOLDER, ExistingBag

if TYPE_CHECKING:
    from archive.annotate.annotate import Annotated
    from archive.annotate.check import CheckedAnnotation

_PATH = click.Path(path_type=Path)


@click.command("annotate")
@click.argument("bag", type=ExistingBag())
@click.option("-o", "--output", "target", type=FOLDER, metavar="DIR", help="The folder to write.")
@click.option("--check", "file", type=_PATH, metavar="FILE", help="Compare an annotated report with BAG.")
@click.option("--site", type=FOLDER, metavar="DIR", help="Write page and annotated report for a web server.")
@click.option("--language", metavar="CODE", help="Language of the annex: en, ar, fr, es. Default: the report's own.")
@click.option("--digests", is_flag=True, help="Print digests of records too. Then nothing can be withheld later.")
@click.option("--no-exhibits", is_flag=True, help="Write the annotated report alone.")
@click.option("--prefix", metavar="TEXT", help="Text before each exhibit number. Default: the report's id.")
@click.option("--start", type=click.IntRange(1), default=1, help="The first exhibit number.")
@click.option("--columns", type=_PATH, metavar="FILE", help="A TOML file with the columns of the load files.")
@click.option("--custodian", default="", metavar="NAME", help="A pseudonym for the load files.")
@click.option("--confidentiality", default="", metavar="TEXT", help="Stamp this text on each exhibit.")
@click.option("--json", "as_json", is_flag=True, help="Answer with one JSON object.")
def command(
    bag: Path,
    target: Path | None,
    file: Path | None,
    site: Path | None,
    language: str | None,
    digests: bool,
    no_exhibits: bool,
    prefix: str | None,
    start: int,
    columns: Path | None,
    custodian: str,
    confidentiality: str,
    as_json: bool,
) -> None:
    r"""Make a copy of BAG's report in which each citation leads to the captured copy.

    A PDF keeps every byte: marks, annex pages and an outline entry are appended as an incremental update. Word and
    OpenDocument get comments, HTML gets Robust Links attributes, text gets an annex. A report that is signed,
    encrypted or damaged stays as it is, with the annex beside it.

    \b
    Example:
      archive annotate R210517 -o R210517-annotated
      archive annotate --check R210517-annotated/report.annotated.pdf R210517
    """
    from archive.annotate.annotate import AnnotationOrder, annotate
    from archive.annotate.exhibits.load_files import ALL_COLUMNS, read_columns
    from archive.annotate.exhibits.write import ExhibitOrder

    if sum(each is not None for each in (target, file, site)) != 1:
        raise click.UsageError("give one of -o DIR, --site DIR, and --check FILE")
    if file is not None:
        sys.exit(_check(file, bag, as_json))
    if site is not None:
        _make_site(bag, site, language, as_json)
        return
    assert target is not None
    listed = read_columns(columns) if columns is not None else ALL_COLUMNS
    exhibits = None if no_exhibits else ExhibitOrder(prefix, start, listed, custodian, confidentiality)
    made = annotate(AnnotationOrder(bag, target, language, digests, exhibits))
    if as_json:
        click.echo(json.dumps(_object(made)))
    else:
        _show(made, bag)


def _check(file: Path, bag: Path, as_json: bool) -> int:
    """Compare, print, and return the exit code: 0 true, 1 not true, 3 not checked."""
    from archive.annotate.check import check_annotation
    from archive_cli.output import catalogue, message, print_next, printable

    checked = check_annotation(file, bag)
    if as_json:
        click.echo(json.dumps(_checked_object(checked)))
    elif checked.not_checked is not None:
        click.echo(printable(message("annotate.other", program=checked.not_checked)))
    elif checked.is_true:
        keys = {"incremental-update": "true", "appended": "true", "apart": "true_apart"}
        key = keys.get(checked.annotation.method, "true_parts")
        marked = sum(mark.place != "annex" for mark in checked.annotation.marks)
        click.echo(printable(message(f"annotate.{key}", bag=checked.annotation.bag.name, n=marked)))
    else:
        click.echo(printable(message("annotate.differs", bag=checked.annotation.bag.name, n=len(checked.differences))))
        if checked.other_bag is not None:
            given = checked.annotation.bag.fingerprint
            named = checked.other_bag
            click.echo(printable(message("annotate.other_bag", name=named.name, named=named.fingerprint, given=given)))
        for each in checked.differences:
            says = catalogue().sentence(f"annotation_difference.{each.code}")
            expected = f"expected {each.expected}" if each.expected else ""
            found = f"found {each.found}" if each.found else ""
            click.echo(printable("  ".join(filter(None, (each.code, says, each.place, expected, found)))))
    if not as_json:
        print_next(_step_after(checked, file, bag))
    return 3 if checked.not_checked is not None else 0 if checked.is_true else 1


def _step_after(checked: CheckedAnnotation, file: Path, bag: Path) -> str:
    """The bag itself is to be checked next; a file that is not true is made again."""
    from archive_cli.output import message
    from archive_cli.shell import shell_path

    if checked.is_true:
        return f"archive verify {shell_path(bag)}"
    key = "next_differs" if checked.not_checked is None else "next_other"
    return message(f"annotate.{key}", file=shell_path(file), bag=shell_path(bag))


def _make_site(bag: Path, target: Path, language: str | None, as_json: bool) -> None:
    from archive.annotate.site import SiteOrder, make_site
    from archive_cli.output import message, print_next, printable
    from archive_cli.shell import shell_path

    made = make_site(SiteOrder(bag, target, language))
    if as_json:
        answer = {"folder": str(made.folder.absolute()), "has_report": made.has_report, "files": list(made.files)}
        click.echo(json.dumps({"schema": "archive.annotate-site/1", **answer}))
        return
    click.echo(printable(message("annotate.site", folder=str(made.folder), n=len(made.files))))
    if not made.has_report:
        click.echo(message("annotate.site_without_report"))
    print_next(message("annotate.next_site", page=shell_path(made.folder / "index.html")))


def _checked_object(checked: CheckedAnnotation) -> dict[str, object]:
    return {
        "schema": "archive.annotate-check/1",
        "file": str(checked.file.absolute()),
        "bag": checked.annotation.bag.fingerprint,
        "true": checked.is_true,
        "not_checked": checked.not_checked,
        "other_bag": checked.other_bag.fingerprint if checked.other_bag else None,
        "marks": sum(mark.place != "annex" for mark in checked.annotation.marks),
        "differences": [to_builtins(each) for each in checked.differences],
    }


def _object(made: Annotated) -> dict[str, object]:
    annotation = made.annotation
    return {
        "schema": "archive.annotate/1",
        "folder": str(made.folder.absolute()),
        "file": annotation.file,
        "method": annotation.method,
        "why_apart": annotation.why_apart,
        "marks": dict(Counter(mark.place for mark in annotation.marks)),
        "exhibits": made.exhibits,
        "files": list(made.files),
    }


def _show(made: Annotated, bag: Path) -> None:
    from archive_cli.output import catalogue, message, print_next, printable
    from archive_cli.shell import shell_path

    annotation = made.annotation
    places = Counter(mark.place for mark in annotation.marks)
    marked = len(annotation.marks) - places["annex"]
    click.echo(printable(str(made.folder / annotation.file)))
    if annotation.why_apart is not None:
        click.echo(message("annotate.apart", why=catalogue().sentence(f"annex_apart.{annotation.why_apart}")))
    elif annotation.method == "appended":
        click.echo(message("annotate.annex", n=len(annotation.marks)))
    else:
        click.echo(message("annotate.marks", n=len(annotation.marks), marked=marked))
    gaps = sum(mark.sign == "gap" for mark in annotation.marks)
    doubts = sum(mark.uncertain for mark in annotation.marks)
    if gaps or doubts:
        click.echo(message("annotate.look", gaps=gaps, doubts=doubts))
    print_next(message("annotate.next", file=shell_path(made.folder / annotation.file), bag=shell_path(bag)))
