"""One repair: plan, build beside the damaged copy, verify, swap by rename, enter it. The old copy stays."""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import cast

import msgspec
from msgspec import Struct
from msgspec.structs import replace
from sqlalchemy import Connection, RowMapping, insert

from archive.audit.catalogue.chain import FixityEvent, append
from archive.audit.catalogue.copies import find_copy, pins, record_looks
from archive.audit.catalogue.database import CatalogueDatabase
from archive.audit.catalogue.schema import repair as repairs
from archive.audit.check import SEAL_MARK, check_copy
from archive.audit.content import Pace
from archive.audit.discover import is_package
from archive.audit.errors import CopyUnknown, RepairRefused
from archive.audit.instants import moment_of, text_of
from archive.audit.look import STALL, CopyOutcome, Look, Pin, Rules
from archive.audit.place import is_local, path_of, shown
from archive.audit.policy import read_policy
from archive.audit.repair.begun import REPAIRED, BegunRepair, enter_begin, last_repair
from archive.audit.repair.build import build
from archive.audit.repair.custody import enter_custody
from archive.audit.repair.in_store import Replaced, repair_in_store, replace_package
from archive.audit.repair.sources import SourceCopy, open_source
from archive.audit.store_copy import exists_in_store
from archive.bag.raw import open_raw
from archive.bag.store.client import version_of
from archive.bag.store.place import StorePlace, is_store_url
from archive.errors import ArchiveError, UsageProblem
from archive.handover import par2
from archive.posix import sync_folder
from archive_manifests.plain_text import plain_reason

Clock = Callable[[], datetime]


class RepairPlan(Struct, frozen=True):
    """What a repair would do."""

    copy_id: str
    place: Path
    sources: tuple[Path, ...]
    """Copies in the order they are tried; the damaged one itself comes last."""
    new: Path
    old: Path | None
    """Where the damaged copy goes; None where nothing is left of it."""
    with_par2: bool = False
    stall: float | None = STALL
    """Seconds without a byte after which a source is given up."""


class Repaired(Struct, frozen=True):
    """What a repair did."""

    copy_id: str
    place: Path
    old: Path | None
    files: int
    octets: int
    taken: dict[str, int]
    custody: Path | None
    """The log beside the bag; None where it could not be written, and `custody_problem` says why."""
    custody_problem: str | None


Begin = Callable[[Repaired], None]
"""Enters what is done next."""


def plan_repair(
    catalogue: CatalogueDatabase, words: str, sources: Sequence[str], now: datetime, stall: float | None = STALL
) -> RepairPlan:
    """What would be done. Raises `CopyUnknown`, `UsageProblem`."""
    with catalogue.reading() as connection:
        row = find_copy(connection, words)
        places = [_place_of(connection, one) for one in sources]
    in_store = None if is_local(row["url"]) else StorePlace.parse(row["url"])
    if in_store is not None and in_store.scheme in ("http", "https"):
        raise UsageProblem(f"{in_store}: a web server is only read; put a sound copy there, then run the audit again")
    place = path_of(row["url"]) if in_store is None else cast(Path, in_store)
    if not row["expected_tagmanifest"]:
        raise UsageProblem(f"{place}: had no manifest when it was added; nothing says what it should be")
    if row["retired_at"]:
        raise UsageProblem(f"{place}: is retired; if it is there again, take it back with `archive audit add` first")
    if place in places:
        raise UsageProblem(f"{place}: a copy is not repaired from itself; name another one with --from")
    with_par2 = not places and in_store is None and par2.index_of(place).is_file()
    if not places and not with_par2:
        raise UsageProblem(f"{place}: name a sound copy with --from")
    is_there = in_store is not None or os.path.lexists(place)
    old = place.with_name(f"{place.name}.damaged-{now.astimezone(UTC):%Y%m%dT%H%M%SZ}") if is_there else None
    if in_store is not None:
        return RepairPlan(row["copy_id"], place, tuple(places), place, old, stall=stall)
    new = place.parent / f".{place.name}.repairing" / place.name  # a bag's name is part of what is verified
    return RepairPlan(row["copy_id"], place, tuple(places), new, old, with_par2, stall)


