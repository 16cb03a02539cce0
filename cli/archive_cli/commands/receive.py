"""`archive receive`: check and unpack a package that somebody handed over."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from archive_cli.output import message, print_line, print_next
from archive_cli.parameters import FOLDER, PROFILES, TRUST, PackagePlace, profile_of
from archive_manifests.findings import State

if TYPE_CHECKING:
    from archive.handover.receive import Received

_PATH = click.Path(path_type=Path)
_FILE = click.Path(path_type=Path, exists=True, dir_okay=False)


@click.command("receive")
@click.argument("packages", metavar="FILE|URL...", type=PackagePlace(), nargs=-1, required=True)
@click.option("--into", type=FOLDER, default=Path(), metavar="DIR", help="Where the bag goes; default: this folder.")
@click.option("--trust", type=TRUST, metavar="FOLDER", help="Whom you trust: allowed_signers and tsa/.")
@click.option("--profile", metavar="P", help=f"Compare it with a profile too: {', '.join(PROFILES)}.")
@click.option("--seal", type=_PATH, metavar="PATH", help="The seal, if it is not beside FILE.")
@click.option(
    "--identity",
    "identities",
    type=_FILE,
    multiple=True,
    metavar="FILE",
    help="The key that opens an encrypted package.",
)
@click.option("--key", type=_PATH, metavar="K", help="Sign the receipt with this Ed25519 key.")
@click.option("--passphrase-file", type=_FILE, metavar="FILE", help="The key's passphrase, in its first line.")
@click.option("--by", metavar="NAME", help="Your pseudonym, for the receipt and the custody log.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
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

    Give the parts of one bag together; the command joins them.

    It checks the package before it unpacks anything, and then verifies the bag. It refuses a bag with any error, and
    stores nothing of it. It writes a receipt to BAG.seal/receipts: send that back. Exit code 1: refused.

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
    from archive_cli.next_step import bag_below, first_explained
    from archive_cli.shell import shell_path

    if as_json:
        click.echo(json.dumps(_object(received)))
        return
    if received.verification:
        verify_output.print_verification(received.verification, has_next=received.bag is None)
    else:
        verify_output.print_findings(received.findings)
    if received.bag is None:
        print_line(message("receive.refused", name=received.package.name))
        if not received.verification:
            code = first_explained([one.code for one in received.findings])
            bag = bag_below(received.package)
            deeper = f"archive receive {shell_path(bag)}" if bag is not None else None
            print_next(deeper or message("receive.next_refused", code=code))
        return
    for path in received.receipt_files:
        print_line(message("receive.receipt", place=path))
    print_line(message("receive.received", place=received.bag))
    answers = received.verification.answers if received.verification else {}
    has_ledger = "coverage" in answers and answers["coverage"].state is not State.ABSENT
    key = "receive.next" if has_ledger else "receive.next_foreign"
    print_next(message(key, receipt=shell_path(received.receipt_files[0]), bag=shell_path(received.bag)))


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
