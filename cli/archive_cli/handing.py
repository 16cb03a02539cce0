"""What `pack` and `receive` share: partners' profiles, who we are, whom to encrypt to, sizes."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from archive.handover.organisation import Organisation
    from archive_manifests.profiles import Profile

PROFILES = ("aptrust", "archivematica", "btr", "fedora", "metaarchive", "plain", "rac", "wellcome")
"""Named here so that `--help` reads no profile."""

_UNITS = {"": 1, "k": 10**3, "m": 10**6, "g": 10**9, "t": 10**12, "ki": 1 << 10, "mi": 1 << 20, "gi": 1 << 30}
_SIZE = re.compile(r"(\d{1,6}(?:\.\d{1,3})?)\s*([kmgt]i?)?b?\Z", re.ASCII | re.IGNORECASE)
_SIZE_PLAIN = re.compile(r"\d{1,18}\Z", re.ASCII)


class Size(click.ParamType[int]):
    """A number of bytes, also as `2GB` or `700MiB`."""

    name = "size"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        if isinstance(value, int):
            return value
        if _SIZE_PLAIN.match(value):
            return int(value)
        found = _SIZE.match(value)
        if found is None or (found[2] or "").lower() not in _UNITS:
            self.fail(f"{value!r}: expected bytes, as 2000000000, 2GB or 700MiB", param, ctx)
        return int(float(found[1]) * _UNITS[(found[2] or "").lower()])


def profile_of(name: str | None) -> Profile | None:
    """Raises `StatementError` for a name that is not known."""
    if name is None:
        return None
    from archive.errors import UsageProblem
    from archive_manifests.profiles import load, names

    if name not in names():
        raise UsageProblem(f"no profile {name!r}; there are {', '.join(names())}")
    return load(name)


def organisation_of(path: Path | None) -> Organisation:
    """The file that was named, else `organisation.toml` of the program's own folder, else nothing said."""
    from archive.handover.organisation import Organisation, read_organisation

    if path is not None:
        return read_organisation(path)
    usual = Path(click.get_app_dir("evidence-archive")) / "organisation.toml"
    if not usual.is_file():
        return Organisation()
    click.echo(f"organisation: {usual}", err=True)
    return read_organisation(usual)


def recipients_of(given: tuple[str, ...]) -> tuple[Any, ...]:
    """Every recipient that was named on the command line or in a file. Raises `UsageProblem`."""
    if not given:
        return ()
    from archive.handover.encrypt import parse_recipient, read_recipients

    lines = [line for text in given for line in ([text] if _is_key(text) else read_recipients(_existing(text)))]
    return tuple(parse_recipient(line) for line in dict.fromkeys(lines))


def _is_key(text: str) -> bool:
    return text.startswith(("age1", "ssh-"))


def _existing(text: str) -> Path:
    from archive.errors import UsageProblem

    path = Path(text)
    if not path.is_file():
        raise UsageProblem(f"{text[:100]!r}: neither a recipient (age1…, ssh-ed25519 …, ssh-rsa …) nor a file of such")
    return path
