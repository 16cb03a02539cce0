"""The table of statements and proofs has a row for every field of the ledger, and names findings that there are."""

from __future__ import annotations

import re
import typing
from collections.abc import Iterator
from pathlib import Path

from msgspec import Struct
from msgspec.structs import fields

from archive_manifests.finding_codes import CATALOGUE
from archive_manifests.ledger import Ledger
from archive_manifests.notes import Note

TABLE = Path("docs/reference/statements.md").read_text("utf-8")


def fields_of(record: type, prefix: str = "") -> Iterator[str]:
    """Every field of a statement by its path, a note taken as one."""
    hints = typing.get_type_hints(record)
    for field in fields(record):
        inner = next((each for each in types_in(hints[field.name]) if is_record(each)), None)
        yield from fields_of(inner, f"{prefix}{field.name}.") if inner else [f"{prefix}{field.name}"]


def types_in(hint: object) -> Iterator[object]:
    yield hint
    for each in typing.get_args(hint):
        yield from types_in(each)


def is_record(hint: object) -> bool:
    return isinstance(hint, type) and issubclass(hint, Struct) and hint is not Note


def rows() -> list[tuple[str, str, list[str]]]:
    section = TABLE.partition("## The ledger")[2].partition("## Files and events")[0]
    cells = [line.strip("|").split("|") for line in section.splitlines() if line.startswith("| `")]
    return [(row[0].strip(" `"), row[1].strip(), re.findall(r"`([a-z-]+)`", row[2])) for row in cells]


def test_every_field_of_the_ledger_has_its_row() -> None:
    assert [name for name, _, _ in rows()] == list(fields_of(Ledger))


def test_every_row_says_what_proves_the_field_and_names_a_finding() -> None:
    assert [name for name, proof, codes in rows() if not proof or not (codes or proof.startswith("not provable"))] == []


def test_every_finding_that_the_table_names_is_in_the_catalogue() -> None:
    named = {code for row in rows() for code in row[2]} | set(re.findall(r"`([a-z]+(?:-[a-z]+)+)` \|$", TABLE, re.MULTILINE))
    assert named - CATALOGUE.keys() == set()
