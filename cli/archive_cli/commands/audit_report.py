"""`archive audit report`: the state of the catalogue, as files."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from archive_cli.audit_options import catalogue_option
from archive_cli.output import message, printable
from archive_cli.parameters import CORROBORATION, FILE, FOLDER, TSA, ProxyAddress

_FILE = click.Path(path_type=Path, dir_okay=False)


@click.command("report")
@click.option("--html", type=_FILE, metavar="FILE", help="For people.")
@click.option("--json", "json_file", type=_FILE, metavar="FILE", help="For programs.")
@click.option("--prometheus", type=_FILE, metavar="FILE", help="For monitoring: the node exporter's text file.")
@click.option("--premis", type=FOLDER, metavar="DIR", help="PREMIS 3.0, a file for each bag.")
@click.option(
    "--corroboration", "folders", multiple=True, type=CORROBORATION, metavar="DIR", help="Say what other observers saw."
)
@click.option("--language", default="en", metavar="CODE", help="Of the HTML: en, ar, es, fr.")
@click.option("--key", type=click.Path(path_type=Path), metavar="K", help="Sign the head of the chain with this key.")
@click.option("--passphrase-file", type=_FILE, metavar="FILE", help="The key's passphrase, in its first line.")
@click.option("--tsa", "urls", multiple=True, type=TSA, metavar="URL", help="Have this authority stamp the chain.")
@click.option("--proxy", type=ProxyAddress(), metavar="URL", help="Go to the authority through this proxy.")
@click.option("--connect-to", multiple=True, metavar="HOST:PORT:ADDR:PORT", help="Connect elsewhere, as curl does.")
@click.option("--cacert", "cacerts", multiple=True, type=FILE, help="Trust these roots beside the usual ones.")
@click.option("--allow-private", is_flag=True, help="Permit private and loopback addresses.")
@catalogue_option
def command(catalogue: str | None, **given: Any) -> None:
    r"""Write what the catalogue says: what is new, what was not checked, which claims of which reports are at risk.

    \b
    Example:
      archive audit report --html audit.html --prometheus audit.prom
    """
    from archive.audit.catalogue.database import open_catalogue
    from archive.audit.report.gather import gather
    from archive_cli.audit_output import next_of_status, print_next_audit

    if not any(given[name] for name in ("html", "json_file", "prometheus", "premis", "key", "urls")):
        raise click.UsageError("say what to write: --html, --json, --prometheus, --premis, or --key and --tsa")
    with open_catalogue(catalogue, make=False) as opened:
        if given["key"] or given["urls"]:
            _seal(opened, given)
        with opened.reading() as connection:
            report = gather(connection, datetime.now(UTC), _corroborations(given["folders"]))
            if given["premis"]:
                from archive.audit.report.premis import write_premis

                write_premis(connection, given["premis"])
    _write(report, given)
    for fault in report.faults:
        click.echo(printable(message("audit.chain_fault", seq=fault.seq, what=fault.what)), err=True)
    step = next_of_status(report.status)
    is_report = isinstance(step, str) and step.startswith("report")  # which is what was just written
    print_next_audit("status" if is_report else step, catalogue, given["html"])
    sys.exit(report.exit_code)


def _corroborations(folders: tuple[Path, ...]) -> list[Any]:
    from archive.corroborate.standing import read_signed

    return [read_signed(folder, datetime.now(UTC)) for folder in folders]


def _write(report: Any, given: dict[str, Any]) -> None:
    from archive.audit.report.files import write_whole
    from archive.audit.report.machine import as_json, as_prometheus
    from archive.audit.report.page import as_html

    if given["html"]:
        write_whole(given["html"], as_html(report, given["language"]))
    if given["json_file"]:
        write_whole(given["json_file"], as_json(report))
    if given["prometheus"]:
        write_whole(given["prometheus"], as_prometheus(report))


def _seal(opened: Any, given: dict[str, Any]) -> None:
    from archive.audit.seal_chain import seal_chain
    from archive_cli.network import authority_client
    from archive_cli.signers import load_signer

    signer = load_signer(given["key"], given["passphrase_file"]) if given["key"] else None
    wire = authority_client(given) if given["urls"] else None
    for problem in seal_chain(opened, signer, given["urls"], wire, datetime.now(UTC)).problems:
        click.echo(printable(f"archive: {problem}"), err=True)
