"""The command group: imports a command when it is called, and turns expected errors into a line and an exit code."""

from __future__ import annotations

import gc
import os
import sys
from itertools import pairwise
from typing import Any

import click

from archive.version import __version__
from archive_cli.lazy_group import LazyGroup
from archive_cli.output import accept_every_character, message, require_streams

COMMANDS = {
    "desk": "archive_cli.commands.desk",
    "cite": "archive_cli.commands.cite",
    "fetch": "archive_cli.commands.fetch",
    "import": "archive_cli.commands.import_",
    "supply": "archive_cli.commands.supply",
    "attest": "archive_cli.commands.attest",
    "finish": "archive_cli.commands.finish",
    "verify": "archive_cli.commands.verify",
    "show": "archive_cli.commands.show",
    "keygen": "archive_cli.commands.keygen",
    "sign": "archive_cli.commands.sign",
    "pack": "archive_cli.commands.pack",
    "receive": "archive_cli.commands.receive",
    "disclose": "archive_cli.commands.disclose",
    "annotate": "archive_cli.commands.annotate",
    "corroborate": "archive_cli.commands.corroborate",
    "compare": "archive_cli.commands.compare",
    "audit": "archive_cli.commands.audit",
    "repair": "archive_cli.commands.repair",
    "view": "archive_cli.commands.view",
    "replay-check": "archive_cli.commands.replay_check",
    "help": "archive_cli.commands.help",
    "doctor": "archive_cli.commands.doctor",
    "completion": "archive_cli.commands.completion",
}
"""Name of each command -> the module that defines it. Modules are imported late: `--version` must stay light."""


class MainGroup(LazyGroup):
    """The group of all commands. It reports every expected error as one line with an exit code."""

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        command = super().get_command(ctx, cmd_name)
        if command is not None:
            from archive_cli.config import open_to_variables

            open_to_variables(command)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and not args[0].startswith("-") and args[0] not in COMMANDS:
            from archive_cli.errors import suggestion

            near = suggestion(args[0], COMMANDS)
            raise click.UsageError(message("error.no_command", name=repr(args[0]), near=near))
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The commands under the headings of what a person does with them."""
        from archive_cli.help_layout import sections

        for heading, names in sections(COMMANDS):
            found = [(name, self.get_command(ctx, name)) for name in names]
            with formatter.section(heading):
                formatter.write_dl([(name, each.get_short_help_str(120)) for name, each in found if each is not None])

    def make_context(
        self, info_name: str | None, args: list[str], parent: click.Context | None = None, **extra: Any
    ) -> click.Context:
        require_streams()
        accept_every_character()
        try:
            # `--config ''` is for none; an environment that is empty by mistake is no folder and no fingerprint
            empty = next((before for before, word in pairwise(["", *args]) if not word and before != "--config"), None)
            if empty is not None:
                is_value = empty.startswith("--")
                raise click.UsageError(message(f"error.empty_{'value' if is_value else 'argument'}", option=empty))
            if not extra.get("resilient_parsing"):
                from archive_cli.option_values import require_values

                require_values(click.Context(self, info_name=info_name, **self.context_settings), self, args)
            return super().make_context(info_name, args, parent, **extra)
        except click.ClickException as error:
            from archive_cli.errors import report_usage_error

            report_usage_error(error)
        except OSError as error:  # of what `--help` and `--version` print
            from archive_cli.errors import describe_os_error, exit_with

            exit_with(describe_os_error(error), 3)

    def invoke(self, ctx: click.Context) -> Any:
        from archive_cli.errors import describe_error, describe_os_error, exit_with, report_usage_error
        from archive_cli.interrupt import heed_interrupts, leave_on_next
        from archive_manifests.errors import ArchiveError

        heed_interrupts()
        try:
            return super().invoke(ctx)
        except click.exceptions.Exit:
            raise
        except click.ClickException as error:
            report_usage_error(error)
        except ArchiveError as error:
            exit_with(describe_error(error), error.exit_code)
        except (KeyboardInterrupt, click.Abort):
            leave_on_next()
            exit_with(message("error.interrupted"), 130)
        except BrokenPipeError:
            sys.stdout = open(os.devnull, "w")  # noqa: SIM115, PTH123 -- nobody reads any more
            sys.exit(141)
        except OSError as error:
            exit_with(describe_os_error(error), 3)
        except Exception as error:
            if os.environ.get("ARCHIVE_DEBUG"):
                raise
            exit_with(message("error.fault", what=f"{type(error).__name__}: {error}"), 3)


_NEW_OBJECTS = 10_000
"""Objects between two searches for cycles, of which there are few: by default these take a twentieth of a command."""


@click.command(
    cls=MainGroup,
    modules=COMMANDS,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="`archive help` lists topics; `archive help WORD` explains any word that the program prints.",
)
@click.option("--config", metavar="FILE", help="A file of your own defaults: `archive help config`.")
@click.version_option(__version__, prog_name="archive")
@click.pass_context
def main(ctx: click.Context, config: str | None) -> None:
    r"""Make a report keep its evidence.

    Captures every source a report cites, packages captures and report as one BagIt bag,
    and checks such bags years later, offline.

    Example: archive fetch report.pdf -o R210517
    """
    from archive_cli.config import SETTABLE, defaults

    gc.set_threshold(_NEW_OBJECTS)
    name = ctx.invoked_subcommand
    if name in SETTABLE:
        command = main.get_command(ctx, name)
        assert command is not None
        ctx.default_map = {name: defaults(ctx, config, command)}
