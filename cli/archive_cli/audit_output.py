"""What the audit found, for people and for programs."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import click
from msgspec import to_builtins

from archive_cli.output import catalogue, listed, message, print_next, print_table, printable
from archive_cli.verify_output import stated_and_found

if TYPE_CHECKING:
    from pathlib import Path

    from archive.audit.head_checksum import StatementResult
    from archive.audit.look import CopyProblem, Look
    from archive.audit.run import RunResult
    from archive.audit.status import CatalogueStatus, CopyState, History

SHOWN = 5
"""Findings of one copy that are listed on a terminal, the ones that explain the others first; `--json` has more."""

HISTORIES = 3
"""Copies with something new that a `Next:` names."""

UNREAD_SHOWN = 5
"""Copies that could not be read that are listed: of a store that is off, all are the same."""


def finding(found: CopyProblem) -> dict[str, Any]:
    """A finding for programs."""
    return {name: value for name, value in to_builtins(found).items() if value is not None and name != "is_new"}


def look(seen: Look, place: str) -> dict[str, Any]:
    """What a look at one copy found, for programs."""
    return {
        "copy": seen.copy_id, "bag": place, "outcome": str(seen.outcome), "new_findings": seen.new_findings,
        "findings": [finding(one) for one in seen.problems if one.is_new],
    }  # fmt: skip


def run_object(result: RunResult, places: dict[str, str]) -> dict[str, Any]:
    """The object of the contract, `archive.audit-run/1`."""
    return {
        "schema": "archive.audit-run/1",
        "run": result.run_id,
        "state": result.state,
        "resumed": result.is_resumed,
        "selected": result.selected,
        "looked_at": result.looked_at,
        "left": result.left,
        "outcomes": {str(outcome): number for outcome, number in result.outcomes.items()},
        "octets": result.octets,
        "overdue": result.overdue,
        "offline": result.offline,
        "engine_lost": result.lost,
        "clock_behind": result.last_event_at,
        "still_unread": {"copies": result.still_unread.number, "due_again": result.still_unread.due_again},
        "unreadable": [look(one, places[one.copy_id]) for one in result.unread],
        "new": [look(one, places[one.copy_id]) for one in result.new],
    }


def outcome_word(outcome: str) -> str:
    """An outcome in the language of the output; `--json` has the code."""
    return message(f"audit.outcome.{outcome}")


def counted(outcomes: Mapping[Any, int]) -> str:
    """How many copies ended how; those that none did are left out."""
    each = [message("audit.counted", n=number, outcome=outcome_word(one)) for one, number in outcomes.items() if number]
    return listed(each)


def show_run(result: RunResult, places: dict[str, str]) -> None:
    """What is new first, then how many were looked at, and what was not."""
    for one in (*result.new, *result.unread[:UNREAD_SHOWN]):
        show_look(one, places[one.copy_id])
    if len(result.unread) > UNREAD_SHOWN:
        click.echo(message("audit.more_unread", n=len(result.unread) - UNREAD_SHOWN))
    if result.last_event_at:
        click.echo(message("audit.clock", at=result.last_event_at), err=True)
    outcomes = counted({one: number for one, number in result.outcomes.items() if one != "unreadable"})
    key = "audit.looked_at" if not result.is_resumed else "audit.looked_at_again"
    click.echo(printable(message(key, run=result.run_id, n=result.looked_at, outcomes=outcomes or "-")))
    unread = result.still_unread
    if unread.number:
        click.echo(message("audit.unread", n=unread.number, at=unread.due_again))
    if not result.new and not unread.number:
        click.echo(message("audit.nothing_new"))
    for store, number in result.offline.items():
        click.echo(printable(message("audit.offline", store=store, n=number)))
    if result.lost:
        click.echo(printable(result.lost))
    if result.left:
        click.echo(message("audit.left", n=result.left))
    if result.overdue:
        click.echo(message("audit.overdue", n=result.overdue))


def statement_object(result: StatementResult) -> dict[str, Any]:
    """`archive.audit-statement/1`: the words of stores, weaker than a reading."""
    document: dict[str, Any] = to_builtins(result)
    return {"schema": "archive.audit-statement/1"} | document


def show_statements(result: StatementResult) -> None:
    """What stores did not confirm first, then the numbers, and what they are worth."""
    for one in result.not_confirmed:
        click.echo(printable(f"{outcome_word(one.outcome).upper()}  {one.place}  {one.why}"))
    outcomes = counted(result.outcomes)
    click.echo(printable(message("audit.stated", run=result.run_id, outcomes=outcomes or "-")))
    if result.elsewhere:
        click.echo(message("audit.stated_elsewhere", n=result.elsewhere))
    if result.left:
        click.echo(message("audit.left", n=result.left))
    click.echo(message("audit.stated_weak"))


def print_next_audit(commands: str | list[str], catalogue: str | None, page: Path | None = None) -> None:
    """What to do next, with the catalogue that was named; a page that was written is opened first."""
    each = [commands] if isinstance(commands, str) else commands
    step = "; ".join(with_catalogue(f"archive audit {command}", catalogue) for command in each)
    print_next(message("audit.next_page", page=page, step=step) if page else step)


def with_catalogue(command: str, catalogue: str | None) -> str:
    return command + (f" --catalogue {shlex.quote(catalogue)}" if catalogue else "")


def histories(places: list[str]) -> list[str]:
    """The commands that show what happened to the first copies of a list; `status` lists all."""
    rest = ["status"] if len(places) > HISTORIES else []
    return [*(f"history {shlex.quote(place)}" for place in places[:HISTORIES]), *rest]


def next_of_status(status: CatalogueStatus) -> str | list[str]:
    """The command of `archive audit` that helps most."""
    if not status.copies:
        return "add FOLDER"
    if status.alarming and status.wrong:
        return histories([copy.place for copy in status.wrong if copy.is_alarming])[:HISTORIES]
    if status.is_due or status.open_runs:
        return "run --due"
    return "run --all" if status.outcomes["unreadable"] else "report --html audit.html"


def print_next_of_history(history: History, catalogue: str | None) -> None:
    """A copy with something new is repaired or accepted; a repair that was killed is finished by its command."""
    place = shlex.quote(history.copy.place)
    repairs = [entry.type for entry in history.entries if entry.type in ("repair began", "repaired")]
    if repairs[-1:] == ["repair began"]:
        print_next(with_catalogue(f"archive repair {place} --from COPY", catalogue))
    elif history.retired_at is None and history.copy.is_alarming:
        repair = with_catalogue(f"archive repair {place} --from COPY", catalogue)
        print_next(f"{repair}; {with_catalogue(f'archive audit accept {place} --by NAME --note TEXT', catalogue)}")
    else:
        print_next_audit("run --all" if history.copy.outcome == "unreadable" else "status", catalogue)


def show_look(seen: Look, place: str) -> None:
    """A copy and its new findings, a line each."""
    click.echo(printable(f"{outcome_word(seen.outcome).upper()}  {place}"))
    new = [one for one in seen.problems if one.is_new]
    show_findings(new, seen.new_findings)


def show_findings(new: Iterable[CopyProblem], number: int) -> None:
    shown = list(new)[:SHOWN]
    for one in shown:
        click.echo(f"  {printable(line_of(one.code, one.path, one.expected, one.found, one.source, one.note))}")
    if number > len(shown):
        click.echo(f"  {message('audit.more', n=number - len(shown))}")


def line_of(
    code: str, path: str | None, expected: str | None, found: str | None, source: str | None, note: str | None
) -> str:
    """A finding on one line."""
    from archive.words.audit_findings import finding_sentence

    stated, actual = stated_and_found(code, expected or "-", found or "-")
    compared = message("verify.stated_found", stated=stated, found=actual) if expected or found else ""
    concerns = message("verify.affects", source=source) if source else ""
    says = f"{finding_sentence(code, catalogue())} [{code}]"
    return "  ".join(part for part in (says, path or "", compared, concerns, note or "") if part).replace("\n", "\\n")


def status_object(status: CatalogueStatus) -> dict[str, Any]:
    """`archive.audit-status/1`."""
    document = to_builtins(status)
    names = ("at", "copies", "bags", "overdue", "is_due", "alarming", "wrong", "due", "deadlines", "strata")
    first = {"schema": "archive.audit-status/1", "outcomes": status.outcomes, "last_run": document["last"]}
    first["open_runs"] = document["open_runs"]
    return first | {name: document[name] for name in names}


def show_status(status: CatalogueStatus) -> None:
    """Where the catalogue stands: totals, what is wrong, what is due."""
    click.echo(message("audit.copies", n=status.copies, bags=status.bags))
    if status.strata:
        names = list(status.outcomes)
        rows = [
            (stratum.custodian, stratum.storage_class, *(f"{stratum.outcomes.get(name, 0):,}" for name in names),
             f"{stratum.overdue:,}")
            for stratum in status.strata
        ]  # fmt: skip
        columns = (*map(outcome_word, names), message("audit.overdue_column"))
        print_table((message("audit.custodian"), message("audit.class"), *columns), rows)
    for copy in status.wrong:
        click.echo(printable(wrong_line(copy)))
    for run in status.open_runs:
        click.echo(message("audit.open_run", run=run))
    for due in status.deadlines:
        what = catalogue().sentence(f"audit.deadline_{due.kind}")
        click.echo(printable(f"{due.due_at[:10]}  {what}  {due.place or due.subject}  ({due.detail})"))
    click.echo(message("audit.due", n=status.is_due, overdue=status.overdue))
    for copy in status.due:
        click.echo(printable(f"  {copy.next_due_at[:10]}  {copy.place}"))


def wrong_line(copy: CopyState) -> str:
    known = message("audit.new_findings", n=copy.new_findings) if copy.is_alarming else message("audit.known")
    if copy.outcome == "unreadable":
        known = message("audit.failures", n=copy.failures)
    return f"{(outcome_word(copy.outcome) if copy.outcome else '-').upper()}  {copy.place}  {known}"


def history_object(history: History) -> dict[str, Any]:
    """`archive.audit-history/1`."""
    document = to_builtins(history)
    return {
        "schema": "archive.audit-history/1", "copy": document["copy"], "retired_at": history.retired_at,
        "expected_tagmanifest": history.expected_tagmanifest, "events": document["entries"],
    }  # fmt: skip


def show_history(history: History) -> None:
    """One copy's events, the first one first."""
    copy = history.copy
    click.echo(printable(f"{copy.copy_id}  {copy.place}"))
    click.echo(printable(message("audit.pinned", fingerprint=history.expected_tagmanifest or "-")))
    for entry in history.entries:
        who = f"  {entry.operator}" if entry.operator else ""
        note = f"  {entry.facts['note']}" if "note" in entry.facts else ""
        click.echo(printable(f"{entry.at}  {entry.type}  {entry.outcome or ''}{who}{note}"))
        new = [one for one in entry.problems if one["is_new"]]
        for one in new[:SHOWN]:
            parts = (one.get(name) for name in ("path", "expected", "found", "source", "note"))
            click.echo(f"  {printable(line_of(one['code'], *parts))}")
