"""`archive disclose`: a copy of a bag that withholds sources."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from archive_cli.help_layout import Grouped
from archive_cli.parameters import EXHIBITS, ExistingBag

if TYPE_CHECKING:
    from archive.disclose.disclose import Disclosed
    from archive.disclose.single import SingleOrder

_PATH = click.Path(path_type=Path)


@click.command("disclose", cls=Grouped)
@click.argument("bag", type=ExistingBag())
@click.option("--withhold", metavar="ID,…", help="The sources to leave out: s03,s05.")
@click.option("--record", metavar="ID", help="Disclose one WARC record alone, with its audit path.")
@click.option("--exhibit", "file", metavar="WHICH", help="Disclose one alone: a payload file, a source, or a number.")
@click.option("--exhibits", type=EXHIBITS, metavar="DIR", help="For a number: the folder that `annotate` wrote.")
@click.option("--check", is_flag=True, help="BAG is a folder of --record or --exhibit: check it.")
@click.option("--because", metavar="CODE", help="Why: safety, consent, privacy, legal, or another code.")
@click.option("-o", "--output", "target", type=_PATH, metavar="NEWBAG", help="The copy's folder.")
@click.option("--no-count", is_flag=True, help="Do not state how many sources are withheld.")
@click.option("--no-report", is_flag=True, help="Do not state which report it is: no title, digest and size of it.")
@click.option("--accept-names", is_flag=True, help="Go on although the copy names what is withheld.")
@click.option("--accept-sentences", is_flag=True, help="Go on where only the report's sentences name what is withheld.")
@click.option("--with-text", is_flag=True, help="Add the report's text, without citations of what is withheld.")
@click.option("--with-run-time", is_flag=True, help="Prove when the run ended; this tells how many records there are.")
@click.option("--by", metavar="NAME", help="A pseudonym for the custody log.")
@click.option("--json", "as_json", is_flag=True, help="Answer with one JSON object.")
def command(
    bag: Path,
    withhold: str | None,
    record: str | None,
    file: str | None,
    exhibits: Path | None,
    check: bool,
    because: str | None,
    target: Path | None,
    no_count: bool,
    no_report: bool,
    accept_names: bool,
    accept_sentences: bool,
    with_text: bool,
    with_run_time: bool,
    by: str | None,
    as_json: bool,
) -> None:
    r"""Make a copy of BAG without some sources, that proves to be a part of the sealed bag.

    Every record and file of the copy is byte for byte in the original, and the original's signatures and timestamps
    vouch for it. Nothing in the copy can confirm a guess about what is withheld. A public report still says what it
    cites, and copies of one bag add up: the command lists what this one adds to earlier ones.

    \b
    Example:
      archive disclose R210517 --withhold s03,s05 --because safety -o R210517-court
      archive disclose R210517 --exhibit data/media/s03/film.mp4 -o film
      archive disclose R210517 --exhibit s03 -o s03
      archive disclose --check film
    """
    from archive.disclose.disclose import DisclosureOrder, disclose
    from archive_cli.parameters import run_clock

    if check:
        sys.exit(_check(bag, as_json))
    if target is None:
        raise click.UsageError("Missing option '-o' / '--output'.")
    if record is not None or file is not None:
        from archive.disclose.single import SingleOrder

        _disclose_one(SingleOrder(bag, target, record, file, exhibits, because or "exhibit", by), as_json)
        return
    if withhold is None or because is None:
        raise click.UsageError("give --withhold and --because, or one part with --record or --exhibit")
    ids = frozenset(name.strip() for name in withhold.split(",") if name.strip())
    order = DisclosureOrder(
        bag, target, ids, because, not no_count, accept_names, by, with_run_time, with_text, not no_report,
        accepts_sentences=accept_sentences,
    )  # fmt: skip
    made = disclose(order, now=run_clock().now())
    if as_json:
        click.echo(json.dumps(_object(made)))
    else:
        _show(made, bag)


def _disclose_one(order: SingleOrder, as_json: bool) -> None:
    from archive.disclose.single import disclose_one
    from archive_cli.output import message, printable
    from archive_cli.parameters import run_clock

    made = disclose_one(order, now=run_clock().now())
    if as_json:
        facts = {"kind": made.path.kind, "ref": made.path.ref, "root": made.path.root, "file": made.file}
        click.echo(json.dumps({"schema": "archive.disclose-one/1", "folder": str(made.folder.absolute()), **facts}))
    else:
        place = str(made.folder / made.file)
        click.echo(printable(message("disclose.one", ref=made.path.ref, place=place, n=len(made.path.path))))


def _check(folder: Path, as_json: bool) -> int:
    """Check one part, print, and return the exit code: 0 sealed, 1 not in the tree or another seal, 3 no seal."""
    from archive.disclose.single import check_one
    from archive_cli.output import message, printable

    found = check_one(folder)
    is_true = found.is_in_tree and found.is_sealed is not False
    if as_json:
        facts = {"ref": found.path.ref, "in_tree": found.is_in_tree, "sealed": found.is_sealed, "root": found.path.root}
        click.echo(json.dumps({"schema": "archive.disclose-check/1", "folder": str(folder.absolute()), **facts}))
    else:
        key = "other_tree" if not is_true else "no_seal" if found.is_sealed is None else "in_tree"
        click.echo(printable(message(f"disclose.{key}", ref=found.path.ref, root=found.path.root)))
    return 1 if not is_true else 3 if found.is_sealed is None else 0


def _object(made: Disclosed) -> dict[str, object]:
    return {
        "schema": "archive.disclose/1",
        "bag": str(made.path.absolute()),
        "tagmanifest": str(made.tagmanifest),
        "disclosed": list(made.disclosed),
        "withheld": len(made.withheld),
        "names": [{"source": hit.source, "name": hit.name, "place": hit.place} for hit in made.hits],
        "adds": list(made.adds),
        "not_searched": [{"kind": kind, "place": place} for kind, place in made.unread],
    }


def _show(made: Disclosed, bag: Path) -> None:
    from archive.trust.seal_folder import seal_folder
    from archive_cli.output import listed, message, print_line, print_next
    from archive_cli.shell import shell_path

    print_line(message("disclose.made", place=made.path, n=len(made.disclosed), withheld=len(made.withheld)))
    for hit in made.hits:
        print_line(message("disclose.names", source=hit.source, name=hit.name, place=hit.place))
    if made.unread:
        pictures = sum(kind == "picture" for kind, _ in made.unread)
        print_line(message("disclose.not_searched", pictures=pictures, documents=len(made.unread) - pictures))
    if made.adds and len(made.adds) < len(made.disclosed):
        print_line(message("disclose.adds", sources=listed(made.adds)))
    print_line(message("disclose.fingerprint", digest=made.tagmanifest))
    if seal_folder(made.path).is_dir():
        print_next(message("disclose.next", copy=shell_path(made.path)))
    else:
        print_next(message("disclose.next_unsealed", bag=shell_path(bag)))
