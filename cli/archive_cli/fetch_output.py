"""What `fetch`, `finish`, `supply` and `attest` print: the outcome, each source, the fingerprint, what to do next."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from archive_cli.output import address_of, catalogue, listed, message, print_line, print_next, readable_address
from archive_cli.passed_over import print_passed_over
from archive_cli.shell import shell_path
from archive_manifests.ledger import Status, counts

if TYPE_CHECKING:
    from archive.fetch.fetch import FetchPlan, FetchResult
    from archive_manifests.ledger import SourceEntry


_MOST_LISTED = 20
"""Of uncertain readings and passages; the page in the bag shows all."""


def verdict_of(entry: SourceEntry) -> str:
    """The page's word for the verdict, the reason in brackets: its code in English, short words in other languages."""
    label = catalogue().sentence(f"status.{entry.status}.label")
    label = label[:1].lower() + label[1:]  # in a line, not at its start
    return label if entry.reason is None else f"{label} ({_reason(entry.reason)})"


def _reason(code: str) -> str:
    """A reason in short words; the code in English, where it is nearly that."""
    words = catalogue()
    keys = [key for key in (f"cli.reason.{code}", f"cause.{code}") if words.code != "en" and words.has(key)]
    return words.sentence(keys[0]) if keys else code


def result_as_json(result: FetchResult) -> dict[str, Any]:
    """The object of the contract, `archive.fetch/1`."""
    sources = [
        {
            "id": entry.id,
            "cited": entry.cited,
            "status": str(entry.status),
            "reason": entry.reason,
            "final_url": entry.final_url,
        }
        for entry in result.ledger.sources
    ]
    return {
        "schema": "archive.fetch/1",
        "bag": str(result.bag),
        "report": result.ledger.report.stated.id,
        "tagmanifest": str(result.tagmanifest) if result.tagmanifest else None,
        "sources": sources,
        "counts": counts(entry.status for entry in result.ledger.sources),
    }


def warn_of_fork(given: Path, made: Path) -> None:
    """Warn where a new version follows a bag that another version follows already: it lacks what was added there."""
    numbers = [path.name.removeprefix(f"{given.name}-") for path in given.absolute().parent.glob(f"{given.name}-*")]
    later = [f"{given.name}-{number}" for number in sorted((n for n in numbers if n.isdigit()), key=int)]
    later = [name for name in later if name != made.name]
    if later and made.name != given.name:
        what = message("fetch.fork", name=made.name, given=given.name, later=later[-1])
        print_line(message("error.frame", what=what), to_stderr=True)


def print_result(result: FetchResult, *, as_json: bool, verbose: bool = False) -> None:
    _warn_of_echoes(result, verbose=verbose)
    _warn_of_doubts(result)
    _warn_of_supplied(result)
    if as_json:
        click.echo(json.dumps(result_as_json(result)))
        return
    print_line(_outcome(result))
    width = max((len(verdict_of(entry)) for entry in result.ledger.sources), default=0)
    for entry in result.ledger.sources:
        shown = readable_address(entry.cited)
        print_line(f"{entry.id}  {verdict_of(entry):<{width}}  {address_of(entry)}")
        if shown != entry.cited:
            print_line(f"{'':<{len(entry.id) + width + 4}}{entry.cited}")
    if result.tagmanifest is None:
        becomes = result.bag.with_name(result.bag.name.removesuffix(".part"))
        print_line(message("fetch.work_folder", place=result.bag))
        print_next(f"archive finish {shell_path(becomes)}")
        return
    print_line(message("fetch.bag", place=result.bag))
    print_line(message("fetch.fingerprint"))
    print_line(str(result.tagmanifest))
    sound = "fetch.next_gaps" if result.has_gaps else "fetch.next"
    print_next(message(sound if result.was_checked else "fetch.next_unchecked", bag=shell_path(result.bag)))


