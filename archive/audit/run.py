"""One audit: copies are chosen, handed to workers, compared with pin and baseline, and entered in the catalogue."""

from __future__ import annotations

import secrets
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from sqlalchemy import Connection, func, select

from archive.audit.catalogue import runs
from archive.audit.catalogue.copies import pins
from archive.audit.catalogue.database import CatalogueDatabase
from archive.audit.catalogue.runs import AuditRun
from archive.audit.catalogue.schema import bag_copy
from archive.audit.engine.dispatch import Dispatcher, batch_size, batches
from archive.audit.engine.interface import Engine
from archive.audit.errors import EngineLost
from archive.audit.instants import text_of
from archive.audit.look import CopyOutcome, Look, Pin, Rules
from archive.audit.place import shown, store_of
from archive.audit.policy import Policy, overdue_before, read_policy
from archive.audit.record import alarms_of, record_batch
from archive.audit.selection import SAMPLE, CopySelection, choose
from archive.progress import Progress

Clock = Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class AuditLimits:
    """What a run may take."""

    seconds: float | None = None
    """`--budget`: no copy is begun after so long."""
    bytes_per_second: float | None = None
    """Of all workers together."""
    stop_after: int | None = None
    """Unreadable copies of one store after which the rest of that store is left for later."""
    thorough: bool = False


@dataclass(slots=True)
class RunTally:
    """What a run has found so far."""

    outcomes: Counter[CopyOutcome] = field(default_factory=Counter)
    octets: int = 0
    new: list[Look] = field(default_factory=list)
    unreadable: Counter[str] = field(default_factory=Counter)
    """By store."""

    def take(self, look: Look, url: str) -> None:
        self.outcomes[look.outcome] += 1
        self.octets += look.octets
        if look.outcome is CopyOutcome.UNREADABLE:
            self.unreadable[store_of(url)] += 1
        elif look.new_findings or look.outcome is CopyOutcome.SUBSTITUTED:
            self.new.append(look.shortened())


