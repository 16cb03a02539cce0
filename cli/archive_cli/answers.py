"""The answers of `fetch` and `finish` on stdout, for people and for programs."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import click

from archive_cli.output import harmless, say
from archive_manifests.ledger import counts

if TYPE_CHECKING:
    from archive.fetch.fetch import FetchResult, Plan
import shlex
from pathlib import Path


def say_next(text: str) -> None:
    """Talk, and so on stderr."""
    click.echo(harmless(say("next.line", told=text)), err=True)


def typed(path: Path) -> str:
    """A path as one would type it in the folder one is in: relative where it lies below, quoted where it has to be."""
    try:
        near = path.absolute().relative_to(Path.cwd())
    except ValueError:
        near = path.absolute()
    return shlex.quote(str(near))


def fetched_as_json(result: FetchResult) -> dict[str, Any]:
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


def show_fetched(result: FetchResult, *, as_json: bool) -> None:
    _warn_of_echoes(result)
    if as_json:
        click.echo(json.dumps(fetched_as_json(result), ensure_ascii=False))
        return
    for entry in result.ledger.sources:
        verdict = str(entry.status) if entry.reason is None else f"{entry.status} ({entry.reason})"
        click.echo(harmless(f"{entry.id}  {verdict:<26}  {entry.cited}"))
    told = ", ".join(f"{number} {status}" for status, number in _counts(result).items())
    click.echo(say("fetch.counts", n=len(result.ledger.sources), told=told or say("fetch.none")))
    if result.tagmanifest is None:
        click.echo(harmless(say("fetch.held", place=result.bag)))
        becomes = result.bag.with_name(result.bag.name.removesuffix(".part"))
        click.echo(harmless(say("fetch.next_finish", bag=typed(becomes))))
        return
    click.echo(harmless(say("fetch.there" if result.was_there else "fetch.bag", place=result.bag)))
    click.echo(f"tagmanifest: {result.tagmanifest}")
    click.echo(harmless(say("fetch.next_verify", bag=typed(result.bag))))


def _warn_of_echoes(result: FetchResult) -> None:
    """Tell the documenter, on stderr alone, where a server told an address back that may be theirs."""
    for echo in result.echoes:
        told = say("fetch.echo", source=echo.source, address=echo.address, url=echo.url)
        click.echo(harmless(told), err=True)
    if result.echoes:
        click.echo(say("fetch.echo_advice"), err=True)


def _counts(result: FetchResult) -> dict[str, int]:
    return counts(entry.status for entry in result.ledger.sources)


def show_plan(plan: Plan, *, as_json: bool) -> None:
    if as_json:
        answer = {
            "schema": "archive.plan/1",
            "report": plan.report,
            "sources": plan.sources,
            "hosts": plan.hosts,
            "third_parties": list(plan.third_parties),
            "media": list(plan.media),
        }
        click.echo(json.dumps(answer, ensure_ascii=False))
        return
    click.echo(harmless(say("plan.hosts", report=plan.report, n=plan.sources)))
    for host, number in plan.hosts.items():
        click.echo(harmless(f"  {host}  {number}"))
    for other in plan.third_parties:
        click.echo(harmless(say("plan.third", who=other)))
    for system in plan.media:
        click.echo(harmless(say("plan.media", who=system)))
