"""`archive audit run`: look at copies, and report what is new."""

from __future__ import annotations

import json
import re
import shlex
import sys
from typing import TYPE_CHECKING, Any

import click

from archive_cli.audit_options import (
    Duration,
    catalogue_option,
    engine_options,
    json_option,
    operator_option,
    stall_option,
)
from archive_cli.help_layout import Grouped

if TYPE_CHECKING:
    from archive.audit.run import RunResult
    from archive.audit.selection import CopySelection


@click.command("run", cls=Grouped)
@click.option("--due", is_flag=True, help="Copies that are due; the default.")
@click.option("--all", "everything", is_flag=True, help="Every copy.")
@click.option("--sample", type=click.IntRange(min=1), metavar="N", help="N copies of each custodian and class.")
@click.option("--seed", metavar="HEX", help="Draw the sample with this, so that others can draw it again.")
@click.option("--custodian", metavar="N", help="Only the copies of this custodian.")
@click.option("--class", "storage_class", metavar="C", help="Only the copies of this class.")
@click.option("--budget", type=Duration(), metavar="TIME", help="Begin no copy after so long: 90s, 30m, 6h.")
@click.option("--max-mb-s", type=click.FloatRange(min=0, min_open=True), metavar="N", help="Read at most N MB/s.")
@click.option(
    "--stop-after", type=click.IntRange(min=1), default=25, show_default=True, metavar="N",
    help="Leave the rest of a store for later once N of its copies could not be read.",
)  # fmt: skip
@stall_option
@click.option(
    "--method", metavar="M", default="full-read", show_default=True,
    help="full-read, or head-checksum: what S3 states about its objects without reading them.",
)  # fmt: skip
@click.option("--thorough", is_flag=True, help="Verify in full, even where every byte is as it was.")
@engine_options
@operator_option
@catalogue_option
@json_option
def command(as_json: bool, catalogue: str | None, **given: Any) -> None:
    r"""Read copies, compare them with what they were when they were added, and report what is new.

    The same command continues a run that was stopped. Exit code 0: all copies were checked, nothing is new; 1: a copy
    is damaged, substituted or overdue; 3: some copies could not be checked, or the budget is spent.

    \b
    Example:
      archive audit run --due --budget 6h
    """
    from archive.audit.catalogue.database import open_catalogue
    from archive.audit.engine.open import open_engine
    from archive.audit.look import FULL_READ
    from archive.audit.run import AuditLimits, places_of, run_audit
    from archive_cli.audit_output import print_next_audit, run_object, show_run
    from archive_cli.interrupt import terminated_in_order

    selection = _selection(given)
    if given["method"] != FULL_READ:
        sys.exit(_statements(selection, given, catalogue, as_json=as_json))
    rate = given["max_mb_s"]
    bytes_per_second = rate * 1e6 if rate else None
    limits = AuditLimits(
        given["budget"], bytes_per_second, given["stop_after"], given["thorough"], stall=given["stall"]
    )  # fmt: skip
    with open_catalogue(catalogue, make=False) as opened:
        with terminated_in_order(), open_engine(given["engine"], given["jobs"], given["tls"]) as workers:
            result = run_audit(opened, selection, workers, seed=given["seed"], limits=limits, operator=given["by"])
        places = places_of(opened, (*result.new, *result.unread))
    if as_json:
        click.echo(json.dumps(run_object(result, places)))
    else:
        show_run(result, places)
        print_next_audit(_next_step(result, places, given), catalogue)
    sys.exit(result.exit_code)


def _next_step(result: RunResult, places: dict[str, str], given: dict[str, Any]) -> str | list[str]:
    """What is new comes first; then the rest of the run, by the same words; then what could not be read."""
    from archive_cli.audit_output import histories

    if result.new:
        return histories([places[one.copy_id] for one in result.new])
    unread = result.still_unread
    if not result.left and not unread.number:
        return "status"
    names = {"sample": "--sample", "seed": "--seed", "custodian": "--custodian", "storage_class": "--class"}
    words = ["--all" if given["everything"] else "" if given["sample"] else "--due"]
    if not result.left and words == ["--due"]:  # what could not be read just now is due tomorrow
        words, given = ["--all"], given | {"custodian": unread.custodian if unread.custodian != "-" else None}
    words += [f"{option} {shlex.quote(str(given[name]))}" for name, option in names.items() if given[name]]
    return " ".join(["run", *filter(None, words)])


def _statements(selection: CopySelection, given: dict[str, Any], catalogue: str | None, *, as_json: bool) -> int:
    """Enter what stores state, and show it; the exit code."""
    from archive.audit.catalogue.database import open_catalogue
    from archive.audit.head_checksum import StatementLimits, take_statements
    from archive.audit.s3_heads import S3Heads, head_client
    from archive_cli.audit_output import print_next_audit, show_statements, statement_object

    if given["thorough"]:
        raise click.UsageError("--thorough belongs to --method full-read: a statement reads nothing")
    limits = StatementLimits(given["budget"], given["stop_after"])
    client = head_client()
    with open_catalogue(catalogue, make=False) as opened:
        heads = S3Heads(client)
        result = take_statements(opened, selection, heads, seed=given["seed"], limits=limits, by=given["by"])
    client.close()
    if as_json:
        click.echo(json.dumps(statement_object(result)))
    else:
        show_statements(result)
        print_next_audit("run --due", catalogue)
    return result.exit_code


def _selection(given: dict[str, Any]) -> CopySelection:
    from archive.audit.method import check_method
    from archive.audit.selection import ALL, DUE, SAMPLE, CopySelection

    check_method(given["method"])
    if sum((given["due"], given["everything"], given["sample"] is not None)) > 1:
        raise click.UsageError("--due, --all and --sample exclude each other")
    if given["seed"] and given["sample"] is None:
        raise click.UsageError("--seed belongs to --sample")
    if given["seed"] and not re.fullmatch("[0-9a-fA-F]+", given["seed"]):
        raise click.UsageError("--seed: expected hex digits, as in a published digest")
    mode = ALL if given["everything"] else SAMPLE if given["sample"] else DUE
    return CopySelection(mode, given["sample"], given["custodian"], given["storage_class"])