def repair(
    catalogue: CatalogueDatabase, plan: RepairPlan, by: str | None = None, now: Clock = lambda: datetime.now(UTC)
) -> Repaired:
    """Carry a plan out. Until the swap, nothing of the damaged copy is touched; afterwards it is still there.

    One that was killed is finished: what it did is entered once, in the catalogue and in the custody log.
    Raises `RepairRefused` where nothing is damaged, or no sound bag can be made; `NotEnoughSpace`.
    """
    with catalogue.coordinator():
        with catalogue.reading() as connection:
            row = find_copy(connection, plan.copy_id)
            (pin,) = pins(connection, [plan.copy_id], {})
            begun = last_repair(connection, plan.copy_id)
        found = check_copy(pin, Rules(stall=plan.stall), Pace(None))
        if found.outcome is CopyOutcome.SOUND and not found.new_findings:
            return _finished(catalogue, plan, row, begun, replace(found, tags=None), now())
        begin = partial(_begin, catalogue, plan, by, now)
        plan = _after_begun(plan, begun)
        look, done = (_in_store if isinstance(plan.place, StorePlace) else _beside)(plan, row, pin, begin)
        at = now()
        with catalogue.writing() as connection:
            _enter(connection, row, replace(look, at=text_of(at)), done, by)
    return _with_custody(done, by, moment_of(text_of(at)))


def _begin(catalogue: CatalogueDatabase, plan: RepairPlan, by: str | None, now: Clock, done: Repaired) -> None:
    """Enter what is done next, before the copy is touched."""
    with catalogue.writing() as connection:
        enter_begin(connection, plan.copy_id, text_of(now()), by, _facts(done) | {"octets": done.octets})


def _after_begun(plan: RepairPlan, begun: BegunRepair | None) -> RepairPlan:
    """A repair that was killed between its two renames: the damaged copy is aside already."""
    if plan.old is not None or begun is None or begun.is_entered or begun.old is None:
        return plan
    is_aside = not isinstance(begun.old, StorePlace) and os.path.lexists(begun.old)
    return replace(plan, old=begun.old) if is_aside else plan


def _finished(
    catalogue: CatalogueDatabase, plan: RepairPlan, row: RowMapping, begun: BegunRepair | None, look: Look, at: datetime
) -> Repaired:
    """Enter what a repair did that was killed before it was entered. Raises `RepairRefused` where there is none.

    To set a sound copy aside as damaged would be a false record.
    """
    if begun is None or not _was_swapped(plan, begun):
        what = "is what it was when it was added; there is nothing to repair"
        raise RepairRefused(f"{plan.place}: {what}; `archive audit run` enters that in the catalogue")
    done = Repaired(plan.copy_id, plan.place, begun.old, begun.files, begun.octets, begun.taken, None, None)
    if not isinstance(plan.place, StorePlace):
        _remove(plan.new.parent)
    if begun.is_entered:  # only the custody log may lack it
        entered = _with_custody(done, begun.by, moment_of(begun.at))
        what = "is what it was when it was added, and its last repair is entered; there is nothing to repair"
        raise RepairRefused(f"{plan.place}: {entered.custody_problem or what}")
    with catalogue.writing() as connection:
        _enter(connection, row, replace(look, at=text_of(at)), done, begun.by)
    return _with_custody(done, begun.by, moment_of(text_of(at)))


def _was_swapped(plan: RepairPlan, begun: BegunRepair) -> bool:
    """True where the copy that is sound now is the one that was built."""
    if isinstance(begun.old, StorePlace):
        return exists_in_store(begun.old)
    if isinstance(plan.place, StorePlace):
        return True
    return not os.path.lexists(plan.new) and (begun.old is None or os.path.lexists(begun.old))


