"""`archive keygen`: make a key that signs bags and nothing else."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from archive_cli.output import message, print_next
from archive_cli.shell import shell_path


@click.command("keygen")
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), required=True, help="The key's file; FILE.pub beside it."
)
@click.option(
    "--passphrase-file",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    metavar="FILE",
    help="The passphrase, in the first line of a file, instead of asking.",
)
@click.option("--no-passphrase", is_flag=True, help="Store the key unencrypted: anybody who copies the file can sign.")
@click.option("--name", default="documenter", show_default=True, help="Your name in the line for allowed_signers.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def command(output: Path, passphrase_file: Path | None, no_passphrase: bool, name: str, as_json: bool) -> None:
    r"""Make an Ed25519 key in OpenSSH's format. It names neither its owner nor this machine.

    It prints the fingerprint of the key, and the line that a partner puts into `allowed_signers`. Send the line, and
    read the fingerprint to your partner another way: over the telephone, on paper.

    \b
    Example:
      archive keygen -o my-key --name collector-7
    """
    from archive.ssh.allowed_signers import entry_line
    from archive.ssh.keys import write_new_key
    from archive_cli.signers import choose_passphrase
    from archive_manifests import canonical

    line_for = entry_line(name)
    key = write_new_key(output, choose_passphrase(passphrase_file, none=no_passphrase, terminal=sys.stdin.isatty()))
    line = line_for(key)
    if as_json:
        paths = {"key": str(output.absolute()), "public": f"{output.absolute()}.pub"}
        facts = {"schema": "archive.keygen/1", **paths, "fingerprint": key.fingerprint, "allowed_signers": line}
        click.echo(canonical.line(facts), nl=False)
    else:
        click.echo(f"{key.fingerprint}\n{line}")
        print_next(message("keygen.next", file=shell_path(output)))
