"""The organisation file: what an organisation states of itself to partners, in TOML; nothing comes from the machine."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path

from msgspec import Struct, field

from archive.errors import StatementError, UsageProblem
from archive_manifests.tags import format_bag_info

LARGEST = 1 << 20

Values = Mapping[str, tuple[str, ...]]
"""Label -> its values, in order."""


class Organisation(Struct, frozen=True):
    """Values for tag files, by file and label; those under `[profile.ID]` count for that profile alone."""

    files: Mapping[str, Values] = field(default_factory=dict)
    profiles: Mapping[str, Mapping[str, Values]] = field(default_factory=dict)

    def values(self, file: str, profile: str | None) -> dict[str, tuple[str, ...]]:
        """What is said for one tag file; what is said for the profile wins."""
        special = self.profiles.get(profile or "", {})
        return {**self.files.get(file, {}), **special.get(file, {})}


def read_organisation(path: Path) -> Organisation:
    """Read an organisation file. Raises `UsageProblem` where there is none, `StatementError` where it is no such file.

    A table for each tag file holds its fields, `["bag-info.txt"]` then `Source-Organization = "…"`; the tables below
    `[profile.aptrust]` and the like count for that profile alone.
    """
    if not path.is_file():
        raise UsageProblem(f"{path}: no such organisation file")
    with path.open("rb") as file:
        text = file.read(LARGEST)
    try:
        return parse_organisation(text.decode(), str(path))
    except UnicodeDecodeError as error:
        raise StatementError(f"{path}: not UTF-8 text") from error


def parse_organisation(text: str, what: str) -> Organisation:
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise StatementError(f"{what}: {error}") from error
    profiles = table.pop("profile", {})
    if not isinstance(profiles, dict):
        raise StatementError(f'{what}: profile: expected tables such as [profile.aptrust."bag-info.txt"]')
    special = {name: _files(one, f"{what}: profile.{name}") for name, one in profiles.items()}
    return Organisation(_files(table, what), special)


def _files(table: object, what: str) -> dict[str, Values]:
    if not isinstance(table, dict):
        raise StatementError(f'{what}: expected tables named after tag files, such as ["bag-info.txt"]')
    return {file: _values(one, f"{what}: {file}") for file, one in table.items()}


def _values(table: object, what: str) -> Values:
    if not isinstance(table, dict):
        raise StatementError(f'{what}: expected Label = "value" lines below ["bag-info.txt"]')
    found = {}
    for label, value in table.items():
        listed = value if isinstance(value, list) else [value]
        if not all(isinstance(one, str) for one in listed):
            raise StatementError(f"{what}: {label}: expected text, or a list of texts")
        try:
            format_bag_info((label, one) for one in listed)
        except StatementError as error:
            raise StatementError(f"{what}: {error}") from error
        found[label] = tuple(listed)
    return found
