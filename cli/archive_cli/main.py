"""The command group: loads a command when it is asked for, and turns expected errors into a line and an exit code."""

from __future__ import annotations

import importlib
import os
import sys
from typing import Any

import click

from archive.version import __version__

COMMANDS = {
    "cite": "archive_cli.commands.cite",
    "fetch": "archive_cli.commands.fetch",
    "supply": "archive_cli.commands.supply",
    "attest": "archive_cli.commands.attest",
    "finish": "archive_cli.commands.finish",
    "verify": "archive_cli.commands.verify",
    "show": "archive_cli.commands.show",
    "keygen": "archive_cli.commands.keygen",
    "sign": "archive_cli.commands.sign",
    "pack": "archive_cli.commands.pack",
    "receive": "archive_cli.commands.receive",
    "view": "archive_cli.commands.view",
}
"""Name of each command -> the module that defines it. Modules are imported late: `--version` must stay light."""


class LateGroup(click.Group):
    """A group that imports a command's module when the command is looked up."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        module = COMMANDS.get(cmd_name)
        if module is None:
            return None
        command = importlib.import_module(module).command
        assert isinstance(command, click.Command)
        return command

    def invoke(self, ctx: click.Context) -> Any:
        from archive_cli.escape import harmless
        from archive_manifests.errors import ArchiveError

        try:
            return super().invoke(ctx)
        except (click.ClickException, click.exceptions.Exit, click.Abort):
            raise
        except ArchiveError as error:
            _leave(harmless(str(error)), error.exit_code)
        except KeyboardInterrupt:
            _leave("interrupted; run the same command again to go on", 130)
        except BrokenPipeError:
            sys.stdout = open(os.devnull, "w")  # noqa: SIM115, PTH123 -- the reader has left; nothing more to say to it
            sys.exit(141)
        except OSError as error:
            _leave(harmless(f"{error.filename or 'system'}: {error.strerror or error}"), 3)
        except Exception as error:
            if os.environ.get("ARCHIVE_DEBUG"):
                raise
            told = harmless(f"{type(error).__name__}: {error}")
            _leave(f"fault in the program: {told}; set ARCHIVE_DEBUG=1 and run again to report it", 3)


def _leave(message: str, code: int) -> None:
    click.echo(f"archive: {message}", err=True)
    sys.exit(code)


@click.command(cls=LateGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="archive")
def main() -> None:
    """Make a report keep its evidence.

    Captures every source a report cites, packages captures and report as one BagIt bag,
    and checks such bags years later, offline.
    """