def _outcome(result: FetchResult) -> str:
    """One sentence: whether the bag is made, and how many sources it has."""
    statuses = [entry.status for entry in result.ledger.sources]
    name = result.bag.name.removesuffix(".part")
    key = "held" if result.tagmanifest is None else "there" if result.was_there else "made"
    first = message(f"fetch.{key}", name=name)
    return f"{first} {counted_in_words(statuses)}"


def counted_in_words(statuses: list[Status], cited: int | None = None) -> str:
    """`9 sources: 7 captured, 2 copies from other archives.`

    Where more are cited: `9 sources, 7 of them with a verdict so far: …`
    """
    parts = [catalogue().sentence(f"status.{status}.count", n=number) for status, number in counts(statuses).items()]
    counted = listed(parts) or message("fetch.none")
    if cited is not None and cited > len(statuses):
        return message("fetch.counts_so_far", n=cited, done=len(statuses), counts=counted)
    return message("fetch.counts", n=len(statuses), counts=counted)


def _warn_of_doubts(result: FetchResult) -> None:
    """Warn of uncertain readings, and of what looks like an address and was not taken for a source."""
    entries = result.ledger.sources
    uncertain = [entry for entry in entries if entry.readings and entry.readings[0].certainty == "uncertain"]
    if uncertain:
        print_line(message("error.frame", what=message("cite.uncertain", n=len(uncertain))), to_stderr=True)
        for entry in uncertain[:_MOST_LISTED]:
            doubts = "; ".join(catalogue().sentence(f"doubt.{code}") for code in entry.readings[0].why)
            text = message("cite.reading", source=entry.id, cited=entry.cited, doubts=doubts)
            print_line(f"{text} -> {verdict_of(entry)}", to_stderr=True)
    print_passed_over(result.ledger.passed_over)


def _warn_of_supplied(result: FetchResult) -> None:
    """Warn of supplied files that are damaged, or of another address than their source."""
    supplied = [entry for entry in result.ledger.sources if any(copy.kind == "supplied" for copy in entry.copies)]
    if not supplied:
        return
    from archive.fetch.supplied_check import warnings_of  # late: it reads recordings
    from archive.words.notes import describe

    for entry in supplied:
        for note in warnings_of(entry):
            what = f"{entry.id}: {describe(note, catalogue())}"
            print_line(message("error.frame", what=what), to_stderr=True)


def _warn_of_echoes(result: FetchResult, *, verbose: bool) -> None:
    """Warn the documenter, on stderr alone, of sources in which a server repeated an address that may be theirs."""
    by_address: dict[str, list[str]] = {}
    for echo in result.echoes:
        sources = by_address.setdefault(echo.address, [])
        if echo.source not in sources:
            sources.append(echo.source)
    for address, sources in by_address.items():
        named = listed(sorted(sources))
        print_line(message("fetch.echo", n=len(sources), address=address, sources=named), to_stderr=True)
    if result.echoes and verbose:
        for echo in result.echoes:
            detail = message("fetch.echo_detail", source=echo.source, address=echo.address, url=echo.url)
            print_line(detail, to_stderr=True)
    if result.echoes:
        print_line(message("fetch.echo_advice"), to_stderr=True)


def print_plan(plan: FetchPlan, *, as_json: bool) -> None:
    if as_json:
        answer = {
            "schema": "archive.plan/1",
            "report": plan.report,
            "sources": plan.sources,
            "hosts": plan.hosts,
            "third_parties": list(plan.third_parties),
            "media": list(plan.media),
            "not_contacted": [{"cited": each.cited, "reason": each.reason} for each in plan.not_contacted],
        }
        click.echo(json.dumps(answer))
        return
    print_line(message("plan.hosts", report=plan.report, n=plan.sources))
    for host, number in plan.hosts.items():
        print_line(f"  {host}  {number}")
    for each in plan.not_contacted:
        why = catalogue().sentence(f"reason.not-attempted.{each.reason}")
        print_line(message("plan.not_contacted", address=readable_address(each.cited), why=why))
    for other in plan.third_parties:
        print_line(message("plan.third", who=other))
    for system in plan.media:
        print_line(message("plan.media", who=system))
    print_next(message("plan.next"))
