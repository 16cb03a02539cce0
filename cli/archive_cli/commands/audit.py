"""`archive audit`: many bags over years. Each of its commands is in a module of its own, imported when it is called."""

from __future__ import annotations

import click

from archive_cli.lazy_group import LazyGroup

COMMANDS = {
    "add": "archive_cli.commands.audit_add",
    "run": "archive_cli.commands.audit_run",
    "status": "archive_cli.commands.audit_status",
    "history": "archive_cli.commands.audit_history",
    "accept": "archive_cli.commands.audit_accept",
    "report": "archive_cli.commands.audit_report",
    "provider-report": "archive_cli.commands.audit_provider_report",
    "watch": "archive_cli.commands.audit_watch",
    "policy": "archive_cli.commands.audit_policy",
}
"""Name of each command -> the module that defines it."""


@click.group("audit", cls=LazyGroup, modules=COMMANDS)
def command() -> None:
    r"""Check many bags over years: which are unchanged?

    A catalogue lists every copy of every bag, its state when it was added, and everything that was found since. Exit
    codes: 0 no new problem; 1 something is damaged, substituted or overdue; 3 something could not be checked.

    \b
    Example:
      archive audit add /bags --custodian archive-3
      archive audit run --due --budget 6h
    """
    from archive.audit.errors import check_installed

    check_installed()
