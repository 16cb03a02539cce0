"""Takes in what S3 states about its objects without reading them: weaker than a report, far weaker than reading.

The store computed these checksums when the objects were written. They find an object that was replaced or lost, and no
byte that rotted since. Full reads stay due as the policy says.
"""

from __future__ import annotations

import secrets
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

from msgspec import Struct, field
from sqlalchemy import Connection, select

from archive.audit.catalogue import runs
from archive.audit.catalogue.chain import FixityEvent, append
from archive.audit.catalogue.copies import record_reports
from archive.audit.catalogue.database import CatalogueDatabase
from archive.audit.catalogue.runs import AuditRun
from archive.audit.catalogue.schema import bag_copy
from archive.audit.content import summed
from archive.audit.discover import is_package
from archive.audit.errors import NothingSelected
from archive.audit.instants import text_of
from archive.audit.policy import Policy, read_policy
from archive.audit.s3_heads import S3Heads, StatedChecksum
from archive.audit.selection import SAMPLE, CopySelection, choose
from archive.bag.store.bag import folder_marks
from archive.bag.store.client import list_objects
from archive.bag.store.place import StorePlace
from archive.progress import Progress

METHOD = "head-checksum"

STATED = "store statement"
"""The type of its events: a fixity check is what we read ourselves."""

SAME, DIFFERS, SILENT, UNREADABLE = "sound", "differs", "no-checksum", "unreadable"

AT_ONCE = 16

Clock = Callable[[], datetime]


class CopyStatement(Struct, frozen=True):
    """What a store stated about one copy."""

    copy_id: str
    place: str
    outcome: str
    """`sound`, `differs`, `no-checksum` (of at least one object), `unreadable`."""
    why: str = ""
    objects: int = 0


class StatementResult(Struct):
    """What the stores stated about the selected copies."""

    run_id: str
    method: str = METHOD
    outcomes: dict[str, int] = field(default_factory=lambda: dict.fromkeys((SAME, DIFFERS, SILENT, UNREADABLE), 0))
    not_confirmed: list[CopyStatement] = field(default_factory=list)
    """They are due for a full read now."""
    elsewhere: int = 0
    """Selected copies that are in no S3 store: nobody states anything about them."""
    left: int = 0
    """Copies that nothing was requested of: the budget was spent, or their store is off."""

    def take(self, one: CopyStatement) -> None:
        self.outcomes[one.outcome] += 1
        if one.outcome != SAME:
            self.not_confirmed.append(one)

    @property
    def exit_code(self) -> int:
        """1 where something differs, 3 where something is not confirmed or was left, else 0."""
        if self.outcomes[DIFFERS]:
            return 1
        return 3 if self.not_confirmed or self.elsewhere or self.left else 0


class StatementLimits(Struct, frozen=True):
    """What a round may take."""

    seconds: float | None = None
    stop_after: int | None = None
    """Copies of one bucket without a response after which the rest of it is left."""


def take_statements(
    catalogue: CatalogueDatabase,
    selection: CopySelection,
    heads: S3Heads,
    *,
    seed: str | None = None,
    limits: StatementLimits | None = None,
    by: str | None = None,
    progress: Progress | None = None,
    now: Clock = lambda: datetime.now(UTC),
) -> StatementResult:
    """Request the checksums of all objects of the selected copies, and enter what they say, copy by copy.

    Raises `NothingSelected` where no selected copy is in a store that states checksums.
    """
    limits, progress = limits or StatementLimits(), progress or Progress()
    with catalogue.coordinator():
        seed = seed or (secrets.token_hex(16) if selection.mode == SAMPLE else None)
        with catalogue.writing() as connection:
            run, rows = _begin(connection, selection, seed, by, now())
            policy = read_policy(connection)
        result = StatementResult(run.run_id, elsewhere=run.sample - len(rows))
        for one in _statements(rows, heads, limits, result):
            _enter(catalogue, one, run, policy, by, now)
            result.take(one)
            progress.file_checked(one.place, 0)
        with catalogue.writing() as connection:
            runs.end(connection, run, runs.ENDED, result.outcomes | {"left": result.left}, now())
    return result


