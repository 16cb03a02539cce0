"""`archive show`: the sources of a bag and what became of each."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from archive_cli.output import harmless

if TYPE_CHECKING:
    from archive.replay.open import Looked
    from archive.words import Words
    from archive_manifests.ledger import SourceEntry

_PATH = click.Path(path_type=Path)
_FILE = click.Path(path_type=Path, exists=True, dir_okay=False)
COLOURS = {"captured": "green", "partial": "yellow", "memento": "blue", "supplied": "blue"}


@click.command("show")
@click.argument("bag", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.option("--identity", type=_FILE, metavar="KEYFILE", help="Say who collected: open what was sealed away.")
@click.option("--seal", type=_PATH, metavar="DIR", help="With --identity: the seal, instead of BAG.seal.")
def command(bag: Path, as_json: bool, identity: Path | None, seal: Path | None) -> None:
    r"""Show the sources of BAG and what became of each.

    BAG is a bag (a folder, .tar, .tar.gz or .zip), or the work folder of one that is not finished.
    Nothing is checked here: `archive verify` does that.

    With --identity the answer is the record that `pack --identity-annex` sealed away, instead of the sources. Exit
    code 1: the custody log does not name it, so it is not shown to be the one that was meant.

    \b
    Example:
      archive show R210517
    """
    if identity is not None:
        sys.exit(_show_identity(bag, identity, seal, as_json))
    from archive.replay.open import look

    looked = look(bag)
    if as_json:
        click.echo(json.dumps(as_object(looked), ensure_ascii=False))
    else:
        show(looked)


def _show_identity(bag: Path, key: Path, seal: Path | None, as_json: bool) -> int:
    from archive.handover.collector_identity import open_identity
    from archive.handover.encrypt import parse_identities
    from archive.trust.seal_folder import seal_folder
    from archive_cli.output import spoken

    found = open_identity(seal or seal_folder(bag), parse_identities(key))
    text = found.record.decode("utf-8", "backslashreplace")
    if as_json:
        told = {"record": text, "commitment": found.commitment, "committed": found.is_committed}
        click.echo(json.dumps({"schema": "archive.show-identity/1", "bag": str(bag.resolve()), **told}))
    else:
        for line in text.splitlines():
            click.echo(harmless(line))
        said = "show.identity_committed" if found.is_committed else "show.identity_strange"
        click.echo(spoken().say(said, commitment=found.commitment), err=True)
    return 0 if found.is_committed else 1


def as_object(looked: Looked) -> dict[str, Any]:
    """The answer for programs."""
    return {
        "schema": "archive.show/1",
        "bag": str(looked.path.resolve()),
        "report": looked.ledger.report.stated.id,
        "finished": looked.is_finished,
        "demonstration": looked.ledger.conditions.demonstration,
        "sources": [
            {
                "id": source.id,
                "cited": source.cited,
                "status": source.status,
                "reason": source.reason,
                "final_url": source.final_url,
            }
            for source in looked.ledger.sources
        ],
        "counts": looked.counts,
    }


def show(looked: Looked) -> None:
    """The answer for people: a table, a line of counts, and on stderr what to do next."""
    from archive_cli.output import show_table, spoken

    words = spoken()
    if looked.ledger.conditions.demonstration:
        click.echo(words.say("conditions.demonstration"))
    sources = looked.ledger.sources
    if sources:
        headings = [words.say(f"show.{column}") for column in ("source", "verdict", "why", "address")]
        rows = [_row(source, words) for source in sources]
        show_table(headings, rows, colours=[COLOURS.get(source.status, "red") for source in sources])
    click.echo(_summary(looked, words))
    for line in _next(looked, words):
        click.echo(line, err=True)


def _row(source: SourceEntry, words: Words) -> tuple[str, str, str, str]:
    why = source.reason or ""
    if source.memento is not None:
        why = words.day(source.memento.datetime)
    return source.id, words.say(f"status.{source.status}.label"), why, source.cited


def _summary(looked: Looked, words: Words) -> str:
    counted = " · ".join(
        f"{words.say(f'status.{status}.label').lower()} {words.number(number)}"
        for status, number in looked.counts.items()
    )
    unfinished = "" if looked.is_finished else f" ({words.say('show.unfinished')})"
    return f"{harmless(looked.name)}  {counted or words.say('counts.lead_none')}{unfinished}"


def _next(looked: Looked, words: Words) -> list[str]:
    bag = harmless(str(looked.path))
    if not looked.is_finished:
        return [words.say("show.next_finish", bag=bag.removesuffix(".part"))]
    return [words.say("show.next_view", bag=bag), words.say("show.next_verify", bag=bag)]
