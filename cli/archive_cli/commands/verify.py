"""`archive verify`: check each bag and answer six questions about it."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from archive_cli.parameters import CORROBORATION, FILE, THERE, TRUST, BagPlace, fingerprint

if TYPE_CHECKING:
    from archive.corroborate.check import CorroborationCheck
    from archive.handover.receipt_check import ReceiptCheck
    from archive.verify.result.verification import Verification
    from archive_manifests.fixity import Fixity


@click.command("verify")
@click.argument("bags", metavar="BAG|URL...", nargs=-1, required=True, type=BagPlace())
@click.option("--expect", metavar="sha256:HEX", help="The fingerprint of the bag, which you know from elsewhere.")
@click.option("--trust", metavar="FOLDER", type=TRUST, help="Whom you trust: allowed_signers and tsa/.")
@click.option("--seal", metavar="DIR", type=THERE, help="The seal; default: BAG.seal beside the bag.")
@click.option(
    "--require", metavar="LIST", multiple=True, help="Questions whose answer must be `passed`: who,when,coverage…"
)
@click.option("--strict", is_flag=True, help="Apply every rule to other makers' WARCs too.")
@click.option("--receipt", metavar="FILE", type=FILE, help="Compare a receiver's receipt with the bag.")
@click.option("--corroboration", metavar="DIR", type=CORROBORATION, help="Show who else saw each source.")
@click.option("--record", is_flag=True, help="Record the check in BAG.seal/custody.jsonl, beside the bag.")
@click.option("--by", metavar="NAME", help="Your pseudonym, for --record.")
@click.option("--jobs", metavar="N", type=click.IntRange(min=1), help="Processes that read; default: one per core.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object a line for each bag.")
@click.option("-q", "--quiet", is_flag=True, help="No progress on stderr.")
def command(
    bags: tuple[Path, ...],
    expect: str | None,
    trust: Path | None,
    seal: Path | None,
    require: tuple[str, ...],
    strict: bool,
    receipt: Path | None,
    corroboration: Path | None,
    record: bool,
    by: str | None,
    jobs: int | None,
    as_json: bool,
    quiet: bool,
) -> None:
    r"""Check each BAG: a folder, a .tar, .tar.gz or .zip file, or the URL of an object store; or a recording.

    A recording by itself is a .wacz, .warc or .warc.gz file: what only a bag states is then absent from the answers.

    It answers six questions: structure, fixity, warc, coverage, who (signed), when (timestamped). It uses no network,
    except for a URL. It writes nothing, except a temporary copy of a WACZ that is compressed in a package. Exit code
    0: no error; 1: an error was found; 3: a bag, or a source in it, could not be looked at.

    \b
    Example:
      archive verify R210517 --expect sha256:9f86d081884c7d65…
    """
    if len(bags) > 1 and (expect or seal or receipt or corroboration):
        raise click.UsageError("--expect, --seal, --receipt and --corroboration are for one bag")
    wanted = fingerprint(expect) if expect else None
    questions = tuple(part.strip() for text in require for part in text.split(",") if part.strip())
    code = 0
    for bag in bags:
        found = _verify(bag, wanted, trust, seal, questions, jobs, quiet, strict, is_one=len(bags) == 1)
        if found is None:
            code = 3
            continue
        beside = _receipt(found, receipt, seal, trust), _corroboration(found, corroboration, trust, seal)
        found = _settled(found, seal)
        code = max(code, _show(found, as_json, *beside, _receipts_beside(found, receipt, seal, trust)))
        if record:
            _record(found, seal, by)
    sys.exit(code)


def _show(
    found: Verification,
    as_json: bool,
    receipt: ReceiptCheck | None,
    corroboration: CorroborationCheck | None,
    others: list[tuple[str, ReceiptCheck]],
) -> int:
    from archive_cli import verify_output

    if as_json:
        click.echo(verify_output.as_json(found, receipt, corroboration, others))
    else:
        verify_output.print_verification(found, receipt, corroboration, others)
    if (receipt and receipt.errors) or (corroboration and corroboration.errors):
        return 1
    return 3 if found.is_unread else 1 if found.errors else 0


def _settled(found: Verification, seal: Path | None) -> Verification:
    """Without the doubt about a page that says what this run shows."""
    if "://" in str(found.bag) or not any(one.code == "statement-unsigned" for one in found.findings):
        return found
    from archive.seal.statement_check import without_confirmed_statement
    from archive.trust.seal_folder import seal_folder

    return without_confirmed_statement(found, seal or seal_folder(found.bag))


def _receipts_beside(
    found: Verification, receipt: Path | None, seal: Path | None, trust: Path | None
) -> list[tuple[str, ReceiptCheck]]:
    """The receipts in the seal folder that nobody named: what each is worth. An unsound bag has none."""
    from archive.trust.seal_folder import RECEIPTS, seal_folder

    if receipt is not None or "://" in str(found.bag):
        return []
    folder = seal or seal_folder(found.bag)
    if not (folder / RECEIPTS).is_dir():
        return []
    from archive.handover.receipt_check import check_receipts_beside
    from archive.seal.facts import NotSealable

    try:
        return check_receipts_beside(found.bag, folder, trust, datetime.now(UTC))
    except NotSealable:
        return []


def _corroboration(
    found: Verification, folder: Path | None, trust: Path | None, seal: Path | None
) -> CorroborationCheck | None:
    if folder is None:
        return None
    from archive.corroborate.check import check_corroboration

    return check_corroboration(found.bag, folder, trust, datetime.now(UTC), seal)


def _record(found: Verification, seal: Path | None, by: str | None) -> None:
    if "://" in str(found.bag) and seal is None:
        raise click.UsageError("--record writes beside the bag, and this one is in a store; give --seal DIR")
    from archive.handover.receipt import record_check
    from archive.trust.seal_folder import seal_folder

    record_check(found, seal or seal_folder(found.bag), datetime.now(UTC), by)


def _receipt(
    found: Verification | None, receipt: Path | None, seal: Path | None, trust: Path | None
) -> ReceiptCheck | None:
    if found is None or receipt is None:
        return None
    from archive.handover.receipt_check import check_receipt_of
    from archive.trust.seal_folder import seal_folder

    return check_receipt_of(found.bag, receipt, seal or seal_folder(found.bag), trust, datetime.now(UTC))


def _verify(
    bag: Path,
    expect: Fixity | None,
    trust: Path | None,
    seal: Path | None,
    require: tuple[str, ...],
    jobs: int | None,
    quiet: bool,
    strict: bool,
    *,
    is_one: bool,
) -> Verification | None:
    """Verify one bag. One of several that cannot be read is reported, and the others are verified."""
    from archive.errors import BagUnreadable
    from archive.progress import Progress
    from archive.verify.run import verify
    from archive_cli.output import message, print_line
    from archive_cli.verify_progress import VerifyProgress

    live = None if quiet else VerifyProgress(bag.name)
    try:
        progress = live or Progress()
        return verify(
            bag, expect=expect, trust=trust, require=require, jobs=jobs, seal=seal, strict=strict, progress=progress
        )
    except BagUnreadable as error:
        if is_one:
            raise
        print_line(message("error.frame", what=error), to_stderr=True)
        return None
    finally:
        if live:
            live.close()