def _begin(
    connection: Connection, selection: CopySelection, seed: str | None, by: str | None, began: datetime
) -> tuple[AuditRun, list[Any]]:
    """Enter the round; the selected copies that are in S3."""
    chosen = choose(connection, selection, seed, text_of(began), text_of(began))
    rows = [row for row in _copies(connection, chosen.ids) if row.url.startswith("s3://")]
    if not rows:
        raise NothingSelected("no selected copy is in S3, and only s3:// states checksums; take --method full-read")
    counts = (len(chosen.population), runs.population_digest(chosen.population), len(chosen.ids))
    run = AuditRun(runs.new_id(began), METHOD, runs.OPEN, text_of(began), selection.selector, seed, *counts)
    runs.begin(connection, run, METHOD, by, began)
    return run, rows


def _copies(connection: Connection, ids: list[str]) -> Iterator[Any]:
    columns = (bag_copy.c.copy_id, bag_copy.c.url, bag_copy.c.store, bag_copy.c.content_digest)
    for start in range(0, len(ids), 500):
        yield from connection.execute(select(*columns).where(bag_copy.c.copy_id.in_(ids[start : start + 500])))


def _statements(
    rows: list[Any], heads: S3Heads, limits: StatementLimits, result: StatementResult
) -> Iterator[CopyStatement]:
    """What is stated about each copy, until the time is spent; nothing more of a bucket that does not respond."""
    ends = None if limits.seconds is None else time.monotonic() + limits.seconds
    unread: Counter[str] = Counter()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for row in rows:
            is_off = limits.stop_after is not None and unread[row.store] >= limits.stop_after
            if is_off or (ends is not None and time.monotonic() >= ends):
                result.left += 1
                continue
            one = _statement(row, heads, pool)
            unread[row.store] += one.outcome == UNREADABLE
            yield one


def _statement(row: Any, heads: S3Heads, pool: ThreadPoolExecutor) -> CopyStatement:
    place = StorePlace.parse(row.url)
    try:
        if is_package(place.name):
            stated = {"": heads.stated(place)}
        else:
            sizes = dict(list_objects(place))
            names = sorted(sizes.keys() - set(folder_marks(sizes)))
            stated = dict(zip(names, pool.map(lambda name: heads.stated(place.below(name)), names), strict=True))
    except FileNotFoundError:
        stated = {}
    except OSError as error:
        return CopyStatement(row.copy_id, row.url, UNREADABLE, error.strerror or str(error))
    outcome, why = compared(row.content_digest, stated, is_whole=is_package(place.name))
    return CopyStatement(row.copy_id, row.url, outcome, why, len(stated))


def compared(content: str | None, stated: dict[str, StatedChecksum], *, is_whole: bool) -> tuple[str, str]:
    """The outcome for a copy whose bytes were `content` when it was last verified, and why. A pure function."""
    if not stated:
        return DIFFERS, "nothing is there"
    silent = [name for name, one in stated.items() if one.sha256 is None]
    if silent:
        others = sorted({other for name in silent for other in stated[name].others})
        only = f" (only {', '.join(others)}, of which the catalogue has none)" if others else ""
        return SILENT, f"the store states no SHA-256 of {len(silent):,} of {len(stated):,} objects{only}"
    if content is None or not content.startswith("sha256:"):
        return SILENT, "the catalogue has no SHA-256 of this copy's bytes"
    digests = {name.encode("utf-8", "surrogateescape"): one.sha256 or "" for name, one in stated.items()}
    found = f"sha256:{digests[b'']}" if is_whole else summed("sha256", digests)
    return (SAME, "") if found == content else (DIFFERS, "its objects are not those that were verified")


def _enter(
    catalogue: CatalogueDatabase, one: CopyStatement, run: AuditRun, policy: Policy, by: str | None, now: Clock
) -> None:
    """Append the event; a copy that is not confirmed is due for a full read now."""
    at = text_of(now())
    facts: dict[str, object] = {"objects": one.objects} | ({"note": one.why} if one.why else {})
    event = FixityEvent(
        at, STATED, run.run_id, one.copy_id, outcome=one.outcome, method=METHOD, operator=by, facts=facts
    )  # fmt: skip
    with catalogue.writing() as connection:
        (seq,) = append(connection, [event])
        if one.outcome != UNREADABLE:  # a store that is off says nothing: what was due stays due
            record_reports(connection, [(one.copy_id, one.outcome == SAME, seq)], at, policy)