def _beside(plan: RepairPlan, row: RowMapping, pin: Pin, begin: Begin) -> tuple[Look, Repaired]:
    """Build a new copy beside the damaged one, and swap them."""
    try:
        _remove(plan.new.parent)
        plan.new.parent.mkdir()
        files, octets, taken = _make(plan, row, pin)
        look = _verified(plan, pin, plan.new.as_uri())
        done = Repaired(plan.copy_id, plan.place, plan.old, files, octets, taken, None, None)
        begin(done)
        _swap(plan)
    finally:
        _remove(plan.new.parent)
    return look, done


def _in_store(plan: RepairPlan, row: RowMapping, pin: Pin, begin: Begin) -> tuple[Look, Repaired]:
    """Replace what is wrong in a store; what was there is under the key of `plan.old`."""
    place, old = cast(StorePlace, plan.place), cast(StorePlace, plan.old)
    if is_package(place.name):
        with tempfile.TemporaryDirectory(prefix="archive-repair-") as folder:
            plan = replace(plan, new=Path(folder) / place.name)
            files, octets, taken = _copy_package(plan)
            _verified(plan, pin, plan.new.as_uri())
            aside = old if version_of(place) is not None else None
            begin(Repaired(plan.copy_id, plan.place, cast(Path | None, aside), files, octets, taken, None, None))
            aside = replace_package(place, old, plan.new)
    else:

        def before(made: Replaced) -> None:
            aside = cast(Path | None, made.old)
            begin(Repaired(plan.copy_id, plan.place, aside, made.files, made.octets, made.taken, None, None))

        made = repair_in_store(place, old, pin, plan.sources, before, plan.stall)
        files, octets, taken, aside = made.files, made.octets, made.taken, made.old
    look = _verified(plan, pin, str(place), f"what was there before is at {aside}" if aside else "look at it by hand")
    return look, Repaired(plan.copy_id, plan.place, cast(Path | None, aside), files, octets, taken, None, None)


def _make(plan: RepairPlan, row: RowMapping, pin: Pin) -> tuple[int, int, dict[str, int]]:
    """Build the new copy: files, octets, and how many files came from which copy."""
    if plan.with_par2:
        par2.recover(plan.place, plan.new)
        return 1, plan.new.stat().st_size, {str(par2.index_of(plan.place)): 1}
    if plan.place.is_file() or (not plan.place.exists() and is_package(plan.place.name)):
        return _copy_package(plan)
    with contextlib.ExitStack() as stack:
        opened = [open_source(place, stack, plan.stall) for place in plan.sources]
        unusable = [str(place) for place, one in zip(plan.sources, opened, strict=True) if one is None]
        if unusable:
            raise RepairRefused(f"{unusable[0]}: cannot be opened as a bag")
        own = open_source(plan.place, stack, plan.stall)
        found: list[SourceCopy] = [one for one in (*opened, own) if one is not None]
        tags = {path: digest for path, digest in pin.tags.items() if not path.startswith(SEAL_MARK)}
        built = build(plan.new, tags, found, row["octets"])
    return built.files, built.octets, {place: number for place, number in built.taken.items() if number}


def _copy_package(plan: RepairPlan) -> tuple[int, int, dict[str, int]]:
    """A package is copied whole: packed again it would have other bytes."""
    for source in plan.sources:
        is_file = is_package(source.name) if isinstance(source, StorePlace) else source.is_file()
        if is_file and source.suffix == plan.place.suffix:
            with open_raw(source) as original, plan.new.open("xb") as file:
                shutil.copyfileobj(original, file, 8 << 20)
                file.flush()
                os.fsync(file.fileno())
            return 1, plan.new.stat().st_size, {str(source): 1}
    raise RepairRefused(f"{plan.place}: a package is repaired from a package of its kind; none was named with --from")


