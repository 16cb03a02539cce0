"""Repairs a copy in an object store: only what is wrong is written again, and what was there is copied aside first.

A store has no rename of a whole bag. Each object is replaced by itself, on the condition that it still is the one that
was read, so a repair that is interrupted leaves right objects right and is continued by the same command.
"""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import cast

from msgspec import Struct

from archive.audit.check import SEAL_MARK
from archive.audit.errors import RepairRefused
from archive.audit.look import STALL, Pin
from archive.audit.repair.build import lost_files, payload_digests, put_file
from archive.audit.repair.sources import SourceCopy, open_source
from archive.bag.store.client import delete, list_objects, move_aside, replace_object, version_of
from archive.bag.store.place import StorePlace


class Replaced(Struct, frozen=True):
    """What was written again."""

    files: int
    octets: int
    taken: dict[str, int]
    """Copy -> how many files came from it."""
    old: StorePlace | None
    """Below it is what was there before; None where nothing was."""


def repair_in_store(
    place: StorePlace,
    old: StorePlace,
    pin: Pin,
    sources: Sequence[Path],
    begin: Callable[[Replaced], None] = lambda _: None,
    stall: float | None = STALL,
) -> Replaced:
    """Write what the copy must have. Raises `RepairRefused` before anything is written where no source has it.

    `begin` is told what will be done, before the first object is written.
    """
    with contextlib.ExitStack() as stack:
        found = [_opened(source, stack, stall) for source in sources]
        own = open_source(cast(Path, place), stack, stall)
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="archive-repair-")))
        every = [*found, *([own] if own else [])]
        wanted = _wanted(folder, pin, every)
        wrong = [path for path in wanted if own is None or not own.copy(path, wanted[path], None)]
        for one in every:
            one.taken = 0
        octets = _check_sources(folder, {path: wanted[path] for path in wrong}, found)
        there = dict(list_objects(place))
        foreign = sorted(path for path in there.keys() - wanted.keys() if not path.endswith("/"))
        is_stored = bool(foreign) or any(path in there for path in wrong)
        taken = {str(one.place): one.taken for one in found if one.taken}
        done = Replaced(len(wrong), octets, taken, old if is_stored else None)
        begin(done)
        for path in wrong:
            _write(place, old, path, wanted[path], folder, found)
        for path in foreign:
            move_aside(place.below(path), old.below(path))
            delete(place.below(path))
    return done


def replace_package(place: StorePlace, old: StorePlace, good: Path) -> StorePlace | None:
    """Put a verified package in the place of a damaged one; where the old one is then, None where there was none."""
    version = version_of(place)
    if version is not None:
        move_aside(place, old)
    with good.open("rb") as file:
        replace_object(place, file, good.stat().st_size, version)
    return old if version is not None else None


def _opened(place: Path, stack: contextlib.ExitStack, stall: float | None) -> SourceCopy:
    source = open_source(place, stack, stall)
    if source is None:
        raise RepairRefused(f"{place}: cannot be opened as a bag")
    return source


def _wanted(folder: Path, pin: Pin, sources: Sequence[SourceCopy]) -> dict[str, dict[str, str]]:
    """Every file that the copy must have, with its digests: tag files by the catalogue, payload by their manifests."""
    tags = {path: {"sha256": digest} for path, digest in pin.tags.items() if not path.startswith(SEAL_MARK)}
    missing = [path for path in sorted(tags) if not put_file(folder, path, tags[path], sources)]
    if missing:
        raise RepairRefused(lost_files(missing, sources))
    return tags | payload_digests(folder)


def _check_sources(folder: Path, wrong: Mapping[str, dict[str, str]], sources: Sequence[SourceCopy]) -> int:
    """All must be there before the first object is replaced; their octets. Raises `RepairRefused`."""
    missing = []
    octets = 0
    for path, digests in wrong.items():
        if put_file(folder, path, digests, sources):
            octets += (folder / path).stat().st_size
            (folder / path).unlink()
        else:
            missing.append(path)
    if missing:
        raise RepairRefused(lost_files(missing, sources))
    return octets


def _write(
    place: StorePlace,
    old: StorePlace,
    path: str,
    digests: Mapping[str, str],
    folder: Path,
    sources: Sequence[SourceCopy],
) -> None:
    """Replace one object by right bytes. What is there now is copied aside first."""
    if not put_file(folder, path, digests, sources):
        raise RepairRefused(lost_files([path], sources))
    good, target = folder / path, place.below(path)
    version = version_of(target)
    if version is not None:
        move_aside(target, old.below(path))
    size = good.stat().st_size
    with good.open("rb") as file:
        replace_object(target, file, size, version)
    good.unlink()
