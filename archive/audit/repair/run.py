"""One repair: plan, build beside the damaged copy, verify, swap by rename, enter it. The old copy stays."""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import cast

import msgspec
from sqlalchemy import Connection, RowMapping, insert

from archive.audit.catalogue.chain import FixityEvent, append
from archive.audit.catalogue.copies import find_copy, pins, record_looks
from archive.audit.catalogue.database import CatalogueDatabase
from archive.audit.catalogue.schema import repair as repairs
from archive.audit.check import SEAL_MARK, check_copy
from archive.audit.content import Pace
from archive.audit.discover import is_package
from archive.audit.errors import CopyUnknown, RepairRefused
from archive.audit.instants import text_of
from archive.audit.look import CopyOutcome, Look, Pin, Rules
from archive.audit.place import is_local, path_of, shown
from archive.audit.policy import read_policy
from archive.audit.repair.build import build
from archive.audit.repair.in_store import repair_in_store, replace_package
from archive.audit.repair.sources import SourceCopy, open_source
from archive.bag.open import open_bag
from archive.bag.raw import open_raw
from archive.bag.store.place import StorePlace, is_store_url
from archive.errors import UsageProblem
from archive.handover import par2
from archive.posix import sync_folder
from archive.seal.facts import NotSealable, read_facts
from archive.trust import custody_log
from archive.trust.locking import locked
from archive.trust.seal_folder import seal_folder

Clock = Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class RepairPlan:
    """What a repair would do."""

    copy_id: str
    place: Path
    sources: tuple[Path, ...]
    """Copies in the order they are tried; the damaged one itself comes last."""
    new: Path
    old: Path | None
    """Where the damaged copy goes; None where nothing is left of it."""
    with_par2: bool = False


@dataclass(frozen=True, slots=True)
class Repaired:
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


def plan_repair(catalogue: CatalogueDatabase, words: str, sources: Sequence[str], now: datetime) -> RepairPlan:
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
        raise UsageProblem(f"{place}: is retired")
    if place in places:
        raise UsageProblem(f"{place}: a copy is not repaired from itself; name another one with --from")
    with_par2 = not places and in_store is None and par2.index_of(place).is_file()
    if not places and not with_par2:
        raise UsageProblem(f"{place}: name a sound copy with --from")
    is_there = in_store is not None or os.path.lexists(place)
    old = place.with_name(f"{place.name}.damaged-{now.astimezone(UTC):%Y%m%dT%H%M%SZ}") if is_there else None
    if in_store is not None:
        return RepairPlan(row["copy_id"], place, tuple(places), place, old)
    new = place.parent / f".{place.name}.repairing" / place.name  # a bag's name is part of what is verified
    return RepairPlan(row["copy_id"], place, tuple(places), new, old, with_par2)


def repair(
    catalogue: CatalogueDatabase, plan: RepairPlan, by: str | None = None, now: Clock = lambda: datetime.now(UTC)
) -> Repaired:
    """Carry a plan out. Until the swap, nothing of the damaged copy is touched; afterwards it is still there.

    Raises `RepairRefused` where nothing is damaged, or no sound bag can be made; `NotEnoughSpace`.
    """
    with catalogue.coordinator():
        with catalogue.reading() as connection:
            row = find_copy(connection, plan.copy_id)
            (pin,) = pins(connection, [plan.copy_id], {})
        _check_damaged(plan, pin)
        look, done = (_in_store if isinstance(plan.place, StorePlace) else _beside)(plan, row, pin)
        at = now()
        with catalogue.writing() as connection:
            _enter(connection, row, replace(look, at=text_of(at)), done, by)
    return _with_custody(done, by, at)