@dataclass(frozen=True, slots=True)
class RunResult:
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
    offline: dict[str, int]
    """Stores that were given up, with how many of their copies could not be read."""
    is_resumed: bool
    lost: str | None = None
    """Why the engine ended before the work did."""

    @property
    def looked_at(self) -> int:
        return sum(number for outcome, number in self.outcomes.items() if outcome is not CopyOutcome.UNREADABLE)

    @property
    def exit_code(self) -> int:
        """1 where something is new or overdue, 3 where something was not looked at, else 0."""
        if self.new or self.overdue:
            return 1
        return 3 if self.left or self.outcomes[CopyOutcome.UNREADABLE] or self.lost else 0


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

    Raises `CatalogueInUse`, `CatalogueProblem`, `NotEnoughSpace`. Whatever ends it, what was looked at is entered.
    """
    with catalogue.coordinator():
        begun = _begin(catalogue, engine.name, selection, seed, operator, now())
        one = _AuditRun(begun, catalogue, engine, limits or AuditLimits(), progress or Progress(), now)
        lost = one.work()
        return one.end(lost)


@dataclass(frozen=True, slots=True)
class _BegunRun:
    """A run that is entered in the catalogue, and what is left of it."""

    run: AuditRun
    policy: Policy
    todo: tuple[str, ...]
    """Ids of the copies that are left, in order."""
    attempts: Mapping[str, int] = field(default_factory=dict)
    """How often a copy was looked at, for those that are looked at again."""
    before: Counter[CopyOutcome] = field(default_factory=Counter)
    """Outcomes that the run had before it was stopped; those that are looked at again are left out."""
    alarms: tuple[Look, ...] = ()
    is_resumed: bool = False


def _begin(
    catalogue: CatalogueDatabase,
    engine: str,
    selection: CopySelection,
    seed: str | None,
    operator: str | None,
    now: datetime,
) -> _BegunRun:
    """Continue the unfinished run of this selection and seed, or begin one."""
    with catalogue.writing() as connection:
        policy = read_policy(connection)
        run = runs.unfinished(connection, "audit", selection.selector, seed)
        if run is not None:
            return _resume(connection, run, policy, selection, now)
        seed = seed or (secrets.token_hex(16) if selection.mode == SAMPLE else None)
        chosen = choose(connection, selection, seed, text_of(now))
        digest = runs.population_digest(chosen.population)
        counts = (len(chosen.population), digest, len(chosen.ids))
        run = AuditRun(runs.new_id(now), "audit", runs.OPEN, text_of(now), selection.selector, seed, *counts)
        runs.begin(connection, run, engine, operator, now)
        return _BegunRun(run, policy, tuple(chosen.ids))


def _resume(
    connection: Connection, run: AuditRun, policy: Policy, selection: CopySelection, now: datetime
) -> _BegunRun:
    """What is left of a run: copies without an event, and those that could not be read when it was stopped."""
    done = runs.looked_at(connection, run.run_id)
    runs.resume(connection, run, now)
    chosen = choose(connection, selection, run.seed, run.started_at).ids
    unread = {one for one, (outcome, _) in done.items() if outcome == CopyOutcome.UNREADABLE}
    again = unread if run.state == runs.STOPPED else set()
    return _BegunRun(
        run,
        policy,
        (*(one for one in chosen if one not in done or one in again), *sorted(again - set(chosen))),
        attempts={one: done[one][1] + 1 for one in again},
        before=Counter(CopyOutcome(outcome) for one, (outcome, _) in done.items() if one not in again),
        alarms=tuple(look.shortened() for look in alarms_of(connection, run.run_id)),
        is_resumed=True,
    )


class _AuditRun:
    """A run under way."""

    def __init__(
        self,
        begun: _BegunRun,
        catalogue: CatalogueDatabase,
        engine: Engine,
        limits: AuditLimits,
        progress: Progress,
        now: Clock,
    ) -> None:
        self._begun = begun
        self._catalogue = catalogue
        self._engine = engine
        self._limits = limits
        self._progress = progress
        self._now = now
        self._started = time.monotonic()
        self._tally = RunTally()
        self._tally.new = list(begun.alarms)
        self._urls: dict[str, str] = {}
        """Places of the copies that are in flight."""

    def work(self) -> str | None:
        """Give the copies to the engine and enter its results. Returns why the engine was lost, else None."""
        rate = self._limits.bytes_per_second
        until = None if self._limits.seconds is None else time.time() + self._limits.seconds
        rules = Rules(rate / self._engine.workers if rate else None, until, self._limits.thorough)
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
                if not self._is_given_up(store_of(pin.url)):
                    self._urls[pin.copy_id] = pin.url
                    yield pin

    def _enter(self, looks: list[Look]) -> None:
        if not looks:
            return
        at = text_of(self._now())
        looks = [replace(look, at=at) for look in looks]
        record_batch(self._catalogue, looks, self._begun.run.run_id, self._begun.policy)
        for look in looks:
            url = self._urls.pop(look.copy_id)
            self._tally.take(look, url)
            self._progress.file_checked(url, look.octets)

    def _is_spent(self) -> bool:
        return self._limits.seconds is not None and time.monotonic() - self._started >= self._limits.seconds

    def _is_given_up(self, store: str) -> bool:
        most = self._limits.stop_after
        return most is not None and self._tally.unreadable[store] >= most

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
        return RunResult(
            run.run_id, state, run.sample, {one: outcomes[one] for one in CopyOutcome}, self._tally.octets,
            left, overdue, tuple(self._tally.new), given_up, self._begun.is_resumed, lost,
        )  # fmt: skip

    def _left(self) -> int:
        return len(self._begun.todo) - sum(self._tally.outcomes.values())


def _overdue(connection: Connection, now: datetime) -> int:
    at = (bag_copy.c.retired_at.is_(None), bag_copy.c.next_due_at < overdue_before(now))
    return connection.execute(select(func.count()).select_from(bag_copy).where(*at)).scalar() or 0


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
