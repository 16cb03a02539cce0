"""`archive repair`: make a damaged copy sound again from others."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click
from msgspec import to_builtins

from archive_cli.audit_options import catalogue_option, json_option, operator_option, stall_option
from archive_cli.output import message, printable

if TYPE_CHECKING:
    from archive.audit.repair.run import Repaired, RepairPlan


@click.command("repair")
@click.argument("copy")
@click.option("--from", "sources", multiple=True, metavar="COPY", help="Another copy, by place or id; repeatable.")
@click.option("--yes", is_flag=True, help="Do it without asking.")
@stall_option
@operator_option
@catalogue_option
@json_option
def command(
    copy: str,
    sources: tuple[str, ...],
    yes: bool,
    stall: float,
    by: str | None,
    catalogue: str | None,
    as_json: bool,
) -> None:
    r"""Rebuild COPY from other copies, verify it, put it in its place. The damaged one stays beside it.

    Each file is taken from the first copy that has the right bytes, so several copies, each damaged elsewhere, can
    make a sound one. A package with PAR2 data beside it is repaired from that where no --from is given.

    \b
    Example:
      archive repair /bags/R210517 --from /mirror/R210517
    """
    from archive.audit.catalogue.database import open_catalogue
    from archive.audit.errors import check_installed
    from archive.audit.repair.run import plan_repair, repair
    from archive_cli.audit_output import print_next_audit

    check_installed()
    with open_catalogue(catalogue, make=False) as opened:
        plan = plan_repair(opened, copy, sources, datetime.now(UTC), stall)
        _confirm(plan, yes)
        done = repair(opened, plan, by)
    _show(done, as_json)
    if not as_json:
        print_next_audit("status", catalogue)


def _confirm(plan: RepairPlan, yes: bool) -> None:
    sources = ", ".join(map(str, plan.sources)) or f"{plan.place}.par2"
    click.echo(printable(message("audit.plan", place=plan.place, sources=sources, old=plan.old or "-")), err=True)
    if yes:
        return
    if not sys.stdin.isatty():
        raise click.UsageError(message("audit.say_yes"))
    click.confirm(message("audit.go"), abort=True, err=True)


def _show(done: Repaired, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps({"schema": "archive.repair/1"} | to_builtins(done, enc_hook=str)))
        return
    for place, number in done.taken.items():
        click.echo(printable(message("audit.taken", n=number, place=place)))
    click.echo(printable(message("audit.repaired", place=done.place, old=done.old or "-")))
    if done.custody_problem:
        click.echo(printable(f"archive: {done.custody_problem}"), err=True)
