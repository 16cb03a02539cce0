"""Which copies a run looks at: all, those that are due, or a sample that anybody can draw again."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from msgspec import Struct
from sqlalchemy import ColumnElement, Connection, or_, select

from archive.audit.catalogue.runs import selector_text
from archive.audit.catalogue.schema import bag_copy

ALL, DUE, SAMPLE = "all", "due", "sample"


class CopySelection(Struct, frozen=True):
    """Which copies a run selects."""

    mode: str = DUE
    sample: int | None = None
    """Copies of each stratum: custodian and class."""
    custodian: str | None = None
    storage_class: str | None = None

    @property
    def selector(self) -> str:
        """The words of the selection, for the run's row."""
        rule = "sha256(seed + copy_id), the lowest of each custodian and class" if self.mode == SAMPLE else None
        return selector_text(
            mode=self.mode, per_stratum=self.sample, custodian=self.custodian, storage_class=self.storage_class,
            rule=rule,
        )  # fmt: skip

    @property
    def strata(self) -> list[ColumnElement[bool]]:
        """The conditions for custodian and class."""
        wanted = ((bag_copy.c.custodian, self.custodian), (bag_copy.c.storage_class, self.storage_class))
        return [column == value for column, value in wanted if value is not None]


class Chosen(Struct, frozen=True):
    """The copies of a run, in the order they are looked at."""

    ids: list[str]
    population: list[str]


def choose(connection: Connection, selection: CopySelection, seed: str | None, as_of: str, now: str) -> Chosen:
    """The copies that a run begun at `as_of` looks at; the same when it is resumed.

    A copy that was looked at after `now`, with a clock that was wrong then, is due: its next day may be far away.
    """
    at = [bag_copy.c.added_at <= as_of, or_(bag_copy.c.retired_at.is_(None), bag_copy.c.retired_at > as_of)]
    at += selection.strata
    if selection.mode == SAMPLE:
        rows = connection.execute(
            select(bag_copy.c.copy_id, bag_copy.c.custodian, bag_copy.c.storage_class).where(*at)
        ).all()
        drawn = draw(((row[0], (row[1], row[2])) for row in rows), seed or "", selection.sample or 0)
        return Chosen(drawn, [row[0] for row in rows])
    if selection.mode == DUE:
        at.append(or_(bag_copy.c.next_due_at <= min(as_of, now), bag_copy.c.last_checked_at > now))
    order = bag_copy.c.next_due_at if selection.mode == DUE else bag_copy.c.url
    ids = list(connection.execute(select(bag_copy.c.copy_id).where(*at).order_by(order, bag_copy.c.copy_id)).scalars())
    return Chosen(ids, ids)


def draw(copies: Iterable[tuple[str, tuple[str, str]]], seed: str, number: int) -> list[str]:
    """The `number` copies of each stratum whose sha256 of seed and id is lowest, in that order."""
    ranked = sorted((hashlib.sha256(f"{seed}{copy_id}".encode()).hexdigest(), copy_id, at) for copy_id, at in copies)
    taken: dict[tuple[str, str], int] = {}
    drawn = []
    for _, copy_id, stratum in ranked:
        if taken.get(stratum, 0) < number:
            taken[stratum] = taken.get(stratum, 0) + 1
            drawn.append(copy_id)
    return drawn
