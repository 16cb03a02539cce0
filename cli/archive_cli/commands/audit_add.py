"""`archive audit add`: take bags into the catalogue."""

from __future__ import annotations

import json
import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from archive_cli.audit_options import catalogue_option, engine_options, json_option, operator_option, stall_option
from archive_cli.output import message, printable
from archive_cli.parameters import is_whole_disk

if TYPE_CHECKING:
    from archive.audit.add import AddResult

CUSTODY_SHOWN = 5
"""Copies with another custodian or class that are listed."""


@click.command("add")
@click.argument("roots", metavar="ROOT|URL...", nargs=-1, required=True)
@click.option("--class", "storage_class", default="-", metavar="C", help="The kind of storage: disk, hot, deep…")
@click.option("--custodian", default="-", metavar="N", help="Who stores the copies: a name or a pseudonym.")
@click.option("--reassign", is_flag=True, help="Give copies in the catalogue already this custodian and class as well.")
@engine_options
@stall_option
@operator_option
@catalogue_option
@json_option
def command(
    roots: tuple[str, ...],
    storage_class: str,
    custodian: str,
    reassign: bool,
    engine: str,
    tls: Path | None,
    jobs: int | None,
    stall: float,
    by: str | None,
    catalogue: str | None,
    as_json: bool,
) -> None:
    r"""Add every bag at or below ROOT: folders, .tar, .tar.gz, .zip, ours or anybody's.

    The program verifies each bag once and stores its fingerprint. What it finds now is known from then on; a bag that
    is already damaged is added as damaged. A copy that is in the catalogue already stays as it is;
    one that was retired and is there again is compared with what it was, and checked again from now on.

    \b
    Example:
      archive audit add /bags --custodian archive-3 --class disk
    """
    from archive.audit.add import add_bags
    from archive.audit.catalogue.copies import Custody
    from archive.audit.catalogue.database import open_catalogue
    from archive.audit.discover import check_roots
    from archive.audit.engine.open import open_engine
    from archive_cli.audit_output import print_next_audit
    from archive_cli.interrupt import terminated_in_order

    disk = next((root for root in roots if "://" not in root and is_whole_disk(Path(root))), None)
    if disk is not None:
        raise click.UsageError(message("error.whole_disk_folder", name=disk))
    check_roots(roots)  # before a catalogue is made for nothing
    with terminated_in_order(), open_catalogue(catalogue) as opened, open_engine(engine, jobs, tls) as workers:
        result = add_bags(
            opened, roots, Custody(custodian, storage_class), workers, operator=by, change_custody=reassign, stall=stall
        )
    _show(result, as_json)
    if not as_json:
        print_next_audit(_next_step(result), catalogue)
    sys.exit(result.exit_code)


def _next_step(result: AddResult) -> str | list[str]:
    """What is wrong comes first, then what stayed as it was although another custodian was given."""
    if result.failing:
        from archive.audit.place import shown
        from archive_cli.audit_output import histories

        return histories([shown(url) for url, _ in result.failing])
    if result.other_custody and not result.is_reassigned:
        one = result.other_custody[0]
        custody = f"--custodian {shlex.quote(one.after.custodian)} --class {shlex.quote(one.after.storage_class)}"
        return f"add {shlex.quote(one.place)} {custody} --reassign"
    if result.added or result.revived or result.known:
        return "status"
    return "add FOLDER"


def _show_custody(result: AddResult) -> None:
    """Copies whose custodian or class is another than the given one: changed, or as they were."""
    key = "audit.reassigned" if result.is_reassigned else "audit.custody_stays"
    for one in result.other_custody[:CUSTODY_SHOWN]:
        now = one.after if result.is_reassigned else one.before
        words = {"custodian": now.custodian, "storage_class": now.storage_class}
        click.echo(printable(message(key, place=one.place, **words)))
    if len(result.other_custody) > CUSTODY_SHOWN:
        click.echo(message("audit.more_custody", n=len(result.other_custody) - CUSTODY_SHOWN))


def _show(result: AddResult, as_json: bool) -> None:
    from archive.audit.place import shown
    from archive_cli.audit_output import counted, show_look

    if as_json:
        click.echo(json.dumps(_object(result)))
        return
    for url, look in result.failing:
        show_look(look, shown(url))
    for one in result.passed_over:
        click.echo(printable(message("audit.passed_over", place=one.place, why=one.why)), err=True)
    for place in result.revived:
        click.echo(printable(message("audit.revived", place=place)))
    _show_custody(result)
    outcomes = counted(result.outcomes) or "-"
    click.echo(message("audit.added", n=result.added, outcomes=outcomes, known=result.known))


def _object(result: AddResult) -> dict[str, Any]:
    from archive.audit.look import CopyOutcome
    from archive.audit.place import shown
    from archive_cli.audit_output import look

    return {
        "schema": "archive.audit-add/1",
        "run": result.run_id,
        "added": result.added,
        "known": result.known,
        "revived": result.revived,
        "reassigned" if result.is_reassigned else "other_custody": [one.place for one in result.other_custody],
        "outcomes": {str(outcome): result.outcomes[outcome] for outcome in CopyOutcome},
        "failing": [look(one, shown(url)) for url, one in result.failing],
        "passed_over": [{"place": one.place, "why": one.why, "unread": one.is_unread} for one in result.passed_over],
    }
