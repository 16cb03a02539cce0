"""`archive pack`: a bag as one file, ready for a partner."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from archive_cli.help_layout import Grouped
from archive_cli.parameters import (
    PROFILES,
    SEAL,
    FinishedBagPath,
    GivenFile,
    Percent,
    Size,
    StoreOrPath,
    organisation_of,
    profile_of,
    recipients_of,
)

if TYPE_CHECKING:
    from archive.handover.pack import Packed

_PATH = click.Path(path_type=Path)
_PACKAGES = ("bag", "part ", "web archive", "E-ARK")
"""How what a file is begins, where it is the package and not what goes with it."""
_FORMS = ("tar", "tar.gz", "zip", "wacz", "eark")


@click.command("pack", cls=Grouped)
@click.argument("bag", metavar="BAG", type=FinishedBagPath())
@click.option(
    "-o", "--output", "into", type=StoreOrPath(), metavar="DIR|URL", help="Where the files go; default: beside the bag."
)
@click.option("--as", "form", type=click.Choice(_FORMS), help="The format; default: as the profile requires, else tar.")
@click.option("--profile", metavar="P", help=f"Follow a partner's rules: {', '.join(PROFILES)}.")
@click.option("--organisation", type=_PATH, metavar="FILE", help="Who you are, for the profile's fields (TOML).")
@click.option(
    "--encrypt-to",
    "to",
    multiple=True,
    metavar="R",
    help="Encrypt for this key: age1…, ssh-ed25519 …, or a file of such lines.",
)
@click.option("--size", type=Size(), metavar="BYTES", help="Make parts of at most this size, as 2GB, each a bag.")
@click.option("--by", metavar="NAME", help="Your pseudonym, for the custody log and the transfer list.")
@click.option("--seal", type=SEAL, metavar="DIR", help="The seal; default: BAG.seal beside the bag.")
@click.option(
    "--identity-annex", "identity", type=GivenFile(), metavar="FILE", help="A text that says who collected; see above."
)
@click.option("--annex-to", multiple=True, metavar="R", help="Who can open the annex; default: those of --encrypt-to.")
@click.option("--court", is_flag=True, help="Write drafts for a court: certification, Berkeley Protocol.")
@click.option("--par2", type=Percent(), metavar="N%", help="Write N percent of PAR2 recovery data beside it.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def command(
    bag: Path,
    into: Path | None,
    form: str | None,
    profile: str | None,
    organisation: Path | None,
    to: tuple[str, ...],
    size: int | None,
    by: str | None,
    seal: Path | None,
    identity: Path | None,
    annex_to: tuple[str, ...],
    court: bool,
    par2: int | None,
    as_json: bool,
) -> None:
    r"""Pack BAG into one file, with its checksum, its seal and a list of the files.

    The same bag gives the same package, byte for byte, with nothing of this machine in it. The package has to pass
    `archive verify`, and its bag has to pass bagit.py, which partners use; otherwise the command leaves nothing.

    An identity annex is a text that says who collected. The command encrypts it into BAG.seal, and writes a
    commitment to it into the custody log: a person who opens it later can prove that it is the same text.

    \b
    Example:
      archive pack R210517 -o outbox --by collector-7
      archive pack R210517 -o outbox --profile aptrust --organisation us.toml
      archive pack R210517 -o outbox --encrypt-to age1ql3z7…
    """
    from archive.handover.pack import PackOrder, pack

    order = PackOrder(
        into=into,
        form=form,
        profile=profile_of(profile),
        organisation=organisation_of(organisation),
        recipients=recipients_of(to),
        part_size=size,
        by=by,
        seal=seal,
        identity=identity.read_bytes() if identity else None,
        annex_to=recipients_of(annex_to),
        court=court,
        par2=par2,
    )
    _show(pack(bag, order, datetime.now(UTC)), as_json)


def _show(packed: Packed, as_json: bool) -> None:
    from archive_cli.output import message, print_line, print_next

    if as_json:
        click.echo(json.dumps(_object(packed)))
        return
    for sentence in packed.recommended:
        print_line(message("pack.recommended", what=sentence), to_stderr=True)
    for what in packed.left_out:
        print_line(message("pack.left_out", what=what), to_stderr=True)
    if not packed.is_logged:
        print_line(message("pack.not_logged", bag=packed.bag.name), to_stderr=True)
    for place in packed.places:
        print_line(str(place))
    print_next(_next(packed))


def _next(packed: Packed) -> str:
    """What to send, and what the partner does with it; a WACZ is for replay programs."""
    from archive_cli.output import message
    from archive_cli.shell import shell_path

    paired = zip(packed.places, packed.files, strict=False)
    packages = [place for place, one in paired if one.what.startswith(_PACKAGES)]
    shown = [shell_path(place) if isinstance(place, Path) else str(place) for place in packages or packed.places[:1]]
    key = "pack.next_wacz" if shown[0].rstrip("'").endswith(".wacz") else "pack.next"
    return message(key, file=" ".join(shown))


def _object(packed: Packed) -> dict[str, object]:
    return {
        "schema": "archive.pack/1",
        "bag": str(packed.bag.absolute()),
        "profile": packed.profile,
        "as_it_was": packed.is_as_it_was,
        "recommended": list(packed.recommended),
        "left_out": list(packed.left_out),
        "logged": packed.is_logged,
        "files": [
            {"name": one.name, "octets": one.octets, "sha256": one.sha256, "what": one.what} for one in packed.files
        ],
        "places": [str(place) for place in packed.places],
    }
