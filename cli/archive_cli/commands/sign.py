"""`archive sign`: the seal beside a bag."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from archive_cli.answers import say_next, typed
from archive_cli.help_layout import Grouped
from archive_cli.output import say

if TYPE_CHECKING:
    from archive.net import HttpClient
    from archive.seal.sealing import Sealed

_FILE = click.Path(path_type=Path, exists=True, dir_okay=False)
_PATH = click.Path(path_type=Path)


@click.command("sign", cls=Grouped)
@click.argument("bag", type=_PATH)
@click.option("--key", "keys", multiple=True, type=_PATH, help="Sign with this Ed25519 key; a .pub signs by ssh-agent.")
@click.option("--passphrase-file", type=_FILE, help="The keys' passphrase, in the first line of a file.")
@click.option(
    "--tsa", "urls", multiple=True, metavar="URL", help="Have this authority stamp it (RFC 3161); repeatable."
)
@click.option("--queue", is_flag=True, help="Write queries for a machine with a network; ask nobody.")
@click.option("--import", "replies", multiple=True, type=_FILE, help="Take in an answer (.tsr) to a queued query.")
@click.option("--renew", is_flag=True, help="Stamp all that is there anew, before certificates end.")
@click.option("--trust", type=_PATH, metavar="FOLDER", help="Whom to trust; other authorities are refused.")
@click.option("--seal", type=_PATH, metavar="FOLDER", help="The seal's folder, instead of BAG.seal.")
@click.option("--connect-to", multiple=True, metavar="HOST:PORT:ADDR:PORT", help="Connect elsewhere, as curl does.")
@click.option("--cacert", "cacerts", multiple=True, type=_FILE, help="Trust these roots beside the usual ones.")
@click.option("--proxy", metavar="URL", help="Go through http://HOST:PORT or socks5h://HOST:PORT (Tor).")
@click.option("--allow-private", is_flag=True, help="Permit private and loopback addresses.")
@click.option("--json", "as_json", is_flag=True, help="Answer with one JSON object.")
def command(bag: Path, seal: Path | None, trust: Path | None, as_json: bool, **given: Any) -> None:
    r"""Seal BAG: say who vouches for it, and since when, in a folder BAG.seal beside it.

    Signing again adds to the seal and never replaces. The bag itself is not touched. Exit code 1: the seal is
    written, an authority gave no timestamp.

    \b
    Example:
      archive sign R210517 --key my-key --tsa https://tsa.example/tsr
    """
    from archive.seal.sealing import Order, seal_bag
    from archive.trust.anchors import load_anchors
    from archive.trust.seal_folder import seal_folder
    from archive_cli.signers import load_signer

    order = Order(
        signers=tuple(load_signer(path, given["passphrase_file"]) for path in given["keys"]),
        urls=given["urls"],
        queue=given["queue"],
        replies=tuple((str(path), _read(path)) for path in given["replies"]),
        renew=given["renew"],
    )
    anchors = load_anchors(trust) if trust else None
    sealed = seal_bag(bag, seal or seal_folder(bag), order, anchors, _client(given), datetime.now(UTC))
    _show(sealed, as_json)
    sys.exit(0 if sealed.is_done else 1)


def _read(path: Path) -> bytes:
    from archive.timestamp.token import LARGEST_REPLY

    with path.open("rb") as stream:
        return stream.read(LARGEST_REPLY + 1)


def _client(given: dict[str, Any]) -> HttpClient | None:
    if given["queue"] or not given["urls"]:
        return None
    from archive_cli.network import authority_client

    return authority_client(given)


def _show(sealed: Sealed, as_json: bool) -> None:
    from archive.seal.statement import as_lines
    from archive_cli.output import harmless

    for finding in sealed.findings:
        click.echo(harmless(f"{finding.severity}: {finding.code}: {finding.note}"), err=True)
    for attempt in sealed.attempts:
        if attempt.problem is not None:
            click.echo(harmless(say("sign.stamp_missing", why=attempt.problem)), err=True)
    if as_json:
        click.echo(_json(sealed))
        return
    click.echo(harmless(f"{sealed.folder}"))
    click.echo(harmless(f"who {sealed.who.state}: {sealed.who.why}"))
    click.echo(harmless(f"when {sealed.when.state}: {sealed.when.why}"))
    for name in sealed.queued:
        click.echo(harmless(say("sign.queued", place=sealed.folder / name)))
    for line in as_lines(sealed.statement):
        click.echo(harmless(line))
    say_next(say("sign.next", bag=typed(sealed.bag)))


def _json(sealed: Sealed) -> str:
    """One line, `archive.sign/1`. Pure ASCII: an authority's name can do nothing to a terminal."""
    import json

    from archive_manifests.moments import iso

    stamps = [
        {
            "over": attempt.over,
            "asked": attempt.asked,
            "stored": attempt.stored,
            "problem": attempt.problem,
            "authority": attempt.stamp.authority if attempt.stamp else None,
            "time": iso(attempt.stamp.time) if attempt.stamp else None,
            "certificates_end": iso(attempt.ends) if attempt.ends else None,
        }
        for attempt in sealed.attempts
    ]
    answers = {
        name: {"state": answer.state.value, "why": answer.why, **answer.facts}
        for name, answer in (("who", sealed.who), ("when", sealed.when))
    }
    return json.dumps(
        {
            "schema": "archive.sign/1",
            "bag": str(sealed.bag.absolute()),
            "seal": str(sealed.folder.absolute()),
            "signed": sealed.signed,
            "stamps": stamps,
            "queued": sealed.queued,
            "answers": answers,
        }
    )
