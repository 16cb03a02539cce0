"""`archive show`: the sources of a bag and their verdicts."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from archive_cli.output import address_of, catalogue, message, print_line, print_next
from archive_cli.parameters import FILE, SEAL, ExistingBag
from archive_cli.shell import shell_path

if TYPE_CHECKING:
    from collections.abc import Sequence

    from archive.replay.contents import ReplayContents
    from archive_manifests.disclosure_copy import Withheld
    from archive_manifests.ledger import SourceEntry

COLOURS = {"captured": "green", "partial": "yellow", "memento": "blue", "supplied": "blue"}


@click.command("show")
@click.argument("bag", type=ExistingBag())
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.option("--identity", type=FILE, metavar="KEYFILE", help="Open the encrypted record of who collected.")
@click.option("--seal", type=SEAL, metavar="DIR", help="With --identity: the seal, instead of BAG.seal.")
def command(bag: Path, as_json: bool, identity: Path | None, seal: Path | None) -> None:
    r"""Show the sources of BAG and the verdict of each.

    BAG is a bag (a folder, .tar, .tar.gz or .zip), or the work folder of one that is not finished.
    This command checks nothing: `archive verify` does.

    With --identity it prints the record that `pack --identity-annex` encrypted, instead of the sources. Exit
    code 1: the custody log does not name this record, so it may be another one.

    \b
    Example:
      archive show R210517
    """
    if identity is not None:
        sys.exit(_show_identity(bag, identity, seal, as_json))
    from archive.replay.contents import read_contents

    contents = read_contents(bag)
    if as_json:
        click.echo(json.dumps(contents_as_object(contents)))
    else:
        _print_contents(contents)


def _show_identity(bag: Path, key: Path, seal: Path | None, as_json: bool) -> int:
    from archive.handover.collector_identity import open_identity
    from archive.handover.encrypt import parse_identities
    from archive.trust.seal_folder import seal_folder

    found = open_identity(seal or seal_folder(bag), parse_identities(key))
    text = found.record.decode("utf-8", "backslashreplace")
    if as_json:
        facts = {"record": text, "commitment": found.commitment, "committed": found.is_committed}
        click.echo(json.dumps({"schema": "archive.show-identity/1", "bag": str(bag.resolve()), **facts}))
    else:
        for line in text.splitlines():
            print_line(line)
        key_of_sentence = "show.identity_committed" if found.is_committed else "show.identity_strange"
        print_line(catalogue().sentence(key_of_sentence, commitment=found.commitment), to_stderr=True)
    return 0 if found.is_committed else 1


def contents_as_object(contents: ReplayContents) -> dict[str, Any]:
    return {
        "schema": "archive.show/1",
        "bag": str(contents.path.resolve()),
        "report": contents.ledger.report.stated.id,
        "finished": contents.is_finished,
        "demonstration": contents.ledger.conditions.demonstration,
        "sources": [
            {
                "id": source.id,
                "cited": source.cited,
                "status": source.status,
                "reason": source.reason,
                "final_url": source.final_url,
                **({"noted": noted} if (noted := _noted(source)) else {}),
            }
            for source in contents.ledger.sources
        ],
        "counts": contents.counts,
    }


def _print_contents(contents: ReplayContents) -> None:
    """What this is in one sentence, a table of the sources, and on stderr what to do next."""
    from archive_cli.fetch_output import counted_in_words
    from archive_cli.output import print_table

    words, sources = catalogue(), contents.ledger.sources
    if contents.ledger.conditions.demonstration:
        print_line(words.sentence("conditions.demonstration"))
    key = "show.outcome" if contents.is_finished else "show.unfinished"
    none = words.sentence("counts.lead_none") if contents.is_finished else message("show.none_yet")
    counted = counted_in_words([source.status for source in sources], contents.cited) if sources else none
    print_line(message(key, name=contents.name, counts=counted))
    if contents.withheld is not None:
        print_line(_part(contents.withheld))
    if sources:
        headings = [words.sentence(f"show.{column}") for column in ("source", "verdict", "why", "address")]
        colours = [COLOURS.get(source.status, "red") for source in sources]
        print_table(headings, [_row(source) for source in sources], colours=colours)
        _print_reasons(sources)
        _print_noted(sources)
    if contents.is_finished:
        print_next(message("show.next_view", bag=shell_path(contents.path)))
    else:
        print_next(contents.continue_with or shell_path(contents.path))


def _print_reasons(sources: Sequence[SourceEntry]) -> None:
    """What each reason of the table means, with the sources that have it, and what was seen at each of them."""
    words = catalogue()
    concerned: dict[tuple[str, str], list[SourceEntry]] = {}
    for source in sources:
        if source.reason is not None and source.memento is None:
            concerned.setdefault((str(source.status), source.reason), []).append(source)
    for (status, reason), entries in concerned.items():
        if words.has(key := f"reason.{status}.{reason}"):
            print_line(f"[{reason}] {words.sentence(key)} ({', '.join(entry.id for entry in entries)})")
        for seen, ids in _seen_at(entries).items():
            print_line(f"  {', '.join(ids)}: {seen}")


def _seen_at(entries: Sequence[SourceEntry]) -> dict[str, list[str]]:
    """The sources by what the capture saw there: two of one reason may have nothing else in common."""
    from archive.words.notes import describe
    from archive_manifests.notes import fault_of

    seen: dict[str, list[str]] = {}
    for entry in entries:
        if entry.detail is not None and fault_of(entry.detail) is None:
            seen.setdefault(describe(entry.detail, catalogue()), []).append(entry.id)
    return seen


def _noted(source: SourceEntry) -> list[str]:
    """What persons noted of a source: what they saw, and which reading they decided for."""
    from archive.words.notes import describe
    from archive_manifests.custody import NOTED
    from archive_manifests.notes import fault_of

    return [describe(one, catalogue()) for one in source.notes if one.code in NOTED and fault_of(one) is None]


def _print_noted(sources: Sequence[SourceEntry]) -> None:
    for source in sources:
        for text in _noted(source):
            print_line(catalogue().sentence("show.noted", id=source.id, text=text))


def _part(withheld: Withheld) -> str:
    """How many sources of the original a disclosure copy has, as it states, and why the others are withheld."""
    here, missing = len(withheld.disclosed), withheld.sources
    if missing is None:
        return catalogue().sentence("answer.part-of-sources", here=here, because=withheld.because)
    facts = {"here": here, "all": here + missing, "missing": missing, "because": withheld.because}
    return catalogue().sentence("answer.part-of-all-sources", **facts)


def _row(source: SourceEntry) -> tuple[str, str, str, str]:
    words = catalogue()
    code = f"[{source.reason}]" if source.reason else ""
    why = words.date(source.memento.datetime) if source.memento is not None else code
    return source.id, words.sentence(f"status.{source.status}.label"), why, address_of(source)