def _verified(plan: RepairPlan, pin: Pin, url: str, otherwise: str = "nothing was changed") -> Look:
    """The new copy, compared with pin and baseline like any other: at least what it was. Raises `RepairRefused`."""
    bag_alone = {path: digest for path, digest in pin.tags.items() if not path.startswith(SEAL_MARK)}
    pin = replace(pin, url=url, seal=None, tags=bag_alone)
    look = replace(check_copy(pin, Rules(thorough=True), Pace(None)), tags=None)
    new = [one for one in look.problems if one.is_new and one.severity == "error"]
    is_as_before = look.outcome is CopyOutcome.SOUND or (
        look.outcome is CopyOutcome.DAMAGED and pin.baseline.is_failing
    )
    if not is_as_before or new:
        code = new[0].code if new else str(look.outcome)
        where = f" ({new[0].path})" if new and new[0].path else ""
        what = f"what was built is not the bag that was added: {code}{where}"
        raise RepairRefused(f"{plan.place}: {what}; {otherwise}")
    return look


def _swap(plan: RepairPlan) -> None:
    if plan.old is not None and os.path.lexists(plan.place):
        if os.path.lexists(plan.old):
            raise RepairRefused(f"{plan.old}: there already; wait a second and run the same command again")
        plan.place.rename(plan.old)
    plan.new.rename(plan.place)
    sync_folder(plan.place.parent)


def _enter(connection: Connection, row: RowMapping, look: Look, done: Repaired, by: str | None) -> None:
    event = FixityEvent(
        look.at, REPAIRED, copy_id=done.copy_id, outcome=str(look.outcome), method=look.method, octets=done.octets,
        fingerprint=look.fingerprint, content_digest=look.content, findings=look.findings, operator=by,
        facts=_facts(done),
    )  # fmt: skip
    (seq,) = append(connection, [event])
    old_url = row["url"]
    if done.old:
        old_url = str(done.old) if isinstance(done.old, StorePlace) else done.old.as_uri()
    values = {"seq": seq, "copy_id": done.copy_id, "at": look.at, "operator": by, "result": str(look.outcome)}
    values |= {"sources": msgspec.json.encode(done.taken).decode(), "old_url": old_url, "new_url": row["url"]}
    connection.execute(insert(repairs), [values])
    strata = {done.copy_id: (row["custodian"], row["storage_class"])}
    record_looks(connection, [(replace(look, new_findings=0), seq)], read_policy(connection), strata)


def _with_custody(done: Repaired, by: str | None, at: datetime) -> Repaired:
    """Enter the repair beside the bag too. The repair stands where that fails: the catalogue has it."""
    try:
        return replace(done, custody=enter_custody(done.place, done.taken, done.old, by, at))
    except (ArchiveError, OSError) as error:
        return replace(done, custody_problem=plain_reason(error))


def _facts(done: Repaired) -> dict[str, object]:
    return {"from": done.taken, "old": str(done.old) if done.old else None, "files": done.files}


def _place_of(connection: Connection, words: str) -> Path:
    """A source: a copy of the catalogue, or any bag at a path or in a store."""
    with contextlib.suppress(CopyUnknown):
        row = find_copy(connection, words)
        return path_of(row["url"]) if is_local(row["url"]) else cast(Path, StorePlace.parse(row["url"]))
    if is_store_url(words):
        return cast(Path, StorePlace.parse(words))
    place = Path(os.path.abspath(words))  # noqa: PTH100 -- a link in a path stays a link
    if not place.exists():
        raise UsageProblem(f"--from {shown(words)}: neither a copy of the catalogue nor a path that is there")
    return place


def _remove(folder: Path) -> None:
    """Remove what an interrupted repair left: copies of files that are elsewhere."""
    if folder.is_symlink():
        folder.unlink()
    elif folder.is_dir():
        shutil.rmtree(folder)
