"""Takes bags into the catalogue: each is verified once, and what it was then is what it is compared with for years."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from functools import partial

from msgspec import Struct, field
from msgspec.structs import replace

from archive.audit.catalogue import runs
from archive.audit.catalogue.agreement import baseline_digest
from archive.audit.catalogue.chain import FixityEvent, append
from archive.audit.catalogue.copies import (
    Custody,
    add_copy,
    copy_id_of,
    known_urls,
    pins,
    record_looks,
    retired_among,
    write_baseline,
)
from archive.audit.catalogue.database import CatalogueDatabase
from archive.audit.catalogue.runs import ADDED, AuditRun
from archive.audit.deadlines import record_deadlines
from archive.audit.discover import SkippedPath, find_bags, find_in_store
from archive.audit.engine.dispatch import Dispatcher, batches
from archive.audit.engine.interface import Engine
from archive.audit.instants import text_of
from archive.audit.look import STALL, Baseline, CopyOutcome, Look, Pin, Rules, fingerprint_of
from archive.audit.place import is_local, path_of, shown, url_of
from archive.audit.policy import Policy, read_policy
from archive.audit.reassign import OtherCustody, other_custody, reassign
from archive.audit.record import event_of
from archive.audit.revive import enter_revived, is_back, pin_of_old
from archive.audit.same_place import WHY, behind_link, same_copy
from archive.audit.stall import Stalled, each_within
from archive.progress import Progress

BROKEN = frozenset({"package-broken", "package-damaged"})
"""Findings of a package of which a part cannot be read."""
NO_BAG = BROKEN | {"declaration-missing", "package-top"}
"""Findings of a package that contains no bag at all, or is too damaged to say so."""

BAG_FILES = frozenset({"bagit.txt", "bag-info.txt"})
"""Where one of these is left of a damaged package, it was a bag."""

BATCH = 8
"""Copies of a batch: a new one is verified in full, and its size is not known before."""

Clock = Callable[[], datetime]


class AddResult(Struct):
    """What was found below the roots."""

    run_id: str
    outcomes: Counter[CopyOutcome] = field(default_factory=Counter)
    """Of the copies that were added."""
    failing: list[tuple[str, Look]] = field(default_factory=list)
    """Places of those that were not sound, with what was found."""
    known: int = 0
    """Copies that the catalogue had already: nothing of them was changed."""
    revived: list[str] = field(default_factory=list)
    """Places of copies that were retired and are there again."""
    is_revived_wrong: bool = False
    """True where one of those is not what it was."""
    other_custody: list[OtherCustody] = field(default_factory=list)
    """Known copies whose custodian or class is another than the one that was given."""
    is_reassigned: bool = False
    """True where they have the given one now."""
    passed_over: list[SkippedPath] = field(default_factory=list)

    @property
    def added(self) -> int:
        return sum(self.outcomes.values())

    @property
    def unreadable(self) -> list[SkippedPath]:
        return [one for one in self.passed_over if one.is_unread]

    @property
    def exit_code(self) -> int:
        """1 where a bag was damaged when it was added, 3 where one could not be read, else 0."""
        if self.outcomes[CopyOutcome.DAMAGED] or self.is_revived_wrong:
            return 1
        return 3 if self.unreadable or self.outcomes[CopyOutcome.UNREADABLE] else 0


def add_bags(
    catalogue: CatalogueDatabase,
    roots: Iterable[str],
    custody: Custody,
    engine: Engine,
    *,
    operator: str | None = None,
    change_custody: bool = False,
    stall: float | None = STALL,
    progress: Progress | None = None,
    now: Clock = lambda: datetime.now(UTC),
) -> AddResult:
    """Add every bag at or below the roots that the catalogue does not have. Stopped and called again, it continues.

    Copies that it has keep their custodian and class, unless `change_custody` says that they get the given ones.
    A root of which nothing could be listed for `stall` seconds, and a copy of which nothing could be read, is given up.
    Raises `BagUnreadable` for a root where there is nothing, `UsageProblem` for one that cannot be.
    """
    with catalogue.coordinator():
        began = now()
        urls = [url_of(root) for root in roots]
        words = runs.selector_text(roots=urls, custodian=custody.custodian, storage_class=custody.storage_class)
        run = AuditRun(runs.new_id(began), "add", runs.OPEN, text_of(began), words, None, 0, None, 0)
        with catalogue.writing() as connection:
            runs.begin(connection, run, engine.name, operator, began)
            policy = read_policy(connection)
        adding = _Adding(catalogue, run, custody, policy, progress or Progress(), now, stall, operator)
        dispatcher = Dispatcher(engine, Rules(thorough=True, stall=stall))
        for looks in dispatcher.run(batches(adding.new_pins(urls), BATCH)):
            adding.enter(looks)
        adding.end(change_custody=change_custody)
        return adding.result


class _Adding:
    """An `add` under way."""

    def __init__(
        self,
        catalogue: CatalogueDatabase,
        run: AuditRun,
        custody: Custody,
        policy: Policy,
        progress: Progress,
        now: Clock,
        stall: float | None,
        operator: str | None,
    ) -> None:
        self._stall = stall
        self._operator = operator
        self.result = AddResult(run.run_id)
        self._catalogue = catalogue
        self._run = run
        self._custody = custody
        self._policy = policy
        self._progress = progress
        self._now = now
        self._urls: dict[str, str] = {}
        self._retired: dict[str, Pin] = {}

    def new_pins(self, roots: list[str]) -> Iterator[Pin]:
        """Every place below the roots that is not in the catalogue."""
        waiting: list[str] = []
        seen: set[str] = set()
        for url in self._found(roots):
            if url not in seen:
                seen.add(url)
                waiting.append(url)
            if len(waiting) >= 200:
                yield from self._unknown(waiting)
                waiting = []
        yield from self._unknown(waiting)

    def _found(self, roots: list[str]) -> Iterator[str]:
        for root in roots:
            try:
                for found in each_within(self._stall, partial(_bags_at, root)):
                    if isinstance(found, SkippedPath):
                        self.result.passed_over.append(found)
                    else:
                        yield found
            except Stalled as error:
                self.result.passed_over.append(SkippedPath(shown(root), str(error), is_unread=True))

    def _unknown(self, urls: list[str]) -> Iterator[Pin]:
        with self._catalogue.reading() as connection:
            known = known_urls(connection, urls)
            self.result.other_custody += other_custody(connection, known, self._custody)
            linked = known_urls(connection, [behind_link(url) for url in urls if url not in known])
            retired = [pin_of_old(pin) for pin in pins(connection, retired_among(connection, known), {})]
        self.result.known += len(known) - len(retired)
        for pin in retired:
            self._retired[pin.copy_id] = pin
            yield pin
        for url in urls:
            if behind_link(url) in linked - {url}:
                self.result.passed_over.append(SkippedPath(shown(url), WHY.format(place=shown(behind_link(url)))))
            elif url not in known:
                copy_id = copy_id_of(url, self._run.started_at)
                self._urls[copy_id] = url
                yield Pin(copy_id, url)

    def enter(self, looks: list[Look]) -> None:
        """Enter verified copies; a package without a bag, or what could not be read, is passed over."""
        bags = []
        at = text_of(self._now())
        self._enter_revived([replace(look, at=at) for look in looks if look.copy_id in self._retired])
        for look in looks:
            if look.copy_id in self._retired:
                continue
            url = self._urls.pop(look.copy_id)
            skipped = _why_skipped(look, shown(url))
            if skipped is not None:
                self.result.passed_over.append(skipped)
            else:
                bags.append((url, replace(look, at=at)))
            self._progress.file_checked(url, look.octets)
        for url, look in self._write(bags) if bags else []:
            self.result.outcomes[look.outcome] += 1
            if look.outcome is not CopyOutcome.SOUND:
                self.result.failing.append((url, look.shortened()))

    def _enter_revived(self, looks: list[Look]) -> None:
        """A retired copy that is there again is looked at from now on; its loss is not known any more."""
        back = [look for look in looks if is_back(look)]
        if back:
            with self._catalogue.writing() as connection:
                enter_revived(connection, back, self._retired, self._policy, self._run.run_id, self._operator)
        for look in looks:
            url = self._retired[look.copy_id].url
            self._progress.file_checked(url, look.octets)
            if look not in back:
                why = look.problems[0].note or look.problems[0].code
                self.result.passed_over.append(SkippedPath(shown(url), f"retired; {why}", is_unread=True))
                continue
            self.result.revived.append(shown(url))
            if look.outcome is not CopyOutcome.SOUND:
                self.result.failing.append((url, look.shortened()))
                self.result.is_revived_wrong = True

    def _write(self, found: list[tuple[str, Look]]) -> list[tuple[str, Look]]:
        """Enter copies; those that are. What is the same files as another copy is passed over."""
        at = self._now()
        bags: list[tuple[str, Look]] = []
        with self._catalogue.writing() as connection:
            for url, look in found:
                other = same_copy(connection, url, look.fingerprint)
                if other is not None:
                    self.result.passed_over.append(SkippedPath(shown(url), WHY.format(place=other)))
                    continue
                add_copy(connection, look, url, self._custody, self._policy, at)
                bags.append((url, look))
            seqs = append(connection, [_added(look, self._run.run_id) for _, look in bags])
            strata = {look.copy_id: (self._custody.custodian, self._custody.storage_class) for _, look in bags}
            # What is known from the start alarms nobody: it is the baseline.
            looks = [(replace(look, new_findings=0), seq) for (_, look), seq in zip(bags, seqs, strict=True)]
            record_looks(connection, looks, self._policy, strata)
            record_deadlines(connection, [look for _, look in bags])
        return bags

    def end(self, *, change_custody: bool) -> None:
        counts = {str(outcome): number for outcome, number in self.result.outcomes.items()}
        counts |= {"known": self.result.known, "revived": len(self.result.revived)}
        with self._catalogue.writing() as connection:
            if change_custody and self.result.other_custody:
                reassign(connection, self.result.other_custody, self._run.run_id, self._operator, self._now())
                self.result.is_reassigned = True
            runs.end(connection, self._run, runs.ENDED, counts, self._now())


def _added(look: Look, run_id: str) -> FixityEvent:
    """The event says what the copy is compared with from now on."""
    event = event_of(look, run_id, ADDED)
    baseline = write_baseline(look.baseline or Baseline())
    return replace(event, facts=event.facts | {"baseline": baseline_digest(baseline)})


def _bags_at(root: str) -> Iterator[str | SkippedPath]:
    if is_local(root):
        for found in find_bags(path_of(root)):
            yield found if isinstance(found, SkippedPath) else found.as_uri()
    else:
        yield from find_in_store(root)


def _why_skipped(look: Look, place: str) -> SkippedPath | None:
    """Why nothing is added: a package with anything but a bag is there by chance, a damaged one may be a bag."""
    if look.facts is None:  # nobody could look, not even at what bag it is
        why = look.problems[0].note or look.problems[0].code
        return SkippedPath(place, why.removeprefix(f"{place}: "), is_unread=True)
    codes = {one.code for one in look.problems}
    if fingerprint_of(look.tags or {}) is not None or not codes & NO_BAG:
        return None
    if not codes & BROKEN:
        return SkippedPath(place, "contains no bag")
    if BAG_FILES & (look.tags or {}).keys():
        return None
    note = next(one.note for one in look.problems if one.code in BROKEN)
    return SkippedPath(place, f"damaged, nobody can see whether it is a bag: {note}", is_unread=True)
