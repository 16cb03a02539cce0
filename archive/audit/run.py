"""One audit: copies are chosen, handed to workers, compared with pin and baseline, and entered in the catalogue."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime

from msgspec import Struct, field
from msgspec.structs import replace
from sqlalchemy import Connection, func, select

from archive.audit.begun_run import BegunRun, begin_run
from archive.audit.catalogue import runs
from archive.audit.catalogue.copies import pins
from archive.audit.catalogue.database import CatalogueDatabase
from archive.audit.catalogue.schema import bag_copy
from archive.audit.engine.dispatch import Dispatcher, batch_size, batches
from archive.audit.engine.interface import Engine
from archive.audit.errors import EngineLost
from archive.audit.instants import text_of
from archive.audit.look import STALL, STALLED, CopyOutcome, Look, Pin, Rules
from archive.audit.place import shown
from archive.audit.policy import overdue_before
from archive.audit.record import record_batch
from archive.audit.selection import CopySelection
from archive.progress import Progress

Clock = Callable[[], datetime]

UNREAD_LISTED = 1_000
"""Copies that could not be read that a result lists."""

STALLS = 3
"""Copies of one store that were waited for in vain after which the rest of it is left for later: each took minutes."""


class AuditLimits(Struct, frozen=True):
    """What a run may take."""

    seconds: float | None = None
    """`--budget`: no copy is begun after so long."""
    bytes_per_second: float | None = None
    """Of all workers together."""
    stop_after: int | None = None
    """Unreadable copies of one store after which the rest of that store is left for later."""
    thorough: bool = False
    stall: float | None = STALL
    """Seconds without a byte after which a copy is given up."""


class RunTally(Struct):
    """What a run has found so far."""

    outcomes: Counter[CopyOutcome] = field(default_factory=Counter)
    octets: int = 0
    new: list[Look] = field(default_factory=list)
    unreadable: Counter[str] = field(default_factory=Counter)
    """By store."""
    stalled: Counter[str] = field(default_factory=Counter)
    """Of those, by store, the ones that were waited for in vain."""
    unread: list[Look] = field(default_factory=list)
    """The first of those that could not be read."""

    def take(self, look: Look, store: str) -> None:
        self.outcomes[look.outcome] += 1
        self.octets += look.octets
        if look.outcome is CopyOutcome.UNREADABLE:
            self.unreadable[store] += 1
            self.stalled[store] += look.problems[0].code == STALLED if look.problems else 0
            if len(self.unread) < UNREAD_LISTED:
                self.unread.append(look.shortened())
        elif look.new_findings or look.outcome is CopyOutcome.SUBSTITUTED:
            self.new.append(look.shortened())


class UnreadCopies(Struct, frozen=True):
    """Copies of a selection that could not be read when somebody last tried, in this run or before."""

    number: int = 0
    due_again: str | None = None
    """When the first of them is due."""
    custodian: str | None = None
    """Where all of them have the same."""


class RunResult(Struct, frozen=True):
    """How a run ended."""

    run_id: str
    state: str
    selected: int
    outcomes: dict[CopyOutcome, int]
    octets: int
    left: int
    """Copies that were selected and not looked at."""
    overdue: int
    """Copies of the whole catalogue."""
    new: tuple[Look, ...]
    unread: tuple[Look, ...]
    """The first of those that could not be read; `outcomes` counts all."""
    offline: dict[str, int]
    """Stores that were given up, with how many of their copies could not be read."""
    is_resumed: bool
    last_event_at: str | None = None
    """When the last event before this run happened, where this machine's clock says that it is yet to come."""
    lost: str | None = None
    """Why the engine ended before the work did."""
    still_unread: UnreadCopies = UnreadCopies()

    @property
    def looked_at(self) -> int:
        return sum(number for outcome, number in self.outcomes.items() if outcome is not CopyOutcome.UNREADABLE)

    @property
    def exit_code(self) -> int:
        """1 where something is new or overdue, 3 where something was not looked at, else 0."""
        if self.new or self.overdue:
            return 1
        is_unread = self.outcomes[CopyOutcome.UNREADABLE] or self.still_unread.number
        return 3 if self.left or is_unread or self.lost else 0


def run_audit(
    catalogue: CatalogueDatabase,
    selection: CopySelection,
    engine: Engine,
    *,
    seed: str | None = None,
    limits: AuditLimits | None = None,
    operator: str | None = None,
    progress: Progress | None = None,
    now: Clock = lambda: datetime.now(UTC),
) -> RunResult:
    """Look at the selected copies; a run of the same words that was stopped is continued.

    Whatever ends it, what was looked at is entered.
    Raises `CatalogueInUse`, `CatalogueProblem`, `NothingSelected`, `NotEnoughSpace`.
    """
    with catalogue.coordinator():
        with catalogue.writing() as connection:
            begun = begin_run(connection, engine.name, selection, seed, operator, now())
        one = _AuditRun(begun, selection, catalogue, engine, limits or AuditLimits(), progress or Progress(), now)
        lost = one.work()
        return one.end(lost)