def _check_damaged(plan: RepairPlan, pin: Pin) -> None:
    """Raise `RepairRefused` for a copy that is what it was: to set it aside as damaged would be a false record."""
    look = check_copy(pin, Rules(), Pace(None))
    if look.outcome is CopyOutcome.SOUND and not look.new_findings:
        what = "is what it was when it was added; there is nothing to repair"
        raise RepairRefused(f"{plan.place}: {what}; `archive audit run` enters that in the catalogue")


def _beside(plan: RepairPlan, row: RowMapping, pin: Pin) -> tuple[Look, Repaired]:
    """Build a new copy beside the damaged one, and swap them."""
    try:
        _remove(plan.new.parent)
        plan.new.parent.mkdir()
        files, octets, taken = _make(plan, row, pin)
        look = _verified(plan, pin, plan.new.as_uri())
        _swap(plan)
    finally:
        _remove(plan.new.parent)
    return look, Repaired(plan.copy_id, plan.place, plan.old, files, octets, taken, None, None)


def _in_store(plan: RepairPlan, row: RowMapping, pin: Pin) -> tuple[Look, Repaired]:
    """Replace what is wrong in a store; what was there is under the key of `plan.old`."""
    place, old = cast(StorePlace, plan.place), cast(StorePlace, plan.old)
    if is_package(place.name):
        with tempfile.TemporaryDirectory(prefix="archive-repair-") as folder:
            plan = replace(plan, new=Path(folder) / place.name)
            files, octets, taken = _copy_package(plan)
            _verified(plan, pin, plan.new.as_uri())
            aside = replace_package(place, old, plan.new)
    else:
        made = repair_in_store(place, old, pin, plan.sources)
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
        opened = [open_source(place, stack) for place in plan.sources]
        unusable = [str(place) for place, one in zip(plan.sources, opened, strict=True) if one is None]
        if unusable:
            raise RepairRefused(f"{unusable[0]}: cannot be opened as a bag")
        found: list[SourceCopy] = [one for one in (*opened, open_source(plan.place, stack)) if one is not None]
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
    if plan.old is not None:
        plan.place.rename(plan.old)
    plan.new.rename(plan.place)
    sync_folder(plan.place.parent)


def _enter(connection: Connection, row: RowMapping, look: Look, done: Repaired, by: str | None) -> None:
    facts = {"from": done.taken, "old": str(done.old) if done.old else None, "files": done.files}
    event = FixityEvent(
        look.at, "repaired", copy_id=done.copy_id, outcome=str(look.outcome), method=look.method, octets=done.octets,
        fingerprint=look.fingerprint, content_digest=look.content, findings=look.findings, operator=by, facts=facts,
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
    from archive.errors import ArchiveError

    if isinstance(done.place, StorePlace):
        why = "no custody log is written into a store; the repair is in the catalogue"
        return replace(done, custody_problem=f"{done.place}: {why}")
    try:
        return replace(done, custody=_enter_custody(done.place, done.taken, done.old, by, at))
    except (ArchiveError, OSError) as error:
        return replace(done, custody_problem=str(error))


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


def _enter_custody(bag: Path, taken: Mapping[str, int], old: Path | None, by: str | None, now: datetime) -> Path:
    """Add the event; the log's path. Paths of this machine stay out of it: only names and numbers go in."""
    folder = seal_folder(bag)
    head = _events_head(bag, folder)
    sources = enumerate(taken.items(), start=1)
    facts = {f"from-{number}": f"{Path(place).name}: {files} files" for number, (place, files) in sources}
    facts |= {"old": old.name} if old else {}
    detail = "rebuilt from other copies, verified, swapped in"
    event = custody_log.event("recovery", now, detail, "pass", by=by, facts=facts)
    with locked(folder):
        log = custody_log.read_log(folder, head).with_event(event, head)
        custody_log.write_log(folder, log)
    return folder / custody_log.NAME


def _events_head(bag: Path, folder: Path) -> str | None:
    try:
        with open_bag(bag) as opened:
            return read_facts(opened).log_root
    except NotSealable:
        return custody_log.first_prev(folder)
