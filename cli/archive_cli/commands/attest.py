"""`archive attest`: record that a person looked at a source."""

from __future__ import annotations

from pathlib import Path

import click

from archive_cli.completing import source_ids


@click.command("attest")
@click.argument("bag", metavar="BAG", type=click.Path(path_type=Path))
@click.argument("source", metavar="SOURCE", shell_complete=source_ids)
@click.option("--note", required=True, metavar="TEXT", help="What was seen.")
@click.option("--by", metavar="NAME", help="Who says so: a name or a pseudonym.")
@click.option("--reading", metavar="N|URL", help="The reading that the report means, where several respond. With --by.")
@click.option("--no-check", is_flag=True, help="Do not verify the new version before finishing.")
@click.option(
    "--accept-unsound", is_flag=True, help="Use a bag whose page, index or tag files are faulty; the new one says so."
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def command(
    bag: Path,
    source: str,
    note: str,
    by: str | None,
    reading: str | None,
    no_check: bool,
    accept_unsound: bool,
    as_json: bool,
) -> None:
    r"""Record what a person says about SOURCE (s01, s02, ...). No stored byte changes.

    In a work folder the words are added to it. A finished bag stays as it is: the command makes a further version of
    it, NAME-2, that has the words.

    No verdict changes, unless --reading decides a source that is partial (ambiguous).

    \b
    Example:
      archive attest R210517 s07 --note "compared with the UN's own recording; the same meeting"
      archive attest R210517 s03 --reading 2 --by "A. Reader" --note "the print has five digits"
    """
    from archive.fetch.supply import Version, attest
    from archive_cli.fetch_output import print_result, warn_of_fork
    from archive_cli.parameters import run_clock

    version = Version(not no_check, accept_unsound)
    result = attest(bag, source, note, by=by, reading=reading, run_clock=run_clock(), version=version)
    warn_of_fork(bag, result.bag)
    print_result(result, as_json=as_json)