class _AuditRun:
    """A run under way."""

    def __init__(
        self,
        begun: BegunRun,
        selection: CopySelection,
        catalogue: CatalogueDatabase,
        engine: Engine,
        limits: AuditLimits,
        progress: Progress,
        now: Clock,
    ) -> None:
        self._begun = begun
        self._selection = selection
        self._catalogue = catalogue
        self._engine = engine
        self._limits = limits
        self._progress = progress
        self._now = now
        self._started = time.monotonic()
        self._tally = RunTally()
        self._tally.new = list(begun.alarms)
        self._in_flight: dict[str, Pin] = {}

    def work(self) -> str | None:
        """Give the copies to the engine and enter its results. Returns why the engine was lost, else None."""
        rate = self._limits.bytes_per_second
        until = None if self._limits.seconds is None else time.time() + self._limits.seconds
        one, limits = rate / self._engine.workers if rate else None, self._limits
        rules = Rules(one, until, limits.thorough, limits.stall, limits.stop_after)
        size = batch_size(len(self._begun.todo), self._engine.workers)
        dispatcher = Dispatcher(self._engine, rules)
        try:
            for looks in dispatcher.run(batches(self._pins(), size), self._is_spent):
                self._enter(looks)
        except EngineLost as error:
            return str(error)
        return None

    def _pins(self) -> Iterator[Pin]:
        """What is to do, read from the catalogue a few at a time; nothing of a store that was given up."""
        for start in range(0, len(self._begun.todo), 500):
            with self._catalogue.reading() as connection:
                some = list(pins(connection, self._begun.todo[start : start + 500], self._begun.attempts))
            for pin in some:
                if not self._is_given_up(pin.store):
                    self._in_flight[pin.copy_id] = pin
                    yield pin

    def _enter(self, looks: list[Look]) -> None:
        if not looks:
            return
        at = text_of(self._now())
        looks = [replace(look, at=at) for look in looks]
        record_batch(self._catalogue, looks, self._begun.run.run_id, self._begun.policy)
        for look in looks:
            pin = self._in_flight.pop(look.copy_id)
            self._tally.take(look, pin.store)
            self._progress.file_checked(pin.url, look.octets)

    def _is_spent(self) -> bool:
        return self._limits.seconds is not None and time.monotonic() - self._started >= self._limits.seconds

    def _is_given_up(self, store: str) -> bool:
        most = self._limits.stop_after
        if most is None:
            return False
        return self._tally.unreadable[store] >= most or self._tally.stalled[store] >= min(most, STALLS)

    def end(self, lost: str | None) -> RunResult:
        """Close the run; one with something left can be continued. `lost` is the result of `work`."""
        run, outcomes = self._begun.run, self._begun.before + self._tally.outcomes
        left = self._left()
        given_up = {store: number for store, number in self._tally.unreadable.items() if self._is_given_up(store)}
        state = runs.STOPPED if left else runs.ENDED
        now = self._now()
        counts = {str(outcome): outcomes[outcome] for outcome in CopyOutcome} | {"left": left}
        with self._catalogue.writing() as connection:
            runs.end(connection, run, state, counts, now)
            overdue = _overdue(connection, now)
            still_unread = _still_unread(connection, self._selection)
        return RunResult(
            run.run_id, state, run.sample, {one: outcomes[one] for one in CopyOutcome}, self._tally.octets,
            left, overdue, tuple(self._tally.new), tuple(self._tally.unread), given_up, self._begun.is_resumed,
            self._begun.last_event_at, lost, still_unread,
        )  # fmt: skip

    def _left(self) -> int:
        return len(self._begun.todo) - sum(self._tally.outcomes.values())


def _overdue(connection: Connection, now: datetime) -> int:
    at = (bag_copy.c.retired_at.is_(None), bag_copy.c.next_due_at < overdue_before(now))
    return connection.execute(select(func.count()).select_from(bag_copy).where(*at)).scalar() or 0


def _still_unread(connection: Connection, selection: CopySelection) -> UnreadCopies:
    at = [bag_copy.c.retired_at.is_(None), bag_copy.c.last_outcome == CopyOutcome.UNREADABLE, *selection.strata]
    custodian = bag_copy.c.custodian
    columns = (func.count(), func.min(bag_copy.c.next_due_at), func.min(custodian), func.max(custodian))
    number, due, first, last = connection.execute(select(*columns).where(*at)).one()
    return UnreadCopies(number, due, first if first == last else None)


def places_of(catalogue: CatalogueDatabase, looks: Iterable[Look]) -> dict[str, str]:
    """Where the copies of some looks are, as a person reads it, by id."""
    ids = [look.copy_id for look in looks]
    places: dict[str, str] = {}
    with catalogue.reading() as connection:
        for start in range(0, len(ids), 500):
            some = bag_copy.c.copy_id.in_(ids[start : start + 500])
            for copy_id, url in connection.execute(select(bag_copy.c.copy_id, bag_copy.c.url).where(some)):
                places[copy_id] = shown(url)
    return places
