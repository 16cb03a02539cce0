"""`archive sign`: the seal beside a bag."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from archive_cli.help_layout import Grouped
from archive_cli.output import catalogue, message, print_line, print_next
from archive_cli.parameters import FILE, SEAL, TRUST, TSA, FinishedBagPath, ProxyAddress
from archive_cli.shell import shell_path

if TYPE_CHECKING:
    from archive.net import HttpClient
    from archive.seal.sealing import Sealed

_FILE = click.Path(path_type=Path, exists=True, dir_okay=False)
_PATH = click.Path(path_type=Path)


@click.command("sign", cls=Grouped)
@click.argument("bag", type=FinishedBagPath())
@click.option("--key", "keys", multiple=True, type=_PATH, help="Sign with this Ed25519 key; a .pub signs by ssh-agent.")
@click.option("--passphrase-file", type=_FILE, help="The keys' passphrase, in the first line of a file.")
@click.option(
    "--tsa",
    "urls",
    multiple=True,
    type=TSA,
    metavar="NAME|URL",
    help="Get a timestamp there: freetsa, digicert, sectigo, a URL.",
)
@click.option("--queue", is_flag=True, help="Write the timestamp queries for a machine with a network; use none here.")
@click.option("--import", "replies", multiple=True, type=FILE, help="Add a response (.tsr) to an earlier query.")
@click.option("--renew", is_flag=True, help="Timestamp everything in the seal again, before certificates end.")
@click.option("--no-check", is_flag=True, help="Do not read the files first: the statement claims less.")
@click.option("--trust", type=TRUST, metavar="FOLDER", help="Whom you trust; it refuses other authorities.")
@click.option("--seal", type=SEAL, metavar="FOLDER", help="The seal's folder, instead of BAG.seal.")
@click.option("--connect-to", multiple=True, metavar="HOST:PORT:ADDR:PORT", help="Connect elsewhere, as curl does.")
@click.option("--cacert", "cacerts", multiple=True, type=FILE, help="Trust these roots beside the usual ones.")
@click.option(
    "--proxy", type=ProxyAddress(), metavar="URL", help="Go through http://HOST:PORT or socks5h://HOST:PORT (Tor)."
)
@click.option("--allow-private", is_flag=True, help="Permit private and loopback addresses.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def command(bag: Path, seal: Path | None, trust: Path | None, as_json: bool, **given: Any) -> None:
    r"""Sign and timestamp BAG in a folder BAG.seal beside it.

    Every file is read and verified first. Signing again adds to the seal and replaces nothing; the bag itself does
    not change. Exit code 1: the seal is written, and an authority gave no timestamp.

    \b
    Example:
      archive sign R210517 --key my-key --tsa https://tsa.example/tsr
    """
    from archive.seal.sealing import SealOrder, seal_bag
    from archive.trust.anchors import load_anchors
    from archive.trust.seal_folder import seal_folder
    from archive_cli.signers import load_signer

    order = SealOrder(
        signers=tuple(load_signer(path, given["passphrase_file"]) for path in given["keys"]),
        urls=given["urls"],
        queue=given["queue"],
        replies=tuple((str(path), _read(path)) for path in given["replies"]),
        renew=given["renew"],
        check_content=not given["no_check"],
    )
    anchors = load_anchors(trust) if trust else None
    sealed = seal_bag(bag, seal or seal_folder(bag), order, anchors, _client(given), datetime.now(UTC))
    _show(sealed, as_json)
    if trust is None:
        _print_roots(given["urls"])
    sys.exit(0 if sealed.is_done else 1)


def _print_roots(names: tuple[str, ...]) -> None:
    """What to put into the trust folder for an authority that was named: its root, known by its digest."""
    from archive.timestamp.presets import presets

    for name in dict.fromkeys(name.lower() for name in names):
        if (preset := presets().get(name)) is not None:
            print_line(message("sign.root", name=name, digests=", ".join(preset.roots)), to_stderr=True)


def _read(path: Path) -> bytes:
    from archive import posix
    from archive.timestamp.token import LARGEST_REPLY

    with posix.open_file(path) as stream:
        return stream.read(LARGEST_REPLY + 1)


def _client(given: dict[str, Any]) -> HttpClient | None:
    if given["queue"] or not given["urls"]:
        return None
    from archive_cli.network import authority_client

    return authority_client(given)


def _show(sealed: Sealed, as_json: bool) -> None:
    from archive.seal.statement import as_lines
    from archive.words.reasons import explain

    for finding in sealed.findings:
        print_line(f"{finding.severity}: {finding.code}: {finding.note}", to_stderr=True)
    for attempt in sealed.attempts:
        if attempt.problem is not None:
            print_line(message("sign.stamp_missing", why=attempt.problem), to_stderr=True)
    if as_json:
        click.echo(_json(sealed))
        return
    print_line(str(sealed.folder))
    for question, answer in (("who", sealed.who), ("when", sealed.when)):
        why = explain(answer, catalogue())
        print_line(f"{message(f'question.{question}')}: {message(f'yes_or_no.{answer.state}')}; {why}")
    for name in sealed.queued:
        print_line(message("sign.queued", place=sealed.folder / name))
    for line in as_lines(sealed.statement):
        print_line(line)
    if sealed.is_done:
        print_next(message("sign.next", bag=shell_path(sealed.bag)))
    else:
        print_next(message("sign.next_stamp", bag=shell_path(sealed.bag)))


def _json(sealed: Sealed) -> str:
    """One line, `archive.sign/1`. Pure ASCII: the name of an authority cannot control a terminal."""
    import json

    from archive_manifests.moments import iso

    stamps = [
        {
            "over": attempt.over,
            "asked": attempt.source,
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
