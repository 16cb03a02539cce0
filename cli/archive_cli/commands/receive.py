"""`archive receive`: take in a package that somebody handed over."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from archive_cli.answers import say_next
from archive_cli.output import say
from archive_cli.parameters import PROFILES, profile_of

if TYPE_CHECKING:
    from archive.handover.receive import Received

_PATH = click.Path(path_type=Path)
_FILE = click.Path(path_type=Path, exists=True, dir_okay=False)


@click.command("receive")
@click.argument("packages", metavar="FILE...", type=_PATH, nargs=-1, required=True)
@click.option("--into", type=_PATH, default=Path(), metavar="DIR", help="Where the bag goes; default: here.")
@click.option("--trust", type=_PATH, metavar="FOLDER", help="allowed_signers and tsa/*.pem: whom you trust.")
@click.option("--profile", metavar="P", help=f"Hold it against a profile too: {', '.join(PROFILES)}.")
@click.option("--seal", type=_PATH, metavar="PATH", help="The seal, where it does not lie beside FILE.")
@click.option("--identity", "identities", type=_FILE, multiple=True, metavar="FILE", help="A key that opens it.")
@click.option("--key", type=_PATH, metavar="K", help="Sign the receipt with this Ed25519 key.")
@click.option("--passphrase-file", type=_FILE, metavar="FILE", help="The key's passphrase, in its first line.")
@click.option("--by", metavar="NAME", help="Your pseudonym, for the receipt and the custody log.")
@click.option("--json", "as_json", is_flag=True, help="Answer with one JSON object.")
def command(
    packages: tuple[Path, ...],
    into: Path,
    trust: Path | None,
    profile: str | None,
    seal: Path | None,
    identities: tuple[Path, ...],
    key: Path | None,
    passphrase_file: Path | None,
    by: str | None,
    as_json: bool,
) -> None:
    r"""Receive FILE: a .tar, .tar.gz or .zip of a bag, or what `archive pack --encrypt-to` made of one.

    The parts of one bag are given together and put together again.

    It is judged before anything of it is unpacked, then verified; a bag with any error is refused, and nothing of it
    is left behind. A receipt goes into BAG.seal/receipts: send it back. Exit code 1: refused.

    \b
    Example:
      archive receive R210517.tar --into store --trust partners --key receipts.key --by archive-3
    """
    from archive.handover.encrypt import parse_identities
    from archive.handover.receive import ReceiveOrder, receive
    from archive_cli.signers import load_signer

    keys = tuple(identity for path in identities for identity in parse_identities(path))
    signer = load_signer(key, passphrase_file) if key else None
    order = ReceiveOrder(into, trust, profile_of(profile), seal, keys, signer, by)
    received = receive(packages, order, datetime.now(UTC))
    _show(received, as_json)
    sys.exit(0 if received.bag else 1)


def _show(received: Received, as_json: bool) -> None:
    from archive_cli import verify_output
    from archive_cli.output import harmless

    if as_json:
        click.echo(json.dumps(_object(received)))
        return
    if received.verification:
        verify_output.show(received.verification)
    else:
        verify_output.show_findings(received.findings)
    if received.bag is None:
        click.echo(harmless(say("receive.refused", name=received.package.name)))
        return
    for path in received.receipt_files:
        click.echo(harmless(say("receive.receipt", place=path)))
    click.echo(harmless(say("receive.received", place=received.bag)))
    say_next(say("receive.next"))


def _object(received: Received) -> dict[str, object]:
    from archive_cli import verify_output

    return {
        "schema": "archive.receive/1",
        "package": str(received.package),
        "bag": str(received.bag) if received.bag else None,
        "receipt": str(received.receipt_files[0]) if received.receipt_files else None,
        "receipt_files": [str(path) for path in received.receipt_files],
        "verification": json.loads(verify_output.as_json(received.verification)) if received.verification else None,
        "findings": [verify_output.finding_as_object(finding) for finding in received.findings],
    }
