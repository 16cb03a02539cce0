"""`archive completion`: the script by which a shell completes commands, switches, files and source ids."""

from __future__ import annotations

import click


@click.command("completion")
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def command(shell: str) -> None:
    r"""Print the script that lets SHELL complete `archive`.

    Put it where your shell reads such scripts, or load it in its start file:

    \b
      bash  echo 'eval "$(archive completion bash)"' >> ~/.bashrc
      zsh   echo 'eval "$(archive completion zsh)"' >> ~/.zshrc
      fish  archive completion fish > ~/.config/fish/completions/archive.fish

    \b
    Example:
      archive completion bash
    """
    from click.shell_completion import get_completion_class

    from archive_cli.main import main

    completes = get_completion_class(shell)
    assert completes is not None
    click.echo(completes(main, {}, "archive", "_ARCHIVE_COMPLETE").source())
